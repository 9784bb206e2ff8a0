"""The ledger: what it refuses, how it merges, and how it keeps the order of new cards."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from itertools import pairwise
from pathlib import Path

import pytest

from anki_collection import RealAnki
from conftest import DECK_YAML, Sources
from deckpress import Selection, load
from deckpress.anki.identity import new_namespace
from deckpress.anki.ledger import (
    MOST_REMEMBERED,
    MOST_TOLD,
    join_texts,
    read_ledger,
    seal,
    write_ledger,
)
from deckpress.anki.order import GAP, arrange
from deckpress.decks.deck import stand_alone
from deckpress.decks.release import select
from deckpress.exporters.options import DETAILS, PAPERS, Options
from deckpress.text.problem import SelectionError, SourceError
from program import run

EARLY = 1_760_000_000
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


def test_a_note_that_was_taken_out_comes_back(
    write_all: Write, at: Callable[[int], None], anki: RealAnki
) -> None:
    """Put back, edited or not, it is the note it was: id, GUID and progress; the notice is gone."""
    sources = write_all(BASIC)
    at(EARLY)
    anki.load(sources.build())
    guid, progress = anki.note("b").guid, anki.study("b")
    (sources.root / "one/b.md").unlink()
    at(EARLY + 1000)
    anki.load(sources.build())
    assert anki.note("b").tags == ["status::retired"]
    sources.write("one/b.md", "# B? {#b}\n\nanother answer\n")
    assert load(sources.root).reconciled.changes.returned == ("b",)
    at(EARLY + 2000)
    assert anki.load(sources.build()).updated == 1
    note = anki.note("b")
    assert (note["Retired"], note.tags) == ("", ["category::one"])
    assert (note["Answer"], note.guid) == ("<p>another answer</p>", guid)
    assert anki.progress("b") == progress
    entry = load(sources.root, locked=True).before.notes["b"]
    assert (entry.retired, entry.mod) == (0, EARLY + 2000)


def test_another_note_never_gets_a_retired_id(write_all: Write) -> None:
    """What has another question and another answer would be another card with its history."""
    sources = write_all(BASIC)
    sources.build()
    (sources.root / "one/b.md").unlink()
    sources.build()
    sources.write("one/b.md", "# Another? {#b}\n\nthing\n")
    (line,) = problems(sources)
    assert "the id 'b' belongs to “B?”, which was taken out" in line
    sources.write("one/b.md", "# Reworded? {#b}\n\ny\n")
    assert load(sources.root).reconciled.changes.returned == ("b",)
    sources.write("one/b.md", "# B {#b}\n\n{{c1::y}}\n")
    (line,) = problems(sources)
    assert "which was taken out" in line


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("# A?\n\nedited\n", True),
        ("# Edited?\n\nx\n\n## Pitfalls\n\nz\n", True),
        ("# Edited?\n\nedited\n", False),
        ("# A? {#other}\n\nx\n", False),
        ("# A? {replaces=a}\n\nx\n", False),
    ],
)
def test_a_renamed_file_is_known_again(write_all: Write, text: str, known: bool) -> None:
    """A file whose name is the id of its note is renamed: that would be a new note to everyone."""
    old = "# A?\n\nx\n\n## Pitfalls\n\nz\n"
    sources = write_all({"one/a.md": old, "one/b.md": BASIC["one/b.md"]})
    sources.build()
    (sources.root / "one/a.md").unlink()
    sources.write("two/renamed.md", text)
    if not known:
        assert load(sources.root).reconciled.changes.retired == ("a",)
        return
    (line,) = problems(sources)
    assert line == (
        "cards/two/renamed.md:1:1: 'renamed' is the same note as 'a', which is gone "
        "(write {#a} after its question, or another id if it is a new note)"
    )
    sources.write("two/renamed.md", text.replace("?", "? {#a}", 1))
    assert load(sources.root).reconciled.changes.changed == ("a",)


def test_the_newcomer_is_to_blame(write_all: Write) -> None:
    """Of two notes of one id or question, the one that was released keeps it."""
    sources = write_all({"two/b.md": "# B? {#b}\n\ny\n", "one/z.md": "# Z? {#z}\n\nz\n"})
    sources.build()
    sources.write("one/a.md", "# New? {#b}\n\nnew\n\n# Z? {#y}\n\nz\n")
    assert [line.partition(" (")[0] for line in problems(sources)] == [
        "cards/one/a.md:1:1: the id 'b' is taken by cards/two/b.md:1:1",
        "cards/one/a.md:5:1: the same question as cards/one/z.md:1:1",
    ]


def test_mistakes_of_cards_and_ledger_are_told_together(write_all: Write) -> None:
    """A damaged ledger hides no mistake of a card, nor the other way round."""
    sources = write_all(BASIC)
    sources.write("deck.lock", HEAD + "\n7\n")
    sources.write("one/b.md", "no heading\n")
    assert [line.split(":")[0] for line in problems(sources)] == [
        "cards/deck.lock",
        "cards/one/b.md",
    ]


def test_notes_of_one_moment_are_parted(write_all: Write) -> None:
    """Two branches may add notes in the same second: their ids in Anki differ all the same."""
    sources = write_all(BASIC)
    sources.build()
    created = str(load(sources.root).before.notes["b"].created)
    other = str(load(sources.root).before.notes["a"].created)
    sources.edit_ledger(lambda text: text.replace(created, other))
    (line,) = problems(sources, locked=True)
    assert "order or names changed" in line
    sources.build()
    notes = load(sources.root, locked=True).before.notes
    assert notes["b"].created == notes["a"].created + 1


@pytest.mark.parametrize(
    "text",
    [
        "<<<<<<< a\n{0}\n",
        "{0}\n=======\n",
        "<<<<<<< a\n{0}\n>>>>>>> b\n",
        "<<<<<<< a\n{0}\n=======\n{0}\n<<<<<<< b\n",
    ],
)
def test_half_a_conflict_is_never_guessed(write_all: Write, text: str) -> None:
    """Markers that someone began to take out by hand say nothing for sure."""
    sources = write_all(BASIC)
    sources.write("deck.lock", text.format(HEAD))
    (line,) = problems(sources)
    assert "a conflict" in line


def test_the_base_of_a_conflict_is_left_out(write_all: Write) -> None:
    """Git may show what both sides began with; a note that a side retired does not come back so."""
    sources = write_all(BASIC)
    sources.build()
    lock = sources.root / "deck.lock"
    text = lock.read_text(encoding="utf-8")
    head, rest = text.split("\n", 1)
    base = '||||||| base\n{"id": "gone"}\n'
    sources.write("deck.lock", f"{head}\n<<<<<<< a\n{rest}{base}=======\n{rest}>>>>>>> b\n")
    assert sources.build()
    assert lock.read_text(encoding="utf-8") == text


def test_the_ledger_remembers_what_was_released(
    write_all: Write, at: Callable[[int], None]
) -> None:
    """Contents by their hashes, tags by name; a text that comes back is not remembered twice."""
    sources = write_all(BASIC)
    known: list[tuple[str, ...]] = []
    for number, (answer, tags) in enumerate([("x", "[t]"), ("y", "[t, u]"), ("x", "[]")]):
        at(EARLY + number)
        sources.write("one/a.md", f"---\ntags: {tags}\n---\n# A? {{#a}}\n\n{answer}\n")
        sources.build()
        known.append(load(sources.root, locked=True).before.notes["a"].released)
    (x,), (_, y), last = known
    assert last == (y, x)
    assert known[1] == (x, y)
    assert load(sources.root).before.notes["a"].former_tags == ("topic::t", "topic::u")
    (sources.root / "one/a.md").unlink()
    sources.build()
    entry = load(sources.root, locked=True).before.notes["a"]
    assert (entry.released[:2], len(entry.released)) == (last, 3)
    assert entry.former_tags == ("topic::t", "topic::u")


def test_the_ledger_forgets_the_oldest(write_all: Write, at: Callable[[int], None]) -> None:
    """A note that changes with every release does not make its line grow for ever."""
    sources = write_all(BASIC)
    first = ""
    for number in range(MOST_REMEMBERED + 2):
        at(EARLY + number)
        text = f"---\ntags: [t{number}]\n---\n# A? {{#a}}\n\n{number}\n"
        sources.write("one/a.md", text)
        release = load(sources.root)
        first = first or release.reconciled.ledger.notes["a"].released[0]
        sources.write("deck.lock", write_ledger(release.reconciled.ledger))
    entry = load(sources.root, locked=True).before.notes["a"]
    assert len(entry.released) == MOST_REMEMBERED
    assert first not in entry.released
    assert entry.released[-1] == load(sources.root).notes["a"].content
    assert (len(entry.former_tags), entry.former_tags[-1]) == (MOST_REMEMBERED, "topic::t16")


def test_two_branches_released_different_texts() -> None:
    """Joined, the ledger knows the texts and tags of both, whichever side comes first."""
    lines = [
        NOTE.replace('"mod": 1', '"mod": 2')[:-1] + rest
        for rest in (
            ', "tags": ["s", "t"], "released": ["one", "two"], "former_tags": ["r"]}',
            ', "tags": ["s"], "released": ["one", "three"], "former_tags": ["q"]}',
        )
    ]
    lines[1] = lines[1].replace('"mod": 2', '"mod": 3')
    texts = [seal(f"{HEAD}\n{TYPE}\n{line}\n") for line in lines]
    for ours, theirs in (texts, reversed(texts)):
        found, faults = read_ledger(join_texts(ours, theirs), "deck.lock", EARLY)
        assert (found is not None, faults) == (True, [])
        assert found is not None
        entry = found.notes["a"]
        assert entry.released == ("two", "one", "three")
        assert (entry.tags, entry.former_tags) == (("s",), ("r", "t", "q"))


def test_a_deck_is_born_with_a_namespace_of_its_own(
    sources: Sources, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two decks of one slug are two to Anki; the namespace is made once, and kept."""
    monkeypatch.setattr("deckpress.pipeline.load.new_namespace", new_namespace)
    sources.write("one/a.md", BASIC["one/a.md"])
    namespaces = {load(sources.root).before.namespace for _ in range(2)}
    assert len(namespaces) == 2
    assert all(re.fullmatch("small-[0-9a-f]{12}", name) for name in namespaces)
    sources.build()
    born = load(sources.root, locked=True).before.namespace
    sources.write("one/b.md", BASIC["one/b.md"])
    sources.build()
    assert load(sources.root, locked=True).before.namespace == born


