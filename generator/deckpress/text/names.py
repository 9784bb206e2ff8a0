"""Names of files that not every system can hold."""

from __future__ import annotations

import re

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
