"""Packages of Anki, .apkg and .colpkg, of every version since 2.0; the only door to zstandard.

The database is SQLite: `collection.anki2` or `.anki21` with note types and decks as JSON, or, since
2021, `collection.anki21b`, compressed, with tables of their own and settings as Protocol Buffers.
"""

from __future__ import annotations

import errno
import json
import sqlite3
import time
import unicodedata
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import zstandard

from deckpress.importing.limits import (
    MOST_DATABASE,
    MOST_ENTRIES,
    MOST_MEDIA,
    MOST_MEDIUM,
    MOST_PACKAGE,
    MOST_SECONDS,
    damaged,
    read_at_most,
)
from deckpress.importing.protobuf import read_message
from deckpress.importing.source import Remark, Source, SourceNote, SourceNoteType, SourceTemplate
from deckpress.text.characters import FORBIDDEN
from deckpress.text.problem import SourceError

_DATABASES = ("collection.anki21b", "collection.anki21", "collection.anki2")
"""From the newest to the oldest; the older ones of a package only ask for a newer Anki."""
_WINDOW = 2**27
"""The most memory, in bytes, that a compressed stream may ask for while it is read."""
_MOST_LIST = 100_000_000
_TABLES = {"notes", "cards", "col", "notetypes", "fields", "templates", "decks"}


def read_package(path: Path) -> Source:
    """Read a package of Anki.

    Args:
        path: the file, .apkg or .colpkg.

    Returns:
        The deck. Its media are read from the package when they are asked for.

    Raises:
        SourceError: the file is damaged, is no package, or unpacks to more than is taken.
    """
    with _damage(path):
        if path.stat().st_size > MOST_PACKAGE:
            raise damaged(path, "the package is too large", f"{MOST_PACKAGE // 10**9} GB at most")
        # It stays open: the media are read when they are asked for.
        archive = zipfile.ZipFile(path)
        names = set(archive.namelist())
        if len(names) > MOST_ENTRIES:
            raise damaged(path, f"over {MOST_ENTRIES:,} files in the package")
        name = next((name for name in _DATABASES if name in names), "")
        if not name:
            hint = "a package of Anki ends in .apkg or .colpkg and holds a collection"
            raise damaged(path, "there is no collection in this package", hint)
        modern = name == _DATABASES[0]
        data = _read(archive, name, MOST_DATABASE, path, packed=modern)
        media = _read_media_list(archive, names, path, modern=modern)
        notes, note_types, descriptions, remarks = _read_database(data, path)
        title = unicodedata.normalize("NFC", path.stem)
        files = _Media(path, media, modern, archive)
        return Source(title, notes, note_types, files, "html", remarks, descriptions)


@contextmanager
def _damage(path: Path) -> Iterator[None]:
    """Turn whatever the libraries say of a broken file into one clear message."""
    try:
        yield
    except SourceError:
        raise
    except sqlite3.Error as error:
        what = "takes too long to read" if "interrupted" in str(error) else f"is damaged: {error}"
        raise damaged(path, f"the collection in this package {what}") from error
    except RuntimeError as error:
        raise damaged(path, f"this package cannot be opened: {error}") from error
    except OSError as error:
        # What unpacks says so of data that is none; the disk's own troubles have other numbers.
        if error.errno not in (None, errno.EINVAL):
            raise
        raise damaged(path, f"this package is damaged: {error.strerror or error}") from error
    except (
        zipfile.BadZipFile, zlib.error, zstandard.ZstdError, EOFError, ValueError, KeyError,
        TypeError, AttributeError, NotImplementedError, OverflowError, RecursionError,
    ) as error:  # fmt: skip
        raise damaged(path, f"this package is damaged: {error or type(error).__name__}") from error


def _read(archive: zipfile.ZipFile, name: str, most: int, path: Path, *, packed: bool) -> bytes:
    with archive.open(name) as stream:
        if not packed:
            return read_at_most(stream, most, path, f"'{name}'")
        reader = zstandard.ZstdDecompressor(max_window_size=_WINDOW)
        with reader.stream_reader(stream, read_across_frames=True) as unpacked:
            return read_at_most(_as_stream(unpacked), most, path, f"'{name}'")


def _as_stream(reader: Any) -> IO[bytes]:
    stream: IO[bytes] = reader
    return stream


