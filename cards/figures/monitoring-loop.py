"""Monitoring a model in production: what is checked at once, and what waits for labels.

A diagram, no data. Every prediction is logged with its features and the model's version. Input,
score and system checks need nothing more; the quality check joins the log with outcomes that
come weeks later. Both raise alerts with an owner, whose action leads back to the model (dashed).
"""

from __future__ import annotations

from matplotlib.figure import Figure
from style import BLUE, DASHED, GREEN, RED, VIOLET, arrow, box, new_diagram, save, say

LEFT, MIDDLE, RIGHT = 0.72, 2.3, 3.88
SERVE, LOG, CHECK, ALERT = 4.0, 2.98, 1.72, 0.45
MARGIN = 0.09


def draw() -> Figure:
    """Draw serving above, the two kinds of check in the middle, the alert below."""
    figure, axes = new_diagram(4.35)
    small = (1.22, 0.46)
    box(axes, (LEFT, SERVE), small, "requests")
    box(axes, (MIDDLE, SERVE), small, "model", edgecolor=BLUE)
    box(axes, (RIGHT, SERVE), small, "decisions")
    arrow(axes, (LEFT + 0.61, SERVE), (MIDDLE - 0.61, SERVE))
    arrow(axes, (MIDDLE + 0.61, SERVE), (RIGHT - 0.61, SERVE))
    box(axes, (MIDDLE, LOG), (1.8, 0.58), "prediction log:\nfeatures, version", edgecolor=BLUE)
    arrow(axes, (MIDDLE, SERVE - 0.23), (MIDDLE, LOG + 0.29), BLUE)
    now = "schema, drift,\nscores, latency"
    box(axes, (1.2, CHECK), (1.75, 0.62), now, edgecolor=GREEN)
    box(axes, (3.5, CHECK), (1.75, 0.62), "quality by slice,\ncohorts of one age", edgecolor=RED)
    roof = CHECK + 0.31
    arrow(axes, (MIDDLE - 0.5, LOG - 0.29), (1.3, roof), GREEN)
    arrow(axes, (MIDDLE + 0.4, LOG - 0.29), (3.1, roof), RED)
    arrow(axes, (RIGHT, SERVE - 0.23), (RIGHT, roof), RED, dash=DASHED)
    say(axes, (1.42, 2.36), "at once", GREEN, ha="right")
    say(axes, (RIGHT + 0.08, 2.95), "labels,\nweeks\nlater", RED)
    say(axes, (2.72, 2.36), "join", RED, ha="right")
    box(axes, (MIDDLE, ALERT), (1.8, 0.5), "alert with an owner", edgecolor=VIOLET)
    arrow(axes, (1.2, CHECK - 0.31), (MIDDLE - 0.5, ALERT + 0.25), GREEN)
    arrow(axes, (3.5, CHECK - 0.31), (MIDDLE + 0.5, ALERT + 0.25), RED)
    turn = 3.52
    path = ((MIDDLE - 0.9, ALERT), (MARGIN, ALERT), (MARGIN, turn), (MIDDLE - 0.4, turn))
    axes.plot(*zip(*path, strict=True), color=VIOLET, linewidth=1.2, linestyle=DASHED)
    arrow(axes, path[-1], (MIDDLE - 0.4, SERVE - 0.23), VIOLET)
    say(axes, (MARGIN + 0.1, 3.2), "roll back,\nretrain,\nfix data", VIOLET)
    return figure


if __name__ == "__main__":
    save(draw(), "monitoring-loop")
