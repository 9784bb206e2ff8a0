"""FlashAttention: scores exist one tile at a time, a running maximum and sum join the tiles.

A diagram over five tiles of keys for one tile of queries; the tile at work is the third. The
scores of the other tiles are not stored anywhere. What is carried is written at the right.
"""

from __future__ import annotations

from matplotlib.figure import Figure
from shapes import cell, heading
from style import BLUE, GREEN, GREY, INK, PAPER, RED, arrow, new_diagram, save, say, tint

TILES, AT = 5, (1, 2)
LEFT, TOP, SIDE = 0.9, 2.75, 0.4


def draw() -> Figure:
    """Draw the score matrix in tiles, the one at work, and what is carried along its row."""
    figure, axes = new_diagram(3.3)
    for row in range(TILES):
        for column in range(TILES):
            corner = (LEFT + column * SIDE, TOP - (row + 1) * SIDE)
            done = row < AT[0] or (row == AT[0] and column < AT[1])
            look = {"facecolor": PAPER, "edgecolor": tint(GREY, 0.6)}
            if done:
                look |= {"facecolor": tint(GREY, 0.14)}
            cell(axes, corner, (SIDE, SIDE), "✓" if done else "", ink=GREY, **look)
    place = (LEFT + AT[1] * SIDE, TOP - (AT[0] + 1) * SIDE)
    cell(axes, place, (SIDE, SIDE), "S", facecolor=tint(RED, 0.25), edgecolor=RED, linewidth=2.2)
    for number in range(TILES):
        used = number == AT[1]
        colour = {"facecolor": tint(BLUE, 0.3 if used else 0.1), "edgecolor": BLUE}
        cell(axes, (LEFT + number * SIDE, TOP + 0.08), (SIDE, 0.2), **colour)
        used = number == AT[0]
        colour = {"facecolor": tint(GREEN, 0.35 if used else 0.1), "edgecolor": GREEN}
        cell(axes, (LEFT - 0.28, TOP - (number + 1) * SIDE), (0.2, SIDE), **colour)
    heading(axes, (LEFT + 2.5 * SIDE, TOP + 0.42), "keys K, with values V", BLUE)
    heading(axes, (LEFT - 0.5, TOP - 2.5 * SIDE), "queries Q", GREEN, rotation=90)
    middle = TOP - (AT[0] + 0.5) * SIDE
    arrow(
        axes, (LEFT + AT[1] * SIDE + SIDE + 0.04, middle), (LEFT + TILES * SIDE - 0.03, middle), RED
    )
    x = LEFT + TILES * SIDE + 0.2
    heading(axes, (x, TOP - 0.1), "carried per query", RED, ha="left")
    lines = "m  largest score\nℓ  sum of exp(S − m)\no  output so far"
    say(axes, (x, TOP - 0.58), lines, INK, linespacing=1.35)
    say(axes, (x, TOP - 1.33), "m grows: multiply\nℓ and o by\nexp(m old − m new)", RED)
    say(axes, (x, TOP - 1.83), "at the end: o / ℓ", INK)
    foot = TOP - TILES * SIDE
    say(axes, (LEFT - 0.28, foot - 0.22), "✓ computed, then dropped: the n×n scores", GREY)
    say(axes, (LEFT - 0.28, foot - 0.43), "are never written to slow memory", GREY)
    return figure


if __name__ == "__main__":
    save(draw(), "flash-tiles")
