"""Tables as text: cells between commas, semicolons or tabs, each with its place.

Python's `csv` gives no columns, and takes what is broken for something; so it is read here, as RFC
4180 has it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from deckpress.text.problem import Location, Problem

_SEPARATORS = (",", ";", "\t")
_QUOTED = re.compile(r'"((?:[^"]|"")*)"')


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: its text without the quotes around it, and the place where that begins."""

    text: str
    where: Location


Row = tuple[Cell, ...]


def choose_separator(text: str, path: str) -> str:
    """Choose what separates the cells: a tab in .tsv, else what the first line has most of.

    If the first line has several, the one that each line has equally often goes before.
    """
    if path.lower().endswith(".tsv"):
        return "\t"
    head = _QUOTED.sub("", text.lstrip("\n").partition("\n")[0])
    found = [sign for sign in _SEPARATORS if sign in head]
    if len(found) > 1:
        lines = [line for line in _QUOTED.sub("", text).split("\n") if line.strip()]
        even = [sign for sign in found if len({line.count(sign) for line in lines}) == 1]
        found = even or found
    return max(found or _SEPARATORS, key=head.count)


def read_table(text: str, path: str) -> tuple[list[Row], list[Problem]]:
    """Read the rows of a .csv or .tsv file.

    Args:
        text: the decoded file.
        path: its name, for the places; its ending says what separates the cells.

    Returns:
        The rows that hold anything, and what cannot be read.
    """
    problems: list[Problem] = []
    rows = [row for row in _read_rows(text, path, problems) if any(cell.text for cell in row)]
    return rows, problems


def _read_rows(text: str, path: str, problems: list[Problem]) -> Iterator[Row]:
    separator = choose_separator(text, path)
    plain = re.compile(f"[^{re.escape(separator)}\n]*")
    cells: list[Cell] = []
    at, line, start = 0, 1, 0
    while at < len(text):
        # Spaces around a cell are no part of it.
        blank = re.compile(r"[ \t]*" if separator != "\t" else " *").match(text, at)
        at = blank.end() if blank else at
        where = Location(path, line, at - start + 1)
        if text.startswith('"', at):
            match = _QUOTED.match(text, at)
            if not match:
                hint = 'close it with "; write "" for a quote inside it'
                problems.append(
                    Problem(where, "a quote that is never closed", hint, rule="unreadable-table")
                )
                return
            inner = match[1]
            lead = len(inner) - len(inner.lstrip())
            begins = Location(path, line, where.column + 1 + lead)
            cells.append(Cell(inner.strip().replace('""', '"'), begins))
            if "\n" in match[0]:
                line += match[0].count("\n")
                start = at + match[0].rfind("\n") + 1
            at = match.end()
            rest = plain.match(text, at)
            if rest and rest[0].strip():
                place = Location(path, line, at - start + 1)
                hint = 'quotes must enclose a whole cell; write "" for a quote inside it'
                problems.append(
                    Problem(place, "text after a quoted cell", hint, rule="unreadable-table")
                )
            at = rest.end() if rest else at
        else:
            match = plain.match(text, at)
            end = match.end() if match else at
            cells.append(Cell(text[at:end].strip(), where))
            at = end
        if text.startswith(separator, at):
            at += 1
            if at < len(text) and text[at] != "\n":
                continue
            cells.append(Cell("", Location(path, line, at - start + 1)))
        yield tuple(cells)
        cells = []
        at, line, start = at + 1, line + 1, at + 1
    if cells:
        yield tuple(cells)
