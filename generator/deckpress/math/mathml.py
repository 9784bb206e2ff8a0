"""LaTeX to MathML, as a tree; the only door to math-core."""

from __future__ import annotations

import re
from html.entities import html5
from xml.etree import ElementTree

import math_core

from deckpress.text.problem import Location, Problem, location_in

_CONVERTER = math_core.LatexToMathML(fancy_error=False, annotation=False)
_ENTITY = re.compile(r"&(?!amp;|lt;|gt;|quot;|apos;)(\w+;)")
_TWICE = re.compile(r"""\s+([a-z]+)="[^"<>]*"(?=[^<>]*\s\1=")""")


class MathError(Exception):
    """A formula that cannot be set; the place in `problem` is one in the formula."""

    def __init__(self, message: str, where: Location = Location()) -> None:  # noqa: B008  # frozen
        super().__init__(message, where)
        self.problem = Problem(where, message, rule="unreadable-formula")

    def __str__(self) -> str:
        return self.problem.message


def write_mathml(latex: str, *, display: bool) -> str:
    """Write a formula as MathML.

    Args:
        latex: the formula, without its delimiters.
        display: whether it stands on lines of its own.

    Returns:
        The `<math>` element, with entities of HTML.

    Raises:
        MathError: math-core refuses the formula.
    """
    try:
        return _CONVERTER.convert_with_local_state(latex, displaystyle=display)
    except math_core.LatexError as error:
        offset, _, message = str(error).partition(": ")
        start = int(offset) if offset.isdigit() else 0
        raise MathError(message or str(error), location_in(latex, start)) from None


def read_latex(latex: str, *, display: bool) -> ElementTree.Element:
    """Read a formula.

    Args:
        latex: the formula, without its delimiters.
        display: whether it stands on lines of its own.

    Returns:
        The `<math>` element.

    Raises:
        MathError: math-core refuses the formula.
    """
    return read_mathml(write_mathml(latex, display=display))


def read_mathml(text: str) -> ElementTree.Element:
    """Read what `write_mathml` wrote."""
    # math-core writes entities of HTML, which XML does not know.
    text = _ENTITY.sub(lambda match: html5[match[1]], text)
    # Of a large bar that is made a relation, it says twice whether it stretches: last as it should.
    return ElementTree.fromstring(_TWICE.sub(" ", text))
