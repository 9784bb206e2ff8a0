"""What `build` does when it reuses no earlier run; the only place that writes files of a deck."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from deckpress.anki.ledger import write_ledger
from deckpress.companies.evidence import count_grades
from deckpress.companies.summary import CompanySummary, summarize_companies
from deckpress.decks.deck import Deck, stand_alone
from deckpress.decks.release import Release, select
from deckpress.decks.selection import Selection, read_facts
from deckpress.exporters import EXPORTERS
from deckpress.exporters.html.company_index import CompanyRow, write_index
from deckpress.exporters.options import Fit, Options
from deckpress.exporters.pdf.characters import CHARACTERS
from deckpress.markup.typesetter import fonts_kept
from deckpress.model.collection import Writing
from deckpress.model.note import Note
from deckpress.pipeline.build import (
    Build,
    Checked,
    Done,
    Output,
    Report,
    Work,
    report_nothing,
)
from deckpress.pipeline.cache import Cache
from deckpress.pipeline.known_ledger import remember_ledger
from deckpress.pipeline.load import collector_at_rest, load, never_free
from deckpress.pipeline.name_lists import List, keep_names, read_names
from deckpress.pipeline.own_templates import own_templates
from deckpress.reading.coverage import measure_coverage
from deckpress.reading.figures import is_hidden
from deckpress.reading.folder import is_card_file
from deckpress.schema.file_names import LEDGER_NAME
from deckpress.text.files import write_files
from deckpress.text.problem import CallError, Problem, SelectionError, SourceError

T = TypeVar("T")

_PRINTED = frozenset({"pdf", "cards"})
"""The formats whose letters come from the program's fonts."""


@dataclass(frozen=True, slots=True)
class _Made:
    """A deck and the files made of it, by path; `paths` says by format which is which.

    Where pages were to be filled, the PDF alone holds only what fits.
    """

    deck: Deck
    files: Mapping[Path, bytes]
    paths: Mapping[str, Path]
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
        return [
            Output(path, *self._count(path == self.paths.get("pdf")), len(data))
            for path, data in self.files.items()
        ]

    def _count(self, fitted: bool) -> tuple[int, int]:
        if not fitted or not self.fit:
            return len(self.deck.notes), self.cards
        return len(self.fit.notes), sum(len(self.deck.rendered[i].ords) for i in self.fit.notes)


@collector_at_rest()
def make_build(
    root: Path,
    out: Path,
    *,
    formats: Sequence[str],
    selection: Selection,
    options: Options,
    standalone: bool,
    locked: bool,
    strict: bool,
    work: Work,
    report: Report,
) -> Done:
    """Build a deck; see `build.build`."""
    start = time.monotonic()
    # Of a part of the deck, only what is chosen is written, when it is known.
    wanted = [] if selection else _writings(formats, options)
    release = _load(root, wanted, work, locked=locked, strict=strict, report=report)
    deck = select(release, selection)
    boxes = _advise_on_glyphs(release, deck.notes, formats, root, strict=strict)
    small = _advise_on_small_print(deck, formats, options, strict=strict)
    # What a package is packed by leaves Python to it.
    pending = _begin(lambda: _write_ledger(release, root, work))
    made = _export(stand_alone(deck) if standalone else deck, formats, options, out, root)
    ledger = pending.result()
    fresh = _fresh(made.files)
    write_files({**ledger, **made.files})
    _keep_names(release, root, ledger, work)
    result = Build(
        tuple(made.outputs),
        Counter(deck.parts[note.id] for note in deck.notes if deck.parts),
        count_grades(deck.notes, deck.companies),
        release.reconciled.changes,
        release.collection.files,
        time.monotonic() - start,
        tuple(sorted((*release.advice, *boxes, *small))),
        made.fit,
        made.left_out,
        fresh,
    )
    return _done(result, release, root, made.files, ledger)


@collector_at_rest()
def make_companies(
    root: Path,
    out: Path,
    *,
    formats: Sequence[str],
    options: Options,
    locked: bool,
    strict: bool,
    work: Work,
    report: Report,
) -> Done:
    """Build the deck of every company; see `build.build_companies`."""
    start = time.monotonic()
    wanted = _writings(formats, options)
    release = _load(root, wanted, work, locked=locked, strict=strict, report=report_nothing)
    boxes = _advise_on_glyphs(release, release.collection.notes, formats, root, strict=strict)
    small: set[Problem] = set()
    rows: list[CompanyRow] = []
    files: dict[Path, bytes] = {}
    outputs: list[Output] = []
    summaries = summarize_companies(release.collection)
    if not summaries:
        raise SelectionError("the cards name no company, so there is nothing to build for one")
    path = out / f"{release.collection.info.slug}-companies.html"
    options = replace(options, index=path.name)
    facts = read_facts(release.collection)
    decks = [select(release, Selection(companies=(s.slug,)), facts) for s in summaries]
    for deck in decks:
        small |= {*_advise_on_small_print(deck, formats, options, strict=strict)}
    all_made = _export_all(decks, formats, options, out, root, report)
    for summary, made in zip(summaries, all_made, strict=True):
        rows.append(_row(summary, made))
        files |= made.files
        outputs += made.outputs
    with own_templates(release.collection.theme):
        page = write_index(release, rows)
    ledger = _write_ledger(release, root, work)
    files[path] = page
    fresh = _fresh(files)
    write_files({**ledger, **files})
    _keep_names(release, root, ledger, work)
    outputs.append(Output(path, len(release.notes), sum(release.cards.values()), len(page)))
    changes, seconds = release.reconciled.changes, time.monotonic() - start
    read = release.collection.files
    advice = tuple(sorted((*release.advice, *boxes, *small)))
    result = Build(tuple(outputs), {}, {}, changes, read, seconds, advice, fresh=fresh)
    return _done(result, release, root, files, ledger)


