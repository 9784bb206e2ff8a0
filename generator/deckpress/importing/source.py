"""A deck as its file has it, before it becomes cards: the same values for every kind of file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Form = Literal["html", "markdown", "plain"]
"""What the fields of notes are written in."""


@dataclass(frozen=True, slots=True)
class SourceTemplate:
    """A template of a note type: its name, and the HTML of front and back with {{fields}}."""

    name: str
    front: str
    back: str


@dataclass(frozen=True, slots=True)
class SourceNoteType:
    """A note type: its name, the names of its fields, its templates, and whether it has holes.

    `id` is Anki's, 0 where there is none; `css` is the style of its cards.
    """

    name: str
    fields: tuple[str, ...]
    templates: tuple[SourceTemplate, ...] = ()
    cloze: bool = False
    id: int = 0
    css: str = ""


@dataclass(frozen=True, slots=True)
class SourceNote:
    """A note: its fields in the order of its note type, its tags, the deck of its first card.

    `guid` is empty where the file has none. `ords` are the numbers of its cards from 0, empty where
    they are unknown; `created` is the note's id in Anki (milliseconds), `mod` seconds since 1970,
    both 0 where unknown; `due` is the position of its first new card, 0 where it
    has none. `decks` are all the decks its cards lie in. `place` says where the note stands in a
    text file. `lost` says what the reader could not put into the fields.
    """

    guid: str
    note_type: str
    fields: tuple[str, ...]
    tags: tuple[str, ...] = ()
    deck: str = ""
    ords: tuple[int, ...] = ()
    mod: int = 0
    created: int = 0
    decks: tuple[str, ...] = ()
    place: str = ""
    lost: tuple[str, ...] = ()
    due: int = 0


@dataclass(frozen=True, slots=True)
class Remark:
    """Something that became no note or concerns none, and where it stands in a text file."""

    what: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """A whole deck, read: notes in reading order, note types by name, media by name.

    `media` may read the bytes only when asked for. `descriptions` are those of decks, by name; only
    decks that have one are there. `remarks` tell what concerns no single note, `readings` what was
    decided about the file that its author may know better.
    """

    title: str
    notes: tuple[SourceNote, ...]
    note_types: Mapping[str, SourceNoteType]
    media: Mapping[str, bytes] = field(default_factory=dict)
    form: Form = "html"
    remarks: tuple[Remark, ...] = ()
    descriptions: Mapping[str, str] = field(default_factory=dict)
    readings: tuple[Remark, ...] = ()
