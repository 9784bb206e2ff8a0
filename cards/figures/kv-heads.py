"""Which query heads share a key-value head: MHA, GQA and MQA, drawn with eight query heads.

A diagram. A key-value head serves a block of neighbouring query heads; the cache holds only
key-value heads, so it shrinks to the share written at the right, which is computed.
"""

from __future__ import annotations

from fractions import Fraction

from matplotlib.figure import Figure
from shapes import cell, heading
from style import BLUE, GREEN, GREY, new_diagram, save, say, tint

QUERIES = 8
KINDS = (("MHA", 8), ("GQA", 2), ("MQA", 1))
LEFT, STEP, SIDE = 0.98, 0.33, 0.27
GAP = 1.12


def draw() -> Figure:
    """Draw a row of query heads and the key-value heads below, for each kind."""
    figure, axes = new_diagram(3.75)
    say(axes, (LEFT + (QUERIES * STEP) + 0.02, 3.5), "KV cache", fontweight="bold")
    for number, (name, heads) in enumerate(KINDS):
        roof = 3.3 - number * GAP
        low = roof - 0.78
        heading(axes, (0.08, roof - 0.39), name, ha="left")
        say(axes, (LEFT - 0.12, roof - SIDE / 2), "Q", BLUE, ha="right")
        say(axes, (LEFT - 0.12, low + SIDE / 2), "K, V", GREEN, ha="right")
        each = QUERIES // heads
        for head in range(heads):
            middle = LEFT + (head * each + (each - 1) / 2) * STEP + SIDE / 2
            for query in range(head * each, (head + 1) * each):
                x = LEFT + query * STEP
                axes.plot((x + SIDE / 2, middle), (roof - SIDE, low + SIDE), color=GREY, lw=1.0)
                look = {"facecolor": tint(BLUE, 0.2), "edgecolor": BLUE}
                cell(axes, (x, roof - SIDE), (SIDE, SIDE), str(query + 1), **look)
            corner = (middle - SIDE / 2, low)
            look = {"facecolor": tint(GREEN, 0.28), "edgecolor": GREEN, "linewidth": 1.6}
            cell(axes, corner, (SIDE, SIDE), **look)
        share = Fraction(heads, QUERIES)
        say(axes, (LEFT + QUERIES * STEP + 0.1, low + SIDE / 2), f"× {share}", GREEN)
    return figure


if __name__ == "__main__":
    save(draw(), "kv-heads")
