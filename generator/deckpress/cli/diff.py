"""The command `diff`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from deckpress.cli import console
from deckpress.cli.deck_names import files

if TYPE_CHECKING:  # completing and help need no more than the options
    from deckpress.decks.comparison import (
        Comparison,
        DeckNote,
        DeckState,
        FieldChange,
        NoteChange,
    )


@click.command("diff")
@click.argument("old", shell_complete=files)
@click.argument("new", default="cards", shell_complete=files)
@click.option(
    "--format",
    "form",
    default="text",
    type=click.Choice(("text", "json", "md")),
    show_default=True,
    help="How the differences are printed; md makes release notes.",
)
@click.option("--json", "form", flag_value="json", help="Print JSON.")
def command(old: str, new: str, form: str) -> None:
    """Compare two states of a deck, or write release notes.

    Lists what is new, changed, moved, renamed and taken out. OLD and NEW are each a package
    (.apkg), a folder of cards, or a revision of git: REV or REV:folder. NEW is the folder "cards"
    by default.
    """
    from deckpress.pipeline.compare import compare_decks

    found = compare_decks(old, new)
    if form == "json":
        console.dump(as_json(found))
    elif form == "md":
        from deckpress.decks.release_notes import write_release_notes

        console.write(write_release_notes(found))
    else:
        _show(found)


def _show(found: Comparison) -> None:
    from deckpress.decks.release_notes import MOST_SHIFTS, count_changes, describe_shift

    console.say(f"{_name(found.old)} -> {_name(found.new)}")
    console.say(", ".join(count_changes(found)) or "nothing changed")
    if found.matched == "id":
        console.say(
            "no GUID is in both, so notes were matched by id; to Anki these are two different decks"
        )
    if found.matched == "nothing":
        console.say("no note is in both; to Anki these are two different decks")
    _list("new", found.added)
    _list("back again", found.returned)
    if found.changed:
        console.say("\nchanged")
    for change in found.changed:
        console.say(console.fit([("  " + change.new.id, 28)], change.new.question))
        for field in change.fields:
            _show_field(field)
        if change.figures:
            console.say(f"    figures: {', '.join(change.figures)}")
    if found.renamed:
        console.say("\nasked in different words")
    for change in found.renamed:
        console.say(f"  {change.new.id}")
        if change.question:
            _show_field(change.question)
    if found.moved:
        console.say("\nmoved")
    for change in found.moved:
        way = f"{change.old.category} -> {change.new.category}"
        console.say(console.fit([("  " + change.new.id, 28), (way, 0)], change.new.question))
    if found.shifted:
        console.say("\nin another place")
    for shift in found.shifted[:MOST_SHIFTS]:
        place = describe_shift(shift, lambda note: note.id)
        console.say(console.fit([("  " + shift.note.id, 28), (place, 0)], shift.note.question))
    if len(found.shifted) > MOST_SHIFTS:
        console.say(f"  and {len(found.shifted) - MOST_SHIFTS:,} more (--json lists all)")
    if found.categories:
        console.say(f"\ncategories on the pages\n  {', '.join(found.categories.values())}")
    _list("taken out", found.retired)
    if found.look:
        console.say("\nnew look")
    for part in found.look:
        console.say(f"  {part}")


def _name(state: DeckState) -> str:
    version = f"version {state.version}, " if state.version else ""
    return f"{state.source} ({version}{console.count(len(state.living), 'note')})"


def _list(heading: str, notes: tuple[DeckNote, ...]) -> None:
    if notes:
        console.say(f"\n{heading}")
    for note in notes:
        heir = f" (replaced by: {note.heir})" if note.heir else ""
        console.say(console.fit([("  " + note.id, 28)], note.question + heir))


def _show_field(field: FieldChange) -> None:
    from deckpress.decks.release_notes import describe_field
    from deckpress.text.word_difference import shorten

    same = describe_field(field)
    console.say(f"    {field.name}" + (f": {same}" if same else ""))
    if not same:
        pieces = [(piece.sign, piece.text) for piece in shorten(field.pieces)]
        console.show_sides(pieces, indent=4)


def as_json(found: Comparison) -> dict[str, Any]:
    """Return a comparison as JSON has it: each list in the deck's order."""
    return {
        "old": _state(found.old),
        "new": _state(found.new),
        "matched": found.matched,
        "added": [_note(note) for note in found.added],
        "returned": [_note(note) for note in found.returned],
        "changed": [
            _ids(change)
            | {
                "fields": [_field(field) for field in change.fields],
                "figures": list(change.figures),
            }
            for change in found.changed
        ],
        "renamed": [
            _ids(change) | _field(change.question) for change in found.renamed if change.question
        ],
        "moved": [
            _ids(change) | {"old": change.old.category, "new": change.new.category}
            for change in found.moved
        ],
        "shifted": [
            _note(shift.note)
            | {"after": {order: other and other.id for order, other in shift.after.items()}}
            for shift in found.shifted
        ],
        "categories": list(found.categories),
        "retired": [_note(note) | {"replaced_by": note.heir} for note in found.retired],
        "look": list(found.look),
    }


def _state(state: DeckState) -> dict[str, Any]:
    return {
        "source": state.source,
        "title": state.title,
        "version": state.version,
        "notes": len(state.living),
    }


def _note(note: DeckNote) -> dict[str, Any]:
    return {
        "id": note.id,
        "guid": note.guid,
        "category": note.category,
        "question": note.question,
    }


def _ids(change: NoteChange) -> dict[str, Any]:
    return {"id": change.new.id, "guid": change.new.guid, "question": change.new.question}


def _field(field: FieldChange) -> dict[str, Any]:
    words = [[piece.sign, piece.text] for piece in field.pieces]
    return {"field": field.name, "old": field.old, "new": field.new, "words": words}
