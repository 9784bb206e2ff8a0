"""A collider makes independent causes dependent: what a filter on their sum does.

Simulation: 260 pairs of independent standard normal values; kept are those whose sum exceeds 1.
The correlations are computed from the points drawn, 0.06 before the filter. To the left, the
graphs of a common cause and of a collider; a box is what one conditions on.
"""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle
from shapes import bare, frame, signed
from style import BLUE, GREY, INK, PAPER, RED, WIDTH, Point, arrow, save, say

HEIGHT, ROWS, LIMIT = 2.75, 260, 1.0
RADIUS = 0.17


def graph(axes: Axes, top: float, collider: bool, words: str) -> None:
    """Draw three nodes, the middle one conditioned on, and what follows."""
    nodes: dict[str, Point] = {
        "A": (0.35, top - (0 if collider else 0.5)),
        "B": (1.55, top - (0 if collider else 0.5)),
        "C": (0.95, top - (0.5 if collider else 0)),
    }
    for name, centre in nodes.items():
        axes.add_patch(Circle(centre, RADIUS, facecolor=PAPER, edgecolor=INK, linewidth=1.2))
        say(axes, centre, name, ha="center")
    for name in "AB":
        ends = (nodes[name], nodes["C"]) if collider else (nodes["C"], nodes[name])
        way = np.subtract(ends[1], ends[0])
        way = way / np.linalg.norm(way) * (RADIUS + 0.03)
        arrow(axes, tuple(np.add(ends[0], way)), tuple(np.subtract(ends[1], way)), INK)
    place = nodes["C"]
    colour = RED if collider else BLUE
    frame(axes, (place[0] - 0.23, place[1] - 0.23), (0.46, 0.46), colour, width=1.6)
    say(axes, (0.95, top - 0.86), words, colour, ha="center")


def draw() -> Figure:
    """Draw the two graphs at the left and the filtered points at the right."""
    rng = np.random.default_rng(8)
    a, b = rng.normal(size=(2, ROWS))
    kept = a + b > LIMIT
    figure = Figure(figsize=(WIDTH, HEIGHT))
    left = figure.add_axes((0, 0, 1, 1), xlim=(0, WIDTH), ylim=(0, HEIGHT))
    left.set_axis_off()
    graph(left, 2.45, False, "given C: independent")
    graph(left, 1.02, True, "given C: dependent")
    right = figure.add_axes((2.32 / WIDTH, 0.68 / HEIGHT, 2.2 / WIDTH, 1.75 / HEIGHT))
    right.plot(a[~kept], b[~kept], "x", color=GREY, markersize=3, markeredgewidth=0.8)
    right.plot(a[kept], b[kept], "o", color=RED, markersize=3)
    right.plot((-2.5, 3.6), (3.5, -2.6), color=INK, linewidth=1.0)
    right.set(xlim=(-3.3, 3.6), ylim=(-3.3, 3.6))
    bare(right)
    say(left, (3.42, 0.56), "A", ha="center")
    say(left, (2.2, 1.55), "B", ha="center")
    every, few = (np.corrcoef(a[part], b[part])[0, 1] for part in (kept | ~kept, kept))
    say(left, (2.32, 2.58), f"all points: correlation {signed(every, '.2f')}", GREY)
    say(left, (2.32, 0.32), "filter C: A + B > 1", INK)
    say(left, (2.32, 0.11), f"kept: correlation {signed(few, '.2f')}", RED)
    return figure


if __name__ == "__main__":
    save(draw(), "collider")
