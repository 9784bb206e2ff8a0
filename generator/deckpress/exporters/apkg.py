"""An Anki package; the only door to genanki.

The legacy schema is written, deflated, which every Anki from 2.1.49 reads. Everything in it is
sorted and dated from the ledger, so that the same sources make the same bytes.
"""

from __future__ import annotations

import io
import json
import os
import sqlite3
import sys
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cached_property, lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType
from typing import Any

from deckpress.anki.identity import VERSION_WORD, stable_id
from deckpress.anki.ledger import NoteEntry, NoteTypeEntry
from deckpress.anki.note import AnkiNote
from deckpress.anki.order import GAP
from deckpress.companies.deck_parts import PARTS
from deckpress.decks.deck import Deck
from deckpress.exporters.exporter import UPDATE_ENDING
from deckpress.exporters.options import Options
from deckpress.model.collection import Making, Recall, Writing
from deckpress.model.templates import NoteType
from deckpress.text.hashes import hash_of


@contextmanager
def _properties_of_python() -> Iterator[None]:
    """Give genanki Python's own cached properties, for those that it asks for read asyncio."""
    name = "cached_property"
    if name in sys.modules:
        yield
        return
    sys.modules[name] = ModuleType(name)
    setattr(sys.modules[name], name, cached_property)
    try:
        yield
    finally:
        del sys.modules[name]


with _properties_of_python():
    import genanki

CARD_STRIDE = 10_000_000
"""Milliseconds between the ids of a note's cards; the first card has the note's own id."""
_CHANGED = -1
"""The update sequence number of what no server knows yet."""
_UNSTUDIED = (0, 0, 0, 0, 0, 0, 0, 0, "")
"""What Anki schedules a card by, from the interval on, while it is new."""
_EPOCH = (1980, 1, 1, 0, 0, 0)
_SQLITE_VERSION = 96
"""Where the header of a database holds a version in four bytes."""


def export(deck: Deck, options: Options) -> bytes:
    """Write a deck as a package that Anki imports.

    A package of a selection has the same deck names, GUIDs, times and ids as that of the whole
    deck, only fewer notes and no description, so that both can be imported in any order. Positions
    are the same, too, but in a company's deck new cards come part by part: Anki reads positions
    when a card is first imported, so this costs the whole deck nothing.

    Args:
        deck: the deck.
        options: nothing of them concerns a package.

    Returns:
        The bytes of the .apkg file.
    """
    namespace = deck.ledger.namespace
    models = {
        slug: _model(namespace, deck.collection.note_types[slug], entry, deck.collection.info.title)
        for slug, entry in sorted(deck.ledger.note_types.items())
    }
    root = deck.collection.info.root
    top = _Deck(namespace, root, _description(deck) if deck.whole else "")
    decks = {root: top}
    held: dict[str, list[AnkiNote]] = {root: []}
    media: set[str] = set()
    chosen = [deck.rendered[note.id] for note in deck.notes]
    places = {note.id: deck.ledger.notes[note.id].order for note in chosen}
    if deck.parts:
        # Of a company's deck, what was asked there comes first.
        first = sorted(places, key=lambda name: (PARTS.index(deck.parts[name]), places[name]))
        places = {name: (index + 1) * GAP for index, name in enumerate(first)}
    for note in [*chosen, *deck.tombstones]:
        name = note.deck or root
        if name not in decks:
            decks[name], held[name] = _Deck(namespace, name, ""), []
        decks[name].add_model(models[note.note_type])
        held[name].append(note)
        media.update(note.media)
    rows = _Rows()
    for name, home in decks.items():
        for note in held[name]:
            entry = deck.ledger.notes[note.id]
            place = places.get(note.id, entry.order)
            guid = deck.ledger.guid(note.id)
            rows.add(guid, note, models[note.note_type], home, entry, place)
    return _zip(
        _write_database(decks.values(), rows),
        {name: deck.collection.media[name] for name in sorted(media)},
        deck.collection.recall,
    )


