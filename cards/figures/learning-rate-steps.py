"""Gradient descent on L = 5 w² from w = 1 with three learning rates.

Computed: a step multiplies w by 1 - 10 times the rate, so 0.05 halves it, 0.15 halves it and
flips its sign, and 0.21 makes it larger at every step. Drawn are six steps, as they run along the
curve.
"""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure
from shapes import signed
from style import BLUE, GREEN, GREY, INK, RED, new_figure, plain_ticks, save, say

RATES = ((0.05, BLUE), (0.15, GREEN), (0.21, RED))
STEPS, CURVATURE = 6, 10.0


def draw() -> Figure:
    """Draw a panel a rate."""
    figure = new_figure(2.45)
    panels = figure.subplots(1, 3, sharey=True)
    grid = np.linspace(-2, 2, 61)
    for axes, (rate, colour) in zip(panels, RATES, strict=True):
        factor = 1 - rate * CURVATURE
        way = factor ** np.arange(STEPS + 1)
        axes.plot(grid, CURVATURE / 2 * grid**2, color=GREY, linewidth=1.0)
        axes.plot(way, CURVATURE / 2 * way**2, "o-", color=colour, linewidth=1.2, markersize=4)
        axes.plot(way[0], CURVATURE / 2, "o", color=INK, markersize=6)
        axes.set_title(f"rate {rate:g}", fontsize=10, color=colour, pad=3)
        say(axes, (0, 16.6), f"w × {signed(round(factor, 2))}", colour, ha="center")
        axes.set(xlim=(-2, 2), ylim=(-0.6, 18), xlabel="w")
        plain_ticks(axes, (-1, 0, 1), (0, 5, 10, 15))
    panels[0].set_ylabel("loss 5w²")
    return figure


if __name__ == "__main__":
    save(draw(), "learning-rate-steps")
