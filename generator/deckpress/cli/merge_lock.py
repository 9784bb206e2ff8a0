"""The command `merge-lock`: what git calls when two branches changed the ledger."""

from __future__ import annotations

from pathlib import Path

import click

from deckpress.cli import console
from deckpress.pipeline.merge import merge_ledgers, seal_ledger, set_up_merging

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command("merge-lock")
@click.argument("base", required=False, type=_FILE)
@click.argument("ours", required=False, type=_FILE)
@click.argument("theirs", required=False, type=_FILE)
@click.option(
    "--setup",
    metavar="SOURCE",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Let git call this for the deck in SOURCE, and stop.",
)
@click.option(
    "--seal",
    metavar="SOURCE",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Take the ledger of the deck in SOURCE as it was edited or merged by hand, and stop.",
)
def command(
    base: Path | None,
    ours: Path | None,
    theirs: Path | None,
    setup: Path | None,
    seal: Path | None,
) -> None:
    """Join two versions of deck.lock, as git's merge driver: the result replaces OURS.

    Without it `deckpress build` joins them, too, when it meets git's conflict markers.
    """
    if setup is not None:
        attributes = set_up_merging(setup)
        console.say(f"git merges {(setup / 'deck.lock').as_posix()} by itself in this clone")
        if attributes:
            console.say(f"commit {attributes.as_posix()}, which keeps line endings for everyone")
        return
    if seal is not None:
        notes, lacking = seal_ledger(seal)
        console.say(
            f"{(seal / 'deck.lock').as_posix()} is taken as it is: {console.count(notes, 'note')}"
        )
        if lacking > 0:
            console.say(
                f"it has {console.count(lacking, 'line')} fewer than were written; a note that "
                "is missing would be stamped anew: if you took none out, restore the file"
            )
        return
    if base is None or ours is None or theirs is None:
        raise click.UsageError(
            "BASE, OURS and THEIRS are needed, or --setup SOURCE, or --seal SOURCE"
        )
    merge_ledgers(ours, theirs)