def test_a_standalone_deck_is_the_same_whatever_it_is_called(
    write_all: Write, anki: RealAnki
) -> None:
    """Its identity follows from the deck and the choice, not from the slug or the order."""
    sources = write_all(
        {
            "one/a.md": "---\ncompanies: [x, y]\n---\n# A? {#a}\n\nx\n",
            "one/b.md": "# B? {#b}\n\ny\n",
        }
    )
    build = partial(sources.build, standalone=True)
    packages = [build(selection=Selection(companies=names)) for names in (("x", "y"), ("y", "x"))]
    assert packages[0] == packages[1]
    assert anki.load(packages[0]).new == 1
    before = anki.decks()
    text = (sources.root / "deck.yaml").read_text(encoding="utf-8")
    sources.write("deck.yaml", text.replace("slug: small", "slug: grand"))
    renamed = build(selection=Selection(companies=("y", "x")))
    assert renamed.name == "grand-x-y-standalone.apkg"
    assert anki.load(renamed).duplicate == 1
    assert anki.decks() == before
    assert anki.load(build(selection=Selection(companies=("x",)))).new == 1


def test_standalone_decks_of_one_word_stay_apart(write_all: Write, anki: RealAnki) -> None:
    """Anki takes names that differ only in case for one deck; the plainest keeps its own."""
    sources = write_all(
        {
            "one/a.md": "---\ntags: [one, 'a::b', a/b, hard]\n---\n# Two? {#a difficulty=hard}\n\nx\n",
            "two/b.md": "---\ncompanies: [two]\ntags: [Two]\n---\n# B? {#b}\n\ny\n",
        }
    )  # fmt: skip
    named = {
        "One": Selection(categories=("one",)),
        "one (Tag)": Selection(tags=("one",)),
        "two": Selection(companies=("two",)),
        "Two (Category)": Selection(categories=("two",)),
        "Two (Tag)": Selection(tags=("two",)),
        "“two”": Selection(where="two"),
        "hard": Selection(difficulties=("hard",)),
        "hard (Tag)": Selection(tags=("hard",)),
        "a/b": Selection(tags=("a/b",)),
        "a/b (Tag)": Selection(tags=("a::b",)),
    }
    for name, selection in named.items():
        anki.load(sources.build(selection=selection, standalone=True))
        cards = {
            deck: n for deck, n in anki.decks().items() if deck.startswith(f"Small Deck: {name}::")
        }
        assert [*cards.values()] == [1], name
    assert len(anki.decks()) == 2 * len(named)


