"""The roofline of a language model's weight matrices: speed against tokens in a step.

Computed for the note's BF16 weights: attainable operations a second are the smaller of the peak,
989 TFLOP/s, and bandwidth times intensity, where a token brings one operation a byte read. The
corners are at 989/3.35 = 295 tokens for the H100 and 989/4.8 = 206 for the H200.
"""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure
from style import BLUE, DASHED, GREY, INK, RED, new_figure, plain_ticks, save, say

PEAK = 989.0  # TFLOP/s
BANDWIDTHS = (("H100, 3.35 TB/s", 3.35, BLUE, "-"), ("H200,\n4.8 TB/s", 4.8, RED, DASHED))


def draw() -> Figure:
    """Draw both roofs on logarithmic axes."""
    figure = new_figure(2.9)
    axes = figure.add_subplot(xscale="log", yscale="log")
    for name, bandwidth, colour, dash in BANDWIDTHS:
        corner = PEAK / bandwidth
        tokens = np.array([1, corner, 10_000])
        axes.plot(tokens, np.minimum(PEAK, bandwidth * tokens), color=colour, linestyle=dash)
        axes.plot(corner, PEAK, "o", color=colour, markersize=6)
        upper = bandwidth > 4
        say(
            axes,
            (corner * (0.8 if upper else 1.15), PEAK * (1.5 if upper else 0.66)),
            f"{corner:.0f}",
            colour,
            ha="right" if upper else "left",
        )
        at = (1.2, 62) if upper else (3.2, 4.9)
        say(axes, at, name, colour)
    say(axes, (900, PEAK * 1.5), f"peak {PEAK:g} TFLOP/s", INK)
    say(axes, (1.25, 700), "waits for memory:\ndecode, small batches", GREY)
    say(axes, (600, 130), "computes:\nprefill of a\nlong prompt", GREY)
    axes.set(xlim=(1, 10_000), ylim=(2.4, 2600))
    axes.set(xlabel="tokens in a step (log scale)", ylabel="TFLOP/s (log scale)")
    plain_ticks(axes, (1, 10, 100, 1000, 10_000), (10, 100, 1000))
    axes.minorticks_off()
    return figure


if __name__ == "__main__":
    save(draw(), "roofline")
