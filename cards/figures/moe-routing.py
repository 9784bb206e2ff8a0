"""One token in a mixture-of-experts layer: eight experts, of which the router picks two.

The scores are eight fixed numbers; their softmax is drawn as bars. The two largest shares are
kept and divided by their sum (as in Mixtral), which gives the weights 0.62 and 0.38 of the two
outputs. The other six experts do nothing for this token.
"""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from shapes import cell
from style import BLUE, GREY, INK, PAPER, RED, arrow, box, new_diagram, save, say, tint

SCORES = np.array([0.4, 1.9, -0.6, 0.7, 0.1, 1.4, -0.2, 0.5])
CHOSEN = 2
LEFT, STEP, SIDE = 0.36, 0.49, 0.41
BARS, EXPERTS, SUM = 1.62, 0.98, 0.3


def draw() -> Figure:
    """Draw router, shares, experts and the weighted sum, from the top down."""
    shares = np.exp(SCORES) / np.exp(SCORES).sum()
    top = np.argsort(shares)[::-1][:CHOSEN]
    weights = shares[top] / shares[top].sum()
    figure, axes = new_diagram(3.6)
    centre = LEFT + 3.5 * STEP + SIDE / 2
    box(axes, (centre, 3.0), (1.5, 0.36), "router: softmax", edgecolor=INK)
    say(axes, (centre - 0.1, 3.4), "token x", ha="right")
    arrow(axes, (centre, 3.5), (centre, 3.18))
    for expert, share in enumerate(shares):
        x = LEFT + expert * STEP
        used = expert in top
        colour = BLUE if used else GREY
        bar = Rectangle((x, BARS), SIDE, share * 2.3, facecolor=tint(colour, 0.45 if used else 0.2))
        bar.set(edgecolor=colour, linewidth=1.2)
        axes.add_patch(bar)
        say(axes, (x + SIDE / 2, BARS + share * 2.3 + 0.11), f"{share:.2f}", colour, ha="center")
        look = {"facecolor": tint(BLUE, 0.2), "edgecolor": BLUE, "linewidth": 1.6}
        idle = {"facecolor": PAPER, "edgecolor": GREY, "linestyle": "--", "ink": GREY}
        cell(axes, (x, EXPERTS), (SIDE, 0.4), f"E{expert + 1}", **(look if used else idle))
        if used:
            weight = weights[list(top).index(expert)]
            middle = x + SIDE / 2
            arrow(axes, (middle, BARS - 0.02), (middle, EXPERTS + 0.41), BLUE)
            arrow(
                axes, (middle, EXPERTS), (centre + 0.3 * np.sign(middle - centre), SUM + 0.18), BLUE
            )
            left = middle < centre
            place = (
                middle + (0.02 if left else 0.1),
                (EXPERTS + SUM) / 2 + (0.0 if left else 0.08),
            )
            say(axes, place, f"× {weight:.2f}", BLUE, ha="right" if left else "left")
    box(axes, (centre, SUM), (1.9, 0.36), "weighted sum y", edgecolor=INK)
    say(axes, (0.1, 2.55), f"top {CHOSEN} of 8", RED)
    return figure


if __name__ == "__main__":
    save(draw(), "moe-routing")
