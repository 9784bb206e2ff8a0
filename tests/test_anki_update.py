"""Study, then import the next build: text is new, and nobody loses progress, tags or notes."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from anki_collection import Imported, RealAnki
from conftest import Sources
from deckpress import Selection
from deckpress.reading import folder as collection
from deckpress.reading.template_files import templates_folder

# Releases of a year ago and later, so that they lie before and after what a learner does now.
EARLY = 1_760_000_000
LATER = int(time.time()) + 3600

THREE = {
    "one/a.md": "---\ncompanies: [x]\n---\n# A? {#a}\n\nanswer a\n",
    "one/b.md": "# B? {#b}\n\nanswer b\n",
    "two/c.md": "# C {#c}\n\nholes {{c1::one}}\n",
}

Write = Callable[[dict[str, str]], Sources]
At = Callable[[int], None]


def test_a_changed_note_is_updated_and_keeps_progress(
    write_all: Write, at: At, anki: RealAnki
) -> None:
    """Question, answer and tags are new; scheduling, flag and deck are as they were."""
    sources = write_all(THREE)
    at(EARLY)
    anki.load(sources.build())
    anki.study("a")
    card = anki.note("a").cards()[0]
    anki.collection.set_user_flag_for_cards(2, [card.id])
    before = anki.progress("a")
    sources.write("one/a.md", "---\ntags: [new]\n---\n# A, but better? {#a}\n\nanother answer\n")
    at(EARLY + 1000)
    assert anki.load(sources.build()) == Imported(new=0, updated=1, duplicate=2, conflicting=0)
    assert anki.progress("a") == before
    assert anki.note("a")["Question"] == "A, but better?"
    assert anki.note("a")["Answer"] == "<p>another answer</p>"
    assert anki.note("a").tags == ["category::one", "topic::new"]


def test_an_unchanged_rebuild_updates_nothing(write_all: Write, at: At, anki: RealAnki) -> None:
    """The learner's own tags, marks and texts outlive any number of builds."""
    sources = write_all(THREE)
    at(EARLY)
    anki.load(sources.build())
    note = anki.note("a")
    note.tags += ["mine", "marked"]
    note["My notes"] = "remember this"
    anki.collection.update_note(note)
    sources.write("one/b.md", "# B? {#b}\n\nanswer b, mended\n")
    at(LATER)
    assert anki.load(sources.build()) == Imported(0, updated=1, duplicate=2, conflicting=0)
    assert anki.load(sources.build()) == Imported(0, 0, duplicate=3, conflicting=0)
    assert {"mine", "marked"} <= set(anki.note("a").tags)
    assert anki.note("a")["My notes"] == "remember this"


def test_my_notes_are_replaced_when_the_card_changes(
    write_all: Write, at: At, anki: RealAnki
) -> None:
    """Anki replaces all fields of a note it updates, the learner's too: the README says so."""
    sources = write_all(THREE)
    at(EARLY)
    anki.load(sources.build())
    note = anki.note("a")
    note["My notes"] = "remember this"
    anki.collection.update_note(note)
    sources.write("one/a.md", "# A? {#a}\n\nchanged\n")
    at(LATER)
    assert anki.load(sources.build()).updated == 1
    assert anki.note("a")["My notes"] == ""


def test_moving_a_note_keeps_progress(write_all: Write, at: At, anki: RealAnki) -> None:
    """A renamed file, another file, another category: the id alone is the note."""
    sources = write_all(THREE)
    at(EARLY)
    anki.load(sources.build())
    before = [anki.study("a"), anki.study("b")]
    (sources.root / "one/a.md").rename(sources.root / "one/renamed.md")
    (sources.root / "one/b.md").unlink()
    sources.write("two/c.md", THREE["two/c.md"] + "\n# B? {#b}\n\nanswer b\n")
    at(EARLY + 1000)
    result = anki.load(sources.build())
    assert (result.new, result.conflicting) == (0, 0)
    assert [anki.progress("a"), anki.progress("b")] == before
    assert anki.note("b").tags == ["category::two"]


