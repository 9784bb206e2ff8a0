"""A coding assistant: context from the repository, completions at once, tasks through a sandbox.

A diagram, no data. The left path answers while typing; the right one loops between an agent and a
sandbox that applies edits and runs tests, until a diff is ready for review.
"""

from __future__ import annotations

from matplotlib.figure import Figure
from style import (
    BLUE,
    DASHED,
    GREEN,
    GREY,
    INK,
    PAPER,
    RED,
    VIOLET,
    arrow,
    box,
    new_diagram,
    save,
    say,
)

LEFT, RIGHT = 0.95, 3.45
SIZE = (1.6, 0.56)
ROWS = (4.2, 3.05, 1.9, 0.6)


def draw() -> Figure:
    """Draw the editor above, both models in the middle, the sandbox with its limits below."""
    editor, context, models, checks = ROWS
    half = SIZE[1] / 2
    figure, axes = new_diagram(4.65)
    box(axes, (LEFT, editor), SIZE, "editor", edgecolor=INK)
    box(axes, (RIGHT, editor), SIZE, "repository index:\nsymbols, text", edgecolor=GREY)
    builder = "context builder, within a token budget"
    box(axes, (2.4, context), (3.8, 0.46), builder, edgecolor=GREEN)
    box(axes, (LEFT, models), SIZE, "small model,\nfill in the middle", edgecolor=BLUE)
    box(axes, (RIGHT, models), SIZE, "agent with a\nlarge model", edgecolor=BLUE)
    box(axes, (RIGHT, checks), (2.05, 1.0), "", edgecolor=RED, linestyle=DASHED, facecolor=PAPER)
    sandbox = "sandbox: apply edits,\nparse, types, tests;\nno secrets"
    say(axes, (RIGHT, checks), sandbox, ha="center")
    box(axes, (LEFT, checks), SIZE, "diff for review", edgecolor=VIOLET)
    arrow(axes, (LEFT + 0.4, editor - half), (LEFT + 0.4, context + 0.23), GREEN)
    say(axes, (LEFT + 0.5, 3.62), "cursor,\nopen files", GREEN)
    arrow(axes, (RIGHT, editor - half), (RIGHT, context + 0.23), GREEN)
    arrow(axes, (LEFT + 0.4, context - 0.23), (LEFT + 0.4, models + half), BLUE)
    arrow(axes, (RIGHT, context - 0.23), (RIGHT, models + half), BLUE)
    bend = "arc3,rad=-0.25"
    arrow(axes, (LEFT - 0.63, models + half), (LEFT - 0.63, editor - half), INK, dash=DASHED)
    say(axes, (LEFT - 0.55, 2.5), "at once", INK)
    arrow(axes, (RIGHT + 0.35, models - half), (RIGHT + 0.35, checks + 0.5), RED, bend=bend)
    arrow(axes, (RIGHT - 0.35, checks + 0.5), (RIGHT - 0.35, models - half), RED, bend=bend)
    say(axes, (RIGHT, (models - half + checks + 0.5) / 2), "loop", RED, ha="center")
    arrow(axes, (RIGHT - 0.8, models - 0.1), (LEFT + 0.5, checks + half), VIOLET)
    say(axes, (1.0, 1.3), "checks pass", VIOLET)
    return figure


if __name__ == "__main__":
    save(draw(), "code-assistant")