def writings(options: Options) -> tuple[Writing[Any], ...]:
    """Return the ways in which notes are written for this format, beside that for Anki."""
    return ()


class _Model(genanki.Model):  # type: ignore[misc]  # genanki has no types
    def __init__(
        self, namespace: str, note_type: NoteType, entry: NoteTypeEntry, title: str
    ) -> None:
        self._mod = entry.mod
        slug = note_type.slug
        super().__init__(
            stable_id(namespace, "note type", slug),
            f"{title}: {note_type.name}",
            fields=[
                {
                    "name": field.name,
                    "id": stable_id(namespace, "field", slug, field.key),
                    "description": field.description,
                    "font": "Arial",
                    "excludeFromSearch": field.key in ("sources", "id"),
                    "preventDeletion": True,
                    "collapsed": field.collapsed,
                }
                for field in note_type.fields
            ],
            templates=[
                {
                    "name": template.name,
                    "id": stable_id(namespace, "template", slug, template.key),
                    "qfmt": template.front,
                    "afmt": template.back,
                    "bqfmt": template.browser_front.strip(),
                    "bafmt": template.browser_back.strip(),
                }
                for template in note_type.templates
            ],
            css=note_type.css,
            model_type=genanki.Model.CLOZE if note_type.cloze else genanki.Model.FRONT_BACK,
        )

    def to_json(self, timestamp: float, deck_id: int) -> dict[str, Any]:
        """Describe the note type with its own time, since "newer" is all that Anki looks at."""
        return {**super().to_json(self._mod, deck_id), "did": None}


@lru_cache(maxsize=64)
def _model(namespace: str, note_type: NoteType, entry: NoteTypeEntry, title: str) -> _Model:
    """Return a note type, the same one for every deck of a run: it keeps which fields it needs."""
    return _Model(namespace, note_type, entry, title)


class _Rows:
    """The rows of all notes and cards, which are written at once."""

    def __init__(self) -> None:
        self._notes: list[tuple[Any, ...]] = []
        self._cards: list[tuple[Any, ...]] = []
        self._taken: set[int] = set()

    def add(
        self, guid: str, note: AnkiNote, model: _Model, deck: _Deck, entry: NoteEntry, place: int
    ) -> None:
        """Add a note under its own id and time, and its cards under ids of their own.

        genanki's own notes take four times as long, guess their cards anew, and miss some that
        Anki makes.
        """
        identity, mod = entry.created, entry.mod
        tags, first = f" {' '.join(note.tags)} ", note.question
        first = first or note.fields[model.sort_field_index]
        # In the schema's order; Anki counts the checksum itself.
        row = (identity, guid, model.model_id, mod, _CHANGED, tags, note.row, first, 0, 0, "")
        self._notes.append(row)
        for ord_ in note.ords:
            number = identity + ord_ * CARD_STRIDE
            while number in self._taken:
                number += 1
            self._taken.add(number)
            self._cards.append(
                (number, identity, deck.deck_id, ord_, mod, _CHANGED, 0, 0, place, *_UNSTUDIED)
            )

    def write(self, cursor: sqlite3.Cursor) -> None:
        """Write them, and their indexes behind them, which makes the file smaller."""
        query = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
        indexes = cursor.execute(query).fetchall()
        for name, _ in indexes:
            cursor.execute(f"DROP INDEX {name}")
        for table, rows in (("notes", self._notes), ("cards", self._cards)):
            if rows:
                marks = ",".join("?" * len(rows[0]))
                cursor.executemany(f"INSERT INTO {table} VALUES({marks})", sorted(rows))
        for _, statement in indexes:
            cursor.execute(statement)


class _Deck(genanki.Deck):  # type: ignore[misc]  # see _Model
    def __init__(self, namespace: str, name: str, description: str) -> None:
        super().__init__(stable_id(namespace, "deck", name), name, description)

    def to_json(self) -> dict[str, Any]:
        """Describe the deck; its description is Markdown, and subdecks show at first."""
        return {**super().to_json(), "md": True, "collapsed": False, "browserCollapsed": True}


