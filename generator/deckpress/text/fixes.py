"""Fixes of problems in the text they are for: where edits go, and the text after them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from deckpress.text.problem import Edit, Fix, Location

_LINE = re.compile(r"([^\r\n]*)(\r\n|\r|\n|$)")


@dataclass(frozen=True, slots=True, order=True)
class Replacement:
    """A stretch of a line, and what comes in its place.

    `line` counts from 1, `start` and `end` are offsets from 0 in the line; `new` may hold line
    breaks.
    """

    line: int
    start: int
    end: int
    new: str


def split_lines(text: str) -> list[str]:
    """Return the lines of a text, whatever ends them, without their ends."""
    return [match[1] for match in _LINE.finditer(text)][: _count_lines(text)]


def _count_lines(text: str) -> int:
    return 1 + len(re.findall(r"\r\n|\r|\n", text))


def place_fix(lines: Sequence[str], where: Location, fix: Fix) -> tuple[Replacement, ...]:
    """Find where the edits of a fix go.

    Args:
        lines: the lines of the file as it stands now.
        where: the place of the problem in it.
        fix: what mends it.

    Returns:
        A replacement for each edit; none at all when one of them finds no place.
    """
    found = [_place(lines, where, edit) for edit in fix.edits]
    return tuple(each for each in found if each) if all(found) else ()


def _place(lines: Sequence[str], where: Location, edit: Edit) -> Replacement | None:
    first = where.line + edit.below - 1
    if not 0 <= first < len(lines):
        return None
    if not edit.old:
        end = len(lines[first])
        return Replacement(first + 1, end, end, edit.new)
    column = where.column - 1 if edit.below == 0 else 0
    pattern = _whole(edit.old)
    for index in range(first, min(first + edit.lines, len(lines))):
        match = pattern.search(lines[index], column if index == first else 0)
        if match:
            return _replacement(index, lines[index], match, edit.new)
    before = list(pattern.finditer(lines[first]))
    # Places of values may be those behind them, where there is only one such word.
    return _replacement(first, lines[first], before[0], edit.new) if len(before) == 1 else None


def _whole(old: str) -> re.Pattern[str]:
    before = r"(?<![\w-])" if re.match(r"\w", old) else ""
    after = r"(?![\w-])" if re.search(r"\w$", old) else ""
    after = r"(?![A-Za-z])" if after and old.startswith("\\") else after
    after = r"(?!:)" if re.search(r"(?<!:):$", old) else after
    return re.compile(before + re.escape(old) + after)


def _replacement(index: int, line: str, match: re.Match[str], new: str) -> Replacement | None:
    if not unicodedata.is_normalized("NFC", line):
        return None  # places count composed letters
    start, end = match.span()
    # What is deleted between two spaces takes one of them along.
    if not new and line[:start].endswith(" ") and (end == len(line) or line[end] in " }"):
        start -= 1
    return Replacement(index + 1, start, end, new)


def apply_replacements(text: str, replacements: Iterable[Replacement]) -> str:
    """Make replacements in a text.

    Args:
        text: the text, with any line ends; those that are inserted are like its own.
        replacements: what is replaced; of two that overlap the first is made.

    Returns:
        The text after them.
    """
    pieces = [[match[1], match[2]] for match in _LINE.finditer(text)]
    line_end = next((end for _, end in pieces if end), "\n")
    taken: dict[int, int] = {}
    made: list[Replacement] = []
    for each in sorted(set(replacements)):
        if each.start >= taken.get(each.line, 0):
            taken[each.line] = max(each.end, each.start)
            made.append(each)
    for each in reversed(made):
        line = pieces[each.line - 1][0]
        new = each.new.replace("\n", line_end)
        pieces[each.line - 1][0] = line[: each.start] + new + line[each.end :]
    return "".join(line + end for line, end in pieces)
