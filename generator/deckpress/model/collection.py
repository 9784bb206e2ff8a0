"""A folder of cards as one frozen value: its notes and all that they name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from deckpress.model.company import CatalogueSource, Company
from deckpress.model.note import Note
from deckpress.model.templates import Kind, NoteType, Theme
from deckpress.text.problem import Location, Problem


@dataclass(frozen=True, slots=True)
class CoverageItem:
    """An item of a list of questions that the deck is held against.

    `points` are what an answer must hold; `left_out` says why no note is needed, or is empty.
    """

    id: str
    type: str
    topic: str
    points: tuple[str, ...]
    left_out: str
    where: Location


@dataclass(frozen=True, slots=True)
class Category:
    """A part of the deck: its slug, and the name of its subdeck."""

    slug: str
    name: str


@dataclass(frozen=True, slots=True)
class DeckInfo:
    """What `deck.yaml` says of the deck as a whole; categories are in reading order.

    `core` are the ids of the notes that fill up the deck of a company with few of its own, `allow`
    the rules whose advice the deck does not want.
    """

    title: str
    slug: str
    root: str
    categories: tuple[Category, ...]
    language: str = "en"
    description: str = ""
    author: str = ""
    license: str = ""
    homepage: str = ""
    core: tuple[str, ...] = ()
    allow: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Collection:
    """Everything a folder of cards holds, in reading order; it exists only without mistakes.

    `advice` is what its author is told all the same, sorted by place.
    """

    info: DeckInfo
    companies: Mapping[str, Company]
    sources: Mapping[str, CatalogueSource]
    kinds: Mapping[str, Kind]
    note_types: Mapping[str, NoteType]
    notes: tuple[Note, ...]
    media: Mapping[str, bytes]
    theme: Theme
    coverage: Mapping[str, CoverageItem] = field(default_factory=dict)
    files: int = 0
    advice: tuple[Problem, ...] = ()


def category_name(info: DeckInfo, slug: str) -> str:
    """Return the name of a category; its slug when the deck has none of that slug."""
    return next((c.name for c in info.categories if c.slug == slug), slug)


def deck_name(info: DeckInfo, slug: str) -> str:
    """Return the name of the Anki deck of a category, which Anki matches decks by."""
    return f"{info.root}::{category_name(info, slug)}"
