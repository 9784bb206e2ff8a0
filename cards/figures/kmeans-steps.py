"""One round of k-means in three panels: start, assign, move.

36 simulated points in three groups; the three centres start at data points. Second panel: each
point takes the marker of its nearest centre. Third: each centre moves (arrow) to the mean of
the points assigned to it. Assign and move repeat until no assignment changes.
"""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from style import BLUE, GREEN, GREY, INK, PAPER, RED, arrow, new_figure, plain_ticks, save

GROUPS = ((-1.3, -0.9), (1.3, -0.7), (0.1, 1.3))
SIZE = 12
STARTS = (1, 24, 33)
LOOKS = (("o", BLUE, BLUE), ("s", RED, PAPER), ("^", GREEN, GREEN))


def points() -> np.ndarray:
    """Simulate the points, group after group."""
    rng = np.random.default_rng(2)
    return np.vstack([rng.normal(centre, 0.42, (SIZE, 2)) for centre in GROUPS]).round(3)


def assign(data: np.ndarray, centres: np.ndarray) -> np.ndarray:
    """Return the number of the nearest centre of each point."""
    distances = np.linalg.norm(data[:, None] - centres, axis=2)
    nearest: np.ndarray = distances.argmin(axis=1)
    return nearest


def show(axes: Axes, data: np.ndarray, nearest: np.ndarray | None, centres: np.ndarray) -> None:
    """Draw the points, plain or by cluster, and the centres as large crosses."""
    if nearest is None:
        axes.plot(*data.T, "o", color=GREY, markersize=3.2)
    else:
        for cluster, (marker, colour, fill) in enumerate(LOOKS):
            members = data[nearest == cluster].T
            axes.plot(*members, marker, color=colour, markerfacecolor=fill, markersize=3.8)
    axes.plot(*centres.T, "X", color=INK, markeredgecolor=PAPER, markersize=10)


def draw() -> Figure:
    """Draw the three panels side by side, their names below."""
    data = points()
    before = data[list(STARTS)]
    nearest = assign(data, before)
    after = np.array([data[nearest == cluster].mean(axis=0) for cluster in range(len(STARTS))])
    figure = new_figure(1.76)
    panels = figure.subplots(1, 3, sharex=True, sharey=True)
    show(panels[0], data, None, before)
    show(panels[1], data, nearest, before)
    show(panels[2], data, nearest, after)
    for old, new in zip(before, after, strict=True):
        arrow(panels[2], tuple(old), tuple(new), INK)
    for axes, name in zip(panels, ("1 start", "2 assign", "3 move"), strict=True):
        axes.set(xlabel=name, xlim=(-2.4, 2.4), ylim=(-2.2, 2.6), aspect="equal")
        axes.spines[["top", "right"]].set_visible(True)
        plain_ticks(axes, (), ())
    return figure


if __name__ == "__main__":
    save(draw(), "kmeans-steps")
