"""The shape of `import.yaml`: which field of a foreign note type becomes which part of a card."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, Field

from deckpress.schema.words import LateShape, Slug, Text

PARTS = ("question", "front", "text", "answer", "details", "tags", "reverse", "skip")
"""The parts of a card that a field may become; a section is written `## Title`."""


def _part(text: str) -> str:
    if text not in PARTS and not re.fullmatch(r"## \S.*", text):
        raise ValueError(f"one of {', '.join(PARTS)}, or a section: '## Title'")
    return text


Part = Annotated[str, AfterValidator(_part)]


class NoteTypeMapEntry(LateShape):
    """What becomes of the notes of a note type: their kind, and the part that each field is."""

    name: Text
    kind: Slug
    fields: dict[Text, Part]


class ImportMapFile(LateShape):
    """`import.yaml`: what became of each note type when a deck was imported."""

    note_types: Annotated[list[NoteTypeMapEntry], Field(min_length=1)]