@pytest.mark.parametrize(
    ("selection", "where"),
    [
        (Selection(tags=("a::b",)), "tag:a::b"),
        (Selection(tags=("a::b",)), ' tag:"A::B" '),
        (Selection(categories=("two",)), "category:two"),
        (Selection(difficulties=("hard",)), "difficulty:hard"),
    ],
)
def test_the_same_choice_is_the_same_deck(
    write_all: Write, selection: Selection, where: str
) -> None:
    """What --where asks for alone is what an option asks for: name, decks, notes, every byte."""
    sources = write_all(
        {
            "one/a.md": "# A? {#a tags=a::b}\n\nx\n",
            "two/b.md": "# B? {#b difficulty=hard tags=c}\n\ny\n",
        }
    )
    for standalone in (False, True):
        package = sources.build(selection=selection, standalone=standalone)
        data = package.read_bytes()
        package.unlink()
        assert sources.build(selection=Selection(where=where), standalone=standalone) == package
        assert package.read_bytes() == data


@pytest.mark.parametrize(
    "selections",
    [
        (
            Selection(difficulties=("hard",), categories=("one",)),
            Selection(where="category:one difficulty:hard"),
            Selection(difficulties=("hard",), where="category:one"),
            Selection(difficulties=("hard",), where="difficulty:HARD and (category:one)"),
        ),
        (
            Selection(tags=("t", "u")),
            Selection(tags=("u", "t", "u")),
            Selection(where="tag:u or tag:t"),
            Selection(where="-(-tag:t -tag:u)"),
        ),
        (
            Selection(where="tag:t tag:u"),
            Selection(where="tag:u (tag:t tag:u)"),
            Selection(tags=("t",), where="tag:u"),
            Selection(tags=("u",), where="tag:t"),
        ),
        (
            Selection(where="kind:basic -A?"),
            Selection(where="-a? AND kind:basic"),
        ),
        (
            Selection(companies=("x",), tags=("t",), where="B? or A?"),
            Selection(companies=("x", "x"), where="(a? or b?) tag:t"),
        ),
    ],
)
def test_order_and_repetition_make_no_other_deck(
    write_all: Write, selections: Sequence[Selection]
) -> None:
    """A choice has one name, title and identity, whichever options or words ask for it."""
    sources = _two_tagged(write_all)
    decks = [select(load(sources.root), selection) for selection in selections]
    alone = [stand_alone(deck) for deck in decks]
    assert decks[0].notes
    assert all(deck.notes == decks[0].notes for deck in decks)
    assert len({(deck.name, deck.title) for deck in decks}) == 1
    assert len({(deck.ledger.namespace, deck.collection.info.root) for deck in alone}) == 1


