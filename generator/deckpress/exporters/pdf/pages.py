"""Fills a number of pages with the night-before sheet: which notes, and in what size of type.

Notes are chosen by their weight; the type is as large as it can be. Where each entry comes to stand
is asked of Typst, so what is chosen is what will be printed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from deckpress.companies.deck_parts import ASKED, STRESSED
from deckpress.decks.deck import Deck
from deckpress.decks.page_order import page_order
from deckpress.exporters.options import Fit, Options
from deckpress.exporters.pdf.brief import NEEDS_FRONT, column_count, write_brief
from deckpress.exporters.pdf.typeset import typeset_fonts, typst_files
from deckpress.markup.typesetter import Typesetter
from deckpress.model.note import Note

LEAST_SIZE, MOST_SIZE = 6.5, 12.0
"""The sizes of type in points between which pages are filled; smaller is not legible on paper."""

ROOMY_SIZE = 7.2
"""The size of type at which a company's sheet is filled up with other notes."""

FULL = 0.96
"""The share of the pages that is to be filled."""

_NEARLY = 0.9
"""What cannot be filled this far is not torn apart either."""

_WIDE_TYPE = 8.2
"""From this size on three columns take the place of four."""

_GAP, _MOST_GAP = 0.62, 3.6
_ROUNDS = 7

_IMPORTANCE = {"high": 6.0, "low": -6.0}
_EASE = {"easy": 2.0, "medium": 1.0}
_NEEDS_FRONT = -6.0
"""The sheet does not show what stands on a front, so an answer about it says little there."""


def weigh(note: Note, deck: Deck) -> float:
    """Weigh a note: asked, then stressed, then what its author calls important, then the easy.

    Args:
        note: the note.
        deck: the deck, which knows of its companies; without any, whoever asked counts.

    Returns:
        A number, greater for what is more worth its place.
    """
    asked = {fact.company for fact in note.evidence if fact.kind == "asked"}
    here = asked & set(deck.companies) if deck.companies else asked
    part = deck.parts.get(note.id)
    told = 20.0 if here or part == ASKED else 12.0 if part == STRESSED else 8.0 * bool(part)
    told += min(len(asked), 4)
    return (
        told + _IMPORTANCE.get(note.importance, 0.0) + _EASE.get(note.difficulty or "medium", 0.0)
    )


def rank_notes(deck: Deck, notes: Sequence[Note]) -> list[Note]:
    """Order notes by weight, and by whether they say much without their front.

    Among equals the categories take turns, each with what a learner meets first in it.
    """
    notes = page_order(notes, deck.collection)
    leaning = deck.collection.write(NEEDS_FRONT, notes)
    weights = {n.id: weigh(n, deck) + _NEEDS_FRONT * leaning[n.id] for n in notes}
    sizes: dict[str, int] = {}
    places: dict[str, int] = {}
    for note in notes:
        places[note.id] = sizes.get(note.category, 0)
        sizes[note.category] = places[note.id] + 1
    turn = {note.id: places[note.id] / sizes[note.category] for note in notes}
    return sorted(notes, key=lambda note: (-weights[note.id], turn[note.id]))


def fit_pages(deck: Deck, options: Options) -> Fit:
    """Choose notes and type so that the sheet fills `options.pages` pages.

    Where notes find no place, those that weigh least are left out. Where a company's notes leave
    room, the rest of the collection fills it.

    Args:
        deck: the deck.
        options: how it is printed; `pages` is at least 1.

    Returns:
        The notes that fit and their type; `filled` says how much of the pages they take. A deck of
        few notes may not fill them.
    """
    own = frozenset(note.id for note in deck.notes)
    others = _others(deck)
    trial = _Trial(deck, options, [*deck.notes, *others])
    fit, used = trial.measure(Fit(own, ROOMY_SIZE if others else LEAST_SIZE))
    if others and used <= options.pages:
        everything = trial.measure(replace(fit, notes=own | {note.id for note in others}))
        ranked = [*rank_notes(deck, deck.notes), *rank_notes(deck, others)]
        return _grow(trial, *_choose(trial, ranked, *everything))
    if others:
        fit, used = trial.measure(replace(fit, size=LEAST_SIZE))
    if used > options.pages:
        fit, used = _choose(trial, rank_notes(deck, deck.notes), fit, used)
    return _grow(trial, fit, used)


