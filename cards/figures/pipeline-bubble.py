"""The idle corner of a pipeline: four stages, eight micro-batches, forward pass only.

Stage s (from 0) works on micro-batch m in slot s + m, so a stage is idle in 3 of the 11 slots:
the share (p - 1) / (m + p - 1). The backward pass repeats the picture from the last stage up.
"""

from __future__ import annotations

from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from style import BLUE, GREY, INK, PAPER, THIN, new_diagram, save, say, tint

STAGES, BATCHES = 4, 8
SLOTS = BATCHES + STAGES - 1
CELL, HIGH = 0.345, 0.34


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
            axes.add_patch(
                Rectangle(
                    (left + slot * CELL, low),
                    CELL,
                    HIGH,
                    facecolor=tint(BLUE, 0.22) if busy else PAPER,
                    edgecolor=BLUE if busy else GREY,
                    hatch=None if busy else "////",
                    linewidth=THIN,
                )
            )
            if busy:
                middle = (left + (slot + 0.5) * CELL, low + HIGH / 2)
                say(axes, middle, str(batch + 1), INK, ha="center")
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