def _two_tagged(write_all: Write) -> Sources:
    sources = write_all(
        {
            "one/a.md": "---\ncompanies: [x]\n---\n# A? {#a tags=t difficulty=hard}\n\nx\n",
            "one/b.md": "---\ncompanies: [x]\n---\n# B? {#b tags=u,t}\n\ny\n",
        }
    )
    sources.write("companies.yaml", "companies: [{slug: x, name: X}]\n")
    return sources


@pytest.mark.parametrize(
    ("selection", "name", "title", "words"),
    [
        (Selection(companies=("x",)), "small-x", "Small Deck: X", "company:x"),
        (
            Selection(companies=("x",), tags=("t",)),
            "small-x-t",
            "Small Deck: X, t",
            "company:x tag:t",
        ),
        (Selection(categories=("one",)), "small-one", "Small Deck: One", "category:one"),
        (Selection(difficulties=("hard",)), "small-hard", "Small Deck: hard", "difficulty:hard"),
        (Selection(tags=("u", "t")), "small-t-u", "Small Deck: t, u", "tag:t tag:u"),
        (Selection(where="kind:basic"), "small-basic", "Small Deck: kind:basic", "kind:basic"),
        (
            Selection(where="company:x"),
            "small-company-x-cb2773",
            "Small Deck: company:x",
            "(company:x)",
        ),
    ],
)
def test_names_that_people_have(
    write_all: Write, selection: Selection, name: str, title: str, words: str
) -> None:
    """What plain choices are called and what their notes derive from never changes."""
    deck = select(load(_two_tagged(write_all).root), selection)
    assert (deck.name, deck.title, " ".join(deck.words)) == (name, title, words)


def test_another_choice_is_another_deck(write_all: Write) -> None:
    """A company's deck holds more than its notes, and both of two tags fewer than one of them."""
    sources = _two_tagged(write_all)
    pairs = [
        (Selection(companies=("x",)), Selection(where="company:x")),
        (Selection(tags=("t", "u")), Selection(tags=("t",), where="tag:u")),
        (Selection(companies=("x",), where="kind:basic"), Selection(where="company:x kind:basic")),
        (Selection(tags=("t",), where="A? or B?"), Selection(where="tag:t A? or B?")),
    ]
    for pair in pairs:
        decks = [select(load(sources.root), selection) for selection in pair]
        alone = [stand_alone(deck) for deck in decks]
        assert len({deck.name for deck in decks}) == 2
        assert len({deck.title for deck in decks}) == 2
        assert len({deck.ledger.namespace for deck in alone}) == 2
        assert len({deck.collection.info.root for deck in alone}) == 2


def test_letters_in_parts_ask_for_the_same(write_all: Write) -> None:
    """A letter and its dots, as some systems type them, are the one letter of a card."""
    files = {
        "one/a.md": "---\ntags: [räume]\n---\n# Größe? {#a}\n\nx\n",
        "one/b.md": "# B? {#b}\n\nx\n",
    }
    release = load(write_all(files).root)
    named = {}
    for composed in (True, False):
        o, a = ("ö", "ä") if composed else ("o\u0308", "a\u0308")
        wheres = (f"tag:R{a}*", f"gr{o}ß", f"tag:r{a}ume kind:basic")
        wishes = [Selection(tags=(f"r{a}ume",)), *(Selection(where=where) for where in wheres)]
        decks = [select(release, wish) for wish in wishes]
        assert all([note.id for note in deck.notes] == ["a"] for deck in decks)
        named[composed] = [(deck.name, deck.title, deck.words) for deck in decks]
    assert named[True] == named[False]


