"""PPO's clipped objective of one token against the probability ratio, clip range 0.2.

Computed: min(rho A, clip(rho, 0.8, 1.2) A) for A = 1 (left) and A = -1 (right). Dashed is the
unclipped rho A. Flat parts, shaded, give no gradient: only where the policy has already moved
far in the wanted direction.
"""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure
from style import BLUE, DASHED, GREY, INK, RED, new_figure, plain_ticks, save, say, tint

LOW, HIGH = 0.8, 1.2


def draw() -> Figure:
    """Draw both signs of the advantage."""
    figure = new_figure(2.6)
    left, right = figure.subplots(1, 2)
    corners = np.array([0.0, LOW, HIGH, 2.0])
    for axes, advantage, colour, flat in (
        (left, 1, BLUE, (HIGH, 2.0)),
        (right, -1, RED, (0.0, LOW)),
    ):
        plain = corners * advantage
        clipped = np.minimum(plain, np.clip(corners, LOW, HIGH) * advantage)
        axes.axvspan(*flat, color=tint(GREY, 0.16), linewidth=0)
        axes.plot(corners, plain, color=GREY, linestyle=DASHED, linewidth=1.2)
        axes.plot(corners, clipped, color=colour, linewidth=2.4)
        axes.plot(1, advantage, "o", color=INK, markersize=5)
        sign = "A > 0: a good token" if advantage > 0 else "A < 0: a bad token"
        axes.set_title(sign, fontsize=10, color=colour, pad=3)
        axes.set(xlim=(0, 2), xlabel="ratio ρ = new / old")
        axes.set(ylim=(0, 2.05) if advantage > 0 else (-2.05, 0))
        plain_ticks(axes, (0, LOW, HIGH, 2), np.array([0, 1, 2]) * advantage)
    left.set_ylabel("objective")
    say(left, (1.6, 0.45), "no\ngradient", INK, ha="center")
    say(right, (0.4, -1.6), "no\ngradient", INK, ha="center")
    return figure


if __name__ == "__main__":
    save(draw(), "ppo-clip")
