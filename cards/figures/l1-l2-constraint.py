"""Why L1 gives exact zeros: contours of a squared loss meet a diamond and a circle.

The loss (w - c)' H (w - c) / 2 has its minimum at c = (0.75, 1.95) and axes that lean; H is fixed.
The best point within |w1| + |w2| <= 1 and within w1^2 + w2^2 <= 1 is found on a fine grid of
each border, and the contour through it is drawn: on the diamond it is a corner, where w1 = 0.
"""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from style import BLUE, GREY, INK, RED, new_figure, plain_ticks, save, say, tint

CENTRE = np.array([0.75, 1.95])
HESSIAN = np.array([[1.0, -0.35], [-0.35, 1.0]])


def loss(points: np.ndarray) -> np.ndarray:
    """Evaluate the loss at points, one a row."""
    away = points - CENTRE
    return np.asarray(np.einsum("...i,ij,...j->...", away, HESSIAN, away) / 2)


def border(order: int) -> np.ndarray:
    """Return points all around the set of norm 1."""
    angle = np.linspace(0, 2 * np.pi, 4 * 9000 + 1)
    way = np.column_stack([np.cos(angle), np.sin(angle)])
    return np.asarray(way / np.linalg.norm(way, ord=order, axis=1, keepdims=True))


def panel(axes: Axes, order: int, title: str, colour: str) -> None:
    """Draw the set, the contours and the best point of one penalty."""
    edge = border(order)
    best = edge[np.argmin(loss(edge))]
    shown = edge if order == 2 else edge[::9000]
    axes.fill(*shown[:: 200 if order == 2 else 1].T, facecolor=tint(colour, 0.2), edgecolor=colour)
    values, vectors = np.linalg.eigh(HESSIAN)
    angle = np.linspace(0, 2 * np.pi, 81)
    ring = np.column_stack([np.cos(angle), np.sin(angle)])
    for level in loss(best[None]) * np.array([0.12, 0.45, 1.0]):
        way = CENTRE + (ring * np.sqrt(2 * level / values)) @ vectors.T
        touching = level == loss(best[None])[0]
        axes.plot(*way.T, color=INK if touching else GREY, lw=1.4 if touching else 0.9)
    axes.plot(*CENTRE, "x", color=INK, markersize=6, markeredgewidth=1.6)
    axes.plot(*best, "o", color=colour, markersize=7)
    axes.axhline(0, color=GREY, linewidth=0.7, zorder=0.5)
    axes.axvline(0, color=GREY, linewidth=0.7, zorder=0.5)
    axes.set(xlim=(-1.25, 2.3), ylim=(-1.8, 3.1), aspect="equal", xlabel="w₁")
    axes.set_title(title, fontsize=10, color=colour, pad=3)
    plain_ticks(axes, (-1, 0, 1, 2), (-1, 0, 1, 2, 3))
    place = "({:.2f}, {:.2f})".format(*(best + 0.0))
    say(axes, (0, -1.45), f"best: {place}", colour, ha="center", backed=True)


def draw() -> Figure:
    """Draw the diamond at the left and the circle at the right."""
    figure = new_figure(3.0)
    left, right = figure.subplots(1, 2)
    panel(left, 1, "L1: |w₁| + |w₂| ≤ 1", BLUE)
    panel(right, 2, "L2: w₁² + w₂² ≤ 1", RED)
    left.set_ylabel("w₂")
    return figure


if __name__ == "__main__":
    save(draw(), "l1-l2-constraint")