def test_no_two_choices_are_called_the_same(write_all: Write) -> None:
    """A word that is a tag, a kind, a category, a company and more names the plainest of them."""
    tags = "one, two, X, hard, basic, a, b, q, 'a-b', 'a::b', 'one-two', 'kind-id', id, kind"
    tags += ", large, 'x-cards', update, standalone, '3-pages', 'tag-x'"
    sources = write_all(
        {
            "one/q.md": f"---\ncompanies: [x, a]\ntags: [{tags}]\n---\n"
            "# A b? {#q difficulty=hard}\n\nx\n",
            "two/basic.md": "---\ncompanies: [x]\n---\n# B? {#basic}\n\nx\n",
            "two/id.md": "# C? {#id}\n\nx\n",
        }
    )
    release = load(sources.root)
    wheres = [
        *("kind:basic", "id:basic", "id:q", "id:id", "basic", "-kind:basic kind:*", "-id:id"),
        *("company:x", "-company:a", "category:on*", "-category:one", "-difficulty:hard", "-tag:x"),
        *("x", "one", '"one two"', "tag:a tag:b", "kind:basic (id:q or id:id)", "kind:basic id:q"),
    ]
    pairs = [("a", "b"), ("one", "two"), ("kind", "basic"), ("x", "hard")]
    known = next(note.tags for note in release.collection.notes if note.id == "q")
    options = [
        Selection(),
        Selection(categories=("one",)),
        Selection(difficulties=("hard",)),
        Selection(companies=("x",)),
        Selection(companies=("a",)),
        *(Selection(tags=(tag,)) for tag in known),
        *(Selection(tags=pair) for pair in pairs),
        Selection(categories=("one",), tags=("two",)),
        Selection(categories=("one", "two")),
        Selection(companies=("x",), tags=("one", "update")),
        Selection(companies=("x",), categories=("one",)),
    ]
    found: dict[str, set[tuple[str, ...]]] = {}
    titles: dict[str, set[tuple[str, ...]]] = {}
    for option in options:
        for where in ("", *wheres):
            try:
                deck = select(release, replace(option, where=where))
            except SelectionError:
                continue
            found.setdefault(deck.name.casefold(), set()).add(deck.words)
            titles.setdefault(deck.title.replace("::", "/").casefold(), set()).add(deck.words)
    assert len(found) > 200
    assert [words for words in found.values() if len(words) > 1] == []
    assert [words for words in titles.values() if len(words) > 1] == []
    others = ("-standalone", "-companies", "-push", Options(pages=3).sheet_variant)
    words = (*PAPERS, *DETAILS, "landscape", "large", "cards", "update")
    endings = (*others, *(f"-{word}" for word in words if word not in ("a4", "short")))
    assert [name for name in found if name.endswith(endings)] == []


@pytest.mark.parametrize(
    ("selection", "name"),
    [
        (Selection(companies=("x",)), "small-x"),
        (Selection(categories=("one",)), "small-one"),
        (Selection(difficulties=("hard",)), "small-hard"),
        (Selection(tags=("basic",)), "small-basic"),
        (Selection(tags=("a-b",)), "small-a-b"),
        (Selection(where="kind:basic"), "small-kind-basic"),
        (Selection(tags=("one",)), "small-tag-one"),
        (Selection(tags=("X",)), "small-tag-X"),
        (Selection(tags=("a::b",)), "small-a-b-26bc34"),
        (Selection(tags=("hard",)), "small-hard-d23bef"),
    ],
)
def test_the_plainest_choice_keeps_its_name(
    write_all: Write, selection: Selection, name: str
) -> None:
    """Others are named with their keys, or by a number where that is a name, too."""
    tags = "basic, one, X, a-b, 'a::b', hard, tag-hard"
    sources = write_all(
        {
            "one/a.md": f"---\ncompanies: [x]\ntags: [{tags}]\n---\n# A? {{#a difficulty=hard}}\n\nx\n"
        }
    )
    assert select(load(sources.root), selection).name == name


def test_locked_fails_when_the_ledger_is_behind(write_all: Write) -> None:
    """A release without its ledger would stamp notes that nobody remembers."""
    sources = write_all(BASIC)
    (line,) = problems(sources, locked=True)
    assert line == (
        "cards/deck.lock:1:1: the ledger is out of date: 2 added "
        "(run `deckpress build`, and commit cards/deck.lock)"
    )
    sources.root.rename("my deck")
    with pytest.raises(SourceError, match="run `deckpress build 'my deck'`, and commit my deck/"):
        load(Path("my deck"), locked=True)
    Path("my deck").rename(sources.root)
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
    # Where nobody has it yet, the way that the hint names leads there.
    assert "change it in deck.lock as well, and run `deckpress merge-lock --seal cards`" in line
    ledger = sources.root / "deck.lock"
    ledger.write_text(ledger.read_text().replace("Small Deck::01 One", "Small Deck::01 First"))
    assert run(sources.folder, "merge-lock", "--seal", "cards").returncode == 0
    sources.build()


