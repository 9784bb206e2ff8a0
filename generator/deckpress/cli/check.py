"""The command `check`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from deckpress.cli import console
from deckpress.cli.options import JOBS, LOCKED, NO_CACHE, QUIET, SOURCE, STRICT, take_work
from deckpress.schema.published import PUBLISHED

if TYPE_CHECKING:  # completing and help need no more than the options
    from deckpress.pipeline.build import Checked


def _explain(context: click.Context, parameter: click.Parameter, name: str | None) -> None:
    if name is None:
        return
    from deckpress.text.rules import RULES, how_to_allow
    from deckpress.text.suggestions import suggest

    if name not in RULES:
        hint = suggest(name, RULES, most=len(RULES))
        raise click.BadParameter(f"no rule is called '{name}' ({hint})", param_hint="--explain")
    rule = RULES[name]
    console.say(f"{name}: {rule.severity}")
    console.say(rule.what)
    console.say(rule.why)
    if rule.severity == "advice":
        console.say(how_to_allow(name))
    context.exit()


def _complete_rules(_context: click.Context, _option: click.Parameter, begun: str) -> list[str]:
    from deckpress.text.rules import RULES

    return [name for name in RULES if name.startswith(begun)]


@click.command("check")
@SOURCE
@LOCKED
@click.option(
    "--format",
    "form",
    default="text",
    show_default=True,
    type=click.Choice(["text", "json", "github", "sarif"]),
    help="How mistakes and advice are printed.",
)
@click.option(
    "--schema",
    metavar="FILE",
    type=click.Choice(PUBLISHED),
    help=f"Print the JSON Schema of FILE, and stop: one of {', '.join(PUBLISHED)}.",
)
@JOBS
@NO_CACHE
@click.option(
    "--explain",
    metavar="RULE",
    is_eager=True,
    expose_value=False,
    callback=_explain,
    shell_complete=_complete_rules,
    help="Say what a rule finds and why it matters, and stop.",
)
@STRICT
@click.option(
    "--fix",
    is_flag=True,
    help=(
        "First fix what can have only one meaning: missing ids, names that differ only in capitals "
        "or dashes, a fence that is never closed."
    ),
)
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
    strict: bool,
    fix: bool,
    quiet: bool,
) -> None:
    """List every mistake in the cards, and advice; write nothing, except with --fix."""
    if schema:
        from deckpress.schema.validation import json_schema

        console.dump(json_schema(schema))
        return
    if fix:
        from deckpress.pipeline.fix import write_missing_ids, write_safe_fixes

        for mended in write_safe_fixes(source):
            console.complain(f"{mended.where}: {mended.title} [{mended.rule}]")
        for written in write_missing_ids(source):
            console.complain(f"{written.where}: wrote {{#{written.id}}}")
    from deckpress.pipeline.build import check
    from deckpress.text.problem import SourceError

    try:
        with console.progress("reading cards", quiet=quiet or form != "text") as report:
            work = take_work(jobs, no_cache=no_cache, ends=True)
            found = check(source, locked=locked, strict=strict, work=work, report=report)
    except SourceError as error:
        console.show_problems(error.problems, error.advice, form=form)
        context.exit(1)
    if found.advice or form in ("json", "sarif"):
        console.show_problems((), found.advice, form=form)
    if form == "text" and not quiet:
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
