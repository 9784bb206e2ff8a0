"""Which text of a ledger is known to be right, so that the next run need not check it again.

The cache has one entry for each ledger, under its path: the hash of its file. A build that writes
the file sees to it at once.
"""

from __future__ import annotations

import os
from pathlib import Path

from deckpress.anki.ledger import Ledger, read_known, reads_as
from deckpress.pipeline.cache import Cache, digest
from deckpress.pipeline.clock import latest_time
from deckpress.pipeline.fingerprint import fingerprint
from deckpress.text.hashes import hash_of


def recall_ledger(path: Path, data: bytes, cache: Cache) -> tuple[str, Ledger] | None:
    """Return the text of a ledger and what it says, if it is known to be right.

    Args:
        path: the ledger.
        data: its bytes.
        cache: what remembers.

    Returns:
        What reading it gives; None if it must be checked.
    """
    place = _place(path, cache)
    if cache.read([place]).get(place) != hash_of(data):
        return None
    text = str(data, "utf-8")
    ledger = read_known(text)
    if ledger is None:
        return None
    # The clock may have been set back.
    newest = max([ledger.newest, *(entry.retired for entry in ledger.notes.values())])
    return (text, ledger) if newest <= latest_time() else None


def remember_ledger(path: Path, data: bytes, ledger: Ledger, cache: Cache) -> None:
    """Remember that the file of a ledger is right, if it is.

    Args:
        path: the ledger.
        data: its bytes, read or just being written.
        ledger: what it says.
        cache: what remembers.
    """
    if reads_as(str(data, "utf-8"), ledger, latest_time()):
        cache.write({_place(path, cache): hash_of(data)})


def _place(path: Path, cache: Cache) -> bytes:
    return digest(b"ledger", fingerprint(cache), os.fsencode(path.absolute()))
