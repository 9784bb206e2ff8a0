"""The sheets of a deck, made by a process of its own, so that no card waits for one."""

from __future__ import annotations

import multiprocessing
import signal
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Literal

Kind = Literal["html", "pages", "pdf"]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet that was made: one file, or the pages of a PDF as drawings.

    `left_out` counts the notes that have mistakes, `refusal` says why there is nothing.
    """

    files: tuple[bytes, ...] = ()
    left_out: int = 0
    refusal: str = ""


@dataclass(slots=True)
class Sheets:
    """Makes sheets one at a time; what has not changed is not made again."""

    root: Path
    cache: Path | None
    _made: dict[Kind, Sheet] = field(default_factory=dict)
    _changed: set[Path] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _process: Any = None
    _connection: Connection | None = None

    def note_change(self, paths: Iterable[Path]) -> None:
        """Take note that files changed: the sheets that were made are out of date."""
        self._changed |= set(paths)
        self._made = {}

    def is_current(self, kind: Kind) -> bool:
        """Say whether a sheet is made, of the deck as it is."""
        return kind in self._made

    def make(self, kind: Kind) -> Sheet:
        """Return a sheet of the deck as it is; this takes seconds, and belongs into a thread.

        Args:
            kind: "html", "pdf", or "pages", the pages of the PDF as SVG.

        Returns:
            The sheet. Notes with mistakes are left out of it.
        """
        with self._lock:
            known = self._made.get(kind)
            if known:
                return known
            self._start()
            changed, self._changed = self._changed, set()
            made = self._made
            assert self._connection is not None
            try:
                self._connection.send((kind, sorted(changed)))
                sheet: Sheet = self._connection.recv()
            except (EOFError, OSError):
                self.close()
                return Sheet(refusal="The process that makes the sheets was ended; try again.")
            # What changed meanwhile wants another one.
            if made is self._made:
                made[kind] = sheet
            return sheet

    def close(self) -> None:
        """End the process."""
        if self._process:
            self._process.terminate()
            self._process.join(5)
        if self._connection:
            self._connection.close()
        self._process = self._connection = None

    def _start(self) -> None:
        if self._process and self._process.is_alive():
            return
        # A fork would have the threads of a server, which are not there in it.
        context = multiprocessing.get_context("spawn")
        self._connection, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, self.root, self.cache))
        self._process.start()
        theirs.close()


def _serve(connection: Connection, root: Path, cache: Path | None) -> None:
    """Make what is asked for until nobody asks."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    from deckpress.exporters import EXPORTERS
    from deckpress.exporters.options import Options
    from deckpress.pipeline.open_deck import OpenDeck

    deck = OpenDeck(root, cache=cache)
    options = Options()
    deck.open([w for name in ("html", "pdf") for w in EXPORTERS[name].writings(options)])
    while True:
        try:
            kind, changed = connection.recv()
        except (EOFError, OSError):
            return
        deck.update(changed)
        connection.send(_make(deck, kind))


def _make(deck: Any, kind: Kind) -> Sheet:
    from deckpress.decks.release import select
    from deckpress.exporters import EXPORTERS
    from deckpress.exporters.options import Options
    from deckpress.exporters.pdf.sheet import settle
    from deckpress.exporters.pdf.typeset import typst_files
    from deckpress.pipeline.own_templates import own_templates
    from deckpress.text.problem import SelectionError, SourceError

    release = deck.release()
    if release is None:
        beside = [
            p for p in deck.problems() if p.severity == "mistake" and p.where.path not in deck.files
        ]
        told = "; ".join(f"{p.where.path}: {p.message}" for p in beside[:1])
        return Sheet(refusal=f"Nothing can be made yet: {told or 'the deck cannot be read'}.")
    if not release.notes:
        none = "There are no notes yet." if not deck.files else "No note is without mistakes yet."
        return Sheet(refusal=none)
    left_out = sum(1 for _ in deck.notes) - len(release.notes)
    try:
        chosen = select(release)
        with own_templates(release.collection.theme):
            if kind == "pages":
                files = typst_files(chosen)
                pages = settle(chosen, Options(), lambda t, source: t.svg_pages(source, files))
                return Sheet(tuple(page.encode() for page in pages), left_out)
            return Sheet((EXPORTERS[kind](chosen),), left_out)
    except (SourceError, SelectionError) as error:
        return Sheet(refusal=str(error))
