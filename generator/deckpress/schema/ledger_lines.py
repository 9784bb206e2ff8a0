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
Words = Annotated[tuple[Text, ...], Entry(strict=False)]
"""A tuple; a list is taken for one, but nothing in it for anything else."""


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
    """What the ledger knows of a note, as tuples: of lists, defaults would be made for each."""

    id: Text
    kind: Text
    note_type: Text
    hash: Text
    mod: Time
    created: Time
    order: Position
    question: str
    ords: Annotated[tuple[CardNumber, ...], Entry(strict=False)] = (0,)
    retired: Count = 0
    replaced_by: str = ""
    guid: str = ""
    body: str = ""
    tags: Words = ()
    released: Words = ()
    former_tags: Words = ()


class SealLine(LedgerLine):
    """The last line: how many stand above it, and the beginning of their SHA-256."""

    lines: Count
    sha256: Text
