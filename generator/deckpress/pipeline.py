"""The whole way from a folder of cards to files; the only place that writes any."""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from deckpress.anki_note import AnkiNote, compose_note
from deckpress.clock import latest_time, release_time
from deckpress.collection import LEDGER_NAME, load
from deckpress.company_deck import count_grades
from deckpress.deck import Deck, PaperCardOptions, SheetOptions, stand_alone
from deckpress.exporters import EXPORTERS, paper_cards
from deckpress.ledger import Ledger, read_ledger, write_ledger
from deckpress.model import Collection
from deckpress.problem import Location, Problem, SourceError
from deckpress.reconcile import Changes, Reconciled, reconcile
from deckpress.selection import Selection, select
from deckpress.source_file import read_file
from deckpress.source_text import decode_source
from deckpress.template_mistakes import own_templates
from deckpress.writing import write_files

Report = Callable[[int, int], None]
MOST_LEDGER = 100_000_000
"""The largest ledger that is read: some hundred thousand notes."""


@dataclass(frozen=True, slots=True)
class Release:
    """A collection with its ledger, brought up to date in memory."""

    collection: Collection
    notes: tuple[AnkiNote, ...]
    before: Ledger
    reconciled: Reconciled

    @property
    def behind(self) -> bool:
        """Whether the ledger on disk lacks something."""
        return write_ledger(self.before) != write_ledger(self.reconciled.ledger)


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
    best grade of their evidence.
    """

    outputs: tuple[Output, ...]
    parts: Mapping[str, int]
    grades: Mapping[str, int]
    changes: Changes
    files: int
    seconds: float


def _silent(done: int, all_: int) -> None:
    """Report nothing."""


def prepare(root: Path, *, locked: bool = False, report: Report = _silent) -> Release:
    """Read cards and ledger, and hold one against the other; nothing is written.

    Args:
        root: the folder of cards.
        locked: whether a ledger that is behind is a mistake, as in a release.
        report: called with the number of files read and of all.

    Returns:
        Everything that the outputs are made from.

    Raises:
        SourceError: something is wrong in the cards or the ledger; it lists everything.
    """
    collection = load(root, report)
    path = root / LEDGER_NAME
    name = path.as_posix()
    before = Ledger(namespace=collection.info.slug)
    if os.path.lexists(path):
        before = _read_ledger(path)
    with own_templates(collection.theme):
        notes = tuple(compose_note(note, collection) for note in collection.notes)
    reconciled = reconcile(before, collection, notes, release_time(), name)
    release = Release(collection, notes, before, reconciled)
    problems = reconciled.problems
    if locked and not problems and release.behind:
        problems = _say_behind(reconciled.changes, name)
    if problems:
        raise SourceError(problems)
    return release


def _read_ledger(path: Path) -> Ledger:
    data, lacks = read_file(path, most=MOST_LEDGER)
    text, problems = decode_source(data, path.as_posix())
    if lacks or problems:
        raise SourceError([*lacks, *problems])
    found, faults = read_ledger(text, path.as_posix(), latest_time())
    if found is None:
        raise SourceError(faults)
    return found


def build(
    root: Path,
    out: Path,
    *,
    formats: Sequence[str] = tuple(EXPORTERS),
    selection: Selection = Selection(),  # noqa: B008  # frozen, so it can be shared
    sheet: SheetOptions = SheetOptions(),  # noqa: B008  # frozen, too
    standalone: bool = False,
    locked: bool = False,
    report: Report = _silent,
) -> Build:
    """Build a deck in every format asked for, and bring the ledger up to date.

    Args:
        root: the folder of cards.
        out: the folder for the outputs; made when missing.
        formats: keys of `EXPORTERS`.
        selection: which notes; an empty one takes all.
        sheet: how the PDF is laid out.
        standalone: whether Anki is to hold it apart from the full deck.
        locked: fail when the ledger is behind, and leave it alone.
        report: called with the number of files read and of all.

    Returns:
        What was written, and what changed since the ledger was last written.

    Raises:
        SourceError: the sources hold mistakes; nothing was written.
        SelectionError: nothing has what was asked for; nothing was written.
        OSError: the disk is full, or the folder cannot be written; nothing was written.
    """
    start = time.monotonic()
    release = prepare(root, locked=locked, report=report)
    deck = make_deck(release, selection, sheet)
    deck = stand_alone(deck) if standalone else deck
    with own_templates(deck.collection.theme):
        files = {out / output_name(deck, name): EXPORTERS[name](deck) for name in formats}
    cards = sum(len(deck.rendered[note.id].ords) for note in deck.notes)
    # The ledger first: should the machine stop in between, the next build writes the same again.
    ledger = write_ledger(release.reconciled.ledger).encode()
    write_files({root / LEDGER_NAME: ledger, **files} if release.behind else files)
    return Build(
        tuple(Output(path, len(deck.notes), cards, len(data)) for path, data in files.items()),
        Counter(deck.parts[note.id] for note in deck.notes if deck.parts),
        count_grades(deck.notes, deck.companies),
        release.reconciled.changes,
        release.collection.files,
        time.monotonic() - start,
    )


def print_cards(
    root: Path,
    out: Path,
    *,
    options: PaperCardOptions,
    selection: Selection,
    report: Report = _silent,
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
    deck = make_deck(prepare(root, report=report), selection)
    with own_templates(deck.collection.theme):
        data = paper_cards.export(deck, options)
    path = out / f"{deck.name}-cards.pdf"
    replace_file(path, data)
    return Output(path, len(deck.notes), len(deck.notes), len(data))


def make_deck(
    release: Release,
    selection: Selection,
    sheet: SheetOptions = SheetOptions(),  # noqa: B008  # frozen, too
) -> Deck:
    """Return the chosen notes of a release, ready for export."""
    rendered = {note.id: note for note in release.notes}
    cards_of = {name: len(note.ords) for name, note in rendered.items()}
    selected = select(release.collection, selection, cards_of)
    return Deck(
        selected.name,
        selected.title,
        release.collection,
        selected.notes,
        rendered,
        release.reconciled.tombstones,
        release.reconciled.ledger,
        whole=not selection,
        parts=selected.parts,
        companies=selected.companies,
        sheet=sheet,
    )


def output_name(deck: Deck, form: str) -> str:
    """Return the name of an output's file; a variant of the sheet has a name of its own."""
    return f"{deck.name}{deck.sheet.suffix if form == 'pdf' else ''}.{form}"


def replace_file(path: Path, data: bytes) -> None:
    """Write one file whole, or not at all."""
    write_files({path: data})


def _say_behind(changes: Changes, path: str) -> tuple[Problem, ...]:
    hint = "run `deckpress build` and commit it"
    parts = [
        f"{len(ids)} {what}"
        for what, ids in (
            ("added", changes.added),
            ("changed", changes.changed),
            ("retired", changes.retired),
            ("of another look", changes.note_types),
        )
        if ids
    ]
    message = f"the ledger is behind: {', '.join(parts) or 'order or names changed'}"
    return (Problem(Location(path), message, hint),)
