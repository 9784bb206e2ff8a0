"""How BM25 counts a word: its weight saturates, and a long document needs more mentions.

The term-frequency factor f (k1 + 1) / (f + k1 (1 - b + b len)) with k1 = 1.2 and b = 0.75, for a
document of average length and one twice as long; its limit is k1 + 1. The plain count is the
straight line that leaves the picture.
"""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure
from style import BLUE, DASHED, DOTTED, GREY, INK, RED, new_figure, plain_ticks, save, say

K1, B = 1.2, 0.75


def factor(count: np.ndarray, length: float) -> np.ndarray:
    """Return BM25's factor for counts, at a length relative to the average."""
    return count * (K1 + 1) / (count + K1 * (1 - B + B * length))


def draw() -> Figure:
    """Draw both curves, the plain count and the limit."""
    figure = new_figure(2.6)
    axes = figure.add_subplot()
    fine, whole = np.linspace(0, 12, 97), np.arange(0, 13)
    axes.axhline(K1 + 1, color=GREY, linestyle=DOTTED)
    axes.plot((0, 2.9), (0, 2.9), color=INK, linewidth=1.2)
    for length, colour, dash in ((1, BLUE, "-"), (2, RED, DASHED)):
        axes.plot(fine, factor(fine, length), color=colour, linestyle=dash)
        axes.plot(whole, factor(whole, length), "o", color=colour, markersize=4)
    say(axes, (3.0, 2.75), "plain count f", INK)
    say(axes, (12, K1 + 1.14), f"limit k₁ + 1 = {K1 + 1:g}", GREY, ha="right")
    say(axes, (3.1, 2.02), "average length", BLUE)
    say(axes, (5.0, 1.3), "twice the average length", RED)
    axes.set(xlim=(0, 12.2), ylim=(0, 2.95), xlabel="count f of the word", ylabel="weight, × idf")
    plain_ticks(axes, (0, 1, 2, 4, 6, 8, 10, 12), (0, 1, 2))
    return figure


if __name__ == "__main__":
    save(draw(), "bm25-saturation")
