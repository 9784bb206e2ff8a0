"""A/A tests watched ten times: z statistics that leave the band at some look.

Simulation: 24 of 20 000 tests without any effect, ten equal batches each; z after each look.
Marked are those of the 24 that pass 1.96 at any look, from there on dashed: whoever stops there
reports an effect. The rates are those of all 20 000 tests.
"""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure
from style import BLUE, DASHED, GREY, INK, RED, new_figure, plain_ticks, save, say, tint

LOOKS, TESTS, SHOWN, LIMIT = 10, 20_000, 24, 1.959964


def draw() -> Figure:
    """Draw the paths over the looks, and the band of a single test."""
    rng = np.random.default_rng(5)
    looks = np.arange(1, LOOKS + 1)
    z = np.cumsum(rng.normal(size=(TESTS, LOOKS)), axis=1) / np.sqrt(looks)
    outside = np.abs(z) > LIMIT
    ever, last = outside.any(axis=1).mean(), outside[:, -1].mean()
    figure = new_figure(3.0)
    axes = figure.add_subplot()
    axes.axhspan(-LIMIT, LIMIT, color=tint(BLUE, 0.1), linewidth=0)
    for path, out in zip(z[:SHOWN], outside[:SHOWN], strict=True):
        if not out.any():
            axes.plot(looks, path, color=tint(GREY, 0.55), linewidth=0.9)
    for path, out in zip(z[:SHOWN], outside[:SHOWN], strict=True):
        if out.any():
            first = int(np.argmax(out))
            axes.plot(looks[: first + 1], path[: first + 1], color=RED, linewidth=1.5)
            axes.plot(looks[first:], path[first:], color=RED, linewidth=1.0, linestyle=DASHED)
            axes.plot(looks[first], path[first], "o", color=RED, markersize=6)
    axes.axhline(0, color=GREY, linewidth=0.7)
    crossed = int(outside[:SHOWN].any(axis=1).sum())
    words = f"no effect at all, yet {crossed} of {SHOWN} pass ±1.96 at some look"
    axes.set_title(words, fontsize=10, color=INK, pad=4)
    axes.set(xlim=(0.8, 10.2), ylim=(-3.2, 4.7), xlabel="look", ylabel="z statistic")
    plain_ticks(axes, (1, 2, 4, 6, 8, 10), (-2, 0, 2))
    say(axes, (10.1, 4.2), f"stop at any look: {ever:.0%} false alarms", RED, ha="right")
    say(axes, (10.1, 3.5), f"look once, at the end: {last:.0%}", BLUE, ha="right")
    return figure


if __name__ == "__main__":
    save(draw(), "peeking-paths")
