"""Characters that can stand in no card, however they are written, or that nobody sees."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping

from deckpress.text.problem import Location, Problem

FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ue000-\uf8ff\ufffe\uffff]")
"""Control characters (Anki separates fields by U+001F), halves of a pair, which no encoding holds,
and private-use ones, which mark places while a note is written."""


def find_forbidden(text: str, hint: str = "delete it; it may be invisible") -> list[Problem]:
    """Find the characters that no card may hold, each at its place in the text."""
    found: list[Problem] = []
    if text.isascii() and text.isprintable():
        return found
    line, start = 1, 0
    for match in FORBIDDEN.finditer(text):
        line += text.count("\n", start, match.start())
        start = match.start()
        where = Location("", line, start - text.rfind("\n", 0, start))
        message = f"the character U+{ord(match[0]):04X} cannot stand in a card"
        found.append(Problem(where, message, hint, rule="forbidden-character"))
    return found


def strings_in(value: object) -> Iterator[str]:
    """Yield every string in lists and mappings, the keys of mappings included."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from strings_in(key)
            yield from strings_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from strings_in(inner)


def is_blank(text: str) -> bool:
    """Say whether nothing of a text can be seen: spaces of any kind, marks without width."""
    return all(unicodedata.category(character)[0] in "ZC" for character in text)
