"""The sheet as one HTML file, which loads nothing else; the only door to rjsmin."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256

from rjsmin import jsmin

from deckpress.company_deck import PARTS
from deckpress.company_page import company_pages
from deckpress.deck import Deck
from deckpress.exporters.sheet_note import NoteWriter
from deckpress.formulas import draw_formulas
from deckpress.look import colour_properties, measure_properties
from deckpress.model import DIFFICULTIES, Category, Company, DeckInfo, Note
from deckpress.selection import note_facts
from deckpress.template import fill_file, html
from deckpress.typesetter import Typesetter

FACTS = ("company", "category", "difficulty", "kind", "tag")
"""What the sheet can be filtered by, in the order of its controls."""


def export(deck: Deck) -> bytes:
    """Write a deck as the sheet to search, study and print.

    Args:
        deck: the deck.

    Returns:
        The bytes of the .html file.

    Raises:
        TemplateError: a file of `templates/sheet` is at fault.
    """
    files = deck.collection.theme.files
    writer = NoteWriter(deck)
    notes = {note.id: writer.write(note) for note in deck.notes}
    formulas = draw_formulas(writer.formulas, Typesetter(files), prefix="_math")
    script = str(jsmin(files["sheet/sheet.js"].decode()))
    digest = b64encode(sha256(script.encode()).digest()).decode()
    info = deck.collection.info
    values = {
        "info": info,
        "title": deck.title,
        "namespace": deck.ledger.namespace,
        "date": datetime.fromtimestamp(deck.date, UTC).date().isoformat() if deck.date else "",
        "companies": company_pages(deck),
        "by_part": bool(deck.parts),
        "groups": [
            (group, [notes[note.id] for note in members]) for group, members in _groups(deck)
        ],
        "filters": _filters(deck),
        "count": len(notes),
        "policy": f"script-src 'sha256-{digest}'",
        "script": html(script),
        "style": html(_style(deck, writer.style())),
        "definitions": html(formulas.definitions),
    }
    page = fill_file(files, "sheet/sheet.html.j2", values)
    # The formulas last: they are most of the page, and no template has a use for them.
    return writer.put_formulas(page, formulas.write).encode()


def _groups(deck: Deck) -> list[tuple[Category, list[Note]]]:
    """Put notes together by category, those of a company's deck by the part they belong to."""
    groups = deck.collection.info.categories
    if deck.parts:
        groups = tuple(Category(part, part.capitalize()) for part in PARTS)
    found: dict[str, list[Note]] = {group.slug: [] for group in groups}
    for note in deck.notes:
        found[deck.parts.get(note.id, note.category)].append(note)
    return [(group, found[group.slug]) for group in groups if found[group.slug]]


def _style(deck: Deck, figures: str) -> str:
    """Join fonts, tokens and style sheets; paper always takes the light colours."""
    theme = deck.collection.theme
    light, dark = (colour_properties(theme.palette, dark=mode) for mode in (False, True))
    sheets = [
        f":root {{ {light} {measure_properties(theme)} }}",
        "@media screen and (prefers-color-scheme: dark) {",
        f':root:not([data-mode="light"]) {{ {dark} }}',
        f'}} @media screen {{ :root[data-mode="dark"] {{ {dark} }} }}',
        theme.files["code.css"].decode(),
        theme.files["sheet/sheet.css"].decode(),
        figures,
    ]
    css = re.sub(r"\n\s+", "\n", re.sub(r"/\*.*?\*/", "", "\n".join(sheets), flags=re.DOTALL))
    return f"{_font_faces(theme.files)}\n{css}"


def _font_faces(files: Mapping[str, bytes]) -> str:
    """Embed the fonts that are there as `fonts/<family>-<style>.woff2`, called deck-<family>."""
    faces = []
    for path, data in files.items():
        match = re.fullmatch(r"fonts/([a-z]+)-(regular|italic|semibold)\.woff2", path)
        if match:
            slant = "italic" if match[2] == "italic" else "normal"
            weight = 600 if match[2] == "semibold" else 400
            address = f"data:font/woff2;base64,{b64encode(data).decode()}"
            faces.append(
                f'@font-face {{ font-family: "deck-{match[1]}"; font-style: {slant}; '
                f'font-weight: {weight}; src: url("{address}") format("woff2"); }}'
            )
    return "\n".join(faces)


def _filters(deck: Deck) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return for each fact that notes differ in its values in reading order, with their names."""
    found: dict[str, set[str]] = {name: set() for name in FACTS}
    for note in deck.notes:
        facts = note_facts(note)
        for name, values in found.items():
            values.update(facts[name])
    names = _names(deck.collection.info, deck.collection.companies)
    order = [category.slug for category in deck.collection.info.categories]
    ranks = {word: rank for rank, word in enumerate([*order, *DIFFICULTIES])}
    return [
        (name, [(word, names[name].get(word, word)) for word in _sorted(values, ranks, name)])
        for name, values in found.items()
        if values
    ]


def _sorted(words: set[str], ranks: Mapping[str, int], name: str) -> list[str]:
    ranked = name in ("category", "difficulty")
    return sorted(words, key=lambda word: (ranks.get(word, 0) if ranked else 0, word))


def _names(info: DeckInfo, companies: Mapping[str, Company]) -> dict[str, dict[str, str]]:
    return {
        **{name: {} for name in FACTS},
        "company": {company.slug: company.name for company in companies.values()},
        "category": {category.slug: category.name for category in info.categories},
    }
