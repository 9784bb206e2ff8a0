"""What no two notes of a deck may share: ids and questions; and ids that a note may not replace."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Mapping, Sequence

from deckpress.model.note import Note
from deckpress.text.problem import Edit, Fix, Problem


def find_tag_twins(notes: Sequence[Note]) -> list[Problem]:
    """Find tags that differ in capitals only, for Anki takes them for one."""
    first: dict[str, str] = {}
    problems: list[Problem] = []
    for note in notes:
        for tag in note.tags:
            known = first.setdefault(tag.casefold(), tag)
            if known != tag:
                message = f"the tag '{tag}' is written '{known}' elsewhere"
                hint = "Anki treats them as one; write it the same everywhere"
                fixes = _spell(tag, known, note) if note.tags_line else ()
                problems.append(
                    Problem(note.where, message, hint, rule="tag-capitals", fixes=fixes)
                )
    return problems


_LONGEST_LIST = 60
"""Within how many lines a tag stands that is one of a list."""


def _spell(tag: str, known: str, note: Note) -> tuple[Fix, ...]:
    # Anki keeps no two spellings of a tag, so nothing is lost with one of them.
    edit = Edit(tag, known, note.tags_line - note.where.line, _LONGEST_LIST)
    return (Fix(f"write {known}", (edit,), safe=True),)


def find_duplicates(notes: Sequence[Note], established: Mapping[str, str]) -> list[Problem]:
    """Find ids and questions that occur twice, and report the newer note.

    Args:
        notes: all notes, in reading order.
        established: the questions of notes that were released, by id.

    Returns:
        A mistake for each note but the one that was there before; the first, when none was.
    """
    if len({note.id for note in notes}) == len({note.front_key for note in notes}) == len(notes):
        return []
    by_id: dict[str, list[Note]] = defaultdict(list)
    by_question: dict[str, list[Note]] = defaultdict(list)
    for note in notes:
        by_id[note.id].append(note)
        by_question[note.front_key].append(note)
    problems: list[Problem] = []
    for identity, twins in by_id.items():
        if len(twins) == 1:
            continue
        first = _first(twins, established)
        hint = "an id belongs to one note permanently; choose another"
        message = f"the id '{identity}' is taken by {first.where}"
        problems += [
            Problem(note.where, message, hint, rule="id-twice")
            for note in twins
            if note is not first and identity
        ]
    for question, twins in by_question.items():
        if len(twins) == 1:
            continue
        first = _first(twins, established)
        hint = "no one could tell the two apart; name what differs"
        message = f"the same question as {first.where}"
        problems += [
            Problem(note.where, message, hint, rule="question-twice")
            for note in twins
            if note is not first and question
        ]
    return problems


def find_unknown_retired(notes: Sequence[Note], released: Container[str]) -> list[Problem]:
    """Find what notes say that they replace, though it is no card that was taken out.

    Args:
        notes: all notes.
        released: the ids of all notes that ever were released.

    Returns:
        A mistake for each of them, at the note.
    """
    living = {note.id for note in notes}
    hint = "write the old id of a card that was taken out"
    return [
        Problem(note.where, f"no retired card has the id '{gone}'", hint, rule="unknown-retired")
        for note in notes
        for gone in note.replaces
        if gone in living or gone not in released
    ]


def _first(twins: Sequence[Note], established: Mapping[str, str]) -> Note:
    """Choose the note that was there before: by question, else by id, else by place."""
    return max(
        twins,
        key=lambda note: (established.get(note.id) == note.question, note.id in established),
    )
