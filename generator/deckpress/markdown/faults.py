"""What Markdown drops, swallows or leaves as text, although its author meant something else."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import or_

from deckpress.markdown.simple_words import MARKED_WORDS
from deckpress.markdown.token import TokenLike
from deckpress.text.problem import Edit, Fix, Location, Problem, location_in, replacing

_LEFT_OVER = (
    (
        re.compile(r"\]\("),
        "this link or image cannot be read",
        "an address with spaces goes into <...>; write \\] for a bracket",
        "unreadable-link",
    ),
    (
        re.compile(r"\$\$"),
        "this '$$' does not belong to a formula",
        "open and close it on lines of its own; write \\$ for a dollar",
        "stray-dollars",
    ),
    (
        # Powers, between letters or spaces, and `**kwargs` with nothing bold behind it are code.
        re.compile(
            r"(?<![*\w])\*\*+(?=[^\s*])(?![a-z_]+(?:[.,;)]|$)(?![^*]*\*\*))"
            r"|(?<=[^\s*])\*\*+(?![*\w])|(?<=[^\W\x00-\x7f])\*\*+"
        ),
        "'**' opens or closes nothing",
        "remove the space between ** and the bold words, or write \\*\\* for two asterisks",
        "unclosed-bold",
    ),
    (
        re.compile(
            r"(?<![\w:\\/])\\(?!end\b)(?:(?:begin|frac|sqrt|sum|prod|int|lim|left|right|text|mathbb"
            r"|mathrm|mathbf|mathcal|operatorname|partial|nabla|infty|cdot|times|approx|leq|geq|neq"
            r"|to|rightarrow|Rightarrow|alpha|beta|gamma|delta|epsilon|theta|lambda|mu|pi|rho|sigma"
            r"|phi|omega|Delta|Sigma|Omega|in|le|ge|ne|hat|bar|vec|ce)(?![A-Za-z])"
            r"|[A-Za-z]{2,}(?=[{_^]))"
        ),
        "LaTeX outside a formula",
        "put the formula into $...$, or $$ on lines of its own; code goes into backticks",
        "latex-in-text",
    ),
    (
        re.compile(r"(?<![=\w!<>])==(?=[^\s=])"),
        "'==' opens nothing",
        "write marked words between == and ==; code goes into backticks",
        "unclosed-mark",
    ),
    (
        re.compile(r"(?<!\d)%%(?!%)"),
        "'%%' opens or closes no comment",
        "write a comment between %% and %%",
        "unclosed-comment",
    ),
    (
        re.compile(r"(?<!\S)\^(?=[\d-]*[A-Za-z])[\w-]{2,}(?=\s|$)"),
        "a block id in the middle of a block is shown as plain text",
        "delete it: a card cannot be linked to",
        "stray-block-id",
    ),
    (
        re.compile(r"(?<![\w~])~[^\s~](?:[^~\n]*[^\s~])?~(?![\w~])"),
        "single '~' are shown as plain text",
        "write ~~...~~ to strike words out, <sub>...</sub> for a subscript",
        "single-tilde",
    ),
    (
        re.compile(r"\{:[^{}\n]*\}|(?<=\])\{[.#][^{}\n]*\}|\{[.#][\w-]+(?:[ \t][^{}\n]*)?\}"),
        "attributes in braces are shown as plain text",
        "delete them; only the width after an image is read",
        "raw-attributes",
    ),
    (
        re.compile(r"(?<!\S):::+(?!:)"),
        "':::' is shown as plain text",
        "a box is written > [!NOTE], with > before each of its lines",
        "raw-box",
    ),
    (
        re.compile(r"(?m)^(?:!!!|\?\?\?\+?)[ \t]+[A-Za-z]"),
        "this box is shown as plain text",
        "it is written > [!NOTE], with > before each of its lines",
        "raw-box",
    ),
    (
        re.compile(r"(?i)\[{1,2}_?toc_?\]{1,2}"),
        "a table of contents is shown as plain text",
        "delete it",
        "raw-contents",
    ),
    (
        re.compile(r"\{%-?\s*\w+[^{}\n]*%\}|\{\{[<%][^{}\n]*[>%]\}\}"),
        "a tag of a site generator is shown as plain text",
        "delete it, or put code into backticks",
        "raw-template-tag",
    ),
    (
        re.compile(r"\^\[(?=[^\]\n]+\])"),
        "a footnote within the text is shown as plain text",
        "write [^1] here, and [^1]: with its text below",
        "inline-footnote",
    ),
    (
        re.compile(r"(?m)^\*\[[^\]\n]+\]:"),
        "the definition of an abbreviation is shown as plain text",
        "write it out where it is used",
        "abbreviation",
    ),
    (
        re.compile(r"(?<![\w`])`+(?=[^\s`])|(?<=[^\s`])`+(?![\w`])"),
        "a backtick opens or closes nothing",
        "write code between backticks; write \\` for a literal one",
        "unclosed-code",
    ),
    (
        re.compile(r"\[(?:sound:[^\]\n]+|/?latex|/?\$\$?)\]", re.IGNORECASE),
        "a command of Anki is shown as plain text",
        "write formulas in $...$; put commands that you only mention into backticks",
        "raw-anki",
    ),
    (
        re.compile(
            r"(?<=[^\W\x00-\x7f])__[^_\s][^_\n]*__|(?<!\w)__[^_\s][^_\n]*__(?=[^\W\x00-\x7f])"
        ),
        "'__' opens or closes nothing",
        "beside letters bold words stand between ** and **",
        "unclosed-bold",
    ),
    (
        re.compile(r"(?<![\w\])\[])\[(?!\^)[^\[\]\n]+\]\[(?!\^)[^\[\]\n]*\](?![\w(\[])"),
        "a link without an address is shown as plain text",
        "write [words](https://...), or below the text: [name]: https://...",
        "missing-address",
    ),
    *(
        (re.compile(pattern), f"{what} is shown as plain text", hint, "raw-dialect")
        for pattern, what, hint in (
            (
                r"\{\+[^{}\n]+\+\}|\{-[^{}\n]+-\}",
                "a change in GitLab's notation",
                "write <ins>...</ins> or ~~...~~",
            ),
            (
                r"\(\([0-9a-f]{4,}[0-9a-f-]*\)\)",
                "a reference to a block",
                "copy what it refers to into the card",
            ),
            (
                r"\{\{(?!\s*[cC]?\d|[<%])[^{}\n]+\}\}",
                "a command in double braces",
                "delete it; a hole is written {{c1::...}}, and code goes into backticks",
            ),
            (
                r"(?m)^[ \t]*[A-Za-z][\w-]*::[ \t]\S|[\[(][A-Za-z][\w -]*::[ \t][^\])\n]+[\])]",
                "a property",
                "delete it, or write it as words",
            ),
            (
                r"(?m)^#\+\w+",
                "a command of Org",
                "write code between lines of ```, and a quotation after >",
            ),
            (
                r"(?m)^\.\. [\w-]+::",
                "a directive of reStructuredText",
                "a box is written > [!NOTE], code between lines of ```",
            ),
            (
                r"(?<![\w:]):[a-z][\w+-]*:(?![\w:])",
                "a name between colons",
                "write the emoji itself, a formula as $...$, code in backticks",
            ),
            (
                r"(?<=[\w)])[~^][^~^\s]+(?:\\ [^~^\s]+)+[~^]",
                "a space within a superscript or subscript",
                "write <sup>...</sup> or <sub>...</sub>",
            ),
            (
                r"(?<=[\u3005-\u3007\u3400-\u9fff])\[[\u3041-\u30ff]+\]",
                "a reading in brackets",
                "write <ruby>words<rt>reading</rt></ruby>",
            ),
            (
                r"(?m)^\(@[\w-]*\)[ \t]",
                "the number of an example",
                "write it out: (1)",
            ),
            (
                r"\[\[[^\[\]\n]+\]\[[^\[\]\n]+\]\]",
                "a link of Org",
                "write [words](https://...)",
            ),
            (
                r"(?m)^\[[>?!/<*-]\][ \t]",
                "the state of a task",
                "a task is written [ ] or [x]",
            ),
            (
                r"(?<![\w&/(])#[^\W\d][\w-]*(?:/[\w-]+)+"
                r"|(?m:^)(?!#(?:include|define|undef|if|ifdef|ifndef|else|elif|endif|pragma)\b)"
                r"(?:#[^\W\d][\w/-]*(?:[ \t]+|$))+$",
                "a tag",
                "write tags in the front matter, or after the question: {tags=...}",
            ),
        )
    ),
)
_SUSPECT = re.compile(rf"[\[\]$*\\=%^~{{`]|__|{MARKED_WORDS}")
"""What none of these faults, nor of those of dollars and footnotes, can do without."""
_NEAR = 80
"""How many characters beside a dollar say what it is."""

_DOLLAR = re.compile(r"\$+")
_LIST_MARK = re.compile(r"[ \t]*(?P<mark>[-*+]|\d{1,9}[.)])[ \t]+\S|[ \t]*(?P<sign>[•◦▪‣·])")
_LETTERED = re.compile(r"[ \t]*(?:\(\d{1,2}\)|\(?(?:[A-Ha-h]|[ivx]{1,4})\))[ \t]+\S")
_BROKEN = re.compile(r"(?:\\|  |<br */?>)$")
_VERSE = re.compile(r"[ \t]*\|[ \t]+(?=\S).*[^|\s]\s*$")
_GRID = re.compile(r"\+(?:[-=:]+\+)+")
_DASHES = re.compile(r"[ \t]*-{2,}(?:[ \t]{2,}-{2,})+[ \t]*")
_NO_SPACE = re.compile(r"[ \t]*(?:[-+](?=[^\W\d_])|\d{1,2}[.)](?=[^\W\d_]))")
_MISREAD = re.compile(r"[ \t]*(?:[-+*•◦▪‣·]|\d+[.)]|\(?(?:[A-Ha-h]|[ivx]{1,4}|\d{1,2})\)[ \t])")
"""What a line begins with that was meant as an item."""
_FOOTNOTE = re.compile(r"\[\^([^\s\[\]]+)\]")
_FOOTNOTE_TEXT = re.compile(r"[\s>]*\[\^([^\s\]]+)\]:")
_BAR = re.compile(r"(?<!\\)\|")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_QUESTION = re.compile(r"^[ \t>]*#(?:[ \t]|$)", re.MULTILINE)
_RAW_MARKDOWN = re.compile(
    r"\*\*|`|\$|\]\(|\{\{c|^\s*(?:[-*+]|\d+[.)]|#{2,6})[ \t]|(?<!\w)[*_](?=\w)|^\s*>", re.MULTILINE
)
_TAG = re.compile(r"<[^<>]*>")
_EMPTY_LINE = Fix("put an empty line before it", (Edit("", "\n", below=-1),))
_TABLE = "a table is written | a | b |, |---|---|"
_APART = "put an empty line before it; otherwise Markdown is not read there"


def find_text_faults(text: str, *, with_formulas: bool = False) -> Iterator[Problem]:
    """Find what was meant as markup in a run of words.

    Args:
        text: words without anything escaped.
        with_formulas: whether formulas stand in the same paragraph.

    Yields:
        Every fault with its offset.
    """
    if not _SUSPECT.search(text):
        return
    for pattern, message, hint, rule in _LEFT_OVER:
        lines: set[int] = set()
        for match in pattern.finditer(text):
            # The commands of one formula are one mistake.
            line = location_in(text, match.start()).line
            if rule == "latex-in-text" and line in lines:
                continue
            lines.add(line)
            where, fixes = location_in(text, match.start()), _fixes(rule, match[0])
            yield Problem(where, message, hint, rule=rule, fixes=fixes)
    yield from _dollar_faults(text, with_formulas=with_formulas)
    for match in _FOOTNOTE.finditer(text):
        hint = f"write [^{match[1]}]: and its text, in the same note"
        where = location_in(text, match.start())
        yield Problem(where, f"there is no footnote {match[1]}", hint, rule="missing-footnote")


_ESCAPED = frozenset({"stray-dollars", "unclosed-bold", "unclosed-code"})
_DELETED = frozenset({"stray-block-id", "raw-attributes", "raw-contents", "raw-template-tag"})


def _fixes(rule: str, found: str) -> tuple[Fix, ...]:
    """Return what is written in place of what stands there raw."""
    if rule == "unclosed-bold" and found.startswith("__"):
        return (replacing(found, f"**{found[2:-2]}**"),)
    if rule in _ESCAPED:
        return (replacing(found, "".join(f"\\{sign}" for sign in found)),)
    if rule == "single-tilde":
        return (replacing(found, f"~{found}~"), replacing(found, f"<sub>{found[1:-1]}</sub>"))
    if rule == "raw-anki":
        return (replacing(found, f"`{found}`"),)
    return (replacing(found, ""),) if rule in _DELETED else ()


def join_words(tokens: Iterable[TokenLike]) -> list[TokenLike]:
    """Join runs of words that a backslash cut up where it escapes nothing, as in `\\frac`."""
    joined: list[TokenLike] = []
    for token in tokens:
        literal = token.type == "text_special" and token.content == token.markup
        if literal and token.content.startswith("\\") and len(token.content) > 1:
            token.type = "text"
        if token.type == "text" and joined and joined[-1].type == "text":
            joined[-1].content += token.content
        else:
            joined.append(token)
    return joined


def _dollar_faults(text: str, *, with_formulas: bool) -> Iterator[Problem]:
    """Find dollars that are no money and belong to no formula."""
    latex = with_formulas or bool(re.search(r"\\[A-Za-z]|[_^]\{", text))
    for match in _DOLLAR.finditer(text):
        before = text[max(0, match.start() - _NEAR) : match.start()]
        after = text[match.end() : match.end() + _NEAR]
        if match[0] != "$" or re.match(r"\.?\d", after):
            continue
        price = re.search(r"(?<![\w^_{}.])\d[\d.,]*[ \t]?$", before)
        name = not latex and re.match(r"[A-Z_]{2,}\b|\w+\b(?![^$]*\$)|[({]", after)
        alone = (not before or before[-1].isspace()) and (not after or after[0].isspace())
        quoted = before[-1:] in "'\"“‘(" and after[:1] in "'\"”’),.;" and before and after
        if price or name or alone or quoted or re.search(r"(?:US|CA|AU|NZ|HK|A|C|R)$", before):
            continue
        hint = "write a formula between two $ without spaces inside; write \\$ for a dollar"
        where = location_in(text, match.start())
        message, fixes = "this '$' does not belong to a formula", (replacing("$", "\\$"),)
        yield Problem(where, message, hint, rule="stray-dollar", fixes=fixes)


def may_be_misread(text: str) -> bool:
    """Say whether a paragraph has what lines meant as a table or a list cannot do without."""
    return "|" in text or any(map(_MISREAD.match, text.split("\n")))


def _paragraph_faults(content: str, first: int, lines: Sequence[str]) -> Iterator[Problem]:
    """Find lines of a paragraph that were meant as a table or as a list."""
    if not may_be_misread(content):
        return
    parts = content.split("\n")
    bars = [part.strip().startswith("|") and part.strip().endswith("|") for part in parts]
    many = sum(bool(_NO_SPACE.match(part)) for part in parts) > 1
    lettered = sum(bool(_LETTERED.match(part)) for part in parts) > 1
    begun = [part.strip() == "|" for part in parts]
    verse = [bool(_VERSE.match(part)) for part in parts]
    joined = len(parts) > 1 and any(verse) and all(map(or_, verse, begun))
    if joined or _GRID.fullmatch(parts[0].strip()):
        piece = parts[0].strip()[:1]
        what = "lines after '|' are joined here" if joined else "a row outside a table"
        hint = "end each line with a backslash" if joined else _TABLE
        yield _at(lines, first, piece, what, hint, rule="no-table")
        return
    fixes: tuple[Fix, ...]
    for at, part in enumerate(parts):
        mark = _LIST_MARK.match(part)
        ruling = "|" in part and "--" in part and not part.strip("|:- \t")
        row = at and bars[at] and bars[at - 1] and not (begun[at] and begun[at - 1])
        if ruling or row:
            hint = "below the header row, write |---|---| with as many cells"
            yield _at(
                lines,
                first + at,
                "|",
                "a row outside a table",
                hint,
                rule="no-table",
            )
            return
        if begun[at] and (at + 1 == len(parts) or begun[at + 1] or not bars[at + 1]):
            alone = (Edit("|", "\\|", below=b) for b, bar in enumerate(begun[at:]) if bar)
            message, fixes = "a row that is only begun", (Fix("write \\|", tuple(alone)),)
            hint = f"{_TABLE}; a bar as such is written \\|"
            yield _at(lines, first + at, "|", message, hint, rule="no-table", fixes=fixes)
            return
        if mark and (at or mark["sign"]):
            piece = mark["mark"] or mark["sign"]
            hint = "put an empty line before the list, and start all items at the same margin"
            hint = "items begin with - and a space" if mark["sign"] else hint
            fixes = (Fix("write -", tuple(_dashed(parts[at:]))),) if mark["sign"] else ()
            if not mark["sign"] and lines[first + at].startswith(piece):
                fixes = (_EMPTY_LINE,)
        elif lettered and at and _LETTERED.match(part) and not _BROKEN.search(parts[at - 1]):
            piece, fixes = part.strip()[:3].strip(), ()
            hint = "it is joined to the line before: end that with a backslash, or begin with 1."
        elif many and _NO_SPACE.match(part):
            piece, hint = part.strip()[:1], "put a space after the marker of an item"
            fixes = (Fix("put spaces after the markers", tuple(_spaced(parts, at))),)
        else:
            continue
        message = f"'{piece}' does not begin a list item here"
        yield _at(lines, first + at, piece, message, hint, rule="no-list", fixes=fixes)
        return


def _dashed(parts: Sequence[str]) -> Iterator[Edit]:
    """Write a dash for each sign that was meant to begin an item."""
    for below, part in enumerate(parts):
        mark = _LIST_MARK.match(part)
        if mark and mark["sign"]:
            yield Edit(mark["sign"], "-", below=below)


def _spaced(parts: Sequence[str], at: int) -> Iterator[Edit]:
    """Put a space behind each mark of an item that lacks it, from a line on."""
    for below, part in enumerate(parts[at:]):
        found = _NO_SPACE.match(part)
        if found:
            item = part.strip()
            mark = found[0].strip()
            yield Edit(item, f"{mark} {item.removeprefix(mark)}", below=below)


def find_block_faults(tokens: Iterable[TokenLike], lines: Sequence[str]) -> Iterator[Problem]:
    """Find blocks that take in more than they were meant to.

    Args:
        tokens: the block tokens of a file.
        lines: its lines.

    Yields:
        Every fault at its line.
    """
    footnotes: set[str] = set()
    last_type = ""
    for token in tokens:
        before, last_type = last_type, token.type
        if not token.map:
            continue
        start, end = token.map
        if token.type == "fence":
            last = _last_line(lines, end)
            closing = end > start + 1 and len(last) >= len(token.markup)
            if not closing or last.strip(token.markup[:1]):
                hint = f"close it with a line of {token.markup}"
                yield _at(
                    lines,
                    start,
                    token.markup,
                    "this fence is never closed",
                    hint,
                    rule="unclosed-fence",
                    fixes=_closing(token, lines),
                )
        elif token.type == "math_block":
            dollars, last = token.markup == "$$", _last_line(lines, end)
            if dollars and (not last.endswith("$$") or (end == start + 1 and last.count("$$") < 2)):
                hint = "close it with $$ at the end of a line; no line of it may be empty"
                yield _at(
                    lines,
                    start,
                    "$$",
                    "this formula is never closed",
                    hint,
                    rule="unclosed-formula",
                )
        elif token.type == "inline" and before == "paragraph_open":
            yield from _paragraph_faults(token.content, start, lines)
        elif token.type == "hr" and _DASHES.fullmatch(lines[start]):
            hint = "a table is written | a | b |, with |---|---| below its head"
            yield _at(lines, start, "-", "a row outside a table", hint, rule="no-table")
        elif token.type == "blockquote_open" and lines[start].strip() == ">>>":
            hint = "put > before each line of a quotation"
            yield _at(lines, start, ">", "'>>>' quotes nothing", hint, rule="raw-box")
        elif token.type == "html_block":
            yield from _html_faults(token.content, start, lines)
        elif token.type == "heading_open" and token.tag == "h1" and token.level == 0:
            footnotes = set()
        elif token.type == "footnote_reference_open":
            label = str(token.meta["label"])
            if label in footnotes:
                where = Location("", start + 1)
                yield Problem(
                    where, f"a second footnote has the name {label}", rule="footnote-twice"
                )
            footnotes.add(label)


def _last_line(lines: Sequence[str], end: int) -> str:
    return lines[min(end, len(lines)) - 1].lstrip(" \t>").rstrip() if end else ""


_STRUCTURE = re.compile(r"[ ]{0,3}(?:#{1,6}[ \t]|`{3}|~{3}|-{3}|>|!\[|\|)")
"""How a line begins that may be Markdown which a fence without an end took in."""


def _closing(token: TokenLike, lines: Sequence[str]) -> tuple[Fix, ...]:
    """Return the fix that closes a fence of the outermost level behind the last line it holds.

    It is safe when nothing that it took in looks like more than code: then it says what was read.
    """
    if token.level or not token.map:
        return ()
    start, end = token.map
    while end > start + 1 and not lines[end - 1].strip():
        end -= 1
    taken = lines[start + 1 : end]
    safe = bool(taken) and not any(_STRUCTURE.match(line) for line in taken)
    edit = Edit("", f"\n{token.markup}", below=end - 1 - start)
    return (Fix(f"close it with {token.markup}", (edit,), safe),)


def _html_faults(content: str, first: int, lines: Sequence[str]) -> Iterator[Problem]:
    end = content.rfind("-->") + 3 if "-->" in content else 0
    text = _COMMENT.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), content[:end])
    text += content[end:]
    if "<!--" in text:
        # It is reported as HTML; what it swallowed is no matter then.
        text = text[: text.index("<!--")]
    question = _QUESTION.search(text)
    if question:
        at = first + text.count("\n", 0, question.end() - 1)
        yield Problem(
            Location("", at + 1),
            "a question inside HTML",
            _APART,
            rule="question-in-html",
            fixes=(_EMPTY_LINE,),
        )
        return
    words = _TAG.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text)
    raw = _RAW_MARKDOWN.search(words)
    if raw:
        at = first + text.count("\n", 0, raw.end() - 1)
        piece = raw[0].strip()
        message = f"'{piece}' right after HTML is shown as plain text"
        hint = "leave an empty line between the tag and Markdown"
        fixes = (_EMPTY_LINE,) if at > first and lines[at].startswith(piece) else ()
        yield _at(lines, at, piece, message, hint, rule="markdown-in-html", fixes=fixes)


def _at(
    lines: Sequence[str],
    index: int,
    piece: str,
    message: str,
    hint: str,
    *,
    rule: str,
    fixes: tuple[Fix, ...] = (),
) -> Problem:
    """Place a mistake at a piece of a line."""
    column = lines[index].find(piece) + 1
    where = Location("", index + 1, max(column, 1))
    return Problem(where, message, hint, rule=rule, fixes=fixes)


def find_unused_footnotes(numbers: Mapping[str, int], lines: Sequence[str]) -> Iterator[Problem]:
    """Find footnotes that nothing refers to, for they are dropped.

    Args:
        numbers: the number of each footnote by its label behind a colon; below 0 without one.
        lines: the lines they stand in.

    Yields:
        Every fault at its line.
    """
    unused = [key.removeprefix(":") for key, number in numbers.items() if number < 0]
    places: dict[str, int] = {}
    for index, line in enumerate(lines if unused else (), 1):
        opening = _FOOTNOTE_TEXT.match(line)
        if opening:
            places.setdefault(opening[1], index)
    for label in unused:
        hint = f"refer to it: [^{label}]"
        yield Problem(
            Location("", places.get(label, 1)),
            f"nothing refers to the footnote {label}",
            hint,
            rule="unused-footnote",
        )


def count_cells(row: str) -> int:
    """Count the cells of a table's row: a bar at either end closes a cell, it opens none."""
    cells = _BAR.split(row.lstrip(" \t>").rstrip())
    cells = cells[1:] if not cells[0] and len(cells) > 1 else cells
    return len(cells[:-1] if not cells[-1] and len(cells) > 1 else cells)
