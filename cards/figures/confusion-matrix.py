"""A 2x2 confusion matrix: actual class in rows, predicted in columns, the positive class first.

The example's counts are 100 positives of 1000 cases, 80 of them found, at the price of 40 false
alarms. Recall, TP / (TP + FN), stands at the end of the row it is computed from; precision,
TP / (TP + FP), at the foot of its column.
"""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from shapes import frame, heading
from style import BLUE, DASHED, GREY, PAPER, RED, VIOLET, new_diagram, save, say, tint

TP, FN, FP, TN = 80, 20, 40, 860
CELL = (1.1, 0.82)
LEFT, BOTTOM = 1.16, 0.5


def cell(axes: Axes, row: int, column: int, name: str, count: int) -> None:
    """Draw one cell; right decisions are tinted, wrong ones hatched."""
    corner = (LEFT + column * CELL[0], BOTTOM + (1 - row) * CELL[1])
    right = row == column
    backing = tint(BLUE) if right else PAPER
    patch = Rectangle(corner, *CELL, edgecolor=tint(GREY, 0.45), facecolor=backing)
    patch.set_hatch("" if right else "////")
    axes.add_patch(patch)
    centre = (corner[0] + CELL[0] / 2, corner[1] + CELL[1] / 2)
    say(
        axes,
        centre,
        f"{name}\n{count}",
        ha="center",
        fontsize=13,
        bbox={"facecolor": backing, "edgecolor": "none", "pad": 2},
    )


def draw() -> Figure:
    """Draw the cells, the class names and the two margins."""
    figure, axes = new_diagram(2.9)
    for place, (name, count) in enumerate((("TP", TP), ("FN", FN), ("FP", FP), ("TN", TN))):
        cell(axes, place // 2, place % 2, name, count)
    width, height = CELL
    top, right = BOTTOM + 2 * height, LEFT + 2 * width
    frame(axes, (LEFT - 0.04, BOTTOM + height), (2 * width + 0.08, height + 0.04), RED, "-")
    frame(axes, (LEFT - 0.09, BOTTOM - 0.09), (width + 0.09, 2 * height + 0.18), VIOLET, DASHED)
    for place, name in enumerate(("positive", "negative")):
        say(axes, (LEFT + (place + 0.5) * width, top + 0.27), name, ha="center")
        say(axes, (LEFT - 0.15, top - (place + 0.5) * height), name, ha="right")
    heading(axes, (LEFT + width, top + 0.53), "predicted")
    heading(axes, (0.2, BOTTOM + height), "actual", rotation=90)
    recall = f"recall\n{TP}/({TP}+{FN})\n= {TP / (TP + FN):.2f}"
    say(axes, (right + 0.14, BOTTOM + 1.5 * height), recall, RED)
    precision = f"precision = {TP}/({TP}+{FP}) = {TP / (TP + FP):.2f}"
    say(axes, (LEFT - 0.09, BOTTOM - 0.28), precision, VIOLET)
    return figure


if __name__ == "__main__":
    save(draw(), "confusion-matrix")
