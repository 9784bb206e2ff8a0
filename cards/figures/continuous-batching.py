"""Four places of an LLM server over 1,000 decoding steps: static and continuous batching.

Above, one static batch of answers with 100, 200, 300 and 1,000 tokens: places whose answer is
done wait for the longest, hatched. Below the same four begin, and each free place takes the next
of a queue of answers whose lengths repeat 300, 100, 500, 200 and 400. The shares of place-steps
that do work are computed from what is drawn.
"""

from __future__ import annotations

from itertools import pairwise

from matplotlib.figure import Figure
from shapes import cell, heading
from style import BLUE, GREY, PAPER, RED, THIN, arrow, new_diagram, save, say, tint

FIRST = (100, 200, 300, 1000)
QUEUE = (300, 100, 500, 200, 400)
STEPS = 1000
LEFT, WIDTH, HIGH = 0.1, 4.3, 0.25


def refilled() -> list[list[int]]:
    """Return for each place the steps at which an answer starts or ends, cut at the last step."""
    marks = [[0, length] for length in FIRST]
    waiting = 0
    while min(place[-1] for place in marks) < STEPS:
        place = min(marks, key=lambda taken: taken[-1])
        place.append(min(place[-1] + QUEUE[waiting % len(QUEUE)], STEPS))
        waiting += 1
    return marks


def draw() -> Figure:
    """Draw the places of both servers as bars over time."""
    figure, axes = new_diagram(3.15)
    scale = WIDTH / STEPS
    for roof, title, marks in (
        (2.75, "static", [[0, length] for length in FIRST]),
        (1.35, "continuous", refilled()),
    ):
        busy = sum(place[-1] for place in marks) / (len(marks) * STEPS)
        heading(axes, (LEFT, roof + 0.17), title, BLUE if busy == 1 else RED, ha="left")
        words = f"{busy:.0%} of the place-steps do work"
        say(axes, (LEFT + WIDTH, roof + 0.17), words, ha="right")
        for row, place in enumerate(marks):
            low = roof - (row + 1) * HIGH
            for number, (start, end) in enumerate(pairwise(place)):
                fill = tint(BLUE, 0.3 if number % 2 == 0 else 0.12)
                size = ((end - start) * scale, HIGH)
                corner = (LEFT + start * scale, low)
                cell(axes, corner, size, facecolor=fill, edgecolor=BLUE, linewidth=THIN)
            if place[-1] < STEPS:
                rest = (STEPS - place[-1]) * scale
                look = {"facecolor": PAPER, "edgecolor": GREY, "hatch": "////", "linewidth": THIN}
                cell(axes, (LEFT + place[-1] * scale, low), (rest, HIGH), **look)
    say(axes, (LEFT, 0.13), "decoding steps")
    arrow(axes, (LEFT + 1.15, 0.13), (LEFT + WIDTH, 0.13))
    say(axes, (LEFT + 2.6, 2.375), "idle", GREY, backed=True)
    return figure


if __name__ == "__main__":
    save(draw(), "continuous-batching")
