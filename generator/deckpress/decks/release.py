"""A collection with its ledger, and the decks that are selected from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from deckpress.anki.ledger import Ledger, write_ledger
from deckpress.anki.note import AnkiNote
from deckpress.anki.reconcile import Reconciled
from deckpress.decks.deck import Deck
from deckpress.decks.selection import (
    Facts,
    Selection,
    choose_notes,
    choose_retired,
    read_facts,
)
from deckpress.model.collection import Collection
from deckpress.text.problem import Problem


@dataclass(frozen=True, slots=True)
class Release:
    """A collection with its ledger, brought up to date in memory.

    `notes` are the collection's notes as Anki will hold them, by id; `before` is the ledger on the
    disk, `text` its text.
    """

    collection: Collection
    notes: Mapping[str, AnkiNote]
    before: Ledger
    reconciled: Reconciled
    text: str = ""

    @property
    def behind(self) -> bool:
        """Whether the ledger on disk is out of date."""
        return self.text != write_ledger(self.reconciled.ledger)

    @property
    def advice(self) -> tuple[Problem, ...]:
        """The advice for the author, which fails nothing, sorted by place."""
        return tuple(sorted({*self.collection.advice, *self.reconciled.changes.advice}))

    @property
    def cards(self) -> dict[str, int]:
        """The number of cards of each note, by id."""
        return {name: len(note.ords) for name, note in self.notes.items()}


def select(
    release: Release,
    selection: Selection = Selection(),  # noqa: B008  # frozen, so it can be shared
    facts: Facts | None = None,
) -> Deck:
    """Choose notes of a release.

    Args:
        release: the cards, read.
        selection: which notes; an empty one takes all.
        facts: those of the collection, where many decks are chosen.

    Returns:
        The deck, ready for every exporter.

    Raises:
        SelectionError: a word that does not exist, or no note has what is asked for.
    """
    if selection and facts is None:
        facts = read_facts(release.collection)
    selected = choose_notes(release.collection, selection, release.cards, facts)
    ledger, tombstones = release.reconciled.ledger, release.reconciled.tombstones
    if selection:
        entries = [ledger.notes[stone.id] for stone in tombstones]
        chosen = choose_retired(release.collection, selection, entries, facts)
        tombstones = tuple(stone for stone in tombstones if stone.id in chosen)
    return Deck(
        selected.name,
        selected.title,
        release.collection,
        selected.notes,
        release.notes,
        tombstones,
        ledger,
        whole=not selection,
        parts=selected.parts,
        companies=selected.companies,
        words=selected.words,
    )
