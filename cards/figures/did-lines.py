"""Difference-in-differences: two cities before and after, and the path assumed without the feature.

The four numbers are the note's, in thousand orders a day; the dotted line moves the treated city
by what the other one gained, and the effect is what remains.
"""

from __future__ import annotations

from matplotlib.figure import Figure
from style import (
    BLUE,
    DASHED,
    DOTTED,
    GREEN,
    GREY,
    INK,
    RED,
    arrow,
    new_figure,
    plain_ticks,
    save,
    say,
)

TREATED, CONTROL = (100, 130), (80, 95)


def draw() -> Figure:
    """Draw both cities, the assumed path and the effect."""
    figure = new_figure(2.75)
    axes = figure.add_subplot()
    trend = CONTROL[1] - CONTROL[0]
    assumed = TREATED[0] + trend
    axes.plot((0, 1), CONTROL, "o", color=GREY, linestyle=DASHED)
    axes.plot((0, 1), TREATED, "o-", color=BLUE)
    axes.plot((0, 1), (TREATED[0], assumed), color=RED, linestyle=DOTTED)
    axes.plot(1, assumed, "o", color=RED, markerfacecolor="#ffffff")
    arrow(axes, (1.025, assumed + 0.8), (1.025, TREATED[1] - 0.8), GREEN, ends="<|-|>")
    say(axes, (1.09, (assumed + TREATED[1]) / 2), f"effect\n{TREATED[1] - assumed}", GREEN)
    for x in (0, 1):
        align = "right" if x == 0 else "left"
        place = x - 0.04 if x == 0 else x + 0.05
        say(axes, (place, TREATED[x] + 1.5 * x), f"{TREATED[x]}", BLUE, ha=align)
        say(axes, (place, CONTROL[x]), f"{CONTROL[x]}", GREY, ha=align)
    say(axes, (0.97, assumed - 9.5), f"{assumed}, assumed", RED, ha="right")
    say(axes, (0.62, 122.5), "with the feature", BLUE, ha="right")
    say(axes, (0.5, 84), "without the feature", GREY)
    axes.set(xlim=(-0.18, 1.4), ylim=(72, 136), ylabel="orders a day (thousands)")
    plain_ticks(axes, (0, 1), (80, 100, 120))
    axes.set_xticklabels(["before", "after"])
    say(axes, (1.09, 102), f"both would have\ngained {trend}", INK)
    return figure


if __name__ == "__main__":
    save(draw(), "did-lines")