def test_a_note_of_a_new_id(write_all: Write) -> None:
    """That it is the note that is gone is said until it is built, unless it is meant to replace it."""
    sources = write_all({"one/a.md": "# A? {#a}\n\nx\n\n# B? {#b}\n\ny\n"})
    sources.build()
    other = "# A? {#a2}\n\nx\n\n# B? {#b}\n\ny\n\n# C? {#c}\n\nz\n"
    sources.write("one/a.md", other)
    told = "cards/one/a.md:1:1: advice: 'a2' is the same note as 'a', which is gone (everyone would"
    assert told in run(sources.folder, "check").stderr
    sources.write("one/a.md", other.replace("{#a2}", "{#a2 replaces=a}"))
    assert "advice" not in run(sources.folder, "check").stderr
    sources.write("one/a.md", other)
    assert told in run(sources.folder, "build", "--format", "apkg").stdout
    assert "advice" not in run(sources.folder, "check").stderr


def test_a_category_of_a_new_slug(write_all: Write) -> None:
    """With its name it is the same deck to Anki; under another, that is said until it is built."""
    note = "# {0}? {{#{0}}}\n\nx\n"
    sources = write_all({f"one/{name}.md": note.format(name) for name in "ab"})
    sources.write("two/c.md", note.format("c"))
    sources.build()
    text = (sources.root / "deck.yaml").read_text(encoding="utf-8")
    (sources.root / "one").rename(sources.root / "first")
    sources.write("deck.yaml", text.replace("slug: one", "slug: first"))
    assert "advice" not in run(sources.folder, "check").stderr
    sources.write("deck.yaml", text.replace("slug: one, name: One", "slug: first, name: First"))
    told = (
        "cards/deck.yaml:1:1: advice: the category 'one' is gone, and 'first' has 2 of its notes "
        "(people keep these cards in the deck 'Small Deck::01 One', and get new ones in "
        "'Small Deck::01 First': give 'first' the old name and number, and it stays one deck)"
    )
    assert told in run(sources.folder, "check").stderr
    done = run(sources.folder, "build", "--format", "apkg")
    assert (done.returncode, told in done.stdout) == (0, True)
    assert "advice" not in run(sources.folder, "check").stderr


def test_notes_that_move_are_no_new_category(write_all: Write) -> None:
    """A category whose notes go to another that people have, or are taken out, may go."""
    note = "# {0}? {{#{0}}}\n\nx\n"
    sources = write_all({f"one/{name}.md": note.format(name) for name in "ab"})
    sources.write("two/c.md", note.format("c"))
    sources.build()
    text = (sources.root / "deck.yaml").read_text(encoding="utf-8")
    sources.write("deck.yaml", text.replace("slug: one, name: One", "slug: new, name: New"))
    (sources.root / "one" / "a.md").rename(sources.root / "two" / "a.md")
    (sources.root / "one" / "b.md").unlink()
    sources.write("new/d.md", note.format("d"))
    assert "advice" not in run(sources.folder, "check").stderr


def test_a_new_title_needs_the_old_root(write_all: Write) -> None:
    """All decks would have another name, which is said once, with the line that prevents it."""
    sources = write_all({"one/a.md": "# A? {#a}\n\nx\n", "two/b.md": "# B? {#b}\n\ny\n"})
    sources.build()
    text = (sources.root / "deck.yaml").read_text(encoding="utf-8")
    renamed = text.replace("title: Small Deck", "title: Large Deck")
    sources.write("deck.yaml", renamed)
    (line,) = problems(sources)
    assert "the deck 'Small Deck' is now called 'Large Deck'" in line
    assert 'write `root: "Small Deck"` in deck.yaml' in line
    sources.write("deck.yaml", renamed + 'root: "Small Deck"\n')
    sources.build()


def test_a_changed_schema_is_a_mistake(write_all: Write) -> None:
    """Fields and templates of a released note type are frozen."""
    sources = write_all(BASIC)
    sources.build()
    sources.edit_ledger(lambda text: text.replace('"hint", ', ""))
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


