"""What mends the problems of a text, as edits of its lines."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from deckpress.editor.block_fixes import block_fixes
from deckpress.editor.desk import Desk
from deckpress.editor.line_fixes import line_fixes
from deckpress.pipeline.fix import FreeIds, write_id
from deckpress.text.fixes import Replacement, place_fix
from deckpress.text.problem import Problem, one_line

_ITS_OWN = re.compile(r" {0,3}(?:#{1,6}(?:\s|$)|`{3}|~{3}|\||:::)")
"""How lines begin that end in something else than text: what allows them stands above them."""

_LONGEST_LINE, _MOST_LINES, _MOST_GUESSED = 2_000, 20_000, 50
"""The limits of what is guessed: characters of a line, lines of a file, problems asked about.

Guesses look back and forth in a line, so that their time may grow with the square of its length.
"""

_WANT_ID = frozenset({"missing-id", "bad-id", "renamed-note"})


@dataclass(frozen=True, slots=True)
class QuickFix:
    """A fix of a problem that has a place in the text; the likeliest of a problem is preferred."""

    title: str
    problem: Problem
    edits: tuple[Replacement, ...]
    preferred: bool
    safe: bool


def quick_fixes(desk: Desk, problems: Iterable[Problem], lines: Sequence[str]) -> list[QuickFix]:
    """Return what mends problems of a file.

    Args:
        desk: the deck.
        problems: some problems of one file.
        lines: its lines as they stand in the editor.

    Returns:
        The fixes of each problem, in their order.
    """
    ids = _Ids(desk)
    made: list[QuickFix] = []
    for at, problem in enumerate(problems):
        made += _fixes(desk, problem, lines, ids, guess=at < _MOST_GUESSED)
    return made


def safe_edits(desk: Desk, path: str, lines: Sequence[str]) -> list[Replacement]:
    """Return the edits of all fixes of a file that are safe, none twice or across another."""
    ids = _Ids(desk)
    made: dict[int, list[Replacement]] = {}
    for problem in desk.problems_of(path):
        for fix in _fixes(desk, problem, lines, ids, guess=False):
            apart = all(
                one.end <= each.start or each.end <= one.start
                for one in fix.edits
                for each in made.get(one.line, ())
            )
            if fix.safe and apart:
                for edit in fix.edits:
                    made.setdefault(edit.line, []).append(edit)
    return [edit for edits in made.values() for edit in edits]


class _Ids:
    """The ids that are free, so that no two notes are offered the same, and former ones."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @cached_property
    def free(self) -> FreeIds:
        """The ids that no note has, and no note had."""
        ledger = self._desk.deck.ledger
        catalogue = self._desk.deck.catalogue
        language = catalogue.info.language if catalogue else ""
        return FreeIds([*self._desk.ids, *(ledger.notes if ledger else ())], language)

    @cached_property
    def _former(self) -> Mapping[str, Sequence[str]]:
        ledger = self._desk.deck.ledger
        here = set(self._desk.ids)
        found: dict[str, list[str]] = {}
        for entry in ledger.notes.values() if ledger else ():
            if not entry.retired and entry.id not in here:
                found.setdefault(entry.question, []).append(entry.id)
        return found

    def former(self, question: str) -> str:
        """Return the id under which the ledger knows a question; empty when none does."""
        found = self._former.get(question, ())
        return found[0] if len(found) == 1 else ""


def _fixes(
    desk: Desk, problem: Problem, lines: Sequence[str], ids: _Ids, *, guess: bool
) -> Iterator[QuickFix]:
    if problem.rule in _WANT_ID:
        yield from _id_fix(desk, problem, lines, ids)
    if problem.rule == "id-twice":
        yield from _other_id(desk, problem, lines, ids)
    found = False
    for at, fix in enumerate(problem.fixes):
        placed = place_fix(lines, problem.where, fix)
        if placed:
            found = True
            yield QuickFix(fix.title, problem, placed, at == 0, fix.safe)
    if guess and not found:
        yield from _guessed(problem, lines)
    if problem.severity == "advice" and problem.rule not in _WANT_ID:
        yield from _allowing(problem, lines)


def _guessed(problem: Problem, lines: Sequence[str]) -> Iterator[QuickFix]:
    """Offer what the lines give away, or words to write over; never made unasked."""
    index = problem.where.line - 1
    line = lines[index] if index < len(lines) else ""
    if index >= len(lines) or len(line) > _LONGEST_LINE or len(lines) > _MOST_LINES:
        return
    if not unicodedata.is_normalized("NFC", line):
        return  # places count composed letters
    made = [*block_fixes(problem, lines), *line_fixes(problem, lines)]
    for at, (title, edits) in enumerate((title, edits) for title, edits in made if edits):
        yield QuickFix(one_line(title), problem, edits, at == 0, False)


def _other_id(desk: Desk, problem: Problem, lines: Sequence[str], ids: _Ids) -> Iterator[QuickFix]:
    """Give the later of two notes with one id another that is free."""
    index = problem.where.line - 1
    note = desk.note_at(problem.where.path, problem.where.line)
    line = lines[index] if index < len(lines) else ""
    match = re.search(rf"#{re.escape(note.id)}(?![\w-])", line) if note and note.id else None
    if note and match:
        other = ids.free.take(note.question)
        edit = Replacement(index + 1, *match.span(), f"#{other}")
        yield QuickFix(f"write #{other}", problem, (edit,), True, False)


def _allowing(problem: Problem, lines: Sequence[str]) -> Iterator[QuickFix]:
    """Allow a piece of advice where it stands, in a card."""
    index = problem.where.line - 1
    if not problem.where.path.endswith(".md") or index >= len(lines):
        return
    line, comment = lines[index], f"<!-- allow: {problem.rule} -->"
    end = len(line)
    edit = Replacement(index + 1, end, end, f" {comment}")
    if _ITS_OWN.match(line):
        edit = Replacement(index + 1, 0, 0, f"{comment}\n")
    yield QuickFix(f"allow {problem.rule} here", problem, (edit,), False, False)


def _id_fix(desk: Desk, problem: Problem, lines: Sequence[str], ids: _Ids) -> Iterator[QuickFix]:
    note = desk.note_at(problem.where.path, problem.where.line)
    index = problem.where.line - 1
    if note is None or index >= len(lines):
        return
    line = lines[index]
    known = problem.rule == "renamed-note" and ids.former(note.question)
    identity = known or ids.free.take(note.question)
    written = write_id(line, identity)
    if written != line:
        edit = Replacement(index + 1, 0, len(line), written)
        yield QuickFix(f"write {{#{identity}}}", problem, (edit,), True, not known)
