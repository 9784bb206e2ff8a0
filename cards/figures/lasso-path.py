"""The lasso's path on the diabetes data of scikit-learn: ten weights against the penalty.

Features standardized to standard deviation 1, target centered; the path is the exact one of
`lars_path`, so it bends only where the active set changes. Read from right to left the penalty
falls: first all weights are zero, then one feature enters after the other. Drawn are penalties
above 0.9, where seven of the ten have entered; four are named.
"""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure
from sklearn.datasets import load_diabetes
from sklearn.linear_model import lars_path
from style import (
    BLUE,
    DASH_DOT,
    DASHED,
    DOTTED,
    GREEN,
    GREY,
    INK,
    RED,
    VIOLET,
    new_figure,
    plain_ticks,
    save,
    say,
    tint,
)

NAMED = {"bmi": (BLUE, "-"), "s5": (RED, DASHED), "bp": (GREEN, DASH_DOT), "s3": (VIOLET, DOTTED)}
LAST = 0.9
PLACES = {"bmi": (20, 21), "s5": (21, 10), "bp": (6.5, 5.2), "s3": (7.5, -6.5)}


def draw() -> Figure:
    """Draw all ten weights, four of them named."""
    data = load_diabetes(scaled=False)
    x = (data.data - data.data.mean(axis=0)) / data.data.std(axis=0)
    y = data.target - data.target.mean()
    penalties, _, weights = lars_path(x, y, method="lasso")
    assert np.isclose(penalties[0], abs(x.T @ y).max() / len(y))
    shown = penalties > LAST
    figure = new_figure(2.9)
    axes = figure.add_subplot()
    axes.axhline(0, color=GREY, linewidth=0.7)
    for name, path in zip(data.feature_names, weights, strict=True):
        colour, dash = NAMED.get(name, (tint(GREY, 0.6), "-"))
        width = 1.8 if name in NAMED else 1.0
        axes.plot(penalties[shown], path[shown], color=colour, linestyle=dash, linewidth=width)
        if name in NAMED:
            say(axes, PLACES[name], name, colour)
    largest = penalties[0]
    axes.plot(largest, 0, "o", color=INK, markersize=5, clip_on=False)
    say(axes, (largest + 1.5, -5.5), f"λ max = {largest:.1f}", ha="right")
    axes.set(xlim=(0, 48), ylim=(-14, 29), xlabel="penalty λ", ylabel="weight")
    plain_ticks(axes, (0, 10, 20, 30, 40), (-10, 0, 10, 20))
    return figure


if __name__ == "__main__":
    save(draw(), "lasso-path")