def lines_of(sources: Sources) -> list[str]:
    """Return the lines of a ledger."""
    return (sources.root / "deck.lock").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        ("012 34", "5:1: the last line, which counts the others, is missing"),
        ("012 3", "4:1: the last line, which counts the others, is missing"),
        ("0", "1:1: the last line, which counts the others, is missing"),
        ("012 45", "5:1: this ledger had 5 lines, and now has 4"),
        ("012 3x45", "7:1: this ledger had 5 lines, and now has 6"),
        ("012 3x5", "6:1: a line above has changed since a build wrote it"),
        ("012 3455", "7:1: a line after the last one"),
        ("012 345x", "7:1: a line after the last one"),
        ("102 345", "2:1: a header that is not the first line"),
        ("012 435", "6:1: a line above has changed since a build wrote it"),
    ],
)
def test_a_ledger_that_was_cut_is_noticed(write_all: Write, edit: str, message: str) -> None:
    """What a cut takes from the end, or an edit changes, is never stamped anew in silence."""
    sources = write_all(BASIC | {"one/c.md": "# C? {#c}\n\nz\n"})
    sources.build()
    lines = dict(zip("012345", lines_of(sources), strict=True))
    lines["x"] = lines["2"].replace('"a"', '"n"')
    text = "".join(f"{lines[sign]}\n" for sign in edit.replace(" ", ""))
    sources.write("deck.lock", text)
    line = problems(sources)[-1]
    assert line.startswith(f"cards/deck.lock:{message}")
    assert "head" in message or line.endswith(
        "(restore it from version control; or, if you edited or merged it by hand and no line is missing, run `deckpress merge-lock --seal cards`)"
    )
    with pytest.raises(SourceError):
        sources.build()
    assert (sources.root / "deck.lock").read_text(encoding="utf-8") == text


def test_a_cut_ledger_is_taken_only_when_asked(write_all: Write) -> None:
    """Whoever edited it by hand says so by a command, which tells how many lines are gone."""
    sources = write_all(BASIC)
    sources.build()
    lines = lines_of(sources)
    sources.write("deck.lock", "\n".join([*lines[:2], *lines[3:]]) + "\n")
    done = run(sources.folder, "merge-lock", "--seal", "cards")
    assert done.stdout.startswith(
        "cards/deck.lock is accepted as it is: 1 note\nit has 1 line fewer "
    )
    assert load(sources.root).reconciled.changes.added == ("a",)
    sources.build()
    sources.write("deck.lock", "\n".join(lines_of(sources)[:-1]) + "\n")
    done = run(sources.folder, "merge-lock", "--seal", "cards")
    assert (done.returncode, done.stdout.count("\n")) == (0, 1)
    load(sources.root, locked=True)
    sources.write("deck.lock", "\n".join([*lines[:2], "junk", *lines[3:]]) + "\n")
    done = run(sources.folder, "merge-lock", "--seal", "cards")
    assert (done.returncode, "deck.lock:3:1: not a line of a ledger" in done.stderr) == (1, True)


def test_letters_that_can_be_written_in_two_ways(write_all: Write) -> None:
    """The ledger is written in the form in which it is read, or it would never be up to date."""
    sources = write_all({"one/a.md": "# Caf&#101;&#x301;? {#a}\n\nx\n"})
    sources.build()
    load(sources.root, locked=True)


def test_of_a_file_of_junk_the_beginning_is_told(sources: Sources) -> None:
    """What is no ledger at all says so on its first lines."""
    sources.write("one/a.md", BASIC["one/a.md"])
    sources.write("deck.lock", "junk\n" * 2_000_000)
    assert len(problems(sources)) == MOST_TOLD


HEAD = '{"deckpress": 1, "namespace": "small"}'
TYPE = '{"note_type": "t", "hash": "h", "mod": 1, "fields": ["f"], "templates": ["c"]}'
NOTE = (
    '{"id": "a", "kind": "basic", "note_type": "t", "hash": "h", "mod": 1, "created": 1, '
    '"order": 1, "question": "A?"}'
)


