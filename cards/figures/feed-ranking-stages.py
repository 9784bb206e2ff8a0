"""How a feed is ranked: two sources, a light and a heavy ranker, rules, and the log.

A diagram; thousands and hundreds are orders of magnitude. Every stage keeps fewer posts and
spends more on each, as the narrower boxes show. What viewers do is logged and trains the heavy
ranker; the light one is distilled from its scores, on candidates never shown too (dashed).
"""

from __future__ import annotations

from matplotlib.figure import Figure
from shapes import link
from style import BLUE, DASHED, GREY, INK, RED, VIOLET, arrow, box, new_diagram, save, say

CENTRE, LOG = 1.6, 3.85
HEIGHT = 0.58
ROWS = (4.3, 3.3, 2.3, 1.3, 0.42)


def draw() -> Figure:
    """Draw the stages downwards, ever narrower, and the way back on the right."""
    sources, light, heavy, rules, feed = ROWS
    stages = (
        (light, 2.7, "light ranker", BLUE),
        (heavy, 2.2, "heavy ranker:\nlike, share, hide ...", BLUE),
        (rules, 1.7, "rules: integrity,\ndiversity", RED),
        (feed, 1.2, "feed", INK),
    )
    figure, axes = new_diagram(4.72)
    half = HEIGHT / 2
    for x, text in ((CENTRE - 0.74, "followed\naccounts"), (CENTRE + 0.74, "recommended\nposts")):
        box(axes, (x, sources), (1.22, HEIGHT), text, edgecolor=GREY)
        link(axes, (x, sources), (x, light), (0, HEIGHT))
    for height, width, text, colour in stages:
        box(axes, (CENTRE, height), (width, HEIGHT), text, edgecolor=colour)
    for upper, lower, colour in ((light, heavy, BLUE), (heavy, rules, BLUE), (rules, feed, RED)):
        link(axes, (CENTRE, upper), (CENTRE, lower), (0, HEIGHT), colour)
    say(axes, (CENTRE, (sources + light) / 2), "thousands", GREY, ha="center")
    say(axes, (CENTRE + 0.12, (light + heavy) / 2), "hundreds", BLUE)
    say(axes, (CENTRE + 0.12, (heavy + rules) / 2), "scored by value", BLUE)
    box(axes, (LOG, feed), (1.22, HEIGHT), "feedback log", edgecolor=VIOLET)
    arrow(axes, (CENTRE + 0.6, feed), (LOG - 0.61, feed), VIOLET, dash=DASHED)
    elbow = "angle,angleA=90,angleB=180,rad=4"
    arrow(axes, (LOG, feed + half), (CENTRE + 1.1, heavy), VIOLET, dash=DASHED, bend=elbow)
    say(axes, (LOG - 0.1, rules), "trains", VIOLET, ha="right")
    arrow(axes, (CENTRE + 0.95, heavy + half), (CENTRE + 0.95, light - half), VIOLET, dash=DASHED)
    say(axes, (CENTRE + 1.08, (light + heavy) / 2), "distilled, also on\nposts never shown", VIOLET)
    return figure


if __name__ == "__main__":
    save(draw(), "feed-ranking-stages")
