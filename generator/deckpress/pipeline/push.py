"""A deck into a running Anki: what is missing by package, new texts note by note."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from deckpress.anki.identity import stable_id
from deckpress.anki.push_plan import FoundNote, PushPlan, plan_push
from deckpress.decks.deck import Deck, stand_alone
from deckpress.decks.release import select
from deckpress.decks.selection import Selection
from deckpress.exporters import EXPORTERS
from deckpress.model.templates import STYLE_MARKER, NoteType
from deckpress.pipeline.anki_connect import AnkiConnect, AnkiError, read_json
from deckpress.pipeline.build import Report, report_nothing
from deckpress.pipeline.load import load
from deckpress.pipeline.making import ledger_file
from deckpress.pipeline.own_templates import own_templates
from deckpress.text.files import read_file, write_files

_MOST_JOURNAL = 500_000_000
"""The largest journal that is read, in bytes."""


@dataclass(frozen=True, slots=True)
class Look:
    """A new look for a note type in Anki, by the name it has there; what is None stays.

    `css` ends with the learner's own style, below the deck's.
    """

    name: str
    css: str | None = None
    templates: Mapping[str, Mapping[str, str]] | None = None


@dataclass(frozen=True, slots=True)
class Push:
    """A push that is ready, and has changed nothing yet.

    `plan` says what happens to notes, `looks` to note types, `media` which figures and sounds are
    sent. `foreign` are note types, by their names in Anki, with fields or templates that the deck
    does not know: their new notes, `held_back`, are not sent, since Anki would merge the note types
    and empty what stands in such a field. `unstyled`
    are note types whose style lacks the line below which it is the learner's, and so is all theirs.
    `resumed` says that an earlier push ended before it was done. `names` are the note types that
    Anki has, as it calls them.
    """

    deck: Deck
    plan: PushPlan
    looks: tuple[Look, ...]
    media: tuple[str, ...]
    foreign: tuple[str, ...]
    held_back: tuple[str, ...]
    unstyled: tuple[str, ...]
    resumed: bool
    journal: Path
    ledger: Mapping[Path, bytes]
    found: Mapping[str, FoundNote]
    names: Mapping[str, str]

    def __bool__(self) -> bool:
        return bool(self.plan or self.looks or self.media)


def prepare_push(
    anki: AnkiConnect,
    root: Path,
    out: Path,
    *,
    selection: Selection = Selection(),  # noqa: B008  # frozen, so it can be shared
    standalone: bool = False,
    locked: bool = False,
    overwrite: bool = False,
    report: Report = report_nothing,
) -> Push:
    """Find out what a push would do; neither Anki nor the disk is changed.

    Args:
        anki: the running Anki.
        root: the folder of cards.
        out: the folder of outputs, where the journal of an earlier push may lie.
        selection: which notes; an empty one takes all.
        standalone: whether Anki holds it apart from the full deck.
        locked: fail when the ledger is behind.
        overwrite: whether texts that the learner wrote over the deck's give way, and go to the
            field that is theirs.
        report: called with the number of files read and of all.

    Returns:
        The push, for `carry_out`.

    Raises:
        SourceError: the sources hold mistakes.
        SelectionError: nothing has what was asked for.
        AnkiError: Anki cannot be reached.
    """
    anki.greet()
    release = load(root, locked=locked, report=report)
    deck = select(release, selection)
    deck = stand_alone(deck) if standalone else deck
    journal = out / f"{deck.name}-push.json"
    begun = _read_journal(journal)
    names = _note_type_names(anki, deck)
    found = _find_notes(anki, deck, names)
    agreed = set(begun.get("overwritten", ()))
    plan = _plan(deck, found, lambda name: overwrite or name in agreed)
    types = deck.collection.note_types
    foreign = _foreign(anki, names, types)
    held = tuple(name for name in plan.added if deck.rendered[name].note_type in foreign)
    plan = replace(plan, added=tuple(name for name in plan.added if name not in held))
    looks, unstyled = _looks(anki, names, types)
    return Push(
        deck=deck,
        plan=plan,
        looks=looks,
        media=_missing_media(anki, deck, plan, held),
        foreign=tuple(names[slug] for slug in foreign),
        held_back=held,
        unstyled=unstyled,
        resumed=bool(begun),
        journal=journal,
        ledger=ledger_file(release, root),
        found=found,
        names=names,
    )


def carry_out(anki: AnkiConnect, push: Push) -> None:
    """Do what was prepared; should it end half-way, prepared and done again it does the rest.

    The ledger is written first, so that every text that reaches Anki is known for the deck's. Then
    the journal: what notes say before, and which texts the learner gives up. Each note is changed
    as a whole.

    Args:
        anki: the running Anki.
        push: what to do.

    Raises:
        AnkiError: Anki does not answer any more, or did not take all of it.
        OSError: the ledger or the journal cannot be written; Anki has what it had.
    """
    plan, deck = push.plan, push.deck
    write_files(push.ledger)
    if not push:
        _end_journal(push.journal)
        return
    _write_journal(push, done=False)
    media = deck.collection.media
    anki.call_all(
        "storeMediaFile",
        [{"filename": name, "data": base64.b64encode(media[name]).decode()} for name in push.media],
    )
    _set_looks(anki, push.looks)
    if plan.added:
        _import_new(anki, push)
    anki.call_all(
        "updateNoteFields",
        [{"note": {"id": change.number, "fields": change.fields}} for change in plan.changes],
    )
    for action, tags in (("removeTags", plan.remove_tags), ("addTags", plan.add_tags)):
        anki.call_all(action, [{"notes": n, "tags": tag} for tag, n in tags.items()])
    _check_arrival(anki, push)
    _write_journal(push, done=True)


def _plan(deck: Deck, found: Mapping[str, FoundNote], overwrite: Callable[[str], bool]) -> PushPlan:
    notes = [deck.rendered[note.id] for note in deck.notes]
    types = deck.collection.note_types
    return plan_push(notes, deck.tombstones, deck.ledger, types, found, overwrite)


def _note_type_names(anki: AnkiConnect, deck: Deck) -> dict[str, str]:
    """Return the names that Anki has for the deck's note types, as far as it has them."""
    names = {number: name for name, number in anki.call("modelNamesAndIds").items()}
    namespace = deck.ledger.namespace
    ids = {slug: stable_id(namespace, "note type", slug) for slug in sorted(deck.ledger.note_types)}
    return {slug: names[number] for slug, number in ids.items() if number in names}


