"""CLIP's batch as a matrix: images in rows, captions in columns, the pairs on the diagonal.

Cosines of unit vectors: four random captions in 12 dimensions, and images that are noisy copies
of their own caption, from a fixed seed, rounded to the two places shown. Written below and beside
them are the shares that the softmax of the framed row and of the framed column gives to the right
partner at temperature 0.2.
"""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure
from shapes import cell, frame, heading, signed
from style import BLUE, DASHED, RED, VIOLET, new_diagram, save, say, tint

PAIRS, DIMENSIONS, TEMPERATURE = 4, 12, 0.2
LEFT, TOP, CELL = 0.98, 2.85, (0.62, 0.44)
ROW, COLUMN = 1, 2


def cosines() -> np.ndarray:
    """Simulate the similarities, images by captions."""
    rng = np.random.default_rng(2)
    captions = rng.normal(size=(PAIRS, DIMENSIONS))
    images = captions + 0.8 * rng.normal(size=captions.shape)
    captions /= np.linalg.norm(captions, axis=1, keepdims=True)
    images /= np.linalg.norm(images, axis=1, keepdims=True)
    return np.round(images @ captions.T, 2)


def share(similarities: np.ndarray, right: int) -> float:
    """Return the softmax share of one entry."""
    weights = np.exp(similarities / TEMPERATURE)
    return float(weights[right] / weights.sum())


def draw() -> Figure:
    """Draw the matrix, one framed row and one framed column."""
    table = cosines()
    figure, axes = new_diagram(3.5)
    for (row, column), value in np.ndenumerate(table):
        corner = (LEFT + column * CELL[0], TOP - (row + 1) * CELL[1])
        own = row == column
        fill = {"facecolor": tint(BLUE, 0.28)} if own else {}
        cell(axes, corner, CELL, signed(value, ".2f"), **fill)
    for place in range(PAIRS):
        x = LEFT + (place + 0.5) * CELL[0]
        say(axes, (x, TOP + 0.13), f"T{place + 1}", ha="center")
        say(axes, (LEFT - 0.1, TOP - (place + 0.5) * CELL[1]), f"I{place + 1}", ha="right")
    heading(axes, (LEFT + 2 * CELL[0], TOP + 0.42), "captions")
    heading(axes, (0.3, TOP - 2 * CELL[1]), "images", rotation=90)
    right, foot = LEFT + PAIRS * CELL[0], TOP - PAIRS * CELL[1]
    low = TOP - (ROW + 1) * CELL[1]
    frame(axes, (LEFT - 0.03, low), (PAIRS * CELL[0] + 0.06, CELL[1]), RED, width=2.4)
    x = LEFT + COLUMN * CELL[0]
    frame(axes, (x, foot - 0.03), (CELL[0], PAIRS * CELL[1] + 0.06), VIOLET, DASHED, width=2.4)
    row = f"I2 picks T2:\n{share(table[ROW], ROW):.0%}"
    say(axes, (right + 0.12, low + CELL[1] / 2), row, RED)
    column = f"T3 picks I3: {share(table[:, COLUMN], COLUMN):.0%}"
    say(axes, (x + CELL[0] / 2, foot - 0.2), column, VIOLET, ha="center")
    words = (
        "softmax over rows and columns at τ = 0.2;\nthe loss is the mean of all 8 cross-entropies"
    )
    say(axes, (0.1, 0.32), words)
    return figure


if __name__ == "__main__":
    save(draw(), "clip-matrix")
