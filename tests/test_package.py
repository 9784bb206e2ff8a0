"""The same sources make the same bytes, and only what changed is newer."""

from __future__ import annotations

import sqlite3
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from conftest import Sources
from program import run

At = Callable[[int], None]


def rows(package: Path, query: str) -> list[tuple[object, ...]]:
    """Ask the database of a package."""
    with zipfile.ZipFile(package) as archive, closing(sqlite3.connect(":memory:")) as connection:
        connection.deserialize(archive.read("collection.anki2"))
        return connection.execute(query).fetchall()


def fill(sources: Sources) -> None:
    """Write a deck with a figure, code, a formula and a cloze note."""
    sources.write("one/pic.svg", '<svg xmlns="http://www.w3.org/2000/svg"/>')
    sources.write("one/other.svg", '<svg xmlns="http://www.w3.org/2000/svg" id="o"/>')
    sources.write(
        "one/a.md", "# A? {#a}\n\n$x$ ![p](pic.svg) ![o](other.svg)\n\n```python\nx = {1, 2}\n```\n"
    )
    sources.write("two/b.md", "# B {#b}\n\n{{c1::x}} {{c3::y}}\n")


def test_same_sources_same_bytes(sources: Sources, at: At) -> None:
    """Another day, time zone, hash seed, locale and folder change nothing."""
    fill(sources)
    at(1_760_000_000)
    first = sources.build().read_bytes()
    elsewhere = sources.folder / "elsewhere"
    (elsewhere / "deep").mkdir(parents=True)
    for path in sorted(sources.root.rglob("*")):
        target = elsewhere / "deep" / path
        if path.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    for seed, zone in (("1", "Asia/Tokyo"), ("2", "America/New_York")):
        environment = {
            "PYTHONHASHSEED": seed,
            "TZ": zone,
            "LC_ALL": "C",
            "SOURCE_DATE_EPOCH": "1770000000",
        }
        done = run(elsewhere / "deep", "build", "--locked", **environment)
        assert done.returncode == 0, done.stderr
        assert (elsewhere / "deep/build/small.apkg").read_bytes() == first


def test_only_what_changed_is_newer(sources: Sources, at: At) -> None:
    """A release's time is written into the notes that changed since the last."""
    fill(sources)
    at(1_760_000_000)
    sources.build()
    sources.write("two/b.md", "# B {#b}\n\n{{c1::x}} {{c3::z}}\n")
    at(1_770_000_000)
    package = sources.build()
    assert rows(package, "SELECT mod FROM notes ORDER BY id") == [
        (1_760_000_000,),
        (1_770_000_000,),
    ]


def test_a_clock_that_went_back_still_moves_on(sources: Sources, at: At) -> None:
    """A change is newer than the last release even if the clock is not."""
    fill(sources)
    at(1_760_000_000)
    sources.build()
    sources.write("two/b.md", "# B {#b}\n\n{{c1::x}} {{c3::z}}\n")
    at(1_750_000_000)
    assert rows(sources.build(), "SELECT max(mod) FROM notes") == [(1_760_000_001,)]


def test_ids_and_cards(sources: Sources, at: At) -> None:
    """A note's id is the time it was made; cards are what our own parser sees."""
    fill(sources)
    at(1_760_000_000)
    package = sources.build()
    ids = [number for (number,) in rows(package, "SELECT id FROM notes ORDER BY id")]
    assert ids == [1_759_999_999_999, 1_760_000_000_000]
    assert rows(package, "SELECT ord FROM cards ORDER BY id") == [(0,), (0,), (2,)]
    cards = rows(package, "SELECT id FROM cards")
    assert len(set(cards)) == len(cards)


def test_the_zip_is_deflated_and_dated(sources: Sources) -> None:
    """Entries are compressed, in order, of one date, without the SQLite that wrote them."""
    fill(sources)
    with zipfile.ZipFile(sources.build()) as archive:
        entries = archive.infolist()
        assert [entry.filename for entry in entries] == ["collection.anki2", "media", "0", "1"]
        assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}
        assert {entry.compress_type for entry in entries} == {zipfile.ZIP_DEFLATED}
        assert archive.read("collection.anki2")[96:100] == b"\0\0\0\0"


def test_many_notes_made_at_once_have_ids_of_their_own(sources: Sources, at: At) -> None:
    """Two thousand new notes in one second do not collide, nor do their cards."""
    notes = "\n".join(f"# Q{n} {{#q{n} .reversed}}\n\nanswer {n}\n" for n in range(2000))
    sources.write("one/many.md", notes)
    at(1_760_000_000)
    package = sources.build()
    assert rows(package, "SELECT count(DISTINCT id) FROM notes") == [(2000,)]
    assert rows(package, "SELECT count(DISTINCT id) FROM cards") == [(4000,)]
