"""What could not be carried, note by note: a table, and the notes that found no place."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

LEFT_OUT_NAME = "_left-out.md"


@dataclass(frozen=True, slots=True)
class Loss:
    """Something of a note that its card does not hold; without a note it concerns all of them."""

    id: str
    guid: str
    place: str
    what: str


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A note that became no card: its Markdown as far as it goes, and the reasons."""

    guid: str
    place: str
    reasons: tuple[str, ...]
    markdown: str


def write_report(losses: Iterable[Loss]) -> str:
    """Write losses as CSV, a row each."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["id", "guid", "place", "not carried"])
    writer.writerows([loss.id, loss.guid, loss.place, loss.what] for loss in losses)
    return out.getvalue()


def write_left_out(notes: Sequence[LeftOut]) -> str:
    """Write the notes that found no place as Markdown to mend by hand."""
    parts = [
        "<!-- Notes that could not become cards. Correct them, and move each into a card file. To "
        'keep its learners\' progress, build, add "guid" with the GUID to its line in deck.lock, '
        "and run `deckpress merge-lock --seal` with the deck's folder. -->"
    ]
    for note in notes:
        told = "".join(f"\n     {reason}" for reason in note.reasons)
        about = f"GUID {note.guid}" if note.guid else note.place
        parts.append(
            f"<!-- {about.replace('--', '- -')}{told.replace('--', '- -')} -->\n{note.markdown}"
        )
    return "\n\n".join(parts) + "\n"


def count_losses(losses: Iterable[Loss]) -> list[tuple[str, int]]:
    """Count losses by their kind, the most frequent first."""
    kinds = Counter(loss.what.partition(": ")[0].partition(" (in ")[0] for loss in losses)
    return sorted(kinds.items(), key=lambda pair: (-pair[1], pair[0]))