def _description(deck: Deck) -> str:
    info = deck.collection.info
    lines = [info.description.strip()]
    lines.append(f"{VERSION_WORD} {deck.version}" if deck.version else "")
    if info.author or info.license:
        lines.append(" · ".join(part for part in (info.author, info.license) if part))
    if info.homepage:
        lines.append(f"<{info.homepage}>")
    lines.append(info.words.say("updating", file=f"{deck.name}{UPDATE_ENDING}"))
    return "\n\n".join(line for line in lines if line)


def _write_database(decks: Iterable[genanki.Deck], rows: _Rows) -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "collection.anki2"
        connection = sqlite3.connect(path)
        try:
            # The file is gone in a moment: it need not outlive a loss of power.
            connection.execute("PRAGMA synchronous = OFF")
            connection.execute("PRAGMA journal_mode = OFF")
            # Of the usual 4,096 bytes, a tenth stays empty.
            connection.execute("PRAGMA page_size = 16384")
            package = genanki.Package(list(decks))
            # Every note and note type has a time and ids of its own, so the package needs none.
            cursor = connection.cursor()
            package.write_to_db(cursor, 0, iter(()))
            rows.write(cursor)
            connection.commit()
        finally:
            connection.close()
        with path.open("r+b") as file:
            # The header names the SQLite that wrote it; that is the machine's, not the deck's.
            file.seek(_SQLITE_VERSION)
            file.write(b"\0\0\0\0")
        return path.read_bytes()


_EFFORT = 4
"""How hard zlib tries: in half the time of its usual 6, packages become a twentieth larger."""
_BLOCK = 262_144
"""Bytes of the database that are deflated by themselves; packages become a fortieth larger."""
_LAST = b"\x03\x00"
"""The block with nothing in it that ends what is deflated (RFC 1951, 3.2.3 and 3.2.6)."""


def _zip(database: bytes, media: Mapping[str, bytes], recall: Recall) -> bytes:
    names = dict(enumerate(media))
    entries = {"media": json.dumps(names).encode()}
    entries |= {str(number): media[name] for number, name in names.items()}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        info = _entry("collection.anki2", zipfile.ZIP_STORED)
        archive.writestr(info, _deflate(database, recall))
        # What was stored is deflated already; now its entry says so, here and at the end.
        info.compress_type, info.file_size = zipfile.ZIP_DEFLATED, len(database)
        info.CRC = zlib.crc32(database)
        end = buffer.tell()
        buffer.seek(info.header_offset)
        buffer.write(info.FileHeader(zip64=False))
        buffer.seek(end)
        for name, data in entries.items():
            archive.writestr(_entry(name, zipfile.ZIP_DEFLATED), data, compresslevel=_EFFORT)
    return buffer.getvalue()


def _entry(name: str, method: int) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, _EPOCH)
    info.compress_type = method
    info.create_system, info.external_attr = 3, 0o644 << 16
    return info


def _deflate(data: bytes, recall: Recall) -> bytes:
    """Deflate data block by block: one that was deflated in an earlier run is not again."""
    whole = memoryview(data)
    blocks = [whole[at : at + _BLOCK] for at in range(0, len(data), _BLOCK)]
    keys = [hash_of(block).hex()[:32] for block in blocks]
    known = dict(zip(keys, blocks, strict=True))
    name = f"deflated by zlib {zlib.ZLIB_RUNTIME_VERSION}"
    making: Making[str, bytes] = Making(
        name, lambda wanted: _deflate_all([known[key] for key in wanted]), bytes
    )
    packed = recall(making, keys)
    return b"".join((*(packed[key] for key in keys), _LAST))


def _deflate_all(blocks: Sequence[memoryview]) -> list[bytes]:
    # zlib leaves Python to others.
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        return [*threads.map(_deflate_block, blocks)]


def _deflate_block(block: memoryview) -> bytes:
    packing = zlib.compressobj(_EFFORT, zlib.DEFLATED, -zlib.MAX_WBITS)
    return packing.compress(block) + packing.flush(zlib.Z_FULL_FLUSH)
