"""What several figures are put together from: cells, frames, arrows between boxes, panels, words.

`style` says how anything looks, this module what is drawn again and again in that look. Lengths
are in the units of the axes; of a diagram these are inches.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from matplotlib.text import Text
from style import GREY, INK, MINUS, PAPER, Dash, Point, arrow, say, tint

SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def cell(axes: Axes, corner: Point, size: Point, text: str = "", **look: Any) -> None:
    """Draw a rectangle by its lower left corner, and a text in its middle if there is one.

    Besides the looks of a rectangle, `ink` is the text's colour and `backed` wipes a hatch
    behind it.
    """
    words = {"backed": look.pop("backed", False)}
    ink = look.pop("ink", INK)
    usual = {"facecolor": PAPER, "edgecolor": tint(GREY, 0.6)}
    axes.add_patch(Rectangle(corner, *size, **(usual | look)))
    if text:
        middle = (corner[0] + size[0] / 2, corner[1] + size[1] / 2)
        say(axes, middle, text, ink, ha="center", **words)


def grid(
    axes: Axes,
    corner: Point,
    size: Point,
    rows: Sequence[Sequence[str]],
    **look: Any,
) -> None:
    """Draw a table of cells, one for each text, by its upper left corner and the size of a cell."""
    for row, texts in enumerate(rows):
        for column, text in enumerate(texts):
            place = (corner[0] + column * size[0], corner[1] - (row + 1) * size[1])
            cell(axes, place, size, text, **look)


def frame(
    axes: Axes, corner: Point, size: Point, colour: str, dash: Dash = "-", width: float = 2.0
) -> None:
    """Outline a rectangle, by its lower left corner, over what is drawn in it."""
    outline = Rectangle(corner, *size, facecolor="none", edgecolor=colour)
    outline.set(linewidth=width, linestyle=dash)
    axes.add_patch(outline)


def side(centre: Point, size: Point, towards: Point) -> Point:
    """Find the middle of that side of a box which faces a box in its row or in its column."""
    if centre[1] == towards[1]:
        return centre[0] + (size[0] if towards[0] > centre[0] else -size[0]) / 2, centre[1]
    return centre[0], centre[1] + (size[1] if towards[1] > centre[1] else -size[1]) / 2


def link(
    axes: Axes, start: Point, end: Point, size: Point, colour: str = GREY, **look: Any
) -> None:
    """Draw an arrow between two boxes of one size that stand in one row or in one column."""
    arrow(axes, side(start, size, end), side(end, size, start), colour, **look)


def heading(axes: Axes, at: Point, text: str, colour: str = INK, **options: Any) -> Text:
    """Write a bold label, its middle at a point."""
    return say(axes, at, text, colour, **({"ha": "center", "fontweight": "bold"} | options))


def bare(axes: Axes, title: str = "") -> None:
    """Take ticks and spines from a panel whose numbers say nothing, and put a title over it."""
    axes.set(xticks=(), yticks=())
    for spine in axes.spines.values():
        spine.set(visible=True, color=tint(GREY, 0.6))
    if title:
        axes.set_title(title, fontsize=axes.xaxis.label.get_fontsize(), color=INK, pad=4)


def power(exponent: int) -> str:
    """Write a power of ten with the exponent raised."""
    return "10" + str(exponent).translate(SUPERSCRIPTS)


def signed(number: float, form: str = "g") -> str:
    """Write a number with a true minus sign."""
    return f"{number:{form}}".replace("-", MINUS)
