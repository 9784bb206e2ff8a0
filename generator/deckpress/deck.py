"""A deck ready for export: all that an exporter sees."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from deckpress.anki_note import AnkiNote
from deckpress.ledger import Ledger
from deckpress.model import Collection, Note


@dataclass(frozen=True, slots=True)
class Deck:
    """The chosen notes of a collection with what is written of them.

    `name` is the output's name without its ending, `title` the same for people; `whole` says that
    nothing was left out; `rendered` holds every note of the collection by id; `tombstones` what was
    taken out of it.
    """

    name: str
    title: str
    collection: Collection
    notes: tuple[Note, ...]
    rendered: Mapping[str, AnkiNote]
    tombstones: tuple[AnkiNote, ...]
    ledger: Ledger
    whole: bool
    parts: Mapping[str, str] = field(default_factory=dict)

    @property
    def date(self) -> int:
        """The time of the newest change of any note, in seconds since 1970: the deck's own date."""
        return max((entry.mod for entry in self.ledger.notes.values()), default=0)
