"""The ledger: what it refuses, how it merges, and how it keeps the order of new cards."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import pairwise

import pytest

from anki_collection import RealAnki
from conftest import Sources
from deckpress import load
from deckpress.anki.order import GAP, arrange
from deckpress.decks.deck import stand_alone
from deckpress.decks.release import select
from deckpress.text.problem import SourceError
from test_package import run

Write = Callable[[dict[str, str]], Sources]
BASIC = {"one/a.md": "# A? {#a}\n\nx\n", "one/b.md": "# B? {#b}\n\ny\n"}


def problems(sources: Sources, *, locked: bool = False) -> list[str]:
    """Return the mistakes of a deck as lines."""
    with pytest.raises(SourceError) as caught:
        load(sources.root, locked=locked)
    return [str(problem) for problem in caught.value.problems]


def test_another_note_type_under_an_old_id(write_all: Write) -> None:
    """A card that turns from basic to cloze needs a new id."""
    sources = write_all(BASIC)
    sources.build()
    sources.write("one/a.md", "# A {#a}\n\n{{c1::x}}\n")
    (line,) = problems(sources)
    assert line.startswith("cards/one/a.md:1:1: 'a' turned from basic into cloze")


def test_a_retired_id_is_never_used_again(write_all: Write) -> None:
    """What comes back under a retired id would be another card with its history."""
    sources = write_all(BASIC)
    sources.build()
    (sources.root / "one/b.md").unlink()
    sources.build()
    sources.write("one/b.md", BASIC["one/b.md"])
    (line,) = problems(sources)
    assert "the id 'b' was retired" in line


def test_locked_fails_when_the_ledger_is_behind(write_all: Write) -> None:
    """A release without its ledger would stamp notes that nobody remembers."""
    sources = write_all(BASIC)
    (line,) = problems(sources, locked=True)
    assert "the ledger is behind: 2 added" in line
    sources.build()
    load(sources.root, locked=True)
    sources.write("one/b.md", "# B? {#b}\n\nother\n")
    (line,) = problems(sources, locked=True)
    assert "1 changed" in line


def test_a_renamed_deck_is_a_mistake(write_all: Write) -> None:
    """Anki would keep the old deck and make a second one."""
    sources = write_all(BASIC)
    sources.build()
    text = (sources.root / "deck.yaml").read_text(encoding="utf-8")
    sources.write("deck.yaml", text.replace("name: One", "name: First"))
    (line,) = problems(sources)
    assert "the deck 'Small Deck::01 One' is now called 'Small Deck::01 First'" in line


def test_a_changed_schema_is_a_mistake(write_all: Write) -> None:
    """Fields and templates of a released note type are frozen."""
    sources = write_all(BASIC)
    sources.build()
    path = sources.root / "deck.lock"
    path.write_text(path.read_text(encoding="utf-8").replace('"hint", ', ""), encoding="utf-8")
    assert any(
        "fields or templates of the released note type" in line for line in problems(sources)
    )


@pytest.mark.parametrize(
    "damage",
    ["<<<<<<< HEAD", "{}", '{"id": "a"}', "[1]", '{"id": "a", "other": 1}', '{"deckpress": 99}'],
)
def test_a_damaged_ledger_is_never_guessed(write_all: Write, damage: str) -> None:
    """What cannot be read is a mistake at its line; the file stays as it is."""
    sources = write_all(BASIC)
    sources.build()
    path = sources.root / "deck.lock"
    text = path.read_text(encoding="utf-8") + damage + "\n"
    path.write_text(text, encoding="utf-8")
    assert problems(sources)[0].startswith("cards/deck.lock:")
    assert path.read_text(encoding="utf-8") == text


HEAD = '{"deckpress": 1, "namespace": "small"}'
TYPE = '{"note_type": "t", "hash": "h", "mod": 1, "fields": ["f"], "templates": ["c"]}'
NOTE = (
    '{"id": "a", "kind": "basic", "note_type": "t", "hash": "h", "mod": 1, "created": 1, '
    '"order": 1, "question": "A?"}'
)

OTHER = NOTE.replace('"a"', '"b"')


@pytest.mark.parametrize(
    ("lines", "fault"),
    [
        ("", "1:1: the ledger is empty"),
        ("\n\n", "1:1: the ledger is empty"),
        (NOTE, "1:1: the head of the ledger is missing"),
        (f"{TYPE}\n{HEAD}", "2:1: a head that is not the first line"),
        (f"{HEAD}\n{HEAD}", "2:1: a head that is not the first line"),
        ('{"deckpress": 1}', "1:1: the key 'namespace' is missing"),
        ('{"deckpress": 1, "namespace": null}', "1:1: a word is expected for 'namespace'"),
        ('{"deckpress": 1, "namespace": ""}', "1:1: '' is not a slug"),
        ('{"deckpress": 1, "namespace": 5}', "1:1: a word is expected for 'namespace'"),
        ('{"deckpress": true, "namespace": "s"}', "1:1: deckpress: "),
        (HEAD.replace("}", ', "decks": {"one": 1}}'), "1:1: a word is expected for 'one'"),
        ('{"deckpress": 1, "namespace": "s\\ud800"}', "1:1: namespace: "),
        (f"{HEAD}\n7", "2:1: not a line of a ledger"),
        (f"{HEAD}\n{'[' * 99_999}", "2:1: not a line of a ledger"),
        (f"{HEAD}\n" + '{"id": ' + "[" * 600 + "]" * 600 + "}", "2:1: "),
        (f"{HEAD}\n{TYPE}\n{TYPE}", "3:1: the note type 't' twice"),
        (f"{HEAD}\n{NOTE}", "2:1: no line of note type 't'"),
        (f"{HEAD}\n{NOTE}\n{OTHER}\n{TYPE}", "3:1: 'b' was created in"),
    ],
)
def test_every_line_of_a_ledger_is_checked(write_all: Write, lines: str, fault: str) -> None:
    """What was damaged is a mistake at its line, whatever it is."""
    sources = write_all(BASIC)
    sources.write("deck.lock", lines)
    assert any(line.startswith(f"cards/deck.lock:{fault}") for line in problems(sources))


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ('"mod": 1,', '"mod": 1.5,'),
        ('"mod": 1,', '"mod": true,'),
        ('"mod": 1,', '"mod": "1",'),
        ('"mod": 1,', '"mod": 0,'),
        ('"mod": 1,', f'"mod": {2**40},'),
        ('"mod": 1,', '"mod": NaN,'),
        ('"created": 1,', '"created": 0,'),
        ('"created": 1,', f'"created": {2**53},'),
        ('"created": 1,', f'"created": {"9" * 5000},'),
        ('"order": 1,', '"order": -1,'),
        ('"order": 1,', f'"order": {2**31},'),
        ('"order": 1,', '"order": 1, "ords": [-1],'),
        ('"order": 1,', '"order": 1, "ords": [9999],'),
        ('"order": 1,', '"order": 1, "ords": 0,'),
        ('"order": 1,', '"order": 1, "ords": null,'),
        ('"order": 1,', f'"order": 1, "retired": {2**40},'),
        ('"hash": "h"', '"hash": ""'),
        ('"question": "A?"', '"question": null'),
        ('"question": "A?"', '"question": "A\\u001f?"'),
        ('"question": "A?"', '"question": "A\\ue010?"'),
    ],
)
def test_every_value_of_a_note_is_checked(write_all: Write, was: str, now: str) -> None:
    """A wrong type or an absurd number never reaches Anki."""
    sources = write_all(BASIC)
    sources.write("deck.lock", f"{HEAD}\n{TYPE}\n{NOTE.replace(was, now)}\n")
    assert problems(sources)[0].startswith("cards/deck.lock:3:1: ")


@pytest.mark.parametrize(
    "epoch", ["x", "-1", "0", "1.5", "1e9", "999999999", "9" * 30, "9999999999"]
)
def test_a_time_that_is_none(sources: Sources, epoch: str) -> None:
    """A release has an honest time, or the call is wrong."""
    for name, text in BASIC.items():
        sources.write(name, text)
    done = run(sources.folder, "build", SOURCE_DATE_EPOCH=epoch)
    assert (done.returncode, done.stderr[:18]) == (2, "SOURCE_DATE_EPOCH ")


def test_one_line_a_note_sorted_by_id(write_all: Write) -> None:
    """Two branches that add cards touch different lines."""
    sources = write_all({**BASIC, "one/0.md": "# Z? {#z}\n\nx\n"})
    sources.build()
    rows = [
        json.loads(line)
        for line in (sources.root / "deck.lock").read_text(encoding="utf-8").splitlines()
    ]
    assert [row["id"] for row in rows if "id" in row] == ["a", "b", "z"]
    assert rows[0]["namespace"] == "small"


def test_the_namespace_outlives_the_slug(write_all: Write) -> None:
    """A deck that is renamed keeps its GUIDs."""
    sources = write_all(BASIC)
    sources.build()
    text = (sources.root / "deck.yaml").read_text(encoding="utf-8")
    sources.write("deck.yaml", text.replace("slug: small", "slug: grand"))
    assert sources.build().name == "grand.apkg"
    assert load(sources.root).before.namespace == "small"


@pytest.mark.parametrize(
    ("ids", "known"),
    [
        ("abc", {}),
        ("abxc", {"a": 100, "b": 200, "c": 300}),
        ("cab", {"a": 100, "b": 200, "c": 300}),
        ("xab", {"a": 1, "b": 2}),
        ("a" + "uvwxyz" + "b", {"a": 100, "b": 103}),
        ("dcba", {"a": 100, "b": 200, "c": 300, "d": 400}),
        ("ab", {"a": 100, "b": 100}),
    ],
)
def test_positions_follow_the_deck_s_order(ids: str, known: dict[str, int]) -> None:
    """Whatever was known, the result increases, from 1."""
    places = arrange(ids, known)
    values = [places[name] for name in ids]
    assert all(a < b for a, b in pairwise(values))
    assert values[0] >= 1


def test_an_insertion_moves_nobody() -> None:
    """A card between two others takes a place between theirs."""
    assert arrange("abxc", {"a": 100, "b": 200, "c": 300}) == {
        "a": 100,
        "b": 200,
        "x": 250,
        "c": 300,
    }
    assert arrange("abc", {"a": 100, "b": 200})["c"] == 200 + GAP


def test_a_guid_of_its_own(sources: Sources, at: Callable[[int], None], anki: RealAnki) -> None:
    """A note that people had before keeps the GUID that its line holds, through every change."""
    at(1_760_000_000)
    sources.write("one/a.md", "# A? {#a}\n\nold\n")
    sources.build()
    lock = sources.root / "deck.lock"
    lines = [json.loads(line) for line in lock.read_text().splitlines()]
    lines[-1]["guid"] = "Ab1~from-elsewhere"
    lock.write_text("".join(json.dumps(line) + "\n" for line in lines))
    anki.load(sources.build())
    sources.write("one/a.md", "# A? {#a}\n\nnew\n")
    at(1_770_000_000)
    assert anki.load(sources.build()).updated == 1
    assert anki.note("a").guid == "Ab1~from-elsewhere"
    assert '"guid": "Ab1~from-elsewhere"' in lock.read_text()
    other = load(sources.root)
    assert stand_alone(select(other)).ledger.notes["a"].guid == ""
    lock.write_text(lock.read_text() + json.dumps({**lines[-1], "id": "b", "created": 5}) + "\n")
    (problem,) = problems(sources)
    assert problem.startswith("cards/deck.lock:4:1: 'b' has the GUID of 'a'")
