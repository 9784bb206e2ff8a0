"""A computational graph in numbers: L = a·b with a = x² and b = 2x at x = 3.

Solid arrows carry values forwards, dashed ones gradients backwards. Each node passes on its own
gradient times the local derivative; x is used twice, so it adds two messages: 36 + 18 = 54. All
numbers are computed; the sum is checked against the slope of 2x³.
"""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from style import BLUE, DASHED, INK, RED, Point, arrow, box, new_diagram, save, say

X = 3
SIZE = (0.92, 0.56)
PLACES: dict[str, Point] = {"x": (0.62, 1.3), "a": (2.2, 2.1), "b": (2.2, 0.5), "L": (3.95, 1.3)}


def both(axes: Axes, start: str, end: str, rise: int) -> None:
    """Draw the value's arrow between two nodes, and the gradient's beside it, the other way."""
    left, right = PLACES[start], PLACES[end]
    for shift, colour in ((0.11, BLUE), (-0.11, RED)):
        tail = (left[0] + SIZE[0] / 2 + 0.02, left[1] + shift + 0.12 * rise)
        head = (right[0] - SIZE[0] / 2 - 0.02, right[1] + shift - 0.12 * rise)
        if colour == BLUE:
            arrow(axes, tail, head, colour)
        else:
            arrow(axes, head, tail, colour, dash=DASHED)


def draw() -> Figure:
    """Draw the four nodes, the values and the gradients."""
    a, b = X**2, 2 * X
    to_a, to_b = b, a  # the gradient of a·b, times 1
    through_a, through_b = to_a * 2 * X, to_b * 2
    total = through_a + through_b
    assert total == 6 * X**2
    figure, axes = new_diagram(2.95)
    for name, text in (("a", f"a = x²\n= {a}"), ("b", f"b = 2x\n= {b}")):
        box(axes, PLACES[name], SIZE, text, edgecolor=INK)
    box(axes, PLACES["x"], SIZE, f"x = {X}", edgecolor=INK)
    box(axes, PLACES["L"], SIZE, f"L = ab\n= {a * b}", edgecolor=INK)
    for start, end, rise in (("x", "a", 1), ("x", "b", -1), ("a", "L", -1), ("b", "L", 1)):
        both(axes, start, end, rise)
    say(axes, (0.3, 2.12), f"{to_a} · 2x = {through_a}", RED)
    say(axes, (0.42, 0.48), f"{to_b} · 2 = {through_b}", RED)
    say(axes, (3.2, 2.1), f"∂L/∂a = b = {to_a}", RED)
    say(axes, (3.2, 0.48), f"∂L/∂b = a = {to_b}", RED)
    total_text = f"∂L/∂x = {through_a} + {through_b} = {total}"
    say(axes, (2.3, 1.3), total_text, RED, ha="center")
    arrow(axes, (0.3, 2.78), (0.72, 2.78), BLUE)
    say(axes, (0.8, 2.78), "values", BLUE)
    arrow(axes, (2.55, 2.78), (2.13, 2.78), RED, dash=DASHED)
    say(axes, (2.63, 2.78), "gradients: add at x", RED)
    return figure


if __name__ == "__main__":
    save(draw(), "backprop-graph")
