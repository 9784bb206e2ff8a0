"""The command `import`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from deckpress.cli import console
from deckpress.cli.options import JSON, QUIET
from deckpress.importing.formats import FORMATS, MAP_NAME

if TYPE_CHECKING:  # completing and help need no more than the options
    from deckpress.importing.mapping import NoteTypeMap
    from deckpress.importing.source import SourceNote, SourceNoteType
    from deckpress.pipeline.import_deck import ImportedDeck

_MOST_KINDS = 20


@click.command("import")
@click.argument("deck", type=click.Path(exists=True, path_type=Path))
@click.option(
    "--out",
    default="cards",
    show_default=True,
    type=click.Path(path_type=Path),
    help="The folder to write the cards to.",
)
@click.option(
    "--map",
    "map_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=f"What each field is: {MAP_NAME} from an earlier import.",
)
@click.option(
    "--from",
    "form",
    default="auto",
    type=click.Choice(FORMATS),
    help="The format of the deck.",
)
@click.option("--title", default="", metavar="TITLE", help="The title of the new deck.")
@click.option("--slug", default="", metavar="SLUG", help="The slug of the new deck.")
@click.option("--language", default="", metavar="TAG", help="The language of its text, such as en.")
@click.option(
    "--header/--no-header",
    "named",
    default=None,
    help=(
        "Whether the first row of a table names its columns. By default decided from its contents."
    ),
)
@click.option(
    "--tag",
    "tags",
    multiple=True,
    metavar="TAG",
    help="The tag that marks flashcards in Obsidian; by default from the vault's settings.",
)
@click.option(
    "--obsidian",
    multiple=True,
    metavar="KEY=VALUE",
    help="A setting of the spaced-repetition plugin, such as singleLineCardSeparator=;;, "
    "instead of the vault's own.",
)
@click.option(
    "--media",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The folder with the media of a text export.",
)
@JSON
@QUIET
def command(
    deck: Path,
    out: Path,
    map_file: Path | None,
    form: str,
    title: str,
    slug: str,
    language: str,
    named: bool | None,
    tags: tuple[str, ...],
    obsidian: tuple[str, ...],
    media: Path | None,
    as_json: bool,
    quiet: bool,
) -> None:
    """Turn an existing deck into card files.

    DECK is an Anki package (.apkg, .colpkg), Anki's text export, a CSV or TSV table, a folder or
    file of Obsidian flashcards, or an mdanki file (each ## is a card). GUIDs are kept in deck.lock.
    Whatever cannot be carried over is listed note by note in import-report.csv.
    """
    from deckpress.pipeline.import_deck import ImportOptions, import_deck

    options = ImportOptions(form, map_file, title, slug, language, tags, media, named, obsidian)
    ask = _ask if sys.stdin.isatty() and sys.stderr.isatty() and not (as_json or quiet) else None
    if ask:
        # A bar would lie over the questions.
        done = import_deck(deck, out, options, ask=ask)
    else:
        with console.progress("importing", quiet=quiet or as_json) as report:
            done = import_deck(deck, out, options, report=report)
    if as_json:
        console.dump(_as_json(done))
    elif not quiet:
        _show(done)


def _ask(guess: NoteTypeMap, note_type: SourceNoteType, sample: SourceNote) -> NoteTypeMap:
    """Ask what the notes and the fields of a note type become."""
    from deckpress.importing.html.text import html_words
    from deckpress.importing.mapping import KINDS, NoteTypeMap
    from deckpress.schema.import_map import PARTS

    console.complain(
        f"note type '{note_type.name}': what are its fields? (press Enter to accept the guess)"
    )
    console.complain(f"  {', '.join(PARTS)}, or '## Title' for a section of its own")
    kind = click.prompt("  kind of card", default=guess.kind, type=click.Choice(KINDS), err=True)
    fields: dict[str, str] = {}
    for index, name in enumerate(note_type.fields):
        value = sample.fields[index] if index < len(sample.fields) else ""
        shown = html_words(value)[:50]
        part = click.prompt(
            f"  {name} ({shown!r})", default=guess.fields[name], value_proc=_part, err=True
        )
        fields[name] = part
    needed = "text" if kind == "cloze" else "question"
    if needed not in fields.values():
        console.complain(f"one field must be the {needed}")
        return _ask(guess, note_type, sample)
    return NoteTypeMap(note_type.name, kind, fields)


def _part(text: str) -> str:
    from deckpress.schema.import_map import PARTS

    text = text.strip()
    if text in PARTS or (text.startswith("## ") and text[3:].strip()):
        return text
    raise click.UsageError(f"one of {', '.join(PARTS)}, or '## Title'")


def _show(done: ImportedDeck) -> None:
    from deckpress.importing.report import LEFT_OUT_NAME, count_losses
    from deckpress.reading.folder import REPORT_NAME

    console.show_table(
        ["notes in", "notes out", "GUIDs kept", "media", "files"],
        [[done.notes, done.cards, done.guids, done.media, done.files]],
    )
    for reading in done.readings:
        console.say(reading)
    for mapped in done.maps:
        parts = ", ".join(f"{name}: {part}" for name, part in mapped.fields.items())
        console.say(f"note type {mapped.name} -> {mapped.kind} ({parts})")
    losses = [loss for loss in done.losses if loss.what not in done.readings]
    if losses:
        console.say(f"not carried over, or changed (note by note in {done.out / REPORT_NAME}):")
        kinds = count_losses(losses)
        for what, times in kinds[:_MOST_KINDS]:
            console.say(f"  {times} x {what}")
        if len(kinds) > _MOST_KINDS:
            console.say(f"  and {len(kinds) - _MOST_KINDS} more kinds")
    if done.left_out:
        number = console.count(len(done.left_out), "note")
        console.say(
            f"{number} could not become a card: correct by hand in {done.out / LEFT_OUT_NAME}"
        )
    if done.guids and not done.updates:
        console.say(
            "people who have the deck keep their cards and progress and get new notes, but no "
            "changes to old notes until they change the note type: see docs/import.md"
        )


def _as_json(done: ImportedDeck) -> dict[str, object]:
    return {
        "out": str(done.out),
        "notes": done.notes,
        "cards": done.cards,
        "guids": done.guids,
        "files": done.files,
        "media": done.media,
        "updates": done.updates,
        "readings": list(done.readings),
        "left_out": [
            {"guid": n.guid, "place": n.place, "reasons": list(n.reasons)} for n in done.left_out
        ],
        "not_carried": [
            {"id": loss.id, "guid": loss.guid, "place": loss.place, "what": loss.what}
            for loss in done.losses
        ],
    }
