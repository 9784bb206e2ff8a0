"""The shape of a card's front matter and of its headings' attributes."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, model_validator
from pydantic import Field as Entry

from deckpress.schema.words import (
    Address,
    Date,
    Grade,
    Keys,
    Language,
    LooseDate,
    Shape,
    Slug,
    Slugs,
    Tags,
    Text,
)


def _with_evidence(value: object) -> object:
    """Bring the short forms of `companies` to the long one: slug -> list of facts."""
    if isinstance(value, list):
        return {slug if isinstance(slug, str) else "": [{}] for slug in value}
    if isinstance(value, dict):
        return {
            slug: [_as_fact(fact) for fact in (facts if isinstance(facts, list) else [facts])]
            for slug, facts in value.items()
        }
    return value


def _as_fact(value: object) -> object:
    return {"fact": value} if isinstance(value, str) else {} if value is None else value


class Fact(Shape):
    """The evidence for naming a company: a fact of `companies.yaml`, or all of it here.

    `match` says whether the card asks what was reported, or something else on the same topic.
    """

    fact: Slug = ""
    kind: Literal["asked", "watched", "subject"] = "asked"
    match: Literal["question", "topic"] = "question"
    source: Text = ""
    grade: Grade | None = None
    date: LooseDate = ""


Companies = Annotated[
    dict[Slug, list[Fact]],
    BeforeValidator(
        _with_evidence,
        json_schema_input_type=list[Slug] | dict[Slug, Slug | Fact | list[Slug | Fact] | None],
    ),
]
"""The companies of a card: a list of slugs, or each with its evidence."""


class Source(Shape):
    """What the note leans on: a key of the bibliography with a place in the work, or a title."""

    cite: Text = ""
    title: Text = ""
    url: Address = ""

    @model_validator(mode="after")
    def _names_one(self) -> Source:
        if bool(self.cite) == bool(self.title):
            raise ValueError("write a key of the bibliography, or {title: ..., url: ...}")
        return self


def _as_source(value: object) -> object:
    return {"cite": value} if isinstance(value, str) else value


def _as_sources(value: object) -> object:
    """Accept "a; b, p. 3" where a list is meant: heading attributes have no other way."""
    if isinstance(value, str):
        value = value.split(";" if ";" in value else ",")
    return [_as_source(part) for part in value] if isinstance(value, list) else value


Sources = Annotated[
    list[Source], BeforeValidator(_as_sources, json_schema_input_type=list[Source | str] | str)
]


class HeadingAttributes(Shape):
    """What a heading's `{#id .kind key=value}` may say of its note."""

    id: Slug = ""
    kind: Slug = ""
    difficulty: Literal["easy", "medium", "hard"] | None = None
    term: Text = ""
    language: Language | None = None
    importance: Literal["low", "normal", "high"] | None = None
    tags: Tags | None = None
    checked: Date = ""
    covers: Slugs | None = None
    replaces: Slugs | None = None
    sources: Sources | None = None
    unread: Keys | None = None
    directions: Literal["both", "one"] | None = None


class FrontMatter(HeadingAttributes):
    """The front matter of a card file: holds for all its notes."""

    category: Slug = ""
    companies: Companies = Entry(default_factory=dict)
