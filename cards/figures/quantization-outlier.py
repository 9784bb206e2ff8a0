"""One outlier coarsens an INT8 scale: the grid that two small values find with it and without it.

Computed for the note's values 0.2, -1 and 60 by symmetric INT8. One scale for all three has steps
of 0.47 (above); a scale for the group of the small two has steps of 1/127 (below). Drawn are the
levels between -1.25 and 1.25; every fifth below.
"""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from shapes import signed
from style import BLUE, GREY, INK, RED, arrow, new_diagram, save, say

SMALL, OUTLIER = np.array([-1.0, 0.2]), 60.0
SCALE = 1.72  # inches a unit


def row(axes: Axes, height: float, largest: float, title: str, every: int) -> None:
    """Draw one grid of levels and where the two values go."""
    step = largest / 127
    levels = np.arange(-127, 128) * step
    shown = levels[abs(levels) < 1.25]
    zero = int(np.argmin(abs(shown)))
    shown = shown[zero % every :: every]
    middle = 2.3
    axes.plot((middle - 1.25 * SCALE, middle + 1.25 * SCALE), (height, height), color=GREY, lw=0.9)
    for level in shown:
        axes.plot(2 * [middle + level * SCALE], (height - 0.09, height + 0.09), color=BLUE, lw=1.3)
    say(axes, (0.08, height + 0.88), title, INK, fontweight="bold")
    if every > 1:
        say(axes, (4.5, height - 0.24), f"every {every}th is drawn", GREY, ha="right")
    for value in SMALL:
        kept = float(np.clip(np.round(value / step), -127, 127) * step)
        x = middle + value * SCALE
        axes.plot(x, height + 0.46, "v", color=RED, markersize=7)
        say(axes, (x, height + 0.63), signed(value), RED, ha="center")
        arrow(axes, (x, height + 0.4), (middle + kept * SCALE, height + 0.11), RED)
        text = signed(round(kept, 2) + 0.0, ".2f")
        say(axes, (middle + kept * SCALE, height - 0.24), text, BLUE, ha="center")


def draw() -> Figure:
    """Draw the common scale above and the group's own scale below."""
    figure, axes = new_diagram(2.9)
    row(axes, 1.88, OUTLIER, f"one scale with {OUTLIER:g}: steps of {OUTLIER / 127:.2f}", 1)
    row(axes, 0.42, float(abs(SMALL).max()), f"a scale of their own: steps of {1 / 127:.3f}", 5)
    return figure


if __name__ == "__main__":
    save(draw(), "quantization-outlier")
