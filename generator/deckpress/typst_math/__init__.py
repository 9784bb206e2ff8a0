"""LaTeX formulas as Typst math, by way of their MathML."""

from deckpress.typst_math.formula import write_math

__all__ = ["write_math"]
