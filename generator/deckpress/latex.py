"""The gate for formulas: what every target can set."""

from __future__ import annotations

import re
from dataclasses import dataclass

from deckpress.mathml import MathError
from deckpress.typst_math import write_math

REFUSED = {
    # math-core knows them, Anki's MathJax does not, or they reach outside the formula.
    r"\bm": r"write \boldsymbol",
    r"\newcommand": "write the formula out",
    r"\renewcommand": "write the formula out",
    r"\providecommand": "write the formula out",
    r"\def": "write the formula out",
    r"\let": "write the formula out",
    r"\href": "put the link outside the formula",
    r"\url": "put the link outside the formula",
    r"\class": "leave it out",
    r"\style": "leave it out",
    r"\require": "leave it out",
}
"""Commands that are refused, with what to do instead."""

_HINTS = {
    r"\substack": "stack the lines with an array",
    r"\DeclareMathOperator": r"write \operatorname{...}",
    r"\tag": "number it in the text",
    r"\widetilde": r"write \tilde",
    "smallmatrix": "write matrix or pmatrix",
}


@dataclass(frozen=True, slots=True)
class LatexFault:
    """What is wrong in a formula: at which character (from 0), what, and a hint."""

    offset: int
    message: str
    hint: str = ""


def find_fault(latex: str, *, display: bool) -> LatexFault | None:
    """Say what in a formula could not be set everywhere.

    Args:
        latex: the formula, without its delimiters.
        display: whether it stands on lines of its own.

    Returns:
        The first fault, or None when math-core reads the formula and Anki's MathJax 3 knows it.
    """
    if not latex.strip():
        return LatexFault(0, "the formula is empty")
    for match in re.finditer(r"\\[A-Za-z]+", latex):
        if match[0] in REFUSED:
            return LatexFault(match.start(), f"{match[0]} is not known to Anki", REFUSED[match[0]])
    try:
        write_math(latex, display=display)
    except MathError as error:
        hint = next((text for word, text in _HINTS.items() if word in error.message), "")
        return LatexFault(error.offset, _sentence(error.message), hint)
    return None


def _sentence(message: str) -> str:
    text = message.strip().rstrip(".").replace('"', "'").replace("\\\\", "\\")
    return text[:1].lower() + text[1:]
