"""A formula in English words, for those who hear a page: what a reader would say aloud."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import lru_cache
from xml.etree.ElementTree import Element

from deckpress.math.mathml import read_latex
from deckpress.math.signs import APPLY, BIG, NOTHING, leaf_text

_SIGNS = {
    "=": "equals", "≠": "is not equal to", "≡": "is identical to", "≈": "is about",
    "+": "plus", "−": "minus", "-": "minus", "±": "plus or minus", "∓": "minus or plus",
    "×": "times", "⋅": "times", "·": "times", "∗": "star", "*": "star", "⋆": "star",
    "÷": "divided by", "/": "over", "⊙": "elementwise times", "⊗": "tensor times",
    "⊕": "circled plus", "∘": "composed with", "<": "is less than", ">": "is greater than",
    "≤": "is at most", "≥": "is at least", "≪": "is much less than", "≫": "is much greater than",
    "∝": "is proportional to", "∼": "is distributed as", "∣": "given", "|": "bar",
    "∥": "parallel to", "‖": "double bar", "∈": "in", "∉": "not in", "⊂": "subset of",
    "⊆": "subset of or equal to", "∩": "intersection", "∪": "union", "∖": "without",
    "∧": "and", "∨": "or", "¬": "not", "∀": "for all", "∃": "there is", "→": "to",
    "←": "from", "⇒": "implies", "⟹": "implies", "⟺": "if and only if", "↦": "maps to",
    "(": "open paren", ")": "close paren", "[": "open bracket", "]": "close bracket",
    "{": "open brace", "}": "close brace", "⟨": "open angle", "⟩": "close angle",
    "⌊": "floor of", "⌋": "end floor", "⌈": "ceiling of", "⌉": "end ceiling",
    "∑": "sum", "∏": "product", "∫": "integral", "∬": "double integral", "∮": "closed integral",
    "∞": "infinity", "∂": "partial", "∇": "gradient", "⊤": "transpose", "⊥": "perpendicular",
    "∅": "empty set", "ℓ": "l", "%": "percent", "!": "factorial", "′": "prime",
    "″": "double prime", "‴": "triple prime", "†": "dagger", "°": "degrees", "&": "and",
    "⋯": "dots", "…": "dots", "⋮": "dots", "⋱": "dots", ",": ",", ";": ";", ":": ":", ".": ".",
    APPLY: "of", NOTHING: "",
}  # fmt: skip
_MARKS = {
    "ˆ": "hat", "\u0302": "hat", "¯": "bar", "\u0332": "bar", "˜": "tilde", "\u0303": "tilde",
    "⃗": "vector", "→": "vector", "˙": "dot", "¨": "double dot", "⃛": "triple dot",
    "⃜": "quadruple dot", "ˇ": "check", "˘": "breve", "´": "acute", "`": "grave", "˚": "ring",
}  # fmt: skip
_BRACES = frozenset("⏞⎴⏜⏟⎵⏝")
_POWERS = {"2": "squared", "3": "cubed", "⊤": "transpose", "∗": "star", "*": "star"}
_PAIRS = {"‖": "norm", "|": "absolute value", "∣": "absolute value"}
_ROOTS = {"2": "square", "3": "cube", "4": "fourth"}
_BELOW = dict.fromkeys(
    ("max", "min", "arg max", "arg min", "argmax", "argmin", "sup", "inf"), "over"
)
_BELOW |= {"gradient": "with respect to", "lim": "as"}
"""What stands below these is heard as more than an index."""
_CLOSE = (",", ";", ":", ".")
_WORD = re.compile(r"[^\W\d_]+")


@lru_cache(maxsize=4096)
def say_math(latex: str, *, display: bool) -> str:
    """Say a formula.

    Args:
        latex: the formula, without its delimiters.
        display: whether it stands on lines of its own.

    Returns:
        English words, without any sign but commas and the like.

    Raises:
        MathError: math-core refuses the formula.
    """
    return _say(read_latex(latex, display=display))


@lru_cache(maxsize=4096)
def is_said_in_english(latex: str, *, display: bool) -> bool:
    """Say whether what `say_math` says of a formula holds more than its numbers, letters and texts.

    Args:
        latex: the formula, without its delimiters.
        display: whether it stands on lines of its own.

    Returns:
        Whether a voice of another language would say it wrongly.

    Raises:
        MathError: math-core refuses the formula.
    """
    written = " ".join(each.text or "" for each in read_latex(latex, display=display).iter())
    own = _WORD.findall(unicodedata.normalize("NFKC", written))
    return not set(_WORD.findall(say_math(latex, display=display))) <= set(own)


def _row(elements: Iterable[Element]) -> str:
    parts: list[str] = []
    rest = list(elements)
    while rest:
        if [leaf_text(each) for each in rest[:3]] in (["."] * 3, ["·"] * 3):
            parts.append("dots")
            rest = rest[3:]
            continue
        element, *rest = rest
        parts.append(_say(element))
        by_itself = _is_big(element) and not (rest and leaf_text(rest[0]) == APPLY)
        parts.append("of" if by_itself and rest else "")
    return _join(parts)


def _join(parts: Iterable[str]) -> str:
    words = " ".join(part for part in parts if part)
    for sign in _CLOSE:
        words = words.replace(f" {sign}", sign)
    return words


def _say(element: Element) -> str:
    writer = _WRITERS.get(element.tag)
    return writer(element) if writer else _row(element)


def _is_simple(element: Element) -> bool:
    """Say whether a piece is heard as one word, so that nothing need say where it ends."""
    while element.tag == "mrow" and len(element) == 1:
        element = element[0]
    return len(element) == 0 and " " not in _say(element).removeprefix("cap ")


def _is_big(element: Element) -> bool:
    scripted = element.tag in ("msub", "msup", "msubsup", "munder", "mover", "munderover")
    return leaf_text(element[0] if scripted else element) in BIG | frozenset("∫∬∭∮")


def _closed(before: str, element: Element, after: str) -> str:
    """Say a piece, and where it ends if that could not be heard."""
    said = _say(element)
    return f"{before} {said}" if _is_simple(element) else f"{before} {said} {after}"


def _sign(element: Element) -> str:
    text = leaf_text(element)
    if text in _PAIRS and element.get("form") in ("prefix", "postfix"):
        name = _PAIRS[text]
        return f"{name} of" if element.get("form") == "prefix" else f"end {name}"
    return _name(text)


def _name(text: str) -> str:
    plain = unicodedata.normalize("NFKC", re.sub("[\ufe00\ufe01]", "", text))
    if text in _SIGNS or plain in _SIGNS:
        return _SIGNS.get(text, _SIGNS.get(plain, ""))
    if len(plain) != 1 or plain.isdigit():
        return plain
    if not plain.isascii():
        *_, name = unicodedata.name(plain, plain).lower().partition(" letter ")
        word = name or unicodedata.name(plain, plain).lower()
        return f"cap {word}" if plain.isupper() else word.removesuffix(" symbol")
    return f"cap {plain}" if plain.isupper() else plain


def _words(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


def _group(element: Element) -> str:
    pieces = [each for each in element if each.tag != "mspace"]
    if len(pieces) == 3:
        first, middle, last = pieces
        opening, closing = leaf_text(first), leaf_text(last)
        if middle.tag == "mfrac" and middle.get("linethickness") == "0" and opening == "(":
            return f"{_say(middle[0])} choose {_say(middle[1])}"
        if middle.tag == "mtable":
            if opening == "{" and closing == NOTHING:
                return f"cases: {_lines(middle)}, end cases"
            return _matrix(middle)
    if len(pieces) > 2 and leaf_text(pieces[0]) in _PAIRS:
        opening = leaf_text(pieces[0])
        if opening == leaf_text(pieces[-1]):
            return f"{_PAIRS[opening]} of {_row(pieces[1:-1])} end {_PAIRS[opening]}"
    return _row(pieces)


def _lines(table: Element) -> str:
    return "; ".join(_join(_say(cell) for cell in row) for row in table)


def _matrix(table: Element) -> str:
    rows = [", ".join(_say(cell) for cell in row) for row in table]
    told = "; ".join(f"row {number}: {row}" for number, row in enumerate(rows, 1))
    return f"matrix: {told}, end matrix"


def _fraction(element: Element) -> str:
    above, below = element
    if _is_simple(above) and _is_simple(below):
        return f"{_say(above)} over {_say(below)}"
    return f"fraction {_say(above)} over {_say(below)} end fraction"


def _square_root(element: Element) -> str:
    return _closed("square root of", _as_row(element), "end root")


def _root(element: Element) -> str:
    radicand, degree = element
    said = _say(degree)
    return _closed(f"{_ROOTS.get(said, said + '-th')} root of", radicand, "end root")


def _power(above: Element) -> str:
    while above.tag == "mrow" and len(above) == 1:
        above = above[0]
    text = leaf_text(above)
    marks = list(above) if above.tag == "mrow" else [above]
    if all(leaf_text(mark) in ("′", "″", "‴", "†") for mark in marks):
        return _row(marks)
    return _POWERS.get(text) or _closed("to the", above, "end power")


def _scripts(element: Element) -> str:
    base, *rest = element
    below = rest[0] if element.tag in ("msub", "msubsup") else None
    above = rest[-1] if element.tag != "msub" else None
    if _is_big(element):
        return _limits(base, below, above)
    parts = [_say(base)]
    if below is not None:
        parts.append(_closed(_BELOW.get(parts[0], "sub"), below, "end sub"))
    parts.append(_power(above) if above is not None else "")
    return _join(parts)


def _limits(base: Element, below: Element | None, above: Element | None) -> str:
    parts = [_say(base)]
    if below is not None:
        parts.append(f"{'over' if above is None else 'from'} {_say(below)}")
    parts.append(f"to {_say(above)}" if above is not None else "")
    return _join(parts)


def _stacked(element: Element) -> str:
    """Say accents, braces with their labels, long arrows, and limits."""
    base, *rest = element
    mark = leaf_text(rest[0])
    if mark in _MARKS and (element.get("accent") or element.get("accentunder")):
        word = "underlined" if element.tag == "munder" else _MARKS[mark]
        return (
            f"{_say(base)} {word}" if _is_simple(base) else f"{word} over {_say(base)} end {word}"
        )
    if mark in _BRACES:
        return _say(base)
    if base.tag in ("munder", "mover") and leaf_text(base[-1]) in _BRACES:
        return f"{_say(base)}, labelled {_say(rest[0])},"
    if all(len(each) and each[-1].tag == "mspace" for each in rest):
        # An arrow as long as what stands above and below it.
        labels = _join(_say(each[0]) for each in rest)
        return f"{_say(base)}, labelled {labels}," if labels else _say(base)
    below = rest[0] if element.tag in ("munder", "munderover") else None
    above = rest[-1] if element.tag != "munder" else None
    return _limits(base, below, above)


def _enclosed(element: Element) -> str:
    struck = "strike" in element.get("notation", "")
    return _closed("crossed out" if struck else "boxed", _as_row(element), "end box")


def _as_row(element: Element) -> Element:
    inner = Element("mrow")
    inner.extend(element)
    return inner


def _nothing(element: Element) -> str:
    return ""


_WRITERS: dict[str, Callable[[Element], str]] = {
    "mi": _sign, "mo": _sign, "mn": _words, "mtext": _words, "mrow": _group, "math": _group,
    "mfrac": _fraction, "msqrt": _square_root, "mroot": _root, "msub": _scripts, "msup": _scripts,
    "msubsup": _scripts, "munder": _stacked, "mover": _stacked, "munderover": _stacked,
    "mtable": _lines, "menclose": _enclosed, "mspace": _nothing, "mphantom": _nothing,
}  # fmt: skip