def test_a_retired_note_says_so(write_all: Write, at: At, anki: RealAnki) -> None:
    """What is gone from the sources is found by its tag; who never had it gets no card of it."""
    sources = write_all({**THREE, "one/r.md": "# R {#r .reversed}\n\nmeaning\n"})
    sources.write("two/c.md", "# C {#c}\n\nholes {{c1::one}} {{c3::two}}\n")
    at(EARLY)
    anki.load(sources.build())
    before = anki.study("b")
    for name in ("one/b.md", "one/r.md", "two/c.md"):
        (sources.root / name).unlink()
    sources.write("one/n.md", "# N? {#n replaces=b}\n\nnew answer\n")
    at(EARLY + 1000)
    package = sources.build()
    assert anki.load(package) == Imported(new=1, updated=3, duplicate=1, conflicting=0)
    assert anki.progress("b") == before
    found = anki.collection.find_notes("tag:status::retired")
    assert {anki.collection.get_note(n)["Id"] for n in found} == {"b", "c", "r"}
    for name in ("b", "c", "r"):
        for card in anki.note(name).cards():
            question = anki.show(card).question
            assert "Retired: this card was taken out" in question
            assert "No cloze" not in question
            assert "is blank" not in question
    assert "replaced by “N?”" in anki.show(anki.note("b").cards()[0]).question
    fresh = RealAnki(sources.folder / "fresh")
    fresh.load(package)
    assert fresh.collection.card_count() == 2
    fresh.close()
    assert anki.load(sources.build()) == Imported(0, 0, duplicate=5, conflicting=0)


def test_full_then_company_and_company_then_full(write_all: Write, at: At, anki: RealAnki) -> None:
    """A company's package after the full deck does nothing; before it, nothing is torn or twice."""
    sources = write_all(THREE)
    at(EARLY)
    full = sources.build()
    part = sources.build(selection=Selection(companies=("x",)))
    anki.load(full)
    before = (anki.decks(), anki.study("a"))
    assert anki.load(part) == Imported(0, 0, duplicate=1, conflicting=0)
    assert (anki.decks(), anki.progress("a")) == before
    other = RealAnki(sources.folder / "other")
    assert other.load(part).new == 1
    progress = other.study("a")
    assert other.load(full) == Imported(new=2, updated=0, duplicate=1, conflicting=0)
    assert other.decks() == anki.decks()
    assert other.progress("a") == progress
    assert {other.note(n).guid for n in "abc"} == {anki.note(n).guid for n in "abc"}
    assert [other.note(n).cards()[0].due for n in "bc"] == [
        anki.note(n).cards()[0].due for n in "bc"
    ]
    other.close()


def test_another_look_touches_no_note(
    write_all: Write, at: At, anki: RealAnki, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A change of style arrives with the note type; notes keep their time."""
    sources = write_all(THREE)
    at(EARLY)
    anki.load(sources.build())
    mods = {name: anki.note(name).mod for name in "abc"}
    folder = tmp_path / "look"
    shutil.copytree(templates_folder(), folder)
    with (folder / "card.css").open("a", encoding="utf-8") as css:
        css.write("\n.note { color: teal; }\n")
    monkeypatch.setattr(collection, "templates_folder", lambda: folder)
    at(EARLY + 1000)
    assert anki.load(sources.build()) == Imported(0, 0, duplicate=3, conflicting=0)
    assert "color: teal" in anki.show(anki.note("a").cards()[0]).css
    assert {name: anki.note(name).mod for name in "abc"} == mods


def test_kinds_of_one_note_type_change_freely(write_all: Write, at: At, anki: RealAnki) -> None:
    """From basic to reversed a second card comes; the first keeps its history."""
    sources = write_all(THREE)
    at(EARLY)
    anki.load(sources.build())
    before = anki.study("b")
    sources.write("one/b.md", "# B {#b .reversed}\n\nanswer b\n")
    at(EARLY + 1000)
    assert anki.load(sources.build()).updated == 1
    assert anki.progress("b") == before
    assert [card.ord for card in anki.note("b").cards()] == [0, 1]


def test_a_hole_added_later_is_a_new_card(write_all: Write, at: At, anki: RealAnki) -> None:
    """The cards of a cloze note follow its holes."""
    sources = write_all(THREE)
    at(EARLY)
    anki.load(sources.build())
    before = anki.study("c")
    sources.write("two/c.md", "# C {#c}\n\nholes {{c1::one}} {{c2::two}}\n")
    at(EARLY + 1000)
    anki.load(sources.build())
    assert anki.progress("c") == before
    assert [card.ord for card in anki.note("c").cards()] == [0, 1]
