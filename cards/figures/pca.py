"""PCA in two dimensions: the cloud, its first axis, and the projections onto it.

Thirty simulated points, shifted and mixed so that their mean is exactly 0 and their sample
covariance exactly [[4, 2], [2, 3]]. The axes are the eigenvectors of that covariance; the second
is drawn two standard deviations long on either side. Grey lines are the residuals: they meet the
first axis at right angles, and their mean square (dividing by n - 1) is the second eigenvalue.
"""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure
from style import BLUE, DASHED, GREY, INK, PAPER, RED, new_figure, plain_ticks, save, say

COVARIANCE = np.array([[4.0, 2.0], [2.0, 3.0]])
SIZE = 30


def points() -> np.ndarray:
    """Simulate points of the given sample covariance: whiten normal draws, then mix them."""
    raw = np.random.default_rng(4).normal(size=(SIZE, 2))
    raw -= raw.mean(axis=0)
    white = raw @ np.linalg.inv(np.linalg.cholesky(np.cov(raw.T))).T
    return np.asarray(white @ np.linalg.cholesky(COVARIANCE).T)


def draw() -> Figure:
    """Draw the points, both axes and the projections onto the first."""
    cloud = points()
    values, vectors = np.linalg.eigh(np.cov(cloud.T))
    second, first = (vector * np.sign(vector[1]) for vector in vectors.T)
    shares = values / values.sum()
    feet = np.outer(cloud @ first, first)
    figure = new_figure(3.9)
    axes = figure.add_subplot(aspect="equal", xlabel="$x_1$, centered", ylabel="$x_2$, centered")
    pairs = np.stack([cloud, feet, np.full_like(cloud, np.nan)], axis=1).reshape(-1, 2)
    axes.plot(*pairs.T, color=GREY, linewidth=0.9)
    line = np.outer((-5.6, 5.6), first)
    axes.plot(*line.T, color=RED, linewidth=2)
    across = np.outer((-2, 2), np.sqrt(values[0]) * second)
    axes.plot(*across.T, color=INK, linestyle=DASHED, linewidth=1.4)
    axes.plot(*cloud.T, "o", color=BLUE)
    axes.plot(*feet.T, "D", color=RED, markerfacecolor=PAPER, markeredgewidth=1.1, markersize=4)
    axes.set(xlim=(-5.3, 5.3), ylim=(-4.2, 4.2))
    plain_ticks(axes, (-4, -2, 0, 2, 4), (-4, -2, 0, 2, 4))
    say(axes, (-5.1, 3.75), f"2nd axis: {shares[0]:.1%}\nof the variance")
    say(axes, (5.2, -1.1), f"1st axis: {shares[1]:.1%}\nof the variance", RED, ha="right")
    return figure


if __name__ == "__main__":
    save(draw(), "pca")
