"""The command `init`."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

import click

from deckpress.cli import console
from deckpress.cli.options import QUIET


@click.command("init")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--title",
    default="",
    metavar="TITLE",
    help="The deck's title; by default you are asked, or it is made from the folder's name.",
)
@click.option(
    "--slug",
    default="",
    metavar="SLUG",
    help="The name of the outputs; by default made from the title.",
)
@click.option(
    "--language",
    default="en",
    show_default=True,
    metavar="TAG",
    help="The language of its text and of the example cards, such as de or pt-BR.",
)
@click.option("--author", default="", metavar="NAME", help="The author of the deck.")
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
    from deckpress.pipeline.starter import start_deck

    usual = folder.resolve().name.replace("-", " ").replace("_", " ").strip().capitalize()
    if not title and sys.stdin.isatty() and not quiet:
        title = click.prompt("Title of the deck", default=usual or "My deck")
    started = start_deck(
        folder,
        title or usual or "My deck",
        slug=slug,
        language=language,
        author=author,
        categories=categories,
    )
    if quiet:
        return
    console.say(f"{console.count(len(started.written), 'file')} written to {folder}")
    if started.language != language.partition("-")[0]:
        console.say(
            f"the example cards are in English: the program has no words for '{language}' yet"
        )
    for path in started.kept:
        console.say(f"{path} was there already: left as it is")
    go = "" if folder.resolve() == Path.cwd() else f"cd {_quote(str(folder))} && "
    console.say(f"next: {go}deckpress preview")
    console.say("then: deckpress build, and open build/*.apkg with Anki")


def _quote(path: str) -> str:
    """Write a path as a shell takes it."""
    if sys.platform == "win32":
        return f'"{path}"' if " " in path else path
    return shlex.quote(path)
