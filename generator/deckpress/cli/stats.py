"""The command `stats`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from deckpress.cli import console
from deckpress.cli.options import JSON, SOURCE, selecting
from deckpress.model.scales import DIFFICULTIES

if TYPE_CHECKING:  # completing and help need no more than the options
    from deckpress.decks.deck import Deck


_MOST_TAGS = 30
"""How many tags are printed: a deck may have hundreds."""


@click.command("stats")
@SOURCE
@selecting
@JSON
def command(source: Path, as_json: bool, **wanted: Any) -> None:
    """Count the notes, and measure the short answers."""
    from deckpress.decks.release import select
    from deckpress.decks.selection import Selection
    from deckpress.pipeline.cache import cache_folder
    from deckpress.pipeline.load import load

    stats = measure(select(load(source, cache=cache_folder()), Selection(**wanted)))
    if as_json:
        console.dump(stats)
        return
    for name, value in stats.items():
        if isinstance(value, dict):
            _show_counts(name, value)
        else:
            shown = ", ".join(value) or "none" if isinstance(value, list) else value
            console.say(f"{name}: {shown}")


def _show_counts(name: str, counts: dict[str, int]) -> None:
    """Print a table, unless nothing was counted; of very many tags the most frequent."""
    if not counts:
        return
    rows = list(counts.items())
    left = len(rows) - _MOST_TAGS if name == "tag" else 0
    console.say("")
    console.show_table([name, ""], rows[:_MOST_TAGS] if left > 1 else rows)
    if left > 1:
        console.say(f"... {left} more, which --json lists")


def measure(deck: Deck) -> dict[str, Any]:
    """Count notes and measure their short answers in words; counts fall, difficulties rise."""
    from deckpress.decks.selection import note_facts
    from deckpress.reading.measures import MEASURES, find_near_duplicates
    from deckpress.tree.media import media_type

    notes = deck.notes
    words = sorted(note.answer_words for note in notes if note.kind != "cloze") or [0]
    difficulty = Counter(note.difficulty for note in notes)
    sourced = sum(bool(note.citations) for note in notes)
    named = {name for note in notes for name in note.images.values()}
    files = Counter(known.kind for name in named if (known := media_type(name)))
    measures = deck.collection.write(MEASURES, notes).values()
    asked = sorted(each.question_words for each in measures) or [0]
    follow_ups, answered = (
        sum(each.follow_ups for each in measures),
        sum(each.answered for each in measures),
    )
    return {
        "notes": len(notes),
        "cards": sum(len(deck.rendered[note.id].ords) for note in notes),
        "with sources": _share(sourced, len(notes)),
        "follow-ups answered": _share(answered, follow_ups),
        "questions nearly the same": [
            f"{one.id} {other.id}" for one, other in find_near_duplicates(notes)
        ],
        "figures": files["image"],
        "sounds and videos": files["sound"] + files["video"],
        "kind": dict(Counter(note.kind for note in notes).most_common()),
        "category": dict(Counter(note.category for note in notes).most_common()),
        "difficulty": {name: difficulty[name] for name in DIFFICULTIES if difficulty[name]},
        "company": dict(
            Counter(
                company for note in notes for company in sorted({f.company for f in note.evidence})
            ).most_common()
        ),
        "tag": dict(
            Counter(tag for note in notes for tag in note_facts(note)["tag"]).most_common()
        ),
        "words of the question": _spread(asked),
        "words of the short answer (no cloze)": _spread(words),
    }


def _share(part: int, whole: int) -> str:
    return f"{part} of {whole}" + (f" ({part * 100 // whole} %)" if whole else "")


def _spread(numbers: Sequence[int]) -> dict[str, int]:
    from statistics import median

    return {
        "median": int(median(numbers)),
        "90 of 100 have at most": numbers[len(numbers) * 9 // 10 - (len(numbers) % 10 == 0)],
        "most": numbers[-1],
    }
