"""The command `print-cards`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from deckpress.cli import console
from deckpress.cli.options import (
    JOBS,
    NO_CACHE,
    OUT,
    PAPER,
    QUIET,
    SOURCE,
    selecting,
    take_work,
)
from deckpress.exporters.options import CARDS_A_SHEET, FLIPS, Options


@click.command("print-cards")
@SOURCE
@OUT
@selecting
@PAPER
@click.option(
    "--per-sheet",
    default=str(CARDS_A_SHEET[0]),
    type=click.Choice([str(number) for number in CARDS_A_SHEET]),
    show_default=True,
    help="How many cards go on a sheet of paper.",
)
@click.option(
    "--flip",
    default=FLIPS[0],
    type=click.Choice(FLIPS),
    show_default=True,
    help="The edge along which the printer flips the paper.",
)
@JOBS
@NO_CACHE
@QUIET
def command(
    source: Path,
    out: Path,
    paper: str,
    per_sheet: str,
    flip: str,
    jobs: int,
    no_cache: bool,
    quiet: bool,
    **wanted: Any,
) -> None:
    """Make paper flashcards, to print and cut.

    Questions are on the front, short answers on the back.
    """
    from deckpress.decks.selection import Selection
    from deckpress.pipeline.build import print_cards

    with console.progress("reading cards", quiet=quiet) as report:
        done = print_cards(
            source,
            out,
            options=Options(paper=paper, per_sheet=int(per_sheet), flip=flip),
            selection=Selection(**wanted),
            work=take_work(jobs, no_cache=no_cache),
            report=report,
        )
    if not quiet:
        console.show_table(
            ["output", "notes", "size"], [[str(done.path), done.notes, console.size(done.size)]]
        )
        for advice in done.advice:
            console.say(str(advice))
