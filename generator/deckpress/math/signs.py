"""The leaves of a formula as Typst math: letters, numbers, operators, words and spaces."""

from __future__ import annotations

import re
import unicodedata
from xml.etree.ElementTree import Element

from deckpress.math.mathml import MathError
from deckpress.math.typst_code import (
    NO_MATH,
    Math,
    apply,
    beside,
    digits,
    embed,
    in_math,
    length,
    number,
    option,
    part,
    sign,
    spaced,
    symbol,
    together,
)

APPLY = "\u2061"
"""The invisible sign between a function and its argument."""

NOTHING = "\u2063"
"""The invisible sign that stands for the delimiter of `\\left.` and `\\right.`."""

BIG = frozenset("∑∏∐⋃⋂⨁⨂⨀⨄⨆⋁⋀")
"""Operators that have their limits above and below in a displayed formula."""

OVER = {
    "ˆ": "hat", "\u0302": "hat", "¯": "macron", "\u0332": "overline", "˜": "tilde",
    "\u0303": "tilde", "⃗": "arrow", "→": "arrow", "←": "arrow.l", "˙": "dot", "¨": "dot.double",
    "⃛": "dot.triple", "⃜": "dot.quad", "ˇ": "caron", "˘": "breve", "´": "acute", "`": "grave",
    "˚": "circle", "⏞": "overbrace", "⎴": "overbracket", "⏜": "overparen",
}  # fmt: skip
UNDER = {"\u0332": "underline", "⏟": "underbrace", "⎵": "underbracket", "⏝": "underparen"}

_INTEGRALS = frozenset("∫∬∭⨌∮∯∰")
_STROKE = "\u0338"
_PRIMES = {"′": 1, "″": 2, "‴": 3, "⁗": 4}
_TEXT_STYLES = {
    "b": "bold", "i": "italic", "code": "mono", "math-core-sans-serif-font": "sans",
    "math-core-serif-font": "upright",
}  # fmt: skip
_SPACES = {0.0: "", 0.167: "thin", 0.222: "med", 0.278: "thick", 1.0: "quad", 2.0: "wide"}
# math-core puts this before the name of a function, which Typst spaces by itself.
_AUTOMATIC_SPACE = "0.1667em"
# Variation selectors tell the calligraphic from the script letters.
_ALPHABETS = (("\ufe00", "cal"), ("\ufe01", "scr"))


def leaf_text(element: Element) -> str:
    """Return the text of an identifier, number or operator; of anything else nothing."""
    return element.text or "" if element.tag in ("mi", "mn", "mo") else ""


def split_primes(above: Element | None) -> tuple[int, Element | None]:
    """Take the primes off a superscript: Typst has a mark of its own for them.

    Returns:
        How many there are, and what else the superscript holds.
    """
    if above is None:
        return 0, None
    marks = list(above) if above.tag == "mrow" else [above]
    count = 0
    while marks and leaf_text(marks[0]) in _PRIMES:
        count += _PRIMES[leaf_text(marks.pop(0))]
    if not count:
        return 0, above
    rest = Element("mrow")
    rest.extend(marks)
    return count, rest if marks else None


def write_sign(text: str) -> Math:
    """Write a sign; of one that stands for nothing, nothing."""
    return NO_MATH if text == NOTHING else sign(text)


def write_identifier(element: Element) -> Math:
    """Write a letter, or several upright ones.

    Raises:
        MathError: it is struck out.
    """
    text = leaf_text(element)
    if _STROKE in text:
        raise MathError(r"\not before a letter cannot be typeset")
    for selector, alphabet in _ALPHABETS:
        if selector in text and "∅" not in text:
            letters = unicodedata.normalize("NFKC", text.replace(selector, ""))
            return in_math(alphabet, spaced(*map(write_sign, letters)))
    if len(text) > 1 and "∅" not in text:
        return part(text)
    if text == ":":
        return in_math("class", "punctuation", sign(text))
    normal = element.get("mathvariant") == "normal"
    if _is_greek_capital(text):
        return sign(text) if normal else in_math("italic", sign(text))
    return in_math("upright", sign(text)) if normal and text.isalpha() else write_sign(text)


def _is_greek_capital(letter: str) -> bool:
    """Say whether Typst sets a letter upright of its own accord."""
    return "Α" <= letter <= "Ω"


def write_number(element: Element) -> Math:
    """Write a number."""
    return digits(leaf_text(element))


def write_words(element: Element) -> Math:
    """Write a text, which may be bold or italic in part.

    Raises:
        MathError: it is marked in another way.
    """
    text = (element.text or "").replace("\u00a0", " ")
    if text and not text.strip() and not len(element):
        return space(0.333)
    parts = [part(text)] if text else []
    for child in element:
        style = _TEXT_STYLES.get(child.get("class", child.tag))
        if style is None or len(child):
            raise MathError("text in this style cannot be typeset")
        parts.append(in_math(style, child.text or ""))
        parts += [part(child.tail)] if child.tail else []
    return together(parts)


def write_operator(element: Element, *, script: bool) -> Math:
    """Write an operator with the size and the spacing that LaTeX gives it.

    Args:
        element: the operator.
        script: whether it stands in a sub- or superscript, where nothing is spaced anyway.
    """
    text = leaf_text(element)
    if text in (APPLY, NOTHING, "\u2062", ""):
        return NO_MATH
    if len(text) > 1:
        return in_math("op", text) if text.isalpha() else in_math("class", "relation", text)
    if text in _PRIMES:
        return beside([symbol("prime")] * _PRIMES[text])
    written = write_sign(text)
    if "minsize" in element.attrib:
        size = length(element.get("minsize", ""))
        written = in_math("lr", option("size", size), written)
    kind = {"prefix": "opening", "postfix": "closing"}.get(element.get("form", ""))
    if kind is None or text not in "|‖":
        kind = "normal" if not script and _is_tight(element) else None
    return in_math("class", kind, written) if kind else written


def _is_tight(element: Element) -> bool:
    """Say whether LaTeX sets an operator without the space that is usual around it."""
    if leaf_text(element) in BIG | _INTEGRALS:
        return False
    left, right = element.get("lspace"), element.get("rspace")
    return right == "0" and (left == "0" or element.text == ",")


def write_space(element: Element) -> Math:
    """Write a space.

    Raises:
        MathError: its width is not in em.
    """
    width = element.get("width") or element.get("style", "").partition("margin-left:")[2]
    if not width or width == _AUTOMATIC_SPACE:
        return NO_MATH
    match = re.fullmatch(r"(-?[\d.]+)em;?", width)
    if match is None:
        raise MathError("a space that is not in em or mu cannot be typeset")
    return space(float(match[1]))


def space(width: float) -> Math:
    """Return a space of so many em."""
    name = _SPACES.get(round(width, 3))
    if name is None:
        return embed(apply("h", number(width, "em", digits=3)))
    return symbol(name) if name else NO_MATH
