"""The command `build`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from deckpress.cli import console
from deckpress.cli.options import (
    JOBS,
    JSON,
    LOCKED,
    NO_CACHE,
    OUT,
    QUIET,
    SOURCE,
    STRICT,
    laying_out,
    selecting,
    take_options,
    take_work,
)
from deckpress.exporters import EXPORTERS, USUAL
from deckpress.exporters.options import Fit, Options

if TYPE_CHECKING:  # completing and help need no more than the options
    from deckpress.anki.changes import Changes
    from deckpress.pipeline.build import Build


def _complete_formats(begun: str) -> list[str]:
    before, comma, last = begun.rpartition(",")
    named = before.split(",")
    left = [name for name in EXPORTERS if name.startswith(last) and name not in named]
    return [before + comma + name for name in left]


@click.command("build")
@SOURCE
@OUT
@click.option(
    "--format",
    "formats",
    multiple=True,
    default=(",".join(USUAL),),
    show_default=True,
    metavar="F,F",
    shell_complete=lambda _context, _parameter, begun: _complete_formats(begun),
    help=f"Any of {', '.join(EXPORTERS)}.",
)
@selecting
@laying_out
@click.option(
    "--all-companies",
    is_flag=True,
    help="Build every company's deck, and a page that links to them.",
)
@click.option("--standalone", is_flag=True, help="Make a separate deck, with progress of its own.")
@LOCKED
@JOBS
@NO_CACHE
@STRICT
@JSON
@QUIET
def command(
    source: Path,
    out: Path,
    formats: tuple[str, ...],
    all_companies: bool,
    standalone: bool,
    locked: bool,
    jobs: int,
    no_cache: bool,
    strict: bool,
    as_json: bool,
    quiet: bool,
    **wanted: Any,
) -> None:
    """Build the deck, its sheets and exports, or a part of it.

    \b
    Formats:
      apkg        the deck, to import into Anki
      update      new texts for a deck that is in Anki already
      html, pdf   a sheet to search and drill, and one for paper
      cards       paper flashcards, to print and cut
      csv, tsv    a table for Anki's text import or a spreadsheet
      json        everything, for programs
      md          one Markdown book
    """
    from deckpress.decks.selection import Selection
    from deckpress.pipeline.build import build, build_companies

    names = list(dict.fromkeys(name.strip() for name in ",".join(formats).split(",")))
    unknown = [name for name in names if name not in EXPORTERS]
    if unknown:
        raise click.BadParameter(
            f"'{unknown[0]}' is not one of {', '.join(EXPORTERS)}", param_hint="--format"
        )
    options, selection = take_options(wanted), Selection(**wanted)
    if idle := _find_idle(options, names):
        raise click.UsageError(f"{idle} changes only what is printed: add pdf to --format")
    work = take_work(jobs, no_cache=no_cache, ends=True)
    if all_companies and (selection or standalone):
        raise click.UsageError(
            "--all-companies builds every company: leave out options that select notes, and "
            "--standalone"
        )
    with console.progress(
        "building" if all_companies else "reading cards", quiet=quiet or as_json
    ) as report:
        if all_companies:
            done = build_companies(
                source,
                out,
                formats=names,
                options=options,
                locked=locked,
                work=work,
                strict=strict,
                report=report,
            )
        else:
            done = build(
                source,
                out,
                formats=names,
                options=options,
                selection=selection,
                standalone=standalone,
                locked=locked,
                work=work,
                strict=strict,
                report=report,
            )
    if as_json:
        console.dump(_build_as_json(done))
    elif not quiet:
        _show_build(done)


def _find_idle(options: Options, formats: Sequence[str]) -> str:
    """Return an option that changes none of the formats; empty without one."""
    if "pdf" in formats:
        return ""
    usual = Options()
    for name in ("detail", "landscape", "large", "paper"):
        if getattr(options, name) != getattr(usual, name) and not (
            name == "paper" and "cards" in formats
        ):
            return f"--{name}"
    return ""


def _show_build(done: Build) -> None:
    from deckpress.text.rules import RULES

    console.show_table(
        ["output", "notes", "cards", "size"],
        [[str(o.path), o.notes, o.cards, console.size(o.size)] for o in done.outputs],
    )
    if done.parts:
        from deckpress.companies.deck_parts import PARTS

        parts = ", ".join(f"{done.parts[name]} {name}" for name in PARTS if done.parts[name])
        grades = ", ".join(f"{number} {name or 'none'}" for name, number in done.grades.items())
        console.say(f"notes: {parts}" + (f"; evidence for asked: {grades}" if grades else ""))
    if done.fit:
        own = sum(done.parts.values()) - len(done.left_out)
        others = len(done.fit.notes) - own if done.parts else 0
        console.say(_describe_fit(done.fit, done.left_out, others))
    for line in _describe(done.changes, done.fresh):
        console.say(line)
    # Told whole is what the ledger will not show again, and what only the PDF shows; the rest of
    # the advice waits for `check`.
    told = [each for each in done.advice if RULES[each.rule].printed]
    for advice in (*done.changes.advice, *told):
        console.say(str(advice))
    others = len(done.advice) - len(done.changes.advice) - len(told)
    if others:
        console.say(console.advice_line(others))
    console.say(f"{console.count(done.files, 'file')} read, {done.seconds:.1f} s")


_NAMED = 12
"""How many notes that found no place are named on the terminal."""


def _describe_fit(fit: Fit, left_out: Sequence[str], others: int) -> str:
    """Say how full the pages are, by notes of what else, and which notes found no place on them."""
    full = f"pages {fit.filled:.0%} full at {fit.size:g} pt"
    if others:
        full += f", with {console.count(others, 'other note')} of the deck"
    if not left_out:
        return f"{full}; nothing left out"
    named = ", ".join(left_out[:_NAMED])
    more = len(left_out) - _NAMED
    rest = f", and {more} more, which --json lists" if more > 0 else ""
    return f"{full}; left out: {len(left_out)} ({named}{rest})"


def _describe(changes: Changes, fresh: Sequence[Path]) -> list[str]:
    if not changes and not fresh:
        return ["nothing changed since the last build: no file written"]
    if not changes:
        return [f"no note changed; {console.count(len(fresh), 'file')} written"]
    parts = (
        ("added", changes.added),
        ("changed", changes.changed),
        ("retired", changes.retired),
        ("back", changes.returned),
        ("new look", changes.note_types),
    )
    return [
        f"{name}: {len(ids)} ({', '.join(ids[:8])}{', ...' if len(ids) > 8 else ''})"
        for name, ids in parts
        if ids
    ]


def _build_as_json(done: Build) -> dict[str, object]:
    return {
        "outputs": [
            {"path": str(o.path), "notes": o.notes, "cards": o.cards, "bytes": o.size}
            for o in done.outputs
        ],
        "left_out": list(done.left_out),
        "written": [str(path) for path in done.fresh],
        "parts": dict(done.parts),
        "grades": dict(done.grades),
        "added": done.changes.added,
        "changed": done.changes.changed,
        "retired": done.changes.retired,
        "returned": done.changes.returned,
        "note_types": done.changes.note_types,
        "files": done.files,
        "advice": [console.as_json(problem) for problem in done.advice],
        "seconds": round(done.seconds, 3),
    }