def _fresh(files: Mapping[Path, bytes]) -> tuple[Path, ...]:
    """Return those of the files that are missing on the disk, or hold something else there."""

    def holds(path: Path, data: bytes) -> bool:
        # What this user may not read can still be replaced.
        with suppress(OSError):
            return path.is_file() and path.read_bytes() == data
        return False

    return tuple(path for path, data in files.items() if not holds(path, data))


def make_paper_cards(
    root: Path,
    out: Path,
    *,
    options: Options,
    selection: Selection,
    work: Work,
    report: Report,
) -> Output:
    """Write paper flashcards; see `build.print_cards`."""
    wanted = [] if selection else _writings(["cards"], options)
    release = _load(root, wanted, work, locked=False, strict=False, report=report)
    deck = select(release, selection)
    advice = _advise_on_small_print(deck, ["cards"], options, strict=False)
    made = _export(deck, ["cards"], options, out, root)
    write_files(made.files)
    return replace(made.outputs[0], advice=advice)


@collector_at_rest()
def make_check(root: Path, *, locked: bool, strict: bool, work: Work, report: Report) -> Done:
    """Look for mistakes; see `build.check`."""
    release = _load(root, [CHARACTERS], work, locked=locked, strict=strict, report=report)
    collection = release.collection
    found = measure_coverage(collection.coverage, collection.notes)
    coverage = (found.covered, found.left_out, found.items)
    cards = sum(release.cards.values())
    boxes = _advise_on_glyphs(release, collection.notes, _PRINTED, root, strict=strict)
    advice = tuple(sorted((*release.advice, *boxes)))
    result = Checked(collection.files, len(release.notes), cards, coverage, advice)
    _keep_names(release, root, {}, work)
    return _done(result, release, root, {}, {})


def _load(
    root: Path,
    wanted: Sequence[Writing[Any]],
    work: Work,
    *,
    locked: bool,
    strict: bool,
    report: Report,
) -> Release:
    release = load(
        root,
        locked=locked,
        strict=strict,
        writings=wanted,
        jobs=work.jobs,
        cache=work.cache,
        seen=work.seen,
        report=report,
    )
    if work.ends:
        never_free(release)
    return release


def _done(
    result: object,
    release: Release,
    root: Path,
    outputs: Mapping[Path, bytes],
    ledger: Mapping[Path, bytes],
) -> Done:
    kept = release.reconciled.ledger
    times = [entry.mod for entry in kept.notes.values()]
    times += [entry.mod for entry in kept.note_types.values()]
    newest = max(times, default=0)
    hidden = any(
        is_hidden(src, Path(note.where.path).parent, root)
        for note in release.collection.notes
        for src in note.images
    )
    # A font that is installed may be another next time.
    lasting = not hidden and not release.collection.info.fonts
    return Done(result, outputs, ledger, newest, lasting=lasting)


def _advise_on_glyphs(
    release: Release, notes: Sequence[Note], formats: Iterable[str], root: Path, *, strict: bool
) -> tuple[Problem, ...]:
    """Say what a PDF prints as boxes; without one, no font is asked."""
    if not _PRINTED & set(formats):
        return ()
    from deckpress.pipeline.missing_glyphs import find_missing_glyphs

    advice = find_missing_glyphs(release, notes, root)
    if strict and advice:
        raise SourceError(advice, strict=True)
    return advice


def _advise_on_small_print(
    deck: Deck, formats: Iterable[str], options: Options, *, strict: bool
) -> tuple[Problem, ...]:
    """Say what paper cards print too small."""
    if "cards" not in formats:
        return ()
    from deckpress.pipeline.small_print import advise_on_small_print

    advice = advise_on_small_print(deck, options)
    if strict and advice:
        raise SourceError(advice, strict=True)
    return advice


def _writings(formats: Sequence[str], options: Options) -> list[Writing[Any]]:
    asked = [writing for name in formats for writing in EXPORTERS[name].writings(options)]
    return [*asked, CHARACTERS] if _PRINTED & set(formats) else asked


def _export(deck: Deck, formats: Sequence[str], options: Options, out: Path, root: Path) -> _Made:
    """Write a deck in formats, into memory."""
    return _export_all([deck], formats, options, out, root, report_nothing)[0]


