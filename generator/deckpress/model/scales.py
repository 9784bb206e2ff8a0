"""The words of which a note has one each, for those who need no more of a note."""

from __future__ import annotations

DIFFICULTIES = ("easy", "medium", "hard")
IMPORTANCES = ("low", "normal", "high")
EVIDENCE_KINDS = ("asked", "watched", "subject")
