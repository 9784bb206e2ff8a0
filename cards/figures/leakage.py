"""Leakage by a step fitted before the split: what the step sees, and what score comes out.

100 rows, 2000 features of pure noise, balanced labels that have nothing to do with them. Choosing
the 20 best features and a logistic regression, five-fold cross-validation, mean over 20 data sets:
once with the choice made on all rows, once inside each fold on its training rows only. The
scores in the figure are those of this simulation. Truth: nothing can be predicted, accuracy 0.5.
"""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from shapes import cell
from sklearn.feature_selection import SelectKBest
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_score
from sklearn.pipeline import make_pipeline
from style import BLUE, DASHED, GREEN, INK, PAPER, RED, arrow, new_diagram, save, say, tint

DATA_SETS, ROWS, NOISE, BEST = 20, 100, 2000, 20
FOLDS = 5
TRAIN = {"facecolor": tint(BLUE), "edgecolor": tint(BLUE, 0.5)}
VALID = {"facecolor": INK, "edgecolor": INK, "ink": PAPER}
LEFT, WIDTH, HEIGHT, GAP = 0.12, 0.56, 0.36, 0.05


def scores() -> tuple[float, float]:
    """Measure mean accuracy with the features chosen before the split, and inside the folds."""
    found = []
    for seed in range(DATA_SETS):
        x = np.random.default_rng(seed).normal(size=(ROWS, NOISE))
        y = np.arange(ROWS) % 2
        chosen = SelectKBest(k=BEST).fit_transform(x, y)
        pipeline = make_pipeline(SelectKBest(k=BEST), LogisticRegression())
        before = cross_val_score(LogisticRegression(), chosen, y, cv=FOLDS)
        found.append((before.mean(), cross_val_score(pipeline, x, y, cv=FOLDS).mean()))
    before, inside = np.mean(found, axis=0)
    return float(before), float(inside)


def lane(axes: Axes, top: float, seen: int, words: tuple[str, str], score: float) -> None:
    """Draw one way: its title, what the fitted step sees, the folds and the score."""
    leaks = seen == FOLDS
    colour, dash = (RED, DASHED) if leaks else (GREEN, "-")
    say(axes, (LEFT, top), words[0], colour, fontweight="bold")
    roof = top - 0.72
    end = LEFT + seen * (WIDTH + GAP) - GAP
    say(axes, (LEFT, top - 0.26), words[1])
    arrow(axes, (LEFT, roof + 0.17), (end, roof + 0.17), colour, ends="<|-|>", dash=dash)
    for fold in range(FOLDS):
        validates = fold == FOLDS - 1
        corner = (LEFT + fold * (WIDTH + GAP), roof - HEIGHT)
        text, look = ("valid.", VALID) if validates else ("train", TRAIN)
        cell(axes, corner, (WIDTH, HEIGHT), text, **look)
    right = LEFT + FOLDS * (WIDTH + GAP)
    arrow(axes, (right, roof - HEIGHT / 2), (right + 0.3, roof - HEIGHT / 2), colour)
    verdict = "too good" if leaks else "honest"
    text = f"accuracy\n{score:.2f}\n{verdict}"
    say(axes, (right + 0.36, roof - HEIGHT / 2), text, colour)


def draw() -> Figure:
    """Draw the leaking way above and the sound one below."""
    before, inside = scores()
    figure, axes = new_diagram(3.45)
    step = f"chooses {BEST} of {NOISE} noise features on"
    lane(axes, 3.3, FOLDS, ("Fitted before the split", f"{step} all rows"), before)
    lane(axes, 1.85, FOLDS - 1, ("Fitted inside each fold", f"{step} its training rows"), inside)
    say(
        axes,
        (LEFT, 0.27),
        "One of five rounds is drawn. Labels and features\nare unrelated: the truth is 0.50.",
    )
    return figure


if __name__ == "__main__":
    save(draw(), "leakage")
