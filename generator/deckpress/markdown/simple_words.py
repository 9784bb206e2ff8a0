"""Words that need no parser: nothing in them but plain emphasis, code, and breaks of lines.

Most of what people write is of this kind, and the parser takes ten times as long for it. What may
be read in more than one way is left to the parser: marks beside others or beside letters, anything
that begins with another mark, and whatever `faults` would look at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_PLAIN = r"[^\n\[\]$*\\=%^~{}`&<_]"
_BEFORE, _BEHIND = r"(?<![^\s(])", r"(?![^\s.,;:!?)])"
_WORDS = rf"[A-Za-z0-9](?:{_PLAIN}*[A-Za-z0-9])?"
_PIECE = (
    rf"(?P<text>{_PLAIN}+)"
    rf"|{_BEFORE}\*\*(?P<strong>{_WORDS})\*\*{_BEHIND}"
    rf"|{_BEFORE}\*(?P<emphasis>{_WORDS})\*{_BEHIND}"
    r"|`(?P<code>[^\s`](?:[^\n`]*[^\s`])?)`(?!`)"
    r"|(?P<soft_break>(?<![ \t])\n(?![ \t]))"
)
_PIECES = re.compile(_PIECE)
_SIMPLE = re.compile(rf"(?>{re.sub('[?]P<[a-z_]+>', '?:', _PIECE)})*+")
MARKED_WORDS = (
    r":::|!!!|\?\?\?|(?<![\w:]):[a-z][\w+-]*:(?!\w)|(?<![\w&/(])#[^\W\d]"
    r"|(?m:^)(?:\.\. |#\+)|\w:: |\(@|\(\("
)
"""What other programs mark without any of the signs that are looked for by themselves."""

_SUSPECT = re.compile(MARKED_WORDS)


def is_simple(text: str) -> bool:
    """Say whether `split_simple` can read a text as the parser would."""
    return _SIMPLE.fullmatch(text) is not None and not (
        _may_be_marked(text) and _SUSPECT.search(text)
    )


def _may_be_marked(text: str) -> bool:
    """Say whether a text has any of the signs that `MARKED_WORDS` needs, which few have."""
    return (
        "#" in text
        or text.count(":") > 1
        or "!!!" in text
        or "???" in text
        or ".. " in text
        or "(@" in text
        or "((" in text
    )


def split_simple(text: str) -> Iterator[tuple[str, str]]:
    """Split a text that is simple.

    Yields:
        Kinds of nodes, and what is in them: text, strong, emphasis, code, soft_break.
    """
    for piece in _PIECES.finditer(text):
        yield str(piece.lastgroup), piece[str(piece.lastgroup)]
