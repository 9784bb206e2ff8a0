"""The whole way from a folder of cards to files; the only place that writes any."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from deckpress.anki.ledger import write_ledger
from deckpress.anki.reconcile import Changes
from deckpress.companies.evidence import count_grades
from deckpress.companies.summary import CompanySummary, summarize_companies
from deckpress.decks.deck import Deck, stand_alone
from deckpress.decks.release import Release, select
from deckpress.decks.selection import Selection
from deckpress.exporters import EXPORTERS, USUAL
from deckpress.exporters.html.company_index import CompanyRow, write_index
from deckpress.exporters.options import Fit, Options
from deckpress.exporters.pdf.pages import fit_pages
from deckpress.model.note import Note
from deckpress.pipeline.load import Report, load, report_nothing
from deckpress.pipeline.missing_glyphs import find_missing_glyphs
from deckpress.pipeline.own_templates import own_templates
from deckpress.reading.folder import LEDGER_NAME
from deckpress.text.files import write_files
from deckpress.text.problem import Problem, SourceError

_PRINTED = frozenset({"pdf", "cards"})
"""The formats whose letters come from the program's fonts."""


@dataclass(frozen=True, slots=True)
class Output:
    """A file that was written: its path, notes, cards and bytes."""

    path: Path
    notes: int
    cards: int
    size: int


@dataclass(frozen=True, slots=True)
class Build:
    """What a build did; `seconds` is wall time.

    Of a company's deck, `parts` counts the notes of each part, and `grades` the asked ones by the
    best grade of their evidence. `advice` is what `check` tells of the cards. Where a number of
    pages was to be filled, `fit` says with what, and `left_out` are the ids of the notes that found
    no place.
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


@dataclass(frozen=True, slots=True)
class _Made:
    """A deck and the files made of it, by path."""

    deck: Deck
    files: Mapping[Path, bytes]
    fit: Fit | None = None

    @property
    def left_out(self) -> tuple[str, ...]:
        fit = self.fit
        return tuple(n.id for n in self.deck.notes if n.id not in fit.notes) if fit else ()

    @property
    def cards(self) -> int:
        return sum(len(self.deck.rendered[note.id].ords) for note in self.deck.notes)

    @property
    def outputs(self) -> list[Output]:
        notes, cards = len(self.deck.notes), self.cards
        return [Output(path, notes, cards, len(data)) for path, data in self.files.items()]


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
        report: called with the number of files read and of all.

    Returns:
        What was written, and what changed since the ledger was last written.

    Raises:
        SourceError: the sources hold mistakes; nothing was written.
        SelectionError: nothing has what was asked for; nothing was written.
        OSError: the disk is full, or the folder cannot be written; nothing was written.
    """
    start = time.monotonic()
    release = load(root, locked=locked, strict=strict, report=report)
    deck = select(release, selection)
    boxes = _advise_on_glyphs(release, deck.notes, formats, root, strict=strict)
    made = _export(stand_alone(deck) if standalone else deck, formats, options, out)
    write_files({**_ledger_file(release, root), **made.files})
    return Build(
        tuple(made.outputs),
        Counter(deck.parts[note.id] for note in deck.notes if deck.parts),
        count_grades(deck.notes, deck.companies),
        release.reconciled.changes,
        release.collection.files,
        time.monotonic() - start,
        tuple(sorted((*release.advice, *boxes))),
        made.fit,
        made.left_out,
    )


