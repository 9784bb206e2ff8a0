"""A narrow and a wide cluster: where k-means cuts, and what the mixture says of a point at 1.5.

Computed: components N(0, 0.5²) and N(4, 2²) of equal weight. The point 1.5 is nearer to the mean
0, so k-means gives it to the narrow cluster; the mixture gives it to the wide one, because its
weighted density there is larger. The probability is the one of the note.
"""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure
from style import BLUE, DASHED, DOTTED, GREY, INK, RED, new_figure, plain_ticks, save, say, tint

MEANS, SPREADS, WEIGHTS = (0.0, 4.0), (0.5, 2.0), (0.5, 0.5)
POINT = 1.5


def density(x: np.ndarray | float, part: int) -> np.ndarray | float:
    """Return a component's density times its weight."""
    z = (x - MEANS[part]) / SPREADS[part]
    return WEIGHTS[part] * np.exp(-z * z / 2) / (SPREADS[part] * np.sqrt(2 * np.pi))


def draw() -> Figure:
    """Draw both weighted densities, the cut of k-means, and the point."""
    x = np.linspace(-2.5, 9.5, 161)
    figure = new_figure(2.7)
    axes = figure.add_subplot()
    for part, colour, dash in ((0, BLUE, "-"), (1, RED, DASHED)):
        axes.fill_between(x[::2], density(x[::2], part), color=tint(colour, 0.18), linewidth=0)
        axes.plot(x, density(x, part), color=colour, linestyle=dash)
    narrow, wide = (float(density(POINT, part)) for part in (0, 1))
    cut = sum(MEANS) / 2
    axes.axvline(cut, color=GREY, linestyle=DOTTED)
    axes.plot((POINT, POINT), (0, wide), color=INK, linewidth=1.2)
    axes.plot(POINT, wide, "o", color=RED)
    axes.plot(POINT, narrow, "s", color=BLUE)
    axes.plot(POINT, 0, "^", color=INK, markersize=8, clip_on=False, zorder=5)
    say(axes, (cut + 0.15, 0.36), "k-means cuts here:\n1.5 to the left cluster", GREY)
    text = f"mixture: {wide / (narrow + wide):.0%} for\nthe right cluster"
    say(axes, (cut + 0.15, 0.23), text, INK)
    say(axes, (0, 0.435), "N(0, 0.5²)", BLUE, ha="center")
    say(axes, (5.6, 0.105), "N(4, 2²)", RED)
    axes.set(xlim=(-2.6, 9.5), ylim=(0, 0.46), xlabel="x", ylabel="weight × density")
    plain_ticks(axes, (-2, 0, 2, 4, 6, 8), (0, 0.2, 0.4))
    return figure


if __name__ == "__main__":
    save(draw(), "gmm-responsibility")
