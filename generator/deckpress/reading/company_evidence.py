"""Why a card names a company: the facts of its front matter, checked against what is known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from deckpress.model.collection import Category, Reference
from deckpress.model.company import CatalogueSource, Company, company_slug
from deckpress.model.note import Evidence
from deckpress.model.templates import Kind
from deckpress.schema.front_matter import Fact, FrontMatter
from deckpress.text.problem import Location, Problem
from deckpress.text.suggestions import misnamed
from deckpress.text.yaml import Key, YamlText


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words that cards may use; without companies or sources, any will do.

    `categories` is None when none is known, and then nothing is said of them; `both` says that
    word pairs are asked in both directions unless they say otherwise. `sections` has the names of
    sections by what the program calls them in the deck's language, `unfilled` what new cards begin
    with. `named` holds "companies" where nothing is known of the facts of companies, and "sources"
    where nothing is known of the grades of sources.
    """

    categories: Mapping[str, Category] | None
    kinds: Mapping[str, Kind]
    companies: Mapping[str, Company]
    sources: Mapping[str, CatalogueSource]
    works: Mapping[str, Reference] = field(default_factory=dict)
    both: bool = True
    sections: Mapping[str, str] = field(default_factory=dict)
    unfilled: tuple[str, ...] = ()
    named: tuple[str, ...] = ()

    def company(self, word: str) -> str:
        """Return the slug that a slug or an alias stands for; empty when it is unknown."""
        return company_slug(self.companies, word) if self.companies else word


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
    listed = raw if isinstance(raw, list) else []
    graded = bool(words.sources) and "sources" not in words.named
    places = {str(each): len(listed) - n for n, each in enumerate(reversed(listed), 1)}
    for word, facts in front.companies.items():
        at: Key = places[word] if listed else word
        slug = words.company(word)
        if not slug:
            names = [name for c in words.companies.values() for name in (c.slug, *c.aliases)]
            where = read.place(("companies", at))
            message = f"unknown company '{word}'"
            hint = "describe the company in companies.yaml"
            fault = misnamed(where, message, word, names, rule="unknown-company", without=hint)
            problems.append(fault)
        for index, fact in enumerate(facts):
            where = read.place(("companies", at, index, "source"))
            evidence, faults = _resolve(slug or word, fact, words)
            misled = evidence.fact and evidence.source not in words.sources
            if slug and not (faults or misled) and evidence.kind == "asked" and graded:
                faults = _demand(evidence, word)
            problems += [replace(fault, where=where) for fault in faults]
            found.append(evidence)
    found.sort(key=lambda fact: (fact.company, fact.kind, fact.source))
    return tuple(found), problems


def _resolve(slug: str, fact: Fact, words: Vocabulary) -> tuple[Evidence, list[Problem]]:
    """Take the evidence from the fact that is named, else as it is written."""
    faults: list[Problem] = []
    company = words.companies.get(slug)
    known = company.facts if company else {}
    if fact.fact and company and fact.fact not in known and "companies" not in words.named:
        message = f"there is no fact '{fact.fact}' of {company.name} in companies.yaml"
        hint = "add it to the company's facts in companies.yaml"
        fault = misnamed(Location(), message, fact.fact, known, rule="unknown-fact", without=hint)
        faults.append(fault)
    named = known.get(fact.fact)
    key = named.source if named else fact.source
    source = words.sources.get(key)
    # Of a fact in companies.yaml it is told there.
    if key and words.sources and not source and not named:
        message = f"unknown source '{key}'"
        hint = "describe it in sources.yaml"
        fault = misnamed(
            Location(), message, key, words.sources, rule="unknown-source", without=hint
        )
        faults.append(fault)
    grade = fact.grade or (source.grade if source else "")
    date = fact.date or (source.date if source else "")
    kind = named.kind if named else fact.kind
    return Evidence(slug, kind, key, grade, date, fact.fact, fact.match), faults


def _demand(evidence: Evidence, word: str) -> list[Problem]:
    if evidence.grade in ("A", "B"):
        return []
    what = f"on grade {evidence.grade}" if evidence.grade else "on nothing"
    hint = "name a fact of companies.yaml, or leave the company out"
    return [Problem(Location(), f"'asked at {word}' rests {what}", hint, rule="weak-evidence")]
