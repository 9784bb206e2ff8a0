"""What a push changes in a collection: the deck's notes against those that Anki has.

A text that was released under a note's id is the deck's, and gives way to the new one; any other
was written by the learner, and stays unless it is to be overwritten.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from deckpress.anki.ledger import Ledger
from deckpress.anki.note import RETIRED_TAG, AnkiNote, content_hash
from deckpress.markup.elements import element, html, join, void
from deckpress.model.templates import NoteType


@dataclass(frozen=True, slots=True)
class FoundNote:
    """A note in Anki: its number there, the names and contents of its fields in order, its tags."""

    number: int
    names: tuple[str, ...]
    fields: tuple[str, ...]
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TextChange:
    """New contents for some fields of a note in Anki, by the names that Anki has for them."""

    id: str
    number: int
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class PushPlan:
    """What a push does, by ids in the deck's order.

    `added` are notes that Anki lacks, `changes` the texts to write: of `changed` and `retired`
    notes, and of `overwritten` ones, whose old text goes to the learner's own field. `edited` are
    notes that keep what the learner wrote. `add_tags` and `remove_tags` map tags to numbers of
    notes in Anki.
    """

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    retired: tuple[str, ...] = ()
    edited: tuple[str, ...] = ()
    overwritten: tuple[str, ...] = ()
    changes: tuple[TextChange, ...] = ()
    add_tags: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    remove_tags: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.added or self.changes or self.add_tags or self.remove_tags)


def plan_push(
    notes: Sequence[AnkiNote],
    tombstones: Sequence[AnkiNote],
    ledger: Ledger,
    note_types: Mapping[str, NoteType],
    found: Mapping[str, FoundNote],
    overwrite: Callable[[str], bool],
) -> PushPlan:
    """Compare the notes of a deck with those in Anki.

    Args:
        notes: the notes of the deck.
        tombstones: what was taken out of it; whoever has it gets the notice, and nobody else.
        ledger: what was released, these notes among it.
        note_types: the note types by slug.
        found: the deck's notes in Anki, by id.
        overwrite: says of an id whether what the learner wrote over its text gives way.

    Returns:
        What is to be done; nothing where Anki has all of it.
    """
    added: list[str] = []
    ids: dict[str, list[str]] = {"changed": [], "retired": [], "edited": [], "overwritten": []}
    changes: list[TextChange] = []
    add_tags: dict[str, list[int]] = {}
    remove_tags: dict[str, list[int]] = {}
    gone = {stone.id for stone in tombstones}
    for note in (*notes, *tombstones):
        here = found.get(note.id)
        if here is None:
            added += [note.id] if note.id not in gone else []
            continue
        entry = ledger.notes[note.id]
        width = len(note_types[note.note_type].content_fields)
        fields = dict(zip(here.names[:width], note.fields, strict=False))
        content = here.fields[:width]
        new = content_hash(content) != note.content
        if new and content_hash(content) in entry.released:
            ids["retired" if note.id in gone else "changed"].append(note.id)
            changes.append(TextChange(note.id, here.number, fields))
        elif new and overwrite(note.id) and len(here.names) > width:
            ids["overwritten"].append(note.id)
            own = _keep_text(here, fields, width)
            changes.append(TextChange(note.id, here.number, {**fields, here.names[width]: own}))
        elif new:
            ids["edited"].append(note.id)
        # Anki knows tags by their letters, large or small.
        has = {tag.casefold() for tag in here.tags}
        wanted = {tag.casefold() for tag in note.tags}
        for tag in note.tags:
            if tag.casefold() not in has:
                add_tags.setdefault(tag, []).append(here.number)
        for tag in sorted({*entry.tags, *entry.former_tags, RETIRED_TAG}):
            if tag.casefold() in has - wanted:
                remove_tags.setdefault(tag, []).append(here.number)
    return PushPlan(
        added=tuple(added),
        changes=tuple(changes),
        add_tags={tag: tuple(numbers) for tag, numbers in sorted(add_tags.items())},
        remove_tags={tag: tuple(numbers) for tag, numbers in sorted(remove_tags.items())},
        **{name: tuple(found_ids) for name, found_ids in ids.items()},
    )


def _keep_text(here: FoundNote, fields: Mapping[str, str], width: int) -> str:
    """Write the learner's own field with the texts behind it that are about to be overwritten."""
    kept = [html(here.fields[width])] if here.fields[width] else []
    for name, text in zip(here.names[:width], here.fields, strict=False):
        if text and unicodedata.normalize("NFC", text) != fields[name]:
            # Anki would make cards of holes, in whatever field they stand.
            text = text.replace("{{", "{&#123;").replace("}}", "}&#125;")
            title = element("p", element("b", name, ", as it was:"))
            kept.append(join([title, element("div", html(text))]))
    return str(join(kept, void("hr")))
