"""The command `check`."""

from __future__ import annotations

from pathlib import Path

import click

from deckpress.cli import console
from deckpress.cli.options import JOBS, LOCKED, NO_CACHE, QUIET, SOURCE, take_work
from deckpress.pipeline.build import Checked, check
from deckpress.schema.published import PUBLISHED
from deckpress.text.problem import SourceError


@click.command("check")
@SOURCE
@LOCKED
@click.option("--format", "form", default="text", type=click.Choice(["text", "json", "github"]))
@click.option(
    "--schema",
    type=click.Choice(PUBLISHED),
    help="Print the JSON Schema of a YAML file or of the front matter, and stop.",
)
@JOBS
@NO_CACHE
@QUIET
@click.pass_context
def command(
    context: click.Context,
    source: Path,
    locked: bool,
    form: str,
    schema: str,
    jobs: int,
    no_cache: bool,
    quiet: bool,
) -> None:
    """Find every mistake in the cards; write nothing."""
    if schema:
        from deckpress.schema.validation import json_schema

        console.dump(json_schema(schema))
        return
    try:
        with console.progress("reading cards", quiet=quiet or form != "text") as report:
            work = take_work(jobs, no_cache=no_cache)
            found = check(source, locked=locked, work=work, report=report)
    except SourceError as error:
        console.show_problems(error.problems, form=form)
        context.exit(1)
    if form == "json":
        console.dump([])
    elif form == "text" and not quiet:
        console.say(
            f"no mistakes in {console.count(found.files, 'file')}: "
            f"{console.count(found.notes, 'note')}, {console.count(found.cards, 'card')}"
        )
        _show_coverage(found)


def _show_coverage(found: Checked) -> None:
    covered, left_out, items = found.coverage
    if items:
        console.say(
            f"coverage: {covered + left_out} of {items} items "
            f"({covered} answered, {left_out} left out with a reason)"
        )
