"""Gradient boosting on one feature: the prediction and the residuals after 1, 3 and 30 rounds.

40 simulated points, y = sin(2 pi x) + noise of standard deviation 0.25; stumps fitted by
scikit-learn's GradientBoostingRegressor with learning rate 0.5. Above, the sum of the trees so
far; below, the residuals, which are the next tree's targets, and that tree (scaled).
"""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from sklearn.ensemble import GradientBoostingRegressor
from style import BLUE, GREY, INK, RED, new_figure, plain_ticks, save, say

ROUNDS = (1, 3, 30)
ROWS = 40


def steps(axes: Axes, x: np.ndarray, y: np.ndarray, colour: str) -> None:
    """Draw a function of steps by its corners only."""
    turns = np.flatnonzero(np.diff(y)) + 1
    edges = np.r_[x[0], x[turns], x[-1]]
    axes.stairs(y[np.r_[0, turns]], edges, color=colour, linewidth=1.8, baseline=None)


def draw() -> Figure:
    """Draw three columns, data and prediction above, residuals and next tree below."""
    rng = np.random.default_rng(4)
    x = np.sort(rng.random(ROWS))
    y = np.sin(2 * np.pi * x) + rng.normal(0, 0.25, ROWS)
    model = GradientBoostingRegressor(
        n_estimators=max(ROUNDS) + 1, max_depth=1, learning_rate=0.5, random_state=0
    ).fit(x[:, None], y)
    fine = np.linspace(0, 1, 401)
    curves = list(model.staged_predict(fine[:, None]))
    fits = list(model.staged_predict(x[:, None]))
    figure = new_figure(3.3)
    panels = figure.subplots(2, 3, sharex=True, sharey="row")
    for column, rounds in enumerate(ROUNDS):
        upper, lower = panels[:, column]
        curve, residuals = curves[rounds - 1], y - fits[rounds - 1]
        step = curves[rounds] - curve
        upper.plot(x, y, "o", color=GREY, markersize=2.6)
        steps(upper, fine, curve, BLUE)
        lower.plot(x, residuals, "o", color=GREY, markersize=2.6)
        lower.axhline(0, color=GREY, linewidth=0.7)
        steps(lower, fine, step / model.learning_rate, RED)
        upper.set_title(f"{rounds} round" + "s" * (rounds > 1), fontsize=10, pad=3)
        say(lower, (0.98, 1.15), f"MSE {np.mean(residuals**2):.2f}", INK, ha="right")
        plain_ticks(upper, (0, 1), (-1, 0, 1))
        plain_ticks(lower, (0, 1), (-1, 0, 1))
        upper.set(xlim=(-0.03, 1.03), ylim=(-1.7, 1.7))
        lower.set(ylim=(-1.4, 1.4), xlabel="x")
    panels[0, 0].set_ylabel("y, sum of trees")
    panels[1, 0].set_ylabel("residual, next tree")
    return figure


if __name__ == "__main__":
    save(draw(), "boosting-rounds")
