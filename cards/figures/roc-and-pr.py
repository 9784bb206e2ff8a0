"""ROC curve (left) and precision-recall curve (right) of the same two classifiers.

Simulation: 100 000 cases, 1 % of them positive. Negatives score N(0, 1) under both classifiers;
positives score N(3.2, 2.2^2) under A and N(2, 1) under B. Their ROC curves enclose nearly the
same area, yet among the top scores A has far fewer negatives, which only precision shows. Curves,
areas and average precision come from scikit-learn; each curve is thinned to some 60 points.
"""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure
from sklearn.metrics import (
    average_precision_score,
    precision_recall_curve,
    roc_auc_score,
    roc_curve,
)
from style import BLUE, DASHED, DOTTED, GREY, RED, new_figure, plain_ticks, save, say

CASES, POSITIVES = 100_000, 1_000
LABELS = np.arange(CASES) < POSITIVES


def scores() -> dict[str, np.ndarray]:
    """Simulate the scores of both classifiers, positives first."""
    rng = np.random.default_rng(3)
    positives = {"A": rng.normal(3.2, 2.2, POSITIVES), "B": rng.normal(2, 1, POSITIVES)}
    return {
        name: np.r_[drawn, rng.normal(size=CASES - POSITIVES)] for name, drawn in positives.items()
    }


def thinned(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Keep about 60 points of a curve, evenly spaced along it, and both its ends."""
    along = np.r_[0, np.cumsum(np.abs(np.diff(x)) + np.abs(np.diff(y)))]
    kept = np.unique(np.searchsorted(along, np.linspace(0, along[-1], 60)))
    return x[kept], y[kept]


def draw() -> Figure:
    """Draw both panels, with chance and the base rate as reference lines."""
    figure = new_figure(2.6)
    roc, pr = figure.subplots(1, 2)
    roc.plot((0, 1), (0, 1), color=GREY, linestyle=DOTTED)
    pr.axhline(POSITIVES / CASES, color=GREY, linestyle=DOTTED)
    looks = {"A": (BLUE, "-"), "B": (RED, DASHED)}
    for row, (name, score) in enumerate(scores().items()):
        colour, dash = looks[name]
        false_rate, true_rate, _ = roc_curve(LABELS, score)
        precision, recall, _ = precision_recall_curve(LABELS, score)
        auc = f"{name}: AUC {roc_auc_score(LABELS, score):.2f}"
        roc.plot(*thinned(false_rate, true_rate), color=colour, linestyle=dash, label=auc)
        pr.plot(*thinned(recall[::-1], precision[::-1]), color=colour, linestyle=dash)
        average = f"{name}\nAP {average_precision_score(LABELS, score):.2f}"
        say(pr, ((0.63, 0.88), (0.25, 0.64))[row], average, colour)
    say(roc, (0.17, 0.55), "chance", GREY)
    roc.legend(loc="lower right", frameon=False, borderpad=0, handlelength=1.5, handletextpad=0.4)
    say(pr, (0.02, 0.09), "base rate 1 %", GREY)
    roc.set(xlabel="false positive rate", ylabel="true positive rate (recall)")
    pr.set(xlabel="recall", ylabel="precision")
    for axes in (roc, pr):
        axes.set(xlim=(-0.02, 1.02), ylim=(-0.02, 1.02))
        plain_ticks(axes, (0, 0.5, 1), (0, 0.5, 1))
    return figure


if __name__ == "__main__":
    save(draw(), "roc-and-pr")
