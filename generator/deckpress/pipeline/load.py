"""A folder of cards and its ledger, read and held against each other."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from deckpress.anki.changes import Changes
from deckpress.anki.ledger import Ledger, read_ledger
from deckpress.anki.note import ANKI_NOTE
from deckpress.anki.reconcile import reconcile
from deckpress.decks.release import Release
from deckpress.model.collection import Collection, Writing
from deckpress.pipeline.build import Report, report_nothing
from deckpress.pipeline.cache import Cache
from deckpress.pipeline.card_reader import CardReader
from deckpress.pipeline.clock import latest_time, release_time
from deckpress.pipeline.own_templates import own_templates
from deckpress.reading.folder import LEDGER_NAME, read_folder
from deckpress.text.problem import Location, Problem, SourceError
from deckpress.text.source_text import read_text

MOST_LEDGER = 100_000_000
"""The largest ledger that is read: some hundred thousand notes."""


def load(
    root: Path,
    *,
    locked: bool = False,
    strict: bool = False,
    writings: Sequence[Writing[Any]] = (),
    jobs: int = 0,
    cache: Path | None = None,
    report: Report = report_nothing,
) -> Release:
    """Read cards and ledger, and hold one against the other; nothing is written.

    Args:
        root: the folder of cards.
        locked: whether a ledger that is behind is a mistake, as in a release.
        strict: whether advice is as grave as a mistake.
        writings: the ways in which notes will be written, beside that for Anki, so that it happens
            while they are read; any other can be asked for later.
        jobs: how many processes read cards; 0 chooses by their number.
        cache: the folder of the cache; without one nothing is remembered.
        report: called with the number of files read and of all.

    Returns:
        Everything that the outputs are made from.

    Raises:
        SourceError: something is wrong in the cards or the ledger; it lists everything.
    """
    wanted = tuple({w.name: w for w in (ANKI_NOTE, *writings)}.values())
    memory = Cache(cache) if cache else None
    try:
        with _collector_at_rest():
            collection = read_folder(root, CardReader(wanted, jobs, memory), report, strict=strict)
            return _hold_against_ledger(collection, root, locked=locked)
    finally:
        if memory:
            memory.close()


@contextmanager
def _collector_at_rest() -> Iterator[None]:
    """Spare Python the search for cycles in a hundred thousand values that have none."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _hold_against_ledger(collection: Collection, root: Path, *, locked: bool) -> Release:
    path = root / LEDGER_NAME
    name = path.as_posix()
    before = Ledger(namespace=collection.info.slug)
    if os.path.lexists(path):
        before = read_ledger_file(path)
    with own_templates(collection.theme):
        notes = collection.write(ANKI_NOTE, collection.notes)
    reconciled = reconcile(before, collection, list(notes.values()), release_time(), name)
    release = Release(collection, notes, before, reconciled)
    problems = reconciled.problems
    if locked and not problems and release.behind:
        problems = _say_behind(reconciled.changes, name)
    if problems:
        raise SourceError(problems)
    return release


def read_ledger_file(path: Path) -> Ledger:
    """Read the ledger of a deck.

    Args:
        path: the ledger.

    Returns:
        What it remembers.

    Raises:
        SourceError: it is no ledger, or none of this version.
    """
    text, problems = read_text(path, most=MOST_LEDGER)
    if problems:
        raise SourceError(problems)
    found, faults = read_ledger(text, path.as_posix(), latest_time())
    if found is None:
        raise SourceError(faults)
    return found


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
    return (Problem(Location(path), message, hint, rule="ledger-behind"),)
