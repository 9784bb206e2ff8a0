"""Where a fraud scorer runs: gateway, two regions, rules as fallback, a queue for review.

A diagram, no data. The client's payment reaches the gateway, which asks the nearest healthy region.
Each region runs several scorer replicas beside its own copy of the feature store; the copies are
kept alike. When no score comes in time, plain rules decide. Uncertain cases also go to a queue
for people to review. Dashed arrows carry only what came too late or needs a person.
"""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from shapes import heading
from style import BLUE, DASHED, GREEN, ORANGE, PAPER, VIOLET, arrow, box, new_diagram, save, say

REGION = (2.1, 1.95)
REGION_MIDDLE = 2.4
CENTRES = {"Region A": 1.17, "Region B": 3.43}
REPLICAS = 3


def region(axes: Axes, name: str, middle: float) -> None:
    """Draw a region: its scorer replicas above its copy of the feature store."""
    box(axes, (middle, REGION_MIDDLE), REGION, "", linestyle=DASHED, facecolor=PAPER)
    heading(axes, (middle, REGION_MIDDLE + 0.77), name)
    for number in range(REPLICAS):
        place = middle + (number - (REPLICAS - 1) / 2) * 0.66
        box(axes, (place, REGION_MIDDLE + 0.37), (0.6, 0.38), "scorer", edgecolor=BLUE)
        arrow(axes, (place, REGION_MIDDLE - 0.3), (place, REGION_MIDDLE + 0.18), GREEN)
    box(
        axes,
        (middle, REGION_MIDDLE - 0.56),
        (1.92, 0.52),
        "feature store\n(replica)",
        edgecolor=GREEN,
    )


def draw() -> Figure:
    """Draw the path of a payment downwards, the rules at the right, the review at the foot."""
    figure, axes = new_diagram(4.65)
    high, low = 4.3, 0.42
    box(axes, (0.55, high), (0.85, 0.45), "Client")
    box(axes, (2.3, high), (0.95, 0.45), "Gateway")
    box(axes, (4.03, high), (0.95, 0.52), "Rules\nfallback", edgecolor=ORANGE)
    arrow(axes, (0.98, high + 0.07), (1.82, high + 0.07))
    arrow(axes, (1.82, high - 0.07), (0.98, high - 0.07))
    say(axes, (1.4, high + 0.2), "payment", ha="center")
    say(axes, (1.4, high - 0.21), "decision", ha="center")
    arrow(axes, (2.78, high), (3.55, high), ORANGE, dash=DASHED, ends="<|-|>")
    say(axes, (3.16, high + 0.14), "timeout", ORANGE, ha="center")
    roof, floor = REGION_MIDDLE + REGION[1] / 2, REGION_MIDDLE - REGION[1] / 2
    for name, middle in CENTRES.items():
        side = 1 if middle > 2.3 else -1
        region(axes, name, middle)
        arrow(axes, (2.3 + 0.25 * side, high - 0.23), (middle, roof), ends="<|-|>")
        arrow(axes, (middle, floor), (2.3 + 0.35 * side, low + 0.23), VIOLET, dash=DASHED)
    say(axes, (2.3, roof + 0.15), "nearest healthy", ha="center")
    between = (CENTRES["Region A"] + 0.96, CENTRES["Region B"] - 0.96)
    store = REGION_MIDDLE - 0.56
    arrow(axes, (between[0], store), (between[1], store), GREEN, ends="<|-|>")
    say(axes, (2.3, floor - 0.2), "uncertain cases", VIOLET, ha="center")
    box(axes, (2.3, low), (1.3, 0.45), "review queue", edgecolor=VIOLET)
    box(axes, (4.03, low), (0.95, 0.45), "Analysts")
    arrow(axes, (2.95, low), (3.55, low), VIOLET, dash=DASHED)
    return figure


if __name__ == "__main__":
    save(draw(), "fraud-topology")
