"""The words of a line, as a shell hands them over for completion: as they are typed."""

from __future__ import annotations

from collections.abc import Iterator

_KEPT = frozenset("$`")
"""What has a meaning within double quotes, unless a backslash takes it."""


def unescape_quoted(line: str) -> str:
    """Take the backslash from before `$` and `` ` `` within double quotes, as shells do.

    Click divides a line into words by the rules of Python, by which it would stay.

    Args:
        line: words as they are typed; a quote may be open.

    Returns:
        The same words to divide by those rules.
    """
    return "".join(_pieces(line))


def _pieces(line: str) -> Iterator[str]:
    quote, at = "", 0
    while at < len(line):
        piece = line[at : at + 2] if line[at] == "\\" and quote != "'" else line[at]
        at += len(piece)
        if len(piece) == 2:
            yield piece[1] if quote and piece[1] in _KEPT else piece
            continue
        if piece in ("'", '"') and quote in ("", piece):
            quote = "" if quote else piece
        yield piece
