"""Whether a folder or a file of Markdown is a deck of ours already, and needs no import."""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path

from deckpress.reading.folder import is_card_file
from deckpress.schema.file_names import DECK_FILE
from deckpress.text.yaml import read_yaml

_MOST = 1_000_000
"""How much of a file is looked at, in bytes."""

_OWN_HEADING = re.compile(r"(?m)^# .*\{(?:[^{}\n]* )?#[a-z0-9-]+(?: [^{}\n]*)?\}[ \t]*$")
_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?)^---[ \t]*$", re.DOTALL | re.MULTILINE)


def find_own_deck(path: Path) -> Path | None:
    """Find the deck of ours that a folder or a file belongs to.

    Other programs have a `deck.yaml`, too, and what lies beside ours may be somebody else's: a file
    is one of the deck if the deck reads it, and knows its category or its ids are written as ours.

    Args:
        path: a folder, or a file of Markdown.

    Returns:
        The deck's folder, or None.
    """
    place = path.resolve()
    if place.is_dir() and _categories(place) is not None:
        return place
    for root in place.parents:
        known = _categories(root)
        if known is not None:
            return root if _is_read(place, root, known) else None
    return None


def _categories(root: Path) -> set[str] | None:
    """Return the categories of a deck of ours; None if there is none in the folder."""
    text = _read(root / DECK_FILE)
    if text is None:
        return None
    found = read_yaml(text, DECK_FILE)
    if found.problems and found.value is None:
        return set()
    if not isinstance(found.value, dict) or not {"slug", "categories"} <= found.value.keys():
        return None
    entries = found.value["categories"]
    entries = entries if isinstance(entries, list) else []
    return {str(entry.get("slug")) for entry in entries if isinstance(entry, dict)}


def _is_read(path: Path, root: Path, categories: set[str]) -> bool:
    """Say whether what lies in the folder of a deck is cards to the deck."""
    parts = path.relative_to(root).parts
    if path.is_dir():
        return parts[0] in categories
    if not is_card_file(path, root):
        return False
    if len(parts) > 1 and parts[0] in categories:
        return True
    text = _read(path) or ""
    matter = _FRONT_MATTER.match(text)
    value = read_yaml(matter[1], path.name).value if matter else None
    told = value.get("category") if isinstance(value, dict) else None
    return told in categories or _OWN_HEADING.search(text) is not None


def _read(path: Path) -> str | None:
    with suppress(OSError):
        if not path.is_file():
            return None
        with path.open("rb") as file:
            data = file.read(_MOST).decode("utf-8-sig", "replace")
            return data.replace("\r\n", "\n").replace("\r", "\n")
    return None
