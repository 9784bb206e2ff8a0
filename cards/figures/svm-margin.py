"""The maximum-margin line between two classes, its margin, and the support vectors.

Two simulated Gaussian classes of 18 points that a line can separate. scikit-learn's linear SVC
with a very large C (a hard margin) gives w and b; drawn are w.x + b = 0, the margin lines
w.x + b = -1 and +1, which are 2 / |w| apart, and rings around the points that lie on them.
"""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure
from sklearn.svm import SVC
from style import (
    BLUE,
    DASHED,
    GREY,
    INK,
    MINUS,
    PAPER,
    RED,
    arrow,
    new_figure,
    plain_ticks,
    save,
    say,
)

CENTRES = ((-1.9, -0.5), (1.9, 0.6))
SIZE = 18
TOP = 2.6


def classes() -> tuple[np.ndarray, np.ndarray]:
    """Simulate the points, and their labels 0 and 1."""
    rng = np.random.default_rng(5)
    points = np.vstack([rng.normal(centre, 0.75, (SIZE, 2)) for centre in CENTRES])
    return points.round(3), np.repeat((0, 1), SIZE)


def draw() -> Figure:
    """Draw points, line, margin and rings."""
    points, labels = classes()
    model = SVC(kernel="linear", C=1e4).fit(points, labels)
    (across, up), shift = model.coef_[0], model.intercept_[0]
    figure = new_figure(3.4)
    axes = figure.add_subplot(aspect="equal", xlabel="$x_1$", ylabel="$x_2$")
    heights = np.array((-3.0, 3.0))
    for level, dash, width in ((-1, DASHED, 1.2), (0, "-", 2.0), (1, DASHED, 1.2)):
        places = (level - shift - up * heights) / across
        axes.plot(places, heights, color=INK, linestyle=dash, linewidth=width)
        top = (level - shift - up * TOP) / across
        say(axes, (top, TOP + 0.18), (MINUS + "1", "0", "+1")[level + 1], ha="center")
    for label, marker, colour, fill in ((0, "o", BLUE, BLUE), (1, "s", RED, PAPER)):
        x, y = points[labels == label].T
        axes.plot(x, y, marker, color=colour, markerfacecolor=fill, markeredgewidth=1.3)
    x, y = model.support_vectors_.T
    axes.plot(x, y, "o", color=GREY, markerfacecolor="none", markersize=13, markeredgewidth=1.5)
    say(axes, (-3.6, TOP + 0.18), "w · x + b =")
    axes.set(xlim=(-3.6, 3.6), ylim=(-TOP, TOP))
    plain_ticks(axes, (), ())
    normal = np.array((across, up)) / (across**2 + up**2)
    foot = np.array((-(shift + up * -1.7) / across, -1.7))
    arrow(axes, tuple(foot - normal), tuple(foot + normal), INK, ends="<|-|>")
    say(axes, tuple(foot + normal + (0.15, -0.1)), "margin\n2 / ‖w‖")
    return figure


if __name__ == "__main__":
    save(draw(), "svm-margin")
