"""Which paper cards hold what fits them in small print only, because nothing divides it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from math import inf

from deckpress.decks.deck import Deck
from deckpress.exporters.options import Options
from deckpress.exporters.pdf.cards import LIMITS, PAPER_CARD, card_source
from deckpress.exporters.pdf.parts import Limits, Part, divide_deck
from deckpress.markup.typeset_apart import query_apart, side_by_side
from deckpress.markup.typesetter import Typesetter

_FORMULA = re.compile(r'#(?:display-)?formula\("(?P<latex>(?:[^"\\]|\\.)*)"')
_LONG, _ROWS = 80, 6
"""Characters and rows up to which a formula fits any card."""
_ROW = r"\\\\"
_QUERY = "<too-small>"
_PARTS = Limits(whole=60_000, part=LIMITS.part)
"""A few cards are not worth a process."""


def find_small_print(deck: Deck, options: Options) -> Mapping[str, float]:
    """Find the cards on which something is smaller than `card-least` says.

    Only those are set that hold a large formula: whatever else is longer than a card is divided.

    Args:
        deck: the deck.
        options: how its cards are printed.

    Returns:
        For each note's id the size of its smallest print, in points.

    Raises:
        TypesetError: Typst refuses a card.
    """
    written = deck.collection.write(PAPER_CARD, deck.notes)
    notes = tuple(note for note in deck.notes if _may_be_small(written[note.id]))
    if not notes:
        return {}
    few = replace(deck, notes=notes)
    parts = divide_deck(few, PAPER_CARD, _PARTS, by_section=False)
    if len(parts) == 1:
        source = card_source(few, options)
        answers = [Typesetter(source.fonts).query(source.text, source.files, _QUERY)]
    else:
        answers = side_by_side(partial(_query_part, few, options), parts)
    found: dict[str, float] = {}
    for mark in (each for answer in answers for each in answer):
        found[mark["card"]] = min(mark["points"], found.get(mark["card"], inf))
    return found


def _query_part(deck: Deck, options: Options, part: Part) -> list[dict[str, object]]:
    return query_apart(card_source(part.of(deck), options), _QUERY)


def _may_be_small(written: str) -> bool:
    """Say whether the source of a card holds a formula that may be larger than the card."""
    return any(
        len(latex) > _LONG or latex.count(_ROW) > _ROWS for latex in _FORMULA.findall(written)
    )