def _read_media_list(
    archive: zipfile.ZipFile, names: set[str], path: Path, *, modern: bool
) -> dict[str, str]:
    """Return for each media name the name of its file in the package."""
    if "media" not in names:
        return {}
    data = _read(archive, "media", _MOST_LIST, path, packed=modern)
    found: dict[str, str] = {}
    if not modern:
        listed = json.loads(data or b"{}")
        found = {str(name): str(entry) for entry, name in listed.items()}
    else:
        entries = [value for number, value in read_message(data) if number == 1]
        for index, value in enumerate(entries):
            parts = dict(read_message(value)) if isinstance(value, bytes) else {}
            found[_text(parts.get(1))] = str(parts.get(255, index))
    for name in found:
        if not _is_plain(name):
            hint = "Anki refuses it, too; it may be meant to do harm"
            raise damaged(path, f"a media file with the name {name[:80]!r}", hint)
    return {unicodedata.normalize("NFC", name): entry for name, entry in found.items()}


def _is_plain(name: str) -> bool:
    """Say whether a name is that of a file and of no other place on a disk."""
    odd = any(unicodedata.category(c) in ("Cc", "Cs") or c in "/\\:" for c in name)
    return bool(name) and not odd and name.strip(". ") == name.strip() and len(name.encode()) < 250


@dataclass(frozen=True)
class _Media(Mapping[str, bytes]):
    """The media of a package, read one by one when they are asked for."""

    path: Path
    entries: Mapping[str, str]
    packed: bool
    archive: zipfile.ZipFile
    _sizes: dict[str, int] = field(default_factory=dict)

    def __getitem__(self, name: str) -> bytes:
        entry = self.entries[name]
        archive = self.archive
        if entry not in archive.NameToInfo:
            raise KeyError(name)
        with _damage(self.path):
            data = _read(archive, entry, MOST_MEDIUM, self.path, packed=self.packed)
        self._sizes[name] = len(data)
        if sum(self._sizes.values()) > MOST_MEDIA:
            raise damaged(self.path, f"over {MOST_MEDIA // 10**9} GB of media")
        return data

    def __iter__(self) -> Iterator[str]:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)


def _read_database(
    data: bytes, path: Path
) -> tuple[tuple[SourceNote, ...], dict[str, SourceNoteType], dict[str, str], tuple[Remark, ...]]:
    if not data.startswith(b"SQLite format 3\0"):
        raise damaged(path, "the collection in this package is not a database")
    # A database that waits for its journal cannot be read from memory; one in a package is whole.
    data = data[:18] + b"\x01\x01" + data[20:]
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.deserialize(data)
        end = time.monotonic() + MOST_SECONDS
        connection.set_progress_handler(lambda: time.monotonic() > end, 100_000)
        connection.create_collation("unicase", lambda a, b: (a > b) - (a < b))
        connection.execute("PRAGMA trusted_schema = OFF")
        kinds = dict(connection.execute("SELECT name, type FROM sqlite_master"))
        odd = [name for name in _TABLES & kinds.keys() if kinds[name] != "table"]
        if odd or not {"notes", "cards", "col"} <= kinds.keys():
            raise damaged(path, "the collection in this package is not an Anki collection")
        modern = "notetypes" in kinds
        types = _modern_types(connection) if modern else _legacy_types(connection)
        decks = _modern_decks(connection) if modern else _legacy_decks(connection)
        names = {number: name for number, (name, _) in decks.items()}
        notes, remarks = _read_notes(connection, types, names)
    descriptions = {name: said for name, said in decks.values() if said}
    by_name = {found.name: found for found in types.values()}
    return tuple(notes), by_name, descriptions, tuple(remarks)


def _legacy_types(connection: sqlite3.Connection) -> dict[int, SourceNoteType]:
    (text,) = connection.execute("SELECT models FROM col").fetchone()
    found: dict[int, SourceNoteType] = {}
    for key, model in json.loads(text or "{}").items():
        fields = sorted(model["flds"], key=lambda entry: entry["ord"])
        templates = sorted(model["tmpls"], key=lambda entry: entry["ord"])
        found[int(key)] = SourceNoteType(
            _apart(str(model["name"]), found),
            tuple(str(entry["name"]) for entry in fields),
            tuple(SourceTemplate(str(t["name"]), *_sides(t)) for t in templates),
            cloze=model.get("type") == 1,
            id=int(key),
            css=str(model.get("css", "")),
        )
    return found


