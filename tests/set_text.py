"""What a formula must show and what Typst set of it, as signs that can be compared."""

from __future__ import annotations

import io
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from xml.etree.ElementTree import Element

from pypdf import PdfReader

from deckpress.markup.typesetter import Typesetter
from deckpress.math.formula import write_math
from deckpress.math.mathml import read_latex

Formula = tuple[str, bool]
"""LaTeX, and whether it is displayed."""

_END = "¶"
_INVISIBLE = "\u2061\u2062\u2063\ufe00\ufe01"
_SAME = {
    # MathML names an accent by a letter that looks like it, Typst by the combining character.
    "ˆ": "\u0302", "ˇ": "\u030c", "˘": "\u0306", "¯": "\u0304", "˜": "\u0303", "˙": "\u0307",
    "¨": "\u0308", "´": "\u0301", "`": "\u0300", "˚": "\u030a", "⃛": "\u20db",
    # An arrow that grows becomes the long one.
    "⟵": "←", "⟶": "→", "⟷": "↔", "⟸": "⇐", "⟹": "⇒", "⟺": "⇔", "⟼": "↦",
    # A font says of a dotless letter which letter it is.
    "ı": "i", "ȷ": "j",
}  # fmt: skip
_OVER_ARROWS = {"→": "\u20d7", "←": "\u20d6"}


def expected_signs(formula: Formula) -> Counter[str]:
    """Return every letter, digit, operator and accent of a formula's MathML; not rules."""
    latex, display = formula
    return _signs("".join(_texts(read_latex(latex, display=display))))


def expected_rules(formula: Formula) -> int:
    """Say how many straight lines a formula's MathML asks for."""
    latex, display = formula
    return sum(_rules(element) for element in read_latex(latex, display=display).iter())


def signs_set(formulas: Sequence[Formula], typesetter: Typesetter) -> list[Counter[str]]:
    """Return for each formula the signs that can be read in a PDF of it."""
    # One page and a mark after each formula: a page each would have its fonts read each time.
    source = "".join(f"{_equation(each)}\n\n{_END}\n\n" for each in formulas)
    page = "#set page(width: auto, height: auto)\n"
    pdf = typesetter.pdf(page + source, {}, date=0, ua=False)
    (read,) = PdfReader(io.BytesIO(pdf)).pages
    return [_signs(text) for text in read.extract_text().split(_END)[:-1]]


def _equation(formula: Formula) -> str:
    written = write_math(formula[0], display=formula[1])
    return f"$ {written} $" if formula[1] else f"${written}$"


def _texts(element: Element) -> Iterable[str]:
    if element.tag == "mphantom":
        return
    accent = element.get("accent") == "true" or element.get("accentunder") == "true"
    children = list(element)
    if accent:
        mark = children.pop().text or ""
        # Overlines and underlines are rules, not signs.
        yield "" if mark == "\u0332" else _OVER_ARROWS.get(mark, mark)
    yield element.text or ""
    for child in children:
        yield from _texts(child)
        yield child.tail or ""


def _signs(text: str) -> Counter[str]:
    # math-core writes centred dots one by one.
    text = text.replace("···", "⋯")
    folded = "".join(_SAME.get(sign, sign) for sign in unicodedata.normalize("NFKD", text))
    signs = (sign for sign in unicodedata.normalize("NFKD", folded) if sign not in _INVISIBLE)
    return Counter(sign for sign in signs if not sign.isspace())


def _rules(element: Element) -> int:
    match element.tag:
        case "mfrac":
            return element.get("linethickness") != "0"
        case "msqrt" | "mroot":
            return 1
        case "menclose":
            return 2 if " " in element.get("notation", "") else 1
        case "mover" | "munder":
            return element[1].text == "\u0332"
        case "mtable":
            sides = {
                (row, side)
                for row, tr in enumerate(element)
                for td in tr
                for side in ("top", "bottom")
                if f"border-{side}" in td.get("style", "")
            }
            downs = {
                (index, side)
                for tr in element
                for index, td in enumerate(tr)
                for side in ("left", "right")
                if f"border-{side}" in td.get("style", "")
            }
            return len(sides) + len(downs)
    return 0
