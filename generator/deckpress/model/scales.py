"""The words of which a note has one each, for those who need no more of a note."""

from __future__ import annotations

DIFFICULTIES = ("easy", "medium", "hard")
IMPORTANCES = ("low", "normal", "high")
EVIDENCE_KINDS = ("asked", "watched", "subject")


def rank_early(importance: str, difficulty: str) -> tuple[int, int]:
    """Return what notes are sorted by that have these words: important ones first, then easy ones.

    Args:
        importance: one of `IMPORTANCES`, or nothing.
        difficulty: one of `DIFFICULTIES`, or nothing: who rates only some notes calls the others
            neither easy nor hard.
    """
    level = DIFFICULTIES.index(difficulty or "medium")
    return -IMPORTANCES.index(importance or "normal"), level
