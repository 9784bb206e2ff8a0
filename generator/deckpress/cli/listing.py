"""What `list` and `stats` say of notes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from statistics import median
from typing import Any

from deckpress.anki_note import AnkiNote
from deckpress.document import Node, plain_text
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
    words = sorted(_count_words(note) for note in notes if note.kind != "cloze") or [0]
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
        "words of the short answer (no cloze)": {
            "median": int(median(words)),
            "90 of 100 have at most": words[len(words) * 9 // 10 - (len(words) % 10 == 0)],
            "most": words[-1],
        },
    }


def _count_words(note: Note) -> int:
    """Count the words of the first paragraph of an answer; a formula is one word."""
    words = [node for node in note.answer[:1] if node.kind not in ("table", "figure", "code_block")]
    return len(plain_text(_without_formulas(words)).split())


def _without_formulas(nodes: Sequence[Node]) -> list[Node]:
    return [
        replace(node, text="x" if node.kind.startswith("math") else node.text).with_children(
            _without_formulas(node.children)
        )
        for node in nodes
    ]
