"""Words that need no parser: nothing in them but plain emphasis, code, and breaks of lines.

Most of what people write is of this kind, and the parser takes ten times as long for it. What may
be read in more than one way is left to the parser: marks beside others or beside letters, anything
that begins with another mark, and whatever `faults` would look at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from deckpress.tree.node import Node

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


def read_simple(text: str, line: int, column: int) -> Iterator[Node]:
    """Read a text that is simple and stands at the margin, or behind the mark of an item.

    Args:
        text: the text.
        line: the line on which it begins.
        column: its column there; further lines begin at the margin.

    Yields:
        Its nodes; what is emphasized has the place of the line's beginning.
    """
    start = 1 - column
    for piece in _PIECES.finditer(text):
        kind = str(piece.lastgroup)
        here, words = piece.start() - start + 1, piece[kind]
        if kind == "text" or kind == "code":
            yield Node(kind, (), words, (), line, here)
        elif kind == "soft_break":
            yield Node(kind, (), "", (), line)
            line, start = line + 1, piece.end()
        else:
            inner = Node("text", (), words, (), line, piece.start(kind) - start + 1)
            yield Node(kind, (inner,), "", (), line, 1)
