"""DPO, PPO and GRPO side by side: what each learns from and which models it holds.

A diagram, no data. Boxes with a thick border are trained, dashed ones frozen. DPO compares two
given answers under policy and reference; PPO and GRPO sample answers from the policy and have
them scored. PPO subtracts a critic's estimate and a KL penalty against the reference; GRPO
subtracts the mean of the prompt's group, and has a reference only if its KL weight is positive.
"""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from shapes import heading
from style import BLUE, DASHED, GREY, INK, PAPER, RED, Point, arrow, box, new_diagram, save, say

WIDE, HALF, HIGH = 1.4, 0.67, 0.54
TOP, MODELS, SIGNAL = 3.1, 2.15, 1.2
LOOKS = {
    "data": {"edgecolor": INK},
    "trained": {"edgecolor": BLUE, "linewidth": 2.2},
    "frozen": {"edgecolor": GREY, "linestyle": DASHED, "facecolor": PAPER},
    "step": {"edgecolor": RED},
}


def node(axes: Axes, centre: Point, width: float, text: str, kind: str) -> None:
    """Draw a box of one of the four kinds."""
    box(axes, centre, (width, HIGH), text, **LOOKS[kind])


def column(axes: Axes, x: float, name: str, first: str, models: dict[str, str], last: str) -> None:
    """Draw one way from the top down: what it starts from, its models, its signal."""
    heading(axes, (x, TOP + 0.45), name)
    node(axes, (x, TOP), WIDE, first, "trained" if first.startswith("policy") else "data")
    width = HALF if len(models) > 1 else WIDE
    for place, (text, kind) in enumerate(models.items()):
        middle = x if len(models) == 1 else x + (place - 0.5) * (WIDE - HALF)
        node(axes, (middle, MODELS), width, text, kind)
        arrow(axes, (middle, TOP - HIGH / 2), (middle, MODELS + HIGH / 2))
        arrow(axes, (middle, MODELS - HIGH / 2), (middle, SIGNAL + HIGH / 2))
    node(axes, (x, SIGNAL), WIDE, last, "step")


def draw() -> Figure:
    """Draw the three ways and the key of the borders."""
    figure, axes = new_diagram(3.8)
    pair = {"policy": "trained", "refer-\nence": "frozen"}
    column(axes, 0.76, "DPO", "fixed pairs:\nbetter, worse", pair, "loss of the\nlog-ratios")
    scored = {"reward,\nrefer.": "frozen", "critic": "trained"}
    column(axes, 2.3, "PPO", "policy samples\nan answer", scored, "advantage per\ntoken")
    checked = {"reward model\nor checker": "frozen"}
    column(axes, 3.84, "GRPO", "policy samples\na group", checked, "score − mean\nof the group")
    say(axes, (3.84, SIGNAL - 0.44), "reference if β > 0", GREY, ha="center")
    say(axes, (2.3, SIGNAL - 0.44), "clipped update", GREY, ha="center")
    say(axes, (0.76, SIGNAL - 0.44), "no sampling", GREY, ha="center")
    key = ((0.3, "trained", "trained"), (1.6, "frozen", "frozen"), (2.85, "computed", "step"))
    for x, text, kind in key:
        box(axes, (x, 0.22), (0.4, 0.22), "", **LOOKS[kind])
        say(axes, (x + 0.28, 0.22), text)
    return figure


if __name__ == "__main__":
    save(draw(), "preference-pipelines")
