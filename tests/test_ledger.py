"""The ledger: what it refuses, how it merges, and how it keeps the order of new cards."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import pairwise

import pytest

from conftest import Sources
from deckpress import prepare
from deckpress.ledger import GAP, arrange
from deckpress.problem import SourceError

Write = Callable[[dict[str, str]], Sources]
BASIC = {"one/a.md": "# A? {#a}\n\nx\n", "one/b.md": "# B? {#b}\n\ny\n"}


def problems(sources: Sources, *, locked: bool = False) -> list[str]:
    """Return the mistakes of a deck as lines."""
    with pytest.raises(SourceError) as caught:
        prepare(sources.root, locked=locked)
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
    prepare(sources.root, locked=True)
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
    assert "the deck 'Small Deck::One' is now called 'Small Deck::First'" in line


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
    assert prepare(sources.root).before.namespace == "small"


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
