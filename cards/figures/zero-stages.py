"""Model state on each of 64 GPUs for a 7B model, without sharding and under ZeRO stages 1 to 3.

Computed: 2 bytes of weights, 2 of gradients and 12 of optimizer state a weight; a sharded part
is divided by the number of GPUs. Activations are not counted.
"""

from __future__ import annotations

from matplotlib.figure import Figure
from style import BLUE, GREEN, INK, RED, THIN, new_figure, plain_ticks, save, say, tint

WEIGHTS, GPUS = 7e9, 64
PARTS = (("weights", 2, BLUE, ""), ("gradients", 2, RED, "////"), ("optimizer", 12, GREEN, "--"))
NUDGE = (-0.5, 8.0, 0.0)  # the names are wider than their bars
STAGES = ("none", "stage 1", "stage 2", "stage 3")


def draw() -> Figure:
    """Draw a bar a stage, and its total."""
    figure = new_figure(2.7)
    axes = figure.add_subplot()
    for row, _ in enumerate(STAGES):
        start = 0.0
        for place, (name, size, colour, hatch) in enumerate(PARTS):
            sharded = row >= len(PARTS) - place  # the optimizer first, the weights last
            width = WEIGHTS * size / 1e9 / (GPUS if sharded else 1)
            look = {"facecolor": tint(colour, 0.3), "edgecolor": colour, "hatch": hatch}
            axes.barh(row, width, 0.62, start, linewidth=1.0, **look)
            if row == 0:
                say(axes, (start + width / 2 + NUDGE[place], -0.62), name, colour, ha="center")
            start += width
        digits = ".0f" if start > 50 else ".1f" if start > 10 else ".2f"
        say(axes, (start + 1.5, row), f"{start:{digits}} GB", INK)
    axes.set(ylim=(3.5, -1.1), xlim=(0, 131), xlabel="GB on each of 64 GPUs (7B weights, AdamW)")
    plain_ticks(axes, (0, 28, 56, 84, 112), range(4))
    axes.set_yticklabels(STAGES)
    axes.spines["left"].set_visible(False)
    axes.tick_params(axis="y", length=0, width=THIN)
    return figure


if __name__ == "__main__":
    save(draw(), "zero-stages")
