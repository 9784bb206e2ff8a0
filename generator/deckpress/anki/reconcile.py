"""The cards as they are against the ledger as it was: what is new, changed, retired."""

from __future__ import annotations

import json
import shlex
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from operator import itemgetter
from pathlib import PurePosixPath

from deckpress.anki.changes import Changes
from deckpress.anki.ledger import MOST_REMEMBERED, Ledger, NoteEntry, NoteTypeEntry, remember
from deckpress.anki.note import AnkiNote, compose_tombstone
from deckpress.anki.order import arrange, study_order
from deckpress.model.collection import Collection, deck_name
from deckpress.model.note import Note
from deckpress.model.templates import Kind, NoteType
from deckpress.reading.duplicates import find_unknown_retired
from deckpress.text.problem import Location, Problem

SHIPPED = 180 * 24 * 3600
"""How long a tombstone travels, in seconds from when the note was taken out to the newest change.

Its own text names the day on which that ends. The note's id stays in the ledger for ever.
"""


@dataclass(frozen=True, slots=True)
class Reconciled:
    """The ledger brought up to date, the tombstones it asks for, and what changed."""

    ledger: Ledger
    tombstones: tuple[AnkiNote, ...]
    changes: Changes
    problems: tuple[Problem, ...]


def reconcile(
    old: Ledger, collection: Collection, notes: Sequence[AnkiNote], now: int, path: str
) -> Reconciled:
    """Bring the ledger up to date.

    An unchanged note keeps its time; a changed one gets `max(old + 1, now)`; one that is gone
    becomes a tombstone; a tombstone that is a note again comes back with a newer time. What Anki
    would refuse or tear is a problem: another note type under an old id, another note under a
    retired one, an old note under another id, fields or templates of a released note type, the name
    of a released deck.

    Args:
        old: the ledger as it was.
        collection: the cards as they are.
        notes: the same cards as Anki will hold them.
        now: the time of the release, in seconds since 1970.
        path: the ledger's name, for problems.

    Returns:
        The new ledger and what came of it.
    """
    problems = [*_check_decks(old, collection, path), *_check_ids(old, collection, notes)]
    types, restyled, faults = _reconcile_note_types(old, collection, now, path)
    order = study_order(collection.notes, collection.info)
    entries, added, changed, returned = _reconcile_notes(old, notes, order, now)
    newest = max((entry.mod for entry in (*old.notes.values(), *entries.values())), default=now)
    tombstones, gone, retired = _bury(old, collection, notes, now, newest)
    advice = [
        *_find_new_slugs(old, collection, path),
        *_find_new_ids(old, collection, notes),
        *_advise(old, collection, notes),
    ]
    decks = {c.slug: deck_name(collection.info, c.slug) for c in collection.info.categories}
    ledger = Ledger(old.namespace, {**old.decks, **decks}, types, {**gone, **entries}, old.lines)
    changes = Changes(
        tuple(added),
        tuple(changed),
        tuple(retired),
        tuple(restyled),
        tuple(returned),
        tuple(advice),
    )
    return Reconciled(ledger, tuple(tombstones), changes, (*problems, *faults))


def _reconcile_notes(
    old: Ledger, notes: Sequence[AnkiNote], order: Sequence[str], now: int
) -> tuple[dict[str, NoteEntry], list[str], list[str], list[str]]:
    known = {name: e.order for name, e in old.notes.items() if not e.retired}
    orders = arrange(order, known)
    fresh = [note.id for note in notes if note.id not in old.notes]
    created = _new_times(fresh, {entry.created for entry in old.notes.values()}, now)
    entries: dict[str, NoteEntry] = {}
    changed: list[str] = []
    returned: list[str] = []
    for note in notes:
        before = old.notes.get(note.id)
        if before is not None and _is_unchanged(before, note, orders[note.id]):
            entries[note.id] = before
            continue
        mod = now if before is None else before.mod
        if before is not None and (before.retired or before.hash != note.hash):
            mod = max(before.mod + 1, now)
            (returned if before.retired else changed).append(note.id)
        entries[note.id] = NoteEntry(
            note.id,
            note.kind,
            note.note_type,
            note.hash,
            mod,
            before.created if before else created[note.id],
            orders[note.id],
            note.question,
            note.ords,
            guid=before.guid if before else "",
            body=note.body,
            tags=note.tags,
            released=remember(before.released if before else (), (note.content,)),
            former_tags=_former_tags(note, before) if before else (),
        )
    return entries, fresh, changed, returned


