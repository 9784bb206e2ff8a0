"""Notes written from their content, each once for all outputs of a run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from deckpress.model.collection import Catalogue, Writing
from deckpress.model.note import Content, Note

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class NoteWriter:
    """Writes notes whose content is at hand, and remembers what it wrote."""

    contents: Mapping[str, Content]
    catalogue: Catalogue
    written: dict[str, dict[str, Any]] = field(default_factory=dict)

    def __call__(self, writing: Writing[T], notes: Iterable[Note]) -> dict[str, T]:
        """Write notes.

        Args:
            writing: the way in which they are written.
            notes: notes of the collection.

        Returns:
            What was written, by id, in the order of the notes.
        """
        known = self.written.setdefault(writing.name, {})
        chosen = list(notes)
        for note in chosen:
            if note.id not in known:
                content = self.contents[note.id]
                known[note.id] = writing.write(note, content, self.catalogue)
        return {note.id: known[note.id] for note in chosen}
