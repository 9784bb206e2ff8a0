"""Ids and GUIDs: functions of words that never change."""

from __future__ import annotations

import secrets
import string
from collections.abc import Iterable
from hashlib import sha256

VERSION_WORD = "Version"
"""Before the version in a package's description, where whoever compares packages finds it."""
_DIGITS = string.ascii_letters + string.digits + "!#$%&()*+,-./:;<=>?@[]^_`{|}~"
"""The 91 signs that Anki writes GUIDs with."""


def new_namespace(slug: str) -> str:
    """Make the namespace of a deck that is born, by chance: two decks of one slug have two."""
    return f"{slug}-{secrets.token_hex(6)}"


def imported_namespace(slug: str, notes: Iterable[str]) -> str:
    """Make the namespace of a deck that is imported: the same each time, and another for each deck.

    Args:
        slug: the deck's.
        notes: what sets its notes apart from those of other decks, in any order.

    Returns:
        The namespace.
    """
    return f"{slug}-{sha256(chr(0).join(sorted(notes)).encode()).hexdigest()[:12]}"


def stable_id(namespace: str, *parts: str) -> int:
    """Return an id for a note type, a deck, a field or a template.

    It looks like a time in milliseconds between 2001 and 2014, before anything that people have
    made themselves, and is a function of the words alone.
    """
    digest = sha256("\0".join((namespace, *parts)).encode()).digest()
    return 1_000_000_000_000 + int.from_bytes(digest[:8], "big") % 400_000_000_000


def note_guid(namespace: str, identity: str) -> str:
    """Return the GUID of a note: a function of the ledger's namespace and the note's id."""
    rest = int.from_bytes(sha256(f"{namespace}__{identity}".encode()).digest()[:8], "big")
    digits = ""
    while rest:
        rest, digit = divmod(rest, len(_DIGITS))
        digits = _DIGITS[digit] + digits
    return digits
