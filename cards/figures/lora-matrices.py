"""LoRA: a frozen matrix W, and beside it two thin trained ones whose product is added.

A diagram to scale in shape only: W is d×d, A is r×d, B is d×r. The numbers of weights are
computed for d = 4096 and r = 16.
"""

from __future__ import annotations

from matplotlib.figure import Figure
from shapes import cell
from style import BLUE, GREY, INK, RED, arrow, box, new_diagram, save, say, tint

D, R = 4096, 16


def draw() -> Figure:
    """Draw the input below, both ways up, and their sum."""
    figure, axes = new_diagram(3.5)
    low, left, right = 0.35, 1.1, 3.3
    axes.plot((2.2, 2.2), (low, low + 0.2), color=GREY, linewidth=1.2)
    axes.plot((left, right), (low + 0.2, low + 0.2), color=GREY, linewidth=1.2)
    say(axes, (2.2, low - 0.14), f"x  ({D} numbers)", ha="center")
    for x in (left, right):
        arrow(axes, (x, low + 0.2), (x, low + 0.5))
    frozen = {"facecolor": tint(GREY, 0.18), "edgecolor": GREY, "hatch": "////", "backed": True}
    cell(axes, (left - 0.75, 0.85), (1.5, 1.5), f"W, frozen\n{D}×{D}", **frozen)
    trained = {"facecolor": tint(BLUE, 0.22), "edgecolor": BLUE, "linewidth": 1.6}
    cell(axes, (right - 0.75, 0.85), (1.5, 0.32), f"A: {R}×{D}", **trained)
    arrow(axes, (right, 1.17), (right, 1.53), BLUE)
    say(axes, (right + 0.1, 1.35), f"{R} numbers", BLUE)
    cell(axes, (right - 0.16, 1.53), (0.32, 0.82), **trained)
    say(axes, (right + 0.25, 1.94), f"B: {D}×{R}\nstarts at 0", BLUE)
    total = (2.2, 2.86)
    box(axes, total, (0.36, 0.36), "+", edgecolor=INK)
    for x, inset in ((left, -0.18), (right, 0.18)):
        axes.plot((x, x), (2.35, total[1]), color=GREY, linewidth=1.2)
        arrow(axes, (x, total[1]), (total[0] + inset, total[1]))
    say(axes, (right - 0.08, 2.6), "× α/r", RED, ha="right")
    arrow(axes, (total[0], total[1] + 0.18), (total[0], total[1] + 0.5))
    say(axes, (total[0] + 0.1, total[1] + 0.42), "h")
    share = 2 * D * R / D**2
    say(axes, (0.05, 3.28), f"frozen: {D * D / 1e6:.1f} million", GREY)
    say(axes, (4.55, 3.28), f"trained: {2 * D * R:,} ({share:.1%})", BLUE, ha="right")
    return figure


if __name__ == "__main__":
    save(draw(), "lora-matrices")
