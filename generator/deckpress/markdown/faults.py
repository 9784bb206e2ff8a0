"""What Markdown drops, swallows or leaves as it stands, though its author meant something else."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from deckpress.markdown.token import TokenLike
from deckpress.text.problem import Location, Problem, location_in

_LEFT_OVER = (
    (
        re.compile(r"\]\("),
        "this link or image cannot be read",
        "an address with spaces goes into <...>; write \\] for a bracket",
    ),
    (
        re.compile(r"\$\$"),
        "this '$$' belongs to no formula",
        "open and close it on lines of its own; write \\$ for a dollar",
    ),
)
_FOOTNOTE = re.compile(r"\[\^([^\s\[\]]+)\]")
_BAR = re.compile(r"(?<!\\)\|")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_QUESTION = re.compile(r"^[ \t>]*#(?:[ \t]|$)", re.MULTILINE)
_RAW_MARKDOWN = re.compile(
    r"\*\*|`|\$|\]\(|\{\{c|^\s*(?:[-*+]|\d+[.)]|#{2,6})[ \t]|(?<!\w)[*_](?=\w)|^\s*>", re.MULTILINE
)
_TAG = re.compile(r"<[^<>]*>")
_APART = "put an empty line before it, or Markdown is not read there"


def find_text_faults(text: str) -> Iterator[Problem]:
    """Find what was meant as markup in a run of words.

    Args:
        text: words without anything escaped.

    Yields:
        Every fault with its offset.
    """
    if "](" not in text and "$$" not in text and "[^" not in text:
        return
    for pattern, message, hint in _LEFT_OVER:
        for match in pattern.finditer(text):
            yield Problem(location_in(text, match.start()), message, hint)
    for match in _FOOTNOTE.finditer(text):
        hint = f"write [^{match[1]}]: and its text, in the same note"
        where = location_in(text, match.start())
        yield Problem(where, f"no footnote is called {match[1]}", hint)


def find_block_faults(tokens: Iterable[TokenLike], lines: Sequence[str]) -> Iterator[Problem]:
    """Find blocks that take in more than they were meant to.

    Args:
        tokens: the block tokens of a file.
        lines: its lines.

    Yields:
        Every fault at its line.
    """
    footnotes: set[str] = set()
    for token in tokens:
        if not token.map:
            continue
        start, end = token.map
        last = lines[min(end, len(lines)) - 1].lstrip(" \t>").rstrip() if end else ""
        if token.type == "fence":
            closing = end > start + 1 and len(last) >= len(token.markup)
            if not closing or last.strip(token.markup[:1]):
                hint = f"close it with a line of {token.markup}"
                yield _at(lines, start, token.markup, "this fence never ends", hint)
        elif token.type == "math_block":
            if not last.endswith("$$") or (end == start + 1 and last.count("$$") < 2):
                hint = "close it with $$ at the end of a line; no line of it may be empty"
                yield _at(lines, start, "$$", "this formula never ends", hint)
        elif token.type == "html_block":
            yield from _html_faults(token.content, start, lines)
        elif token.type == "heading_open" and token.tag == "h1" and token.level == 0:
            footnotes = set()
        elif token.type == "footnote_reference_open":
            label = str(token.meta["label"])
            if label in footnotes:
                where = Location("", start + 1)
                yield Problem(where, f"a second footnote is called {label}")
            footnotes.add(label)


def _html_faults(content: str, first: int, lines: Sequence[str]) -> Iterator[Problem]:
    text = _COMMENT.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), content)
    if "<!--" in text:
        # It is reported as HTML; what it swallowed is no matter then.
        text = text[: text.index("<!--")]
    question = _QUESTION.search(text)
    if question:
        at = first + text.count("\n", 0, question.end() - 1)
        yield Problem(Location("", at + 1), "a question inside HTML", _APART)
        return
    words = _TAG.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text)
    raw = _RAW_MARKDOWN.search(words)
    if raw:
        at = first + text.count("\n", 0, raw.end() - 1)
        piece = raw[0].strip()
        message = f"'{piece}' right behind HTML is shown as it stands"
        hint = "leave an empty line between the tag and Markdown"
        yield _at(lines, at, piece, message, hint)


def _at(lines: Sequence[str], index: int, piece: str, message: str, hint: str) -> Problem:
    """Place a mistake at a piece of a line."""
    column = lines[index].find(piece) + 1
    return Problem(Location("", index + 1, max(column, 1)), message, hint)


def find_unused_footnotes(numbers: Mapping[str, int], lines: Sequence[str]) -> Iterator[Problem]:
    """Find footnotes that nothing refers to, for they are dropped.

    Args:
        numbers: the number of each footnote by its label behind a colon; below 0 without one.
        lines: the lines they stand in.

    Yields:
        Every fault at its line.
    """
    for label in [key.removeprefix(":") for key, number in numbers.items() if number < 0]:
        opening = re.compile(rf"[\s>]*\[\^{re.escape(label)}\]:")
        line = next((index for index, line in enumerate(lines, 1) if opening.match(line)), 1)
        hint = f"refer to it: [^{label}]"
        yield Problem(Location("", line), f"nothing refers to the footnote {label}", hint)


def count_cells(row: str) -> int:
    """Count the cells of a table's row: a bar at either end closes a cell, it opens none."""
    cells = _BAR.split(row.lstrip(" \t>").rstrip())
    cells = cells[1:] if not cells[0] and len(cells) > 1 else cells
    return len(cells[:-1] if not cells[-1] and len(cells) > 1 else cells)
