"""The deck against lists of questions that it is to answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from deckpress.model.collection import CoverageItem
from deckpress.model.note import Note
from deckpress.text.problem import Location, Problem
from deckpress.text.suggestions import misnamed


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many items notes answer, how many are left out for a reason, and how many there are."""

    covered: int
    left_out: int
    items: int


def measure_coverage(items: Mapping[str, CoverageItem], notes: Iterable[Note]) -> Coverage:
    """Count the items that notes answer, and those that are left out."""
    covered = {name for note in notes for name in note.covers} & set(items)
    left = [item for item in items.values() if item.left_out and item.id not in covered]
    return Coverage(len(covered), len(left), len(items))


def check_coverage(items: Mapping[str, CoverageItem], notes: Iterable[Note]) -> list[Problem]:
    """Find items that no note answers, and notes that name items which do not exist.

    Args:
        items: the items of all lists; without any, notes may name what they like.
        notes: the notes of the deck.

    Returns:
        A problem for each gap at the item, and for each unknown name at the note.
    """
    if not items:
        return []
    problems: list[Problem] = []
    covered: set[str] = set()
    for note in notes:
        covered.update(note.covers)
        for name in note.covers:
            if name not in items:
                where = Location(note.where.path, note.where.line)
                message = f"'{note.id}' covers unknown '{name}'"
                problems.append(misnamed(where, message, name, items, rule="unknown-item"))
    for item in items.values():
        if item.id not in covered and not item.left_out:
            hint = f"add covers={item.id} to the note that answers it"
            message = f"no note covers '{item.id}' ({item.topic})"
            problems.append(Problem(item.where, message, hint, rule="uncovered-item"))
    return problems
