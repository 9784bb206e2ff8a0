"""One round of speculative decoding: four drafted tokens, one pass of the large model.

The probabilities that draft (q) and large model (p) give each drafted token are an example; the
chance to accept is computed as min(1, p/q). Here the first two are accepted, the third is
rejected and replaced by a draw from (p - q)+, and the fourth is thrown away.
"""

from __future__ import annotations

from matplotlib.figure import Figure
from shapes import cell, heading
from style import BLUE, DASHED, GREEN, GREY, INK, PAPER, RED, arrow, new_diagram, save, say, tint

DRAFT = (("sits", 0.6, 0.7), ("on", 0.5, 0.4), ("a", 0.4, 0.1), ("mat", 0.7, 0.6))
REJECTED = 2
LEFT, STEP, CELL = 1.12, 0.87, (0.8, 0.36)


def draw() -> Figure:
    """Draw the draft, the numbers of both models, the verdicts and the output."""
    figure, axes = new_diagram(3.35)
    rows = {"draft": 2.62, "q": 2.4, "p": 1.86, "accept": 1.38, "out": 0.42}
    heading(axes, (0.05, rows["draft"] + 0.18), "draft", BLUE, ha="left")
    heading(axes, (0.05, rows["p"]), "one pass", INK, ha="left")
    heading(axes, (0.05, rows["accept"]), "accept", INK, ha="left")
    heading(axes, (0.05, rows["out"] + 0.18), "output", GREEN, ha="left")
    for place, (token, draft, large) in enumerate(DRAFT):
        x = LEFT + place * STEP
        middle = x + CELL[0] / 2
        seen = place <= REJECTED
        ink = INK if seen else GREY
        look = {"facecolor": tint(BLUE, 0.16), "edgecolor": BLUE}
        cell(axes, (x, rows["draft"]), CELL, token, **look)
        say(axes, (middle, rows["q"]), f"q = {draft:g}", BLUE, ha="center")
        say(axes, (middle, rows["p"]), f"p = {large:g}", ink, ha="center")
        chance = f"{min(1, large / draft):.2g}"
        say(axes, (middle, rows["accept"]), chance if seen else "unused", ink, ha="center")
        if place < REJECTED:
            arrow(axes, (middle, rows["accept"] - 0.14), (middle, rows["out"] + CELL[1]), GREEN)
            done = {"facecolor": tint(GREEN, 0.22), "edgecolor": GREEN}
            cell(axes, (x, rows["out"]), CELL, token, **done)
        elif place == REJECTED:
            say(axes, (middle, 1.05), "rejected", RED, ha="center")
            anew = {"facecolor": PAPER, "edgecolor": RED, "linestyle": DASHED, "linewidth": 1.6}
            cell(axes, (x, rows["out"]), CELL, "the", **anew)
            arrow(axes, (middle, 0.92), (middle, rows["out"] + CELL[1]), RED)
    say(axes, (LEFT + 3 * STEP - 0.02, rows["out"] + 0.18), "drawn from\n(p − q)₊", RED)
    frame_left, frame_right = LEFT - 0.05, LEFT + 4 * STEP
    axes.plot((frame_left, frame_right), (2.13, 2.13), color=GREY, linewidth=0.8)
    say(axes, (LEFT, 3.18), "4 cheap steps, then all 4 scored at once", GREY)
    say(axes, (LEFT, 0.16), f"{REJECTED + 1} tokens for one pass of the large model", INK)
    return figure


if __name__ == "__main__":
    save(draw(), "speculative-tokens")
