"""Expected cost of a decision against its threshold, and the minimum at 5 / (5 + 95).

Blocking a genuine payment costs 5 dollars, letting a fraudulent one through costs 95. The fraud
probabilities are calibrated and follow a Beta(0.5, 5) distribution, as in the test of the card, so
the expected cost per payment has a closed form: E[p; p <= t] is the mean times the distribution
function of Beta(1.5, 5). The minimum is found on the drawn curve, not put there; the two parts
cross elsewhere, at 0.081, and that crossing means nothing.
"""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure
from scipy.stats import beta
from style import BLUE, DASH_DOT, DASHED, GREY, INK, PAPER, RED, new_figure, plain_ticks, save, say

COST_FP, COST_FN = 5.0, 95.0
A, B = 0.5, 5.0


def costs(threshold: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the expected cost per payment of wrong blocks and of missed fraud."""
    mean = A / (A + B)
    blocked = beta.sf(threshold, A, B)
    missed = mean * beta.cdf(threshold, A + 1, B)
    return COST_FP * (blocked - (mean - missed)), COST_FN * missed


def draw() -> Figure:
    """Draw both costs and their sum on a logarithmic axis of thresholds."""
    thresholds = np.geomspace(0.001, 0.8, 301)
    wrong, missed = costs(thresholds)
    total = wrong + missed
    low = int(total.argmin())
    figure = new_figure(3.2)
    axes = figure.add_subplot(xscale="log")
    axes.axvline(thresholds[low], color=GREY, linewidth=0.8)
    axes.plot(thresholds, total, color=INK, linewidth=2.4)
    axes.plot(thresholds, wrong, color=BLUE, linestyle=DASHED)
    axes.plot(thresholds, missed, color=RED, linestyle=DASH_DOT)
    axes.plot(thresholds[low], total[low], "o", color=INK, markeredgecolor=PAPER, markersize=9)
    axes.set(xlabel="block from this probability on (log scale)", ylabel="cost per payment, \\$")
    axes.set(xlim=(0.001, 0.8), ylim=(0, 6))
    plain_ticks(axes, (0.001, 0.01, 0.05, 0.1, 0.5), (0, 1, 2, 3, 4, 5, 6))
    axes.minorticks_off()
    say(axes, (0.0015, 3.1), "wrong blocks", BLUE)
    say(axes, (0.2, 2.6), "missed fraud", RED)
    say(axes, (0.007, 4.5), "total")
    text = f"least cost at {thresholds[low]:.2f}\n= 5 / (5 + 95)"
    say(axes, (thresholds[low] * 0.9, 5.8), text, GREY, va="top", ha="right")
    return figure


if __name__ == "__main__":
    save(draw(), "threshold-cost")
