"""Recommending goods in a photo app: ingestion, embeddings, index, ranker, serving, and the log.

A diagram; 1,000 candidates are an order of magnitude. The upper row runs in batch: goods and the
photos users saved are embedded, and the vectors of the goods indexed. A request passes from the
app through user and session features to candidates, ranker and re-ranking, and back. What was
shown, with its probability, is logged and trains the next models (dashed).
"""

from __future__ import annotations

from matplotlib.figure import Figure
from shapes import link
from style import BLUE, DASHED, GREEN, GREY, INK, RED, VIOLET, arrow, box, new_diagram, save, say

SIZE = (1.22, 0.58)
LEFT, MIDDLE, RIGHT = 0.72, 2.3, 3.88
ROWS = (3.9, 2.75, 1.65, 0.45)


def draw() -> Figure:
    """Draw batch work above, the path of a request in the middle, learning below."""
    batch, request, answer, learning = ROWS
    boxes = (
        ((LEFT, batch), "goods,\nsaved photos", GREY),
        ((MIDDLE, batch), "image and\ntext encoders", GREEN),
        ((RIGHT, batch), "vector index\n(ANN)", GREEN),
        ((LEFT, request), "app", INK),
        ((MIDDLE, request), "user and\nsession", BLUE),
        ((RIGHT, request), "candidates:\nabout 1,000", BLUE),
        ((RIGHT, answer), "multi-task\nranker", RED),
        ((MIDDLE, answer), "re-ranking,\nrules", RED),
        ((LEFT, learning), "event log", VIOLET),
        ((MIDDLE, learning), "training", VIOLET),
        ((RIGHT, learning), "new ranker,\nencoders", VIOLET),
    )
    figure, axes = new_diagram(4.5)
    for centre, text, colour in boxes:
        box(axes, centre, SIZE, text, edgecolor=colour)
    link(axes, (LEFT, batch), (MIDDLE, batch), SIZE, GREEN)
    link(axes, (MIDDLE, batch), (RIGHT, batch), SIZE, GREEN)
    link(axes, (RIGHT, batch), (RIGHT, request), SIZE, GREEN)
    link(axes, (LEFT, request), (MIDDLE, request), SIZE, BLUE)
    link(axes, (MIDDLE, request), (RIGHT, request), SIZE, BLUE)
    link(axes, (RIGHT, request), (RIGHT, answer), SIZE, BLUE)
    link(axes, (RIGHT, answer), (MIDDLE, answer), SIZE, RED)
    edge = MIDDLE - SIZE[0] / 2, answer
    elbow = "angle,angleA=180,angleB=90,rad=4"
    arrow(axes, edge, (LEFT + 0.35, request - SIZE[1] / 2), RED, bend=elbow)
    top = learning + SIZE[1] / 2
    arrow(axes, (LEFT - 0.25, request - SIZE[1] / 2), (LEFT - 0.25, top), VIOLET, dash=DASHED)
    link(axes, (LEFT, learning), (MIDDLE, learning), SIZE, VIOLET, dash=DASHED)
    link(axes, (MIDDLE, learning), (RIGHT, learning), SIZE, VIOLET, dash=DASHED)
    arrow(axes, (RIGHT, top), (RIGHT, answer - SIZE[1] / 2), VIOLET, dash=DASHED)
    say(axes, (LEFT - SIZE[0] / 2, batch + 0.45), "in batch", fontweight="bold")
    say(axes, (LEFT - SIZE[0] / 2, request + 0.45), "per request, some 100 ms", fontweight="bold")
    say(axes, (LEFT - 0.17, 1.06), "what was shown, with\nits probability; clicks", VIOLET)
    return figure


if __name__ == "__main__":
    save(draw(), "photo-app-architecture")
