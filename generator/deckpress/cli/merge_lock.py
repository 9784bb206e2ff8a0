"""The command `merge-lock`: what git calls when two branches changed the ledger."""

from __future__ import annotations

from pathlib import Path

import click

from deckpress.cli import console

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command("merge-lock")
@click.argument("base", required=False, type=_FILE)
@click.argument("ours", required=False, type=_FILE)
@click.argument("theirs", required=False, type=_FILE)
@click.option(
    "--setup",
    metavar="SOURCE",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Let git call this command for the deck in SOURCE, and exit.",
)
@click.option(
    "--seal",
    metavar="SOURCE",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Accept the ledger of the deck in SOURCE as you edited or merged it by hand, and exit.",
)
def command(
    base: Path | None,
    ours: Path | None,
    theirs: Path | None,
    setup: Path | None,
    seal: Path | None,
) -> None:
    """Merge two versions of deck.lock, as git's merge driver.

    The result replaces OURS. If git does not call this command, `deckpress build` merges the two
    when it finds git's conflict markers.
    """
    from deckpress.pipeline.merge import merge_ledgers, seal_ledger, set_up_merging

    given = [bool(base), setup is not None, seal is not None]
    if sum(given) > 1:
        raise click.UsageError("--setup, --seal and files to merge are three calls: give one")
    if setup is not None:
        attributes = set_up_merging(setup)
        console.say(f"git merges {(setup / 'deck.lock').as_posix()} by itself in this clone")
        if attributes:
            console.say(f"commit {attributes.as_posix()}, which keeps line endings for everyone")
        return
    if seal is not None:
        notes, lacking = seal_ledger(seal)
        console.say(
            f"{(seal / 'deck.lock').as_posix()} is accepted as it is: "
            f"{console.count(notes, 'note')}"
        )
        if lacking > 0:
            console.say(
                f"it has {console.count(lacking, 'line')} fewer than before; a missing note would "
                "count as new, so restore the file unless you removed these lines on purpose"
            )
        return
    if base is None or ours is None or theirs is None:
        raise click.UsageError(
            "BASE, OURS and THEIRS are needed, or --setup SOURCE, or --seal SOURCE"
        )
    merge_ledgers(ours, theirs)
