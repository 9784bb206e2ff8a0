"""What is known of companies and their interviews, as frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class CatalogueSource:
    """An entry of `sources.yaml`: where facts about companies come from.

    `grade` is A (first-hand), B (question bank or guide) or C (a list without sources).
    """

    key: str
    title: str
    site: str = ""
    path: str = ""
    grade: str = ""
    date: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class CompanyFact:
    """A question that a company asked or is the subject of; cards lean on it by its key."""

    key: str
    kind: str
    source: str
    says: str
    role: str = ""


@dataclass(frozen=True, slots=True)
class Emphasis:
    """What a company's interviews stress: the tags and categories of notes to study for it."""

    tags: tuple[str, ...]
    categories: tuple[str, ...]
    source: str
    says: str


@dataclass(frozen=True, slots=True)
class Stage:
    """One round of a loop: its kind, its name, minutes such as "45" or "45-60", what it asks."""

    kind: str
    name: str
    minutes: str = ""
    what: str = ""


@dataclass(frozen=True, slots=True)
class Rounds:
    """The rounds of a company's interviews, as one source reports them."""

    source: str
    says: str
    role: str = ""
    stages: tuple[Stage, ...] = ()


@dataclass(frozen=True, slots=True)
class Company:
    """A company that notes may name; aliases lead to the same slug."""

    slug: str
    name: str
    aliases: tuple[str, ...] = ()
    facts: Mapping[str, CompanyFact] = field(default_factory=dict)
    emphasis: tuple[Emphasis, ...] = ()
    rounds: tuple[Rounds, ...] = ()


def company_slug(companies: Mapping[str, Company], word: str) -> str:
    """Return the slug that a slug or an alias stands for; empty when it is unknown."""
    if word in companies:
        return word
    return next((c.slug for c in companies.values() if word in c.aliases), "")


def company_name(companies: Mapping[str, Company], slug: str) -> str:
    """Return a company's name; its slug when nothing is known of it."""
    return companies[slug].name if slug in companies else slug