def _foreign(
    anki: AnkiConnect, names: Mapping[str, str], types: Mapping[str, NoteType]
) -> list[str]:
    """Return the note types that the learner gave fields or templates, or took some from."""
    asked = [{"modelName": name} for name in names.values()]
    fields = anki.call_all("modelFieldNames", asked)
    templates = anki.call_all("modelTemplates", asked)
    return [
        slug
        for slug, some, sides in zip(names, fields, templates, strict=True)
        if (len(some), len(sides)) != (len(types[slug].fields), len(types[slug].templates))
    ]


def _find_notes(anki: AnkiConnect, deck: Deck, names: Mapping[str, str]) -> dict[str, FoundNote]:
    """Find the deck's notes by the id that stands in a field, or else by their numbers.

    The add-on tells no GUIDs. Of copies that a learner made of a note, the first is the note.
    """
    born = {entry.created: name for name, entry in deck.ledger.notes.items()}
    found: dict[str, FoundNote] = {}
    for slug in names:
        number = stable_id(deck.ledger.namespace, "note type", slug)
        note_type = deck.collection.note_types[slug]
        keys = [field.key for field in note_type.fields]
        place = keys.index("id") if "id" in keys else None
        numbers = sorted(anki.call("findNotes", query=f"mid:{number}"))
        for info in _read_notes(anki, numbers, note_type):
            identity = born.get(info.number, "") if place is None else info.fields[place]
            entry = deck.ledger.notes.get(identity)
            if entry and (identity not in found or entry.created == info.number):
                found[identity] = info
    return found


def _read_notes(anki: AnkiConnect, numbers: Sequence[int], note_type: NoteType) -> list[FoundNote]:
    notes: list[FoundNote] = []
    batches = [{"notes": numbers[start : start + 100]} for start in range(0, len(numbers), 100)]
    for infos in anki.call_all("notesInfo", batches):
        for info in infos:
            if not info:  # it was deleted just now
                continue
            fields = info["fields"]
            names = _arrange(sorted(fields, key=lambda name: fields[name]["order"]), note_type)
            texts = tuple(fields[name]["value"] for name in names)
            notes.append(FoundNote(info["noteId"], names, texts, tuple(info["tags"])))
    return notes


def _arrange(names: Sequence[str], note_type: NoteType) -> tuple[str, ...]:
    """Order the fields that Anki has as the deck does; a field of the learner's stands last."""
    ours = [field.name for field in note_type.fields]
    if set(ours) <= set(names):
        return (*ours, *(name for name in names if name not in ours))
    if len(ours) == len(names):  # one was renamed
        return tuple(names)
    missing = next(name for name in ours if name not in names)
    raise AnkiError(
        f"the note type '{note_type.name}' in Anki has other fields than the deck, and no "
        f"'{missing}'"
    )


def _looks(
    anki: AnkiConnect, names: Mapping[str, str], types: Mapping[str, NoteType]
) -> tuple[tuple[Look, ...], tuple[str, ...]]:
    """Compare the note types with those in Anki; return new looks, and types styled by learners."""
    asked = [{"modelName": name} for name in names.values()]
    styles = anki.call_all("modelStyling", asked)
    templates = anki.call_all("modelTemplates", asked)
    looks: list[Look] = []
    unstyled: list[str] = []
    for (slug, name), style, sides in zip(names.items(), styles, templates, strict=True):
        _, marker, own = style["css"].partition(STYLE_MARKER)
        css = types[slug].css.partition(STYLE_MARKER)[0] + STYLE_MARKER
        css += own if own.strip() else "\n"
        if not marker:
            unstyled.append(name)
        wanted = {t.name: {"Front": t.front, "Back": t.back} for t in types[slug].templates}
        new = {t: text for t, text in wanted.items() if t in sides and sides[t] != text}
        restyled = bool(marker) and css.rstrip() != style["css"].rstrip()
        if restyled or new:
            looks.append(Look(name, css if restyled else None, new or None))
    return tuple(looks), tuple(unstyled)


