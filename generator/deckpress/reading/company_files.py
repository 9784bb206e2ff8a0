"""`companies.yaml` and `sources.yaml`: what is known of companies' interviews, and from where."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from deckpress.model.collection import DeckInfo
from deckpress.model.company import CatalogueSource, Company, CompanyFact, Emphasis, Rounds, Stage
from deckpress.model.note import Note
from deckpress.schema.deck_files import CompaniesFile, CompanyEntry, SourcesFile
from deckpress.schema.words import SLUG
from deckpress.text.problem import Location, Problem
from deckpress.text.suggestions import misnamed
from deckpress.text.yaml import YamlText


def read_companies(
    shape: CompaniesFile, read: YamlText
) -> tuple[dict[str, Company], list[Problem]]:
    """Make companies of the entries of `companies.yaml`.

    Args:
        shape: the file's entries.
        read: the same as text, for the places.

    Returns:
        The companies by slug; and every name or key that is given twice.
    """
    found: dict[str, Company] = {}
    problems: list[Problem] = []
    words: set[str] = set()
    for index, entry in enumerate(shape.companies):
        where = read.place(("companies", index))
        for word in (entry.slug, *entry.aliases):
            if word in words:
                problems.append(
                    Problem(where, f"the company '{word}' is defined twice", rule="company-twice")
                )
            words.add(word)
        facts: dict[str, CompanyFact] = {}
        for at, fact in enumerate(entry.facts):
            if fact.key in facts:
                place = read.place(("companies", index, "facts", at))
                problems.append(
                    Problem(place, f"the fact '{fact.key}' is defined twice", rule="fact-twice")
                )
            facts[fact.key] = CompanyFact(fact.key, fact.kind, fact.source, fact.says, fact.role)
        found[entry.slug] = Company(
            entry.slug,
            entry.name,
            tuple(entry.aliases),
            facts,
            tuple(
                Emphasis(tuple(e.tags), tuple(e.categories), e.source, e.says)
                for e in entry.emphasis
            ),
            tuple(
                Rounds(
                    r.source,
                    r.says,
                    r.role,
                    tuple(Stage(s.kind, s.name, s.minutes, s.what) for s in r.stages),
                )
                for r in entry.rounds
            ),
        )
    return found, problems


def read_sources(shape: SourcesFile) -> dict[str, CatalogueSource]:
    """Make the catalogue of sources of the entries of `sources.yaml`."""
    return {key: CatalogueSource(key, **entry.model_dump()) for key, entry in shape.sources.items()}


def name_companies(read: YamlText) -> dict[str, Company]:
    """Return the companies of a `companies.yaml` that has mistakes, with their names alone.

    Args:
        read: the file, read as YAML.

    Returns:
        The companies by slug; none at all where one may have a name that cannot be read.
    """
    entries = read.value.get("companies") if isinstance(read.value, dict) else None
    found: dict[str, Company] = {}
    for entry in entries if isinstance(entries, list) else ():
        names: dict[str, Any] = entry if isinstance(entry, dict) else {}
        slug, name, aliases = names.get("slug", ""), names.get("name"), names.get("aliases", [])
        # An unknown key may be that of the aliases, misspelt.
        whole = "aliases" in names or names.keys() <= CompanyEntry.model_fields.keys()
        if not (whole and isinstance(aliases, list) and all(map(_is_slug, (slug, *aliases)))):
            return {}
        found[slug] = Company(slug, name if isinstance(name, str) else slug, tuple(aliases))
    return found


def name_sources(read: YamlText) -> dict[str, CatalogueSource]:
    """Return the sources of a `sources.yaml` that has mistakes, with their keys alone."""
    entries = read.value.get("sources") if isinstance(read.value, dict) else None
    keys = entries if isinstance(entries, dict) and all(map(_is_slug, entries)) else {}
    return {key: CatalogueSource(key, title=key) for key in keys}


def _is_slug(value: object) -> bool:
    return isinstance(value, str) and bool(re.fullmatch(SLUG, value))


def check_companies(
    companies: CompaniesFile | None,
    places: YamlText,
    sources: Mapping[str, CatalogueSource],
    info: DeckInfo | None,
    notes: Sequence[Note],
) -> list[Problem]:
    """Check that what is said of companies leads to sources, categories and tags that exist.

    Args:
        companies: the entries of `companies.yaml`.
        places: the same as text, for the places.
        sources: the catalogue of sources.
        info: what the deck says of its categories and kinds of rounds; None when it says nothing.
        notes: the notes, for their tags and for the facts that they lean on.

    Returns:
        Every name that leads nowhere, every "asked" that rests on a source of grade C, and as
        advice every question that was asked and that no note asks.
    """
    categories = {category.slug for category in info.categories} if info else set()
    kinds = {each.kind for each in info.rounds} if info else set()
    answered = {(fact.company, fact.fact) for note in notes for fact in note.evidence}
    tags = {tag for note in notes for tag in note.tags}
    problems: list[Problem] = []
    for index, company in enumerate(companies.companies if companies else ()):
        cited = [("facts", at, fact.source) for at, fact in enumerate(company.facts)]
        cited += [("emphasis", at, stress.source) for at, stress in enumerate(company.emphasis)]
        cited += [("rounds", at, rounds.source) for at, rounds in enumerate(company.rounds)]
        for part, at, source in cited:
            where = places.place(("companies", index, part, at, "source"))
            if source not in sources:
                message = f"unknown source '{source}'"
                problems.append(
                    misnamed(
                        where,
                        message,
                        source,
                        sources,
                        rule="unknown-source",
                        without="describe it in sources.yaml, beside deck.yaml",
                    )
                )
            elif part == "facts" and sources[source].grade == "C":
                hint = "asked and watched need a source of grade A or B; leave the fact out"
                problems.append(
                    Problem(where, f"'{source}' is of grade C", hint, rule="weak-source")
                )
        for at, stress in enumerate(company.emphasis):
            where = places.place(("companies", index, "emphasis", at))
            for word, known, what in (
                *((tag, tags, "tag") for tag in stress.tags),
                *((slug, categories, "category") for slug in stress.categories),
            ):
                if word not in known:
                    message = f"no note has the {what} '{word}'"
                    problems.append(misnamed(where, message, word, known, rule="unknown-emphasis"))
        for at, fact in enumerate(company.facts):
            if fact.kind == "asked" and (company.slug, fact.key) not in answered:
                where = places.place(("companies", index, "facts", at))
                message = f"no card asks what {company.name} asked: {fact.says}"
                hint = f"name it on the card that does: companies: {{{company.slug}: {fact.key}}}"
                problems.append(Problem(where, message, hint, rule="asked-without-card"))
        for at, rounds in enumerate(company.rounds):
            for which, stage in enumerate(rounds.stages):
                if stage.kind and stage.kind not in kinds:
                    where = places.place(
                        ("companies", index, "rounds", at, "stages", which, "kind")
                    )
                    message = f"unknown kind of round '{stage.kind}'"
                    problems.append(
                        misnamed(
                            where,
                            message,
                            stage.kind,
                            kinds,
                            rule="unknown-round",
                            without="describe the kinds of rounds under `rounds` in deck.yaml",
                        )
                    )
    return problems


def check_sources(
    sources: Mapping[str, Location], companies: Iterable[Company], notes: Iterable[Note]
) -> list[Problem]:
    """Find sources of the catalogue that nobody cites, by their places."""
    cited = {fact.source for note in notes for fact in note.evidence}
    for company in companies:
        cited |= {fact.source for fact in company.facts.values()}
        cited |= {stress.source for stress in company.emphasis}
        cited |= {rounds.source for rounds in company.rounds}
    return [
        Problem(
            where,
            f"nothing cites the source '{key}'",
            "delete it, or add the fact that it supports",
            rule="uncited-source",
        )
        for key, where in sources.items()
        if key not in cited
    ]
