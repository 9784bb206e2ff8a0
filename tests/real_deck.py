"""The deck that comes with the program, read and exported once for all tests that look at it."""

from __future__ import annotations

import fcntl
from functools import cached_property
from pathlib import Path

from contents import read_contents
from deckpress import EXPORTERS, load, select
from deckpress.decks.release import Release
from deckpress.model.note import Content, Note


class RealDeck:
    """The deck of this repository; `folder` keeps what is made of it, for other processes, too."""

    root = Path(__file__).parents[1] / "cards"

    def __init__(self, folder: Path) -> None:
        """Read nothing yet."""
        self.folder = folder
        folder.mkdir(exist_ok=True)

    @cached_property
    def release(self) -> Release:
        """All of its notes."""
        return load(self.root, cache=self.folder / "cache")

    @cached_property
    def contents(self) -> list[tuple[Note, Content]]:
        """Its notes with what they say."""
        return read_contents(self.release.collection)

    def export(self, form: str) -> Path:
        """Return the deck in a format, with the usual options."""
        path = self.folder / f"real.{form}"
        with (self.folder / f"{form}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not path.exists():
                made = EXPORTERS[form](select(self.release))
                path.with_suffix(".new").write_bytes(made)
                path.with_suffix(".new").rename(path)
        return path
