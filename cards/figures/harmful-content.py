"""How a post or ad is judged: known material, light models, an LLM with the policy, reviewers.

A diagram, no data. Clear cases end early; what is uncertain goes further down, to ever fewer and
dearer judges. Appeals give labels, random audits the measured prevalence (dashed).
"""

from __future__ import annotations

import itertools

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

CENTRE, BAD, GOOD = 2.3, 0.6, 4.0
SIZE = (1.6, 0.52)
TOP, STEP = 4.3, 0.95


def draw() -> Figure:
    """Draw the judges downwards, removal on the left, display on the right, audits below."""
    stages = (
        ("post or ad", INK),
        ("known material\n(hashes)", GREY),
        ("light models:\npost and account", BLUE),
        ("LLM with the\npolicy text", BLUE),
        ("reviewers", ORANGE),
    )
    heights = [TOP - number * STEP for number in range(len(stages))]
    _, known, light, judge, people = heights
    figure, axes = new_diagram(4.7)
    for (text, colour), height in zip(stages, heights, strict=True):
        box(axes, (CENTRE, height), SIZE, text, edgecolor=colour)
    for upper, lower in itertools.pairwise(heights):
        link(axes, (CENTRE, upper), (CENTRE, lower), SIZE)
    middle = (known + people) / 2
    tall = known - people + SIZE[1]
    box(axes, (BAD, middle), (0.9, tall), "remove,\nlimit", edgecolor=RED)
    box(axes, (GOOD, middle), (0.9, tall), "show", edgecolor=GREEN)
    left, right = CENTRE - SIZE[0] / 2, CENTRE + SIZE[0] / 2
    for height in (known, light, judge, people):
        arrow(axes, (left, height), (BAD + 0.45, height), RED)
    for height in (light, judge, people):
        arrow(axes, (right, height), (GOOD - 0.45, height), GREEN)
    for lower in (judge, people):
        say(axes, (CENTRE + 0.1, lower + STEP / 2), "uncertain", GREY)
    say(axes, (CENTRE + 0.1, light + STEP / 2), "new", GREY)
    say(axes, (GOOD, known + 0.55), "random audits:\nprevalence", VIOLET, ha="center")
    arrow(axes, (GOOD, middle + tall / 2), (GOOD, known + 0.38), VIOLET, dash=DASHED)
    say(axes, (BAD, known + 0.55), "appeals:\nlabels", VIOLET, ha="center")
    arrow(axes, (BAD, middle + tall / 2), (BAD, known + 0.38), VIOLET, dash=DASHED)
    return figure


if __name__ == "__main__":
    save(draw(), "harmful-content")
