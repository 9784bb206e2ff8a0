"""The command `init`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from deckpress.cli import console
from deckpress.cli.options import QUIET
from deckpress.pipeline.starter import start_deck


@click.command("init")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--title",
    default="",
    help="The deck's title; by default you are asked, or it is made from the folder's name.",
)
@click.option("--slug", default="", help="The name of the outputs; by default made from the title.")
@click.option("--language", default="en", show_default=True, help="A tag such as de or pt-BR.")
@click.option("--author", default="", help="The author of the deck.")
@click.option("--category", "categories", multiple=True, metavar="NAME", help="A category's name.")
@QUIET
def command(
    folder: Path,
    title: str,
    slug: str,
    language: str,
    author: str,
    categories: tuple[str, ...],
    quiet: bool,
) -> None:
    """Start a deck of your own, on any subject, in a folder.

    The folder contains a card of every kind, and builds at once.
    """
    usual = folder.resolve().name.replace("-", " ").replace("_", " ").strip().capitalize()
    if not title and sys.stdin.isatty() and not quiet:
        title = click.prompt("Title of the deck", default=usual or "My deck")
    written = start_deck(
        folder,
        title or usual or "My deck",
        slug=slug,
        language=language,
        author=author,
        categories=categories,
    )
    if not quiet:
        console.say(f"{console.count(len(written), 'file')} written to {folder}")
        console.say(f"next: cd {folder} && deckpress build, then open build/*.apkg with Anki")
