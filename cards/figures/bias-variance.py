"""Test error, squared bias, variance and noise against model complexity.

Simulation: 2000 training sets of 18 points, one x in each eighteenth of [-1, 1], and
y = sin(pi x + 0.8) + noise of standard deviation 0.5. Polynomials of degree 0 to 10 are fitted
to each by least squares. At fixed test points bias^2 is the squared gap between the mean fit and
the truth, variance the spread of the fits, noise the variance of y given x. The test error is
measured apart from these, on fresh noisy targets: that it equals their sum is a result.
"""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure
from numpy.polynomial import legendre
from style import BLUE, DASH_DOT, DASHED, DOTTED, GREY, INK, RED, new_figure, plain_ticks, save, say

DEGREES = range(11)
NOISE = 0.5
SETS, SIZE = 2000, 18


def truth(x: np.ndarray) -> np.ndarray:
    """Give the noise-free target."""
    return np.sin(np.pi * x + 0.8)


def simulate() -> dict[str, np.ndarray]:
    """Measure test error, squared bias and variance for each degree."""
    rng = np.random.default_rng(7)
    x_train = -1 + 2 * (np.arange(SIZE) + rng.random((SETS, SIZE))) / SIZE
    y_train = truth(x_train) + rng.normal(0, NOISE, x_train.shape)
    x_test = np.linspace(-0.95, 0.95, 77)
    y_test = truth(x_test) + rng.normal(0, NOISE, (SETS, x_test.size))
    rows = []
    for degree in DEGREES:
        samples = zip(x_train, y_train, strict=True)
        fits = np.array([legendre.legval(x_test, legendre.legfit(*s, degree)) for s in samples])
        error = np.mean((fits - y_test) ** 2)
        bias2 = np.mean((fits.mean(axis=0) - truth(x_test)) ** 2)
        rows.append((error, bias2, fits.var(axis=0).mean()))
    return dict(zip(("error", "bias2", "variance"), np.array(rows).T, strict=True))


def draw() -> Figure:
    """Draw the four curves and mark the degree with the least test error."""
    measured = simulate()
    best = int(measured["error"].argmin())
    figure = new_figure(3.1)
    axes = figure.add_subplot()
    axes.axvline(best, color=GREY, linewidth=0.8)
    axes.axhline(NOISE**2, color=GREY, linestyle=DOTTED)
    axes.plot(DEGREES, measured["error"], "o-", color=INK, linewidth=2.2)
    axes.plot(DEGREES, measured["bias2"], color=BLUE, linestyle=DASHED)
    axes.plot(DEGREES, measured["variance"], color=RED, linestyle=DASH_DOT)
    axes.set(xlabel="model complexity (degree of the polynomial)", ylabel="mean squared error")
    axes.set(xlim=(-0.2, 10.2), ylim=(0, 0.85))
    plain_ticks(axes, DEGREES, (0, 0.2, 0.4, 0.6, 0.8))
    say(axes, (1.3, 0.62), "test error")
    say(axes, (-0.08, 0.315), "bias²", BLUE)
    say(axes, (7.6, 0.07), "variance", RED)
    say(axes, (0.05, 0.215), "noise", GREY)
    say(axes, (best + 0.15, 0.8), "least test error", GREY)
    return figure


if __name__ == "__main__":
    save(draw(), "bias-variance")
