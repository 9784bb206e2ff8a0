"""From a request to an ad: eligible ads, two models, calibration, auction, and the learning loop.

A diagram; thousands and hundreds are orders of magnitude. On the right, the log joins what was
served with clicks at once and with conversions days later; it trains the models and fits the
calibration (dashed).
"""

from __future__ import annotations

import itertools

from matplotlib.figure import Figure
from shapes import link
from style import BLUE, DASHED, GREEN, GREY, INK, RED, VIOLET, arrow, box, new_diagram, save, say

CENTRE, SIDE = 1.3, 3.75
WIDTH, HEIGHT = 2.2, 0.5
TOP, STEP = 4.6, 0.82


def draw() -> Figure:
    """Draw the request downwards on the left, the log and training on the right."""
    stages = (
        ("request: user, place", INK),
        ("eligible ads:\ntargeting, budget", GREY),
        ("light model", BLUE),
        ("deep model", BLUE),
        ("calibration", GREEN),
        ("auction: bid × probability,\nprice", RED),
    )
    heights = [TOP - number * STEP for number in range(len(stages))]
    figure, axes = new_diagram(4.95)
    for (text, colour), height in zip(stages, heights, strict=True):
        box(axes, (CENTRE, height), (WIDTH, HEIGHT), text, edgecolor=colour)
    for upper, lower in itertools.pairwise(heights):
        link(axes, (CENTRE, upper), (CENTRE, lower), (0, HEIGHT))
    labels = ("", "thousands", "hundreds", "raw scores", "probabilities")
    for number, text in enumerate(labels):
        say(axes, (CENTRE + 0.12, heights[number] - STEP / 2), text, GREY)
    _, eligible, light, deep, calibration, auction = heights
    right = CENTRE + WIDTH / 2
    box(axes, (SIDE, eligible), (1.4, HEIGHT), "feature store", edgecolor=GREY)
    box(axes, (SIDE, deep), (1.4, HEIGHT), "training,\nevery hour", edgecolor=VIOLET)
    box(axes, (SIDE, auction), (1.4, 0.62), "joined log:\nshown, clicked", edgecolor=VIOLET)
    edge = SIDE - 0.7
    arrow(axes, (edge, eligible - 0.12), (right, light + 0.12))
    arrow(axes, (right, auction), (edge, auction), VIOLET, dash=DASHED)
    arrow(axes, (SIDE, auction + 0.31), (SIDE, deep - HEIGHT / 2), VIOLET, dash=DASHED)
    arrow(axes, (edge, deep + 0.1), (right, light - 0.12), VIOLET, dash=DASHED)
    arrow(axes, (edge, deep), (right, deep), VIOLET, dash=DASHED)
    arrow(axes, (edge, deep - 0.14), (right, calibration + 0.08), VIOLET, dash=DASHED)
    say(axes, (SIDE - 0.08, calibration), "conversions,\ndays late", VIOLET, ha="right")
    return figure


if __name__ == "__main__":
    save(draw(), "ad-ctr")
