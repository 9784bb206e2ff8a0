"""The command `verify`: the code of the cards, run."""

from __future__ import annotations

import math
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from deckpress.cli import console
from deckpress.cli.deck_names import NOTE_IDS
from deckpress.cli.options import JSON, QUIET, SOURCE
from deckpress.text.processes import usable_cores

if TYPE_CHECKING:  # completing and help need no more than the options
    from deckpress.pipeline.verify import MutationScore, Snippets, Verdict


def _some(context: click.Context, option: click.Parameter, value: float) -> float:
    if not 0 < value < math.inf:
        raise click.BadParameter("a number above 0 is needed")
    return value


@click.command("verify")
@SOURCE
@click.option(
    "--only",
    multiple=True,
    metavar="ID",
    shell_complete=NOTE_IDS,
    help="Run the code of this note only.",
)
@click.option(
    "--seconds",
    default=60.0,
    show_default=True,
    callback=_some,
    metavar="S",
    help="The time limit for each note, in seconds.",
)
@click.option(
    "--memory",
    default=4000.0,
    show_default=True,
    callback=_some,
    metavar="MB",
    help="The memory limit for each note, in MB.",
)
@click.option(
    "--jobs",
    default=usable_cores(),
    type=click.IntRange(min=1),
    metavar="N",
    help="How many notes run at once; by default one per core.",
)
@click.option("--require", multiple=True, metavar="LIB", help="Fail if this library is missing.")
@click.option(
    "--mutate",
    default=0,
    type=click.IntRange(min=0),
    metavar="N",
    help="Make N small changes to the code of each note, and count those that its tests notice.",
)
@click.option("--no-cache", is_flag=True, help="Also run code that passed before.")
@JSON
@QUIET
@click.pass_context
def command(
    context: click.Context,
    source: Path,
    only: tuple[str, ...],
    seconds: float,
    memory: float,
    jobs: int,
    require: tuple[str, ...],
    mutate: int,
    no_cache: bool,
    as_json: bool,
    quiet: bool,
) -> None:
    """Run the Python code on the cards, with the hidden tests."""
    from deckpress.pipeline.sandbox import Limits
    from deckpress.pipeline.verified import read_verified, usual_path
    from deckpress.pipeline.verify import measure_mutations, verify

    snippets = _choose(source, only)
    limits = Limits(seconds, int(memory * 1_000_000))
    if mutate:
        with console.progress("changing code", quiet=quiet or as_json) as report:
            score = measure_mutations(snippets, mutate, limits=limits, jobs=jobs, report=report)
        _show_score(score, as_json=as_json, quiet=quiet)
        return
    verified = None if no_cache else read_verified(usual_path())
    with console.progress("running code", quiet=quiet or as_json) as report:
        verdicts = verify(snippets, limits=limits, jobs=jobs, report=report, verified=verified)
    problems = sorted(verdict.problem for verdict in verdicts if verdict.problem)
    missing = Counter(verdict.missing for verdict in verdicts if verdict.missing)
    if as_json:
        console.dump([_as_json(verdict) for verdict in verdicts])
    elif problems:
        console.show_problems(problems)
    if not as_json and not quiet:
        _show(verdicts, missing)
    lacking = [name for name in require if missing[name]]
    if problems or lacking:
        context.exit(1 if problems else 3)


def _choose(source: Path, only: tuple[str, ...]) -> tuple[Snippets, ...]:
    from deckpress.pipeline.cache import cache_folder
    from deckpress.pipeline.load import load
    from deckpress.pipeline.verify import SNIPPETS, collect_snippets
    from deckpress.text.problem import SelectionError
    from deckpress.text.suggestions import suggest_behind

    collection = load(source, writings=[SNIPPETS], cache=cache_folder()).collection
    snippets = collect_snippets(collection, only)
    lacking = set(only) - {one.note for one in snippets}
    if lacking:
        name = min(lacking)
        everything = [one.note for one in collect_snippets(collection)]
        raise SelectionError(
            f"no note with code is called '{name}'{suggest_behind(name, everything)}"
        )
    return snippets


def _show(verdicts: tuple[Verdict, ...], missing: Counter[str]) -> None:
    from deckpress.pipeline.sandbox import isolation, keeps_files

    failed = sum(bool(verdict.problem) for verdict in verdicts)
    ran = len(verdicts) - sum(missing.values())
    tests = sum(bool(verdict.snippets.tests) for verdict in verdicts if not verdict.missing)
    known = sum(verdict.known for verdict in verdicts)
    console.say(
        f"{ran - failed} of {console.count(ran, 'note')} with code passed, {tests} with tests"
        + (f" ({known} had passed before)" if known else "")
    )
    for name, number in sorted(missing.items()):
        console.say(f"not run, because {name} is not installed: {console.count(number, 'note')}")
    if not isolation():
        console.say(
            "the code could reach the network, because this system has no way to prevent it"
        )
    if not keeps_files():
        console.say(
            "the code could write to your files, because this system has no way to prevent it"
        )


def _show_score(score: MutationScore, *, as_json: bool, quiet: bool) -> None:
    noticed = score.mutants - len(score.survivors)
    if as_json:
        rows = [
            {"id": one.note, "where": str(one.where), "change": one.change}
            for one in score.survivors
        ]
        console.dump(
            {"notes": score.notes, "mutants": score.mutants, "noticed": noticed, "survivors": rows}
        )
        return
    for one in score.survivors:
        console.say(f"{one.where}: '{one.note}': no test notices: {one.change}")
    if not quiet:
        share = f" ({100 * noticed / score.mutants:.1f} %)" if score.mutants else ""
        console.say(
            f"{noticed} of {console.count(score.mutants, 'change')} noticed{share}, "
            f"{console.count(score.notes, 'note')} with tests"
        )


def _as_json(verdict: Verdict) -> dict[str, object]:
    return {
        "id": verdict.snippets.note,
        "fences": len(verdict.snippets.fences),
        "tests": verdict.snippets.tests,
        "passed": not verdict.problem and not verdict.missing,
        "known": verdict.known,
        "missing": verdict.missing or None,
        "where": str(verdict.problem.where) if verdict.problem else None,
        "message": verdict.problem.message if verdict.problem else None,
    }
