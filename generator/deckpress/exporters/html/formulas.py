"""Formulas as inline SVG: drawn once by Typst, on the baseline and in the colour of the words."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from hashlib import sha256
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from deckpress.markup.elements import Html, element, join, shape
from deckpress.markup.typesetter import Typesetter
from deckpress.math.formula import write_math
from deckpress.math.speech import is_said_in_english, say_math
from deckpress.math.typst_code import apply, call, define, in_math, number
from deckpress.model.collection import Making, Recall, make_anew

SIZE = 10
"""The size of the type that formulas are drawn at, in points: what becomes one em."""

_BASELINE = "#010203"
_SVG = "{http://www.w3.org/2000/svg}"
_LINK = "{http://www.w3.org/1999/xlink}href"
_NUMBER = re.compile(r"-?\d*\.?\d+")
_AROUND_LETTER = re.compile(r" (?=[A-Za-z])|(?<=[A-Za-z]) ")
_PAGE = """\
#set page(width: auto, height: auto, margin: 0pt, fill: none)
#set text(size: size, top-edge: 0pt, bottom-edge: 0pt)
#set par(leading: 0pt)
#let formula(body) = context {
  let strut = box(width: 0pt, height: 1000pt, baseline: 1000pt)
  let ascent = measure(body + strut).height - 1000pt
  place(top + left, dy: ascent, line(length: 1pt, stroke: 1pt + baseline))
  box(body)
  pagebreak(weak: true)
}
"""
# The strut hangs below the baseline, so what the two are higher than it is the formula's ascent;
# a line in a colour of its own carries it into the SVG. Without leading, nothing is clipped.


@dataclass(frozen=True, slots=True)
class DrawnFormula:
    """A formula as SVG: a function of its LaTeX and of the fonts, whatever stands beside it.

    `name` is the id of its drawing in a page; `drawing` the content of the element of that id;
    `label` the attributes that say what it is, in words and in LaTeX; `glyphs` what the drawing
    uses: the path data of each glyph by id. `width`, `height` and `depth`
    below the baseline are in em.
    """

    name: str
    label: Mapping[str, str]
    drawing: Html
    glyphs: Mapping[str, str]
    width: float
    height: float
    depth: float

    def write(self, *, piece: bool = False, inline: bool = False, english: bool = False) -> Html:
        """Return the `<svg>` that shows the formula in a line of text.

        It is an image labelled in words, and takes on the size and colour of the text. A piece of
        a formula is silent: the whole has the label. The drawing is referred to, or inline. Among
        words of another language, the label says that it is `english`.
        """
        label = (
            {"aria_hidden": "true"}
            if piece
            else {**({"lang": "en"} if english else {}), **self.label}
        )
        box = f"0 0 {_short(self.width * SIZE)} {_short(self.height * SIZE)}"
        return element(
            "svg",
            self.drawing if inline else shape("use", href=f"#{self.name}"),
            class_="math",
            **label,
            fill="currentColor",
            width=f"{_short(self.width)}em",
            height=f"{_short(self.height)}em",
            viewBox=box,
            style=f"vertical-align:{_short(-self.depth)}em",
        )


Formula = tuple[str, bool]
"""LaTeX, and whether it stands on lines of its own."""


def formula_label(latex: str, display: bool, *, english: bool = False) -> dict[str, str]:
    """Return the attributes by which a formula is heard, as words, and copied, as LaTeX.

    Args:
        latex: the formula.
        display: whether it stands on lines of its own.
        english: whether to say that the words are English, which those around are not.
    """
    words, tex = say_math(latex, display=display), " ".join(latex.split())
    marked = {"lang": "en"} if english else {}
    return {**marked, "role": "img", "aria_label": words, "data_tex": tex}


def is_foreign(latex: str, display: bool, language: str) -> bool:
    """Say whether the words for a formula are of another language than those around it.

    Args:
        latex: the formula.
        display: whether it stands on lines of its own.
        language: that of the words around it.
    """
    english = language.lower().partition("-")[0] == "en"
    return not english and is_said_in_english(latex, display=display)


def formula_name(latex: str, display: bool) -> str:
    """Return the id of a formula's drawing; no id of a note begins with an underscore."""
    return f"_m{_digest(f'{latex}{display}')}"


# A formula is drawn once a run, however many decks it is in. Typst's math font is its own, but what
# that lacks is taken from those of the deck.
_DRAWN: dict[tuple[str, Formula], DrawnFormula] = {}


def draw_formulas(
    wanted: Iterable[Formula], typesetter: Typesetter, recall: Recall = make_anew
) -> dict[Formula, DrawnFormula]:
    """Draw formulas.

    Args:
        wanted: formulas, in any order, repeated or not.
        typesetter: what sets them.
        recall: knows what was drawn in earlier runs.

    Returns:
        The drawn formulas, sorted.

    Raises:
        MathError: a formula that `check` would have refused.
    """
    formulas = sorted(set(wanted))
    fonts = typesetter.fonts_digest
    new = [formula for formula in formulas if (fonts, formula) not in _DRAWN]
    making = Making(f"formula in {fonts}", partial(_draw, typesetter), DrawnFormula)
    _DRAWN.update({(fonts, formula): drawn for formula, drawn in recall(making, new).items()})
    return {formula: _DRAWN[fonts, formula] for formula in formulas}


