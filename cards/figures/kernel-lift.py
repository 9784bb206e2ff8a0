"""A kernel's feature space: points that no threshold separates, lifted onto a parabola.

Fourteen points on a line, the inner ones of one class. Left, x alone: no single cut separates
them. Right, the features (x, x²), in which a line does; the line is fitted by a linear support
vector machine with a very large C.
"""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure
from sklearn.svm import SVC
from style import BLUE, DASHED, GREY, INK, RED, new_figure, plain_ticks, save, say

POINTS = np.array(
    [-2.3, -2.0, -1.75, -1.5, -0.9, -0.6, -0.25, 0.1, 0.45, 0.8, 1.45, 1.7, 2.0, 2.25]
)


def draw() -> Figure:
    """Draw the line at the left and the lifted points at the right."""
    inner = abs(POINTS) < 1.2
    lifted = np.column_stack([POINTS, POINTS**2])
    model = SVC(kernel="linear", C=1e6).fit(lifted, inner)
    (slope, height), shift = model.coef_[0], model.intercept_[0]
    figure = new_figure(2.5)
    left, right = figure.subplots(1, 2, width_ratios=(1, 1.15))
    for kind, colour, mark in ((inner, BLUE, "o"), (~inner, RED, "x")):
        left.plot(POINTS[kind], 0 * POINTS[kind], mark, color=colour, markeredgewidth=1.8)
        right.plot(*lifted[kind].T, mark, color=colour, markeredgewidth=1.8)
    left.axhline(0, color=GREY, linewidth=0.8, zorder=0.5)
    grid = np.linspace(-2.6, 2.6, 41)
    right.plot(grid, grid**2, color=GREY, linewidth=0.8, zorder=0.5)
    right.plot(grid, -(slope * grid + shift) / height, color=INK, linestyle=DASHED)
    left.set(xlim=(-2.6, 2.6), ylim=(-1, 1), xlabel="x")
    right.set(xlim=(-2.6, 2.6), ylim=(-0.4, 6), xlabel="x", ylabel="x²")
    plain_ticks(left, (-2, 0, 2), ())
    plain_ticks(right, (-2, 0, 2), (0, 2, 4, 6))
    left.spines["left"].set_visible(False)
    say(left, (0, 0.5), "no single cut\nseparates them", INK, ha="center")
    say(right, (0, 3.0), "a line does", INK, ha="center", backed=True)
    return figure


if __name__ == "__main__":
    save(draw(), "kernel-lift")
