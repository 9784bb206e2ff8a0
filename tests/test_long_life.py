"""Learners through twelve releases: nothing of theirs is lost, and what the author changed arrives.

A few of them here, with the engine of the tests; `make long-life` plays a thousand over five.
"""

from __future__ import annotations

import csv
import json
import sqlite3
import sys
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

import deckpress.pipeline.push as pushing
from deckpress.anki.push_plan import FoundNote, PushPlan
from deckpress.decks.deck import Deck
from life.engine_process import EngineProcess
from life.learner import DAY, HABITS, WAYS, Learner, Taking
from life.play import play
from life.promise import Outcome
from life.release import FIRST, MONTH, RELEASES, History, ReleaseFiles, make_releases


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> History:
    """Return the twelve releases."""
    return make_releases(tmp_path_factory.mktemp("releases"))


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[EngineProcess]:
    """Start the engine of the tests."""
    with EngineProcess(Path(sys.executable), tmp_path) as running:
        yield running


def test_the_releases_do_what_they_are_to_do(history: History) -> None:
    """Notes come, change, move, go and come back; looks and figures change; ids never do."""
    releases = history.releases
    assert len(releases) == RELEASES
    notes = [release.whole.notes for release in releases]
    texts = {len(texts) for texts in history.texts.values()}
    assert max(texts) >= 4
    assert {n.id for n in notes[3].values() if n.retired} == {"b7", "b8", "b9", "big", "c4", "r4"}
    assert not notes[8]["b7"].retired
    assert "b8" not in notes[11]
    assert notes[0]["c1"].ords == notes[8]["c1"].ords == (0, 1)
    assert notes[4]["c1"].ords == notes[4]["r1"].ords == (0,)
    assert notes[7]["r2"].deck == "Long Life::01b Mid"
    assert len({found.css for release in releases for found in release.types.values()}) > 3
    assert [len(release.media) for release in releases[5:7]] == [1, 2]
    assert all(len(release.company.notes) < len(release.whole.notes) for release in releases)
    assert len(history.ids) == len(set(history.ids.values()))


@pytest.mark.parametrize("way", WAYS)
def test_nothing_is_lost_and_everything_arrives(
    way: str, history: History, engine: EngineProcess, tmp_path: Path
) -> None:
    """One who does nearly everything, and one with a field and a style of their own."""
    outcome = Outcome()
    other = Learner(2, way)
    other.habits |= {"adds a field", "replaces the style", "writes notes"}
    for learner in (busy(0, way), other):
        outcome.add(play(engine, learner, history, tmp_path / "collection"))
    assert outcome.lost + outcome.faults == []
    assert outcome.taken > 5
    assert outcome.arrived + outcome.waiting == outcome.due > 50
    assert {"schedules", "reviews", "My notes", "own tags", "figures"} <= set(outcome.kept)
    if way == "push":
        assert not outcome.told
        assert outcome.named == outcome.both > 0


def database(change: Callable[[sqlite3.Connection], None]) -> Callable[[ReleaseFiles], None]:
    """Return what changes the database of a package."""

    def spoil(release: ReleaseFiles) -> None:
        package = release.whole.package
        with zipfile.ZipFile(package) as archive:
            files = {name: archive.read(name) for name in archive.namelist()}
        path = package.with_suffix(".anki2")
        path.write_bytes(files["collection.anki2"])
        connection = sqlite3.connect(path)
        change(connection)
        connection.commit()
        connection.close()
        files["collection.anki2"] = path.read_bytes()
        with zipfile.ZipFile(package, "w") as archive:
            for name, data in files.items():
                archive.writestr(name, data)

    return spoil


def set_guids(connection: sqlite3.Connection) -> None:
    connection.execute("update notes set guid = guid || 'x'")


def set_times(connection: sqlite3.Connection) -> None:
    connection.execute("update notes set mod = 1760000000")


def set_note_types(connection: sqlite3.Connection) -> None:
    models = json.loads(connection.execute("select models from col").fetchone()[0])
    moved = {
        str(int(number) + 1): {**model, "id": int(number) + 1} for number, model in models.items()
    }
    connection.execute("update col set models = ?", [json.dumps(moved)])
    connection.execute("update notes set mid = mid + 1")


def set_decks(connection: sqlite3.Connection) -> None:
    decks = connection.execute("select decks from col").fetchone()[0]
    connection.execute("update col set decks = ?", [decks.replace("Life::01 One", "Life::01 Eins")])


def drop_a_note(connection: sqlite3.Connection) -> None:
    connection.execute(
        "delete from cards where nid in (select id from notes where flds like '%n2%')"
    )
    connection.execute("delete from notes where flds like '%n2%'")


def add_my_notes(release: ReleaseFiles) -> None:
    """Let the update file hold one column more: the learner's."""
    lines = release.whole.texts.read_text(encoding="utf-8").split("\n")
    head = [line for line in lines if line.startswith("#")]
    rows = list(csv.reader(lines[len(head) :]))
    head = [f"{line},My notes" if line.startswith("#columns:") else line for line in head]
    with release.whole.texts.open("w", encoding="utf-8", newline="") as file:
        file.write("\n".join(head) + "\n")
        csv.writer(file, quoting=csv.QUOTE_ALL).writerows([*row, ""] for row in rows if row)


@pytest.mark.parametrize(
    ("way", "spoil", "said"),
    [
        ("package", database(set_guids), "a stranger came"),
        ("package", database(set_times), "the text of"),
        ("package", database(set_note_types), "a note type came that nobody promised"),
        ("package", database(set_decks), "a deck came that nobody promised"),
        ("package + .csv", database(drop_a_note), "has the tags"),
        ("package + .csv", database(set_guids), "a stranger came"),
        ("package + .csv", add_my_notes, "My notes: "),
    ],
    ids=["guids", "times", "note types", "decks", "a note", "guids, csv", "my notes"],
)  # fmt: skip
def test_a_planted_loss_is_seen(
    way: str,
    spoil: Callable[[ReleaseFiles], None],
    said: str,
    engine: EngineProcess,
    tmp_path: Path,
) -> None:
    """What a faulty program would do to learners, done to the second release."""
    releases = make_releases(
        tmp_path / "releases", last=2, after=lambda made: spoil(made) if made.number == 2 else None
    )
    outcome = play(engine, two_releases(way), releases, tmp_path / "collection")
    assert any(said in fault for fault in outcome.lost + outcome.faults)


def test_a_push_that_overwrites_is_seen(
    history: History, engine: EngineProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same with the program's own way into Anki: what the learner edited is lost, and unnamed."""

    def overwrite(deck: Deck, found: Mapping[str, FoundNote], asked: object) -> PushPlan:
        return make_plan(deck, found, lambda name: True)

    make_plan = pushing._plan
    monkeypatch.setattr(pushing, "_plan", overwrite)
    outcome = play(engine, busy(0, "push"), history, tmp_path / "collection")
    assert any("the text of" in fault for fault in outcome.lost)
    assert any("is not named" in fault for fault in outcome.faults)


def two_releases(way: str) -> Learner:
    """Return somebody with many habits who takes the first two releases, and nothing else."""
    learner = busy(1, way)
    learner.zeal = 1
    learner.plan = [Taking(1, FIRST + DAY), Taking(2, FIRST + MONTH + DAY)]
    return learner


def busy(seed: int, way: str) -> Learner:
    """Return a learner who does nearly everything that one can do."""
    learner = Learner(seed, way)
    learner.habits = {*HABITS} - {"adds a field", "replaces the style"}
    return learner
