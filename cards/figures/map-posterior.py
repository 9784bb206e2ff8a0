"""Three heads in three flips: likelihood, prior Beta(2, 2) and posterior of the coin.

Computed: the likelihood p³ has its maximum at 1 (MLE), the posterior Beta(5, 2) at 0.8 (MAP) and
its mean at 5/7. The likelihood is drawn scaled to area 1, as a posterior under a flat prior.
"""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure
from style import BLUE, DASHED, DOTTED, GREY, INK, RED, new_figure, plain_ticks, save, say


def draw() -> Figure:
    """Draw the three curves and mark both maxima."""
    p = np.linspace(0, 1, 1001)
    curves = {"likelihood": p**3, "prior": p * (1 - p), "posterior": p**4 * (1 - p)}
    curves = {name: curve / np.trapezoid(curve, p) for name, curve in curves.items()}
    figure = new_figure(2.6)
    axes = figure.add_subplot()
    looks = {"likelihood": (RED, DASHED), "prior": (GREY, DOTTED), "posterior": (BLUE, "-")}
    for name, curve in curves.items():
        colour, dash = looks[name]
        axes.plot(p[::10], curve[::10], color=colour, linestyle=dash)
    for name, word in (("likelihood", "MLE"), ("posterior", "MAP")):
        colour = looks[name][0]
        best = p[np.argmax(curves[name])]
        top = curves[name].max()
        axes.plot(best, top, "o", color=colour, markersize=7, clip_on=False)
        align = "right" if word == "MLE" else "center"
        shift = (-0.03, 0.0) if word == "MLE" else (-0.03, 0.28)
        say(axes, (best + shift[0], top + shift[1]), f"{word} {best:g}", colour, ha=align)
    mean = np.trapezoid(curves["posterior"] * p, p)
    height = np.interp(mean, p, curves["posterior"])
    axes.plot((mean, mean), (0, height), color=BLUE, linewidth=0.9)
    say(axes, (mean - 0.015, 0.2), f"mean {mean:.3f}", INK, ha="right", backed=True)
    say(axes, (0.02, 1.62), "prior Beta(2, 2)", GREY, ha="left")
    say(axes, (0.6, 2.1), "posterior", BLUE, ha="right")
    say(axes, (0.91, 3.4), "likelihood", RED, ha="right")
    axes.set(xlim=(0, 1.01), ylim=(0, 4.3), xlabel="probability p of heads", ylabel="density")
    plain_ticks(axes, (0, 0.2, 0.4, 0.6, 0.8, 1), (0, 1, 2, 3, 4))
    return figure


if __name__ == "__main__":
    save(draw(), "map-posterior")
