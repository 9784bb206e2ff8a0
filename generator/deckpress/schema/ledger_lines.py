"""The shapes of the lines of the ledger: JSON, where a number is a number."""

from __future__ import annotations

from typing import Annotated

from pydantic import ConfigDict
from pydantic import Field as Entry

from deckpress.schema.words import Shape, Slug, Text

Count = Annotated[int, Entry(ge=0, lt=2**53)]
Time = Annotated[int, Entry(gt=0, lt=2**53)]
Position = Annotated[int, Entry(ge=0, lt=2**31)]
CardNumber = Annotated[int, Entry(ge=0, lt=500)]


class LedgerLine(Shape):
    """A line of the ledger; neither true nor 1.0 is a number here."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class HeadLine(LedgerLine):
    """The first line: version, namespace and names of the decks."""

    deckpress: int
    namespace: Slug
    decks: dict[Text, Text] = {}


class NoteTypeLine(LedgerLine):
    """What the ledger knows of a note type."""

    note_type: Text
    hash: Text
    mod: Time
    fields: Annotated[list[Text], Entry(min_length=1)]
    templates: Annotated[list[Text], Entry(min_length=1)]


class NoteLine(LedgerLine):
    """What the ledger knows of a note; defaults are made, for copies of them take longer."""

    id: Text
    kind: Text
    note_type: Text
    hash: Text
    mod: Time
    created: Time
    order: Position
    question: str
    ords: list[CardNumber] = Entry(default_factory=lambda: [0])
    retired: Count = 0
    replaced_by: str = ""
    guid: str = ""
    body: str = ""
    tags: list[Text] = Entry(default_factory=list)
    released: list[Text] = Entry(default_factory=list)
    former_tags: list[Text] = Entry(default_factory=list)


class SealLine(LedgerLine):
    """The last line: how many stand above it, and the beginning of their SHA-256."""

    lines: Count
    sha256: Text
