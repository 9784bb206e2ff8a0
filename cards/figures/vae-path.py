"""A variational autoencoder as a graph: encoder, sampled code, decoder, and the two terms.

A diagram, no data. Dashed arrows are draws at random. The noise enters from outside, so that
gradients pass through mean and spread; the KL term holds the encoder's distribution against the
prior, from which new codes are drawn.
"""

from __future__ import annotations

from matplotlib.figure import Figure
from shapes import frame
from style import BLUE, DASHED, GREEN, GREY, INK, RED, VIOLET, arrow, box, new_diagram, save, say

MIDDLE = 1.85


def draw() -> Figure:
    """Draw the way of an input from left to right, the two terms of the loss below."""
    figure, axes = new_diagram(3.15)
    box(axes, (0.26, MIDDLE), (0.36, 0.4), "x", edgecolor=INK)
    box(axes, (1.05, MIDDLE), (0.86, 0.5), "encoder", edgecolor=BLUE)
    box(axes, (1.98, MIDDLE + 0.3), (0.36, 0.4), "μ", edgecolor=BLUE)
    box(axes, (1.98, MIDDLE - 0.3), (0.36, 0.4), "σ", edgecolor=BLUE)
    box(axes, (2.72, MIDDLE), (0.4, 0.4), "z", edgecolor=VIOLET)
    box(axes, (3.55, MIDDLE), (0.86, 0.5), "decoder", edgecolor=GREEN)
    box(axes, (4.36, MIDDLE), (0.36, 0.4), "x̂", edgecolor=INK)
    arrow(axes, (0.44, MIDDLE), (0.62, MIDDLE))
    for rise in (0.3, -0.3):
        arrow(axes, (1.48, MIDDLE + rise / 3), (1.8, MIDDLE + rise), BLUE)
        arrow(axes, (2.16, MIDDLE + rise), (2.52, MIDDLE + rise / 4), BLUE)
    arrow(axes, (2.92, MIDDLE), (3.12, MIDDLE), VIOLET)
    arrow(axes, (3.98, MIDDLE), (4.18, MIDDLE))
    arrow(axes, (2.72, 2.7), (2.72, MIDDLE + 0.2), VIOLET, dash=DASHED)
    say(axes, (2.72, 2.84), "ε from N(0, 1)", VIOLET, ha="center")
    say(axes, (2.84, 2.38), "z = μ + σ·ε", VIOLET)
    frame(axes, (1.73, MIDDLE - 0.57), (0.5, 1.14), RED, DASHED, width=1.2)
    arrow(axes, (1.98, MIDDLE - 0.57), (1.98, 0.84), RED)
    say(axes, (0.05, 0.68), "KL to the prior N(0, 1):", RED)
    say(axes, (0.05, 0.46), "codes fill it, without holes", RED)
    axes.plot(
        (0.26, 0.26, 4.36, 4.36), (MIDDLE - 0.2, 1.05, 1.05, MIDDLE - 0.2), color=GREY, lw=1.0
    )
    say(axes, (4.55, 0.68), "reconstruction:", GREY, ha="right")
    say(axes, (4.55, 0.46), "x̂ close to x", GREY, ha="right")
    arrow(axes, (3.9, 1.05), (3.9, 0.84), GREY)
    say(axes, (0.05, 0.14), "New image: draw z from N(0, 1), decode.", GREEN)
    return figure


if __name__ == "__main__":
    save(draw(), "vae-path")
