"""Formulas as inline SVG: drawn once by Typst, on the baseline and in the colour of the words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from deckpress.typesetter import Typesetter
from deckpress.typst_math import write_math

SIZE = 10
"""The size of the type that formulas are drawn at, in points: what becomes one em."""

_BASELINE = "#010203"
_SVG = "{http://www.w3.org/2000/svg}"
_LINK = "{http://www.w3.org/1999/xlink}href"
_NUMBER = re.compile(r"-?\d*\.?\d+")
_PAGE = """\
#set page(width: auto, height: auto, margin: 0pt, fill: none)
#set text(size: %dpt, top-edge: 0pt, bottom-edge: 0pt)
#set par(leading: 0pt)
#let formula(body) = context {
  let strut = box(width: 0pt, height: 1000pt, baseline: 1000pt)
  let ascent = measure(body + strut).height - 1000pt
  place(top + left, dy: ascent, line(length: 1pt, stroke: 1pt + rgb("%s")))
  box(body)
  pagebreak(weak: true)
}
"""
# The strut hangs below the baseline, so what the two are higher than it is the formula's ascent;
# a line in a colour of its own carries it into the SVG. Without leading, nothing is clipped.


@dataclass(frozen=True, slots=True)
class DrawnFormulas:
    """Formulas ready for one HTML page.

    `definitions` is an `<svg>` without size for the page's start: the glyphs, each once, and the
    formulas, each once. `sizes` gives for each formula (LaTeX, whether displayed) its id, width,
    height and depth below the baseline in em.
    """

    definitions: str
    sizes: Mapping[tuple[str, bool], tuple[str, float, float, float]]

    def write(self, latex: str, display: bool) -> str:
        """Return the `<svg>` that shows a formula in a line of text.

        Args:
            latex: the formula, one of those that were drawn.
            display: whether it stands on lines of its own.

        Returns:
            An image labelled with the LaTeX; it takes on the size and the colour of the text.
        """
        name, width, height, depth = self.sizes[latex, display]
        label = escape(" ".join(latex.split()))
        box = f"0 0 {_short(width * SIZE)} {_short(height * SIZE)}"
        return (
            f'<svg class="math" role="img" aria-label="{label}" fill="currentColor" '
            f'width="{_short(width)}em" height="{_short(height)}em" viewBox="{box}" '
            f'style="vertical-align:{_short(-depth)}em"><use href="#{name}"/></svg>'
        )


# A formula is drawn once a run, however many decks it is in: Typst's math font is its own, so the
# drawing is a function of the formula alone.
_DRAWN: dict[tuple[str, bool], Element] = {}


def draw_formulas(
    wanted: Iterable[tuple[str, bool]], typesetter: Typesetter, *, prefix: str = "m"
) -> DrawnFormulas:
    """Draw formulas.

    Args:
        wanted: formulas (LaTeX, whether displayed), in any order, repeated or not.
        typesetter: what sets them.
        prefix: how the ids in the SVG begin; with the underscore after it, no note's id is alike.

    Returns:
        The drawn formulas; the same for the same set of formulas.

    Raises:
        MathError: a formula that `check` would have refused.
    """
    formulas = sorted(set(wanted))
    if not formulas:
        return DrawnFormulas("", {})
    new = [formula for formula in formulas if formula not in _DRAWN]
    if new:
        pages = typesetter.svg_pages(_source(new), {})
        _DRAWN.update(zip(new, map(ElementTree.fromstring, pages), strict=True))
    drawing = _Drawing(prefix)
    for formula in formulas:
        drawing.add(formula, _DRAWN[formula])
    return DrawnFormulas(drawing.definitions(), drawing.sizes)


def _source(formulas: Iterable[tuple[str, bool]]) -> str:
    lines = [_PAGE % (SIZE, _BASELINE)]
    for latex, display in formulas:
        written = write_math(latex, display=display)
        lines.append(f"#formula($display({written})$)" if display else f"#formula(${written}$)")
    return "\n".join(lines)


class _Drawing:
    """Typst's pages made into one: glyphs shared, numbers short, black left to the page."""

    def __init__(self, prefix: str) -> None:
        self.sizes: dict[tuple[str, bool], tuple[str, float, float, float]] = {}
        self._prefix = prefix
        self._glyphs: dict[str, str] = {}
        self._paths: list[str] = []
        self._formulas: list[str] = []

    def add(self, formula: tuple[str, bool], page: Element) -> None:
        """Take over the drawing of a formula."""
        for symbol in page.iter(f"{_SVG}symbol"):
            self._add_glyph(symbol)
        width, height = (float(page.get(side, "0pt")[:-2]) for side in ("width", "height"))
        marker, *drawn = [child for child in page if child.tag != f"{_SVG}defs"]
        if marker.get("stroke") != _BASELINE:
            raise ValueError(f"no baseline in the drawing of {formula[0]}")
        baseline = float(_NUMBER.findall(marker.get("transform", "0 0"))[-1])
        name = f"{self._prefix}_{len(self._formulas) + 1}"
        inner = "".join(self._write(child) for child in drawn)
        self._formulas.append(f'<g id="{name}">{inner}</g>')
        depth = height - baseline
        self.sizes[formula] = (name, width / SIZE, height / SIZE, depth / SIZE)

    def definitions(self) -> str:
        """Return the element that holds all glyphs and formulas."""
        return (
            '<svg class="math-definitions" width="0" height="0" style="position:absolute" '
            'aria-hidden="true" focusable="false"><defs>'
            f"{''.join(self._paths)}\n{''.join(self._formulas)}</defs></svg>"
        )

    def _add_glyph(self, symbol: Element) -> None:
        if symbol.get("id") in self._glyphs:
            return
        name = f"{self._prefix}g_{len(self._glyphs) + 1}"
        self._glyphs[symbol.get("id", "")] = name
        # Typst draws glyphs with the y axis upwards.
        path = symbol[0].get("d", "").removeprefix("M 0 0")
        self._paths.append(f'<path id="{name}" transform="scale(1 -1)" d="{_path(path)}"/>')

    def _write(self, element: Element) -> str:
        """Write a drawn element: a group, a glyph or a line."""
        match element.tag.removeprefix(_SVG):
            case "g":
                move = element.get("transform", "")
                if move.startswith("matrix(1 0 0 -1 "):
                    left, baseline = (float(number) for number in _NUMBER.findall(move)[4:])
                    return "".join(self._use(glyph, left, baseline) for glyph in element)
                inner = "".join(self._write(child) for child in element)
                return f'<g transform="{_short_all(move)}">{inner}</g>' if move else inner
            case "path":
                return self._line(element)
        raise ValueError(f"a formula holds '{element.tag}'")

    def _use(self, glyph: Element, left: float, baseline: float) -> str:
        name = self._glyphs[glyph.get(_LINK, "#")[1:]]
        x, y = left + float(glyph.get("x", "0")), baseline - float(glyph.get("y", "0"))
        return f'<use href="#{name}" x="{_short(x, 2)}" y="{_short(y, 2)}"/>'

    @staticmethod
    def _line(path: Element) -> str:
        shown = {"d": _short_all(path.get("d", ""))}
        if path.get("transform"):
            shown["transform"] = _short_all(path.get("transform", ""))
        if path.get("stroke", "none") != "none":
            width = float(path.get("stroke-width", "1"))
            shown |= {"fill": "none", "stroke": "currentColor", "stroke-width": _short(width)}
        attributes = "".join(f' {key}="{value}"' for key, value in shown.items())
        return f"<path{attributes}/>"


def _path(data: str) -> str:
    """Return the data of a path without the blanks it can do without."""
    return re.sub(r" ?([A-Za-z]) ?", r"\1", data).replace(" -", "-").replace(" 0.", " .")


def _short(number: float, digits: int = 3) -> str:
    text = f"{number:.{digits}f}".rstrip("0").rstrip(".")
    return "0" if text in ("", "-0") else text


def _short_all(text: str) -> str:
    return _NUMBER.sub(lambda match: _short(float(match[0])), text)
