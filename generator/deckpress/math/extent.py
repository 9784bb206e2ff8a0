"""How much room a formula takes at most, known from its structure without setting it.

Measuring a formula takes as long as setting it, and nearly all are so small that it need not be
known how small. These bounds are for the type that formulas are printed in, New Computer Modern.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple
from xml.etree.ElementTree import Element

from deckpress.math.mathml import read_latex
from deckpress.math.signs import BIG, leaf_text


class Extent(NamedTuple):
    """A bound of a formula's width, in sizes of its type, and whether it is surely one line high.

    `below` and `above` say that something in it has such scripts.
    """

    width: float
    low: bool = False
    below: bool = False
    above: bool = False


_UNKNOWN = Extent(math.inf)
_WIDTHS = {
    **dict.fromkeys("abcdefghknopqrsuvxyz", 0.61), **dict.fromkeys("ijlt", 0.46),
    **dict.fromkeys("ABCDEFGHIJKLNOPQRSTUVXYZ", 0.93), **dict.fromkeys("mw", 0.9),
    **dict.fromkeys("MW", 1.1), **dict.fromkeys("0123456789", 0.51),
    **dict.fromkeys("()[]{}|‖.,;!'′/ \u00a0", 0.56), **dict.fromkeys("\u2061\u2062\u2063", 0.2),
    **dict.fromkeys("+−=<>≤≥≈∼∈⋅×±∓⊙∘∗∪∩:∣∥", 1.36),
}  # fmt: skip
"""Of common letters and signs, with the space around them, in sizes of type."""
_LETTER, _SIGN, _LONG = 0.96, 1.7, 2.8
_LONG_SIGN = re.compile("[⟵-⟿⋯…]")
_KNOWN = re.compile("[\u0020-\u02ff\u0370-\u03ff\u2000-\u2bff\U0001d400-\U0001d7ff]+")
_TALL_SIGNS = BIG | set("∫∬∭⨌∮∯∰√")
_LOW_BASES = frozenset("acegmnopqrsuvwxyzαγειμνορστυω")
"""Letters on which an accent is no taller than a capital."""

_SCRIPT = 0.74
_WIDTH = re.compile(r"(-?\d*\.?\d+)em")


@lru_cache(maxsize=4096)
def formula_extent(latex: str, *, display: bool) -> Extent:
    """Say how much room a formula takes at most.

    Args:
        latex: the formula, without its delimiters.
        display: whether it stands on lines of its own.

    Returns:
        The bounds; an infinite width for what has no bound that is known.

    Raises:
        MathError: math-core refuses the formula.
    """
    return _row(read_latex(latex, display=display))


def _row(elements: Iterable[Element]) -> Extent:
    extents = [_extent(each) for each in elements]
    below, above = (any(getattr(e, kind) for e in extents) for kind in ("below", "above"))
    low = all(each.low for each in extents) and not (below and above)
    return Extent(sum(each.width for each in extents), low, below, above)


def _extent(element: Element) -> Extent:
    match element.tag, len(element):
        case (("mi" | "mn" | "mo" | "mtext"), 0):
            return _leaf(element)
        case "mspace", 0:
            return _space(element)
        case "mrow", _:
            return _group(element)
        case "mfrac", 2:
            return Extent(0.4 + max(_extent(each).width for each in element))
        case "msqrt", _:
            return Extent(1.2 + _row(element).width)
        case "msub", 2:
            return _scripts(element, below=True)
        case "msup", 2:
            return _scripts(element, above=True)
        case (("msubsup" | "munderover"), 3):
            return _scripts(element, below=True, above=True)
        case (("munder" | "mover"), 2):
            return _around(element)
    return _UNKNOWN


def _leaf(element: Element) -> Extent:
    text = element.text or ""
    if not text:
        return Extent(0, low=True)
    if not _KNOWN.fullmatch(text):
        return _UNKNOWN
    # The name of a function has some space around it.
    space = 0.4 if len(text) > 1 and text.isalpha() else 0
    return Extent(
        space + sum(map(_sign_width, text)),
        _TALL_SIGNS.isdisjoint(text) and "minsize" not in element.attrib,
    )


def _sign_width(sign: str) -> float:
    width = _WIDTHS.get(sign)
    if width is not None:
        return width
    return _LETTER if sign.isalnum() else _LONG if _LONG_SIGN.match(sign) else _SIGN


def _space(element: Element) -> Extent:
    width = element.get("width")
    if width is None:
        return Extent(0.3, low=True)
    match = _WIDTH.fullmatch(width)
    return Extent(max(0.0, float(match[1])), low=True) if match else _UNKNOWN


def _group(element: Element) -> Extent:
    inner = _row(element)
    fences = [each for each in element if each.tag == "mo" and each.get("stretchy") == "true"]
    grows = len(element) > 1 and leaf_text(element[0]) in "()[]{}|‖⌊⌋⌈⌉⟨⟩"
    if not (fences or grows):
        return inner
    flat = inner.low and not (inner.below or inner.above)
    return inner._replace(width=inner.width + 0.8 * (2 + len(fences)), low=flat)


def _scripts(element: Element, *, below: bool = False, above: bool = False) -> Extent:
    base, *scripts = map(_extent, element)
    width = base.width + 0.1 + _SCRIPT * max(each.width for each in scripts)
    flat = all(each.low and not (each.below or each.above) for each in (base, *scripts))
    low = flat and not (below and above) and bool(leaf_text(element[0]))
    return Extent(width, low, below, above)


def _around(element: Element) -> Extent:
    base, mark = map(_extent, element)
    if "true" in (element.get("accent"), element.get("accentunder")):
        low = element.tag == "mover" and leaf_text(element[0]) in _LOW_BASES
        return Extent(base.width + 0.3, low)
    return Extent(base.width + 0.1 + _SCRIPT * mark.width)
