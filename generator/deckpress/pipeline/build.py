"""The whole way from a folder of cards to files, or the remembered result of an earlier run.

What the way takes is imported when it is gone: a run that nothing has changed for needs none of it.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from deckpress.anki.changes import Changes
from deckpress.decks.selection import Selection
from deckpress.exporters import USUAL
from deckpress.exporters.options import Fit, Options
from deckpress.text.files import sweep
from deckpress.text.problem import Problem
from deckpress.text.values import read_value, write_value

Report = Callable[[int, int], None]


def report_nothing(done: int, all_: int) -> None:
    """Report nothing."""


@dataclass(frozen=True, slots=True)
class Work:
    """How the work of a run is done; the result does not depend on it.

    `jobs` is the number of processes that read cards, 0 for what fits their number; `cache` the
    folder of the cache, without which nothing is remembered. `seen` are stamps of files, by path,
    that were taken as the run began; others are taken when they are needed. `ends` says that the
    program ends with the run, so that nothing need be freed before.
    """

    jobs: int = 0
    cache: Path | None = None
    seen: Mapping[str, str] = field(default_factory=dict)
    ends: bool = False


@dataclass(frozen=True, slots=True)
class Output:
    """A file that was written: its path, notes, cards and bytes.

    `advice` is what only its making shows, where `Build` does not hold it.
    """

    path: Path
    notes: int
    cards: int
    size: int
    advice: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Build:
    """What a build did; `seconds` is wall time.

    Of a company's deck, `parts` counts the notes of each part, and `grades` the asked ones by the
    best grade of their evidence. `advice` is what `check` tells of the cards. Where a number of
    pages was to be filled, `fit` says with what, and `left_out` are the ids of the notes that found
    no place. `fresh` are the files that were missing, or held something else.
    """

    outputs: tuple[Output, ...]
    parts: Mapping[str, int]
    grades: Mapping[str, int]
    changes: Changes
    files: int
    seconds: float
    advice: tuple[Problem, ...] = ()
    fit: Fit | None = None
    left_out: tuple[str, ...] = ()
    fresh: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class Checked:
    """What a folder without mistakes holds; `coverage` counts answered, left out and all items."""

    files: int
    notes: int
    cards: int
    coverage: tuple[int, int, int] = (0, 0, 0)
    advice: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Done:
    """A run: its result, the files it wrote, and what shows whether that is still valid.

    `ledger` is the ledger's file if it was written; `newest` the newest time in it. `lasting` says
    that all it depends on lies where the next run looks for changes.
    """

    result: Any
    outputs: Mapping[Path, bytes] = field(default_factory=dict)
    ledger: Mapping[Path, bytes] = field(default_factory=dict)
    newest: int = 0
    lasting: bool = True


def build(
    root: Path,
    out: Path,
    *,
    formats: Sequence[str] = USUAL,
    selection: Selection = Selection(),  # noqa: B008  # frozen, so it can be shared
    options: Options = Options(),  # noqa: B008  # frozen, too
    standalone: bool = False,
    locked: bool = False,
    strict: bool = False,
    work: Work = Work(),  # frozen, too
    report: Report = report_nothing,
) -> Build:
    """Build a deck in every format asked for, and bring the ledger up to date.

    Args:
        root: the folder of cards.
        out: the folder for the outputs; made when missing.
        formats: keys of `EXPORTERS`.
        selection: which notes; an empty one takes all.
        options: how the outputs are printed.
        standalone: whether Anki is to hold it apart from the full deck.
        locked: fail when the ledger is behind, and leave it alone.
        strict: fail on advice as on mistakes.
        work: how the work is done.
        report: called with the number of files read and of all.

    Returns:
        What was written, and what changed since the ledger was last written.

    Raises:
        SourceError: the sources hold mistakes; nothing was written.
        SelectionError: nothing has what was asked for; nothing was written.
        CallError: what is written would be read as cards; nothing was written.
        OSError: the disk is full, or the folder cannot be written; nothing was written.
    """

    sweep((root, out))

    def make(work: Work) -> Done:
        from deckpress.pipeline.making import make_build

        return make_build(
            root,
            out,
            formats=formats,
            selection=selection,
            options=options,
            standalone=standalone,
            locked=locked,
            strict=strict,
            work=work,
            report=report,
        )

    asked = ("build", str(out), tuple(formats), selection, options, standalone, locked, strict)
    done: Build = _run(root, work, asked, make)
    return done


def build_companies(
    root: Path,
    out: Path,
    *,
    formats: Sequence[str] = USUAL,
    options: Options = Options(),  # noqa: B008  # frozen, so it can be shared
    locked: bool = False,
    strict: bool = False,
    work: Work = Work(),  # frozen, too
    report: Report = report_nothing,
) -> Build:
    """Build the deck of every company; notes are read and written once for all of them.

    Args:
        root: the folder of cards.
        out: the folder for the outputs; made when missing.
        formats: keys of `EXPORTERS`.
        options: how the outputs are printed.
        locked: fail when the ledger is behind, and leave it alone.
        strict: fail on advice as on mistakes.
        work: how the work is done.
        report: called with the number of companies done and of all.

    Returns:
        What was written, the page `<deck>-companies.html` last.

    Raises:
        SourceError: the sources hold mistakes; nothing was written.
        SelectionError: the cards name no company; nothing was written.
        OSError: the disk is full, or the folder cannot be written; nothing was written.
    """

    sweep((root, out))

    def make(work: Work) -> Done:
        from deckpress.pipeline.making import make_companies

        return make_companies(
            root,
            out,
            formats=formats,
            options=options,
            locked=locked,
            strict=strict,
            work=work,
            report=report,
        )

    asked = ("companies", str(out), tuple(formats), options, locked, strict)
    done: Build = _run(root, work, asked, make)
    return done


def print_cards(
    root: Path,
    out: Path,
    *,
    options: Options,
    selection: Selection,
    work: Work = Work(),  # frozen, so it can be shared
    report: Report = report_nothing,
) -> Output:
    """Write paper flashcards of a deck; the ledger stays as it is.

    Args:
        root: the folder of cards.
        out: the folder for the PDF; made when missing.
        options: how they are printed.
        selection: which notes; an empty one takes all.
        work: how the work is done.
        report: called with the number of files read and of all.

    Returns:
        What was written.

    Raises:
        SourceError: the sources hold mistakes; nothing was written.
        SelectionError: nothing has what was asked for; nothing was written.
        OSError: the disk is full, or the folder cannot be written; nothing was written.
    """
    from deckpress.pipeline.making import make_paper_cards

    return make_paper_cards(
        root, out, options=options, selection=selection, work=work, report=report
    )


def check(
    root: Path,
    *,
    locked: bool = False,
    strict: bool = False,
    work: Work = Work(),  # frozen, so it can be shared
    report: Report = report_nothing,
) -> Checked:
    """Find every mistake in a folder of cards; nothing is written but the cache.

    Args:
        root: the folder of cards.
        locked: whether a ledger that is behind is a mistake.
        strict: fail on advice as on mistakes.
        work: how the work is done.
        report: called with the number of files read and of all.

    Returns:
        What the folder holds.

    Raises:
        SourceError: it holds mistakes.
    """

    def make(work: Work) -> Done:
        from deckpress.pipeline.making import make_check

        return make_check(root, locked=locked, strict=strict, work=work, report=report)

    found: Checked = _run(root, work, ("check", locked, strict), make)
    return found


def _run(root: Path, work: Work, asked: tuple[object, ...], make: Callable[[Work], Done]) -> Any:
    """Make something, unless it was made before of the same."""
    start = time.monotonic()
    if work.cache is None:
        return make(work).result
    from deckpress.pipeline.run_memory import RunMemory

    memory = RunMemory(work.cache, root, asked)
    known = memory.recall()
    if known is not None and asked[0] == "check":
        return read_value(write_value(known), Checked)
    if known is not None:
        outputs = tuple(Output(Path(path), *rest) for path, *rest in known["outputs"])
        # Counted, as in a build: of a part that no note is in, there are none.
        parts, grades, files = Counter(known["parts"]), known["grades"], known["files"]
        advice = read_value(write_value(known["advice"]), tuple[Problem, ...])
        fit = known["fit"] and Fit(frozenset(known["fit"][0]), *known["fit"][1:])
        left_out, seconds = tuple(known["left_out"]), time.monotonic() - start
        return Build(outputs, parts, grades, Changes(), files, seconds, advice, fit, left_out)
    done = make(replace(work, seen=memory.seen))
    if done.lasting:
        memory.keep(_say_again(done.result), done.outputs, done.ledger, done.newest)
    return done.result


def _say_again(result: Any) -> object:
    """Return as JSON what the next run is to say: that nothing has changed since."""
    if isinstance(result, Checked):
        return result
    fit = result.fit
    return {
        "outputs": [[str(o.path), o.notes, o.cards, o.size] for o in result.outputs],
        "parts": dict(result.parts),
        "grades": dict(result.grades),
        "files": result.files,
        # What a change brings about is told once: with the build that brings it.
        "advice": [found for found in result.advice if found not in result.changes.advice],
        "fit": fit and [sorted(fit.notes), fit.size, fit.columns, fit.gap, fit.filled],
        "left_out": result.left_out,
    }
