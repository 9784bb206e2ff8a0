"""A deck ready for export: all that an exporter sees."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from deckpress.anki.ledger import Ledger
from deckpress.anki.note import AnkiNote
from deckpress.model.collection import Collection, DeckInfo
from deckpress.model.note import Note
from deckpress.text.problem import CallError


@dataclass(frozen=True, slots=True)
class Deck:
    """The chosen notes of a collection with what is written of them.

    `name` is the output's name without its ending, `title` the same for people; `whole` says that
    nothing was left out; `rendered` holds every note of the collection by id; `tombstones` what was
    taken out of it and would have been chosen; `companies` are those that chose the notes, `parts`
    says to which part of their deck each note belongs. `words` are what chose the notes, the same
    whatever the order they were asked for in.
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
    companies: tuple[str, ...] = ()
    words: tuple[str, ...] = ()

    @property
    def cards(self) -> dict[str, int]:
        """The number of cards of each note, by id."""
        return {note.id: len(self.rendered[note.id].ords) for note in self.notes}

    @property
    def date(self) -> int:
        """The time of the newest change of any note, in seconds since 1970: the deck's own date."""
        return max((entry.mod for entry in self.ledger.notes.values()), default=0)

    @property
    def version(self) -> str:
        """What this release is called, everywhere that it is named."""
        return version_of(self.collection.info, self.ledger)


def version_of(info: DeckInfo, ledger: Ledger) -> str:
    """Return the version of a release.

    Args:
        info: what `deck.yaml` says.
        ledger: the ledger, brought up to date.

    Returns:
        The version that `deck.yaml` gives; without one the day, as YYYY-MM-DD in UTC, of the
        newest change of a note or of the look.
    """
    return info.version or date_of(ledger.newest)


def date_of(seconds: int) -> str:
    """Return the day, as YYYY-MM-DD in UTC, of a time in seconds since 1970; empty for 0."""
    return datetime.fromtimestamp(seconds, UTC).date().isoformat() if seconds else ""


def stand_alone(deck: Deck) -> Deck:
    """Return a separate deck, with other deck names, note types and GUIDs than the full deck's.

    For people who want it beside another company's, or none of the full deck: its notes are notes
    of their own in Anki, with a progress of their own.

    Args:
        deck: the chosen notes.

    Returns:
        The same notes under the deck's title. What they are to Anki depends on the deck and on what
        chose them alone: neither on the deck's slug, nor on the order of the choice.

    Raises:
        CallError: it is the full deck, whose cards would come twice into the same decks.
    """
    if deck.whole:
        raise CallError("--standalone sets a part of the deck apart: choose one, such as --company")
    old = deck.collection.info
    # What chose the notes may hold the sign that divides decks, as the tag `a::b` does.
    info = replace(old, root=deck.title.replace("::", "/"), title=deck.title)
    rendered = {
        name: note._replace(deck=info.root + note.deck.removeprefix(old.root))
        for name, note in deck.rendered.items()
    }
    return replace(
        deck,
        name=f"{deck.name}-standalone",
        collection=replace(deck.collection, info=info),
        rendered=rendered,
        ledger=replace(
            deck.ledger,
            namespace=" ".join((deck.ledger.namespace, "standalone", *deck.words)),
            notes={name: entry._replace(guid="") for name, entry in deck.ledger.notes.items()},
        ),
        whole=True,
    )
