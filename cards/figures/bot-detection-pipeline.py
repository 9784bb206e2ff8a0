"""Finding bots: cheap rules, a scorer, three actions by threshold, late labels, retraining.

A diagram. Rules and rate limits stop what is obvious; the rest is scored on features of the
session and of the graph of accounts. Two thresholds on the score choose the action. Reviews,
challenges and later reports give labels, which train the next scorer (dashed).
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
    ORANGE,
    RED,
    VIOLET,
    arrow,
    box,
    new_diagram,
    save,
    say,
)

SIZE = (1.2, 0.58)
LEFT, MIDDLE, RIGHT = 0.68, 2.18, 3.68
ROWS = (4.15, 3.15, 1.7, 0.45)
BACK = 4.46  # where the new scorer comes back


def draw() -> Figure:
    """Draw the features above, the path of a request, the three actions, learning below."""
    inputs, scoring, actions, learning = ROWS
    boxes = (
        ((MIDDLE, inputs), "session\nfeatures", GREEN),
        ((RIGHT, inputs), "graph\nfeatures", GREEN),
        ((LEFT, scoring), "sign-ups,\nrequests", INK),
        ((MIDDLE, scoring), "cheap rules,\nrate limits", GREY),
        ((RIGHT, scoring), "scorer", BLUE),
        ((LEFT, actions), "block", RED),
        ((MIDDLE, actions), "challenge", ORANGE),
        ((RIGHT, actions), "allow", GREEN),
        ((LEFT, learning), "review\nqueue", VIOLET),
        ((MIDDLE, learning), "labels,\ndays late", VIOLET),
        ((RIGHT, learning), "retraining", VIOLET),
    )
    figure, axes = new_diagram(4.55)
    side, half = SIZE[0] / 2, SIZE[1] / 2
    for centre, text, colour in boxes:
        box(axes, centre, SIZE, text, edgecolor=colour)
    link(axes, (LEFT, scoring), (MIDDLE, scoring), SIZE)
    link(axes, (MIDDLE, scoring), (RIGHT, scoring), SIZE)
    link(axes, (RIGHT, inputs), (RIGHT, scoring), SIZE, GREEN)
    arrow(axes, (MIDDLE + 0.4, inputs - half), (RIGHT - 0.4, scoring + half), GREEN)
    split = scoring - half - 0.32
    corner = (LEFT, RIGHT, RIGHT), (split, split, scoring - half)
    axes.plot(*corner, color=BLUE, linewidth=1.2)
    for x, text in ((LEFT, "high score"), (MIDDLE, "middle"), (RIGHT, "low")):
        arrow(axes, (x, split), (x, actions + half), BLUE)
        say(axes, (x + 0.1, (split + actions + half) / 2 + 0.02), text, BLUE)
    for x in (LEFT, MIDDLE):
        link(axes, (x, actions), (x, learning), SIZE, VIOLET)
    arrow(axes, (RIGHT - 0.3, actions - half), (MIDDLE + 0.45, learning + half), VIOLET)
    say(axes, (RIGHT - 0.42, (actions + learning) / 2 - 0.1), "reports", VIOLET)
    link(axes, (LEFT, learning), (MIDDLE, learning), SIZE, VIOLET)
    link(axes, (MIDDLE, learning), (RIGHT, learning), SIZE, VIOLET, dash=DASHED)
    way = (RIGHT + side, BACK, BACK), (learning, learning, scoring)
    axes.plot(*way, color=VIOLET, linewidth=1.2, linestyle=DASHED)
    arrow(axes, (BACK, scoring), (RIGHT + side, scoring), VIOLET)
    return figure


if __name__ == "__main__":
    save(draw(), "bot-detection-pipeline")
