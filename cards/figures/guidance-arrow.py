"""Classifier-free guidance as arrows: the guided noise lies beyond the conditional one.

Two predictions of the noise in a plane, chosen for the drawing; the guided one is computed,
uncond + w (cond - uncond), for w = 1, 2 and 3. It lies on the line through both.
"""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure
from style import BLUE, DASHED, GREY, INK, RED, arrow, new_diagram, save, say

PLAIN, PROMPT = np.array([1.35, 1.25]), np.array([2.0, 0.75])
START = np.array([0.2, 0.55])


def draw() -> Figure:
    """Draw both predictions, their difference, and the guided predictions."""
    figure, axes = new_diagram(2.3)
    start = START
    plain, prompt = START + PLAIN, START + PROMPT
    step = PROMPT - PLAIN
    guided = START + PLAIN + 3 * step
    far = START + PLAIN + 3.35 * step
    axes.plot((plain[0], far[0]), (plain[1], far[1]), color=GREY, linestyle=DASHED, linewidth=1.0)
    for tip, colour in ((plain, GREY), (prompt, BLUE), (guided, RED)):
        arrow(axes, tuple(start), tuple(tip), colour)
    for weight in (0, 1, 2, 3):
        at = plain + weight * step
        axes.plot(*at, "o", color=INK, markersize=4)
        say(axes, (at[0] + 0.08, at[1] + 0.14), f"w = {weight}", INK)
    say(axes, (0.14, 1.5), "without\nprompt", GREY)
    say(axes, (1.5, 1.06), "with prompt", BLUE, backed=True)
    say(axes, (1.35, 0.2), "guided", RED)
    say(axes, (2.75, 1.75), "one step of w adds\n(with − without)", INK)
    return figure


if __name__ == "__main__":
    save(draw(), "guidance-arrow")
