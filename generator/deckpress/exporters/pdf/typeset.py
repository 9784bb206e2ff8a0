"""What Typst needs beside the source: fonts, templates, figures, tokens."""

from __future__ import annotations

from deckpress.decks.deck import Deck
from deckpress.exporters.pdf.last_resort_font import make_font, missing_characters
from deckpress.markup.typesetter import FONT_ENDINGS
from deckpress.markup.typst import Setting, array, quote
from deckpress.model.collection import Catalogue
from deckpress.model.note import Note
from deckpress.model.templates import Theme
from deckpress.model.words import Words
from deckpress.tree.media import media_kind

TYPST_PAPERS = {"a4": "a4", "letter": "us-letter"}
"""What Typst calls the papers."""


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
    spoken = _write_words(deck.collection.info.words)
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
    files["words.typ"] = _write_words(deck.collection.info.words).encode()
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


def _write_words(words: Words) -> str:
    """Write the words of the deck's language as a Typst dictionary; of forms, the usual one."""
    said = (f"{quote(key)}: {quote(forms['other'])}" for key, forms in sorted(words.forms.items()))
    return f"#let words = {array(said)}\n"


def note_setting(note: Note, catalogue: Catalogue) -> Setting:
    """Return what the texts of a note are written with."""
    images = {src: f"/media/{name}" for src, name in note.images.items()}
    return Setting(images, catalogue.kinds[note.kind].cloze)
