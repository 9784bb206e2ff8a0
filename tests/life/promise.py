"""What docs/updates.md promises of a release that is taken, held against what a learner has then.

Nothing here asks the program: a state of a collection before, one after, what the releases say.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from deckpress.model.templates import STYLE_MARKER
from life.release import History, PromisedNote, ReleaseFiles

ROOT = "Long Life"
State = Mapping[str, Any]


@dataclass(slots=True)
class Outcome:
    """What came of releases that were taken.

    `kept` counts what was the learner's and is there still, by what it is; `told` what was lost
    where the docs say so; `due` and `arrived` the author's changes, of which `waiting` are those
    that the docs say to wait; `both` counts notes that both sides changed, `named` those that were
    named. `faults` are promises that were broken, `lost` those of them by which a learner lost
    something.
    """

    kept: Counter[str] = field(default_factory=Counter)
    told: Counter[str] = field(default_factory=Counter)
    due: int = 0
    arrived: int = 0
    waiting: int = 0
    both: int = 0
    named: int = 0
    taken: int = 0
    lost: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def add(self, other: Outcome) -> None:
        """Count another outcome in."""
        self.kept.update(other.kept)
        self.told.update(other.told)
        for name in ("due", "arrived", "waiting", "both", "named", "taken"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.lost += other.lost
        self.faults += other.faults


@dataclass(frozen=True, slots=True)
class Case:
    """How a release is taken: by which way, into what engine.

    `has_options`: the engine knows "Update notes: Never"; without, the .csv is taken alone.
    `first` says that the learner had nothing of the deck, and took the package alone; `older` that
    it is older than what they have. `named` are the ids that the dry run of a push named as edited.
    """

    way: str
    has_options: bool
    first: bool = False
    older: bool = False
    company: bool = False
    named: tuple[str, ...] = ()

    @property
    def by_text(self) -> bool:
        """Whether new texts come by the .csv."""
        return self.way == "package + .csv" and not self.first

    @property
    def by_package(self) -> bool:
        """Whether a package is imported."""
        return self.way != "push" and (self.first or self.way == "package" or self.has_options)


def hold(
    before: State, after: State, release: ReleaseFiles, history: History, case: Case
) -> Outcome:
    """Hold what a learner has against what was promised.

    Args:
        before: all that the learner had before the release was taken.
        after: all that the learner has.
        release: the release that was taken.
        history: all releases.
        case: how it was taken.

    Returns:
        What was kept, lost and brought.
    """
    return _Comparison(before, after, release, history, case).outcome


class _Comparison:
    def __init__(
        self, before: State, after: State, release: ReleaseFiles, history: History, case: Case
    ) -> None:
        self.before, self.after, self.case = before, after, case
        self.release, self.history = release, history
        self.promised = {n.guid: n for n in release.part(case.company).notes.values()}
        self.outcome = Outcome(taken=1)
        self.types = {found["id"]: found for found in before["types"]}
        self.foreign = {
            number
            for number, found in release.types.items()
            if number in self.types and len(self.types[number]["fields"]) != len(found.fields)
        }
        self.new_notes = {note["id"]: note for note in after["notes"]}
        self.new_cards: dict[int, list[Any]] = {}
        for card in after["cards"]:
            self.new_cards.setdefault(card["note"], []).append(card)
        self._notes()
        self._strangers()
        self._cards()
        self._types()
        self._rest()

    def lose(self, what: str) -> None:
        self.outcome.lost.append(f"release {self.release.number}: {what}")

    def fault(self, what: str) -> None:
        self.outcome.faults.append(f"release {self.release.number}: {what}")

    def keep(self, what: str, same: bool, detail: str) -> None:
        if same:
            self.outcome.kept[what] += 1
        else:
            self.lose(f"{what}: {detail}")

    def _notes(self) -> None:
        for old in self.before["notes"]:
            new = self.new_notes.get(old["id"])
            if new is None or (new["guid"], new["type"]) != (old["guid"], old["type"]):
                self.lose(f"note {old['guid']} is gone or another")
                continue
            promised = self.promised.get(old["guid"])
            if old["guid"] in self.history.ids and old["type"] in self.release.types:
                self._note(old, new, promised)
            elif promised:
                self._double(old, new, promised)
            elif self._stands_in(old):
                self.outcome.told["copies of deleted notes"] += 1
            else:
                same = (old["fields"], old["tags"]) == (new["fields"], new["tags"])
                self.keep("own notes", same, f"{old['fields'][0]!r} is now {new['fields'][0]!r}")

    def _stands_in(self, old: Any) -> bool:
        """Say whether a push takes a copy for the note, which the learner deleted."""
        if self.case.way != "push" or old["type"] not in self.release.types:
            return False
        guids = {guid for guid, note in self.promised.items() if note.id == self._id(old)}
        return bool(guids) and not any(note["guid"] in guids for note in self.before["notes"])

    def _id(self, note: Any) -> str:
        found = self.release.types.get(note["type"])
        return str(note["fields"][found.fields.index("Id")]) if found else ""

    def _double(self, old: Any, new: Any, promised: PromisedNote) -> None:
        """Look at a note under the second note type that a field of the learner's has caused."""
        width = len(promised.fields)
        same = (old["fields"], old["tags"]) == (new["fields"], new["tags"])
        came = tuple(new["fields"][:width]) == promised.fields
        if not same and self.case.way == "package" and came and promised.mod > old["mod"]:
            self.outcome.told["My notes"] += any(old["fields"][width:])
        else:
            name = promised.id
            own = (old["fields"][width:], old["tags"]) == (new["fields"][width:], new["tags"])
            self.keep("own notes", own and (same or came), f"{name} under a second note type")
        if promised.fields != tuple(old["fields"][:width]) and not self.case.older:
            self._count(promised, came, True)

    def _note(self, old: Any, new: Any, promised: PromisedNote | None) -> None:
        width = self.release.types[old["type"]].width
        text, texts = tuple(old["fields"][:width]), self.history.texts[old["guid"]]
        # A ledger knows what was released up to its own day.
        known = texts.get(text, 99) <= self.release.number
        mine = text not in texts
        changed = promised is not None and promised.fields != text
        comes = bool(promised) and self._comes(old, promised, edited=not known)
        name = self.history.ids[old["guid"]]
        wanted = promised.fields if promised and comes else text
        got = tuple(new["fields"][:width])
        if got != wanted:
            what = f"the text of {name} is {_differ(got, wanted)}"
            self.lose(what) if not comes else self.fault(what)
        if promised:
            self._due(old, new, promised, changed=changed, comes=comes)
        if mine:
            if comes and changed:
                self.outcome.told["edits"] += 1
            else:
                self.keep("edits", got == text, name)
        if self.case.way == "push" and promised and changed and not known:
            self.outcome.both += 1
            if name in self.case.named:
                self.outcome.named += 1
            else:
                self.fault(f"{name} was edited by both, and is not named")
        replaced = comes and self.case.by_package and not self.case.by_text
        for written, now in zip(old["fields"][width:], new["fields"][width:], strict=True):
            if written:
                if replaced:
                    self.outcome.told["My notes"] += 1
                else:
                    self.keep("My notes", now == written, f"{name}: {written!r} is {now!r}")
            elif now:
                self.fault(f"{name}: there is something in My notes: {now!r}")
        self._tags(name, old, new, promised, replaced=replaced)

    def _comes(self, old: Any, promised: PromisedNote | None, *, edited: bool) -> bool:
        """Say whether a text is to replace the one that a learner has."""
        assert promised
        if self.case.by_text:
            return True
        if self.case.way == "push":
            return not edited
        return old["type"] not in self.foreign and promised.mod > old["mod"]

    def _due(
        self, old: Any, new: Any, promised: PromisedNote, *, changed: bool, comes: bool
    ) -> None:
        if not changed or self.case.older:
            return
        arrived = tuple(new["fields"][: len(promised.fields)]) == promised.fields
        legal = not comes
        if legal and self.case.way == "package" and old["type"] not in self.foreign:
            # The learner changed it, or an old engine took its import for a change.
            times = {release.time for release in self.history.releases}
            touched = old["mod"] not in times
            if not touched and old["mod"] >= promised.mod:
                self.fault(f"{promised.id} changed, and its time does not say so")
        self._count(promised, arrived, legal)

    def _count(self, promised: PromisedNote, arrived: bool, legal: bool) -> None:
        self.outcome.due += 1
        self.outcome.arrived += arrived
        self.outcome.waiting += legal and not arrived

    def _tags(
        self, name: str, old: Any, new: Any, promised: PromisedNote | None, *, replaced: bool
    ) -> None:
        released = self.history.tags[old["guid"]]
        own = set(old["tags"]) - set(released)
        now = set(new["tags"])
        if replaced:
            assert promised
            self.outcome.told["own tags"] += len(own - now)
            if now != set(promised.tags):
                self.fault(f"the tags of {name} are {sorted(now)}")
            return
        for tag in sorted(own):
            self.keep("own tags", tag in now, f"{name}: {tag}")
        if self.case.way == "push" and promised:
            ours = {tag for tag, number in released.items() if number <= self.release.number}
            wanted = (set(old["tags"]) - ours - {"status::retired"}) | set(promised.tags)
            if now != wanted:
                self.fault(f"the tags of {name} are {sorted(now)}, not {sorted(wanted)}")
        elif now != set(old["tags"]):
            self.fault(f"the tags of {name} changed to {sorted(now)}")

    def _strangers(self) -> None:
        """Look at what came new."""
        old = {note["id"] for note in self.before["notes"]}
        guids = Counter(note["guid"] for note in self.after["notes"])
        for guid, number in guids.items():
            if number > 1:
                self.fault(f"{self.history.ids.get(guid, guid)} is there {number} times")
        for note in self.after["notes"]:
            if note["id"] not in old:
                self._new_note(note)
        for guid, promised in self.promised.items():
            if guids[guid] or promised.retired:
                continue
            held = self.case.way == "push" and promised.type in self.foreign
            # A copy stands in for a note that the learner deleted.
            held |= self.case.way == "push" and any(
                self._id(note) == promised.id for note in self.before["notes"]
            )
            self.outcome.due += 1
            # A text makes no note of a note type that is not there.
            held |= (
                self.case.by_text and not self.case.by_package and promised.type not in self.types
            )
            self.outcome.waiting += held
            if not held:
                self.fault(f"{promised.id} did not come")

    def _new_note(self, note: Any) -> None:
        promised = self.promised.get(note["guid"])
        if promised is None:
            self.fault(f"a stranger came: {note['guid']} {note['fields'][0]!r}")
            return
        name, width = promised.id, len(promised.fields)
        self.outcome.due += 1
        fine = tuple(note["fields"][:width]) == promised.fields and not any(note["fields"][width:])
        if not fine:
            self.fault(f"the new {name} says {_differ(note['fields'], promised.fields)}")
        self.outcome.arrived += fine
        if note["type"] != promised.type and promised.type not in self.foreign:
            self.fault(f"the new {name} has another note type")
        text_alone = self.case.by_text and not self.case.by_package
        tags = set() if text_alone else set(promised.tags)
        if set(note["tags"]) != tags and not (promised.retired and self.case.by_text):
            self.fault(f"the new {name} has the tags {note['tags']}")
        cards = self.new_cards.get(note["id"], [])
        if promised.retired:
            places = {card["deck"] for card in cards}
            aside = {f"{ROOT} (taken out)"} if self.case.by_text else set()
            if self.case.way == "push" or not places <= aside:
                self.fault(f"{name}, which was taken out, came with cards in {sorted(places)}")
            return
        if sorted(card["ord"] for card in cards) != sorted(promised.ords):
            self.fault(f"the new {name} has the cards {[card['ord'] for card in cards]}")
        for card in cards:
            if card["deck"] != promised.deck:
                self.fault(f"the new {name} is in {card['deck']}")

    def _cards(self) -> None:
        after = {card["id"]: card for card in self.after["cards"]}
        same_day = self.before["today"] == self.after["today"]
        for old in self.before["cards"]:
            new = after.get(old["id"])
            what = (
                "flags, suspensions"
                if old["schedule"][9] or old["schedule"][1] < 0
                else "schedules"
            )
            moved = old["deck"] not in self.history.decks or old["home"]
            if new is None:
                self.lose(f"card {old['id']}, {old['ord']} of {old['note']}")
                continue
            if not same_day and old["schedule"][1] < -1:
                continue  # Anki digs out what was buried
            fixed = ("note", "ord", "schedule")
            self.keep(what, all(old[k] == new[k] for k in fixed), f"{old} is {new}")
            place = (old["deck"], old["home"]) == (new["deck"], new["home"])
            self.keep("moved cards" if moved else "decks of cards", place, f"{old} is {new}")
        known = {card["id"] for card in self.before["cards"]}
        notes = {note["id"]: note for note in self.before["notes"]}
        for card in self.after["cards"]:
            if card["id"] not in known and card["note"] in notes:
                self._new_card(card, notes[card["note"]])
        if self.case.older:
            return
        for note in self.after["notes"]:
            promised = self.promised.get(note["guid"])
            if promised and tuple(note["fields"][: len(promised.fields)]) == promised.fields:
                there = {card["ord"] for card in self.new_cards.get(note["id"], [])}
                if not set(promised.ords) <= there:
                    self.fault(f"of {promised.id} only the cards {sorted(there)} are there")

    def _new_card(self, card: Any, note: Any) -> None:
        promised = self.promised.get(note["guid"])
        name = self.history.ids.get(note["guid"], note["guid"])
        siblings = {
            c[k] for c in self.before["cards"] for k in ("deck", "home") if c["note"] == note["id"]
        }
        if promised is None or (card["ord"] not in promised.ords and not promised.retired):
            self.fault(f"{name} got a card {card['ord']} that nobody promised")
        elif promised.retired and (not self.case.by_text or card["deck"] != f"{ROOT} (taken out)"):
            self.fault(f"{name}, which was taken out, got a card {card['ord']} in {card['deck']}")
        elif promised.retired:
            self.outcome.told["notices that came back"] += 1
        elif card["deck"] not in {promised.deck, *siblings} and len(siblings - {""}) < 2:
            self.fault(f"the new card {card['ord']} of {name} is in {card['deck']}")

    def _types(self) -> None:
        after = {found["id"]: found for found in self.after["types"]}
        used = {note.type for note in self.promised.values()}
        for number, old in self.types.items():
            new = after.get(number)
            if new is None:
                self.lose(f"the note type {old['name']}")
                continue
            if (old["name"], old["fields"]) != (new["name"], new["fields"]):
                self.lose(f"the note type {old['name']} is {new['name']}: {new['fields']}")
            if number not in self.release.types:
                double = old["name"].startswith(ROOT) and self.case.by_package
                if (old["css"], old["templates"]) != (new["css"], new["templates"]) and not double:
                    self.lose(f"the look of {old['name']}")
            elif number in used or self.case.way == "push":
                self._look(number, old, new)
        for number, new in after.items():
            if number in self.types:
                continue
            base = new["name"].rstrip("+")
            allowed = {found.name for n, found in self.release.types.items() if n in self.foreign}
            if number in self.release.types:
                promised = self.release.types[number]
                if new["css"].partition(STYLE_MARKER)[0] != promised.css:
                    self.fault(f"the look of {new['name']}")
            elif base not in allowed or self.case.way == "push":
                self.fault(f"a note type came that nobody promised: {new['name']}")
            else:
                self.outcome.told["second note types"] += 1

    def _look(self, number: int, old: Any, new: Any) -> None:
        promised = self.release.types[number]
        deck, marker, own = old["css"].partition(STYLE_MARKER)
        now, _, own_now = new["css"].partition(STYLE_MARKER)
        all_own = not marker
        templates = [list(template) for template in promised.templates]
        if self.case.way == "push":
            comes = not all_own
            replaced = False
            if new["templates"] != templates:
                self.fault(f"the templates of {old['name']} did not come")
        else:
            comes = replaced = (
                self.case.by_package and number not in self.foreign and promised.mod > old["mod"]
            )
        if now != (promised.css if comes else deck):
            self.fault(f"the look of {old['name']} {'did not come' if comes else 'came'}")
        styled = own.strip() if marker else old["css"]
        if styled:
            if replaced:
                self.outcome.told["own styles"] += 1
            else:
                same = own_now == own if marker else new["css"] == old["css"]
                self.keep("own styles", same, f"{old['name']}: {own!r} is {own_now!r}")
        if promised.css != deck and not self.case.older:
            self.outcome.due += 1
            arrived = now == promised.css
            self.outcome.arrived += arrived
            self.outcome.waiting += not arrived and not comes
            times = {release.time for release in self.history.releases}
            if (
                not comes
                and self.case.by_package
                and number not in self.foreign
                and old["mod"] in times
            ):
                self.fault(f"the look of {old['name']} changed, and its time does not say so")

    def _rest(self) -> None:
        before, after = self.before, self.after
        self.outcome.kept["reviews"] += len(before["reviews"])
        if before["reviews"] != after["reviews"]:
            self.lose("the review log is another")
        for name, deck in before["decks"].items():
            self.keep("decks and their options", after["decks"].get(name) == deck, name)
        allowed = {*self.history.decks, ROOT} | (
            {f"{ROOT} (taken out)"} if self.case.by_text else set()
        )
        for name in sorted(set(after["decks"]) - set(before["decks"]) - allowed):
            self.fault(f"a deck came that nobody promised: {name}")
        for name, digest in before["media"].items():
            self.keep("figures", after["media"].get(name) == digest, name)
        if self.case.by_text and not self.case.by_package:
            return
        there = {note["guid"] for note in after["notes"]}
        for promised in self.promised.values():
            for name in promised.media if promised.guid in there else ():
                if after["media"].get(name) != self.release.media[name]:
                    self.fault(f"the figure {name} of {promised.id} did not come")


def _differ(got: Collection[str], wanted: Collection[str]) -> str:
    pairs = [f"{a!r} for {b!r}" for a, b in zip(got, wanted, strict=False) if a != b]
    return "; ".join(pairs)[:300]
