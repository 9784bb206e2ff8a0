"""The sheet as PDF: every chosen note set in columns by Typst, a large deck in parts."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, TypeVar

from deckpress.decks.deck import Deck
from deckpress.decks.page_order import in_page_order
from deckpress.exporters.options import Options
from deckpress.exporters.pdf.brief import BRIEF_ENTRY, NEEDS_FRONT, write_brief
from deckpress.exporters.pdf.pages import fit_pages
from deckpress.exporters.pdf.parts import Limits, Part, all_set, attempt_part, divide_deck
from deckpress.exporters.pdf.sheet_source import (
    LastPage,
    sections_of,
    sheet_writing,
    write_page_numbers,
    write_part,
    write_sheet,
)
from deckpress.exporters.pdf.typeset import typeset_fonts, typst_files
from deckpress.markup.joined_pdf import find_places, join_pdfs
from deckpress.markup.typeset_apart import Source, pdf_apart, side_by_side
from deckpress.markup.typesetter import TypesetError, Typesetter, UnstableLayoutError
from deckpress.model.collection import Writing

T = TypeVar("T")

_BLANK_PAGE = re.compile(r"an almost blank last page(?:: (\d+\.?\d*) pages)?")
"""What `sheet.typ` says where it refuses one, with the pages that are filled."""

_SMALLER = 2
_LEAST_SCALE = 0.95
"""How many times, and how much, type is set smaller so that an almost blank last page goes away."""

LIMITS = Limits(whole=2_500_000, part=600_000)
"""What is set as a whole takes up to 1.3 GB; a part, up to 0.35 GB."""

_KNOW_OF_PARTS = frozenset({"sheet/sheet.typ", "sheet/pairs.typ"})

_UNEVEN = LastPage(balanced=True, slack=0.2)


def export(deck: Deck, options: Options) -> bytes:
    """Set the sheet of a deck.

    Args:
        deck: the deck.
        options: paper, detail, columns and size of type.

    Returns:
        The bytes of the PDF: tagged, PDF/UA-1, the same for the same deck.
    """
    if options.detail == "brief":
        return _export_brief(deck, options)
    deck = in_page_order(deck)
    # Templates of the deck's own need not know of parts.
    if _KNOW_OF_PARTS.isdisjoint(deck.collection.theme.own):
        parts = divide_deck(deck, sheet_writing(options.detail), LIMITS)
        if len(parts) > 1:
            return _export_parts(deck, options, parts)
    files = typst_files(deck)
    return _settle_whole(
        deck, options, lambda typesetter, source: typesetter.pdf(source, files, date=deck.date)
    )


def settle(deck: Deck, options: Options, typeset: Callable[[Typesetter, str], T]) -> T:
    """Set a sheet with the best last page that it can have.

    Args:
        deck: the deck.
        options: how it is printed.
        typeset: sets a source.

    Returns:
        What `typeset` made of the first source that it could set.
    """
    return _settle_whole(in_page_order(deck), options, typeset)


def _settle_whole(deck: Deck, options: Options, typeset: Callable[[Typesetter, str], T]) -> T:
    first = LastPage(balanced=True, tight=True)
    source = write_sheet(deck, options, first)
    typesetter = Typesetter(typeset_fonts(deck, source))

    def attempt(last_page: LastPage) -> T:
        again = last_page != first
        return typeset(typesetter, write_sheet(deck, options, last_page) if again else source)

    return _settle(attempt, first)


def _settle(typeset: Callable[[LastPage], T], last_page: LastPage) -> T:
    for left in reversed(range(_SMALLER + 2)):
        try:
            return typeset(last_page)
        except UnstableLayoutError:
            # Balancing the last page depends on where everything else comes to stand, and goes
            # round in circles where large figures and tables leave too much blank.
            break
        except TypesetError as error:
            refused = _BLANK_PAGE.search(error.problem.message)
            if not refused:
                raise
            scale = last_page.scale * _shrink(float(refused[1] or 0))
            if left > 1 and scale >= _LEAST_SCALE:
                last_page = replace(last_page, scale=scale)
            else:
                last_page = LastPage(balanced=True)
    try:
        return typeset(_UNEVEN)
    except UnstableLayoutError:
        return typeset(LastPage())


def _shrink(pages: float) -> float:
    """Say how much smaller type must be so that the last page goes away.

    A smaller type makes fewer and lower lines, but figures keep their size; and the page before
    must not become quite full, for blocks that do not break leave some of it blank.
    """
    if not pages:
        return 0.985
    wanted = math.floor(pages) - min(0.15, 0.02 * pages)
    return round(math.pow(wanted / pages, 1 / 1.6), 4)


def writings(options: Options) -> tuple[Writing[Any], ...]:
    """Return the ways in which notes are written for this format, beside that for Anki."""
    if options.detail == "brief":
        return (BRIEF_ENTRY, NEEDS_FRONT)
    return (sheet_writing(options.detail),)


def _export_brief(deck: Deck, options: Options) -> bytes:
    fit = options.fit or (fit_pages(deck, options) if options.pages else None)
    source = write_brief(deck, options, fit)
    typesetter = Typesetter(typeset_fonts(deck, source))
    if fit:
        kept = tuple(note for note in deck.collection.notes if note.id in fit.notes)
        deck = replace(deck, notes=kept)
    return typesetter.pdf(source, typst_files(deck), date=deck.date)


def _export_parts(deck: Deck, options: Options, parts: Sequence[Part]) -> bytes:
    """Set the parts of a large sheet, and join them.

    The first comes last: it has the contents, and only then is known on which pages they are.
    """
    first, *others = parts
    attempt = partial(attempt_part, partial(_set_part, deck, options))
    behind = side_by_side(attempt, others)
    pages: dict[str, int] = {}
    before = 0
    for pdf in behind:
        if isinstance(pdf, bytes):
            found = find_places(pdf)
            pages |= {name: before + page for name, page in found.named.items()}
            before += found.pages
    opening = attempt(replace(first, pages=pages))
    made = all_set(deck, parts, [opening, *behind])
    total = find_places(made[0]).pages + before
    numbers = _source(replace(deck, notes=()), write_page_numbers(deck, options, total))
    sections = sections_of(deck)
    leads = [part.lead(deck, sections) for part in parts]
    return join_pdfs(made, leads, over=pdf_apart(numbers))


def _set_part(deck: Deck, options: Options, part: Part) -> bytes:
    held = part.of(deck)

    def typeset(last_page: LastPage) -> bytes:
        text, described = write_part(deck, options, part, last_page)
        source = _source(held, text, described)
        return pdf_apart(replace(source, files={**source.files, "part.typ": described.encode()}))

    return _settle(typeset, LastPage(balanced=True))


def _source(deck: Deck, text: str, more: str = "") -> Source:
    return Source(text, typst_files(deck), typeset_fonts(deck, text + more), deck.date)
