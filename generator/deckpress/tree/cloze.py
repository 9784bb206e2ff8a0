"""Cloze markers, as Anki reads them: `{{c1::hidden}}`, `{{c1::hidden::hint}}`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

OPENING = re.compile(r"\{\{c(\d{1,3})::")
ALMOST = re.compile(r"\{\{\s*[cC]?\s*\d[\d,\s]*(?:c\d+)?\s*:{1,2}")
"""What a misspelt opening looks like: `{{1::`, `{{c1:`, `{{C1::`, `{{c1,2::`."""

_LAST_COMMAND = re.compile(r"(?<!\\)(?:\\\\)*(\\[A-Za-z]+)\Z")
_LETTERS = re.compile("[A-Za-z]+")

MOST = 500
"""The highest number Anki makes a card for."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text: plain when `number` is 0, else what a hole of that number hides."""

    text: str
    number: int = 0
    hint: str = ""


def split_markers(text: str, *, braces: bool = False) -> tuple[Piece, ...]:
    """Split a text at its cloze markers.

    Args:
        text: code or a formula that may hold markers; braces inside a hole are balanced and so do
            not end it.
        braces: whether it is LaTeX, where a backslash guards a brace; in code, one that has no
            partner counts for nothing.

    Returns:
        The runs in order; an opening without an end is plain text.
    """
    pieces: list[Piece] = []
    start = 0
    for match in OPENING.finditer(text):
        if match.start() < start:
            continue
        end = _find_end(text, match.end(), latex=braces)
        if not braces and (end < 0 or OPENING.search(text, match.end(), end)):
            # A brace in quotes has no partner: the hole ends at the first marker.
            end = text.find("}}", match.end())
        if end < 0:
            break
        inner, _, hint = text[match.end() : end].partition("::")
        pieces.append(Piece(text[start : match.start()]))
        pieces.append(Piece(inner, int(match[1]), hint))
        start = end + 2
    pieces.append(Piece(text[start:]))
    return tuple(piece for piece in pieces if piece.text or piece.number)


def fill_holes(text: str) -> tuple[str, tuple[Piece, ...], tuple[tuple[int, int], ...]]:
    """Fill the holes of code.

    Args:
        text: code that may hold markers.

    Returns:
        The code as it stands when every hole is filled; the holes; and where each begins and ends
        in that code, as offsets.
    """
    code, holes, places = "", list[Piece](), list[tuple[int, int]]()
    for piece in split_markers(text):
        if piece.number:
            holes.append(piece)
            places.append((len(code), len(code) + len(piece.text)))
        code += piece.text
    return code, tuple(holes), tuple(places)


def strip_markers(text: str, *, braces: bool = False) -> str:
    """Return the text as it stands when every hole is filled."""
    return "".join(piece.text for piece in split_markers(text, braces=braces))


def find_joints(pieces: Sequence[Piece]) -> Iterator[tuple[Piece, str, str]]:
    """Find commands that become longer when the holes of a formula are filled.

    Anki puts nothing between a hole and what stands beside it: `{{c1::\\top}}W` becomes `\\topW`.

    Args:
        pieces: the formula, split at its markers.

    Yields:
        The piece that ends in a command, the command, and the letters that come behind it.
    """
    for before, behind in pairwise(pieces):
        command, letters = _LAST_COMMAND.search(before.text), _LETTERS.match(behind.text)
        if command and letters:
            yield before, command[1], letters[0]


def part_joints(latex: str) -> str:
    """Return a formula with a space behind each command that would become longer."""
    pieces = split_markers(latex, braces=True)
    ends = {id(piece) for piece, *_ in find_joints(pieces)}
    if not ends:
        return latex
    written: list[str] = []
    for piece in pieces:
        text = piece.text + (" " if id(piece) in ends else "")
        hint = f"::{piece.hint}" if piece.hint else ""
        written.append(f"{{{{c{piece.number}::{text}{hint}}}}}" if piece.number else text)
    return "".join(written)


def _find_end(text: str, start: int, *, latex: bool) -> int:
    depth, at = 0, start
    while at < len(text):
        if latex and text[at] == "\\":
            at += 2
            continue
        if depth == 0 and text.startswith("}}", at):
            return at
        depth += (text[at] == "{") - (text[at] == "}" and (latex or depth > 0))
        at += 1
    return -1
