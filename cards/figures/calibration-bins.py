"""A reliability diagram with four bins and with two: how wide bins hide a miscalibration.

The note's table: in each bin of 100 rows the mean score and the share of positives. Each narrow
bin lies 0.10 off the diagonal; merged in pairs, the points fall on it. The expected calibration
errors are computed.
"""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure
from style import BLUE, DOTTED, GREY, RED, new_figure, plain_ticks, save, say

ROWS = np.full(4, 100)
SCORES, POSITIVES = np.array([0.15, 0.40, 0.60, 0.90]), np.array([25, 30, 70, 80])


def merged(width: int) -> tuple[np.ndarray, np.ndarray, float]:
    """Merge neighbouring bins; return mean scores, rates, and the expected calibration error."""
    rows = ROWS.reshape(-1, width).sum(axis=1)
    scores = (ROWS * SCORES).reshape(-1, width).sum(axis=1) / rows
    rates = POSITIVES.reshape(-1, width).sum(axis=1) / rows
    return scores, rates, float(np.sum(rows / rows.sum() * abs(rates - scores)))


def draw() -> Figure:
    """Draw both diagrams side by side."""
    figure = new_figure(2.7)
    panels = figure.subplots(1, 2, sharey=True)
    for axes, width, colour, edges in (
        (panels[0], 1, RED, (0.25, 0.5, 0.75)),
        (panels[1], 2, BLUE, (0.5,)),
    ):
        scores, rates, error = merged(width)
        axes.plot((0, 1), (0, 1), color=GREY, linestyle=DOTTED)
        for edge in edges:
            axes.axvline(edge, color=GREY, linewidth=0.5)
        for score, rate in zip(scores, rates, strict=True):
            axes.plot((score, score), (score, rate), color=colour, linewidth=2.4)
        axes.plot(scores, rates, "o", color=colour, markersize=7)
        axes.set_title(f"{len(scores)} bins", fontsize=10, color=colour, pad=3)
        say(axes, (0.03, 0.92), f"ECE {abs(error):.2f}", colour, backed=True)
        axes.set(xlim=(0, 1), ylim=(0, 1), aspect="equal", xlabel="mean score")
        plain_ticks(axes, (0, 0.5, 1), (0, 0.5, 1))
    panels[0].set_ylabel("share of positives")
    say(panels[1], (0.55, 0.25), "gaps\ncancel", BLUE)
    return figure


if __name__ == "__main__":
    save(draw(), "calibration-bins")
