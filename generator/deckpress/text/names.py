"""Names of files that not every system can hold, and names that are made of words."""

from __future__ import annotations

import re
import unicodedata

_REFUSED = re.compile(r'[<>:"\\|?*\x00-\x1f]')
_RESERVED = re.compile(r"(?i)(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(?:\.|$)")


def unportable(path: str) -> str:
    """Say why Windows cannot hold a file.

    Args:
        path: its path in a folder, parted by slashes.

    Returns:
        What stands behind "Windows"; empty when it can.
    """
    for part in path.split("/"):
        if _RESERVED.match(part):
            return f"keeps the name '{part}' for itself"
        if found := _REFUSED.search(part):
            return f"allows no '{found[0]}' in a name"
        if part.endswith((".", " ")):
            return "cuts a dot or a space at the end of a name"
    return ""


_SPELLED = str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ı": "i"}
)
"""Letters that Unicode does not take apart, as they are usually spelled without them."""


_GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})


def plain_letters(text: str, language: str = "") -> str:
    """Return a text in small letters of ASCII, as far as it is Latin; what is not is left out.

    Args:
        text: the text.
        language: the tag of its language; German spells its letters out.
    """
    spelled = text.lower().translate(_SPELLED)
    if language.partition("-")[0] == "de":
        spelled = unicodedata.normalize("NFC", spelled).translate(_GERMAN)
    return unicodedata.normalize("NFKD", spelled).encode("ascii", "ignore").decode().lower()
