"""The life cycle of a machine-learning system: seven stages, and the ways back.

A diagram, no data: problem, data, features, training, evaluation, deployment, monitoring. Dashed
arrows lead back: the analysis of errors in evaluation changes the features, drift found in
monitoring asks for new data, and a changed goal for a new statement of the problem.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from matplotlib.figure import Figure
from shapes import link
from style import BLUE, DASHED, RED, Point, arrow, box, new_diagram, save, say

SIZE = (0.98, 0.56)
COLUMNS = (0.58, 1.73, 2.88, 4.03)
UPPER, LOWER = 1.9, 0.4
STAGES: dict[str, Point] = {
    "Problem": (COLUMNS[0], UPPER),
    "Data": (COLUMNS[1], UPPER),
    "Features": (COLUMNS[2], UPPER),
    "Training": (COLUMNS[3], UPPER),
    "Evaluation": (COLUMNS[3], LOWER),
    "Deployment": (COLUMNS[2], LOWER),
    "Monitoring": (COLUMNS[1], LOWER),
}


def draw() -> Figure:
    """Draw the stages in two rows, onward arrows solid, arrows back dashed."""
    figure, axes = new_diagram(2.3)
    for number, (name, centre) in enumerate(STAGES.items(), 1):
        box(axes, centre, SIZE, f"{number}\n{name}", edgecolor=BLUE)
    for start, end in pairwise(STAGES.values()):
        link(axes, start, end, SIZE, BLUE)
    top, foot = LOWER + SIZE[1] / 2, UPPER - SIZE[1] / 2
    back: dict[str, Any] = {"colour": RED, "dash": DASHED}
    arrow(axes, (COLUMNS[1], top), (COLUMNS[1], foot), **back)
    arrow(axes, (COLUMNS[3] - 0.3, top), (COLUMNS[2] + 0.3, foot), **back)
    elbow = "angle,angleA=180,angleB=90,rad=4"
    arrow(axes, (COLUMNS[1] - SIZE[0] / 2, LOWER), (COLUMNS[0], foot), bend=elbow, **back)
    middle = (UPPER + LOWER) / 2
    say(axes, (COLUMNS[0] + 0.07, middle), "changed\ngoal", RED)
    say(axes, (COLUMNS[1] + 0.07, middle), "drift:\nnew data", RED)
    say(axes, (COLUMNS[3] - 0.62, middle - 0.15), "error\nanalysis", RED, ha="right")
    return figure


if __name__ == "__main__":
    save(draw(), "ml-life-cycle")
