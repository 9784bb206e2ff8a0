"""An assistant over company documents: ingestion with rights, a question, and what is learned.

A diagram, no data. The upper row runs whenever documents or rights change. A question goes through
identity and rewriting to a search that knows the rights, a reranker and a late check of rights;
the model answers with citations. Traces feed the evaluation (dashed).
"""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from style import (
    BLUE,
    DASHED,
    GREEN,
    GREY,
    INK,
    RED,
    VIOLET,
    Point,
    arrow,
    box,
    new_diagram,
    save,
    say,
)

SIZE = (1.24, 0.58)
LEFT, MIDDLE, RIGHT = 0.7, 2.3, 3.9
ROWS = (3.95, 2.75, 1.6, 0.4)


def across(axes: Axes, start: Point, end: Point, colour: str, **look: str) -> None:
    """Draw an arrow between two boxes of one row."""
    side = SIZE[0] / 2 if end[0] > start[0] else -SIZE[0] / 2
    arrow(axes, (start[0] + side, start[1]), (end[0] - side, end[1]), colour, **look)


def draw() -> Figure:
    """Draw ingestion above, the path of a question in the middle, evaluation below."""
    ingest, question, answer, learning = ROWS
    half = SIZE[1] / 2
    boxes = (
        ((LEFT, ingest), "documents\nand rights", GREY),
        ((MIDDLE, ingest), "parse, chunk,\nembed", GREEN),
        ((RIGHT, ingest), "word and\nvector index", GREEN),
        ((LEFT, question), "employee", INK),
        ((MIDDLE, question), "identity,\nrewriting", BLUE),
        ((RIGHT, question), "search within\nrights", BLUE),
        ((RIGHT, answer), "reranker", BLUE),
        ((MIDDLE, answer), "late check\nof rights", RED),
        ((LEFT, answer), "LLM", BLUE),
        ((LEFT, learning), "traces", VIOLET),
        ((MIDDLE, learning), "evaluation\nset", VIOLET),
        ((RIGHT, learning), "new prompts,\nmodels", VIOLET),
    )
    figure, axes = new_diagram(4.6)
    for centre, text, colour in boxes:
        box(axes, centre, SIZE, text, edgecolor=colour)
    across(axes, (LEFT, ingest), (MIDDLE, ingest), GREEN)
    across(axes, (MIDDLE, ingest), (RIGHT, ingest), GREEN)
    arrow(axes, (RIGHT, ingest - half), (RIGHT, question + half), GREEN)
    across(axes, (LEFT, question), (MIDDLE, question), BLUE)
    across(axes, (MIDDLE, question), (RIGHT, question), BLUE)
    arrow(axes, (RIGHT, question - half), (RIGHT, answer + half), BLUE)
    across(axes, (RIGHT, answer), (MIDDLE, answer), BLUE)
    across(axes, (MIDDLE, answer), (LEFT, answer), RED)
    arrow(axes, (LEFT, answer + half), (LEFT, question - half), INK)
    arrow(axes, (LEFT, answer - half), (LEFT, learning + half), VIOLET, dash=DASHED)
    across(axes, (LEFT, learning), (MIDDLE, learning), VIOLET, dash=DASHED)
    across(axes, (MIDDLE, learning), (RIGHT, learning), VIOLET, dash=DASHED)
    edge = LEFT - SIZE[0] / 2
    say(axes, (edge, ingest + 0.44), "on every change", fontweight="bold")
    say(axes, (edge, question + 0.44), "per question, seconds", fontweight="bold")
    say(axes, (LEFT + 0.1, (question + answer) / 2), "answer, citations")
    say(axes, (RIGHT - 0.1, (question + answer) / 2), "top 100", BLUE, ha="right")
    say(axes, (RIGHT - 0.1, (ingest + question) / 2), "rights on each chunk", GREEN, ha="right")
    return figure


if __name__ == "__main__":
    save(draw(), "enterprise-rag")
