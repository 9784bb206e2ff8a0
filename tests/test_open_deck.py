"""A deck kept open: whatever changes, it holds what a deck opened afresh would."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from conftest import DECK_YAML, Sources
from deckpress import load
from deckpress.exporters.html.note import SHEET_NOTE
from deckpress.pipeline.open_deck import OpenDeck

BLUE = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="{}"/></svg>'
FILES = {
    "one/a.md": "# What is $a$? {#a}\n\nIt is ![blue](blue.svg).\n\n# B? {#b}\n\nThe {{c1::second}}.\n",
    "one/blue.svg": BLUE.format(9),
    "two/c.md": "# C? {#c}\n\nA third.\n",
    "two/words.csv": "front,back\nel perro,the dog\nel gato,the cat\n",
    "two/keyed.words.csv": "key,front,back\ncasa,la casa,the house\n",
    "two/p.md": "# P {.pairs}\n\n| a | b |\n|---|---|\n| uno | one |\n",
}


@pytest.fixture
def deck(sources: Sources) -> Sources:
    """Return a deck of notes of each sort, released once."""
    for name, text in FILES.items():
        sources.write(name, text)
    sources.build()
    return sources


def opened(root: Path) -> OpenDeck:
    found = OpenDeck(root)
    found.open()
    return found


def shown(deck: OpenDeck) -> tuple[object, ...]:
    """Return all that can be seen of a deck."""
    return (
        [(file.source, file.problems, file.allowed) for file in deck.files.values()],
        [note for _, note in deck.notes],
        deck.problems(),
        {name: deck.medium(name) for _, n in deck.notes for name in n.note.images.values()},
    )


def test_it_holds_what_a_build_holds(deck: Sources) -> None:
    """Notes, and what Anki gets of them, are those of `load`."""
    release, found = load(deck.root), opened(deck.root)
    assert {o.note.id: o.anki for _, o in found.notes} == dict(release.notes)
    assert found.problems() == release.advice == ()
    again = found.release()
    assert again is not None
    assert again.collection.notes == release.collection.notes
    assert again.collection.media == release.collection.media
    assert again.reconciled == release.reconciled
    assert not again.behind


@pytest.mark.skipif(sys.platform == "win32", reason="it has no pipes with names")
@pytest.mark.parametrize("how", ["a pipe", "a link to nothing", "another folder", "other figures"])
def test_what_takes_the_place_of_another_is_seen(sources: Sources, how: str) -> None:
    """Of a folder that is moved, no more is told than its name: what was in it is read again."""
    sources.write("one/a.md", "# A? {#a}\n\n![x](../pictures/x.svg)\n")
    sources.write(
        "pictures/x.svg", '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'
    )
    found = opened(sources.root)
    assert not found.problems()
    path = sources.root / ("pictures" if how == "other figures" else "one")
    if how in ("a pipe", "a link to nothing"):
        path /= "a.md"
    path.rename(sources.folder / "before")
    if how == "a pipe":
        os.mkfifo(path)
    elif how == "a link to nothing":
        path.symlink_to("nowhere")
    elif how == "another folder":
        sources.write("one/a.md", "# B? {#a}\n\nOther.\n")
    found.update([path])
    assert shown(found) == shown(opened(sources.root))


def change_text(deck: Sources, random: Random) -> list[Path]:
    path = deck.root / random.choice(("one/a.md", "two/c.md", "two/p.md"))
    words = random.choice(
        ("One more line.\n", "$\\broken$\n", "<!-- allow: x -->\n", "![x](no.png)\n")
    )
    if path.exists():
        path.write_text(path.read_text(encoding="utf-8") + "\n" + words, encoding="utf-8")
    return [path]


def write_twin(deck: Sources, random: Random) -> list[Path]:
    return [deck.write("one/twin.md", random.choice((FILES["two/c.md"], "# D? {#d}\n\nNew.\n")))]


def remove(deck: Sources, random: Random) -> list[Path]:
    path = deck.root / random.choice(("one/twin.md", "two/c.md", "one/blue.svg"))
    path.unlink(missing_ok=True)
    return [path]


def put_back(deck: Sources, random: Random) -> list[Path]:
    name = random.choice(sorted(FILES))
    return [deck.write(name, FILES[name])]


def draw_anew(deck: Sources, random: Random) -> list[Path]:
    return [deck.write("one/blue.svg", BLUE.format(random.randint(1, 8)))]


def change_words(deck: Sources, random: Random) -> list[Path]:
    rows = random.sample(["el perro,the hound\n", "el gato,the cat\n", "el pan,bread\n"], 2)
    return [deck.write("two/words.csv", "front,back\n" + "".join(rows))]


def change_deck(deck: Sources, random: Random) -> list[Path]:
    more = random.choice(
        ("", "pairs: {directions: one}\n", "author: Ann\n", "allow: [lost-card]\n")
    )
    return [deck.write("deck.yaml", DECK_YAML + more)]


def move_folder(deck: Sources, random: Random) -> list[Path]:
    here, there = deck.root / "one", deck.root / "two/one"
    was, now = (here, there) if here.exists() else (there, here)
    if not now.exists():
        was.rename(now)
    return [was, now]


CHANGES: list[Callable[[Sources, Random], list[Path]]] = [
    change_text, write_twin, remove, put_back, draw_anew, change_words, change_deck, move_folder,
]  # fmt: skip


@pytest.mark.parametrize("seed", range(6))
def test_after_any_changes_it_is_as_if_opened_afresh(deck: Sources, seed: int) -> None:
    """Files that are edited, broken, mended, added, moved, deleted; twins, words, figures, deck.yaml."""
    random, found = Random(seed), opened(deck.root)
    for _ in range(12):
        changes = random.choices(CHANGES, k=random.randint(1, 2))
        paths = [path for change in changes for path in change(deck, random)]
        found.update(paths)
        names = [change.__name__ for change in changes]
        for is_, ought in zip(shown(found), shown(opened(deck.root)), strict=True):
            assert is_ == ought, names


def test_a_mistake_hides_no_other_note(deck: Sources) -> None:
    """Of a file with a mistake all notes are there, and the mistake is told with its own."""
    found = opened(deck.root)
    path = deck.write("one/a.md", FILES["one/a.md"] + "\n# E? {#e}\n\nNo $\\nonsense$.\n")
    assert found.update([path]).read == ("cards/one/a.md",)
    notes = {open_.note.id: open_ for _, open_ in found.notes}
    assert [name for name, each in notes.items() if each.has_mistakes] == ["e"]
    assert all(each.anki for each in notes.values())
    (problem,) = notes["e"].problems
    assert (str(problem.where), problem.rule) == ("cards/one/a.md:11:5", "unreadable-formula")
    release = found.release()
    assert release is not None
    assert "e" not in release.notes
    assert {"a", "b", "c"} < set(release.notes)


def test_a_figure_that_is_missing_leaves_its_note(deck: Sources) -> None:
    """The note can be looked at, with another figure in its place, until the file is there."""
    found = opened(deck.root)
    path = deck.root / "one/blue.svg"
    data = path.read_bytes()
    path.unlink()
    found.update([path])
    note = next(open_ for _, open_ in found.notes if open_.note.id == "a")
    assert note.anki is not None
    assert "_missing-figure.svg" in note.anki.fields[2]
    path.write_bytes(data)
    found.update([path])
    note = next(open_ for _, open_ in found.notes if open_.note.id == "a")
    assert not note.problems
    assert "_missing-figure.svg" not in str(note.anki)


def test_while_deck_yaml_is_broken_cards_stay(deck: Sources) -> None:
    """Its mistake is told; the cards are read as the last whole one wanted them."""
    found = opened(deck.root)
    before = [open_ for _, open_ in found.notes]
    found.update([deck.write("deck.yaml", "title: [\n")])
    assert [open_ for _, open_ in found.notes] == before
    assert {problem.where.path for problem in found.problems()} == {"cards/deck.yaml"}
    found.update([deck.write("two/c.md", "# C? {#c}\n\nAnother.\n")])
    assert any("Another" in str(open_.anki) for _, open_ in found.notes)
    found.update([deck.write("deck.yaml", DECK_YAML)])
    assert found.problems() == ()


def test_a_deck_that_never_could_be_read_says_why(sources: Sources) -> None:
    """Without deck.yaml there are no cards, and one mistake that says so."""
    sources.write("one/a.md", "# A?\n\nB.\n")
    (sources.root / "deck.yaml").unlink()
    found = opened(sources.root)
    assert list(found.notes) == []
    assert found.release() is None
    assert any(problem.where.path == "cards/deck.yaml" for problem in found.problems())
    found.update([sources.write("deck.yaml", DECK_YAML)])
    assert [open_.note.id for _, open_ in found.notes] == ["a"]


def test_text_that_is_not_saved(deck: Sources) -> None:
    """It is read in place of the file, which stays as it is."""
    found = opened(deck.root)
    file = found.read_text("cards/two/c.md", b"# C? {#c}\n\n$\\typing")
    assert file is not None
    assert [problem.rule for problem in file.problems] == ["stray-dollar"]
    assert (deck.root / "two/c.md").read_text(encoding="utf-8") == FILES["two/c.md"]
    found.update([deck.root / "two/c.md"])
    assert found.problems() == ()


def test_outputs_are_made_of_what_was_read_last(deck: Sources) -> None:
    """Also those that the deck was not opened for; what has mistakes is left out."""
    found = OpenDeck(deck.root)
    found.open((SHEET_NOTE,))
    found.update(
        [deck.write("two/c.md", "# C? {#c}\n\nA fourth.\n\n# F? {#f}\n\nNo $\\nonsense$.\n")]
    )
    release = found.release()
    assert release is not None
    made = release.collection.write(SHEET_NOTE, release.collection.notes)
    assert made == load_sheet(deck)
    assert made["c"].answer == "<p>A fourth.</p>"


def load_sheet(deck: Sources) -> object:
    """Return the notes of a deck that lacks the note with a mistake."""
    deck.write("two/c.md", "# C? {#c}\n\nA fourth.\n")
    collection = load(deck.root).collection
    return collection.write(SHEET_NOTE, collection.notes)


def test_a_template_at_fault_is_told_with_the_notes(deck: Sources) -> None:
    """Notes of its type cannot be written, those of the other can."""
    found = opened(deck.root)
    own = "templates/note_types/cloze/note_type.yaml"
    shipped = Path(__file__).parents[1] / own
    text = shipped.read_text(encoding="utf-8").replace("{{ answer }}", "{{ nothing.at }}")
    found.update([deck.write(own, text)])
    assert [o.note.id for _, o in found.notes if o.anki is None] == ["b"]
    (problem,) = found.problems()
    assert problem.where.path == f"cards/{own}"
