"""The command `check`."""

from __future__ import annotations

from pathlib import Path

import click

from deckpress.cli import console
from deckpress.cli.options import LOCKED, QUIET, SOURCE
from deckpress.decks.release import Release
from deckpress.pipeline.load import load
from deckpress.reading.coverage import measure_coverage
from deckpress.schema.validation import PUBLISHED, json_schema
from deckpress.text.problem import SourceError


@click.command("check")
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
def command(
    context: click.Context, source: Path, locked: bool, form: str, schema: str, quiet: bool
) -> None:
    """Find every mistake in the cards; write nothing."""
    if schema:
        console.dump(json_schema(schema))
        return
    try:
        with console.progress("reading cards", quiet=quiet or form != "text") as report:
            release = load(source, locked=locked, report=report)
    except SourceError as error:
        console.show_problems(error.problems, form=form)
        context.exit(1)
    if form == "json":
        console.dump([])
    elif form == "text" and not quiet:
        cards = sum(release.cards.values())
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
