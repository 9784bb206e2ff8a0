"""The formats csv and tsv: what the real Anki's text import makes of them, beside the package."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from anki.decks import DeckId

from anki_collection import Imported, RealAnki
from conftest import Sources
from deckpress import EXPORTERS, Selection, load, select
from real_deck import RealDeck

REPOSITORY = Path(__file__).parents[1]
DECK = {
    "one/a.md": '---\ntags: [two, "topic::one"]\ncompanies: [x]\n---\n'
    "# A, \"quoted\"? {#a}\n\nShort\n\n```python\nx = {'a': 1}\n```\n\n## Pitfalls\n\nA\ttab.\n",
    "one/r.md": "# R {#r .reversed difficulty=hard}\n\n#no comment, a word\n",
    "two/c.md": "# C {#c}\n\n{{c1::one}}, {{c3::three}}\n",
}


@pytest.fixture
def deck(sources: Sources) -> Sources:
    """Return a deck with a note of each note type, tags, commas, quotes, tabs and line breaks."""
    for name, text in DECK.items():
        sources.write(name, text)
    return sources


def held(anki: RealAnki) -> dict[str, object]:
    """Return what a collection holds of each note, by GUID, but times and the numbers of rows."""
    collection = anki.collection
    notes = [collection.get_note(found) for found in collection.find_notes("deck:*")]
    return {
        note.guid: (
            note.mid,
            list(note.fields),
            note.tags,
            [(card.ord, collection.decks.name(card.did)) for card in note.cards()],
        )
        for note in notes
    }


@pytest.mark.parametrize(("form", "real"), [("csv", False), ("tsv", False), ("tsv", True)])
def test_the_table_brings_what_the_package_brings(
    deck: Sources, tmp_path: Path, real_deck: RealDeck, form: str, real: bool
) -> None:
    """Two collections, one filled by each, hold the same; so it is with the deck of the program."""
    release = real_deck.release if real else load(deck.root)
    chosen = select(release)
    package, table = tmp_path / "deck.apkg", tmp_path / f"deck.{form}"
    package.write_bytes(EXPORTERS["apkg"](chosen))
    table.write_bytes(EXPORTERS[form](chosen))
    by_package, by_table = RealAnki(tmp_path / "package"), RealAnki(tmp_path / "table")
    by_package.load(package)
    # A text brings no note types: those come with a package, whose notes are taken out again.
    by_table.load(package)
    by_table.collection.remove_notes(by_table.collection.find_notes(""))
    decks = by_table.collection.decks
    decks.remove([DeckId(deck.id) for deck in decks.all_names_and_ids()])
    assert by_table.load_text(table) == Imported(len(chosen.notes), 0, 0, 0)
    expected = held(by_package)
    assert held(by_table) == expected
    assert len(expected) == len(chosen.notes)
    assert by_table.load_text(table) == Imported(0, 0, len(chosen.notes), 0)
    by_package.close()
    by_table.close()


def test_what_the_head_says(deck: Sources) -> None:
    """Columns are named, by both names where the note types differ; no cell is the learner's."""
    path = deck.build(formats=["csv"])
    assert path.name == "small.csv"
    lines = path.read_text(encoding="utf-8").split("\n")
    head = [line for line in lines if line.startswith("#")]
    assert head[:-1] == [
        "#separator:comma",
        "#html:true",
        "#guid column:1",
        "#notetype column:2",
        "#deck column:3",
        "#tags column:4",
    ]
    names = head[-1].removeprefix("#columns:").split(",")
    assert names[:7] == ["GUID", "Note type", "Deck", "Tags", "Question", "Text / Problem", "Details / Answer"]  # fmt: skip
    assert "My notes" not in head[-1]
    rows = list(csv.reader(path.read_text(encoding="utf-8").splitlines(keepends=True)[len(head) :]))
    assert {len(row) for row in rows} == {len(names)}
    assert [row[names.index("Question")] for row in rows] == ['A, "quoted"?', "R", "C"]
    assert rows[0][3].split() == ["category::one", "company::x", "topic::topic::one", "topic::two"]


def test_tags_come_and_own_notes_stay(deck: Sources, anki: RealAnki) -> None:
    """Imported over notes that exist, it replaces tags, which the update file leaves alone."""
    anki.load(deck.build())
    note = anki.note("a")
    note["My notes"] = "mine"
    note.tags += ["own"]
    anki.collection.update_note(note)
    deck.write("one/a.md", DECK["one/a.md"].replace("Short", "Shorter").replace("two,", "three,"))
    anki.load_text(deck.build(formats=["csv"]))
    note = anki.note("a")
    assert (note["Answer"], note["My notes"]) == ("<p>Shorter</p>", "mine")
    assert "topic::three" in note.tags
    assert "own" not in note.tags


def test_a_selection_and_what_was_taken_out(deck: Sources) -> None:
    """It holds the notes that were asked for, and no notice of those that are gone."""
    deck.build()
    (deck.root / "two/c.md").unlink()
    deck.write("two/d.md", "# D? {#d}\n\nd\n")
    whole = EXPORTERS["tsv"](select(load(deck.root))).decode()
    assert whole.count("Small Deck::02 Two") == 1
    assert "Retired" in whole.split("\n")[6]
    assert "was taken out" not in whole
    part = EXPORTERS["tsv"](select(load(deck.root), Selection(companies=("x",)))).decode()
    assert part.count("Small Deck::0") == 1


def test_a_collection_that_lacks_the_note_types_takes_nothing(
    deck: Sources, anki: RealAnki
) -> None:
    """So the manual says to import the package first."""
    log = anki.load_text(deck.build(formats=["csv"]))
    assert log.new == 0
    assert anki.collection.note_count() == 0
