"""The deck of a company: what was asked there, what its interviews stress, and a common core."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from deckpress.model.collection import Collection
from deckpress.model.company import Emphasis
from deckpress.model.note import Note

ASKED, STRESSED, CORE = PARTS = ("asked", "emphasis", "core")
"""The parts of a company's deck, in the order in which they are studied."""

ENOUGH_CARDS = 25
"""A company's own cards are filled up with the core to this number."""


def divide_by_company(
    collection: Collection, slugs: Iterable[str], cards: Mapping[str, int], *, fill: bool
) -> dict[str, str]:
    """Say which notes belong to the deck of companies, and to which part of it.

    Args:
        collection: all notes.
        slugs: the companies; what any of them asked is asked.
        cards: the number of cards of each note.
        fill: whether a small deck is filled up with the core.

    Returns:
        The part of each note by id, in the order of study: by part, then as the deck reads.
    """
    chosen = set(slugs)
    companies = [collection.companies[slug] for slug in chosen if slug in collection.companies]
    parts: dict[str, str] = {}
    for note in collection.notes:
        if any(fact.company in chosen and fact.kind == "asked" for fact in note.evidence):
            parts[note.id] = ASKED
    for note in collection.notes:
        named = any(fact.company in chosen for fact in note.evidence)
        if note.id not in parts and (
            named or any(selects(s, note) for c in companies for s in c.emphasis)
        ):
            parts[note.id] = STRESSED
    total = sum(cards.get(name, 1) for name in parts)
    for name in collection.info.core if fill else ():
        if total >= ENOUGH_CARDS:
            break
        if name not in parts:
            parts[name] = CORE
            total += cards.get(name, 1)
    return parts


def selects(stress: Emphasis, note: Note) -> bool:
    """Say whether a note is about what is stressed."""
    return note.category in stress.categories or bool(set(stress.tags) & set(note.tags))
