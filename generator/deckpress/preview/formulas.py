"""Formulas of a drawn card in place of what MathJax would find, drawn as on the sheet."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html import unescape

from deckpress.exporters.html.formula_pieces import divide
from deckpress.exporters.html.formulas import (
    DrawnFormula,
    Formula,
    draw_formulas,
    formula_label,
    formula_name,
    is_foreign,
    write_definitions,
)
from deckpress.exporters.html.note import PIECE, fill_in
from deckpress.markup.elements import Html, element, html, join, text
from deckpress.markup.typesetter import TypesetError, Typesetter
from deckpress.math.mathml import MathError

_TAG = re.compile(r"""<!--.*?-->|<[A-Za-z/!](?:"[^"]*"|'[^']*'|[^'">])*>""", re.DOTALL)
_NAME = re.compile(r"</?([A-Za-z][A-Za-z0-9-]*)")
_SILENT = frozenset(
    {"script", "noscript", "style", "textarea", "pre", "code", "math", "select", "option"}
)
"""Tags in which MathJax looks for nothing."""

_DELIMITED = re.compile(r"\\\((.*?)\\\)|\\\[(.*?)\\\]", re.DOTALL)


def draw_in(side: str, files: Mapping[str, bytes]) -> str:
    """Draw the formulas of a side of a card.

    Args:
        side: its HTML, with formulas in MathJax's delimiters.
        files: those of the deck's theme, among them its fonts.

    Returns:
        The side with drawings, which it holds the definitions of; a formula that cannot be drawn
        stays as it is written, marked as such.
    """
    parts = list(_divide(side))
    wanted: dict[Formula, None] = {}
    for part in parts:
        if isinstance(part, tuple):
            wanted |= dict.fromkeys((piece, part[1]) for piece in _pieces(part))
    if not wanted:
        return side
    # Their font is Typst's own, and without others Typst begins in half the time; only signs that
    # it lacks are looked for in those of the deck.
    plain = all(latex.isascii() for latex, _ in wanted)
    drawn = _draw(list(wanted), Typesetter({} if plain else files))
    # What Anki would show of a card is HTML as it is, escaped where a field has it so.
    written = join(html(part) if isinstance(part, str) else _place(part, drawn) for part in parts)
    # A card may be in any language, and in several.
    shown = {
        each.name: each.write(english=is_foreign(*formula, language=""))
        for formula, each in drawn.items()
    }
    shown |= {PIECE + each.name: each.write(piece=True) for each in drawn.values()}
    return write_definitions(drawn.values()) + fill_in(written, shown, {})


def _divide(side: str) -> Iterator[str | Formula]:
    """Divide HTML into formulas and all else."""
    at, silent = 0, 0
    for tag in _TAG.finditer(side):
        yield from _find(side[at : tag.start()]) if not silent else (side[at : tag.start()],)
        yield tag[0]
        at = tag.end()
        name = _NAME.match(tag[0])
        if name and name[1].lower() in _SILENT and not tag[0].endswith("/>"):
            silent = max(0, silent + (-1 if tag[0].startswith("</") else 1))
    yield from _find(side[at:]) if not silent else (side[at:],)


def _find(text: str) -> Iterator[str | Formula]:
    at = 0
    for match in _DELIMITED.finditer(text):
        yield text[at : match.start()]
        display = match[2] is not None
        yield unescape(match[2] if display else match[1]), display
        at = match.end()
    yield text[at:]


def _pieces(formula: Formula) -> list[str]:
    latex, display = formula
    return [latex] if display else divide(latex)


def _draw(wanted: list[Formula], typesetter: Typesetter) -> dict[Formula, DrawnFormula]:
    """Draw what can be drawn: all at once, and singly if one of them is refused."""
    try:
        return draw_formulas(wanted, typesetter)
    except (MathError, TypesetError):
        drawn: dict[Formula, DrawnFormula] = {}
        for formula in wanted if len(wanted) > 1 else ():
            drawn |= _draw([formula], typesetter)
        return drawn


def _place(formula: Formula, drawn: Mapping[Formula, DrawnFormula]) -> Html:
    latex, display = formula
    pieces = _pieces(formula)
    if any((piece, display) not in drawn for piece in pieces):
        opens, closes = ("\\[", "\\]") if display else ("\\(", "\\)")
        return element("code", opens + latex + closes, class_="undrawn")
    mark = PIECE if len(pieces) > 1 else ""
    names = (formula_name(piece, display) for piece in pieces)
    places = text("".join(f"\ue013{mark}{name}\ue014" for name in names))
    if len(pieces) > 1:
        places = element(
            "span", places, **formula_label(latex, display, english=is_foreign(latex, display, ""))
        )
    return element("span", places, class_="math-display") if display else places
