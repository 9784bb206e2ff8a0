"""A ledger that is known to be right is read as if it had been checked again."""

from __future__ import annotations

import gc
import json
import random
import re
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from conftest import Sources
from deckpress import load
from deckpress.anki import ledger as ledgers
from deckpress.anki.ledger import Ledger, seal
from deckpress.pipeline.build import Work
from deckpress.pipeline.cache import Cache, cache_folder
from deckpress.pipeline.known_ledger import recall_ledger, remember_ledger
from deckpress.pipeline.load import collector_at_rest, find_ledger, never_free
from deckpress.schema.ledger_lines import LedgerLine
from deckpress.schema.validation import fit_json
from deckpress.text.problem import SourceError

DAY = 24 * 3600
EARLY = 1_760_000_000
CARDS = {
    "one/a.md": "---\ntags: [a::b, c]\n---\n# A “quoted” \\ question? {#a}\n\nx\n",
    "one/b.md": "# Cafe\u0301, \u4e2d\u6587 and \U0001f600? {#b}\n\ny\n",
    "one/c.md": "# C {#c}\n\n{{c1::x}} and {{c2::y}}\n",
    "one/words.csv": "key,word,translation\nk,dog,Hund\n",
}


@pytest.fixture
def deck(sources: Sources, at: Callable[[int], None]) -> Sources:
    at(EARLY)
    for name, text in CARDS.items():
        sources.write(name, text)
    return sources


@pytest.fixture
def memory() -> Iterator[Cache]:
    found = Cache(cache_folder())
    yield found
    found.close()


def states(deck: Sources, at: Callable[[int], None]) -> Iterator[Path]:
    """Build what a deck goes through, and yield its ledger each time."""
    work = Work(cache=cache_folder())
    path = deck.root / "deck.lock"
    deck.build(work=work)
    yield path
    at(EARLY + DAY)
    deck.write("one/a.md", CARDS["one/a.md"].replace("x", "z").replace(", c", ", d"))
    deck.build(work=work)
    yield path
    deck.write("one/d.md", "---\nreplaces: [b]\n---\n# D? {#d}\n\nw\n")
    (deck.root / "one/b.md").unlink()
    deck.build(work=work)
    yield path
    deck.write("one/b.md", CARDS["one/b.md"])
    (deck.root / "one/d.md").unlink()
    deck.build(work=work)
    yield path


def said(ledger: Ledger | None) -> tuple[object, ...]:
    """Return all that a ledger says, in its order."""
    assert ledger
    notes, lines = [*ledger.notes.items()], [*ledger.lines.items()]
    return ledger.namespace, ledger.decks, ledger.note_types, notes, lines


def test_it_is_known_when_it_is_written(
    deck: Sources, memory: Cache, at: Callable[[int], None]
) -> None:
    """After each build, what is known is what a whole reading gives."""
    for number, path in enumerate(states(deck, at)):
        known = recall_ledger(path, path.read_bytes(), memory)
        assert known, number
        text, ledger, faults = find_ledger(path)
        assert not faults
        assert (known[0], said(known[1])) == (text, said(ledger))


def test_it_is_not_checked_again(
    deck: Sources, monkeypatch: pytest.MonkeyPatch, at: Callable[[int], None]
) -> None:
    """Only the lines that a build has changed are."""
    checked: list[str] = []

    def watched(shape: type[LedgerLine], text: str) -> object:
        checked.append(text)
        return fit_json(shape, text)

    monkeypatch.setattr(ledgers, "fit_json", watched)
    for _ in states(deck, at):
        names = [line for line in checked if line.startswith('{"id"')]
        checked.clear()
    # The last build has brought b back, and buried d.
    assert sorted(name.partition(",")[0] for name in names) == ['{"id": "b"', '{"id": "d"']


def test_one_that_was_read_is_known(deck: Sources, memory: Cache) -> None:
    """A ledger from elsewhere is known once it was read, and only while its file is the same."""
    deck.build()
    path = deck.root / "deck.lock"
    assert recall_ledger(path, path.read_bytes(), memory) is None
    load(deck.root, cache=cache_folder())
    assert recall_ledger(path, path.read_bytes(), memory)
    assert recall_ledger(path, path.read_bytes() + b"\n", memory) is None
    assert recall_ledger(path.with_name("other.lock"), path.read_bytes(), memory) is None


def test_a_change_by_hand_is_told(deck: Sources) -> None:
    """A ledger with a mistake is never known."""
    work = Work(cache=cache_folder())
    deck.build(work=work)
    path = deck.root / "deck.lock"
    path.write_text(path.read_text("utf-8").replace("basic", "basis"), "utf-8")
    for _ in range(2):
        with pytest.raises(SourceError, match="changed since a build wrote it"):
            load(deck.root, cache=cache_folder())


def test_a_clock_that_was_set_back(deck: Sources, monkeypatch: pytest.MonkeyPatch) -> None:
    """A time that has come to lie in the future is told of a ledger that is known, too."""
    deck.build(work=Work(cache=cache_folder()))
    load(deck.root, cache=cache_folder())
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(EARLY - 9 * DAY))
    monkeypatch.setattr("time.time", lambda: EARLY - 8 * DAY)
    with pytest.raises(SourceError, match="in the future"):
        load(deck.root, cache=cache_folder())


