"""What Typst needs beside the source: fonts, templates, figures, tokens."""

from __future__ import annotations

import re
import unicodedata

from deckpress.decks.deck import Deck
from deckpress.exporters.pdf.last_resort_font import make_font, missing_characters
from deckpress.markup.typesetter import FONT_ENDINGS
from deckpress.markup.typst import Setting
from deckpress.math.typst_code import Code, Value, apply, define, length, name
from deckpress.model.collection import Catalogue, DeckInfo
from deckpress.model.note import Note
from deckpress.model.templates import Theme
from deckpress.model.words import PLACE, is_right_to_left
from deckpress.reading.words import ENGLISH
from deckpress.tree.media import media_kind

TYPST_PAPERS = {"a4": "a4", "letter": "us-letter"}
"""What Typst calls the papers."""

_NUMBERED = re.compile(r"&#(?:x0*(?P<hex>[0-9A-Fa-f]{1,6})|0*(?P<decimal>[0-9]{1,7}));")
_TWOFOLD = re.compile("[\u0e33\u0eb3]")
"""Characters that are set as two."""

_MARK = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]")
"""Marks; what a letter does not contain, a drawing has as a sign of its own."""

_UNSEEN = ("Cf", "Mn", "Me")
_PRIVATE, _IDEOGRAPHS = 0xF0000, 0x20000

_SCRIPTS = {"hans": "CN", "hant": "TW"}


def typeset_fonts(deck: Deck, source: str) -> dict[str, bytes]:
    """Return the theme's fonts, and one for what source and drawings have that they lack."""
    fonts = _own_fonts(deck.collection.theme)
    spoken = _write_words(deck.collection.info)
    drawings, stands = _drawings(deck)
    texts = [source, spoken, *(data.decode() for data in drawings.values())]
    missing = missing_characters(texts, fonts.values())
    return fonts | {"fonts/last-resort.ttf": make_font(missing, stands=stands)}


def typst_files(deck: Deck) -> dict[str, bytes]:
    """Return what Typst reads: the templates, figures, `tokens.typ`, `words.typ`, `part.typ`."""
    theme = deck.collection.theme
    files = {
        path.removeprefix("sheet/"): content
        for path, content in theme.files.items()
        if path.endswith(".typ")
    }
    files["tokens.typ"] = _write_tokens(theme).encode()
    files["words.typ"] = _write_words(deck.collection.info).encode()
    files["part.typ"] = define("sheet-part", None).encode()
    shown = {name for note in deck.notes for name in note.images.values()}
    images = (name for name in shown if media_kind(name) == "image")
    files |= {f"media/{name}": deck.collection.media[name] for name in sorted(images)}
    return files | {f"media/{name}": data for name, data in _drawings(deck)[0].items()}


def _own_fonts(theme: Theme) -> dict[str, bytes]:
    return {
        path: content
        for path, content in theme.files.items()
        if path.startswith("fonts/") and path.endswith(FONT_ENDINGS)
    }


def _drawings(deck: Deck) -> tuple[dict[str, bytes], dict[int, int]]:
    """Return the SVG figures of a deck as they are printed, and what stands for what in them.

    Characters that no font has are drawn as boxes. In a drawing Typst refuses those that form one
    sign, such as a flag or a syllable; so one for private use, which forms none, stands for each.
    """
    names = {name for note in deck.notes for name in note.images.values() if name.endswith(".svg")}
    fonts = [*_own_fonts(deck.collection.theme).values()]
    drawings: dict[str, bytes] = {}
    stands: dict[int, int] = {}
    for each in sorted(names):
        data = deck.collection.media[each]
        text = _NUMBERED.sub(_plain, data.decode("utf-8-sig"))
        if text.isascii():
            drawings[each] = data
            continue
        text = _TWOFOLD.sub(_divide, unicodedata.normalize("NFC", text))
        missing = {code for code in missing_characters([text], fonts) if code > 0x7F}
        unseen = {code for code in missing if unicodedata.category(chr(code)) in _UNSEEN}
        boxes = (missing | set(map(ord, _MARK.findall(text)))) - unseen
        table: dict[int, int | None] = {code: _stand_in(code) for code in boxes}
        drawings[each] = text.translate(table | dict.fromkeys(unseen)).encode()
        stands |= {_stand_in(code): code for code in boxes}
    return drawings, stands


def _stand_in(code: int) -> int:
    """Return the same private character for a character in whatever part of a deck."""
    # The two planes for private use take the first two, where all that forms signs is.
    return code + _PRIVATE if code < _IDEOGRAPHS else code


def _divide(match: re.Match[str]) -> str:
    return unicodedata.normalize("NFKD", match[0])


def _plain(match: re.Match[str]) -> str:
    code = int(match["hex"], 16) if match["hex"] else int(match["decimal"])
    return chr(code) if 0x80 <= code <= 0x10FFFF else match[0]


def _write_tokens(theme: Theme) -> str:
    """Write colours (by day), sizes and fonts as Typst dictionaries."""
    palette = theme.palette
    named = {**palette.papers, **palette.inks, **palette.lines}
    return "".join(
        (
            define("palette", {key: apply("rgb", pair[0]) for key, pair in named.items()}),
            define("sizes", {key: length(size) for key, size in theme.sizes.items()}),
            define("fonts", {key: [*families] for key, families in theme.fonts.items()}),
        )
    )


def _write_words(info: DeckInfo) -> str:
    """Write how the language runs, and its words as a dictionary; of forms, the usual one."""
    words = info.words
    said: dict[str, Value] = {
        key: PLACE.sub(lambda match: words.set_apart(match[0]), forms["other"])
        for key, forms in sorted(words.forms.items())
    }
    return "".join(
        (
            define("words", said),
            define("direction", _direction(info.language)),
            define("region", _region(info.language)),
            define("hyphenated", not info.language.startswith(ENGLISH)),
        )
    )


def _direction(language: str) -> Code:
    return name("rtl" if is_right_to_left(language) else "ltr")


def primary_language(language: str) -> str:
    """Return the part of a language's tag that Typst takes."""
    return language.partition("-")[0]


def _region(language: str) -> str | None:
    """Return the region of a language's tag for Typst; a script of Chinese stands for one."""
    parts = language.split("-")[1:]
    regions = [part.upper() for part in parts if len(part) == 2 and part.isalpha()]
    regions += [_SCRIPTS[part.lower()] for part in parts if part.lower() in _SCRIPTS]
    return regions[0] if regions else None


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


def language_arguments(note: Note, catalogue: Catalogue) -> dict[str, Value]:
    """Return what a note in another language than the deck's tells Typst, by argument."""
    if note.language in ("", catalogue.info.language):
        return {}
    return {"language": primary_language(note.language), "runs": _direction(note.language)}