_SAID_BY_BOTH = ("kind", "note_type", "hash", "question", "body", "ords", "tags")
_said_before = itemgetter(*map(NoteEntry._fields.index, _SAID_BY_BOTH))
_said_now = itemgetter(*map(AnkiNote._fields.index, _SAID_BY_BOTH))


def _is_unchanged(before: NoteEntry, note: AnkiNote, order: int) -> bool:
    """Say whether an entry says of a note all that a new one would, as most do in most builds."""
    return (
        _said_before(before) == _said_now(note)
        and before.order == order
        and before.released[-1:] == (note.content,)
        and not before.retired
        and not before.replaced_by
        and len({*before.released}) == len(before.released) <= MOST_REMEMBERED
        and (not before.former_tags or _are_former(before.former_tags, note.tags))
    )


def _are_former(tags: tuple[str, ...], now: tuple[str, ...]) -> bool:
    return remember(tags, ()) == tags and not {*tags}.intersection(now)


def _former_tags(note: AnkiNote, before: NoteEntry) -> tuple[str, ...]:
    dropped = [tag for tag in before.tags if tag not in note.tags]
    kept = [tag for tag in before.former_tags if tag not in note.tags]
    return remember(kept, dropped)


def _new_times(ids: Sequence[str], taken: set[int], now: int) -> dict[str, int]:
    """Give each new note a millisecond of its own, up to now, in the deck's order."""
    times: dict[str, int] = {}
    at = now * 1000 - len(ids)
    for name in ids:
        at += 1
        while at in taken:
            at += 1
        times[name] = at
    return times


def _bury(
    old: Ledger, collection: Collection, notes: Sequence[AnkiNote], now: int, newest: int
) -> tuple[list[AnkiNote], dict[str, NoteEntry], list[str]]:
    living = {note.id: note for note in notes}
    heirs = {gone: note.id for note in collection.notes for gone in note.replaces}
    tombstones: list[AnkiNote] = []
    entries: dict[str, NoteEntry] = {}
    newly: list[str] = []
    for name, before in sorted(old.notes.items()):
        note_type = collection.note_types.get(before.note_type)
        if name in living or note_type is None:
            continue
        heir = heirs.get(name, before.replaced_by)
        kind = collection.kinds.get(before.kind, Kind(before.kind, before.note_type))
        answer = living[heir].question if heir in living else ""
        mod = max(before.mod + 1, now)
        retired = before.retired or mod
        until = datetime.fromtimestamp(retired + SHIPPED, UTC).date().isoformat()
        stone = compose_tombstone(
            name,
            kind,
            before.ords,
            before.question,
            answer,
            until,
            note_type,
            collection.info.words,
        )
        entry = before._replace(
            hash=stone.hash,
            replaced_by=heir,
            retired=retired,
            released=remember(before.released, (stone.content,)),
        )
        if before.hash != stone.hash:
            entry = entry._replace(mod=mod)
        if not before.retired:
            newly.append(name)
        if newest - retired < SHIPPED:
            tombstones.append(stone)
        entries[name] = entry
    return tombstones, entries, newly


