"""Why a card names a company: the facts of its front matter, held against what is known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from deckpress.model import CatalogueSource, Category, Company, Evidence, Kind
from deckpress.problem import Problem, suggest
from deckpress.schema import Fact, FrontMatter
from deckpress.yaml_text import Key, YamlText


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words that cards may use; without companies or sources, any will do."""

    categories: Mapping[str, Category]
    kinds: Mapping[str, Kind]
    companies: Mapping[str, Company]
    sources: Mapping[str, CatalogueSource]

    def company(self, word: str) -> str:
        """Return the slug that a slug or an alias stands for; empty when it is unknown."""
        if not self.companies or word in self.companies:
            return word
        return next((c.slug for c in self.companies.values() if word in c.aliases), "")


def read_evidence(
    front: FrontMatter, read: YamlText, words: Vocabulary
) -> tuple[tuple[Evidence, ...], list[Problem]]:
    """Read the companies of a card file.

    Where a catalogue of sources exists, "asked" must rest on one of grade A or B.

    Args:
        front: the front matter.
        read: the same as text, for the places.
        words: the companies, their facts, and the sources that exist.

    Returns:
        The evidence, sorted by company, and what is wrong with it.
    """
    found: list[Evidence] = []
    problems: list[Problem] = []
    raw = read.value.get("companies") if isinstance(read.value, dict) else None
    for word, facts in front.companies.items():
        at: Key = raw.index(word) if isinstance(raw, list) else word
        slug = words.company(word)
        if not slug:
            names = [name for c in words.companies.values() for name in (c.slug, *c.aliases)]
            where = read.place(("companies", at))
            problems.append(Problem(where, f"unknown company '{word}'", suggest(word, names)))
        for index, fact in enumerate(facts):
            where = read.place(("companies", at, index, "source"))
            evidence, faults = _resolve(slug or word, fact, words)
            if slug and not faults and evidence.kind == "asked" and words.sources:
                faults = _demand(evidence, word)
            problems += [Problem(where, message, hint) for message, hint in faults]
            found.append(evidence)
    found.sort(key=lambda fact: (fact.company, fact.kind, fact.source))
    return tuple(found), problems


def _resolve(slug: str, fact: Fact, words: Vocabulary) -> tuple[Evidence, list[tuple[str, str]]]:
    """Take the evidence from the fact that is named, else as it is written."""
    faults: list[tuple[str, str]] = []
    company = words.companies.get(slug)
    known = company.facts if company else {}
    if fact.fact and company and fact.fact not in known:
        message = f"there is no fact '{fact.fact}' of {company.name} in companies.yaml"
        faults.append((message, suggest(fact.fact, known)))
    named = known.get(fact.fact)
    key = named.source if named else fact.source
    source = words.sources.get(key)
    if key and words.sources and not source:
        faults.append((f"unknown source '{key}'", suggest(key, words.sources)))
    grade = fact.grade or (source.grade if source else "")
    date = fact.date or (source.date if source else "")
    return Evidence(slug, named.kind if named else fact.kind, key, grade, date), faults


def _demand(evidence: Evidence, word: str) -> list[tuple[str, str]]:
    if evidence.grade in ("A", "B"):
        return []
    what = f"on grade {evidence.grade}" if evidence.grade else "on nothing"
    hint = "name a fact of companies.yaml, or leave the company out"
    return [(f"'asked at {word}' rests {what}", hint)]
