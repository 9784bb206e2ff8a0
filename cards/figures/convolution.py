"""One convolution in numbers: a 5x5 input, a 3x3 kernel, the 3x3 output.

Stride 1, no padding, the kernel not flipped, as in deep-learning layers. Two windows are framed,
each like the output it gives: the same nine weights work at both. All outputs are computed; the
last lines write the upper left one out.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.lib.stride_tricks import sliding_window_view
from shapes import frame, grid, heading, signed
from style import BLUE, DASHED, GREY, INK, MINUS, PAPER, RED, Dash, new_diagram, save, say, tint

INPUT = np.array(
    [[1, 2, 0, 1, 0], [0, 1, 3, 0, 1], [2, 1, 1, 0, 2], [0, 3, 0, 2, 1], [1, 0, 2, 1, 0]]
)
KERNEL = np.array([[1, 0, -1], [2, 0, -2], [1, 0, -1]])
CELL = 0.34
LEFT = {"input": 0.08, "kernel": 2.11, "output": 3.49}
MIDDLE = 1.72
FRAMES: tuple[tuple[int, int, str, Dash], ...] = ((0, 0, RED, "-"), (2, 2, BLUE, DASHED))


def corner(name: str, size: int, row: int, column: int) -> tuple[float, float]:
    """Find the upper left corner of a cell of one of the three grids."""
    return LEFT[name] + column * CELL, MIDDLE + (size / 2 - row) * CELL


def table(axes: Axes, name: str, values: np.ndarray, fill: str) -> None:
    """Draw a grid of numbers with its name and size above it."""
    size = len(values)
    left, top = corner(name, size, 0, 0)
    texts = [[signed(value) for value in row] for row in values]
    grid(axes, (left, top), (CELL, CELL), texts, facecolor=fill)
    heading(axes, (left + size * CELL / 2, top + 0.2), f"{name} {size}×{size}")


def window(axes: Axes, name: str, place: Sequence[int], cells: int, look: tuple[str, Dash]) -> None:
    """Frame a square of cells whose upper left one is at the given row and column."""
    size = len(INPUT) if name == "input" else len(KERNEL)
    left, top = corner(name, size, place[0], place[1])
    frame(axes, (left, top - cells * CELL), (cells * CELL, cells * CELL), *look, width=2.4)


def draw() -> Figure:
    """Draw the three grids, the two framed windows and the sum of one of them."""
    windows = sliding_window_view(INPUT, KERNEL.shape)
    output = np.einsum("ijkl,kl->ij", windows, KERNEL)
    figure, axes = new_diagram(2.95)
    table(axes, "input", INPUT, PAPER)
    table(axes, "kernel", KERNEL, tint(GREY))
    table(axes, "output", output, PAPER)
    for row, column, colour, dash in FRAMES:
        window(axes, "input", (row, column), len(KERNEL), (colour, dash))
        window(axes, "output", (row, column), 1, (colour, dash))
    say(axes, ((LEFT["input"] + 5 * CELL + LEFT["kernel"]) / 2, MIDDLE), "∗", ha="center")
    say(axes, ((LEFT["kernel"] + 3 * CELL + LEFT["output"]) / 2, MIDDLE), "=", ha="center")
    products = [
        (weight, value)
        for weight, value in zip(KERNEL.ravel(), windows[0, 0].ravel(), strict=True)
        if weight
    ]
    terms = " ".join(f"{'+' if w > 0 else MINUS} {abs(w)}·{v}" for w, v in products)
    total = f"{terms.removeprefix('+ ')} = {signed(output[0, 0])}"
    say(axes, (LEFT["input"], 0.52), total, RED)
    side = f"stride 1, no padding: side 5 {MINUS} 3 + 1 = {len(output)}"
    say(axes, (LEFT["input"], 0.24), side, INK)
    return figure


if __name__ == "__main__":
    save(draw(), "convolution")
