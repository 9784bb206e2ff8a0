"""Max pooling and average pooling of one 4x4 map, windows of 2x2 with stride 2.

Each window of the input has a border of its own kind, and so have the two numbers computed from
it. In the input the maximum of each window is bold. Pooling has no weights.
"""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from shapes import heading
from style import (
    BLUE,
    DASH_DOT,
    DASHED,
    DOTTED,
    GREEN,
    GREY,
    ORANGE,
    RED,
    Dash,
    Point,
    arrow,
    new_diagram,
    save,
    say,
    tint,
)

INPUT = np.array([[1, 3, 2, 0], [5, 7, 1, 1], [0, 2, 9, 4], [6, 0, 3, 8]])
CELL = 0.46
LOOKS: tuple[tuple[str, Dash], ...] = (
    (BLUE, "-"),
    (RED, DASHED),
    (GREEN, DASH_DOT),
    (ORANGE, DOTTED),
)


def tile(axes: Axes, corner: Point, side: float, number: int) -> None:
    """Draw the border of one window, or of what was computed from it, by its upper left corner."""
    colour, dash = LOOKS[number]
    inset = 0.03
    patch = Rectangle(
        (corner[0] + inset, corner[1] - side + inset), side - 2 * inset, side - 2 * inset
    )
    patch.set(facecolor=tint(colour, 0.1), edgecolor=colour, linewidth=2, linestyle=dash)
    axes.add_patch(patch)


def pooled(axes: Axes, corner: Point, values: np.ndarray, title: str) -> None:
    """Draw a 2x2 output with its title beside it."""
    for number, value in enumerate(values.ravel()):
        place = (corner[0] + number % 2 * CELL, corner[1] - number // 2 * CELL)
        tile(axes, place, CELL, number)
        say(axes, (place[0] + CELL / 2, place[1] - CELL / 2), f"{value:g}", ha="center")
    say(axes, (corner[0] + 2 * CELL + 0.1, corner[1] - CELL), title)


def draw() -> Figure:
    """Draw the input at the left and both outputs at the right."""
    blocks = INPUT.reshape(2, 2, 2, 2).swapaxes(1, 2).reshape(4, 4)
    figure, axes = new_diagram(2.6)
    left, top = 0.1, 2.2
    for number, block in enumerate(blocks):
        corner = (left + number % 2 * 2 * CELL, top - number // 2 * 2 * CELL)
        tile(axes, corner, 2 * CELL, number)
        for place, value in enumerate(block):
            x = corner[0] + (place % 2 + 0.5) * CELL
            y = corner[1] - (place // 2 + 0.5) * CELL
            weight = "bold" if value == block.max() else "normal"
            say(axes, (x, y), str(value), ha="center", fontweight=weight)
    heading(axes, (left + 2 * CELL, top + 0.18), "input 4×4")
    foot = top - 4 * CELL
    say(axes, (left, foot - 0.18), "windows of 2×2, stride 2")
    maxima, means = (np.reshape(f(blocks, axis=1), (2, 2)) for f in (np.max, np.mean))
    middle, start, end = top - 2 * CELL, left + 4 * CELL + 0.06, 2.6
    for roof, values, title in (
        (top + 0.1, maxima, "max\npooling"),
        (foot + 0.82, means, "average\npooling"),
    ):
        arrow(axes, (start, middle), (end, roof - CELL), GREY)
        pooled(axes, (end + 0.08, roof), values, title)
    return figure


if __name__ == "__main__":
    save(draw(), "pooling")
