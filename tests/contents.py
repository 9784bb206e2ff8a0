"""The trees of the notes of a deck, for tests that look at what every note says."""

from __future__ import annotations

from pathlib import Path

from deckpress import load
from deckpress.model.collection import Catalogue, Writing
from deckpress.model.note import Content, Note


def _keep(note: Note, content: Content, catalogue: Catalogue) -> tuple[Note, Content]:
    return note, content


def read_contents(root: Path) -> list[tuple[Note, Content]]:
    """Read a deck, and return its notes with what they say."""
    collection = load(root).collection
    return list(collection.write(Writing("content", _keep), collection.notes).values())
