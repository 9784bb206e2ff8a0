"""Recommending tracks: four candidate sources, a multi-task ranker, re-ranking, and the way back.

A diagram; 1,000 candidates are an order of magnitude. The catalog and the listening events feed
the sources; new tracks, which few have heard yet, enter by their audio. What listeners do with
the page becomes the next events (dashed).
"""

from __future__ import annotations

from matplotlib.figure import Figure
from shapes import link
from style import (
    BLUE,
    DASHED,
    GREEN,
    GREY,
    INK,
    PAPER,
    RED,
    VIOLET,
    arrow,
    box,
    new_diagram,
    save,
    say,
)

SIZE = (1.22, 0.58)
LEFT, MIDDLE, RIGHT = 0.72, 2.3, 3.88
INPUTS, SOURCES, RANKING = 3.4, 2.1, 0.45
FRAME = (2.16, (4.12, 1.12))  # centre across and size
BACK = 4.36  # where the events flow back


def draw() -> Figure:
    """Draw the inputs above, the sources in their frame, the path to the page below."""
    figure, axes = new_diagram(3.85)
    half, middle = SIZE[1] / 2, FRAME[1][1] / 2
    box(axes, (LEFT, INPUTS), SIZE, "catalog", edgecolor=GREY)
    box(axes, (RIGHT, INPUTS), SIZE, "listening\nevents", edgecolor=VIOLET)
    box(axes, (FRAME[0], SOURCES), FRAME[1], "", edgecolor=GREEN, facecolor=PAPER)
    say(axes, (0.22, SOURCES + 0.37), "candidate sources", GREEN, fontweight="bold")
    sources = ("two-tower\n+ ANN", "co-\nlistening", "new tracks\nby audio", "editorial\npicks")
    for number, text in enumerate(sources):
        box(axes, (0.66 + number, SOURCES - 0.14), (0.92, 0.58), text, edgecolor=GREEN)
    for x in (LEFT, RIGHT - 0.2):
        arrow(axes, (x, INPUTS - half), (x, SOURCES + middle), GREEN)
    arrow(axes, (LEFT, SOURCES - middle), (LEFT, RANKING + half), BLUE)
    say(axes, (LEFT + 0.12, 1.14), "about 1,000 tracks", BLUE)
    box(axes, (LEFT, RANKING), SIZE, "multi-task\nranker", edgecolor=BLUE)
    box(axes, (MIDDLE, RANKING), SIZE, "re-rank:\ndiverse, fresh", edgecolor=RED)
    box(axes, (RIGHT, RANKING), SIZE, "page", edgecolor=INK)
    link(axes, (LEFT, RANKING), (MIDDLE, RANKING), SIZE, BLUE)
    link(axes, (MIDDLE, RANKING), (RIGHT, RANKING), SIZE, RED)
    arrow(axes, (BACK, RANKING + half), (BACK, INPUTS - half), VIOLET, dash=DASHED)
    say(axes, (BACK - 0.1, 1.14), "plays, skips, saves", VIOLET, ha="right")
    return figure


if __name__ == "__main__":
    save(draw(), "music-recommender-architecture")
