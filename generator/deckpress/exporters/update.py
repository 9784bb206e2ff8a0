"""The texts of a deck for people who have it: a CSV that Anki's text import takes.

A package replaces all fields and tags of a note that it updates; a text file only the columns that
it has. So this file holds the deck's own fields and no tags, and what a learner wrote, tagged,
flagged or moved stays. Notes are found by GUID; new ones are added.
"""

from __future__ import annotations

import csv
import io
from typing import Any

from deckpress.anki.identity import stable_id
from deckpress.decks.deck import Deck
from deckpress.exporters.options import Options
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
    note_types = {slug: deck.collection.note_types[slug] for slug in deck.ledger.note_types}
    widths = {slug: len(found.content_fields) for slug, found in note_types.items()}
    columns = [f"field {number + 1}" for number in range(max(widths.values(), default=0))]
    buffer = io.StringIO()
    buffer.write("#separator:comma\n#html:true\n#guid column:1\n#notetype column:2\n")
    # Without the number of columns, older versions take it from the first row.
    buffer.write(f"#deck column:3\n#columns:{','.join(['guid', 'note type', 'deck', *columns])}\n")
    buffer.write("#if matches:update current\n")
    # All is quoted: a GUID may begin with the sign of a comment.
    rows = csv.writer(buffer, quoting=csv.QUOTE_ALL, lineterminator="\n")
    for note in [*(deck.rendered[note.id] for note in deck.notes), *deck.tombstones]:
        note_type = stable_id(namespace, "note type", note.note_type)
        # Only who never had it gets it anew, and there it is in nobody's way.
        home = note.deck or f"{root} (taken out)"
        fields = note.fields[: widths[note.note_type]]
        rows.writerow([deck.ledger.guid(note.id), note_type, home, *fields])
    return buffer.getvalue().encode()


def writings(options: Options) -> tuple[Writing[Any], ...]:
    """Return the ways in which notes are written for this format, beside that for Anki."""
    return ()
