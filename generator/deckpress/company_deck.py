"""The deck of a company: what was asked there, what its interviews stress, and a common core."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from deckpress.model import Collection, Company, Emphasis, Note

ASKED, STRESSED, CORE = PARTS = ("asked", "emphasis", "core")
"""The parts of a company's deck, in the order in which they are studied."""

ENOUGH_CARDS = 25
"""A company's own cards are filled up with the core to this number."""


@dataclass(frozen=True, slots=True)
class CompanySummary:
    """What is known of a company: notes of each part, asked facts by grade, an Anki search."""

    slug: str
    name: str
    asked: int
    emphasis: int
    grades: Mapping[str, int]
    search: str


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


def count_grades(notes: Iterable[Note], companies: Iterable[str]) -> dict[str, int]:
    """Count the notes that companies asked by the best grade of their evidence, best first."""
    chosen = set(companies)
    best = [
        min(fact.grade or "Z" for fact in asked)
        for note in notes
        if (asked := [f for f in note.evidence if f.company in chosen and f.kind == "asked"])
    ]
    return {grade.replace("Z", ""): best.count(grade) for grade in sorted(set(best))}


def anki_search(company: Company) -> str:
    """Return the search that finds a company's notes in Anki, in a collection with the full deck.

    Emphasis is no tag: every change of it would restamp notes and wipe the learner's own tags.
    """
    terms = [f"tag:company::{company.slug}", f"tag:company::{company.slug}::*"]
    terms += [f"tag:topic::{tag}" for stress in company.emphasis for tag in stress.tags]
    terms += [f"tag:category::{slug}" for stress in company.emphasis for slug in stress.categories]
    return " or ".join(dict.fromkeys(terms))


def summarize_companies(collection: Collection) -> tuple[CompanySummary, ...]:
    """Say of every company how many notes it has, and how strong the evidence is."""
    found: list[CompanySummary] = []
    for company in collection.companies.values():
        parts = divide_by_company(collection, [company.slug], {}, fill=False)
        grades = [
            fact.grade
            for note in collection.notes
            for fact in note.evidence
            if fact.company == company.slug and fact.kind == "asked"
        ]
        found.append(
            CompanySummary(
                company.slug,
                company.name,
                list(parts.values()).count(ASKED),
                list(parts.values()).count(STRESSED),
                {grade: grades.count(grade) for grade in sorted(set(grades))},
                anki_search(company),
            )
        )
    return tuple(found)
