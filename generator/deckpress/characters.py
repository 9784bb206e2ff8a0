"""Characters that no card may hold, or that nobody sees."""

from __future__ import annotations

import re
import unicodedata

# Control characters (Anki separates fields by U+001F) and private-use ones, which mark places
# while a note is written.
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ue000-\uf8ff\ufffe\uffff]")


def is_blank(text: str) -> bool:
    """Say whether nothing of a text can be seen: spaces of any kind, marks without width."""
    return all(unicodedata.category(character)[0] in "ZC" for character in text)
