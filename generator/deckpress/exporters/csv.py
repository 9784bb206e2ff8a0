"""The notes of a deck as a table: for spreadsheets and other programs, and for Anki's text import.

It holds of each note what a package holds: GUID, note type, deck, tags and fields. Beside the
update file it has the tags and names its columns, and has no notices of what was taken out.
"""

from __future__ import annotations

from typing import Any

from deckpress.anki.identity import stable_id
from deckpress.decks.deck import Deck
from deckpress.exporters.options import Options
from deckpress.exporters.text_file import write_text_file
from deckpress.model.collection import Writing


def export(deck: Deck, options: Options) -> bytes:
    """Write the notes of a deck between commas; see `write_table`.

    Args:
        deck: the deck.
        options: nothing of them concerns a table.

    Returns:
        The bytes of the .csv file.
    """
    return write_table(deck, "comma")


def write_table(deck: Deck, separator: str) -> bytes:
    """Write the notes of a deck as a table, a row each.

    The note type stands there by its id, as the package makes it, for names need not be unique. A
    row ends with the last field that is the deck's: an empty cell behind it would empty a field of
    the learner.

    Args:
        deck: the deck.
        separator: a key of `text_file.SEPARATORS`.

    Returns:
        The bytes of the file.
    """
    note_types = {slug: deck.collection.note_types[slug] for slug in sorted(deck.ledger.note_types)}
    columns = {"guid": "GUID", "notetype": "Note type", "deck": "Deck", "tags": "Tags"}
    widest = max((len(found.content_fields) for found in note_types.values()), default=0)
    for at in range(widest):
        names = [
            found.content_fields[at].name
            for found in note_types.values()
            if at < len(found.content_fields)
        ]
        columns[f"field {at + 1}"] = " / ".join(dict.fromkeys(names))
    rows = []
    for note in (deck.rendered[note.id] for note in deck.notes):
        note_type = stable_id(deck.ledger.namespace, "note type", note.note_type)
        fields = note.fields[: len(note_types[note.note_type].content_fields)]
        rows.append([deck.ledger.guid(note.id), note_type, note.deck, " ".join(note.tags), *fields])
    return write_text_file(separator, columns, rows)


def writings(options: Options) -> tuple[Writing[Any], ...]:
    """Return the ways in which notes are written for this format, beside that for Anki."""
    return ()
