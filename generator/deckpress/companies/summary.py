"""How much is known of each company, and the search that finds its notes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from deckpress.companies.deck_parts import ASKED, STRESSED, divide_by_company
from deckpress.companies.evidence import count_grades
from deckpress.model.collection import Collection
from deckpress.model.company import Company


@dataclass(frozen=True, slots=True)
class CompanySummary:
    """What is known of a company: notes of each part, the asked ones by grade, an Anki search."""

    slug: str
    name: str
    asked: int
    emphasis: int
    grades: Mapping[str, int]
    search: str


def anki_search(company: Company) -> str:
    """Return the search that finds a company's notes in Anki, in a collection with the full deck.

    Emphasis is no tag: every change of it would restamp notes and wipe the learner's own tags.
    """
    terms = [f"tag:company::{company.slug}", f"tag:company::{company.slug}::*"]
    terms += [f"tag:topic::{tag}" for stress in company.emphasis for tag in stress.tags]
    terms += [f"tag:category::{slug}" for stress in company.emphasis for slug in stress.categories]
    return " or ".join(dict.fromkeys(terms))


def asked_search(company: Company) -> str:
    """Return the search that finds what was asked at a company, without what only names it."""
    return f"tag:re:^company::{company.slug}$"


def summarize_companies(collection: Collection) -> tuple[CompanySummary, ...]:
    """Say of every company how many notes it has, and how strong the evidence is.

    Without `companies.yaml`, the companies are those that the cards name.
    """
    found: list[CompanySummary] = []
    named = sorted({fact.company for note in collection.notes for fact in note.evidence})
    known = {**collection.companies}
    for slug in named:
        known.setdefault(slug, Company(slug, slug))
    for company in known.values():
        parts = divide_by_company(collection, [company.slug], {}, fill=False)
        found.append(
            CompanySummary(
                company.slug,
                company.name,
                list(parts.values()).count(ASKED),
                list(parts.values()).count(STRESSED),
                count_grades(collection.notes, [company.slug]),
                anki_search(company),
            )
        )
    return tuple(found)
