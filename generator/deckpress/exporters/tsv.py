"""The notes of a deck as a table between tabs, which every spreadsheet reads alike."""

from __future__ import annotations

from typing import Any

from deckpress.decks.deck import Deck
from deckpress.exporters.csv import write_table
from deckpress.exporters.options import Options
from deckpress.model.collection import Writing


def export(deck: Deck, options: Options) -> bytes:
    """Write the notes of a deck between tabs; see `csv.write_table`.

    Args:
        deck: the deck.
        options: nothing of them concerns a table.

    Returns:
        The bytes of the .tsv file.
    """
    return write_table(deck, "tab")


def writings(options: Options) -> tuple[Writing[Any], ...]:
    """Return the ways in which notes are written for this format, beside that for Anki."""
    return ()
