"""How a large deck is divided into parts that are set each by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

from deckpress.decks.deck import Deck
from deckpress.markup.typesetter import TypesetError
from deckpress.model.collection import Writing
from deckpress.model.note import Note


class RefusedPartsError(TypesetError):
    """Typst refuses some parts of a deck; `notes` are those of these parts."""

    def __init__(self, diagnostic: str, notes: Sequence[Note] = ()) -> None:
        super().__init__(diagnostic)
        self.notes = tuple(notes)


@dataclass(frozen=True, slots=True)
class Limits:
    """Characters of source up to which a deck is set as a whole, and that a part has at most."""

    whole: int
    part: int


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the sheet, and the numbers of its first and last note."""

    title: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Part:
    """What one of several parts has: the notes with these numbers.

    `closes` says whether it is the last; `pages` are those of the places in all other parts,
    counted from the second part on, once they are known.
    """

    first: int
    last: int
    closes: bool = False
    pages: Mapping[str, int] = field(default_factory=dict)

    @property
    def opens(self) -> bool:
        """Whether it is the first."""
        return self.first == 1

    def of(self, deck: Deck) -> Deck:
        """Return the deck with no notes but those of this part."""
        return replace(deck, notes=deck.notes[self.first - 1 : self.last])

    def begins_inside(self, sections: Sequence[Section]) -> Section | None:
        """Return the section that the part before has begun; None when it begins with one."""
        found = (each for each in sections if each.first < self.first <= each.last)
        return next(found, None)

    def lead(self, deck: Deck, sections: Sequence[Section]) -> int:
        """Return how many of its cards belong to a section that the part before has begun."""
        inside = self.begins_inside(sections)
        notes = deck.notes[self.first - 1 : min(inside.last, self.last)] if inside else ()
        return sum(not deck.collection.kinds[note.kind].compact for note in notes)


def divide_deck(
    deck: Deck, writing: Writing[Any], limits: Limits, *, by_section: bool = True
) -> tuple[Part, ...]:
    """Divide a deck into parts.

    Args:
        deck: the deck.
        writing: how its notes are written.
        limits: how large it, and a part of it, may be.
        by_section: whether a part whose second half has begun ends with a section.

    Returns:
        The parts in order; one for a deck that is not large.
    """
    written = deck.collection.write(writing, deck.notes)
    sizes = [len(written[note.id]) for note in deck.notes]
    if sum(sizes) <= limits.whole:
        return (Part(1, len(sizes), closes=True),)
    sections = [(deck.parts.get(n.id), n.category) if by_section else None for n in deck.notes]
    starts = [*_starts(sizes, sections, limits.part), len(sizes)]
    return tuple(
        Part(first + 1, last, closes=last == len(sizes)) for first, last in pairwise(starts)
    )


def attempt_part(work: Callable[[Part], bytes], part: Part) -> bytes | TypesetError:
    """Set a part; if Typst refuses it, return why, so that the others are tried as well."""
    try:
        return work(part)
    except TypesetError as error:
        return error


def all_set(deck: Deck, parts: Sequence[Part], made: Sequence[bytes | TypesetError]) -> list[bytes]:
    """Return what was made of the parts of a deck.

    Raises:
        RefusedPartsError: Typst refuses some of them.
    """
    refused = [
        (part, found)
        for part, found in zip(parts, made, strict=True)
        if isinstance(found, TypesetError)
    ]
    if refused:
        notes = [note for part, _ in refused for note in part.of(deck).notes]
        raise RefusedPartsError(str(refused[0][1]), notes)
    return [found for found in made if isinstance(found, bytes)]


def _starts(sizes: Sequence[int], sections: Sequence[object], most: int) -> Iterator[int]:
    """Yield at which notes (from 0) parts begin."""
    yield 0
    size = 0
    for at in range(len(sizes)):
        new = at and sections[at] != sections[at - 1] and size > most / 2
        if at and (new or size + sizes[at] > most):
            yield at
            size = 0
        size += sizes[at]