def _others(deck: Deck) -> list[Note]:
    """Return what may fill up the sheet of companies: the notes that their deck does not have."""
    own = {note.id for note in deck.notes}
    if not deck.companies or own != set(deck.parts):
        return []
    return [note for note in deck.collection.notes if note.id not in own]


def _choose(trial: _Trial, ranked: Sequence[Note], fit: Fit, used: float) -> tuple[Fit, float]:
    """Take notes in order while they fit, then hold them against what Typst makes of them."""
    pages, columns = trial.options.pages, column_count(trial.options, fit)
    heights = trial.heights
    if used <= pages:
        return fit, used
    kept: list[str] = []
    total = trial.title
    for note in ranked:
        if total + heights[note.id] <= pages * columns * 0.99:
            kept.append(note.id)
            total += heights[note.id]
    for _ in range(_ROUNDS):
        fit, used = trial.measure(replace(fit, notes=frozenset(kept)))
        over = (used - pages) * columns
        if over <= 0:
            break
        while over > -0.01 and kept:
            over -= heights[kept.pop()]
    return fit, used


def _grow(trial: _Trial, fit: Fit, used: float) -> Fit:
    """Enlarge type, then gaps, as long as the pages hold it."""
    pages = trial.options.pages
    best, filled = fit, used
    low, high = fit.size, MOST_SIZE
    # What type takes grows a little less than with its square, for lines break better.
    size = fit.size * (pages / used) ** 0.5 if used else high
    for _ in range(_ROUNDS):
        if filled >= FULL * pages or high - low < 0.015:
            break
        size = min(max(size, low + 0.2 * (high - low)), high)
        tried, used = trial.measure(replace(fit, size=round(size, 2), columns=_columns(size)))
        if used <= pages:
            low = size
            if used > filled:
                best, filled = tried, used
            if size >= high:
                break
        else:
            high = size
        size *= (0.99 * pages / used) ** 0.5
    sized, low, high = (best, filled), best.gap, _MOST_GAP
    for _ in range(_ROUNDS):
        if filled >= FULL * pages:
            break
        gap = (low + high) / 2
        tried, used = trial.measure(replace(best, gap=round(gap, 3)))
        if used <= pages:
            low, best, filled = gap, tried, used
        else:
            high = gap
    if filled < _NEARLY * pages:
        best, filled = sized
    return replace(best, filled=min(1.0, filled / pages))


def _columns(size: float) -> int:
    return 3 if size >= _WIDE_TYPE else 4


class _Trial:
    """Lays sheets out and reads from them how many pages they take.

    `heights` are those of notes as they were last measured together with all others, in columns;
    `title` is what stands above the first of them.
    """

    def __init__(self, deck: Deck, options: Options, notes: Sequence[Note]) -> None:
        self.options, self._deck = options, deck
        everything = Fit(frozenset(note.id for note in notes), LEAST_SIZE)
        source = write_brief(deck, options, everything)
        self._typesetter = Typesetter(typeset_fonts(deck, source))
        self._files = typst_files(replace(deck, notes=tuple(notes)))
        self.heights: Mapping[str, float] = {}
        self.title = 0.0

    def measure(self, fit: Fit) -> tuple[Fit, float]:
        """Return what was measured with the number of pages that it takes."""
        source = write_brief(self._deck, self.options, fit)
        marks = self._typesetter.query(source, self._files, "<place>")
        places = [(str(mark["name"]), float(mark["columns"])) for mark in marks]
        if len(places) - 1 > len(self.heights):
            ends = [place for _, place in places[1:]]
            self.heights = {
                name: end - place for (name, place), end in zip(places, ends, strict=False)
            }
            self.title = places[0][1]
        return fit, places[-1][1] / column_count(self.options, fit)
