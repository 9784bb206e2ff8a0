"""A point-in-time join on a time line: which value of a feature each training row may use.

The note's example: values known at 9:00 and 10:00, training rows at 9:50 and 12:30, a time to
live of two hours. A row takes the newest value at or before it that is not too old; the value of
10:00 is the future for the row of 9:50.
"""

from __future__ import annotations

from matplotlib.figure import Figure
from style import BLUE, DASHED, GREEN, GREY, INK, RED, arrow, box, new_diagram, save, say

VALUES = ((9.0, 4), (10.0, 5))
ROWS = (9 + 50 / 60, 12.5)
LIVES = 2.0
LOW, HIGH = 0.62, 2.1


def place(hour: float) -> float:
    """Turn an hour into inches across."""
    return 0.75 + (hour - 9) * 0.97


def clock(hour: float) -> str:
    """Write an hour as people do."""
    return f"{int(hour)}:{round(hour % 1 * 60):02d}"


def draw() -> Figure:
    """Draw values above the line, training rows below, and the ways between."""
    figure, axes = new_diagram(2.75)
    line = 1.38
    arrow(axes, (0.15, line), (4.5, line), INK)
    for hour, trips in VALUES:
        x = place(hour)
        box(axes, (x, HIGH), (0.84, 0.42), f"{trips} trips", edgecolor=BLUE)
        axes.plot((x, x), (line, HIGH - 0.21), color=BLUE, linewidth=1.2)
        axes.plot(x, line, "o", color=BLUE, markersize=6)
        say(axes, (x, HIGH + 0.34), clock(hour), BLUE, ha="center")
    for hour in ROWS:
        x = place(hour)
        usable = [(known, trips) for known, trips in VALUES if hour - LIVES <= known <= hour]
        text = f"row gets {usable[-1][1]}" if usable else "row gets none"
        colour = GREEN if usable else GREY
        size = (1.16 if usable else 1.3, 0.42)
        box(axes, (x if usable else x - 0.26, LOW - 0.12), size, text, edgecolor=colour)
        axes.plot((x, x), (line, LOW + 0.09), color=colour, linewidth=1.2)
        axes.plot(x, line, "s", color=colour, markersize=6)
        say(axes, (x if usable else x - 0.26, 0.14), clock(hour), colour, ha="center")
    row = place(ROWS[0])
    arrow(axes, (place(9) + 0.03, line - 0.06), (row - 0.05, LOW + 0.12), GREEN)
    arrow(axes, (place(10) + 0.02, line - 0.06), (row + 0.1, LOW + 0.12), RED, dash=DASHED)
    say(axes, (place(10) + 0.1, 1.02), "✗ the future", RED)
    start, end = place(10), place(10 + LIVES)
    arrow(axes, (start + 0.02, 1.62), (end, 1.62), GREY, ends="<|-|>")
    say(axes, ((start + end) / 2 + 0.1, 1.8), "lives for 2 hours", GREY, ha="center")
    return figure


if __name__ == "__main__":
    save(draw(), "point-in-time")
