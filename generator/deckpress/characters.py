"""Characters that can stand in no card, however they are written, or that nobody sees."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping

FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ue000-\uf8ff\ufffe\uffff]")
"""Control characters (Anki separates fields by U+001F), halves of a pair, which no encoding holds,
and private-use ones, which mark places while a note is written."""


def describe_forbidden(text: str) -> str:
    """Say which forbidden character a text holds first; nothing when it holds none."""
    match = FORBIDDEN.search(text)
    return f"the character U+{ord(match[0]):04X} cannot stand in a card" if match else ""


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
