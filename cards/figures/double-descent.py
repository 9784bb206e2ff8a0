"""Double descent: training and test error of least squares on more and more random features.

Simulation: y = b.x + noise of standard deviation 0.3, x of twenty standard normal coordinates,
b a random unit vector, 100 training rows. The model is linear in N random features
max(0, w.x + c), fitted by least squares; where several weights fit, those of least norm are
taken. Each point is the median over 30 draws of rows, b and features; the test error is measured
on 500 fresh noisy rows. Where N equals the number of rows the fit has just become exact: there
the weights, and with them the test error, are largest.
"""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure
from style import BLUE, DASHED, GREY, INK, new_figure, plain_ticks, save, say

ROWS, INPUTS, NOISE = 100, 20, 0.3
DRAWS, FRESH = 30, 500
WIDTHS = (4, 6, 9, 13, 18, 25, 35, 47, 60, 75, 88, 100, 114, 135, 170, 230, 330, 500, 800, 1300)


def rows(number: int, slope: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Simulate inputs with a column of ones, and noisy targets."""
    x = rng.normal(size=(number, INPUTS))
    y = x @ slope + rng.normal(0, NOISE, number)
    return np.column_stack([x, np.ones(number)]), y


def simulate() -> np.ndarray:
    """Return the median training error and test error for each number of features."""
    rng = np.random.default_rng(3)
    errors = np.empty((DRAWS, 2, len(WIDTHS)))
    for draw_errors in errors:
        slope = rng.normal(size=INPUTS)
        slope /= np.linalg.norm(slope)
        x, y = rows(ROWS, slope, rng)
        x_test, y_test = rows(FRESH, slope, rng)
        hidden = rng.normal(size=(INPUTS + 1, max(WIDTHS))) / np.sqrt(INPUTS + 1)
        features, features_test = np.maximum(x @ hidden, 0), np.maximum(x_test @ hidden, 0)
        for place, width in enumerate(WIDTHS):
            weights = np.linalg.lstsq(features[:, :width], y, rcond=None)[0]
            draw_errors[0, place] = np.mean((features[:, :width] @ weights - y) ** 2)
            draw_errors[1, place] = np.mean((features_test[:, :width] @ weights - y_test) ** 2)
    return np.asarray(np.median(errors, axis=0))


def draw() -> Figure:
    """Draw both errors against the number of features, and the point of interpolation."""
    train, test = simulate()
    figure = new_figure(3.2)
    axes = figure.add_subplot(xscale="log", yscale="log")
    axes.axvline(ROWS, color=GREY, linewidth=0.8)
    axes.plot(WIDTHS, test, "o-", color=INK, linewidth=2.2, markersize=4)
    seen = train > 1e-3  # beyond that the fit is exact up to rounding
    axes.plot(np.array(WIDTHS)[seen], train[seen], color=BLUE, linestyle=DASHED)
    axes.set(xlabel="random features N (log scale)", ylabel="squared error (log scale)")
    axes.set(xlim=(3.6, 1450), ylim=(0.03, 60))
    plain_ticks(axes, (4, 10, 30, 100, 300, 1000), (0.1, 1, 10))
    axes.minorticks_off()
    say(axes, (4, 1.6), "test error")
    say(axes, (9, 0.2), "training\nerror", BLUE)
    say(axes, (114, 30), f"N = {ROWS} rows:\nfits exactly", GREY)
    best = int(np.argmin(test[: WIDTHS.index(ROWS)]))
    say(axes, (WIDTHS[best] * 0.9, 0.95), f"{test[best]:.2f}", ha="center")
    say(axes, (1300, 0.3), f"{test[-1]:.2f}", ha="right")
    return figure


if __name__ == "__main__":
    save(draw(), "double-descent")
