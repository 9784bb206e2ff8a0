"""The sheet as one HTML file, which loads nothing else; the only door to rjsmin."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections import Counter
from collections.abc import Mapping
from functools import lru_cache, partial
from hashlib import sha256
from itertools import groupby
from typing import Any

from rjsmin import jsmin

from deckpress.companies.deck_parts import PARTS
from deckpress.companies.evidence import GRADES, name_grade
from deckpress.companies.page import company_pages
from deckpress.decks.deck import Deck, date_of
from deckpress.decks.page_order import in_page_order
from deckpress.exporters.html.formulas import draw_formulas, write_definitions
from deckpress.exporters.html.note import (
    ENGLISH,
    PIECE,
    SHEET_NOTE,
    SheetNote,
    fill_in,
    formula_places,
)
from deckpress.exporters.html.search_index import write_index
from deckpress.exporters.options import Options
from deckpress.markup.css import colour_properties, measure_properties
from deckpress.markup.elements import Html, attributes, html
from deckpress.markup.jinja import TemplateError, fill_file
from deckpress.markup.spoken import put_words, speaker
from deckpress.markup.typesetter import Typesetter
from deckpress.model.collection import Category, DeckInfo, Writing
from deckpress.model.company import Company
from deckpress.model.note import Note
from deckpress.model.scales import DIFFICULTIES
from deckpress.model.words import Words, is_right_to_left, page_language, section_name
from deckpress.text.problem import Location, Problem
from deckpress.tree.media import media_kind, media_type

_EMPTY = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg'/%3E"

_DEFINITIONS = "\ue017"
"""Stands for the shapes of formulas until it is known which of them stand in the page twice."""
_WORDS = "\ue018"
"""Stands for the index of words until the page that it is made from is there."""
_SHARED = 2
"""From how many places on a formula is drawn once and referred to."""

_SHEAF = 20
"""How many notes a browser takes up together when they come near the screen."""

FACTS = ("company", "category", "difficulty", "kind", "tag")
"""What the sheet can be filtered by, in the order of its controls."""

SCRIPTS = ("words", "schedule", "search", "drill", "sheet")
"""The files of the page's script; each stands on those before it."""


def export(deck: Deck, options: Options) -> bytes:
    """Write a deck as the sheet to search, study and print.

    Args:
        deck: the deck.
        options: of them, only the page that leads here concerns this sheet.

    Returns:
        The bytes of the .html file.

    Raises:
        TemplateError: a file of `templates/sheet` is at fault.
    """
    deck = in_page_order(deck)
    files = deck.collection.theme.files
    notes = deck.collection.write(SHEET_NOTE, deck.notes)
    wanted = (formula for note in notes.values() for formula in note.formulas)
    formulas = draw_formulas(wanted, Typesetter(files), deck.collection.recall).values()
    figures = Counter(name for note in notes.values() for name in note.figures)
    repeated = sorted(n for n, count in figures.items() if count > 1 and media_kind(n) == "image")
    classes = {name: f"figure-{index}" for index, name in enumerate(repeated, 1)}
    script = "\n".join(str(jsmin(files[f"sheet/{name}.js"].decode())) for name in SCRIPTS)
    digest = b64encode(sha256(script.encode()).digest()).decode()
    info = deck.collection.info
    words = info.words
    values = {
        "info": info,
        "title": deck.title,
        "index": options.index,
        "namespace": deck.ledger.namespace,
        "date": date_of(deck.date),
        "version": deck.version,
        "companies": company_pages(
            deck.collection, deck.companies, deck.notes, deck.parts, deck.cards
        ),
        "by_part": bool(deck.parts),
        "groups": [
            (group, [notes[note.id] for note in members]) for group, members in _groups(deck)
        ],
        "sheaves": _sheaves,
        "filters": _filters(deck, notes),
        "count": len(notes),
        "grades": {grade: name_grade(grade, words) for grade in GRADES},
        "say": speaker(words),
        "language": page_language(info.language, words),
        "direction": "rtl" if is_right_to_left(info.language) else "ltr",
        "named": words.name,
        "section": partial(section_name, words=words),
        "spoken": html(_spoken(words, script)),
        "policy": f"script-src 'sha256-{digest}'",
        "script": html(script),
        "style": html(_style(deck, classes)),
        "definitions": html(_DEFINITIONS),
        "words": html(_WORDS),
    }
    page = fill_file(files, "sheet/sheet.html.j2", values)
    for name, sign in (("definitions", _DEFINITIONS), ("words", _WORDS)):
        if sign not in page:
            message = f"The page must contain {{{{ {name} }}}}."
            where = Location("sheet/sheet.html.j2", 1)
            raise TemplateError(Problem(where, message, rule="broken-template"))
    latex = {formula.name: formula.label["data_tex"] for formula in formulas}
    index = write_index(page, notes, latex, deck.collection.recall)
    page = page.replace(_WORDS, html(index))
    # The formulas last: they are most of the page, and no template has a use for them.
    open_places = list(formula_places(page))
    places = Counter(name for _, name in open_places)
    english = {name for mark, name in open_places if mark == ENGLISH}
    inline = {formula.name for formula in formulas if places[formula.name] < _SHARED}
    page = page.replace(_DEFINITIONS, write_definitions(formulas, inline))
    drawn = {}
    for formula in formulas:
        alone = formula.name in inline
        drawn[formula.name] = formula.write(inline=alone)
        drawn[PIECE + formula.name] = formula.write(piece=True, inline=alone)
        if formula.name in english:
            drawn[ENGLISH + formula.name] = formula.write(inline=alone, english=True)
    shown = {name: _show_figure(name, deck.collection.media, classes) for name in figures}
    return fill_in(page, drawn, shown).encode()