def _set_looks(anki: AnkiConnect, looks: Sequence[Look]) -> None:
    anki.call_all(
        "updateModelStyling",
        [{"model": {"name": k.name, "css": k.css}} for k in looks if k.css is not None],
    )
    anki.call_all(
        "updateModelTemplates",
        [{"model": {"name": k.name, "templates": k.templates}} for k in looks if k.templates],
    )


def _missing_media(
    anki: AnkiConnect, deck: Deck, plan: PushPlan, held: Sequence[str]
) -> tuple[str, ...]:
    """Return the figures and sounds that Anki lacks, but for those that the package brings."""
    packed = {*plan.added, *held}
    notes = [deck.rendered[note.id] for note in deck.notes if note.id not in packed]
    needed = {name for note in notes for name in note.media}
    if not needed:
        return ()
    return tuple(sorted(needed - set(anki.call("getMediaFilesNames", pattern="*"))))


def _import_new(anki: AnkiConnect, push: Push) -> None:
    """Send the notes that Anki lacks, and only these.

    The add-on imports as Anki's window does under "If newer", with note types merged and learning
    progress on: of a note that is in both, all fields and tags would be replaced. So would be the
    learner's style of a note type, unless what comes is older.
    """
    deck, added = push.deck, set(push.plan.added)
    types = {
        slug: replace(entry, mod=1) if slug in push.names else entry
        for slug, entry in deck.ledger.note_types.items()
    }
    notes = tuple(note for note in deck.notes if note.id in added)
    parts = deck.parts if len(notes) == len(deck.notes) else {}
    package = push.journal.with_suffix(".apkg")
    with own_templates(deck.collection.theme):
        write_files(
            {
                package: EXPORTERS["apkg"](
                    replace(
                        deck,
                        notes=notes,
                        tombstones=(),
                        parts=parts,
                        ledger=replace(deck.ledger, note_types=types),
                    )
                )
            }
        )
    try:
        if anki.call("importPackage", path=str(package.resolve())) is not True:
            raise AnkiError("Anki refused 'importPackage': it has no collection open")
    finally:
        package.unlink(missing_ok=True)


def _check_arrival(anki: AnkiConnect, push: Push) -> None:
    """Look into Anki again: what a window there holds open may have been written back."""
    found = _find_notes(anki, push.deck, _note_type_names(anki, push.deck))
    left = _plan(push.deck, found, lambda name: False)
    sent = {*push.plan.added, *(change.id for change in push.plan.changes)}
    open_ = (*left.added, *left.changed, *left.retired, *left.edited)
    missing = [name for name in open_ if name in sent]
    if missing:
        raise AnkiError(
            f"not everything arrived in Anki: {len(missing)} notes are missing "
            f"({', '.join(missing[:8])}{', ...' if len(missing) > 8 else ''}); close Anki's "
            "Browse, Edit and Add windows, and push again"
        )


def _read_journal(path: Path) -> dict[str, Any]:
    """Return what a push that was not done had begun; nothing where there is none.

    A journal that a push did not write says nothing: it may lie in a stranger's folder.
    """
    data, faults = read_file(path, most=_MOST_JOURNAL)
    if faults:
        return {}
    try:
        journal = read_json(data)
    except ValueError:
        return {}
    if not isinstance(journal, dict) or journal.get("done") is not False:
        return {}
    overwritten, before = journal.get("overwritten"), journal.get("before")
    plain = isinstance(overwritten, list) and all(isinstance(name, str) for name in overwritten)
    return journal if plain and isinstance(before, dict) else {}


def _write_journal(push: Push, *, done: bool) -> None:
    touched = {change.id for change in push.plan.changes}
    before = {name: asdict(push.found[name]) for name in sorted(touched)}
    earlier = _read_journal(push.journal)
    overwritten = {*push.plan.overwritten, *earlier.get("overwritten", ())}
    journal = {
        "done": done,
        "deck": push.deck.name,
        "overwritten": sorted(overwritten),
        "added": push.plan.added,
        # What a push that stopped had found is what the learner had.
        "before": {**before, **earlier.get("before", {})},
    }
    text = json.dumps(journal, ensure_ascii=False, indent=1) + "\n"
    write_files({push.journal: text.encode()})


def _end_journal(path: Path) -> None:
    journal = _read_journal(path)
    if journal:
        text = json.dumps({**journal, "done": True}, ensure_ascii=False, indent=1) + "\n"
        write_files({path: text.encode()})
