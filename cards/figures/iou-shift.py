"""Two real objects side by side: at which overlap NMS takes the second for a duplicate.

The note's boxes, 10 by 10, one shifted by 4 and one by 2; intersection over union is computed
and compared with a threshold of 0.5.
"""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from shapes import cell, frame, heading
from style import BLUE, DASHED, GREEN, GREY, RED, new_diagram, save, say, tint

SIDE, UNIT, THRESHOLD = 10, 0.135, 0.5


def pair(axes: Axes, left: float, shift: int) -> None:
    """Draw two boxes and their overlap, and say what NMS does."""
    low, size = 0.82, SIDE * UNIT
    overlap = (SIDE - shift) * SIDE
    union = 2 * SIDE * SIDE - overlap
    kept = overlap / union <= THRESHOLD
    corner = (left + shift * UNIT, low)
    look = {"facecolor": tint(GREY, 0.15), "edgecolor": "none", "hatch": "////"}
    cell(axes, corner, ((SIDE - shift) * UNIT, size), **look)
    frame(axes, (left, low), (size, size), BLUE)
    frame(axes, corner, (size, size), RED, DASHED)
    middle = left + (SIDE + shift) * UNIT / 2
    heading(axes, (middle, low + size + 0.24), f"shift {shift}")
    words = f"IoU = {overlap}/{union} = {overlap / union:.2f}"
    say(axes, (middle, 0.52), words, ha="center")
    verdict = ("both are kept", GREEN) if kept else ("second one is lost", RED)
    heading(axes, (middle, 0.26), *verdict)


def draw() -> Figure:
    """Draw both shifts."""
    figure, axes = new_diagram(2.75)
    pair(axes, 0.3, 4)
    pair(axes, 2.68, 2)
    say(axes, (0.3, 2.62), "score 0.9", BLUE)
    say(axes, (1.2, 2.62), "score 0.8", RED)
    say(axes, (4.3, 2.62), "NMS above 0.5", ha="right")
    return figure


if __name__ == "__main__":
    save(draw(), "iou-shift")
