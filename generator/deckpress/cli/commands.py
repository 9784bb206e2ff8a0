"""The commands; the only door to click."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from deckpress.cli import console, listing
from deckpress.coverage import measure_coverage
from deckpress.model import DIFFICULTIES
from deckpress.pipeline import Release, prepare
from deckpress.problem import SelectionError, SourceError
from deckpress.schema import PUBLISHED, json_schema
from deckpress.selection import Selection, select

F = TypeVar("F", bound=Callable[..., Any])

SOURCE = click.argument(
    "source", default="cards", type=click.Path(exists=True, file_okay=False, path_type=Path)
)
JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
QUIET = click.option("--quiet", "-q", is_flag=True, help="Print mistakes only.")
LOCKED = click.option("--locked", is_flag=True, help="Fail when cards/deck.lock is behind.")


def selecting(command: F) -> F:
    """Add the options that choose notes."""
    options = [
        click.option("--company", "-c", "companies", multiple=True, metavar="C"),
        click.option("--category", "-k", "categories", multiple=True, metavar="K"),
        click.option(
            "--difficulty", "-d", "difficulties", multiple=True, type=click.Choice(DIFFICULTIES)
        ),
        click.option("--tag", "-t", "tags", multiple=True, metavar="T"),
        click.option(
            "--where",
            default="",
            metavar="EXPR",
            help="company:netflix -category:behavioral (tag:ranking or difficulty:hard)",
        ),
    ]
    for option in reversed(options):
        command = option(command)
    return command


class Group(click.Group):
    """Turns what can go wrong outside the program into messages and exit codes."""

    def invoke(self, context: click.Context) -> Any:
        """Run a command; exit with 1 for mistakes in the sources, 2 for one in the call."""
        try:
            return super().invoke(context)
        except SourceError as error:
            console.show_problems(error.problems)
            context.exit(1)
        except SelectionError as error:
            console.complain(str(error))
            context.exit(2)


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="deckpress")
def main() -> None:
    """One folder of Markdown cards becomes an Anki deck.

    SOURCE is the folder of cards, by default "cards". Exit codes: 0 done; 1 the sources have
    mistakes, all listed, nothing written; 2 the call is wrong.
    """


@main.command("check")
@SOURCE
@LOCKED
@click.option("--format", "form", default="text", type=click.Choice(["text", "json", "github"]))
@click.option(
    "--schema",
    type=click.Choice(list(PUBLISHED)),
    help="Print the JSON Schema of a YAML file or of the front matter, and stop.",
)
@QUIET
@click.pass_context
def check_command(
    context: click.Context, source: Path, locked: bool, form: str, schema: str, quiet: bool
) -> None:
    """Find every mistake in the cards; write nothing."""
    if schema:
        console.dump(json_schema(schema))
        return
    try:
        with console.progress("reading cards", quiet=quiet or form != "text") as report:
            release = prepare(source, locked=locked, report=report)
    except SourceError as error:
        console.show_problems(error.problems, form=form)
        context.exit(1)
    if form == "json":
        console.dump([])
    elif form == "text" and not quiet:
        cards = sum(len(note.ords) for note in release.notes)
        console.say(
            f"no mistakes in {console.count(release.collection.files, 'file')}: "
            f"{console.count(len(release.notes), 'note')}, {console.count(cards, 'card')}"
        )
        _show_coverage(release)


def _show_coverage(release: Release) -> None:
    items = release.collection.coverage
    if items:
        found = measure_coverage(items, release.collection.notes)
        console.say(
            f"coverage: {found.covered + found.left_out} of {found.items} items "
            f"({found.covered} answered, {found.left_out} left out with a reason)"
        )


@main.command("list")
@SOURCE
@selecting
@JSON
def list_command(source: Path, as_json: bool, **wanted: Any) -> None:
    """List notes, or those that the options choose."""
    release = prepare(source)
    rendered = {note.id: note for note in release.notes}
    cards = {name: len(note.ords) for name, note in rendered.items()}
    chosen = select(release.collection, Selection(**wanted), cards)
    rows = listing.note_rows(chosen.notes, rendered)
    if as_json:
        console.dump(rows)
        return
    console.show_table(
        ["id", "kind", "category", "difficulty", "companies", "question"],
        [
            [
                r["id"],
                r["kind"],
                r["category"],
                r["difficulty"] or "",
                ", ".join(r["companies"]),
                r["question"],
            ]
            for r in rows
        ],
    )
    console.say(console.count(len(rows), "note"))


@main.command("stats")
@SOURCE
@selecting
@JSON
def stats_command(source: Path, as_json: bool, **wanted: Any) -> None:
    """Count notes by kind, category, difficulty, company; measure the short answers."""
    release = prepare(source)
    chosen = select(release.collection, Selection(**wanted))
    stats = listing.measure(chosen.notes, {note.id: note for note in release.notes})
    if as_json:
        console.dump(stats)
        return
    for name, value in stats.items():
        if isinstance(value, dict):
            console.say("")
            console.show_table([name, ""], list(value.items()))
        else:
            console.say(f"{name}: {value}")
