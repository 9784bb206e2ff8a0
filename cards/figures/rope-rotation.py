"""RoPE turns a pair of a query and a key by position times angle; only the distance counts.

Computed with one pair, angle 1 radian a position, and q = k = (1, 0) before the rotation. At the
positions 5 and 3 (left) and 105 and 103 (right) the arrows point elsewhere, but the angle
between them is 2 radians in both, and so the score is cos 2 in both.
"""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Arc, Circle
from shapes import signed
from style import BLUE, DASHED, GREY, RED, arrow, new_diagram, save, say, tint

ANGLE = 1.0  # radians a position
RADIUS = 0.86


def turned(position: int) -> np.ndarray:
    """Rotate (1, 0) by the angle of a position."""
    return np.array([np.cos(position * ANGLE), np.sin(position * ANGLE)])


def panel(axes: Axes, centre: tuple[float, float], query: int, key: int) -> float:
    """Draw query and key of two positions on a circle; return their score."""
    axes.add_patch(Circle(centre, RADIUS, facecolor="none", edgecolor=tint(GREY, 0.5)))
    degrees = [np.degrees(position * ANGLE) % 360 for position in (key, query)]
    arc = Arc(centre, 0.62, 0.62, theta1=degrees[0], theta2=degrees[1], color=GREY)
    arc.set(linewidth=1.4)
    axes.add_patch(arc)
    for name, position, colour, dash in (("q", query, BLUE, "-"), ("k", key, RED, DASHED)):
        way = turned(position)
        tip = (centre[0] + RADIUS * way[0], centre[1] + RADIUS * way[1])
        arrow(axes, centre, tip, colour, dash=dash)
        text = (centre[0] + 1.12 * RADIUS * way[0], centre[1] + 1.14 * RADIUS * way[1])
        align = "left" if way[0] > 0 else "right"
        label = f"{name}, {position}"
        say(axes, text, label, colour, ha=align if abs(way[0]) > 0.3 else "center")
    middle = np.radians(degrees[0] + (query - key) * np.degrees(ANGLE) / 2)
    place = (centre[0] + 0.47 * np.cos(middle), centre[1] + 0.44 * np.sin(middle))
    say(axes, place, f"{(query - key) * ANGLE:g}", GREY, ha="center")
    return float(turned(query) @ turned(key))


def draw() -> Figure:
    """Draw both pairs of positions, and the score below each."""
    figure, axes = new_diagram(2.75)
    for x, query, key in ((1.3, 5, 3), (3.52, 105, 103)):
        score = panel(axes, (x, 1.55), query, key)
        say(axes, (x, 0.26), f"score = cos 2 = {signed(score, '.2f')}", ha="center")
    say(axes, (2.3, 2.62), "letter, position; angle between them in radians", GREY, ha="center")
    return figure


if __name__ == "__main__":
    save(draw(), "rope-rotation")