def build_companies(
    root: Path,
    out: Path,
    *,
    formats: Sequence[str] = USUAL,
    options: Options = Options(),  # noqa: B008  # frozen, so it can be shared
    locked: bool = False,
    strict: bool = False,
    report: Report = report_nothing,
) -> Build:
    """Build the deck of every company; notes are read and written for Anki once.

    Args:
        root: the folder of cards.
        out: the folder for the outputs; made when missing.
        formats: keys of `EXPORTERS`.
        options: how the outputs are printed.
        locked: fail when the ledger is behind, and leave it alone.
        strict: fail on advice as on mistakes.
        report: called with the number of companies done and of all.

    Returns:
        What was written, the page `<deck>-companies.html` last.

    Raises:
        SourceError: the sources hold mistakes; nothing was written.
        OSError: the disk is full, or the folder cannot be written; nothing was written.
    """
    start = time.monotonic()
    release = load(root, locked=locked, strict=strict)
    boxes = _advise_on_glyphs(release, release.collection.notes, formats, root, strict=strict)
    rows: list[CompanyRow] = []
    files: dict[Path, bytes] = {}
    outputs: list[Output] = []
    summaries = summarize_companies(release.collection)
    path = out / f"{release.collection.info.slug}-companies.html"
    options = replace(options, index=path.name)
    for done, summary in enumerate(summaries, 1):
        deck = select(release, Selection(companies=(summary.slug,)))
        made = _export(deck, formats, options, out)
        rows.append(_row(summary, made))
        files |= made.files
        outputs += made.outputs
        report(done, len(summaries))
    with own_templates(release.collection.theme):
        page = write_index(release, rows)
    write_files({**_ledger_file(release, root), **files, path: page})
    outputs.append(Output(path, len(release.notes), len(rows), len(page)))
    changes, seconds = release.reconciled.changes, time.monotonic() - start
    files_read = release.collection.files
    advice = tuple(sorted((*release.advice, *boxes)))
    return Build(tuple(outputs), {}, {}, changes, files_read, seconds, advice)


def print_cards(
    root: Path,
    out: Path,
    *,
    options: Options,
    selection: Selection,
    report: Report = report_nothing,
) -> Output:
    """Write paper flashcards of a deck; the ledger stays as it is.

    Args:
        root: the folder of cards.
        out: the folder for the PDF; made when missing.
        options: how they are printed.
        selection: which notes; an empty one takes all.
        report: called with the number of files read and of all.

    Returns:
        What was written.

    Raises:
        SourceError: the sources hold mistakes; nothing was written.
        SelectionError: nothing has what was asked for; nothing was written.
        OSError: the disk is full, or the folder cannot be written; nothing was written.
    """
    made = _export(select(load(root, report=report), selection), ["cards"], options, out)
    write_files(made.files)
    return made.outputs[0]


def _advise_on_glyphs(
    release: Release, notes: Sequence[Note], formats: Sequence[str], root: Path, *, strict: bool
) -> tuple[Problem, ...]:
    """Say what a PDF prints as boxes; without one, no font is asked."""
    advice = find_missing_glyphs(release, notes, root) if _PRINTED & set(formats) else ()
    if strict and advice:
        raise SourceError(advice, strict=True)
    return advice


def _export(deck: Deck, formats: Sequence[str], options: Options, out: Path) -> _Made:
    """Write a deck in formats, into memory."""
    with own_templates(deck.collection.theme):
        exporters = [EXPORTERS[name] for name in formats]
        if options.pages and "pdf" in formats:
            options = replace(options, fit=fit_pages(deck, options))
        files = {out / e.file_name(deck, options): e(deck, options) for e in exporters}
    return _Made(deck, files, options.fit)


def _ledger_file(release: Release, root: Path) -> dict[Path, bytes]:
    """Return the ledger to write, if it is behind.

    It is written first: should the machine stop in between, the next build writes the same again.
    """
    if not release.behind:
        return {}
    return {root / LEDGER_NAME: write_ledger(release.reconciled.ledger).encode()}


def _row(summary: CompanySummary, made: _Made) -> CompanyRow:
    files = tuple((path.suffix[1:], path.name, len(data)) for path, data in made.files.items())
    parts = Counter(made.deck.parts[note.id] for note in made.deck.notes)
    return CompanyRow(summary, parts, made.cards, files)
