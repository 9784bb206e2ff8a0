"""The stages of retrieval-augmented generation: work done ahead, and work done per question.

A diagram, no data; the numbers of passages are usual orders of magnitude. The index is where the
two ways meet.
"""

from __future__ import annotations

from matplotlib.figure import Figure
from shapes import heading, link
from style import BLUE, GREEN, GREY, INK, RED, box, new_diagram, save, say

SIZE = (1.16, 0.5)
LEFT, MIDDLE, RIGHT = 0.66, 2.3, 3.94
FILES, INDEX, SEARCH, ANSWER = 3.15, 2.35, 1.4, 0.55


def draw() -> Figure:
    """Draw ingestion above, the question's way below."""
    figure, axes = new_diagram(3.8)
    boxes = (
        ((LEFT, FILES), "files", GREY),
        ((MIDDLE, FILES), "parse", GREEN),
        ((RIGHT, FILES), "chunk", GREEN),
        ((RIGHT, INDEX), "embed,\nindex", GREEN),
        ((LEFT, SEARCH), "question", INK),
        ((RIGHT, SEARCH), "retrieve", BLUE),
        ((RIGHT, ANSWER), "rerank", BLUE),
        ((MIDDLE, ANSWER), "generate", RED),
        ((LEFT, ANSWER), "cite and\nverify", RED),
    )
    for centre, text, colour in boxes:
        box(axes, centre, SIZE, text, edgecolor=colour)
    ways = (
        ((LEFT, FILES), (MIDDLE, FILES), GREEN),
        ((MIDDLE, FILES), (RIGHT, FILES), GREEN),
        ((RIGHT, FILES), (RIGHT, INDEX), GREEN),
        ((RIGHT, INDEX), (RIGHT, SEARCH), GREEN),
        ((LEFT, SEARCH), (RIGHT, SEARCH), BLUE),
        ((RIGHT, SEARCH), (RIGHT, ANSWER), BLUE),
        ((RIGHT, ANSWER), (MIDDLE, ANSWER), BLUE),
        ((MIDDLE, ANSWER), (LEFT, ANSWER), RED),
    )
    for start, end, colour in ways:
        link(axes, start, end, SIZE, colour)
    edge = LEFT - SIZE[0] / 2
    heading(axes, (edge, FILES + 0.42), "ahead of time", ha="left")
    heading(axes, (edge, SEARCH + 0.42), "for each question", ha="left")
    say(
        axes,
        (MIDDLE + 0.4, INDEX + 0.02),
        "with source, date\nand access rights",
        GREEN,
        ha="right",
    )
    say(axes, (RIGHT - 0.1, (SEARCH + ANSWER) / 2), "about 100 candidates", BLUE, ha="right")
    say(axes, ((MIDDLE + RIGHT) / 2, ANSWER - 0.38), "5 to 10 passages", BLUE, ha="center")
    return figure


if __name__ == "__main__":
    save(draw(), "rag-pipeline")