def _export_all(
    decks: Sequence[Deck],
    formats: Sequence[str],
    options: Options,
    out: Path,
    root: Path,
    report: Report,
) -> list[_Made]:
    """Write decks of one collection in formats, into memory."""
    paths = [
        {name: out / EXPORTERS[name].file_name(deck, options) for name in formats} for deck in decks
    ]
    for path in (path for those in paths for path in those.values()):
        if is_card_file(path.resolve(), root.resolve()):
            raise CallError(
                f"'{path}' would be read as cards, because it lies in the deck's folder: name "
                "another folder with --out, or one that begins with _"
            )
    orders = [(deck, options) for deck in decks]
    with own_templates(decks[0].collection.theme), fonts_kept():
        if options.pages and "pdf" in formats:
            from deckpress.exporters.pdf.pages import fit_pages

            orders = [(deck, replace(options, fit=fit_pages(deck, options))) for deck in decks]
        made = _write_formats(orders, formats, report)
    return [
        _Made(deck, {path: files[name] for name, path in those.items()}, those, asked.fit)
        for (deck, asked), files, those in zip(orders, made, paths, strict=True)
    ]


def _write_formats(
    orders: Sequence[tuple[Deck, Options]], formats: Sequence[str], report: Report
) -> list[dict[str, bytes]]:
    """Write formats, those that are printed beside the others: Typst leaves Python to them.

    Args:
        orders: decks, each with how it is printed.
        formats: keys of `EXPORTERS`.
        report: called with the number of decks that are written and of all.

    Returns:
        What was made of each deck, by format.
    """
    made: list[dict[str, bytes]] = [{} for _ in orders]
    failed: dict[tuple[int, int], Exception] = {}
    finished = {True: 0, False: 0}
    alone = threading.Lock()

    def write(*, printed: bool) -> None:
        for number, (deck, options) in enumerate(orders):
            for rank, name in enumerate(formats):
                if (name in _PRINTED) is not printed:
                    continue
                try:
                    made[number][name] = EXPORTERS[name](deck, options)
                except Exception as error:  # the first is raised below
                    failed[number, rank] = error
            # What comes first is told: the other thread goes on until it has come as far.
            if failed and min(list(failed))[0] <= number:
                return
            with alone:
                finished[printed] += 1
                report(min(finished.values()), len(orders))

    if writings := _writings(formats, orders[0][1]):
        from deckpress.exporters.unsettable import Unsettable

        # Notes are written before, for that has processes and a cache of its own.
        for deck, _ in orders:
            for writing in writings:
                with suppress(*Unsettable):
                    deck.collection.write(writing, deck.notes)
    beside = _begin(lambda: write(printed=False))
    write(printed=True)
    beside.result()
    if failed:
        raise failed[min(failed)]
    return made


def _begin(work: Callable[[], T]) -> Future[T]:
    """Begin work in another thread, for which whoever presses Ctrl-C need not wait."""
    future: Future[T] = Future()

    def do() -> None:
        try:
            future.set_result(work())
        except BaseException as error:  # it is raised where the result is asked for
            future.set_exception(error)

    threading.Thread(target=do, daemon=True).start()
    return future


def ledger_file(release: Release, root: Path) -> dict[Path, bytes]:
    """Return the ledger to write, if it is behind.

    It is written first: should the machine stop in between, the next build writes the same again.
    """
    text = write_ledger(release.reconciled.ledger)
    return {} if text == release.text else {root / LEDGER_NAME: text.encode()}


def _write_ledger(release: Release, root: Path, work: Work) -> dict[Path, bytes]:
    """Return the ledger to write, if it is behind, and keep what it says for the next run."""
    ledger = ledger_file(release, root)
    if work.cache:
        memory = Cache(work.cache)
        for path, data in ledger.items():
            remember_ledger(path, data, release.reconciled.ledger, memory)
        memory.close()
    return ledger


_NAMES_ELSEWHERE: tuple[List, ...] = ("categories", "companies")
_NAMES: tuple[List, ...] = (*_NAMES_ELSEWHERE, "ids")
"""A list of each file that has names; with it, the others of the file are kept."""


def _keep_names(release: Release, root: Path, ledger: Mapping[Path, bytes], work: Work) -> None:
    """Read the names that a shell completes while all that reads them is at hand."""
    if work.cache is None:
        return
    for data in ledger.values():
        before = release.before, release.text.encode()
        keep_names(release.reconciled.ledger, data, *before, work.cache)
    for one_of_each_file in _NAMES if not ledger else _NAMES_ELSEWHERE:
        read_names(root, one_of_each_file, work.cache)


def _row(summary: CompanySummary, made: _Made) -> CompanyRow:
    # Two formats may share a suffix, but no two the whole of what their files end in.
    files = tuple(
        (EXPORTERS[form].ending.lstrip("-."), path.name, len(made.files[path]))
        for form, path in made.paths.items()
    )
    parts = Counter(made.deck.parts[note.id] for note in made.deck.notes)
    return CompanyRow(summary, parts, made.cards, files)
