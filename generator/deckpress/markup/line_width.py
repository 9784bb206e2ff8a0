"""Which of several lines may be the widest, known from their letters without setting them.

To measure a line takes as long as to set it, and most lines of a column are much shorter than the
longest. The bounds are wide enough for the letters of any font that texts are printed in.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from deckpress.math.extent import formula_extent
from deckpress.tree.cloze import strip_markers
from deckpress.tree.node import Node


class Bounds(NamedTuple):
    """The least and the greatest width that something may have, in average letters of its font."""

    least: float
    most: float


_UNKNOWN = Bounds(0, math.inf)
_LETTERS = {
    **dict.fromkeys("ijl.,:;!", Bounds(0.45, 0.75)), **dict.fromkeys("'|\\`", Bounds(0.27, 1.2)),
    **dict.fromkeys(" ", Bounds(0.38, 1.0)), **dict.fromkeys("\"-", Bounds(0.5, 1.2)),
    **dict.fromkeys("ft()[]/", Bounds(0.45, 0.85)), **dict.fromkeys("{}", Bounds(0.6, 1.2)),
    **dict.fromkeys("rszc", Bounds(0.7, 1.05)), **dict.fromkeys("evxy", Bounds(0.88, 1.2)),
    **dict.fromkeys("0123456789", Bounds(0.93, 1.2)),
    **dict.fromkeys("abdghknopqu", Bounds(0.97, 1.25)),
    **dict.fromkeys("w", Bounds(1.35, 1.7)), **dict.fromkeys("m", Bounds(1.6, 1.9)),
    **dict.fromkeys("IJ", Bounds(0.5, 1.1)), **dict.fromkeys("EFLPSTVXYZ", Bounds(0.94, 1.38)),
    **dict.fromkeys("ABCDGKRU", Bounds(1.1, 1.58)), **dict.fromkeys("HNOQ", Bounds(1.3, 1.65)),
    **dict.fromkeys("MW", Bounds(1.5, 2.1)), **dict.fromkeys("%&@", Bounds(1.25, 1.9)),
    **dict.fromkeys("+=<>^#~_$*?", Bounds(0.7, 1.6)),
}  # fmt: skip
"""Over forty fonts, serif and sans, upright and slanted, regular and bold."""
_LETTER = Bounds(0.3, 2.8)
_CODE = Bounds(0.85, 1.4)
_BOLD = 1.2
"""How much wider bold letters are, at most."""
_FORMULA = 1.02 * 2.5
"""The size of type in formulas, in average letters of the text around them, at most."""
_TRANSPARENT = frozenset(
    {"table_cell", "table_header", "link", "emphasis", "strikethrough", "mark"}
)
"""What is as wide as what is in it."""


def text_bounds(text: str, *, bold: bool = False) -> Bounds:
    """Return the bounds of the width of a text in one line."""
    found = [_LETTERS.get(letter, _LETTER) for letter in text]
    most = sum(bounds.most for bounds in found)
    return Bounds(sum(bounds.least for bounds in found), most * _BOLD if bold else most)


def code_bounds(text: str) -> Bounds:
    """Return the bounds of the width of code in a text."""
    return Bounds(_CODE.least * len(text), _CODE.most * len(text)) if text.isascii() else _UNKNOWN


def line_bounds(node: Node, *, bold: bool = False) -> Bounds:
    """Return the bounds of the width of a cell, or of a piece of it, in one line."""
    if node.kind == "text":
        return text_bounds(node.text, bold=bold)
    if node.kind == "soft_break":
        return text_bounds(" ")
    if node.kind == "code":
        return code_bounds(node.text)
    if node.kind == "math":
        latex = strip_markers(node.text, braces=True)
        return Bounds(0, _FORMULA * formula_extent(latex, display=False).width)
    if node.kind not in _TRANSPARENT and node.kind != "strong":
        return _UNKNOWN
    found = [line_bounds(child, bold=bold or node.kind == "strong") for child in node.children]
    return Bounds(sum(each.least for each in found), sum(each.most for each in found))


def perhaps_widest(bounds: Sequence[Bounds]) -> list[int]:
    """Return the places of those that may be the widest, in order."""
    least = max((each.least for each in bounds), default=0)
    return [at for at, each in enumerate(bounds) if each.most >= least]
