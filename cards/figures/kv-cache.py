"""One decoding step with a KV cache: what is kept, what is computed, what is read.

A diagram: four tokens are cached and the fifth is fed in. Of it alone query, key and value are
computed; key and value are appended, the query attends to all five keys and is then dropped.
"""

from __future__ import annotations

from matplotlib.figure import Figure
from shapes import cell, heading
from style import BLUE, DASHED, GREEN, GREY, INK, PAPER, arrow, new_diagram, save, say, tint

TOKENS = ("The", "cache", "keeps", "old", "keys")
CELL = (0.66, 0.36)
LEFT = 0.86
ROWS = {"Q": 2.02, "K": 1.22, "V": 0.8}  # lower edges


def draw() -> Figure:
    """Draw queries, keys and values of all tokens, the newest at the right."""
    figure, axes = new_diagram(2.95)
    newest = len(TOKENS) - 1
    for place, token in enumerate(TOKENS):
        x = LEFT + place * CELL[0]
        new = place == newest
        say(axes, (x + CELL[0] / 2, 2.47), token, BLUE if new else INK, ha="center", va="baseline")
        for name, y in ROWS.items():
            text = name + "₁₂₃₄₅"[place]
            if new:
                look = {"facecolor": tint(BLUE, 0.25), "edgecolor": BLUE, "linewidth": 1.6}
            elif name == "Q":
                look = {"facecolor": PAPER, "edgecolor": GREY, "linestyle": DASHED, "ink": GREY}
                text = ""
            else:
                look = {"facecolor": tint(GREEN, 0.22), "edgecolor": GREEN}
            cell(axes, (x, y), CELL, text, zorder=1 + 0.1 * new, **look)
        middle = x + CELL[0] / 2
        start = LEFT + (newest + 0.5) * CELL[0]
        arrow(axes, (start, ROWS["Q"]), (middle, ROWS["K"] + CELL[1] + 0.01), BLUE)
    for name, y in ROWS.items():
        heading(axes, (LEFT - 0.14, y + CELL[1] / 2), name, ha="right")
    say(
        axes,
        (LEFT + 2 * CELL[0], ROWS["Q"] + CELL[1] / 2),
        "not kept",
        GREY,
        ha="center",
        backed=True,
    )
    heading(axes, (LEFT + (newest + 0.5) * CELL[0], 2.78), "new", BLUE)
    heading(axes, (LEFT + 2 * CELL[0], 2.78), "past")
    say(axes, (LEFT, 0.5), "read from the cache", GREEN)
    right = LEFT + 5 * CELL[0]
    say(axes, (right, 0.5), "computed, appended", BLUE, ha="right")
    say(axes, (LEFT, 0.2), "The new query scores all five keys.")
    return figure


if __name__ == "__main__":
    save(draw(), "kv-cache")
