"""A folder of cards as one frozen value: its notes and all that they name."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Generic, Protocol, TypeVar

from deckpress.model.company import CatalogueSource, Company
from deckpress.model.note import Content, Note
from deckpress.model.templates import Kind, NoteType, Theme
from deckpress.model.words import Words
from deckpress.text.problem import Location, Problem
from deckpress.tree.media import MediaKind


@dataclass(frozen=True, slots=True)
class CoverageItem:
    """An item of a list of questions that the deck should answer.

    `points` are what an answer must hold; `left_out` says why no note is needed, or is empty.
    """

    id: str
    type: str
    topic: str
    points: tuple[str, ...]
    left_out: str
    where: Location


@dataclass(frozen=True, slots=True)
class Reference:
    """A work of the bibliography: its key, how it is listed, how a claim cites it, its address."""

    key: str
    text: str
    short: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Category:
    """A part of the deck: its slug, the name of its subdeck, and its number if one was given."""

    slug: str
    name: str
    number: str = ""


@dataclass(frozen=True, slots=True)
class RoundKind:
    """A kind of round: the categories that prepare for it, and the cards a deck holds at least."""

    kind: str
    name: str
    categories: tuple[str, ...]
    cards: int


@dataclass(frozen=True, slots=True)
class DeckInfo:
    """What `deck.yaml` says of the deck as a whole; categories are in reading order.

    `rounds` are the kinds of rounds that a company's deck prepares for; `core` are the ids of
    notes that come first where it is filled up, `allow` the rules whose advice the deck does not
    want. `most_bytes` gives the largest size of an image, a sound and a video; `version`
    is what the author calls the release, empty when its date does; `both_directions` says that word
    pairs are asked both ways unless they say otherwise; `fonts` names, each with its place, what
    prints the characters that the program's own fonts lack; `words` are what the program says on
    cards and sheets; `new_cards` says in which order a learner meets notes, in Anki and on pages:
    easy-first, as-written.
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
    rounds: tuple[RoundKind, ...] = ()
    allow: tuple[str, ...] = ()
    most_bytes: Mapping[MediaKind, int] = field(default_factory=dict)
    version: str = ""
    both_directions: bool = True
    fonts: Mapping[str, Location] = field(default_factory=dict)
    words: Words = field(default_factory=Words)
    new_cards: str = "easy-first"


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What notes name: all that the writing of a note depends on beside the note."""

    info: DeckInfo
    companies: Mapping[str, Company]
    sources: Mapping[str, CatalogueSource]
    kinds: Mapping[str, Kind]
    note_types: Mapping[str, NoteType]


T_co = TypeVar("T_co", covariant=True)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Writing(Generic[T_co]):
    """A way in which an output writes a note: a function of the note and of what it names.

    `name` tells writings apart: two of one name write the same. `made` is the type of what is
    written, which is then made in any process and kept packed (`text.values`); without it, notes
    are written where they are asked for.
    """

    name: str
    write: Callable[[Note, Content, Catalogue], T_co]
    made: Any = None


class WriteNotes(Protocol):
    """Writes notes of a collection: what was written once is not written again."""

    def __call__(self, writing: Writing[T], notes: Iterable[Note]) -> dict[str, T]:
        """Return what a writing makes of each of the notes, by id, in their order."""


K = TypeVar("K", bound=Hashable)
K_contra = TypeVar("K_contra", bound=Hashable, contravariant=True)


@dataclass(frozen=True, slots=True)
class Making(Generic[K_contra, T_co]):
    """What an output makes of parts of notes: a function of each part alone, whatever the deck.

    `make` takes parts, which are JSON (`text.values`), all at once, and returns what it makes of
    each, in their order. `name` tells makings apart; `made` is the type of what is made.
    """

    name: str
    make: Callable[[Sequence[K_contra]], Sequence[T_co]]
    made: Any


class Recall(Protocol):
    """Makes things of parts of notes: what an earlier run made is not made again."""

    def __call__(self, making: Making[K, T], parts: Iterable[K]) -> dict[K, T]:
        """Return what is made of each of the parts."""


def make_anew(making: Making[K, T], parts: Iterable[K]) -> dict[K, T]:
    """Make things of parts of notes, where nothing is remembered; see `Recall`."""
    wanted = list(dict.fromkeys(parts))
    return dict(zip(wanted, making.make(wanted), strict=True)) if wanted else {}


@dataclass(frozen=True, slots=True)
class Collection(Catalogue):
    """Everything a folder of cards holds, in reading order; it exists only without mistakes.

    Notes are without their content; `write` makes of it what an output needs, `recall` what an
    output makes of it by itself.
    """

    notes: tuple[Note, ...]
    media: Mapping[str, bytes]
    theme: Theme
    write: WriteNotes
    coverage: Mapping[str, CoverageItem] = field(default_factory=dict)
    files: int = 0
    advice: tuple[Problem, ...] = ()
    recall: Recall = make_anew


def category_name(info: DeckInfo, slug: str) -> str:
    """Return the name of a category; its slug when the deck has none of that slug."""
    return next((c.name for c in info.categories if c.slug == slug), slug)


UNNUMBERED = "none"
"""In place of a number: the deck is called by the name alone, as in a deck that moved here."""


@lru_cache(maxsize=4)
def category_numbers(categories: tuple[Category, ...]) -> tuple[str, ...]:
    """Return the number before each category's name: one more than the last, or the one given."""
    numbers: list[str] = []
    last = 0
    for category in categories:
        if category.number == UNNUMBERED:
            numbers.append("")
            continue
        last = int(category.number[:2]) if category.number else last + 1
        numbers.append(category.number or f"{last:02}")
    return tuple(numbers)


def deck_name(info: DeckInfo, slug: str) -> str:
    """Return the name of the Anki deck of a category, which Anki matches decks by.

    Anki studies subdecks in the order of their names, so a number stands before each.
    """
    for category, number in zip(info.categories, category_numbers(info.categories), strict=True):
        if category.slug == slug:
            return f"{info.root}::{f'{number} {category.name}'.lstrip()}"
    return f"{info.root}::{slug}"
