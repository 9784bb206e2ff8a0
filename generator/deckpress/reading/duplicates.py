"""What no two notes of a deck may share: ids and questions."""

from __future__ import annotations

from collections.abc import Sequence

from deckpress.model.note import Note
from deckpress.text.problem import Problem


def find_tag_twins(notes: Sequence[Note]) -> list[Problem]:
    """Find tags that differ in capitals only, for Anki takes them for one."""
    first: dict[str, str] = {}
    problems: list[Problem] = []
    for note in notes:
        for tag in note.tags:
            known = first.setdefault(tag.casefold(), tag)
            if known != tag:
                message = f"the tag '{tag}' is written '{known}' elsewhere"
                hint = "Anki takes them for one; write it the same everywhere"
                problems.append(Problem(note.where, message, hint, rule="tag-capitals"))
    return problems


def find_duplicates(notes: Sequence[Note]) -> list[Problem]:
    """Find ids and questions that stand twice, at the second place."""
    problems: list[Problem] = []
    ids: dict[str, Note] = {}
    questions: dict[str, Note] = {}
    for note in notes:
        first = ids.setdefault(note.id, note)
        if first is not note and note.id:
            hint = "ids are for ever and for one note; choose another"
            message = f"the id '{note.id}' is taken by {first.where}"
            problems.append(Problem(note.where, message, hint, rule="id-twice"))
        twin = questions.setdefault(note.front_key, note)
        if twin is not note and note.front_key:
            hint = "no one could tell the two apart; name what differs"
            problems.append(
                Problem(
                    note.where, f"the same question as {twin.where}", hint, rule="question-twice"
                )
            )
    return problems
