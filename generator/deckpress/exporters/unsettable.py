"""Finds, by bisection, cards that passed every check but that an output cannot be made with."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from deckpress.decks.deck import Deck
from deckpress.exporters.options import Options
from deckpress.exporters.pdf.parts import RefusedPartsError
from deckpress.markup.typesetter import TypesetError
from deckpress.math.mathml import MathError
from deckpress.model.note import Note
from deckpress.text.problem import Problem, SourceError

Unsettable = (TypesetError, MathError)
Write = Callable[[Deck, Options], bytes]


def export_or_blame(write: Write, ending: str, deck: Deck, options: Options) -> bytes:
    """Write a deck; where Typst or a formula refuses, say which cards are to blame.

    Args:
        write: writes a deck.
        ending: what the names of its files end in.
        deck: the deck.
        options: how it is printed.

    Returns:
        The bytes of the file.

    Raises:
        SourceError: the cards that the output cannot be made with, each at its place.
        TypesetError: no card alone is to blame: a template of the deck, or a bug.
    """
    try:
        return write(deck, options)
    except Unsettable as error:
        suspects = error.notes if isinstance(error, RefusedPartsError) else deck.notes
        blamed = list(_blame(write, ending, deck, options, suspects))
        # Where every card is, a template of the deck is more likely to be at fault.
        if not blamed or (len(blamed) == len(suspects) and deck.collection.theme.own):
            raise
        raise SourceError(blamed) from error


def _blame(
    write: Write, ending: str, deck: Deck, options: Options, notes: tuple[Note, ...]
) -> Iterator[Problem]:
    """Yield a mistake for each note that fails by itself; halves that can be written are done."""
    middle = len(notes) // 2
    for part in (notes[:middle], notes[middle:]) if middle else (notes,):
        try:
            write(replace(deck, notes=part), options)
        except Unsettable as error:
            if len(part) > 1:
                yield from _blame(write, ending, deck, options, part)
            else:
                yield _problem(part[0], ending, error)


def _problem(note: Note, ending: str, error: TypesetError | MathError) -> Problem:
    message = f"'{note.id}' cannot be written as {ending}: {error.problem.message}"
    hint = (
        "write it differently, or leave the format out; and please report this, because no check "
        "found it"
    )
    return Problem(note.where, message, hint, rule="unsettable-card")
