"""The command `new`."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from deckpress.cli import console
from deckpress.cli.deck_names import CATEGORY_NAMES, COMPANY_NAMES, KIND_NAMES, TAG_NAMES
from deckpress.cli.options import CARDS_FOLDER, QUIET, take_work
from deckpress.model.scales import DIFFICULTIES


@click.command("new")
@click.argument("question")
@click.option(
    "--source",
    default="cards",
    show_default=True,
    type=CARDS_FOLDER,
    help="The folder of cards.",
)
@click.option(
    "--id",
    "identity",
    default="",
    metavar="ID",
    help="The card's id; by default made from the question.",
)
@click.option(
    "--category",
    "-k",
    default="",
    metavar="K",
    shell_complete=CATEGORY_NAMES,
    help="The category; by default the first.",
)
@click.option(
    "--kind",
    default="basic",
    show_default=True,
    metavar="KIND",
    shell_complete=KIND_NAMES,
    help="basic, cloze, coding, design, reversed, or a kind of the deck's own.",
)
@click.option(
    "--difficulty",
    "-d",
    default=None,
    type=click.Choice(DIFFICULTIES),
    help="How difficult the card is.",
)
@click.option(
    "--tag",
    "-t",
    "tags",
    multiple=True,
    metavar="T",
    shell_complete=TAG_NAMES,
    help="A tag of the card.",
)
@click.option(
    "--company",
    "-c",
    "companies",
    multiple=True,
    metavar="C",
    shell_complete=COMPANY_NAMES,
    help="A company where it was asked.",
)
@click.option(
    "--edit/--no-edit", default=None, help="Open it in $EDITOR; the default on a terminal."
)
@QUIET
def command(
    question: str,
    source: Path,
    identity: str,
    category: str,
    kind: str,
    difficulty: str | None,
    tags: tuple[str, ...],
    companies: tuple[str, ...],
    edit: bool | None,
    quiet: bool,
) -> None:
    """Write the file of a new card, and open it in your editor."""
    from deckpress.pipeline.starter import new_card

    try:
        # A locale that cannot read the call's bytes hands them on in surrogates.
        question = os.fsencode(question).decode()
    except UnicodeError as error:
        raise click.BadParameter("the question is not UTF-8") from error
    path = new_card(
        source,
        question,
        identity=identity,
        category=category,
        kind=kind,
        difficulty=difficulty or "",
        tags=tags,
        companies=companies,
        cache=take_work(0, no_cache=False).cache,
    )
    if not quiet:
        console.say(str(path))
    editor = os.environ.get("VISUAL") or os.environ.get("EDITOR")
    if edit or (edit is None and editor and sys.stdout.isatty()):
        try:
            click.edit(filename=str(path))
        except click.ClickException as error:
            console.complain(f"the card is written, but the editor failed: {error.message}")
            sys.exit(3)
