"""A folder of cards and its ledger, read and compared."""

from __future__ import annotations

import gc
import os
import shlex
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any

from deckpress.anki.changes import Changes
from deckpress.anki.identity import new_namespace
from deckpress.anki.ledger import Ledger, is_in_conflict, read_ledger
from deckpress.anki.note import ANKI_NOTE
from deckpress.anki.reconcile import reconcile
from deckpress.decks.release import Release
from deckpress.model.collection import Writing
from deckpress.pipeline.build import Report, report_nothing
from deckpress.pipeline.cache import Cache
from deckpress.pipeline.card_reader import CardReader
from deckpress.pipeline.clock import latest_time, release_time
from deckpress.pipeline.known_ledger import recall_ledger, remember_ledger
from deckpress.pipeline.own_templates import own_templates
from deckpress.reading.folder import read_folder
from deckpress.schema.file_names import LEDGER_NAME, MOST_LEDGER
from deckpress.text.files import read_file
from deckpress.text.problem import Location, Problem, SourceError
from deckpress.text.source_text import decode_source


def load(
    root: Path,
    *,
    locked: bool = False,
    strict: bool = False,
    writings: Sequence[Writing[Any]] = (),
    jobs: int = 0,
    cache: Path | None = None,
    seen: Mapping[str, str] = MappingProxyType({}),
    report: Report = report_nothing,
) -> Release:
    """Read cards and ledger, and compare them; nothing is written.

    Args:
        root: the folder of cards.
        locked: whether a ledger that is behind is a mistake, as in a release.
        strict: whether advice is as grave as a mistake.
        writings: the ways in which notes will be written, beside that for Anki, so that it happens
            while they are read; any other can be asked for later.
        jobs: how many processes read cards; 0 chooses by their number.
        cache: the folder of the cache; without one nothing is remembered.
        seen: stamps of files that were taken before; see `Work`.
        report: called with the number of files read and of all.

    Returns:
        Everything that the outputs are made from.

    Raises:
        SourceError: something is wrong in the cards or the ledger; it lists everything.
    """
    release = read_release(
        root,
        strict=strict,
        writings=writings,
        jobs=jobs,
        cache=cache,
        seen=seen,
        report=report,
    )
    problems = release.reconciled.problems
    if locked and not problems and release.behind:
        problems = _say_behind(release.reconciled.changes, root, release.text)
    if problems:
        raise SourceError(problems)
    return release


def read_release(
    root: Path,
    *,
    strict: bool = False,
    sealed: bool = True,
    writings: Sequence[Writing[Any]] = (),
    jobs: int = 0,
    cache: Path | None = None,
    seen: Mapping[str, str] = MappingProxyType({}),
    report: Report = report_nothing,
) -> Release:
    """Read cards and ledger, and leave it to the caller whether they agree.

    Args:
        root: the folder of cards.
        strict: whether advice is as grave as a mistake.
        sealed: whether the ledger's last line must fit the others.
        writings: the ways in which notes will be written, as for `load`.
        jobs: how many processes read cards; 0 chooses by their number.
        cache: the folder of the cache; without one nothing is remembered.
        seen: stamps of files, as for `load`.
        report: called with the number of files read and of all.

    Returns:
        The cards as they are; what of them could not be released stands in `reconciled.problems`.

    Raises:
        SourceError: something is wrong in the cards, or the ledger cannot be read.
    """
    wanted = tuple({w.name: w for w in (ANKI_NOTE, *writings)}.values())
    memory = Cache(cache) if cache else None
    try:
        with collector_at_rest():
            cards = CardReader(wanted, jobs, memory, seen)
            return _read(root, cards, report, strict=strict, sealed=sealed)
    finally:
        if memory:
            memory.close()


@contextmanager
def collector_at_rest() -> Iterator[None]:
    """Spare Python the search for cycles in a hundred thousand values that have none."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            # Else it would look through all of them at once.
            gc.freeze()
            gc.enable()


def never_free(value: object) -> None:
    """Leave a value in memory to the end: to free ten thousand notes takes a twentieth of a run.

    It holds itself from now on, and when the program ends, nobody looks for such values any more
    (see `deckpress.cli.main`).
    """
    held: list[object] = [value]
    held.append(held)


def _read(
    root: Path, read_cards: CardReader, report: Report, *, strict: bool, sealed: bool
) -> Release:
    path = root / LEDGER_NAME
    name = path.as_posix()
    text, known, faults = find_ledger(path, sealed=sealed, cache=read_cards.cache)
    notes_known = known.notes.values() if known else ()
    established = {entry.id: entry.question for entry in notes_known if not entry.retired}
    released = None if faults else frozenset(known.notes) if known else frozenset[str]()
    try:
        collection = read_folder(
            root, read_cards, report, established, released=released, strict=strict
        )
    except SourceError as error:
        if not faults:
            raise
        raise SourceError([*error.problems, *error.advice, *faults], strict=strict) from error
    if faults:
        raise SourceError(faults)
    before = known or Ledger(new_namespace(collection.info.slug))
    with own_templates(collection.theme):
        notes = collection.write(ANKI_NOTE, collection.notes)
    reconciled = reconcile(before, collection, list(notes.values()), release_time(), name)
    return Release(collection, notes, before, reconciled, text)


def read_ledger_file(path: Path) -> Ledger:
    """Read the ledger of a deck.

    Args:
        path: the ledger.

    Returns:
        What it remembers.

    Raises:
        SourceError: it is missing, no ledger, or none of this version.
    """
    _, found, faults = find_ledger(path)
    if found is None:
        missing = Problem(Location(path.as_posix()), "there is no ledger", rule="broken-ledger")
        raise SourceError(faults or [missing])
    return found


def find_ledger(
    path: Path, *, sealed: bool = True, cache: Cache | None = None
) -> tuple[str, Ledger | None, Sequence[Problem]]:
    """Read the ledger of a deck, if there is one.

    Args:
        path: the ledger.
        sealed: whether its last line must count and seal the others.
        cache: remembers what ledgers say.

    Returns:
        Its text, what it remembers, and what is wrong with it.
    """
    if not os.path.lexists(path):
        return "", None, ()
    data, lacks = read_file(path, most=MOST_LEDGER)
    if lacks:
        return "", None, lacks
    if sealed and cache and (known := recall_ledger(path, data, cache)):
        return *known, ()
    text, problems = decode_source(data, path.as_posix())
    if problems:
        return text, None, problems
    ledger, problems_of_lines = read_ledger(text, path.as_posix(), latest_time(), sealed=sealed)
    if sealed and cache and ledger and not problems_of_lines:
        remember_ledger(path, data, ledger, cache)
    return text, ledger, problems_of_lines


def _say_behind(changes: Changes, root: Path, text: str) -> tuple[Problem, ...]:
    path = (root / LEDGER_NAME).as_posix()
    folder = root.as_posix()
    command = "deckpress build" if folder == "cards" else f"deckpress build {shlex.quote(folder)}"
    hint = f"run `{command}`, and commit {path}"
    if is_in_conflict(text):
        message = "the ledger contains both sides of a merge"
        return (Problem(Location(path), message, hint, rule="ledger-behind"),)
    parts = [
        f"{len(ids)} {what}"
        for what, ids in (
            ("added", changes.added),
            ("changed", changes.changed),
            ("retired", changes.retired),
            ("back", changes.returned),
            ("of another look", changes.note_types),
        )
        if ids
    ]
    message = f"the ledger is out of date: {', '.join(parts) or 'order or names changed'}"
    return (Problem(Location(path), message, hint, rule="ledger-behind"),)
