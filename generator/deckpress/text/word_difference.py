"""What differs between two texts, word by word."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

Sign = Literal["=", "-", "+"]

_FORMULA = r"\\\(.*?\\\)|\\\[.*?\\\]"
"""A formula in Anki's delimiters, which is one word: half of one is no formula."""
_TOKEN = re.compile(rf"{_FORMULA}|\s+|\w+|.", re.DOTALL)
_WORD = re.compile(rf"\s*(?:{_FORMULA}|\S)+\s*", re.DOTALL)
_SLOW = 4_000_000
"""From this product of two lengths on, words that stand everywhere are left out of the search."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of a text: in both texts ("="), only in the old ("-"), or only in the new ("+")."""

    sign: Sign
    text: str


def compare_words(old: str, new: str) -> tuple[Piece, ...]:
    """Compare two texts word by word.

    Args:
        old: the one text.
        new: the other.

    Returns:
        Runs in reading order: those with "=" and "-" together are the old text, those with "=" and
        "+" the new one. Where both stand at one place, the old one comes first.
    """
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    matcher = SequenceMatcher(None, before, after, len(before) * len(after) > _SLOW)
    runs = [
        ("".join(before[a:b]), "".join(after[c:d]), tag == "equal")
        for tag, a, b, c, d in matcher.get_opcodes()
    ]
    pieces: list[Piece] = []
    gone = come = ""
    for index, (was, now, equal) in enumerate(runs):
        # A space that both have between two changes would only tear them apart.
        within = 0 < index < len(runs) - 1 and not any(sign.isalnum() for sign in was)
        if equal and not within:
            pieces += [*_changes(gone, come), Piece("=", was)]
            gone = come = ""
        else:
            gone, come = gone + was, come + now
    return (*pieces, *_changes(gone, come))


def _changes(gone: str, come: str) -> list[Piece]:
    signs: tuple[tuple[Sign, str], ...] = (("-", gone), ("+", come))
    return [Piece(sign, text) for sign, text in signs if text]


def shorten(pieces: Iterable[Piece], words: int = 8) -> tuple[Piece, ...]:
    """Leave out what both texts have far from any change.

    Args:
        pieces: what differs.
        words: how many words stay on each side of a change.

    Returns:
        The same pieces; in place of what was left out stands "…".
    """
    found = tuple(pieces)
    short: list[Piece] = []
    for index, piece in enumerate(found):
        parts = _WORD.findall(piece.text) if piece.sign == "=" else []
        head = "".join(parts[:words]).rstrip() + " " if index else ""
        tail = " " + "".join(parts[-words:]).lstrip() if index < len(found) - 1 else ""
        kept = words * (bool(head) + bool(tail))
        short.append(Piece("=", f"{head}…{tail}") if len(parts) > kept + 1 else piece)
    return tuple(short)
