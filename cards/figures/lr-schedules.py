"""Two learning-rate schedules over one run: warm-up with cosine decay, and warmup-stable-decay.

Both rise linearly over the first 4% of the steps to the peak of 3e-4 and end at 3e-5. Cosine
falls from the end of the warm-up on; the other one stays at the peak until 90% and then falls
linearly. The dotted line is a run of the second kind that is branched off at 50% and decayed.
"""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure
from style import BLUE, DASHED, DOTTED, GREY, RED, new_figure, plain_ticks, save, say

PEAK, END, WARM, DECAY = 3.0, 0.3, 0.04, 0.9


def cosine(share: np.ndarray) -> np.ndarray:
    """Return the rate of warm-up and cosine, in 1e-4, at shares of the run."""
    angle = np.pi * (share - WARM) / (1 - WARM)
    falling = END + (PEAK - END) / 2 * (1 + np.cos(angle))
    return np.where(share < WARM, PEAK * share / WARM, falling)


def draw() -> Figure:
    """Draw both schedules on one pair of axes."""
    figure = new_figure(2.5)
    axes = figure.add_subplot()
    share = np.linspace(0, 1, 101)
    axes.plot(100 * share, cosine(share), color=BLUE)
    axes.plot((0, 4, 90, 100), (0, PEAK, PEAK, END), color=RED, linestyle=DASHED)
    axes.plot((50, 60), (PEAK, END), color=GREY, linestyle=DOTTED)
    axes.set(
        xlabel="share of the planned steps (%)",
        ylabel="learning rate (10⁻⁴)",
        xlim=(0, 101),
        ylim=(0, 3.6),
    )
    plain_ticks(axes, (0, 25, 50, 75, 100), (0, 1, 2, 3))
    say(axes, (62, 3.28), "WSD", RED)
    say(axes, (15, 1.75), "cosine", BLUE)
    say(axes, (57.5, 2.35), "branched off\nand decayed", GREY, backed=True)
    return figure


if __name__ == "__main__":
    save(draw(), "lr-schedules")