def writings(options: Options) -> tuple[Writing[Any], ...]:
    """Return the ways in which notes are written for this format, beside that for Anki."""
    return (SHEET_NOTE,)


def _spoken(words: Words, script: str) -> str:
    """Write the words that the script says as JSON, which no tag can end."""
    keys = sorted(set(re.findall(r'"([a-z][a-z0-9-]*)"', script)) & set(words.forms))
    forms = {key: found if len(found := words.forms[key]) > 1 else found["other"] for key in keys}
    told = {"language": words.language, "apart": words.set_apart("_"), "forms": forms}
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":"), default=dict)
    return text.replace("<", "\\u003c")


def _show_figure(name: str, media: Mapping[str, bytes], classes: Mapping[str, str]) -> Html:
    """Return the attributes that make an image show a figure: by its style, or by itself."""
    if name in classes:
        return attributes(class_=classes[name], src=html(_EMPTY))
    return attributes(src=_data_url(name, media[name]))


@lru_cache(maxsize=512)
def _data_url(name: str, data: bytes) -> str:
    """Return a figure as a data URL; drawings stay text, which packs better than Base64."""
    found = media_type(name)
    kind = found.mime if found else ""
    if kind != "image/svg+xml":
        return f"data:{kind};base64,{b64encode(data).decode()}"
    hidden = {"%": "%25", "#": "%23", '"': "%22", "\n": "%0A", "\r": "%0D", "\t": "%09"}
    text = data.decode("utf-8-sig").translate({ord(sign): code for sign, code in hidden.items()})
    return f"data:{kind};charset=utf-8,{text}"


def _groups(deck: Deck) -> list[tuple[Category, list[Note]]]:
    """Put notes together by category, those of a company's deck by the part they belong to."""
    groups = deck.collection.info.categories
    if deck.parts:
        say = deck.collection.info.words.say
        groups = tuple(Category(part, say(f"part-{part}")) for part in PARTS)
    found: dict[str, list[Note]] = {group.slug: [] for group in groups}
    for note in deck.notes:
        found[deck.parts.get(note.id, note.category)].append(note)
    return [(group, found[group.slug]) for group in groups if found[group.slug]]


def _sheaves(notes: list[SheetNote]) -> list[list[SheetNote]]:
    """Put notes together that a browser takes up at once; pairs are tables of their own."""
    runs = (list(run) for _, run in groupby(notes, key=lambda note: note.compact))
    return [run[start : start + _SHEAF] for run in runs for start in range(0, len(run), _SHEAF)]


def _style(deck: Deck, figures: Mapping[str, str]) -> str:
    """Join fonts, tokens and style sheets; paper always takes the light colours."""
    theme = deck.collection.theme
    light, dark = (colour_properties(theme.palette, dark=mode) for mode in (False, True))
    sheets = [
        f":root {{ {light} {measure_properties(theme)} }}",
        "@media screen and (prefers-color-scheme: dark) {",
        f':root:not([data-mode="light"]) {{ {dark} }}',
        f'}} @media screen {{ :root[data-mode="dark"] {{ {dark} }} }}',
        theme.files["code.css"].decode(),
        put_words(theme.files["sheet/sheet.css"].decode(), deck.collection.info.words, css=True),
        *(
            f'.{name} {{ content: url("{_data_url(media, deck.collection.media[media])}"); }}'
            for media, name in figures.items()
        ),
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


def _filters(deck: Deck, notes: Mapping[str, SheetNote]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return for each fact that notes differ in its values in reading order, with their names."""
    found: dict[str, set[str]] = {name: set() for name in FACTS}
    for note in notes.values():
        for name, values in found.items():
            values.update(note.facts[name].split())
    if deck.whole:
        # Whoever looks for a company is told, too, that there is nothing on it.
        found["company"].update(deck.collection.companies)
    names = _names(deck.collection.info, deck.collection.companies)
    words = deck.collection.info.words
    names["kind"] = {kind: words.name("kind-", kind) for kind in found["kind"]}
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
        "difficulty": {name: info.words.say(name) for name in DIFFICULTIES},
    }
