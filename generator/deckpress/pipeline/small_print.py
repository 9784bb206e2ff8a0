"""Advice on what paper cards can only print small."""

from __future__ import annotations

from pathlib import Path

from deckpress.decks.deck import Deck
from deckpress.exporters.options import Options
from deckpress.exporters.pdf.small_print import find_small_print
from deckpress.exporters.unsettable import Unsettable
from deckpress.markdown.allowances import find_allowances
from deckpress.pipeline.own_templates import own_templates
from deckpress.text.problem import Problem

RULE = "small-print"

_HINT = (
    "write it as several formulas, each in a paragraph of its own, or with fewer rows or columns; "
    "`print-cards --per-sheet 4` makes larger cards"
)


def advise_on_small_print(deck: Deck, options: Options) -> tuple[Problem, ...]:
    """Say on which cards a formula can neither be divided nor printed in legible type.

    Args:
        deck: the deck.
        options: how its paper cards are printed.

    Returns:
        A piece of advice for each such card, unless the deck or a comment at it allows it.
    """
    info = deck.collection.info
    if RULE in info.allow:
        return ()
    try:
        with own_templates(deck.collection.theme):
            found = find_small_print(deck, options)
    except Unsettable:
        # The export says which card is to blame.
        return ()
    advice = (
        Problem(
            note.where,
            f"on its paper card, a formula of '{note.id}' is printed at {found[note.id]:.1f} "
            "points, because nothing divides it",
            _HINT,
            rule=RULE,
        )
        for note in deck.notes
        if note.id in found
    )
    return tuple(problem for problem in advice if not _is_allowed(problem))


def _is_allowed(problem: Problem) -> bool:
    path = problem.where.path
    lines = Path(path).read_text(encoding="utf-8").split("\n")
    return find_allowances(lines, (), path).allow(problem)