def _reconcile_note_types(
    old: Ledger, collection: Collection, now: int, path: str
) -> tuple[dict[str, NoteTypeEntry], list[str], list[Problem]]:
    entries: dict[str, NoteTypeEntry] = dict(old.note_types)
    changed: list[str] = []
    problems: list[Problem] = []
    used = {collection.kinds[note.kind].note_type for note in collection.notes}
    for slug in sorted(used | set(old.note_types)):
        note_type = collection.note_types.get(slug)
        before = old.note_types.get(slug)
        if note_type is None:
            hint = "its notes are in people's collections: restore its folder"
            problems.append(
                Problem(
                    Location(path),
                    f"the note type '{slug}' is gone",
                    hint,
                    rule="released-note-type",
                )
            )
            continue
        fields = tuple(field.key for field in note_type.fields)
        templates = tuple(template.key for template in note_type.templates)
        if before and (before.fields, before.templates) != (fields, templates):
            message = f"the fields or templates of the released note type '{slug}' changed"
            hint = (
                "Anki would refuse every later update: keep keys and their order as in deck.lock, "
                "rename instead, or use a reserved field"
            )
            problems.append(Problem(Location(path), message, hint, rule="released-note-type"))
        look = _look_hash(note_type, collection.info.title)
        mod = now if before is None else before.mod
        if before and before.hash != look:
            mod = max(before.mod + 1, now)
            changed.append(slug)
        entries[slug] = NoteTypeEntry(slug, look, mod, fields, templates)
    return entries, changed, problems


def _look_hash(note_type: NoteType, title: str) -> str:
    parts: list[object] = [title, note_type.name, note_type.css, note_type.cloze]
    parts += [[field.name, field.description, field.collapsed] for field in note_type.fields]
    parts += [
        [t.name, t.front, t.back, t.browser_front, t.browser_back] for t in note_type.templates
    ]
    return sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()[:16]


def _check_decks(old: Ledger, collection: Collection, path: str) -> list[Problem]:
    names = {c.slug: deck_name(collection.info, c.slug) for c in collection.info.categories}
    renamed = [(was, names[slug]) for slug, was in old.decks.items() if names.get(slug, was) != was]
    seal = f"deckpress merge-lock --seal {shlex.quote(PurePosixPath(path).parent.as_posix())}"
    why = "an import never moves cards, so people would keep the old deck and get a second one"
    unborn = f"or, if nobody has the deck yet, change it in deck.lock as well, and run `{seal}`"
    root = collection.info.root
    roots = {was.removesuffix(now.removeprefix(root)) for was, now in renamed}
    if len(roots) == 1 and roots.isdisjoint(was for was, _ in renamed):
        # Whoever gives the deck another title gets all of its decks renamed: that is said once.
        (before,) = roots
        message = f"the deck '{before}' is now called '{root}'"
        line = f"root: {json.dumps(before, ensure_ascii=False)}"
        hint = f"{why}; write `{line}` in deck.yaml to keep it under any title; {unborn}"
        return [Problem(Location(path), message, hint, rule="released-deck")]
    hint = (
        f"{why}; restore the name (number: 03b puts a new category after 03 without renumbering "
        f"the others); {unborn}"
    )
    return [
        Problem(
            Location(path), f"the deck '{was}' is now called '{now}'", hint, rule="released-deck"
        )
        for was, now in renamed
    ]


def _find_new_slugs(old: Ledger, collection: Collection, path: str) -> list[Problem]:
    """Say where a category is gone and a new one has its notes: to Anki that is another deck."""
    rule = "replaced-deck"
    names = {c.slug: deck_name(collection.info, c.slug) for c in collection.info.categories}
    if rule in collection.info.allow:
        return []
    where = Location((PurePosixPath(path).parent / "deck.yaml").as_posix())
    advice: list[Problem] = []
    for slug, was in old.decks.items():
        if was in names.values():
            continue
        tag = f"category::{slug}"
        entries = ((note, old.notes.get(note.id)) for note in collection.notes)
        moved = Counter(
            note.category
            for note, before in entries
            if before and tag in before.tags and note.category not in old.decks
        )
        for new, number in moved.most_common(1):
            message = f"the category '{slug}' is gone, and '{new}' has {number} of its notes"
            hint = (
                f"people keep these cards in the deck '{was}', and get new ones in '{names[new]}': "
                f"give '{new}' the old name and number, and it stays one deck"
            )
            advice.append(Problem(where, message, hint, rule=rule))
    return advice


