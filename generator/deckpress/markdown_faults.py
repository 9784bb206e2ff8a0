"""What Markdown drops, swallows or leaves as it stands, though its author meant something else."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from deckpress.token_like import TokenLike

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


@dataclass(frozen=True, slots=True)
class MarkdownFault:
    """What is wrong: in words at an `offset`, in blocks on a `line` (from 1) at a `piece` of it."""

    message: str
    hint: str
    line: int = 1
    piece: str = ""
    offset: int = 0


def find_text_faults(text: str) -> Iterator[MarkdownFault]:
    """Find what was meant as markup in a run of words.

    Args:
        text: words without anything escaped.

    Yields:
        Every fault with its offset.
    """
    for pattern, message, hint in _LEFT_OVER:
        for match in pattern.finditer(text):
            yield MarkdownFault(message, hint, offset=match.start())
    for match in _FOOTNOTE.finditer(text):
        hint = f"write [^{match[1]}]: and its text, in the same note"
        yield MarkdownFault(f"no footnote is called {match[1]}", hint, offset=match.start())


def find_block_faults(tokens: Iterable[TokenLike], lines: Sequence[str]) -> Iterator[MarkdownFault]:
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
                yield MarkdownFault("this fence never ends", hint, start + 1, token.markup)
        elif token.type == "math_block":
            if not last.endswith("$$") or (end == start + 1 and last.count("$$") < 2):
                hint = "close it with $$ at the end of a line; no line of it may be empty"
                yield MarkdownFault("this formula never ends", hint, start + 1, "$$")
        elif token.type == "html_block":
            yield from _html_faults(token.content, start + 1)
        elif token.type == "heading_open" and token.tag == "h1" and token.level == 0:
            footnotes = set()
        elif token.type == "footnote_reference_open":
            label = str(token.meta["label"])
            if label in footnotes:
                yield MarkdownFault(f"a second footnote is called {label}", "", start + 1)
            footnotes.add(label)


def _html_faults(content: str, line: int) -> Iterator[MarkdownFault]:
    text = _COMMENT.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), content)
    if "<!--" in text:
        # It is reported as HTML; what it swallowed is no matter then.
        text = text[: text.index("<!--")]
    question = _QUESTION.search(text)
    if question:
        at = line + text.count("\n", 0, question.end() - 1)
        yield MarkdownFault("a question inside HTML", _APART, at)
        return
    words = _TAG.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text)
    raw = _RAW_MARKDOWN.search(words)
    if raw:
        at = line + text.count("\n", 0, raw.end() - 1)
        piece = raw[0].strip()
        message = f"'{piece}' right behind HTML is shown as it stands"
        hint = "leave an empty line between the tag and Markdown"
        yield MarkdownFault(message, hint, at, piece)


def find_unused_footnotes(
    numbers: Mapping[str, int], lines: Sequence[str]
) -> Iterator[MarkdownFault]:
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
        yield MarkdownFault(f"nothing refers to the footnote {label}", hint, line)


def count_cells(row: str) -> int:
    """Count the cells of a table's row: a bar at either end closes a cell, it opens none."""
    cells = _BAR.split(row.lstrip(" \t>").rstrip())
    cells = cells[1:] if not cells[0] and len(cells) > 1 else cells
    return len(cells[:-1] if not cells[-1] and len(cells) > 1 else cells)
