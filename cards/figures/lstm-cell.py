"""One step of an LSTM: the cell state runs along the top, three gates act on it.

A diagram, no data. On the upper line the state is only multiplied by the forget gate and added
to; input gate times candidate is what is added, the output gate decides what is shown. All gates
and the candidate read the last output and the new input.
"""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle
from style import (
    BLUE,
    GREEN,
    GREY,
    PAPER,
    RED,
    THICK,
    VIOLET,
    Point,
    arrow,
    box,
    new_diagram,
    save,
    say,
)

STATE, GATES, BUS = 2.65, 1.12, 0.58
FORGET, INPUT, CANDIDATE, OUTPUT = 0.85, 1.7, 2.46, 3.3
SUM, SHOWN = (INPUT + CANDIDATE) / 2, 3.98
WRITE = 1.9


def sign(axes: Axes, at: Point, text: str, colour: str) -> None:
    """Draw a product or a sum."""
    axes.add_patch(Circle(at, 0.14, facecolor=PAPER, edgecolor=colour, linewidth=1.4))
    say(axes, at, text, colour, ha="center", fontsize=12)


def draw() -> Figure:
    """Draw the state's line, the gates, and what they read."""
    figure, axes = new_diagram(3.1)
    axes.plot((0.1, 4.3), (STATE, STATE), color=GREEN, linewidth=THICK + 0.8, zorder=0.9)
    arrow(axes, (4.3, STATE), (4.54, STATE), GREEN)
    axes.plot((0.1, OUTPUT), (BUS, BUS), color=GREY, linewidth=1.2)
    for x, text, colour in (
        (FORGET, "forget\nσ", RED),
        (INPUT, "input\nσ", BLUE),
        (CANDIDATE, "new\ntanh", BLUE),
        (OUTPUT, "output\nσ", VIOLET),
    ):
        box(axes, (x, GATES), (0.66, 0.54), text, edgecolor=colour)
        arrow(axes, (x, BUS), (x, GATES - 0.27))
    arrow(axes, (FORGET, GATES + 0.27), (FORGET, STATE - 0.14), RED)
    sign(axes, (FORGET, STATE), "×", RED)
    for x, beside in ((INPUT, -0.11), (CANDIDATE, 0.11)):
        arrow(axes, (x, GATES + 0.27), (SUM + beside, WRITE - 0.1), BLUE)
    sign(axes, (SUM, WRITE), "×", BLUE)
    arrow(axes, (SUM, WRITE + 0.14), (SUM, STATE - 0.14), BLUE)
    sign(axes, (SUM, STATE), "+", BLUE)
    axes.plot((SHOWN, SHOWN), (STATE, WRITE + 0.47), color=GREEN, linewidth=1.2)
    box(axes, (SHOWN, WRITE + 0.3), (0.54, 0.34), "tanh", edgecolor=GREEN)
    arrow(axes, (SHOWN, WRITE + 0.13), (SHOWN, GATES + 0.14), GREEN)
    arrow(axes, (OUTPUT + 0.33, GATES), (SHOWN - 0.14, GATES), VIOLET)
    sign(axes, (SHOWN, GATES), "×", VIOLET)
    arrow(axes, (SHOWN, GATES - 0.14), (SHOWN, 0.42), VIOLET)
    say(axes, (0.08, STATE + 0.2), "c, old", GREEN)
    say(axes, (4.52, STATE + 0.2), "c, new", GREEN, ha="right")
    say(axes, (SHOWN, 0.28), "h, new", VIOLET, ha="center")
    say(axes, (0.08, 0.36), "h, old, and input x", GREY)
    say(axes, (2.0, STATE + 0.32), "state: only × and +", GREEN, ha="center")
    return figure


if __name__ == "__main__":
    save(draw(), "lstm-cell")
