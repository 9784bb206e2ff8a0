"""The command `check`."""

from __future__ import annotations

from pathlib import Path

import click

from deckpress.cli import console
from deckpress.cli.options import LOCKED, QUIET, SOURCE, STRICT
from deckpress.decks.release import Release
from deckpress.pipeline.fix import write_missing_ids
from deckpress.pipeline.load import load
from deckpress.pipeline.missing_glyphs import find_missing_glyphs
from deckpress.reading.coverage import measure_coverage
from deckpress.schema.validation import PUBLISHED, json_schema
from deckpress.text.problem import SourceError
from deckpress.text.rules import RULES
from deckpress.text.suggestions import suggest


def _explain(context: click.Context, parameter: click.Parameter, name: str | None) -> None:
    if name is None:
        return
    if name not in RULES:
        hint = suggest(name, RULES, most=len(RULES))
        raise click.BadParameter(f"no rule is called '{name}' ({hint})", param_hint="--explain")
    rule = RULES[name]
    console.say(f"{name}: {rule.severity}")
    console.say(rule.what)
    console.say(rule.why)
    if rule.severity == "advice":
        console.say(
            f"To allow it, write <!-- allow: {name} --> on the line before or at the end of the "
            f"line, or allow: [{name}] in deck.yaml."
        )
    context.exit()


@click.command("check")
@SOURCE
@LOCKED
@click.option(
    "--format", "form", default="text", type=click.Choice(["text", "json", "github", "sarif"])
)
@click.option(
    "--schema",
    type=click.Choice(list(PUBLISHED)),
    help="Print the JSON Schema of a YAML file or of the front matter, and stop.",
)
@click.option(
    "--explain",
    metavar="RULE",
    is_eager=True,
    expose_value=False,
    callback=_explain,
    help="Say what a rule finds and why it matters, and stop.",
)
@STRICT
@click.option("--fix", is_flag=True, help="Write an id into each note that lacks one, then check.")
@QUIET
@click.pass_context
def command(
    context: click.Context,
    source: Path,
    locked: bool,
    form: str,
    schema: str,
    strict: bool,
    fix: bool,
    quiet: bool,
) -> None:
    """Find every mistake in the cards, and give advice; write nothing, but ids with --fix."""
    if schema:
        console.dump(json_schema(schema))
        return
    if fix:
        for written in write_missing_ids(source):
            console.complain(f"{written.where}: wrote {{#{written.id}}}")
    try:
        with console.progress("reading cards", quiet=quiet or form != "text") as report:
            release = load(source, locked=locked, strict=strict, report=report)
    except SourceError as error:
        console.show_problems(error.problems, error.advice, form=form)
        context.exit(1)
    boxes = find_missing_glyphs(release, release.collection.notes, source)
    advice = tuple(sorted((*release.advice, *boxes)))
    if strict and boxes:
        console.show_problems(advice, (), form=form)
        context.exit(1)
    if advice or form in ("json", "sarif"):
        console.show_problems((), advice, form=form)
    if form == "text" and not quiet:
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
