"""The leaves of a formula as Typst math: letters, numbers, operators, words and spaces."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from xml.etree.ElementTree import Element

from deckpress.math.mathml import MathError

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


def join(parts: Sequence[str]) -> str:
    """Put pieces of Typst math side by side."""
    joined = ""
    for part in parts:
        # Typst shows a blank beside a text in quotes, and nowhere else.
        close = joined.endswith('"') or part.startswith('"')
        joined += part if close or not joined or not part else f" {part}"
    return joined


def write_sign(text: str) -> str:
    """Write a sign, guarded where it means something to Typst, as every bracket does."""
    if text == NOTHING:
        return ""
    bracket = text in "⎰⎱" or unicodedata.category(text[0]) in ("Ps", "Pe")
    plain = text.isalnum() or text in "+=<>" or not text.isascii()
    return f"\\{text}" if bracket or not plain else text


def write_string(text: str) -> str:
    """Write words as a text of Typst."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def write_identifier(element: Element) -> str:
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
            return f"{alphabet}({' '.join(map(write_sign, letters))})"
    if len(text) > 1 and "∅" not in text:
        return write_string(text)
    if text == ":":
        return r'class("punctuation", \:)'
    normal = element.get("mathvariant") == "normal"
    if _is_greek_capital(text):
        return text if normal else f"italic({text})"
    return f"upright({text})" if normal and text.isalpha() else write_sign(text)


def _is_greek_capital(letter: str) -> bool:
    """Say whether Typst sets a letter upright of its own accord."""
    return "Α" <= letter <= "Ω"


def write_number(element: Element) -> str:
    """Write a number."""
    text = leaf_text(element)
    return text if re.fullmatch(r"[0-9]+(\.[0-9]+)?", text) else write_string(text)


def write_words(element: Element) -> str:
    """Write a text, which may be bold or italic in part.

    Raises:
        MathError: it is marked in another way.
    """
    text = (element.text or "").replace("\u00a0", " ")
    if text and not text.strip() and not len(element):
        return "#h(0.333em);"
    parts = [write_string(text)] if text else []
    for child in element:
        style = _TEXT_STYLES.get(child.get("class", child.tag))
        if style is None or len(child):
            raise MathError("text in this style cannot be typeset")
        parts.append(f"{style}({write_string(child.text or '')})")
        parts += [write_string(child.tail)] if child.tail else []
    return "".join(parts)


def write_operator(element: Element, *, script: bool) -> str:
    """Write an operator with the size and the spacing that LaTeX gives it.

    Args:
        element: the operator.
        script: whether it stands in a sub- or superscript, where nothing is spaced anyway.
    """
    text = leaf_text(element)
    if text in (APPLY, NOTHING, "\u2062", ""):
        return ""
    if len(text) > 1:
        word = write_string(text)
        return f"op({word})" if text.isalpha() else f'class("relation", {word})'
    if text in _PRIMES:
        return " ".join(["prime"] * _PRIMES[text])
    sign = write_sign(text)
    if "minsize" in element.attrib:
        sign = f"lr(size: #{element.get('minsize')}, {sign})"
    kind = {"prefix": "opening", "postfix": "closing"}.get(element.get("form", ""))
    if kind is None or text not in "|‖":
        kind = "normal" if not script and _is_tight(element) else None
    return f'class("{kind}", {sign})' if kind else sign


def _is_tight(element: Element) -> bool:
    """Say whether LaTeX sets an operator without the space that is usual around it."""
    if leaf_text(element) in BIG | _INTEGRALS:
        return False
    left, right = element.get("lspace"), element.get("rspace")
    return right == "0" and (left == "0" or element.text == ",")


def write_space(element: Element) -> str:
    """Write a space.

    Raises:
        MathError: its width is not in em.
    """
    width = element.get("width") or element.get("style", "").partition("margin-left:")[2]
    if not width or width == _AUTOMATIC_SPACE:
        return ""
    match = re.fullmatch(r"(-?[\d.]+)em;?", width)
    if match is None:
        raise MathError("a space that is not in em or mu cannot be typeset")
    return space(float(match[1]))


def space(width: float) -> str:
    """Return a space of so many em."""
    name = _SPACES.get(round(width, 3))
    return f"#h({width:.3f}em);" if name is None else name
