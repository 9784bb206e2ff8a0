"""The names of a deck that a shell completes, read once from each file and then remembered.

Whether a file has a mistake is for its shape to say, and what reads shapes takes a third of a
second to import. So the names in a file are kept in the cache under a hash of its bytes: they are
always those of the file as it is. Builds and checks keep them, so that hardly anyone who waits for
a shell waits for a first reading.
"""

from __future__ import annotations

import json
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeVar

from deckpress.pipeline.cache import Cache, digest
from deckpress.pipeline.fingerprint import quick_fingerprint
from deckpress.schema.file_names import COMPANIES_FILE, DECK_FILE, LEDGER_NAME, MOST_LEDGER
from deckpress.text.characters import composed

if TYPE_CHECKING:  # what is remembered needs none of it
    from deckpress.anki.ledger import Ledger, NoteEntry
    from deckpress.schema.words import Shape

Name = tuple[str, str]
"""A name, and what a shell may say beside it."""

List = Literal["categories", "companies", "aliases", "ids", "tags"]
"""Which names: `companies` are the slugs of companies, `aliases` these and their other names."""

Names = dict[List, list[Name]]

S = TypeVar("S", bound="Shape")

_LATEST = 2**53 - 1


def read_names(root: Path, wanted: List, cache: Path | None) -> list[Name]:
    """Return names that a deck has, sorted.

    Args:
        root: the folder of cards.
        wanted: which names.
        cache: the folder of the cache, without which every file is read anew.

    Returns:
        The names, each once; none where their file is missing or has a mistake. Those of notes are
        as of the last build.
    """
    file, read = _READERS[wanted]
    data = _read_plainly(root / file)
    if data is None:
        return []
    memory = Cache(cache) if cache else None
    try:
        key = _key(wanted, digest(data))
        known = memory.read([key]).get(key) if memory else None
        if known is not None:
            with suppress(TypeError, ValueError):  # it is no such list
                return [(name, said) for name, said in json.loads(known)]
        found = read(data, (root / file).as_posix())
        if memory:
            memory.write(_entries(found, data))
        return found[wanted]
    finally:
        if memory:
            memory.close()


def keep_names(ledger: Ledger, data: bytes, before: Ledger, old: bytes, cache: Path) -> None:
    """Keep the names in a ledger before anyone asks for them.

    Args:
        ledger: what it says.
        data: its file.
        before: what it said before.
        old: what its file was before.
        cache: the folder of the cache.
    """
    memory = Cache(cache)
    # After most changes, the names are those of before.
    now, then = digest(data), digest(old)
    keys = {_key(one, now): _key(one, then) for one in _IN_LEDGER}
    known = memory.read([*keys.values()]) if _has_same_names(ledger, before) else {}
    if len(known) == len(keys):
        memory.write({key: known[was] for key, was in keys.items()})
    else:
        memory.write(_entries(_names_in(ledger), data))
    memory.close()


_IN_LEDGER: tuple[List, ...] = ("ids", "tags")


def _has_same_names(ledger: Ledger, before: Ledger) -> bool:
    return ledger.notes.keys() == before.notes.keys() and all(
        entry is was or _named_in(entry) == _named_in(was)
        for entry, was in ((entry, before.notes[name]) for name, entry in ledger.notes.items())
    )


def _named_in(entry: NoteEntry) -> object:
    return not entry.retired and (entry.question, entry.tags)


def _entries(found: Names, data: bytes) -> dict[bytes, bytes]:
    hashed = digest(data)
    return {_key(which, hashed): json.dumps(names).encode() for which, names in found.items()}


def _key(which: List, hashed: bytes) -> bytes:
    return digest(b"names", which.encode(), quick_fingerprint(), hashed)


def _read_plainly(path: Path) -> bytes | None:
    """Read a file, if it is one and of a size that the sources may have."""
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode) or found.st_size > MOST_LEDGER:
            return None
        return path.read_bytes()
    except OSError:
        return None


def _read_companies(data: bytes, path: str) -> Names:
    from deckpress.schema.deck_files import CompaniesFile

    read = _in_shape(CompaniesFile, data, path)
    companies = read.companies if read else []
    slugs = [(one.slug, one.name) for one in companies]
    others = [(name, one.name) for one in companies for name in one.aliases]
    return {"companies": _once(slugs), "aliases": _once([*slugs, *others])}


def _read_categories(data: bytes, path: str) -> Names:
    from deckpress.schema.deck_files import DeckFile

    read = _in_shape(DeckFile, data, path)
    return {"categories": _once((one.slug, one.name) for one in (read.categories if read else []))}


def _in_shape(shape: type[S], data: bytes, path: str) -> S | None:
    from deckpress.schema.from_file import read_shape_in
    from deckpress.text.files import MOST_BYTES

    return read_shape_in(shape, data, path).value if len(data) <= MOST_BYTES else None


def _read_ledger(data: bytes, path: str) -> Names:
    from deckpress.anki.ledger import read_ledger
    from deckpress.text.source_text import decode_source

    text, problems = decode_source(data, path)
    ledger, _ = (None, ()) if problems else read_ledger(text, path, _LATEST)
    return _names_in(ledger) if ledger else {"ids": [], "tags": []}


def _names_in(ledger: Ledger) -> Names:
    """Return the names in a ledger, in the form in which its file has them."""
    living = [note for note in ledger.notes.values() if not note.retired]
    tags = {tag for note in living for tag in note.tags}
    return {
        "ids": _once((note.id, note.question) for note in living),
        "tags": _once((name, "") for tag in tags for name in _levels(tag)),
    }


def _levels(tag: str) -> Iterator[str]:
    """Yield a topic with all those that it lies in."""
    key, *levels = tag.split("::")
    if key == "topic":
        yield from ("::".join(levels[:end]) for end in range(1, len(levels) + 1))


def _once(names: Iterable[Name]) -> list[Name]:
    return sorted({(composed(name), composed(said)) for name, said in names})


_READERS: Mapping[List, tuple[str, Callable[[bytes, str], Names]]] = {
    "categories": (DECK_FILE, _read_categories),
    "companies": (COMPANIES_FILE, _read_companies),
    "aliases": (COMPANIES_FILE, _read_companies),
    "ids": (LEDGER_NAME, _read_ledger),
    "tags": (LEDGER_NAME, _read_ledger),
}
"""The file of each list, and what reads all lists of that file from its bytes."""
