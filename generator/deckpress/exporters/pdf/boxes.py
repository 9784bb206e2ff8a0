"""The characters of a deck that no font for print has, which the PDF draws as boxes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from deckpress.exporters.pdf.characters import CHARACTERS
from deckpress.exporters.pdf.last_resort_font import (
    FAMILY,
    make_font,
    missing_characters,
    script_name,
)
from deckpress.markup.typesetter import FONT_ENDINGS, Typesetter
from deckpress.math.typst_code import define
from deckpress.model.collection import Collection, category_name
from deckpress.model.note import Note
from deckpress.model.templates import Theme

_WIDE = 1733
"""Thousandths of the size: no letter is exactly as wide, so that a box is known by its width."""


_MEASURE = """\
#set text(font: families, size: 1000pt, fallback: false)
#let width(code) = measure(str.from-unicode(code) + "\\u{2060}").width / 1pt
#let boxed(code) = calc.abs(width(code) - wide) < 0.5
#context [#metadata(asked.filter(boxed))<boxes>]
"""
# A word joiner behind it, for Typst narrows wide letters of Chinese at the end of a line.


def count_boxes(collection: Collection, notes: Iterable[Note]) -> Mapping[str, int]:
    """Count the characters that are printed as boxes.

    Args:
        collection: the cards, with the fonts that print them.
        notes: notes of it.

    Returns:
        The characters that no font has, in order, with the number of times that cards say them.
    """
    chosen = list(notes)
    info = collection.info
    counts: Counter[str] = Counter()
    for counted in collection.write(CHARACTERS, chosen).values():
        counts.update(counted)
    names = {category_name(info, note.category) for note in chosen}
    for text in (info.title, info.description, *sorted(names)):
        counts.update(character for character in text if character > "\x7f")
    return {each: counts[each] for each in _find_boxes(collection.theme, "".join(counts))}


def count_scripts(boxes: Mapping[str, int]) -> dict[str, dict[str, int]]:
    """Put characters together by script, the most frequent first.

    Args:
        boxes: how often each character is said.

    Returns:
        For each script, by its English name, its characters and how often they are said.
    """
    found: dict[str, dict[str, int]] = {}
    for character, number in boxes.items():
        found.setdefault(script_name(character), {})[character] = number
    return dict(sorted(found.items(), key=lambda item: (-sum(item[1].values()), item[0])))


def _find_boxes(theme: Theme, text: str) -> list[str]:
    fonts = {
        path: data
        for path, data in theme.files.items()
        if path.startswith("fonts/") and path.endswith(FONT_ENDINGS)
    }
    # What only fonts inside Typst may have, Typst is asked.
    asked = missing_characters([text], fonts.values())
    if not asked:
        return []
    source = define("families", [*theme.fonts["print-text"], FAMILY])
    source += define("wide", _WIDE) + define("asked", [*asked]) + _MEASURE
    probe = {**fonts, "fonts/last-resort.ttf": make_font(asked, _WIDE)}
    (codes,) = Typesetter(probe).query(source, {}, "<boxes>")
    return [chr(code) for code in codes]
