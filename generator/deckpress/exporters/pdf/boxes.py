"""The characters of a deck that no font for print has, or only one that is not made for reading."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from unicodedata import category

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


_TYPEWRITER = "DejaVu Sans Mono"
"""The only font inside Typst that has Arabic and Lao letters."""

_MEASURE = """\
#let width(code, fonts) = measure(
  text(font: fonts, str.from-unicode(code) + "\\u{2060}")
).width / 1pt
#let boxed(code, fonts) = calc.abs(width(code, fonts) - wide) < 0.5
#set text(size: 1000pt, fallback: false)
#context {
  let boxes = ()
  let typed = ()
  for (code, letter) in asked.zip(letters) {
    if boxed(code, families) { boxes.push(code) }
    else if letter and boxed(code, proportional) { typed.push(code) }
  }
  [#metadata((boxes, typed))<found>]
}
"""
# A word joiner behind it, for Typst narrows wide letters of Chinese at the end of a line.


@dataclass(frozen=True, slots=True)
class Unfit:
    """How often the cards say each character that is not printed as it should be, in order.

    `boxes` are those that no font has; `typed` the letters that only a font for code has.
    """

    boxes: Mapping[str, int] = field(default_factory=dict)
    typed: Mapping[str, int] = field(default_factory=dict)


def count_unfit(collection: Collection, notes: Iterable[Note]) -> Unfit:
    """Count the characters that are printed as boxes, or in letters of a typewriter.

    Args:
        collection: the cards, with the fonts that print them.
        notes: notes of it.

    Returns:
        The characters, with the number of times that cards say them.
    """
    chosen = list(notes)
    info = collection.info
    counts: Counter[str] = Counter()
    for counted in collection.write(CHARACTERS, chosen).values():
        counts.update(counted)
    names = {category_name(info, note.category) for note in chosen}
    for text in (info.title, info.description, *sorted(names)):
        counts.update(character for character in text if character > "\x7f")
    boxes, typed = _find_unfit(collection.theme, "".join(counts))
    return Unfit({each: counts[each] for each in boxes}, {each: counts[each] for each in typed})


def count_scripts(counts: Mapping[str, int]) -> dict[str, dict[str, int]]:
    """Put characters together by script, the most frequent first.

    Args:
        counts: how often each character is said.

    Returns:
        For each script, by its English name, its characters and how often they are said.
    """
    found: dict[str, dict[str, int]] = {}
    for character, number in counts.items():
        found.setdefault(script_name(character), {})[character] = number
    return dict(sorted(found.items(), key=lambda item: (-sum(item[1].values()), item[0])))


def _find_unfit(theme: Theme, text: str) -> tuple[list[str], list[str]]:
    fonts = {
        path: data
        for path, data in theme.files.items()
        if path.startswith("fonts/") and path.endswith(FONT_ENDINGS)
    }
    # What only fonts inside Typst may have, Typst is asked.
    asked = missing_characters([text], fonts.values())
    if not asked:
        return [], []
    boxes, typed = _ask_typst(tuple(fonts.items()), theme.fonts["print-text"], tuple(asked))
    return [chr(code) for code in boxes], [chr(code) for code in typed]


@lru_cache(maxsize=4)
def _ask_typst(
    fonts: tuple[tuple[str, bytes], ...], families: tuple[str, ...], asked: tuple[int, ...]
) -> tuple[list[int], list[int]]:
    """Return which characters Typst has no glyph for, and for which letters only one for code.

    It takes up to a second, and while a deck is being written the answer hardly ever changes.
    """
    proportional = [family for family in families if family != _TYPEWRITER]
    source = define("families", [*families, FAMILY])
    source += define("proportional", [*proportional, FAMILY])
    source += define("letters", [category(chr(code))[0] == "L" for code in asked])
    source += define("wide", _WIDE) + define("asked", [*asked]) + _MEASURE
    probe = {**dict(fonts), "fonts/last-resort.ttf": make_font(asked, _WIDE)}
    ((boxes, typed),) = Typesetter(probe).query(source, {}, "<found>")
    return boxes, typed
