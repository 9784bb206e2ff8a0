"""Five-fold cross-validation, with the test set kept apart.

A diagram of `sklearn.model_selection.KFold(5)`: each row is a round, each column a fold of the
training data; the marked fold validates while the other four train. The test set takes no part.
"""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure
from shapes import cell
from sklearn.model_selection import KFold
from style import BLUE, GREY, PAPER, RED, new_diagram, save, say, tint

FOLDS = 5
TRAIN = {"facecolor": tint(BLUE), "edgecolor": tint(BLUE, 0.5)}
VALID = {"facecolor": RED, "edgecolor": RED, "ink": PAPER}
WIDTH, HEIGHT = 0.53, 0.34
LEFT, TOP, GAP = 0.78, 2.35, 0.06
TEST_LEFT = LEFT + FOLDS * (WIDTH + GAP) + 0.12


def draw() -> Figure:
    """Draw the five rounds, the folds and the test block."""
    figure, axes = new_diagram(2.75)
    row = HEIGHT + GAP
    for number, (_, validation) in enumerate(KFold(FOLDS).split(np.arange(FOLDS))):
        bottom = TOP - number * row - HEIGHT
        say(axes, (LEFT - 0.1, bottom + HEIGHT / 2), f"round {number + 1}", ha="right")
        for fold in range(FOLDS):
            validates = fold in validation
            corner = (LEFT + fold * (WIDTH + GAP), bottom)
            text, look = ("valid.", VALID) if validates else ("train", TRAIN)
            cell(axes, corner, (WIDTH, HEIGHT), text, **look)
    foot = TOP - FOLDS * row + GAP
    size = (0.6, TOP - foot)
    cell(axes, (TEST_LEFT, foot), size, "test", edgecolor=GREY, hatch="////", backed=True)
    middle = LEFT + (FOLDS * (WIDTH + GAP) - GAP) / 2
    say(axes, (middle, TOP + 0.2), "training data in 5 folds", ha="center")
    say(axes, (TEST_LEFT + 0.3, TOP + 0.2), "apart", ha="center")
    say(axes, (middle, foot - 0.2), "mean of 5 scores chooses the model", ha="center")
    say(axes, (TEST_LEFT + 0.3, foot - 0.2), "used once", ha="center")
    return figure


if __name__ == "__main__":
    save(draw(), "cross-validation")
