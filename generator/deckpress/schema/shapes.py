"""The shapes of the YAML files: what may stand where."""

from __future__ import annotations

import datetime
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    StringConstraints,
)
from pydantic import Field as Entry

SLUG = r"^[a-z0-9][a-z0-9-]*$"


def _iso_date(text: str) -> str:
    try:
        datetime.date.fromisoformat(text)
    except ValueError:
        raise ValueError("a date is written 2026-11-22") from None
    return text


def _year_or_date(text: str) -> str:
    """Accept a year, a month or a day, as the source gives it."""
    if len(text) == 4 and text.isdecimal():
        return text
    return text if len(text) == 7 and _iso_date(text + "-01") else _iso_date(text)


def _tag(text: str) -> str:
    # Anki splits tags at spaces, nests them at "::", and a quote breaks its search.
    if not text or text != text.lower() or not all(c.isalnum() or c in "-+#" for c in text):
        raise ValueError("a tag holds lower-case letters, digits, '-', '+' and '#' only")
    return text


def _address(text: str) -> str:
    if not text.startswith(("https://", "http://", "mailto:")) or any(c in text for c in ' "<>'):
        raise ValueError("an address starts with https://, and holds no spaces or quotes")
    return text


def _deck_name(text: str) -> str:
    # "::" would nest the deck; Anki matches decks by name, so it must be exact and stable.
    if "::" in text or text != text.strip() or not text or any(c in text for c in '"\n'):
        raise ValueError("a deck's name has no '::', no quotes and no spaces at its ends")
    return text


def _with_evidence(value: object) -> object:
    """Bring the short forms of `companies` to the long one: slug -> list of facts."""
    if isinstance(value, list):
        return {slug if isinstance(slug, str) else "": [{}] for slug in value}
    if isinstance(value, dict):
        return {
            slug: facts if isinstance(facts, list) else [{} if facts is None else facts]
            for slug, facts in value.items()
        }
    return value


def _words(value: object) -> object:
    """Accept "a, b" where a list is meant: heading attributes have no other way to say it."""
    return [word.strip() for word in value.split(",")] if isinstance(value, str) else value


Slug = Annotated[str, StringConstraints(pattern=SLUG)]
Text = Annotated[str, StringConstraints(min_length=1)]
Date = Annotated[str, AfterValidator(_iso_date)]
LooseDate = Annotated[str, AfterValidator(_year_or_date)]
Tag = Annotated[str, AfterValidator(_tag)]
Tags = Annotated[list[Tag], BeforeValidator(_words, json_schema_input_type=list[Tag] | str)]
Slugs = Annotated[list[Slug], BeforeValidator(_words, json_schema_input_type=list[Slug] | str)]
Address = Annotated[str, AfterValidator(_address)]
DeckName = Annotated[str, AfterValidator(_deck_name)]
Grade = Literal["A", "B", "C"]


class Shape(BaseModel):
    """A mapping in a YAML file; keys that are not declared are mistakes."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Fact(Shape):
    """The evidence for naming a company."""

    kind: Literal["asked", "watched", "subject"] = "asked"
    source: Text = ""
    grade: Grade | None = None
    date: LooseDate = ""


Companies = Annotated[
    dict[Slug, list[Fact]],
    BeforeValidator(
        _with_evidence, json_schema_input_type=list[Slug] | dict[Slug, Fact | list[Fact] | None]
    ),
]
"""The companies of a card: a list of slugs, or each with its evidence."""


class Source(Shape):
    """What the note leans on."""

    title: Text
    url: Address = ""


class HeadingAttributes(Shape):
    """What a heading's `{#id .kind key=value}` may say of its note."""

    id: Slug = ""
    kind: Slug = ""
    difficulty: Literal["easy", "medium", "hard"] | None = None
    tags: Tags | None = None
    checked: Date = ""
    covers: Slugs | None = None
    replaces: Slugs | None = None


class FrontMatter(HeadingAttributes):
    """The front matter of a card file: holds for all its notes."""

    category: Slug = ""
    companies: Companies = {}
    sources: list[Source] = []


class CategoryEntry(Shape):
    """A category: a subdeck called Title::Name."""

    slug: Slug
    name: DeckName


class DeckFile(Shape):
    """`deck.yaml`: the deck as a whole."""

    title: DeckName
    slug: Slug
    root: DeckName = ""
    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]+)*$")] = "en"
    categories: Annotated[list[CategoryEntry], Entry(min_length=1)]
    description: Text = ""
    author: Text = ""
    license: Text = ""
    homepage: Address = ""


class CompanyEntry(Shape):
    """A company that cards may name."""

    slug: Slug
    name: Text
    aliases: list[Slug] = []


class CompaniesFile(Shape):
    """`companies.yaml`: the companies that cards may name."""

    companies: list[CompanyEntry]


class SourceEntry(Shape):
    """An entry of the catalogue of sources for company facts."""

    title: Text
    site: Text = ""
    path: Text = ""
    grade: Grade
    date: LooseDate = ""
    note: Text = ""


class SourcesFile(Shape):
    """`sources.yaml`: where company facts come from, by key."""

    sources: dict[Slug, SourceEntry]


class CoverageItem(Shape):
    """A question or fact that notes must answer, or the reason why none does."""

    id: Slug
    type: Slug
    topic: Text
    points: list[Text] = []
    left_out: Text = ""


class CoverageFile(Shape):
    """`coverage/<list>.yaml`: a list of questions that the deck is held against."""

    title: Text
    items: Annotated[list[CoverageItem], Entry(min_length=1)]


class KindFile(Shape):
    """`templates/notes/<kind>/kind.yaml`: how notes of a kind are laid out."""

    note_type: Slug
    sections: list[Text] = []
    steps: Literal["yes", "no"] = "no"
    cloze: Literal["yes", "no"] = "no"
    flags: dict[Slug, str] = {}


class FieldEntry(Shape):
    """A field: its key for ever, its name, and the template that fills it."""

    key: Slug
    name: Annotated[str, StringConstraints(pattern=r'^[^:{}"#^/\s][^:{}"]*$')]
    value: str = ""
    description: str = ""


class TemplateEntry(Shape):
    """A card template: its key for ever, its name, and the field that calls it up."""

    key: Slug
    name: Text
    when: Slug = ""


class NoteTypeFile(Shape):
    """`templates/note_types/<type>/note_type.yaml`: an Anki note type."""

    name: Text
    cloze: Literal["yes", "no"] = "no"
    fields: Annotated[list[FieldEntry], Entry(min_length=1)]
    templates: Annotated[list[TemplateEntry], Entry(min_length=1)]


class Shade(Shape):
    """A colour by day and by night."""

    light: Annotated[str, StringConstraints(pattern=r"^#[0-9a-f]{6}$")]
    dark: Annotated[str, StringConstraints(pattern=r"^#[0-9a-f]{6}$")]


class TokensFile(Shape):
    """`templates/tokens.yaml`: the colours of cards, sheet and PDF, by name."""

    papers: dict[Slug, Shade]
    inks: dict[Slug, Shade]
    lines: dict[Slug, Shade]
