"""An assistant over company documents: ingestion with rights, a question, and what is learned.

A diagram, no data. The upper row runs whenever documents or rights change. A question goes through
identity and rewriting to a search that knows the rights, a reranker and a late check of rights;
the model answers with citations. Traces feed the evaluation (dashed).
"""

from __future__ import annotations

from matplotlib.figure import Figure
from shapes import link
from style import BLUE, DASHED, GREEN, GREY, INK, RED, VIOLET, box, new_diagram, save, say

SIZE = (1.24, 0.58)
LEFT, MIDDLE, RIGHT = 0.7, 2.3, 3.9
ROWS = (3.95, 2.75, 1.6, 0.4)


def draw() -> Figure:
    """Draw ingestion above, the path of a question in the middle, evaluation below."""
    ingest, question, answer, learning = ROWS
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
    link(axes, (LEFT, ingest), (MIDDLE, ingest), SIZE, GREEN)
    link(axes, (MIDDLE, ingest), (RIGHT, ingest), SIZE, GREEN)
    link(axes, (RIGHT, ingest), (RIGHT, question), SIZE, GREEN)
    link(axes, (LEFT, question), (MIDDLE, question), SIZE, BLUE)
    link(axes, (MIDDLE, question), (RIGHT, question), SIZE, BLUE)
    link(axes, (RIGHT, question), (RIGHT, answer), SIZE, BLUE)
    link(axes, (RIGHT, answer), (MIDDLE, answer), SIZE, BLUE)
    link(axes, (MIDDLE, answer), (LEFT, answer), SIZE, RED)
    link(axes, (LEFT, answer), (LEFT, question), SIZE, INK)
    link(axes, (LEFT, answer), (LEFT, learning), SIZE, VIOLET, dash=DASHED)
    link(axes, (LEFT, learning), (MIDDLE, learning), SIZE, VIOLET, dash=DASHED)
    link(axes, (MIDDLE, learning), (RIGHT, learning), SIZE, VIOLET, dash=DASHED)
    edge = LEFT - SIZE[0] / 2
    say(axes, (edge, ingest + 0.44), "on every change", fontweight="bold")
    say(axes, (edge, question + 0.44), "per question, seconds", fontweight="bold")
    say(axes, (LEFT + 0.1, (question + answer) / 2), "answer, citations")
    say(axes, (RIGHT - 0.1, (question + answer) / 2), "top 100", BLUE, ha="right")
    say(axes, (RIGHT - 0.1, (ingest + question) / 2), "rights on each chunk", GREEN, ha="right")
    return figure


if __name__ == "__main__":
    save(draw(), "enterprise-rag")
