"""Batch, mini-batch and stochastic gradient descent on the contours of one least-squares loss.

A line y = w0 + w1 x is fitted to 200 simulated rows. All three start at the same weights and take
30 steps of the same size; they differ in how many rows each gradient averages: all 200, 20, or
1 (drawn without repetition within an epoch). Contours are the exact level sets of the mean
squared error, ellipses around the least-squares solution (cross).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Ellipse
from style import BLUE, GREEN, GREY, INK, PAPER, RED, new_figure, plain_ticks, save, say

ROWS, STEPS, RATE = 200, 30, 0.12
START = (-2.6, 1.6)


def data() -> tuple[np.ndarray, np.ndarray]:
    """Simulate the rows: a column of ones beside x, and the targets."""
    rng = np.random.default_rng(5)
    x = rng.uniform(-1, 2, ROWS)
    return np.column_stack([np.ones(ROWS), x]), 1 + 0.5 * x + rng.normal(0, 1, ROWS)


def batches(size: int, rng: np.random.Generator) -> Iterator[np.ndarray]:
    """Yield the row numbers of each batch, in a new order every epoch, without end."""
    while True:
        order = rng.permutation(ROWS)
        yield from (order[first : first + size] for first in range(0, ROWS, size))


def descend(size: int) -> np.ndarray:
    """Return the weights before the first and after every step."""
    design, target = data()
    path = [np.array(START)]
    for rows, _ in zip(batches(size, np.random.default_rng(1)), range(STEPS), strict=False):
        error = design[rows] @ path[-1] - target[rows]
        path.append(path[-1] - RATE * 2 * design[rows].T @ error / len(rows))
    return np.array(path)


def contours(axes: Axes) -> None:
    """Draw level sets (w - w*)' H (w - w*) = r^2: ellipses along the eigenvectors of H."""
    design, target = data()
    optimum = np.linalg.lstsq(design, target, rcond=None)[0]
    curvatures, directions = np.linalg.eigh(design.T @ design / ROWS)
    angle = np.degrees(np.arctan2(directions[1, 0], directions[0, 0]))
    for radius in (0.35, 0.9, 1.6, 2.4, 3.3):
        ellipse = Ellipse(tuple(optimum), *(2 * radius / np.sqrt(curvatures)), angle=angle)
        ellipse.set(facecolor="none", edgecolor=GREY, linewidth=0.6)
        axes.add_patch(ellipse)
    axes.plot(*optimum, "X", color=INK, markeredgecolor=PAPER, markersize=9, zorder=4)


def draw() -> Figure:
    """Draw one strip per batch size, one below the other, on common axes."""
    figure = new_figure(5.0)
    strips = figure.subplots(3, 1, sharex=True, sharey=True)
    looks = (
        (ROWS, "batch: 200 rows a step\n30 steps = 30 epochs", BLUE, "o-"),
        (20, "mini-batch: 20 rows\n3 epochs", GREEN, "s-"),
        (1, "stochastic: 1 row\n0.15 epochs", RED, "^-"),
    )
    for axes, (size, text, colour, line) in zip(strips, looks, strict=True):
        contours(axes)
        axes.plot(*descend(size).T, line, color=colour, linewidth=1.3, markersize=3.5)
        axes.set(ylabel="slope", xlim=(-3, 3), ylim=(-1.2, 2.2))
        plain_ticks(axes, range(-3, 4), (-1, 0, 1, 2))
        say(axes, (-2.9, -0.7), text, colour, backed=True)
    strips[-1].set_xlabel("intercept")
    return figure


if __name__ == "__main__":
    save(draw(), "gradient-descent-paths")
