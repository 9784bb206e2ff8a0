"""The stages of a recommender as a funnel, from the whole catalogue to one page.

Orders of magnitude as commonly reported for large services: a catalogue of 10^7 to 10^8 items,
retrieval to hundreds or thousands, ranking to about a hundred, re-ranking to a page of some
ten. The upper edge of each band follows the logarithm of the number of items left.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from matplotlib.figure import Figure
from matplotlib.patches import Polygon
from style import BLUE, GREEN, GREY, RED, new_diagram, save, say, tint


class Stage(NamedTuple):
    """One band of the funnel."""

    name: str
    method: str
    items: float  # the middle of the range, on a log scale
    amount: str
    colour: str


STAGES = (
    Stage("Catalog", "all that is eligible", 10**7.5, "10 to 100 million", GREY),
    Stage("Retrieval", "fast, many sources", 10**3.0, "100s to 1000s", BLUE),
    Stage("Ranking", "one heavy model", 10**2.0, "about 100", RED),
    Stage("Re-ranking", "diversity, rules", 10**1.0, "about 10", GREEN),
)
CENTRE, WIDEST, NARROWEST = 1.35, 2.5, 0.85
BAND, GAP = 0.62, 0.14


def width(items: float) -> float:
    """Scale the logarithm of a number of items to inches."""
    share = (math.log10(items) - 1) / (7.5 - 1)
    return NARROWEST + share * (WIDEST - NARROWEST)


def draw() -> Figure:
    """Draw the bands downwards, the amount inside and the stage beside each."""
    figure, axes = new_diagram(3.1)
    for number, stage in enumerate(STAGES):
        top = 3.0 - number * (BAND + GAP)
        below = STAGES[min(number + 1, len(STAGES) - 1)]
        upper, lower = width(stage.items) / 2, width(below.items) / 2
        corners = (
            (CENTRE - upper, top),
            (CENTRE + upper, top),
            (CENTRE + lower, top - BAND),
            (CENTRE - lower, top - BAND),
        )
        axes.add_patch(Polygon(corners, facecolor=tint(stage.colour), edgecolor=stage.colour))
        say(axes, (CENTRE, top - BAND / 2), stage.amount, ha="center")
        say(axes, (2.85, top - BAND / 2 + 0.11), stage.name, stage.colour, fontweight="bold")
        say(axes, (2.85, top - BAND / 2 - 0.11), stage.method)
    return figure


if __name__ == "__main__":
    save(draw(), "recommender-stages")
