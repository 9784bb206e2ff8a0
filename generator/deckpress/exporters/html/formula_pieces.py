"""A long formula in pieces, so that lines can end between them as they can between words."""

from __future__ import annotations

import re

LONG = 48
"""From how many characters a formula is divided."""
_SHORTEST = 12
"""A piece is at least so long: no line starts with a lone sign."""
_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|.", re.DOTALL)
_SIDES = ("\\lbrace", "\\lfloor", "\\lceil", "\\langle", "\\lvert", "\\lVert")
_OPENING = {*"{([", "\\{", "\\left", "\\begin", *_SIDES}
_CLOSING = {*"})]", "\\}", "\\right", "\\end", *(side.replace("l", "r", 1) for side in _SIDES)}
_SWITCH = re.compile(r"\\(?:displaystyle|textstyle|scriptstyle|color)\b")
"""What would hold for the pieces that follow, too."""
_SIGNS = {"=", "+", "-", r"\le", r"\leq", r"\ge", r"\geq", r"\approx", r"\propto", r"\sim", r"\to"}


def divide(latex: str) -> list[str]:
    """Divide a formula before the signs that stand outside all brackets.

    Args:
        latex: the formula, without holes.

    Returns:
        The pieces; a piece that begins with a sign has an empty left side, which keeps its space.
    """
    if len(latex) < LONG or _SWITCH.search(latex):
        return [latex]
    pieces, depth, before = [""], 0, ""
    for token in _TOKEN.findall(latex):
        depth += (token in _OPENING) - (token in _CLOSING)
        free = depth == 0 and before not in ("^", "_", r"\left", r"\right")
        if token in _SIGNS and free and len(pieces[-1].strip()) >= _SHORTEST:
            pieces.append("{} ")
        pieces[-1] += token
        before = token if token.strip() else before
    return pieces if depth == 0 else [latex]