@pytest.mark.parametrize(
    ("lines", "fault"),
    [
        ("", "1:1: the ledger is empty"),
        ("\n\n", "1:1: the ledger is empty"),
        (NOTE, "1:1: the header of the ledger is missing"),
        (f"{TYPE}\n{HEAD}", "2:1: a header that is not the first line"),
        (f"{HEAD}\n{HEAD}", "2:1: a header that is not the first line"),
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
        (f"{HEAD}\n{TYPE}\n{TYPE}", "3:1: the note type 't' is listed twice"),
        (f"{HEAD}\n{NOTE}", "2:1: no line for note type 't'"),
        (f"{HEAD}\n{TYPE}\n{NOTE}\n{NOTE}", "4:1: the id 'a' is listed twice"),
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
        ('"order": 1,', '"order": 1, "released": "x",'),
        ('"order": 1,', '"order": 1, "released": [1],'),
        ('"order": 1,', '"order": 1, "former_tags": [""],'),
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


def test_a_line_that_says_the_same_stays_as_it_was(write_all: Write) -> None:
    """Whoever wrote it; of a note that changed, it is written anew, as all others would be."""
    sources = write_all(BASIC)
    sources.build()
    path = sources.root / "deck.lock"
    *lines, _ = path.read_text(encoding="utf-8").splitlines()
    spaced = [line.replace('"mod": ', '"mod":  ') if '"id"' in line else line for line in lines]
    path.write_text(seal("\n".join(spaced)), encoding="utf-8")
    sources.write("one/a.md", "# A? {#a}\n\nmore\n")
    sources.build()
    written = path.read_text(encoding="utf-8").splitlines()
    assert [line[:10] for line in written if '"mod":  ' in line] == ['{"id": "b"']
    assert load(sources.root, locked=True)


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


ORDER = {
    "one/a.md": "# A? {#a difficulty=hard}\n\nx\n\n# B? {#b}\n\nx\n\n# C? {#c difficulty=easy}\n\nx\n",
    "one/d.md": "# D? {#d difficulty=hard importance=high}\n\nx\n\n# E? {#e difficulty=medium}\n\nx\n",
    "one/f.md": "# F? {#f difficulty=hard}\n\nx\n",
    "two/g.md": "# G? {#g difficulty=easy}\n\nx\n\n# H? {#h importance=low difficulty=easy}\n\nx\n",
}


def new_cards(anki: RealAnki) -> str:
    """Return the ids of all notes, in the order in which Anki has their new cards."""
    due = {anki.note(name).cards()[0].due: name for name in anki.ids()}
    return "".join(due[position] for position in sorted(due))


def test_what_a_learner_meets_first(write_all: Write, anki: RealAnki) -> None:
    """In each category the core, then what is important, then what is easy; else as it is written."""
    sources = write_all(ORDER)
    sources.write("deck.yaml", f"{DECK_YAML}core: [f]\n")
    anki.load(sources.build())
    assert new_cards(anki) == "fdcbeagh"
    assert "".join(note.id for note in load(sources.root).collection.notes) == "abcdefgh"


def test_another_order_moves_no_card_that_people_have(write_all: Write, anki: RealAnki) -> None:
    """Whoever has the deck keeps its order and its notes; only new notes come at new places."""
    sources = write_all(ORDER)
    as_written = f"{DECK_YAML}new_cards: as-written\n"
    sources.write("deck.yaml", as_written)
    anki.load(sources.build())
    assert new_cards(anki) == "abcdefgh"
    before = {name: anki.progress(name) for name in anki.ids()}
    mods = {name: entry.mod for name, entry in load(sources.root).before.notes.items()}
    sources.write("deck.yaml", f"{DECK_YAML}core: [f]\n")
    sources.write("one/z.md", "# Z? {#z difficulty=easy}\n\nx\n")
    done = anki.load(sources.build())
    assert (done.new, done.updated) == (1, 0)
    assert {name: anki.progress(name) for name in before} == before
    assert new_cards(anki).replace("z", "") == "abcdefgh"
    entries = load(sources.root, locked=True).before.notes
    assert {name: entries[name].mod for name in mods} == mods
    assert sorted(entries, key=lambda name: entries[name].order) == list("fdczbeagh")


def test_an_order_that_there_is_not(sources: Sources) -> None:
    """The orders that there are are named, hyphens and all."""
    sources.write("deck.yaml", f"{DECK_YAML}new_cards: core\n")
    sources.write("one/a.md", "# A?\n\nx\n")
    with pytest.raises(SourceError, match=r"'core' \(one of: as-written, easy-first\)"):
        load(sources.root)


def test_a_guid_of_its_own(sources: Sources, at: Callable[[int], None], anki: RealAnki) -> None:
    """A note that people had before keeps the GUID that its line holds, through every change."""
    at(1_760_000_000)
    sources.write("one/a.md", "# A? {#a}\n\nold\n")
    sources.build()
    lock = sources.root / "deck.lock"
    guid = '"id": "a", "guid": "Ab1~from-elsewhere"'
    sources.edit_ledger(lambda text: text.replace('"id": "a"', guid))
    anki.load(sources.build())
    sources.write("one/a.md", "# A? {#a}\n\nnew\n")
    at(1_770_000_000)
    assert anki.load(sources.build()).updated == 1
    assert anki.note("a").guid == "Ab1~from-elsewhere"
    assert '"guid": "Ab1~from-elsewhere"' in lock.read_text()
    other = load(sources.root)
    assert stand_alone(select(other, Selection(categories=("one",)))).ledger.notes["a"].guid == ""
    line = json.loads(lock.read_text().splitlines()[-2])
    other_note = json.dumps({**line, "id": "b", "created": 5})
    sources.edit_ledger(lambda text: text + other_note)
    (problem,) = problems(sources)
    assert problem.startswith("cards/deck.lock:4:1: 'b' has the GUID of 'a'")
