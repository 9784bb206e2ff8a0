"""Swin's windows on an 8 by 8 map of patches: regular ones, and shifted by half a window.

A diagram with windows of 4 by 4 patches (the model has 7 by 7). Attention runs within a window;
the marked patch and its neighbour to the right never meet in the left pattern, but do in the
right one.
"""

from __future__ import annotations

import itertools

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from shapes import cell, frame, heading
from style import BLUE, GREY, RED, new_diagram, save, say, tint

MAP, WINDOW, SIDE = 8, 4, 0.235
TOP = 2.2
PAIR = ((2, 3), (2, 4))


def panel(axes: Axes, left: float, title: str, shift: int) -> None:
    """Draw the patches, the windows, and the two neighbours."""
    for line in range(MAP + 1):
        x, y, end = left + line * SIDE, TOP - line * SIDE, MAP * SIDE
        axes.plot((x, x), (TOP - end, TOP), color=tint(GREY, 0.5), linewidth=0.6, zorder=0.8)
        axes.plot((left, left + end), (y, y), color=tint(GREY, 0.5), linewidth=0.6, zorder=0.8)
    for row, column in PAIR:
        corner = (left + column * SIDE, TOP - (row + 1) * SIDE)
        cell(axes, corner, (SIDE, SIDE), facecolor=tint(RED, 0.7), edgecolor=RED)
    edges = sorted({0, MAP, *range(shift or WINDOW, MAP, WINDOW)})
    for upper, lower in itertools.pairwise(edges):
        for start, end in itertools.pairwise(edges):
            corner = (left + start * SIDE, TOP - lower * SIDE)
            frame(axes, corner, ((end - start) * SIDE, (lower - upper) * SIDE), BLUE)
    heading(axes, (left + MAP * SIDE / 2, TOP + 0.2), title)


def draw() -> Figure:
    """Draw two blocks in a row."""
    figure, axes = new_diagram(2.62)
    panel(axes, 0.2, "block 1: windows", 0)
    panel(axes, 2.5, "block 2: shifted", WINDOW // 2)
    say(axes, (0.2 + MAP * SIDE / 2, 0.14), "two neighbors, apart", RED, ha="center")
    say(axes, (2.5 + MAP * SIDE / 2, 0.14), "now in one window", RED, ha="center")
    return figure


if __name__ == "__main__":
    save(draw(), "swin-windows")
