"""Thompson sampling: the posteriors of three arms, and how often each is drawn highest.

The note's arms: Beta(21, 81), Beta(2, 10), Beta(6, 96). The shares of plays are computed by
integrating each density against the distribution functions of the other two on a grid.
"""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure
from style import BLUE, DASH_DOT, DASHED, GREEN, RED, new_figure, plain_ticks, save, say

ARMS = (("A", 21, 81, BLUE, "-"), ("B", 2, 10, RED, DASHED), ("C", 6, 96, GREEN, DASH_DOT))
GRID = np.linspace(0, 1, 20_001)


def posteriors() -> np.ndarray:
    """Return the densities on the grid, one a row."""
    logs = [(a - 1) * np.log(GRID[1:-1]) + (b - 1) * np.log(1 - GRID[1:-1]) for _, a, b, *_ in ARMS]
    raw = np.zeros((len(ARMS), len(GRID)))
    raw[:, 1:-1] = np.exp(np.array(logs) - np.max(logs, axis=1, keepdims=True))
    return np.asarray(raw / np.trapezoid(raw, GRID)[:, None])


def draw() -> Figure:
    """Draw the densities with their shares."""
    densities = posteriors()
    below = np.cumsum(densities, axis=1) * (GRID[1] - GRID[0])
    figure = new_figure(2.7)
    axes = figure.add_subplot()
    places = ((0.222, 10.1), (0.3, 3.3), (0.075, 15.6))
    for arm, (name, a, b, colour, dash) in enumerate(ARMS):
        others = np.prod(np.delete(below, arm, axis=0), axis=0)
        share = np.trapezoid(densities[arm] * others, GRID)
        shown = slice(0, 10_001, 100)
        axes.plot(GRID[shown], densities[arm][shown], color=colour, linestyle=dash)
        percent = f"{share:.0%}" if share > 0.01 else f"{100 * share:.2f}%"
        say(axes, places[arm], f"{name}: Beta({a}, {b}),\nplayed {percent}", colour)
    axes.set(
        xlim=(0, 0.5), ylim=(0, 19), xlabel="click rate of the arm", ylabel="posterior density"
    )
    plain_ticks(axes, (0, 0.1, 0.2, 0.3, 0.4, 0.5), (0, 5, 10, 15))
    return figure


if __name__ == "__main__":
    save(draw(), "thompson-posteriors")
