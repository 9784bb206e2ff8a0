"""What Typst needs beside the source: fonts, templates, figures, tokens."""

from __future__ import annotations

from deckpress.decks.deck import Deck
from deckpress.exporters.pdf.last_resort_font import make_font, missing_characters
from deckpress.markup.typesetter import FONT_ENDINGS
from deckpress.markup.typst import Setting, array, quote
from deckpress.model.collection import Catalogue, DeckInfo
from deckpress.model.note import Note
from deckpress.model.templates import Theme
from deckpress.model.words import PLACE, is_right_to_left
from deckpress.reading.words import ENGLISH
from deckpress.tree.media import media_kind

TYPST_PAPERS = {"a4": "a4", "letter": "us-letter"}
"""What Typst calls the papers."""

_SCRIPTS = {"hans": "CN", "hant": "TW"}


def typeset_fonts(deck: Deck, source: str) -> dict[str, bytes]:
    """Return the theme's fonts, and one for what source and drawings have that they lack."""
    theme, media = deck.collection.theme, deck.collection.media
    names = {name for note in deck.notes for name in note.images.values() if name.endswith(".svg")}
    drawings = [media[name].decode("utf-8-sig", errors="ignore") for name in sorted(names)]
    fonts = {
        path: content
        for path, content in theme.files.items()
        if path.startswith("fonts/") and path.endswith(FONT_ENDINGS)
    }
    spoken = _write_words(deck.collection.info)
    missing = missing_characters([source, spoken, *drawings], fonts.values())
    return fonts | {"fonts/last-resort.ttf": make_font(missing)}


def typst_files(deck: Deck) -> dict[str, bytes]:
    """Return what Typst reads: the templates, `tokens.typ`, `words.typ`, and the figures."""
    theme = deck.collection.theme
    files = {
        path.removeprefix("sheet/"): content
        for path, content in theme.files.items()
        if path.endswith(".typ")
    }
    files["tokens.typ"] = _write_tokens(theme).encode()
    files["words.typ"] = _write_words(deck.collection.info).encode()
    shown = {name for note in deck.notes for name in note.images.values()}
    images = (name for name in shown if media_kind(name) == "image")
    return files | {f"media/{name}": deck.collection.media[name] for name in sorted(images)}


def _write_tokens(theme: Theme) -> str:
    """Write colours (by day), sizes and fonts as Typst dictionaries."""
    palette = theme.palette
    named = {**palette.papers, **palette.inks, **palette.lines}
    values = {
        "palette": {name: f"rgb({quote(pair[0])})" for name, pair in named.items()},
        "sizes": theme.sizes,
        "fonts": {name: array(map(quote, families)) for name, families in theme.fonts.items()},
    }
    return "".join(
        f"#let {what} = {array(f'{quote(name)}: {value}' for name, value in entries.items())}\n"
        for what, entries in values.items()
    )


def _write_words(info: DeckInfo) -> str:
    """Write how the language runs, and its words as a dictionary; of forms, the usual one."""
    words = info.words
    said = (
        f"{quote(key)}: {quote(PLACE.sub(lambda match: words.set_apart(match[0]), forms['other']))}"
        for key, forms in sorted(words.forms.items())
    )
    right = is_right_to_left(info.language)
    hyphenated = str(not info.language.startswith(ENGLISH)).lower()
    return (
        f"#let words = {array(said)}\n"
        f"#let direction = {'rtl' if right else 'ltr'}\n"
        f"#let region = {_region(info.language)}\n"
        f"#let hyphenated = {hyphenated}\n"
    )


def primary_language(language: str) -> str:
    """Return the part of a language's tag that Typst takes."""
    return language.partition("-")[0]


def _region(language: str) -> str:
    """Return the region of a language's tag for Typst; a script of Chinese stands for one."""
    parts = language.split("-")[1:]
    regions = [part.upper() for part in parts if len(part) == 2 and part.isalpha()]
    regions += [_SCRIPTS[part.lower()] for part in parts if part.lower() in _SCRIPTS]
    return quote(regions[0]) if regions else "none"


def note_setting(note: Note, catalogue: Catalogue) -> Setting:
    """Return what the texts of a note are written with."""
    images = {src: f"/media/{name}" for src, name in note.images.items()}
    language = note.language or catalogue.info.language
    return Setting(
        images,
        catalogue.kinds[note.kind].cloze,
        language=language,
        rightwards=is_right_to_left(language),
        hyphenated=not language.startswith(ENGLISH),
    )


def language_arguments(note: Note, catalogue: Catalogue) -> dict[str, str]:
    """Return what a note in another language than the deck's tells Typst, by argument."""
    if note.language in ("", catalogue.info.language):
        return {}
    direction = "rtl" if is_right_to_left(note.language) else "ltr"
    return {"language": quote(primary_language(note.language)), "runs": direction}