def _draw(typesetter: Typesetter, formulas: Sequence[Formula]) -> list[DrawnFormula]:
    pages = typesetter.svg_pages(_source(formulas), {})
    return [
        _take_over(formula, ElementTree.fromstring(page))
        for formula, page in zip(formulas, pages, strict=True)
    ]


def write_definitions(formulas: Iterable[DrawnFormula], inline: Collection[str] = ()) -> Html:
    """Return the `<svg>` for a page's start that holds glyphs and formulas, each once.

    It is laid out nowhere: a browser would style each glyph in it before it paints anything.

    Args:
        formulas: all formulas of the page.
        inline: the names of those that are drawn where they stand.

    Returns:
        HTML; nothing when there are no formulas.
    """
    drawn = list(formulas)
    if not drawn:
        return join([])
    glyphs = {name: path for formula in drawn for name, path in formula.glyphs.items()}
    # Typst draws glyphs with the y axis upwards.
    paths = [shape("path", id=n, transform="scale(1 -1)", d=d) for n, d in glyphs.items()]
    shared = (formula for formula in drawn if formula.name not in inline)
    groups = [element("g", formula.drawing, id=formula.name) for formula in shared]
    held = element("defs", *paths, "\n", *groups)
    return element("svg", held, class_="math-definitions", style="display:none", aria_hidden="true")


def _source(formulas: Iterable[Formula]) -> str:
    head = define("size", number(SIZE, "pt")) + define("baseline", apply("rgb", _BASELINE))
    lines = []
    for latex, display in formulas:
        written = write_math(latex, display=display)
        lines.append(call("formula", in_math("display", written) if display else written))
    return head + _PAGE + "\n".join(lines)


def _take_over(formula: Formula, page: Element) -> DrawnFormula:
    """Take over what Typst drew: glyphs named by content, numbers short, black left to the page."""
    glyphs: dict[str, str] = {}
    names: dict[str, str] = {}
    for symbol in page.iter(f"{_SVG}symbol"):
        name, path = _glyph(symbol[0].get("d", ""))
        names[symbol.get("id", "")] = name
        glyphs[name] = path
    width, height = (float(page.get(side, "0pt")[:-2]) for side in ("width", "height"))
    marker, *drawn = [child for child in page if child.tag != f"{_SVG}defs"]
    if marker.get("stroke") != _BASELINE:
        raise ValueError(f"no baseline in the drawing of {formula[0]}")
    baseline = float(_NUMBER.findall(marker.get("transform", "0 0"))[-1])
    return DrawnFormula(
        formula_name(*formula),
        formula_label(*formula),
        join(_write(child, names) for child in drawn),
        glyphs,
        width / SIZE,
        height / SIZE,
        (height - baseline) / SIZE,
    )


def _write(part: Element, names: Mapping[str, str]) -> Html:
    """Write a drawn element: a group, a glyph or a line."""
    match part.tag.removeprefix(_SVG):
        case "g":
            move = part.get("transform", "")
            if move.startswith("matrix(1 0 0 -1 "):
                left, baseline = (float(number) for number in _NUMBER.findall(move)[4:])
                return join(_use(glyph, left, baseline, names) for glyph in part)
            inner = join(_write(child, names) for child in part)
            return element("g", inner, transform=_short_all(move)) if move else inner
        case "path":
            return _line(part)
    raise ValueError(f"a formula holds '{part.tag}'")


def _use(glyph: Element, left: float, baseline: float, names: Mapping[str, str]) -> Html:
    name = names[glyph.get(_LINK, "#")[1:]]
    x, y = left + float(glyph.get("x", "0")), baseline - float(glyph.get("y", "0"))
    return shape("use", href=f"#{name}", x=_short(x, 2), y=_short(y, 2))


def _line(path: Element) -> Html:
    shown = {"d": _short_all(path.get("d", ""))}
    if path.get("transform"):
        shown["transform"] = _short_all(path.get("transform", ""))
    if path.get("stroke", "none") != "none":
        width = float(path.get("stroke-width", "1"))
        shown |= {"fill": "none", "stroke": "currentColor", "stroke-width": _short(width)}
    return shape("path", **shown)


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:10]


@lru_cache(maxsize=4096)
def _glyph(data: str) -> tuple[str, str]:
    """Return the id of a glyph, and the data of its path without the blanks it can do without."""
    path = _AROUND_LETTER.sub("", data.removeprefix("M 0 0"))
    path = path.replace(" -", "-").replace(" 0.", " .")
    return f"_g{_digest(path)}", path


def _short(number: float, digits: int = 3) -> str:
    text = f"{number:.{digits}f}".rstrip("0").rstrip(".")
    return "0" if text in ("", "-0") else text


def _short_all(text: str) -> str:
    return _NUMBER.sub(lambda match: _short(float(match[0])), text)
