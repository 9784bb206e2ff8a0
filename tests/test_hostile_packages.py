"""Whatever stands in somebody's package, it becomes cards that build, or is refused in a line."""

from __future__ import annotations

import json
import sqlite3
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from deckpress.pipeline.import_deck import ImportedDeck, import_deck
from deckpress.pipeline.load import load
from deckpress.text.problem import CallError, SourceError
from test_fuzz import ROUNDS
from test_import import PNG, database, package

STEP = 1 if ROUNDS >= 10 else 7
"""All values are tried by `make fuzz`; the tests take every seventh, at each place another one."""

VALUES: tuple[Any, ...] = (
    None, b"\xff\xfe\x00", "", "x", "\x00", "a\x00b", 0, -1, 2**63 - 1, -(2**63), 1.5, float("inf"),
    "9" * 5_000, "../../../etc/passwd", "\x1f" * 50, "'; DROP TABLE notes; --", "‮x", "\ue000", "1e999",
)  # fmt: skip
COLUMNS = ("notes.id", "notes.guid", "notes.mid", "notes.mod", "notes.tags", "notes.flds", "cards.nid",
           "cards.ord", "cards.did", "cards.odid", "cards.type", "cards.due", "col.models", "col.decks")  # fmt: skip


def edited(edit: Callable[[sqlite3.Connection], object]) -> bytes:
    """Return a small collection that a function edited."""
    connection = sqlite3.connect(":memory:")
    connection.deserialize(database())
    edit(connection)
    connection.commit()
    return connection.serialize()


def take(path: Path, out: Path) -> ImportedDeck | str:
    """Import a package; return what came, or the words by which it was refused."""
    try:
        done = import_deck(path, out)
    except (SourceError, CallError) as error:
        assert not out.exists()
        return str(error)
    load(out)
    inside = out.resolve()
    assert all(file.resolve().is_relative_to(inside) for file in out.rglob("*"))
    return done


def only(folder: Path, *names: str) -> None:
    """See that nothing else was written beside."""
    assert {path.name for path in folder.iterdir()} <= {"x.apkg", *names}


