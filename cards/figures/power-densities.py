"""Type 1 and type 2 errors: where the estimate falls without and with a true effect.

Computed for the note's example: the effect is 2.5 standard errors, the test two-sided at 5%, so
it rejects beyond 1.96 standard errors. The shaded shares under the two normal densities are the
errors; the lower tail of the right curve below -1.96 is too small to see.
"""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure
from shapes import signed
from style import BLUE, DASHED, GREY, INK, RED, new_figure, plain_ticks, save, say, tint

EFFECT, LIMIT = 2.5, 1.959964
GRID = np.linspace(-3.7, 6.2, 496)


def density(x: np.ndarray, mean: float) -> np.ndarray:
    """Return the normal density of standard deviation 1."""
    return np.asarray(np.exp(-((x - mean) ** 2) / 2) / np.sqrt(2 * np.pi))


def share_above(limit: float, mean: float) -> float:
    """Integrate the density above a limit."""
    x = np.linspace(limit, mean + 9, 20_001)
    return float(np.trapezoid(density(x, mean), x))


def draw() -> Figure:
    """Draw both densities, the limits, and the three shares."""
    figure = new_figure(2.8)
    axes = figure.add_subplot()
    look = {"linewidth": 0.0}
    for side in (GRID[GRID <= -LIMIT], GRID[GRID >= LIMIT]):
        axes.fill_between(side[::2], density(side[::2], 0), facecolor=tint(RED, 0.75), **look)
    missed = GRID[(GRID >= -LIMIT) & (GRID <= LIMIT)]
    hatch = {"facecolor": tint(BLUE, 0.2), "hatch": "////", "edgecolor": BLUE}
    axes.fill_between(missed[::3], density(missed[::3], EFFECT), **look, **hatch)
    axes.plot(GRID[::4], density(GRID[::4], 0), color=RED, linestyle=DASHED)
    axes.plot(GRID[::4], density(GRID[::4], EFFECT), color=BLUE)
    for limit in (-LIMIT, LIMIT):
        axes.plot((limit, limit), (0, 0.47), color=GREY, linewidth=0.9)
    power = share_above(LIMIT, EFFECT) + share_above(LIMIT, -EFFECT)
    say(axes, (-0.1, 0.435), "no effect", RED, ha="center")
    say(axes, (2.2, 0.435), f"effect of {EFFECT:g} standard errors", BLUE)
    say(axes, (-5.2, 0.1), "α/2 = 2.5%\non each side", RED)
    say(axes, (-5.2, 0.31), f"not rejected:\nβ = {1 - power:.0%}", BLUE)
    axes.annotate(
        "",
        (1.1, 0.1),
        (-3.05, 0.285),
        arrowprops={"arrowstyle": "-", "color": BLUE, "linewidth": 0.9},
    )
    say(axes, (3.45, 0.2), f"power = {power:.0%}", INK, backed=True)
    say(axes, (2.1, 0.475), "reject", GREY)
    say(axes, (-2.1, 0.475), "reject", GREY, ha="right")
    axes.set(xlim=(-5.3, 6.2), ylim=(0, 0.5), xlabel="estimate, in standard errors")
    plain_ticks(axes, (-1.96, 0, 1.96), ())
    axes.set_xticklabels([signed(-1.96), "0", "1.96"])
    axes.spines["left"].set_visible(False)
    return figure


if __name__ == "__main__":
    save(draw(), "power-densities")
