"""The command `verify`: the code of the cards, run."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import click

from deckpress.cli import console
from deckpress.cli.options import JSON, QUIET, SOURCE
from deckpress.pipeline.cache import cache_folder
from deckpress.pipeline.load import load
from deckpress.pipeline.verify import SNIPPETS, Verdict, collect_snippets, verify


@click.command("verify")
@SOURCE
@click.option("--seconds", default=60.0, show_default=True, help="The most one note may take.")
@click.option("--jobs", default=os.cpu_count() or 1, help="How many run at once; default: cores.")
@click.option("--require", multiple=True, metavar="LIB", help="Fail when this library is missing.")
@JSON
@QUIET
@click.pass_context
def command(
    context: click.Context,
    source: Path,
    seconds: float,
    jobs: int,
    require: tuple[str, ...],
    as_json: bool,
    quiet: bool,
) -> None:
    """Run the Python code of the cards, hidden tests included."""
    snippets = collect_snippets(load(source, writings=[SNIPPETS], cache=cache_folder()).collection)
    with console.progress("running code", quiet=quiet or as_json) as report:
        verdicts = verify(snippets, seconds=seconds, jobs=max(jobs, 1), report=report)
    problems = sorted(verdict.problem for verdict in verdicts if verdict.problem)
    missing = Counter(verdict.missing for verdict in verdicts if verdict.missing)
    if as_json:
        console.dump(_as_json(verdicts))
    elif problems:
        console.show_problems(problems)
    if not as_json and not quiet:
        ran = len(verdicts) - sum(missing.values())
        tests = sum(verdict.snippets.tests for verdict in verdicts if not verdict.missing)
        passed = ran - len(problems)
        console.say(
            f"{passed} of {console.count(ran, 'note')} with code passed, {tests} with tests"
        )
        for name, number in sorted(missing.items()):
            console.say(f"not run for want of {name}: {console.count(number, 'note')}")
    lacking = [name for name in require if missing[name]]
    if problems or lacking:
        context.exit(1 if problems else 3)


def _as_json(verdicts: tuple[Verdict, ...]) -> list[dict[str, object]]:
    return [
        {
            "id": verdict.snippets.note,
            "fences": len(verdict.snippets.fences),
            "tests": verdict.snippets.tests,
            "passed": not verdict.problem and not verdict.missing,
            "missing": verdict.missing or None,
            "where": str(verdict.problem.where) if verdict.problem else None,
            "message": verdict.problem.message if verdict.problem else None,
        }
        for verdict in verdicts
    ]
