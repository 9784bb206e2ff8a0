"""The structure of a formula as Typst math: scripts, fractions, fences, accents, frames."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache, partial
from xml.etree.ElementTree import Element

from deckpress.math.mathml import MathError, read_latex, read_mathml, write_mathml
from deckpress.math.signs import (
    APPLY,
    BIG,
    NOTHING,
    OVER,
    UNDER,
    leaf_text,
    space,
    split_primes,
    write_identifier,
    write_number,
    write_operator,
    write_sign,
    write_space,
    write_words,
)
from deckpress.math.table import write_table
from deckpress.math.typst_code import (
    EMPTY,
    NO_MATH,
    Math,
    apply,
    attach,
    beside,
    embed,
    framed,
    in_math,
    matrix,
    number,
    option,
    plus,
    sign,
    symbol,
)

FENCES = frozenset("()[]{}|‖⌊⌋⌈⌉⟨⟩⟮⟯⟦⟧⎰⎱⌜⌝⌞⌟/\\↑↓↕⇑⇓⇕" + NOTHING)
LABELLED = frozenset("⏞⎴⏜⏟⎵⏝")
"""Braces that may carry a label."""

_CANCEL = {
    "updiagonalstrike": (),
    "downdiagonalstrike": (option("inverted", True),),
    "updiagonalstrike downdiagonalstrike": (option("cross", True),),
}
_SCRIPTS = ("msub", "msup", "msubsup", "munder", "mover", "munderover")


@lru_cache(maxsize=4096)
def write_math(latex: str, *, display: bool) -> Math:
    """Write a formula as Typst math.

    Args:
        latex: the formula, without its delimiters.
        display: whether it stands on lines of its own.

    Returns:
        What stands between the dollar signs in Typst.

    Raises:
        MathError: math-core refuses the formula, or it holds what Typst cannot set.
    """
    return _row(read_latex(latex, display=display))


_PLAIN = re.compile(
    r"<math(?: display=\"block\")?>(?:"
    r"</?(?:mrow|mfrac|msqrt|mroot|msub|msup|msubsup|munder|munderover)>"
    r"|<mover(?: accent=\"true\")?>|</mover>"
    r"|<mo(?: (?:form|lspace|movablelimits|rspace|stretchy|symmetric)=\"[\w.-]*\")*>"
    r"(?:[^<>&\x00-\x1f\ud800-\udfff\ufffe\uffff]|&(?:ApplyFunction|amp|gt|lt);)*</mo>"
    r"|<(mi|mn|mtext)(?: mathvariant=\"normal\")?>"
    r"[^<>&\x00-\x1f\u0338\ud800-\udfff\ufffe\uffff]*</\1>"
    r"|<mspace(?: width=\"-?\d+(?:\.\d+)?em\")?/>"
    r")*</math>"
)
"""MathML of which nothing but an accent may be more than Typst can set."""
_ACCENT = re.compile(r">([^<>]*)</mo></mover>")


def _can_surely_be_set(mathml: str) -> bool:
    accents = _ACCENT.findall(mathml)
    known = len(accents) == mathml.count("</mover>") and all(map(OVER.__contains__, accents))
    return known and _PLAIN.fullmatch(mathml) is not None


def check_math(latex: str, *, display: bool) -> None:
    """Check that a formula can be written as Typst math.

    Args:
        latex: the formula, without its delimiters.
        display: whether it stands on lines of its own.

    Raises:
        MathError: `write_math` would raise it.
    """
    mathml = write_mathml(latex, display=display)
    if not _can_surely_be_set(mathml):
        _row(read_mathml(mathml))


def _row(elements: Sequence[Element] | Element, *, script: bool = False) -> Math:
    parts: list[Math] = []
    row = list(elements)
    at = 0
    while at < len(row):
        element, after = row[at], row[at + 1 : at + 3]
        dots = [leaf_text(each) for each in (element, *after)]
        at += 1
        if dots in (["."] * 3, ["·"] * 3):
            parts.append(symbol("dots.h" if dots[0] == "." else "dots.h.c"))
            at += 2
        elif after and leaf_text(after[0]) == APPLY:
            parts.append(_function(element, script))
            at += 1
        else:
            parts.append(_write(element, script))
    return beside([part for part in parts if part])


def _write(element: Element, script: bool) -> Math:
    writer = _WRITERS.get(element.tag)
    if writer is None:
        raise MathError(f"'{element.tag}' cannot be typeset")
    return writer(element, script)


def _argument(element: Element, script: bool) -> Math:
    """Write what stands alone: in a script, in a fraction, below an accent."""
    plain = element.tag == "mrow" and not element.attrib and not _is_fenced(element)
    return (_row(element, script=script) if plain else _write(element, script)) or EMPTY


def _function(element: Element, script: bool) -> Math:
    """Write the name of a function, with its scripts, so that it is spaced as one."""
    if element.tag in _SCRIPTS:
        return _scripts(element, script, function=True)
    leaves = [each for each in element.iter() if each.tag not in ("mrow", "mspace")]
    if [each.tag for each in leaves] in (["mi"], ["mo"]):
        return in_math("op", leaf_text(leaves[0]))
    return _write(element, script)


def _group(element: Element, script: bool) -> Math:
    if element.get("style", "").startswith("color:"):
        raise MathError("colour cannot be typeset")
    if _is_fenced(element):
        return _fenced(element, script)
    written = _row(element, script=script) if len(element) else EMPTY
    return _styled(element, written)


def _styled(element: Element, written: Math) -> Math:
    style = {"true": "display", "false": "inline"}.get(element.get("displaystyle", ""))
    return in_math(style, written) if style else written


def _is_fence(element: Element) -> bool:
    grows = element.get("stretchy") != "false" and "minsize" not in element.attrib
    return element.tag == "mo" and leaf_text(element) in FENCES and grows


def _is_fenced(element: Element) -> bool:
    return len(element) >= 2 and _is_fence(element[0]) and _is_fence(element[-1])


def _fenced(element: Element, script: bool) -> Math:
    first, *content, last = element
    opening, closing = (write_sign(leaf_text(each)) for each in (first, last))
    stacked = len(content) == 1 and content[0].get("linethickness") == "0"
    if stacked and (opening, closing) == (r"\(", r"\)"):
        above, below = (_argument(each, script) for each in content[0])
        return _styled(content[0], in_math("binom", above, below))
    parts = [opening]
    start = 0
    for index, each in enumerate(content):
        if _is_fence(each) and each.get("stretchy") == "true":
            run = _row(content[start:index], script=script)
            parts += [run, in_math("mid", write_sign(leaf_text(each)))]
            start = index + 1
    parts += [_row(content[start:], script=script), closing]
    return in_math("lr", beside([part for part in parts if part]))


def _fraction(element: Element, script: bool) -> Math:
    above, below = (_argument(each, script) for each in element)
    if element.get("linethickness") == "0":
        return _styled(element, matrix([option("delim", None)], [above, below]))
    return _styled(element, in_math("frac", above, below))


def _square_root(element: Element, script: bool) -> Math:
    return in_math("sqrt", beside([_argument(each, script) for each in element]))


def _root(element: Element, script: bool) -> Math:
    radicand, degree = element
    return in_math("root", _argument(degree, True), _argument(radicand, script))


_UNDER_LABELS = "3.5em"
"""How wide the blank is that keeps an arrow from being shorter."""


def _scripts(element: Element, script: bool, *, function: bool = False) -> Math:
    whole = _accent(element, script) or _label(element, script) or _arrow(element)
    if whole:
        return whole
    base, *rest = element
    below = rest[0] if element.tag in ("msub", "munder", "msubsup", "munderover") else None
    above = rest[-1] if element.tag not in ("msub", "munder") else None
    written = _function(base, script) if function else _argument(base, script)
    if element.tag.startswith("mu") or element.tag == "mover":
        by_itself = leaf_text(base) in BIG and base.get("movablelimits") != "false"
        written = written if by_itself else in_math("limits", written)
    elif function or not (base.tag in ("mi", "mn", "mtext") or leaf_text(base) in FENCES):
        written = in_math("scripts", written)
    primes, above = split_primes(above) if element.tag.startswith("ms") else (0, above)
    low, high = (None if each is None else _argument(each, True) for each in (below, above))
    return attach(written, low, high, primes=primes)


def _accent(element: Element, script: bool, *label: Math) -> Math:
    if element.get("accent") != "true" and element.get("accentunder") != "true":
        return NO_MATH
    base, mark = element
    name = (OVER if element.tag == "mover" else UNDER).get(leaf_text(mark))
    if name is None:
        raise MathError(f"the accent '{leaf_text(mark)}' cannot be typeset")
    # \hat, unlike \widehat, is as wide as it is whatever stands below it.
    narrow = mark.get("stretchy") == "false" and base.tag == "mrow"
    size = (option("size", number(0, "%")),) if narrow else ()
    return in_math(name, _argument(base, script), *size, *label)


def _label(element: Element, script: bool) -> Math:
    """Write a brace over or under a formula together with its label."""
    base, label = element[0], element[-1]
    if base.tag != element.tag or leaf_text(base[-1]) not in LABELLED:
        return NO_MATH
    return _accent(base, script, _argument(label, True))


def _arrow(element: Element) -> Math:
    """Write an arrow that is as long as what stands above and below it."""
    base, *labels = element
    if base.tag != "mo" or not all(map(_is_label, labels)):
        return NO_MATH
    size = option("size", plus(number(100, "%"), number(0.9, "em")))
    arrow = in_math("stretch", sign(leaf_text(base)), size)
    for label in labels:
        written = _row([each for each in label[0] if each.tag != "mspace"], script=True)
        below = label.tag == "munder"
        if written:
            arrow = attach(arrow, written if below else None, None if below else written)
    return arrow


def _is_label(element: Element) -> bool:
    """Say whether a script is what math-core writes at an arrow: words over a wide blank."""
    if element.tag not in ("mover", "munder"):
        return False
    return element[-1].tag == "mspace" and element[-1].get("width") == _UNDER_LABELS


def _padded(element: Element, script: bool) -> Math:
    sides = []
    for side in ("left", "right"):
        match = re.search(rf"padding-{side}:([\d.]+)", element.get("style", ""))
        sides.append(space(float(match[1])) if match else NO_MATH)
    parts = [sides[0], _row(element, script=script), sides[1]]
    return beside([part for part in parts if part])


def _enclosed(element: Element, script: bool) -> Math:
    inner = _row([each for each in element if not each.get("class")], script=script)
    notation = element.get("notation", "")
    if notation == "box":
        return framed(inner)
    if notation not in _CANCEL:
        raise MathError("this frame cannot be typeset")
    return in_math("cancel", inner, *_CANCEL[notation])


def _phantom(element: Element, script: bool) -> Math:
    return embed(apply("hide", _row(element, script=script)))


_WRITERS: dict[str, Callable[[Element, bool], Math]] = {
    "mi": lambda element, script: write_identifier(element),
    "mn": lambda element, script: write_number(element),
    "mo": lambda element, script: write_operator(element, script=script),
    "mtext": lambda element, script: write_words(element),
    "mspace": lambda element, script: write_space(element),
    "mrow": _group,
    "mfrac": _fraction,
    "msqrt": _square_root,
    "mroot": _root,
    **dict.fromkeys(_SCRIPTS, _scripts),
    "mtable": lambda element, script: write_table(element, partial(_row, script=script)),
    "menclose": _enclosed,
    "mphantom": _phantom,
    "mpadded": _padded,
}
