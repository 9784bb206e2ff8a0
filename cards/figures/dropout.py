"""Dropout on a small net: a fresh random mask in every training step, all units at inference.

Layers of 4, 5, 5 and 2 units; dropout with p = 0.5 acts on the two hidden layers. The masks are
drawn at random, one draw per unit and step. A dropped unit is crossed out and loses its
connections for that step; what is kept there is multiplied by 1 / (1 - p) = 2.
"""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from shapes import heading
from style import BLUE, GREY, MINUS, PAPER, RED, new_diagram, save, say, tint

SIZES = (4, 5, 5, 2)
DROP = 0.5
PANEL, SPREAD, STEP = 1.5, 1.12, 0.36
MIDDLE = 1.35


def masks() -> list[list[np.ndarray]]:
    """Draw the kept units of two training steps; at inference every unit is kept."""
    rng = np.random.default_rng(9)
    steps = [
        [
            rng.random(size) >= DROP if 0 < layer < len(SIZES) - 1 else np.ones(size, bool)
            for layer, size in enumerate(SIZES)
        ]
        for _ in range(2)
    ]
    return [*steps, [np.ones(size, bool) for size in SIZES]]


def net(axes: Axes, left: float, kept: list[np.ndarray]) -> None:
    """Draw one net: connections between kept units, kept units filled, dropped ones crossed."""
    gap = SPREAD / (len(SIZES) - 1)
    places = [
        [(left + layer * gap, MIDDLE + ((size - 1) / 2 - unit) * STEP) for unit in range(size)]
        for layer, size in enumerate(SIZES)
    ]
    lines: list[tuple[float, float]] = []
    for layer in range(len(SIZES) - 1):
        for start, there in zip(places[layer], kept[layer], strict=True):
            for end, here in zip(places[layer + 1], kept[layer + 1], strict=True):
                if there and here:
                    lines += [start, end, (np.nan, np.nan)]
    axes.plot(*zip(*lines, strict=True), color=GREY, linewidth=0.7)
    look = {"markersize": 10.0, "markeredgewidth": 1.2, "linestyle": "none"}
    for units, there in zip(places, kept, strict=True):
        x, y = np.array(units).T
        axes.plot(x[there], y[there], "o", color=BLUE, markerfacecolor=tint(BLUE, 0.3), **look)
        axes.plot(x[~there], y[~there], "o", color=RED, markerfacecolor=PAPER, **look)
        axes.plot(x[~there], y[~there], "x", color=RED, markersize=6.0, markeredgewidth=1.4)


def draw() -> Figure:
    """Draw two training steps and inference side by side."""
    figure, axes = new_diagram(2.72)
    titles = ("training, step 1", "training, step 2", "inference")
    notes = ("kept hidden: × 2", "kept hidden: × 2", "no mask: × 1")
    for number, (kept, title, note) in enumerate(zip(masks(), titles, notes, strict=True)):
        left = 0.22 + number * PANEL
        net(axes, left, kept)
        heading(axes, (left + SPREAD / 2, 2.42), title, va="baseline")
        say(axes, (left + SPREAD / 2, 0.42), note, ha="center")
    foot = f"hidden layers dropped with p = {DROP:g}; 1 / (1 {MINUS} p) = {1 / (1 - DROP):g}"
    say(axes, (2.3, 0.15), foot, ha="center")
    return figure


if __name__ == "__main__":
    save(draw(), "dropout")
