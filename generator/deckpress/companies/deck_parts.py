"""The deck of a company: what was asked there, what is stressed, and what its rounds need."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from deckpress.companies.evidence import is_asked
from deckpress.model.collection import Collection, RoundKind
from deckpress.model.company import Company, Emphasis
from deckpress.model.note import Note
from deckpress.model.scales import rank_early

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
        fill: whether the deck is filled up: for each kind of round that the companies' loops have
            to the number of cards in deck.yaml, or, in a deck that names no rounds, with its core.

    Returns:
        The part of each note by id, in the order of study: by part, then as the deck reads.
    """
    chosen = set(slugs)
    companies = [collection.companies[slug] for slug in sorted(chosen & set(collection.companies))]
    parts: dict[str, str] = {}
    for note in collection.notes:
        if any(fact.company in chosen and is_asked(fact) for fact in note.evidence):
            parts[note.id] = ASKED
    for note in collection.notes:
        named = any(fact.company in chosen for fact in note.evidence)
        if note.id not in parts and (
            named or any(selects(s, note) for c in companies for s in c.emphasis)
        ):
            parts[note.id] = STRESSED
    if fill and collection.info.rounds:
        _fill_rounds(collection, companies, cards, parts)
    elif fill:
        _fill_with_core(collection, cards, parts)
    return parts


def loop_of(collection: Collection, companies: Iterable[Company]) -> tuple[RoundKind, ...]:
    """Return the kinds of rounds that companies are reported to have; all, where none is."""
    reported = reported_kinds(companies)
    kinds = collection.info.rounds
    return tuple(kind for kind in kinds if kind.kind in reported) or kinds


def reported_kinds(companies: Iterable[Company]) -> frozenset[str]:
    """Return the kinds of the rounds that are reported; none, if no source describes a loop.

    A source that tells of a single round says nothing of the others.
    """
    told = [rounds.stages for company in companies for rounds in company.rounds]
    if not any(len(stages) > 1 for stages in told):
        return frozenset()
    return frozenset(stage.kind for stages in told for stage in stages if stage.kind)


def _fill_rounds(
    collection: Collection,
    companies: Iterable[Company],
    cards: Mapping[str, int],
    parts: dict[str, str],
) -> None:
    first = {name: at for at, name in enumerate(collection.info.core)}
    order = {note.id: at for at, note in enumerate(collection.notes)}

    def rank(note: Note) -> tuple[int, ...]:
        early = rank_early(note.importance, note.difficulty)
        return first.get(note.id, len(first)), *early, order[note.id]

    for kind in loop_of(collection, companies):
        own = [note for note in collection.notes if note.category in kind.categories]
        have = sum(cards.get(note.id, 1) for note in own if note.id in parts)
        for note in sorted(own, key=rank):
            if have >= kind.cards:
                break
            if note.id not in parts:
                parts[note.id] = CORE
                have += cards.get(note.id, 1)


def _fill_with_core(
    collection: Collection, cards: Mapping[str, int], parts: dict[str, str]
) -> None:
    total = sum(cards.get(name, 1) for name in parts)
    for name in collection.info.core:
        if total >= ENOUGH_CARDS:
            break
        if name not in parts:
            parts[name] = CORE
            total += cards.get(name, 1)


def selects(stress: Emphasis, note: Note) -> bool:
    """Say whether a note is about what is stressed."""
    return note.category in stress.categories or bool(set(stress.tags) & set(note.tags))
