"""ReLU, sigmoid and tanh (top) and their derivatives (bottom), from their formulas.

ReLU max(0, x) has slope 0 or 1 and none at 0; the sigmoid s = 1 / (1 + e^-x) has slope s (1 - s),
at most 1/4; tanh has slope 1 - tanh^2, at most 1. Both saturating slopes vanish for large |x|.
"""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from style import (
    BLUE,
    DASH_DOT,
    DASHED,
    GREEN,
    GREY,
    PAPER,
    PRIME,
    RED,
    THIN,
    new_figure,
    plain_ticks,
    save,
    say,
)

X = np.linspace(-5, 5, 61)


def functions(axes: Axes) -> None:
    """Draw the three activation functions."""
    axes.plot((-5, 0, 2.5), (0, 0, 2.5), color=BLUE)
    axes.plot(X, 1 / (1 + np.exp(-X)), color=RED, linestyle=DASHED)
    axes.plot(X, np.tanh(X), color=GREEN, linestyle=DASH_DOT)
    axes.set(ylabel="f(x)", ylim=(-1.25, 2.4))
    plain_ticks(axes, range(-4, 5, 2), (-1, 0, 1, 2))
    say(axes, (2.35, 2.0), "ReLU", BLUE)
    say(axes, (-2.9, 0.4), "sigmoid", RED)
    say(axes, (-2.9, -0.6), "tanh", GREEN)


def derivatives(axes: Axes) -> None:
    """Draw their slopes; ReLU's jumps at 0, where it has none."""
    sigmoid = 1 / (1 + np.exp(-X))
    axes.plot((-5, 0), (0, 0), color=BLUE)
    axes.plot((0, 5), (1, 1), color=BLUE)
    axes.plot((0, 0), (0, 1), "o", color=BLUE, markerfacecolor=PAPER, zorder=4)
    axes.plot(X, sigmoid * (1 - sigmoid), color=RED, linestyle=DASHED)
    axes.plot(X, 1 - np.tanh(X) ** 2, color=GREEN, linestyle=DASH_DOT)
    axes.set(xlabel="x", ylabel=f"f{PRIME}(x)", ylim=(-0.1, 1.2))
    plain_ticks(axes, range(-4, 5, 2), (0, 0.25, 0.5, 0.75, 1))
    say(axes, (2.35, 1.09), f"ReLU{PRIME}", BLUE)
    say(axes, (2.0, 0.22), f"sigmoid{PRIME} ≤ ¼", RED)
    say(axes, (1.0, 0.6), f"tanh{PRIME} ≤ 1", GREEN)


def draw() -> Figure:
    """Stack the two panels on a common x axis."""
    figure = new_figure(4.3)
    upper, lower = figure.subplots(2, 1, sharex=True)
    for axes in (upper, lower):
        axes.axhline(0, color=GREY, linewidth=THIN)
        axes.axvline(0, color=GREY, linewidth=THIN)
        axes.set_xlim(-5, 5)
    functions(upper)
    derivatives(lower)
    return figure


if __name__ == "__main__":
    save(draw(), "activations")