def _check_ids(old: Ledger, collection: Collection, notes: Sequence[AnkiNote]) -> list[Problem]:
    problems: list[Problem] = []
    living = {note.id for note in notes}
    missing = [entry for name, entry in sorted(old.notes.items()) if name not in living]
    for source, note in zip(collection.notes, notes, strict=True):
        before = old.notes.get(note.id)
        if before is None and source.id_from_file:
            problems += _recognize(source, note, missing)
        if before and before.retired and not _is_same(note, before):
            message = f"the id '{note.id}' belongs to “{before.question}”, which was taken out"
            hint = "choose another id; to bring that note back, give it its old question first"
            problems.append(Problem(source.where, message, hint, rule="retired-id"))
        elif before and before.note_type != note.note_type:
            message = f"'{note.id}' turned from {before.kind} into {note.kind}"
            hint = "Anki keeps a note's type: give the new note another id and replaces=" + note.id
            problems.append(Problem(source.where, message, hint, rule="note-type-changed"))
    return [*problems, *find_unknown_retired(collection.notes, old.notes)]


def _is_same(note: AnkiNote, entry: NoteEntry) -> bool:
    """Say whether a note asks, or says beside its question, what one of the ledger did."""
    return note.question == entry.question or bool(note.body and note.body == entry.body)


def _recognize(source: Note, note: AnkiNote, missing: Sequence[NoteEntry]) -> list[Problem]:
    """Find the note that a new one was before its file, and so its id, was renamed."""
    entry = _find_same(source, note, missing)
    if entry is None:
        return []
    message = f"'{note.id}' is the same note as '{entry.id}', which is gone"
    hint = f"write {{#{entry.id}}} after its question, or another id if it is a new note"
    return [Problem(source.where, message, hint, rule="renamed-note")]


def _find_same(source: Note, note: AnkiNote, missing: Sequence[NoteEntry]) -> NoteEntry | None:
    for entry in missing:
        if (
            entry.id not in source.replaces
            and entry.note_type == note.note_type
            and _is_same(note, entry)
        ):
            return entry
    return None


def _find_new_ids(
    old: Ledger, collection: Collection, notes: Sequence[AnkiNote]
) -> Iterator[Problem]:
    """Find notes that stayed what they were, but for the id that is written at their question."""
    rule = "changed-id"
    living = {note.id for note in notes}
    # Short answers are alike: here only a question says which note it is.
    missing: defaultdict[str, list[NoteEntry]] = defaultdict(list)
    for name, entry in sorted(old.notes.items()):
        if name not in living and not entry.retired:
            missing[entry.question].append(entry)
    if not missing or rule in collection.info.allow:
        return
    for source, note in zip(collection.notes, notes, strict=True):
        if note.id in old.notes or source.id_from_file:
            continue
        found = _find_same(source, note, missing.get(note.question, ()))
        if found:
            message = f"'{note.id}' is the same note as '{found.id}', which is gone"
            hint = (
                f"everyone would learn it from the start: keep the id {found.id}, or say "
                f"`replaces: [{found.id}]` if it is a new note"
            )
            yield Problem(source.where, message, hint, rule=rule)


def _advise(old: Ledger, collection: Collection, notes: Sequence[AnkiNote]) -> list[Problem]:
    """Say where a note lost or gained cards, which reach learners in a way of their own."""
    advice: list[Problem] = []
    for source, note in zip(collection.notes, notes, strict=True):
        before = old.notes.get(note.id)
        if before is None or before.ords == note.ords:
            continue
        if before.retired or before.note_type != note.note_type:
            continue
        for ord_ in sorted(set(before.ords) ^ set(note.ords)):
            lost = ord_ in before.ords
            name = f"hole {ord_ + 1}"
            note_type = collection.note_types[note.note_type]
            if not note_type.cloze:
                name = f"card '{note_type.templates[ord_].name}'"
            if lost:
                message = f"'{note.id}' lost its {name}"
                hint = (
                    "people who have the card will read that it was taken out; Tools, Empty Cards "
                    "removes it"
                )
            else:
                message = f"'{note.id}' gained a {name}"
                hint = "with Update notes: Never it stays empty until the update file is imported"
            rule = "lost-card" if lost else "gained-card"
            if rule not in collection.info.allow:
                advice.append(Problem(source.where, message, hint, rule=rule))
    return advice
