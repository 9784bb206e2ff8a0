"""The command that prints paper flashcards."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from deckpress.cli import console
from deckpress.cli.commands import QUIET, SOURCE, main, selecting
from deckpress.cli.sheet_options import PAPER
from deckpress.deck import CARDS_A_SHEET, FLIPS, PaperCardOptions
from deckpress.pipeline import print_cards
from deckpress.selection import Selection


@main.command("print-cards")
@SOURCE
@click.option("--out", default="build", type=click.Path(file_okay=False, path_type=Path))
@selecting
@PAPER
@click.option(
    "--per-sheet",
    default=str(CARDS_A_SHEET[0]),
    type=click.Choice([str(number) for number in CARDS_A_SHEET]),
    show_default=True,
    help="Cards on a sheet of paper.",
)
@click.option(
    "--flip",
    default=FLIPS[0],
    type=click.Choice(FLIPS),
    show_default=True,
    help="The edge over which the printer turns the paper.",
)
@QUIET
def print_cards_command(
    source: Path, out: Path, paper: str, per_sheet: str, flip: str, quiet: bool, **wanted: Any
) -> None:
    """Write paper flashcards: questions in front, short answers behind, to print and cut."""
    with console.progress("reading cards", quiet=quiet) as report:
        done = print_cards(
            source,
            out,
            options=PaperCardOptions(paper, int(per_sheet), flip),
            selection=Selection(**wanted),
            report=report,
        )
    if not quiet:
        console.show_table(
            ["output", "notes", "size"], [[str(done.path), done.notes, console.size(done.size)]]
        )
