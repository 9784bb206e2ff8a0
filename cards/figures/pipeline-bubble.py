"""The idle corner of a pipeline: four stages, eight micro-batches, forward pass only.

Stage s (from 0) works on micro-batch m in slot s + m, so a stage is idle in 3 of the 11 slots:
the share (p - 1) / (m + p - 1). The backward pass repeats the picture from the last stage up.
"""

from __future__ import annotations

from matplotlib.figure import Figure
from shapes import cell
from style import BLUE, GREY, PAPER, THIN, new_diagram, save, say, tint

STAGES, BATCHES = 4, 8
SLOTS = BATCHES + STAGES - 1
CELL, HIGH = 0.345, 0.34
BUSY = {"facecolor": tint(BLUE, 0.22), "edgecolor": BLUE}
IDLE = {"facecolor": PAPER, "edgecolor": GREY, "hatch": "////"}


def draw() -> Figure:
    """Draw a row of slots per stage: numbered when at work, hatched when idle."""
    figure, axes = new_diagram(2.0)
    left, top = 0.72, 1.62
    for stage in range(STAGES):
        low = top - (stage + 1) * HIGH
        say(axes, (0.05, low + HIGH / 2), f"stage {stage + 1}")
        for slot in range(SLOTS):
            batch = slot - stage
            busy = 0 <= batch < BATCHES
            look = BUSY if busy else IDLE
            corner = (left + slot * CELL, low)
            cell(axes, corner, (CELL, HIGH), str(batch + 1) if busy else "", linewidth=THIN, **look)
    say(axes, (left, 1.81), "number: micro-batch;  hatched: idle", GREY)
    say(axes, (left, 0.11), "time, in slots", GREY)
    axes.annotate(
        "",
        xy=(left + SLOTS * CELL, 0.11),
        xytext=(left + 1.15, 0.11),
        arrowprops={"arrowstyle": "-|>", "color": GREY, "linewidth": 1.0},
    )
    return figure


if __name__ == "__main__":
    save(draw(), "pipeline-bubble")