def _modern_types(connection: sqlite3.Connection) -> dict[int, SourceNoteType]:
    fields: dict[int, list[str]] = defaultdict(list)
    for number, name in connection.execute("SELECT ntid, name FROM fields ORDER BY ntid, ord"):
        fields[number].append(str(name))
    templates: dict[int, list[SourceTemplate]] = defaultdict(list)
    query = "SELECT ntid, name, config FROM templates ORDER BY ntid, ord"
    for number, name, config in connection.execute(query):
        parts = dict(read_message(config))
        front, back = (_text(parts.get(part)) for part in (1, 2))
        templates[number].append(SourceTemplate(str(name), front, back))
    found: dict[int, SourceNoteType] = {}
    for number, name, config in connection.execute("SELECT id, name, config FROM notetypes"):
        settings = dict(read_message(config))
        found[number] = SourceNoteType(
            _apart(str(name), found),
            tuple(fields[number]),
            tuple(templates[number]),
            cloze=settings.get(1) == 1,
            id=number,
            css=_text(settings.get(3)),
        )
    return found


def _sides(template: Mapping[str, Any]) -> tuple[str, str]:
    front, back = template["qfmt"], template["afmt"]
    if not isinstance(front, str) or not isinstance(back, str):
        raise ValueError("a template that is no text")
    return front, back


def _number(value: object) -> int:
    """Return a whole number such as Anki keeps in 64 bits; SQLite takes anything in any column."""
    if not isinstance(value, int):
        raise ValueError(f"{str(value)[:20]!r} where a number stands")
    return value


def _text(value: int | bytes | None) -> str:
    return value.decode() if isinstance(value, bytes) else ""


def _apart(name: str, found: Mapping[int, SourceNoteType]) -> str:
    """Tell note types of one name apart, as Anki does."""
    taken = {other.name for other in found.values()}
    while name in taken:
        name += "+"
    return name


def _legacy_decks(connection: sqlite3.Connection) -> dict[int, tuple[str, str]]:
    """Return the name and the description of each deck."""
    (text,) = connection.execute("SELECT decks FROM col").fetchone()
    return {
        int(key): (str(deck["name"]), str(deck.get("desc") or ""))
        for key, deck in json.loads(text or "{}").items()
    }


def _modern_decks(connection: sqlite3.Connection) -> dict[int, tuple[str, str]]:
    found: dict[int, tuple[str, str]] = {}
    for number, name, kind in connection.execute("SELECT id, name, kind FROM decks"):
        # A filtered deck has another message, and no description.
        normal = dict(read_message(kind)).get(1)
        settings = dict(read_message(normal)) if isinstance(normal, bytes) else {}
        found[number] = str(name).replace("\x1f", "::"), _text(settings.get(4))
    return found


def _read_notes(
    connection: sqlite3.Connection, types: Mapping[int, SourceNoteType], decks: Mapping[int, str]
) -> tuple[list[SourceNote], list[Remark]]:
    cards: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
    query = "SELECT nid, ord, CASE WHEN odid THEN odid ELSE did END, type, due FROM cards"
    for note, ord_, deck, kind, due in connection.execute(query):
        place = _number(due) if kind == 0 else 0
        cards[note].append((_number(ord_), _number(deck), place))
    notes: list[tuple[tuple[int, int], SourceNote]] = []
    strange = nameless = 0
    taken: set[object] = set()
    query = "SELECT id, guid, mid, mod, tags, flds FROM notes ORDER BY id"
    for number, guid, model, mod, tags, text in connection.execute(query):
        if model not in types:
            strange += 1
            continue
        # Without a GUID of its own it is a new note; no ledger could hold two of one.
        known = isinstance(guid, str) and guid not in taken and not FORBIDDEN.search(guid)
        taken.add(guid)
        nameless += not known
        own = sorted(cards[number])
        names = tuple(dict.fromkeys(decks.get(deck, "") for _, deck, _ in own))
        note = SourceNote(
            guid=guid if known else "",
            note_type=types[model].name,
            fields=tuple(str(text).split("\x1f")),
            tags=tuple(str(tags).split()),
            deck=names[0] if names else "",
            ords=tuple(ord_ for ord_, _, _ in own),
            mod=_number(mod),
            created=_number(number),
            decks=names,
            due=min((due for _, _, due in own), default=0),
        )
        notes.append(((note.due, number), note))
    notes.sort(key=lambda pair: pair[0])
    remarks = [Remark(f"{strange} notes whose note type is missing")] if strange else []
    if nameless:
        remarks.append(Remark(f"{nameless} GUIDs that are none, or those of other notes"))
    return [note for _, note in notes], remarks
