"""The texts of a deck for people who have it: a CSV that Anki's text import takes.

A package replaces all fields and tags of a note that it updates; a text file only the columns that
it has. So this file holds the deck's own fields and no tags, and what a learner wrote, tagged,
flagged or moved stays. Notes are found by GUID; new ones are added.
"""

from __future__ import annotations

from typing import Any

from deckpress.anki.identity import stable_id
from deckpress.decks.deck import Deck
from deckpress.exporters.options import Options
from deckpress.exporters.text_file import write_text_file
from deckpress.model.collection import Writing


def export(deck: Deck, options: Options) -> bytes:
    """Write the texts of a deck's notes, and the notices of those that were taken out.

    The columns are GUID, note type (by id), deck, and the fields before the learner's own. A row
    ends with the last field of its note type that is the deck's: an empty cell behind it would
    empty a field of the learner.

    Args:
        deck: the deck.
        options: nothing of them concerns texts.

    Returns:
        The bytes of the .csv file.
    """
    namespace, root = deck.ledger.namespace, deck.collection.info.root
    taken_out = deck.collection.info.words.say("taken-out")
    note_types = {slug: deck.collection.note_types[slug] for slug in deck.ledger.note_types}
    widths = {slug: len(found.content_fields) for slug, found in note_types.items()}
    fields = [f"field {number + 1}" for number in range(max(widths.values(), default=0))]
    columns = {"guid": "guid", "notetype": "note type", "deck": "deck"}
    columns |= {name: name for name in fields}
    rows = []
    for note in [*(deck.rendered[note.id] for note in deck.notes), *deck.tombstones]:
        note_type = stable_id(namespace, "note type", note.note_type)
        # Only who never had it gets it anew, and there it is in nobody's way.
        home = note.deck or f"{root} ({taken_out})"
        written = note.fields[: widths[note.note_type]]
        rows.append([deck.ledger.guid(note.id), note_type, home, *written])
    return write_text_file("comma", columns, rows, more=["if matches:update current"])


def writings(options: Options) -> tuple[Writing[Any], ...]:
    """Return the ways in which notes are written for this format, beside that for Anki."""
    return ()
