"""What no two notes of a deck may share: ids and questions."""

from __future__ import annotations

from collections.abc import Sequence

from deckpress.model.note import Note
from deckpress.text.problem import Problem
from deckpress.tree.node import plain_text


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
        question = " ".join(plain_text(note.question).split()).casefold()
        twin = questions.setdefault(question, note)
        if twin is not note and question:
            hint = "no one could tell the two apart; name what differs"
            problems.append(
                Problem(
                    note.where, f"the same question as {twin.where}", hint, rule="question-twice"
                )
            )
    return problems