def test_lines_in_another_order(deck: Sources, memory: Cache) -> None:
    """A ledger may have been joined and sealed by hand."""
    deck.build()
    path = deck.root / "deck.lock"
    lines = path.read_text("utf-8").splitlines()
    top, notes = lines[:3], lines[3:-1]
    assert [line.partition(":")[0] for line in lines[2:4]] == ['{"note_type"', '{"id"']
    random.Random(7).shuffle(notes)
    path.write_text(seal("\n".join([*top, *notes])), "utf-8")
    whole = find_ledger(path)
    load(deck.root, cache=cache_folder())
    known = recall_ledger(path, path.read_bytes(), memory)
    assert known
    assert (known[0], *said(known[1])[:4]) == (whole[0], *said(whole[1])[:4])


def test_a_note_type_between_notes(deck: Sources, memory: Cache) -> None:
    """Joined by hand, it may stand anywhere above its first note; but so no build leaves it."""
    deck.build()
    path = deck.root / "deck.lock"
    head, *lines = path.read_text("utf-8").splitlines()[:-1]
    types = [line for line in lines if line.startswith('{"note_type"')]
    notes = [line for line in lines if line.startswith('{"id"')]
    needed = json.loads(notes[0])["note_type"]
    first = next(line for line in types if json.loads(line)["note_type"] == needed)
    others = [line for line in types if line != first]
    for number in range(1, len(notes)):
        later = [*others, *notes[number:]]
        path.write_text(seal("\n".join([head, first, *notes[:number], *later])), "utf-8")
        whole = find_ledger(path)
        for _ in range(2):
            assert said(find_ledger(path, cache=memory)[1]) == said(whole[1])


def test_two_notes_of_one_moment(deck: Sources, memory: Cache) -> None:
    """Two branches may have added them; joined by hand in another order, they are parted as well."""
    deck.build()
    path = deck.root / "deck.lock"
    text = re.sub(r'"created": \d+', '"created": 1760000000000', path.read_text("utf-8"))
    *top, first, second = text.splitlines()[:-1][:5]
    for lines in ([*top, first, second], [*top, second, first]):
        path.write_text(seal("\n".join(lines)), "utf-8")
        for _ in range(2):
            _, ledger, _ = find_ledger(path, cache=memory)
            assert ledger
            assert len({entry.created for entry in ledger.notes.values()}) == 2


def test_the_last_line(deck: Sources, memory: Cache) -> None:
    """What a text is, and how it is written, does not depend on whether it is known."""
    deck.build()
    path = deck.root / "deck.lock"
    plain = path.read_text("utf-8").removesuffix("\n")
    for end in ("\r\n", "\r", "", " \n", "\n\n"):
        path.write_bytes((plain + end).encode())
        text, whole, _ = find_ledger(path)
        for _ in range(2):
            found = find_ledger(path, cache=memory)
            assert (found[0], said(found[1])) == (text, said(whole)), repr(end)


def test_what_would_be_read_otherwise_is_not_remembered(deck: Sources, memory: Cache) -> None:
    """Neither a letter under a heap of accents nor what is forbidden is as it was."""
    deck.build()
    path = deck.root / "deck.lock"
    _, ledger, _ = find_ledger(path)
    assert ledger
    for odd in ("e" + "\u0301" * 40, "e\u0301", "\a", ""):
        notes = {**ledger.notes, "a": ledger.notes["a"]._replace(question=odd, kind=odd)}
        changed = Ledger(ledger.namespace, ledger.decks, ledger.note_types, notes, ledger.lines)
        data = ledgers.write_ledger(changed).encode()
        remember_ledger(path, data, changed, memory)
        assert recall_ledger(path, data, memory) is None, odd


def test_lines_that_clash_are_not_remembered(deck: Sources, memory: Cache) -> None:
    """A line that is right alone may have what another has that was read before."""
    deck.build()
    path = deck.root / "deck.lock"
    deck.edit_ledger(lambda text: text.replace('{"id": "a", ', '{"id": "a", "guid": "g", '))
    _, ledger, _ = find_ledger(path)
    assert ledger
    first, second = ledger.notes["a"], ledger.notes["b"]
    for change in ({"guid": first.guid}, {"created": first.created}, {"note_type": "other"}, {}):
        notes = {**ledger.notes, "b": second._replace(**change)}
        changed = Ledger(ledger.namespace, ledger.decks, ledger.note_types, notes, ledger.lines)
        data = ledgers.write_ledger(changed).encode()
        remember_ledger(path, data, changed, memory)
        assert (recall_ledger(path, data, memory) is None) is bool(change), change


class Value:
    """Something that can be watched."""


def test_what_a_run_has_read_stays(deck: Sources) -> None:
    """What is not to be freed is still there when the collector has looked for it."""
    value = Value()
    seen = weakref.ref(value)
    gc.enable()
    with collector_at_rest():
        never_free(value)
        del value
    gc.collect()
    assert seen()
