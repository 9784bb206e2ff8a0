"""Ids for word pairs whose table has no keys: made once, and known again in the ledger."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256

from deckpress.model.note import Content, Note
from deckpress.reading.pairs import BOTH, ONE
from deckpress.tree.node import plain_text

Pair = tuple[Note, Content]
_MADE = re.compile(r".+-[0-9a-f]{6}")


def is_nameless(note: Note) -> bool:
    """Say whether a note is a pair that has no id yet."""
    return not note.id and note.kind in (BOTH, ONE)


def name_pairs(pairs: Sequence[Pair], established: Mapping[str, str]) -> list[Pair]:
    """Give each pair without a key an id.

    It is made of the words when the pair is new. As long as the ledger knows the pair, that is one
    of its two sides stays as it was, it keeps the id, whatever becomes of the other.

    Args:
        pairs: all notes of the deck with what they say.
        established: the questions of the notes that the ledger knows, by id.

    Returns:
        The same notes; those without a key now have ids, no two of them the same.
    """
    taken = {note.id for note, _ in pairs}
    nameless = [i for i, (note, _) in enumerate(pairs) if is_nameless(note)]
    if not nameless:
        return list(pairs)
    known = {
        name: question
        for name, question in sorted(established.items())
        if name not in taken and _MADE.fullmatch(name)
    }
    backs = {index: _digest(plain_text(pairs[index][1].answer).strip()) for index in nameless}
    names = _match(((index, pairs[index][0].question) for index in nameless), known)
    left = {name: name[-6:] for name in known if name not in names.values()}
    names |= _match(((index, backs[index]) for index in nameless if index not in names), left)
    taken |= set(established) | set(names.values())
    for index in nameless:
        if index not in names:
            names[index] = _make(pairs[index][0].question, backs[index], taken)
            taken.add(names[index])
    return [
        (note._replace(id=names[index]), content) if index in names else (note, content)
        for index, (note, content) in enumerate(pairs)
    ]


def _match(wanted: Iterable[tuple[int, str]], known: Mapping[str, str]) -> dict[int, str]:
    """Return for each index the name that is known for its value, where both are the only ones."""
    names: dict[str, list[str]] = {}
    for name, value in known.items():
        names.setdefault(value, []).append(name)
    indices: dict[str, list[int]] = {}
    for index, value in wanted:
        indices.setdefault(value, []).append(index)
    return {
        found[0]: names[value][0]
        for value, found in indices.items()
        if len(found) == len(names.get(value, ())) == 1
    }


def _make(front: str, back: str, taken: set[str]) -> str:
    plain = unicodedata.normalize("NFKD", front).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40].strip("-") or "pair"
    name, more = f"{stem}-{back}", 0
    while name in taken:
        name, more = f"{stem}-{more}-{back}", more + 1
    return name


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:6]
