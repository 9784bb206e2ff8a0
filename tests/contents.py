"""The trees of the notes of a deck, for tests that look at what every note says."""

from __future__ import annotations

from deckpress.model.collection import Catalogue, Collection, Writing
from deckpress.model.note import Content, Note


def _keep(note: Note, content: Content, catalogue: Catalogue) -> tuple[Note, Content]:
    return note, content


def read_contents(collection: Collection) -> list[tuple[Note, Content]]:
    """Return the notes of a deck with what they say."""
    return list(collection.write(Writing("content", _keep), collection.notes).values())
