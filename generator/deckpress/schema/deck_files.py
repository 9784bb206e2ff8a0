"""The shapes of the files beside the cards: deck, companies, sources, coverage."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, StringConstraints
from pydantic import Field as Entry

from deckpress.schema.word_files import Word
from deckpress.schema.words import (
    Address,
    CategoryName,
    DeckName,
    Grade,
    Language,
    LateShape,
    LooseDate,
    Shape,
    Slug,
    Tag,
    Text,
)


def _megabytes(text: str) -> str:
    if not re.fullmatch(r"\d{1,3}(\.\d+)?", text) or not 0 < float(text) <= 100:
        raise ValueError("megabytes are a number up to 100, which is the most that AnkiWeb takes")
    return text


Megabytes = Annotated[str, AfterValidator(_megabytes)]


Version = Annotated[str, StringConstraints(pattern=r"^([0-9A-Za-z][0-9A-Za-z.+_-]{0,39})?$")]


class CategoryEntry(Shape):
    """A category: a subdeck called Title::01 Name; its number may be given, or be `none`."""

    slug: Slug
    name: CategoryName
    number: Annotated[str, StringConstraints(pattern=r"^([0-9]{2}[a-z]?|none)$")] = ""


class SizeLimits(Shape):
    """The largest files of each kind that cards may show or play, in megabytes."""

    images: Megabytes = "5"
    sounds: Megabytes = "5"
    videos: Megabytes = "20"


class PairsEntry(Shape):
    """How word pairs are asked: in both directions, or only from the first to the second."""

    directions: Literal["both", "one"] = "both"


class RoundKindEntry(Shape):
    """A kind of round: how many cards of which categories a company's deck holds at least."""

    kind: Slug
    name: Text
    categories: Annotated[list[Slug], Entry(min_length=1)]
    cards: Annotated[str, StringConstraints(pattern=r"^\d{1,3}$")]


class DeckFile(Shape):
    """`deck.yaml`: the deck as a whole."""

    title: DeckName
    slug: Annotated[Slug, StringConstraints(max_length=80)]
    root: DeckName = ""
    language: Language = "en"
    categories: Annotated[list[CategoryEntry], Entry(min_length=1)]
    description: Text = ""
    version: Version = ""
    author: Text = ""
    license: Text = ""
    homepage: Address = ""
    core: list[Slug] = []
    most_megabytes: SizeLimits = SizeLimits()
    pairs: PairsEntry = PairsEntry()
    new_cards: Literal["easy-first", "as-written"] = "easy-first"
    fonts: list[Text] = []
    words: dict[Slug, Word] = {}
    rounds: list[RoundKindEntry] = []
    allow: list[Slug] = []


class FactEntry(LateShape):
    """A question asked at a company, answered in public by its people, or about its product."""

    key: Slug
    kind: Literal["asked", "watched", "subject"]
    source: Slug
    says: Text
    role: Text = ""


class EmphasisEntry(LateShape):
    """What interviews at a company stress, with the fact behind it."""

    tags: list[Tag] = []
    categories: list[Slug] = []
    source: Slug
    says: Text


class StageEntry(LateShape):
    """One round of a loop: its kind (of those in deck.yaml), its name, and how long it takes."""

    kind: Slug = ""
    name: Text
    minutes: Annotated[str, StringConstraints(pattern=r"^\d{1,3}(-\d{1,3})?$")] = ""
    what: Text = ""


class RoundsEntry(LateShape):
    """The rounds of a company's interviews, as a source reports them."""

    source: Slug
    says: Text
    role: Text = ""
    stages: list[StageEntry] = []


class CompanyEntry(LateShape):
    """A company that cards may name."""

    slug: Slug
    name: Text
    aliases: list[Slug] = []
    facts: list[FactEntry] = []
    emphasis: list[EmphasisEntry] = []
    rounds: list[RoundsEntry] = []


class CompaniesFile(LateShape):
    """`companies.yaml`: the companies that cards may name."""

    companies: list[CompanyEntry]


class SourceEntry(LateShape):
    """An entry of the catalogue of sources for company facts."""

    title: Text
    site: Text = ""
    path: Text = ""
    grade: Grade
    date: LooseDate = ""
    note: Text = ""


class SourcesFile(LateShape):
    """`sources.yaml`: where company facts come from, by key."""

    sources: dict[Slug, SourceEntry]


class CoverageItem(LateShape):
    """A question or fact that notes must answer, or the reason why none does."""

    id: Slug
    type: Slug
    topic: Text
    points: list[Text] = []
    left_out: Text = ""


class CoverageFile(LateShape):
    """`coverage/<list>.yaml`: a list of questions that the deck is held against."""

    title: Text
    items: Annotated[list[CoverageItem], Entry(min_length=1)]
