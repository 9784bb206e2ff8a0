"""Where the norm stands in a transformer's sublayer: post-norm (left) and pre-norm (right).

A diagram, no data. The sublayer is attention or the MLP. Post-norm normalizes the residual path
itself after each sum; pre-norm normalizes only what the sublayer reads, so that the path from
the first layer to the last is a plain sum, which a final norm closes.
"""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle
from shapes import heading
from style import BLUE, GREEN, INK, PAPER, RED, THICK, arrow, box, new_diagram, save, say

SIZE = (0.98, 0.36)
BOTTOM, TOP = 0.42, 3.2
BRANCH = 1.12  # from the residual path to the middle of the sublayer


def plus(axes: Axes, x: float, y: float) -> None:
    """Draw the sum of the path and the sublayer's output."""
    axes.add_patch(Circle((x, y), 0.13, facecolor=PAPER, edgecolor=INK, linewidth=1.2))
    say(axes, (x, y), "+", ha="center", fontsize=12)


def column(axes: Axes, x: float, title: str, pre: bool) -> None:
    """Draw one sublayer, data flowing upwards."""
    colour = GREEN if pre else RED
    fork, meet = 0.78, 2.2 if pre else 1.75
    axes.plot((x, x), (BOTTOM, TOP - 0.2), color=colour, linewidth=THICK + 0.8, zorder=0.9)
    arrow(axes, (x, TOP - 0.25), (x, TOP), colour)
    side = x + BRANCH
    axes.plot((x, side, side), (fork, fork, fork + 0.12), color=INK, linewidth=1.2)
    first = fork + 0.3
    if pre:
        box(axes, (side, first), SIZE, "Norm", edgecolor=BLUE)
        arrow(axes, (side, first + 0.18), (side, first + 0.42))
        sublayer = first + 0.6
    else:
        sublayer = first
    box(axes, (side, sublayer), SIZE, "sublayer f", edgecolor=INK)
    axes.plot((side, side), (sublayer + 0.18, meet), color=INK, linewidth=1.2)
    arrow(axes, (side, meet), (x + 0.13, meet), INK)
    plus(axes, x, meet)
    if not pre:
        box(axes, (x, meet + 0.5), SIZE, "Norm", edgecolor=RED)
    say(axes, (x, BOTTOM - 0.13), "x", ha="center")
    heading(axes, (x + BRANCH / 2, TOP + 0.26), title)


def draw() -> Figure:
    """Draw both columns and what becomes of the residual path."""
    figure, axes = new_diagram(3.75)
    column(axes, 0.6, "post-norm", pre=False)
    column(axes, 2.85, "pre-norm", pre=True)
    say(axes, (1.16, 2.32), "the path itself\nis normalized", RED)
    say(axes, (2.98, 2.66), "the path stays a\nplain sum", GREEN)
    say(axes, (0.6 + 0.1, 0.12), "repeat for each attention and MLP sublayer")
    return figure


if __name__ == "__main__":
    save(draw(), "norm-placement")
