"""A deck that is kept open and watched, and whose changes go to the page as messages."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from deckpress.pipeline.build import Report, report_nothing
from deckpress.pipeline.open_deck import OpenDeck
from deckpress.preview.cards import Cards
from deckpress.preview.sheets import Sheets

Message = dict[str, Any]
"""What the page is told, with the `type` of it: files, list, or problems."""


class Desk:
    """All that one preview holds; its methods may be called from any thread."""

    def __init__(self, root: Path, *, cache: Path | None = None, mathjax: Path | None = None):
        """Take a folder of cards; `open` reads it.

        Args:
            root: the folder.
            cache: the folder of the cache; without one nothing is remembered.
            mathjax: the folder of MathJax, which then sets the formulas in the page.
        """
        self.root, self.mathjax = root, mathjax
        self.deck = OpenDeck(root, cache=cache)
        self.cards = Cards(self.deck, draws_formulas=mathjax is None)
        self.sheets = Sheets(root, cache)

    def open(self, report: Report = report_nothing) -> None:
        """Read the deck, and look for its mistakes.

        Args:
            report: called with the number of files read and of all.
        """
        self.deck.open(report=report)
        self.cards.check(released=True)

    def take(self, changed: Iterable[Path]) -> Message | None:
        """Read what changed on the disk.

        Args:
            changed: paths as the folder's own begins.

        Returns:
            What the page is to be told; None if the change was none of the deck's.
        """
        paths = list(changed)
        before = self.deck.files.keys()
        update = self.deck.update(paths)
        if not update:
            return None
        self.cards.forget(update.read)
        self.sheets.note_change(paths)
        if update.everything or update.gone or not set(update.read) <= before:
            return {"type": "list"}
        return {"type": "files", "files": [[path, self.cards.rows(path)] for path in update.read]}

    def check(self, *, released: bool = False) -> Message:
        """Look for mistakes in all files together; see `Cards.check`.

        Returns:
            How many there are, for the page.
        """
        self.cards.check(released=released)
        return {"type": "problems", **self.cards.counts()}

    def close(self) -> None:
        """End what runs beside this process."""
        self.sheets.close()
