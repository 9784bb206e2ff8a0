"""What `list` and `stats` say of notes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from statistics import median
from typing import Any

from deckpress.anki_note import AnkiNote
from deckpress.document import plain_text
from deckpress.model import DIFFICULTIES, Note


def note_rows(notes: Sequence[Note], rendered: Mapping[str, AnkiNote]) -> list[dict[str, Any]]:
    """Describe notes, one mapping each, in the deck's order."""
    return [
        {
            "id": note.id,
            "kind": note.kind,
            "category": note.category,
            "difficulty": note.difficulty or None,
            "tags": list(note.tags),
            "companies": sorted({fact.company for fact in note.evidence}),
            "cards": len(rendered[note.id].ords),
            "question": rendered[note.id].question,
            "where": str(note.where),
        }
        for note in notes
    ]


def measure(notes: Sequence[Note], rendered: Mapping[str, AnkiNote]) -> dict[str, Any]:
    """Count notes and measure their short answers in words; counts fall, difficulties rise."""
    words = sorted(len(plain_text(note.answer).split()) for note in notes)
    difficulty = Counter(note.difficulty for note in notes)
    sourced = sum(bool(note.citations) for note in notes)
    return {
        "notes": len(notes),
        "cards": sum(len(rendered[note.id].ords) for note in notes),
        "with sources": f"{sourced} ({sourced * 100 // len(notes)} %)",
        "figures": len({name for note in notes for name in note.images.values()}),
        "kind": dict(Counter(note.kind for note in notes).most_common()),
        "category": dict(Counter(note.category for note in notes).most_common()),
        "difficulty": {name: difficulty[name] for name in DIFFICULTIES if difficulty[name]},
        "company": dict(
            Counter(
                company for note in notes for company in {fact.company for fact in note.evidence}
            ).most_common()
        ),
        "words of the short answer": {
            "median": int(median(words)),
            "90 of 100 have at most": words[len(words) * 9 // 10 - (len(words) % 10 == 0)],
            "most": words[-1],
        },
    }
