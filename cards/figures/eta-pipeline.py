"""How an arrival time is made: map matching, segment speeds, the route's sum, a correction.

A diagram with example numbers. The route has three segments of 2, 5 and 3 km at 30, 60 and
20 km/h; their times are computed and added. The correction model has learned that such trips take
2 minutes longer, and gives quantiles; drawn are those of a log-normal time with that median and
a spread of 0.17 on the log scale. Finished trips give the labels (dashed).
"""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from scipy.stats import lognorm
from style import BLUE, DASHED, GREEN, GREY, INK, RED, VIOLET, arrow, box, new_diagram, save, say

LENGTHS, SPEEDS = (2, 5, 3), (30, 60, 20)  # km, km/h
CORRECTION, SPREAD = 2, 0.17
SIZE = (1.5, 0.46)
CENTRE, TOP, STEP = 0.95, 4.45, 0.78


def interval(axes: Axes, height: float, minutes: dict[str, float]) -> None:
    """Draw the quantiles on a scale of minutes at the foot of the figure."""
    first, last = 15, 27

    def place(value: float) -> float:
        return 0.3 + (value - first) / (last - first) * 3.75

    axes.plot((place(first), place(last)), (height, height), color=GREY, linewidth=0.8)
    for tick in range(first, last + 1, 3):
        axes.plot((place(tick),) * 2, (height, height - 0.05), color=GREY, linewidth=0.8)
        say(axes, (place(tick), height - 0.16), str(tick), ha="center")
    low, middle, high = (place(minutes[name]) for name in ("P10", "P50", "P90"))
    axes.plot((low, high), (height, height), color=RED, linewidth=5, solid_capstyle="butt")
    axes.plot(middle, height, "D", color=RED, markersize=8)
    for name, value in minutes.items():
        say(axes, (place(value), height + 0.2), f"{name} {value:.0f}", RED, ha="center")
    say(axes, (place(last) + 0.14, height - 0.16), "min", ha="left")


def draw() -> Figure:
    """Draw the stages downwards, what each does beside it, and the interval at the foot."""
    times = [60 * length / speed for length, speed in zip(LENGTHS, SPEEDS, strict=True)]
    total = sum(times)
    terms = " + ".join(f"{time:.0f}" for time in times)
    stages = (
        ("GPS traces", "noisy points, every few seconds", GREY),
        ("Map matching", "points to road segments", BLUE),
        ("Segment speeds", "harmonic mean, usual and live", BLUE),
        ("Sum over route", f"{terms} = {total:.0f} min, each\nsegment when it is reached", GREEN),
        ("Correction", "", VIOLET),
    )
    figure, axes = new_diagram(4.72)
    right = CENTRE + SIZE[0] / 2
    for number, (name, text, colour) in enumerate(stages):
        height = TOP - number * STEP
        box(axes, (CENTRE, height), SIZE, name, edgecolor=colour)
        say(axes, (right + 0.1, height), text)
        arrow(axes, (CENTRE, height - SIZE[1] / 2), (CENTRE, height + SIZE[1] / 2 - STEP), colour)
    route = TOP - 2.5 * STEP
    say(axes, (CENTRE + 0.12, route), "for one route and departure", GREY)
    final = lognorm(SPREAD, scale=total + CORRECTION)
    foot = TOP - 5 * STEP + 0.06
    quantiles = {
        name: float(final.ppf(q)) for name, q in (("P10", 0.1), ("P50", 0.5), ("P90", 0.9))
    }
    interval(axes, foot - 0.18, quantiles)
    label = TOP - 4 * STEP
    say(axes, (CENTRE + 0.12, label - 0.44), f"+ {CORRECTION} min, and quantiles", VIOLET)
    box(axes, (3.78, label), (1.35, SIZE[1]), "past arrivals")
    arrow(axes, (3.1, label), (right, label), INK, dash=DASHED)
    say(axes, ((3.1 + right) / 2, label + 0.14), "labels", ha="center")
    return figure


if __name__ == "__main__":
    save(draw(), "eta-pipeline")
