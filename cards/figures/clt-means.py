"""The central limit theorem on skewed data: means of 1, 10 and 100 log-normal draws.

Simulation: 40 000 means each, of draws exp(z) with standard normal z, minus the true mean and
divided by the true standard error. Dashed is the standard normal density. The data never become
normal; their means do, slowly at the right tail.
"""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure
from style import BLUE, DASHED, GREY, RED, new_figure, plain_ticks, save, say, tint

SIZES, MEANS = (1, 10, 100), 40_000
MEAN, SPREAD = np.exp(0.5), np.sqrt((np.e - 1) * np.e)


def draw() -> Figure:
    """Draw a histogram a size, with the normal curve."""
    rng = np.random.default_rng(3)
    grid = np.linspace(-3.5, 4.5, 65)
    figure = new_figure(2.4)
    panels = figure.subplots(1, 3, sharey=True)
    for axes, size in zip(panels, SIZES, strict=True):
        total = np.zeros(MEANS)
        for _ in range(size):
            total += rng.lognormal(size=MEANS)
        z = (total / size - MEAN) / (SPREAD / np.sqrt(size))
        heights, edges = np.histogram(z, np.linspace(-3.5, 4.5, 33))
        density = heights / (MEANS * (edges[1] - edges[0]))
        look = {"facecolor": tint(BLUE, 0.3), "edgecolor": BLUE, "linewidth": 0.8}
        axes.stairs(density, edges, fill=True, **look)
        axes.plot(grid, np.exp(-grid * grid / 2) / np.sqrt(2 * np.pi), color=RED, linestyle=DASHED)
        title = "one draw" if size == 1 else f"mean of {size}"
        axes.set_title(title, fontsize=10, pad=3)
        axes.set(xlim=(-3.5, 4.5), ylim=(0, 1.45))
        plain_ticks(axes, (-2, 0, 2, 4), ())
        axes.spines["left"].set_visible(False)
    say(panels[0], (0.7, 0.8), "data:\nskewed", BLUE)
    say(panels[2], (1.3, 0.42), "normal", RED)
    figure.supxlabel("(mean − μ) / (σ/√n)", fontsize=10, color=GREY)
    return figure


if __name__ == "__main__":
    save(draw(), "clt-means")
