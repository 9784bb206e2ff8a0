"""Serving a large language model: gateway, router, replicas with scheduler and cache, batch queue.

A diagram, no data. A request is counted and admitted at the gateway and routed by load and by what
a replica's cache holds. Tokens stream back; a cancel goes the other way (dashed). Batch jobs wait
in a queue and fill what is free.
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
    ORANGE,
    PAPER,
    RED,
    VIOLET,
    arrow,
    box,
    new_diagram,
    save,
    say,
)

HIGH, DOOR, LOW = 4.25, 3.2, 0.4
REPLICA = (1.42, 1.45)
REPLICA_MIDDLE = 1.75
CENTRES = (0.76, 2.3, 3.84)


def replica(axes: Axes, middle: float, number: int) -> None:
    """Draw one replica: its scheduler above its cache."""
    box(axes, (middle, REPLICA_MIDDLE), REPLICA, "", linestyle=DASHED, facecolor=PAPER)
    say(axes, (middle, REPLICA_MIDDLE + 0.56), f"replica {number}", ha="center")
    box(axes, (middle, REPLICA_MIDDLE + 0.17), (1.22, 0.4), "scheduler", edgecolor=BLUE)
    box(axes, (middle, REPLICA_MIDDLE - 0.43), (1.22, 0.4), "paged cache", edgecolor=GREEN)
    arrow(
        axes,
        (middle, REPLICA_MIDDLE - 0.03),
        (middle, REPLICA_MIDDLE - 0.23),
        GREEN,
        ends="<|-|>",
    )


def draw() -> Figure:
    """Draw the way of a request downwards and the batch jobs at the foot."""
    figure, axes = new_diagram(4.6)
    roof = REPLICA_MIDDLE + REPLICA[1] / 2
    floor = REPLICA_MIDDLE - REPLICA[1] / 2
    box(axes, (0.76, HIGH), (1.1, 0.45), "clients", edgecolor=INK)
    box(axes, (3.3, HIGH), (1.95, 0.55), "gateway: identity,\nquota in tokens", edgecolor=ORANGE)
    box(axes, (3.3, DOOR), (1.95, 0.45), "router", edgecolor=BLUE)
    arrow(axes, (1.31, HIGH + 0.08), (2.32, HIGH + 0.08))
    arrow(axes, (2.32, HIGH - 0.1), (1.31, HIGH - 0.1), RED)
    say(axes, (1.81, HIGH + 0.21), "request", ha="center")
    say(axes, (1.81, HIGH - 0.24), "or refusal", RED, ha="center")
    arrow(axes, (3.3, HIGH - 0.28), (3.3, DOOR + 0.23))
    say(axes, (3.4, (HIGH + DOOR) / 2), "admitted")
    for number, middle in enumerate(CENTRES, start=1):
        replica(axes, middle, number)
        if number > 1:
            arrow(axes, (3.3 + 0.35 * (number * 2 - 5), DOOR - 0.23), (middle, roof), BLUE)
    arrow(axes, (2.6, DOOR - 0.23), (1.25, roof), BLUE)
    say(axes, (2.27, DOOR - 0.1), "by load, prefix", BLUE, ha="right")
    arrow(axes, (0.42, roof), (0.42, HIGH - 0.23), GREEN)
    arrow(axes, (0.72, HIGH - 0.23), (0.72, roof), RED, dash=DASHED)
    say(axes, (0.36, 3.4), "tokens", GREEN, rotation=90, ha="right")
    say(axes, (0.8, 3.4), "cancel", RED)
    box(axes, (1.35, LOW), (1.6, 0.45), "batch queue", edgecolor=VIOLET)
    arrow(axes, (1.35, LOW + 0.23), (1.35, floor), VIOLET, dash=DASHED)
    say(axes, (1.47, (LOW + floor) / 2 + 0.1), "fills gaps", VIOLET)
    box(axes, (3.5, LOW), (1.6, 0.45), "weights, releases", edgecolor=GREY)
    arrow(axes, (3.84, LOW + 0.23), (3.84, floor), GREY)
    return figure


if __name__ == "__main__":
    save(draw(), "llm-serving")
