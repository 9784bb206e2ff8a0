"""Texts whose blocks need no parser: paragraphs, headings, short lists, code, formulas.

All begin at the margin, and nothing in how a line begins can be read in more than one way. One
block of any other kind, and the parser reads the whole text, as it alone knows what goes with what.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_START = r"(?:[^\s#>+\-=~:|%\\<\[_*`$\d]|\*{1,2}(?=[^\W_])|`(?=[^`\s])|\$(?=[^$\s])|\d++(?![.)]))"
_LINE = rf"{_START}[^\n\t]*+(?<=\S)\n"
_BLOCK = re.compile(
    r"(?P<blank>\n++)"
    r"|(?P<heading>#{1,6} [^\s#](?:[^\n\t]*[^\s#])?\n)"
    rf"|(?P<paragraph>(?:{_LINE})++)"
    rf"|(?<=\n\n)(?P<bullet_list>(?:- {_LINE})++)(?=\n|\Z)(?!\n+- )"
    r"|(?<=\n\n)(?P<hr>---\n)"
    r"|(?P<fence>```[^\n`]*\n(?:(?! {0,3}```)[^\n]*\n)*+```\n)"
    r"|(?<=\n\n)(?P<math_block>\$\$\n(?: *+[^\s$][^\n\t$]*\n)++\$\$\n)",
)


class SimpleBlock(NamedTuple):
    """A block at the margin: its kind, its lines as they stand, and the first of them, from 0.

    Kinds are heading, paragraph, bullet_list, hr, fence and math_block.
    """

    kind: str
    text: str
    line: int


def split_blocks(text: str) -> list[SimpleBlock] | None:
    """Split a text into its blocks.

    Returns:
        The blocks in order; None when there is anything else.
    """
    text = text if text.endswith("\n") else f"{text}\n"
    blocks: list[SimpleBlock] = []
    at = line = 0
    while at < len(text):
        match = _BLOCK.match(text, at)
        if match is None:
            return None
        piece = match[0]
        if match.lastgroup != "blank":
            blocks.append(SimpleBlock(str(match.lastgroup), piece, line))
        at, line = match.end(), line + piece.count("\n")
    return blocks
