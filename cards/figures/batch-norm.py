"""Batch norm: which numbers are averaged, and two features before and after.

Above, a batch as a table of rows (examples) and columns (features): batch norm takes one mean and
one variance per column, layer norm one per row. Below, density histograms of 2000 simulated
values of two features: a normal one (mean 6, standard deviation 1.2) and a skewed one (gamma,
shape 1.6, scale 1.4, shifted by -4). After subtracting the mean and dividing by the standard
deviation both have mean 0 and standard deviation 1; the shape stays. Scale and shift, gamma and
beta, would act afterwards; here they are 1 and 0.
"""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from shapes import cell, frame
from style import BLUE, DASHED, GREY, RED, VIOLET, new_figure, plain_ticks, save, say, tint

EXAMPLES, FEATURES = 4, 6


def features() -> np.ndarray:
    """Simulate the two features, one per row."""
    rng = np.random.default_rng(6)
    skewed = rng.gamma(1.6, 1.4, 2000) - 4
    return np.stack([rng.normal(6, 1.2, 2000), skewed])


def table(axes: Axes) -> None:
    """Draw the batch, one column framed for batch norm and one row for layer norm."""
    axes.set(xlim=(-1.9, 12.6), ylim=(-0.5, EXAMPLES + 1))
    axes.set_axis_off()
    for row in range(EXAMPLES):
        for column in range(FEATURES):
            cell(axes, (column, row), (1, 1))
    cell(axes, (1, 0), (1, EXAMPLES), facecolor=tint(RED, 0.2), edgecolor=RED, linewidth=2.4)
    frame(axes, (0, 0), (FEATURES, 1), VIOLET, DASHED, width=2.4)
    say(axes, (FEATURES / 2, EXAMPLES + 0.6), "features", ha="center")
    say(axes, (-0.6, EXAMPLES / 2), "examples", ha="center", rotation=90)
    say(axes, (FEATURES + 0.4, 3.0), "batch norm:\nper feature, over\nthe examples", RED)
    say(axes, (FEATURES + 0.4, 0.5), "layer norm:\nper example", VIOLET)


def histograms(axes: Axes, values: np.ndarray, bins: np.ndarray) -> None:
    """Draw both features as outlines, the second hatched."""
    for feature, colour, dash, hatch in zip(
        values, (BLUE, RED), ("-", DASHED), ("", "////"), strict=True
    ):
        used = bins[max(np.searchsorted(bins, feature.min()) - 1, 0) :]
        used = used[: np.searchsorted(used, feature.max()) + 1]
        heights, edges = np.histogram(feature, used, density=True)
        look = {"facecolor": "none", "edgecolor": colour, "hatch": hatch}
        axes.stairs(heights, edges, fill=True, linewidth=1.6, linestyle=dash, **look)
    axes.axvline(0, color=GREY, linewidth=0.8)
    axes.spines["left"].set_visible(False)


def draw() -> Figure:
    """Draw the table above and the histograms below."""
    before = features()
    after = (before - before.mean(axis=1, keepdims=True)) / before.std(axis=1, keepdims=True)
    figure = new_figure(3.9)
    top, middle, bottom = figure.subplots(3, 1, height_ratios=(1.6, 1, 1))
    table(top)
    histograms(middle, before, np.linspace(-6, 12, 46))
    histograms(bottom, after, np.linspace(-6, 12, 46))
    for axes, peak in ((middle, 0.5), (bottom, 0.8)):
        axes.set(xlim=(-6, 12), ylim=(0, peak))
        plain_ticks(axes, (-6, -3, 0, 3, 6, 9, 12), ())
    say(middle, (11.9, 0.42), "before", ha="right", fontweight="bold")
    say(bottom, (11.9, 0.66), "after (γ = 1, β = 0)", ha="right", fontweight="bold")
    say(bottom, (3.0, 0.36), "both: mean 0, standard\ndeviation 1; shape as before")
    return figure


if __name__ == "__main__":
    save(draw(), "batch-norm")