@pytest.mark.parametrize("column", COLUMNS)
def test_hostile_values(tmp_path: Path, column: str) -> None:
    """A value of any type and size in any column of the database."""
    table, _, name = column.partition(".")
    for number, value in enumerate(VALUES[COLUMNS.index(column) % STEP :: STEP]):
        data = edited(lambda c, v=value: c.execute(f"UPDATE {table} SET {name} = ?", (v,)))  # type: ignore[misc]
        out = tmp_path / f"cards{number}"
        take(package(tmp_path / "x.apkg", {"collection.anki2": data}), out)
        only(tmp_path, *(f"cards{n}" for n in range(number + 1)))


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the way to every value in a value."""
    keys = (
        value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    )
    return [path, *(place for key in keys for place in places(value[key], (*path, key)))]


JSON: tuple[Any, ...] = (
    None, 0, -1, 2**70, 1.5, "x", "", [], {}, [[]], [None], {"1": None}, "</script>", True, "a\x00", "\ue010", "{{#x}}",
)  # fmt: skip


@pytest.mark.parametrize("name", ["models", "decks"])
def test_hostile_json(tmp_path: Path, name: str) -> None:
    """A value of any kind anywhere in the note types and decks."""
    (text,) = edited_value(f"SELECT {name} FROM col")
    whole = json.loads(text)
    number = 0
    for turn, place in enumerate(places(whole)):
        for value in JSON[turn % STEP :: STEP]:
            number += 1
            changed = json.loads(text)
            if place:
                at = changed
                for key in place[:-1]:
                    at = at[key]
                at[place[-1]] = value
            else:
                changed = value
            written = json.dumps(changed)
            data = edited(lambda c, w=written: c.execute(f"UPDATE col SET {name} = ?", (w,)))  # type: ignore[misc]
            take(
                package(tmp_path / "x.apkg", {"collection.anki2": data}),
                tmp_path / f"cards{number}",
            )


def edited_value(query: str) -> tuple[Any, ...]:
    """Return a row of the small collection."""
    connection = sqlite3.connect(":memory:")
    connection.deserialize(database())
    row: tuple[Any, ...] = connection.execute(query).fetchone()
    return row


FIELDS = (
    "<img src='../../../etc/passwd'>", "<img src='/etc/passwd'>", "<img src='file:///etc/passwd'>",
    "<img src='a.png' onerror='x'>", "<img src='%2e%2e/%2e%2e/x.png'>", "<img src='a.png\x00.md'>",
    "<img src=''>", "<img src='.'>", "<img src='..'>", "<img src='CON'>", "<img src='a.png' width='1e9'>",
    "[sound:../../x.mp3]", "[sound:/dev/zero]", "[sound:]", "[sound:a" + "b" * 5_000 + ".mp3]",
    "<script>1</script>", "<svg><script>1</script></svg>", "<iframe src=x>", "<style>@import 'x'</style>",
    "<div>" * 3_000, "<b>" * 500 + "x", "<table>" * 200, "<ul><li>" * 300, "&#0;&#xD800;&#x110000;", "&" * 10_000,
    "\\(" * 2_000, "{{c1::" * 500, "[latex]\\input{/etc/passwd}[/latex]", "<anki-mathjax>" * 300, "[$]" * 900,
    "<a href='javascript:1'>x</a>", "<a href='x" + "y" * 20_000 + "'>z</a>", "<!--" * 3_000, "<![CDATA[" * 900,
    "`" * 5_000, "---\nid: x\n---\n# A {#x}", "# A? {#a}\n# B? {#b}", "<pre><code>```\n````</code></pre>",
    "‮" * 100 + "x", "\r\n" * 5_000 + "x", "{{%raw%}}{{7*7}}", "$$" * 3_000, "|" * 3_000, "<br>" * 20_000,
)  # fmt: skip


def test_hostile_fields(tmp_path: Path) -> None:
    """What fields hold names no file outside, ends in no traceback, and builds."""
    for number, text in enumerate(FIELDS[:: max(1, STEP // 3)]):
        for side in (f"{text}\x1fb", f"a\x1f{text}"):
            data = edited(lambda c, s=side: c.execute("UPDATE notes SET flds = ?", (s,)))  # type: ignore[misc]
            path = package(
                tmp_path / "x.apkg",
                {"collection.anki2": data, "media": b'{"0": "a.png"}', "0": PNG},
            )
            take(path, tmp_path / f"cards{number}{side[0] == 'a'}")


NAMES: tuple[Any, ...] = (
    "..", ".", "", " ", "a/b.png", "a\\b.png", "C:\\x.png", "C:x.png", "//host/x.png", "a\x00.png", "a\n.png",
    "-rf.png", "~.png", "$HOME.png", "CON.png", "nul", "a.png.", "a.png ", " a.png", "é" * 200 + ".png",
    "x" * 5_000 + ".png", "‮gnp.exe", "a:b.png", "\ud800.png", None, 5, ["a"], {"b": 1}, "deck.yaml", "../deck.yaml",
)  # fmt: skip


def test_hostile_names_of_media(tmp_path: Path) -> None:
    """No name of a file in a package is a place on this disk."""
    for number, name in enumerate(NAMES[:: max(1, STEP // 3)]):
        text = f"<img src='{name}'>\x1f<img src='a.png'>" if isinstance(name, str) else "a\x1fb"
        text = text.encode("utf-8", "replace").decode()
        data = edited(lambda c, t=text: c.execute("UPDATE notes SET flds = ?", (t,)))  # type: ignore[misc]
        listed = json.dumps({"0": name, "1": "a.png", "../2": "b.png"}).encode()
        entries = {"collection.anki2": data, "media": listed, "0": PNG, "1": PNG, "../2": PNG}
        take(package(tmp_path / "x.apkg", entries), tmp_path / f"cards{number}")
        only(tmp_path, *(f"cards{n}" for n in range(number + 1)))
    for listed in (b"[]", b"5", b"null", b'"x"', b"[" * 50_000, b'{"0": {}}', b"\xff", b"{}x"):
        path = package(tmp_path / "x.apkg", {"collection.anki2": database(), "media": listed})
        take(path, tmp_path / f"listed{len(listed)}{listed[0]}")


def patch(data: bytes, mark: bytes, at: int, new: bytes) -> bytes:
    """Put bytes into every record of a zip that begins with a mark."""
    found, start = bytearray(data), 0
    while (start := data.find(mark, start)) >= 0:
        found[start + at : start + at + len(new)] = new
        start += 4
    return bytes(found)


LOCAL, CENTRAL, END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
ZIPS: dict[str, Callable[[bytes], bytes]] = {
    "encrypted": lambda z: patch(patch(z, LOCAL, 6, b"\x01\0"), CENTRAL, 8, b"\x01\0"),
    "unknown method": lambda z: patch(patch(z, LOCAL, 8, b"\x63\0"), CENTRAL, 10, b"\x63\0"),
    "method of another": lambda z: patch(patch(z, LOCAL, 8, b"\x0c\0"), CENTRAL, 10, b"\x0c\0"),
    "stored": lambda z: patch(patch(z, LOCAL, 8, b"\0\0"), CENTRAL, 10, b"\0\0"),
    "wrong size": lambda z: patch(z, CENTRAL, 24, struct.pack("<I", 5)),
    "huge size": lambda z: patch(z, CENTRAL, 24, b"\xfe\xff\xff\xff"),
    "zip64 size": lambda z: patch(z, CENTRAL, 24, b"\xff\xff\xff\xff"),
    "wrong sum": lambda z: patch(z, CENTRAL, 16, b"\1\2\3\4"),
    "offset outside": lambda z: patch(z, CENTRAL, 42, b"\xff\xff\xff\x7f"),
    "all at one place": lambda z: patch(z, CENTRAL, 42, b"\0\0\0\0"),
    "directory outside": lambda z: patch(z, END, 16, b"\xff\xff\xff\x7f"),
    "huge directory": lambda z: patch(z, END, 10, b"\xff\xff"),
    "directory of itself": lambda z: patch(z, END, 16, struct.pack("<I", len(z) - 22)),
    "other disk": lambda z: patch(z, END, 4, b"\x05\0\x05\0"),
    "a comment": lambda z: patch(z, END, 20, b"\xff\xff") + b"x" * 65_535,
    "something before": lambda z: b"#!/bin/sh\nexit\n" + z,
    "something behind": lambda z: z + b"PK\x05\x06" + b"\0" * 18,
    "links": lambda z: patch(z, CENTRAL, 38, struct.pack("<I", 0o120777 << 16)),
    "two": lambda z: z + z,
    "odd time": lambda z: patch(
        patch(z, LOCAL, 10, b"\xff\xff\xff\xff"), CENTRAL, 12, b"\xff\xff\xff\xff"
    ),
    "odd names": lambda z: z.replace(b"media", b"\xff\xfe\0/\\"),
    "a tail": lambda z: z[:-1],
}


@pytest.mark.parametrize("name", ZIPS)
def test_hostile_zips(tmp_path: Path, name: str) -> None:
    """However the archive lies about itself."""
    entries = {"collection.anki2": database(), "media": b'{"0": "a.png"}', "0": PNG}
    whole = package(tmp_path / "x.apkg", entries).read_bytes()
    (tmp_path / "x.apkg").write_bytes(ZIPS[name](whole))
    take(tmp_path / "x.apkg", tmp_path / "cards")
    only(tmp_path, "cards")


def test_a_name_twice_in_a_zip(tmp_path: Path) -> None:
    """The last counts."""
    package(tmp_path / "x.apkg", {"collection.anki2": b"hello"})
    with (
        zipfile.ZipFile(tmp_path / "x.apkg", "a") as archive,
        pytest.warns(UserWarning, match="Duplicate"),
    ):
        archive.writestr("collection.anki2", database())
    assert isinstance(take(tmp_path / "x.apkg", tmp_path / "cards"), ImportedDeck)


SCHEMAS = (
    "CREATE TRIGGER t AFTER UPDATE ON notes BEGIN DELETE FROM notes; END;",
    "CREATE INDEX i ON notes (lower(flds));", "CREATE VIEW v AS SELECT * FROM notes;",
    "ALTER TABLE notes RENAME COLUMN flds TO other;", "ALTER TABLE notes ADD COLUMN x GENERATED ALWAYS AS (1) VIRTUAL;",
    "DROP TABLE cards; CREATE TABLE cards (nid);", "DELETE FROM col;", "DELETE FROM cards;", "DELETE FROM notes;",
    "INSERT INTO col SELECT * FROM col;", "INSERT INTO notes SELECT * FROM notes;", "CREATE TABLE notetypes (x);",
    "CREATE TABLE notetypes (id, name, config); CREATE TABLE fields (ntid, ord, name);"
    "CREATE TABLE templates (ntid, ord, name, config); INSERT INTO notetypes VALUES (1, 1, 1);",
    "CREATE TABLE notetypes (id, name, config); CREATE TABLE fields (ntid, ord, name);"
    "CREATE TABLE templates (ntid, ord, name, config); CREATE TABLE decks (id, name, kind);"
    "INSERT INTO notetypes VALUES ('x', NULL, x'ffff'); INSERT INTO decks VALUES (1, NULL, 'x');",
    "PRAGMA writable_schema = ON; UPDATE sqlite_master SET sql = 'CREATE TABLE notes (id, guid, mid, mod, tags, flds AS (hex(randomblob(9))))' WHERE name = 'notes';",
    "PRAGMA writable_schema = ON; UPDATE sqlite_master SET rootpage = 9999;",
    "PRAGMA writable_schema = ON; UPDATE sqlite_master SET rootpage = 1;",
    "PRAGMA application_id = 7; PRAGMA user_version = -1;",
    "PRAGMA encoding = 'UTF-16'; VACUUM;",
    "DROP TABLE notes; CREATE TABLE notes (id INTEGER PRIMARY KEY, guid, mid, mod, tags, flds) WITHOUT ROWID;",
    "DROP TABLE notes; CREATE VIRTUAL TABLE notes USING fts5(id, guid, mid, mod, tags, flds);",
)  # fmt: skip


@pytest.mark.parametrize("script", SCHEMAS)
def test_hostile_schemas(tmp_path: Path, script: str) -> None:
    """Whatever tables, views and triggers the database has."""
    try:
        data = edited(lambda c: c.executescript(script))
    except sqlite3.DatabaseError as error:
        pytest.fail(f"this SQLite makes no such database: {error}")
    take(package(tmp_path / "x.apkg", {"collection.anki2": data}), tmp_path / "cards")
    only(tmp_path, "cards")
