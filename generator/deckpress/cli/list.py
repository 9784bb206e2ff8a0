"""The command `list`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from deckpress.cli import console
from deckpress.cli.options import JSON, SOURCE, selecting

if TYPE_CHECKING:  # completing and help need no more than the options
    from deckpress.decks.deck import Deck


@click.command("list")
@SOURCE
@selecting
@JSON
def command(source: Path, as_json: bool, **wanted: Any) -> None:
    """List the notes, or those that you select."""
    from deckpress.decks.release import select
    from deckpress.decks.selection import Selection
    from deckpress.pipeline.cache import cache_folder
    from deckpress.pipeline.load import load

    rows = note_rows(select(load(source, cache=cache_folder()), Selection(**wanted)))
    if as_json:
        console.dump(rows)
        return
    widest = max((len(row["id"]) for row in rows), default=0)
    for row in rows:
        cells = [(row["id"], widest), (row["difficulty"] or "", 6)]
        console.say(console.fit(cells, row["question"]))
    console.say(console.count(len(rows), "note"))


def note_rows(deck: Deck) -> list[dict[str, Any]]:
    """Describe the notes of a deck, one mapping each, in its order."""
    return [
        {
            "id": note.id,
            "kind": note.kind,
            "category": note.category,
            "difficulty": note.difficulty or None,
            "tags": list(note.tags),
            "companies": sorted({fact.company for fact in note.evidence}),
            "cards": len(deck.rendered[note.id].ords),
            "question": deck.rendered[note.id].question,
            "where": str(note.where),
        }
        for note in deck.notes
    ]
