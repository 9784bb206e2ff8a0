"""Diffusion on two moons: the forward mixture with noise, drawn at four levels.

80 points on two moons, scaled to mean 0 and variance 1 a coordinate, and one draw of standard
normal noise for each. Every panel shows sqrt(abar) x + sqrt(1 - abar) noise of the
same points, so a point's way can be followed; at abar near 0 nothing of the data is left.
"""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure
from shapes import bare
from style import BLUE, DASHED, INK, RED, WIDTH, arrow, save, say

LEVELS = (1.0, 0.8, 0.25, 0.01)
ROWS = 80


def moons() -> tuple[np.ndarray, np.ndarray]:
    """Return points on two half circles, shaken a little and standardized, and which it is."""
    angle = np.linspace(0, np.pi, ROWS // 2)
    upper = np.column_stack([np.cos(angle), np.sin(angle)])
    points = np.r_[upper, [1, 0.5] - upper]
    points += np.random.default_rng(0).normal(0, 0.04, points.shape)
    moon = np.repeat([0, 1], ROWS // 2)
    return (points - points.mean(axis=0)) / points.std(axis=0), moon


def draw() -> Figure:
    """Draw the four panels, with an arrow of noising above and one of denoising below."""
    points, moon = moons()
    noise = np.random.default_rng(1).normal(size=points.shape)
    figure = Figure(figsize=(WIDTH, 2.1))
    whole = figure.add_axes((0, 0, 1, 1), xlim=(0, WIDTH), ylim=(0, 2.1))
    whole.set_axis_off()
    side, gap = 1.06, 0.08
    for place, level in enumerate(LEVELS):
        left = 0.06 + place * (side + gap)
        axes = figure.add_axes((left / WIDTH, 0.52 / 2.1, side / WIDTH, side / 2.1))
        mixed = np.sqrt(level) * points + np.sqrt(1 - level) * noise
        for number, (colour, mark) in enumerate(((BLUE, "o"), (RED, "x"))):
            x, y = mixed[moon == number].T
            axes.plot(x, y, mark, color=colour, markersize=2.2, markeredgewidth=0.8)
        axes.set(xlim=(-3.2, 3.2), ylim=(-3.2, 3.2))
        bare(axes)
        say(whole, (left + side / 2, 0.4), f"ᾱ = {level:g}", INK, ha="center")
    arrow(whole, (0.06, 1.72), (4.54, 1.72), INK)
    say(whole, (2.3, 1.9), "forward: mix in noise, nothing to learn", INK, ha="center")
    arrow(whole, (4.54, 0.24), (0.06, 0.24), RED, dash=DASHED)
    say(whole, (2.3, 0.09), "backward: a network removes noise step by step", RED, ha="center")
    return figure


if __name__ == "__main__":
    save(draw(), "diffusion-noising")
