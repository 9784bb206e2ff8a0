"""The order of notes on pages: in each section what a learner meets first, as in Anki."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import chain, groupby

from deckpress.anki.order import study_rank
from deckpress.companies.deck_parts import PARTS
from deckpress.decks.deck import Deck
from deckpress.model.collection import Catalogue
from deckpress.model.note import Note

_NO_PARTS: Mapping[str, str] = {}


def in_page_order(deck: Deck) -> Deck:
    """Return a deck with its notes as they stand on a sheet, part by part."""
    return replace(deck, notes=page_order(deck.notes, deck.collection, deck.parts))


def page_order(
    notes: Iterable[Note], catalogue: Catalogue, parts: Mapping[str, str] = _NO_PARTS
) -> tuple[Note, ...]:
    """Put notes in the order in which they stand on pages.

    Word pairs that are written one after another are a table: it stays as its author wrote it, and
    stands where that of its rows would which a learner meets first.

    Args:
        notes: the notes in reading order.
        catalogue: the deck that they are of.
        parts: to which part of a company's deck each note belongs, by id.

    Returns:
        The notes by part, then by category, then as a learner meets them.
    """
    rank, kinds = study_rank(catalogue.info), catalogue.kinds

    def section(note: Note) -> tuple[int, str, bool]:
        part = parts.get(note.id)
        return PARTS.index(part) if part else 0, note.category, kinds[note.kind].compact

    blocks: list[tuple[int, tuple[int, ...], list[Note]]] = []
    for (part, _, is_table), run in groupby(notes, key=section):
        for block in [list(run)] if is_table else ([note] for note in run):
            blocks.append((part, min(map(rank, block)), block))
    blocks.sort(key=lambda block: block[:2])
    return tuple(chain.from_iterable(block for *_, block in blocks))
