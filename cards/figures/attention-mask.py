"""The causal attention mask of a five-token sentence: 0 where a token may look, -inf elsewhere.

Rows are queries, columns keys. The matrix is computed: -inf strictly above the diagonal. Added to
the scores before the softmax over each row, it gives every later token the weight 0.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.figure import Figure
from shapes import cell, heading
from style import BLUE, GREY, MINUS, new_diagram, save, say, tint

TOKENS = ("The", "model", "reads", "one", "token")
BLUE_CELL: dict[str, Any] = {"facecolor": tint(BLUE, 0.3)}
HIDDEN_CELL: dict[str, Any] = {"hatch": "///", "ink": GREY, "backed": True}
LEFT, BOTTOM, WIDTH, HEIGHT = 1.02, 0.38, 0.66, 0.42


def mask(length: int) -> np.ndarray:
    """Build the additive mask: a query sees itself and what came before."""
    return np.triu(np.full((length, length), -np.inf), k=1)


def draw() -> Figure:
    """Draw the matrix with its tokens along both sides."""
    figure, axes = new_diagram(3.2)
    length = len(TOKENS)
    top = BOTTOM + length * HEIGHT
    for (row, column), value in np.ndenumerate(mask(length)):
        corner = (LEFT + column * WIDTH, top - (row + 1) * HEIGHT)
        seen = value == 0
        text, look = ("0", BLUE_CELL) if seen else (MINUS + "∞", HIDDEN_CELL)
        cell(axes, corner, (WIDTH, HEIGHT), text, edgecolor=tint(GREY, 0.5), **look)
    for place, token in enumerate(TOKENS):
        say(axes, (LEFT + (place + 0.5) * WIDTH, top + 0.12), token, ha="center", va="baseline")
        say(axes, (LEFT - 0.1, top - (place + 0.5) * HEIGHT), token, ha="right")
    middle = LEFT + length * WIDTH / 2
    heading(axes, (middle, top + 0.46), "key: looked at")
    heading(axes, (0.2, top - length * HEIGHT / 2), "query: looks", rotation=90)
    say(axes, (middle, BOTTOM - 0.2), "softmax(scores + mask), row by row", ha="center")
    return figure


if __name__ == "__main__":
    save(draw(), "attention-mask")
