"""The ledger `deck.lock`: what was released under each id, when it last changed, and in what order.

Anki updates a note only when the incoming modification time is newer than its own, and then
replaces all fields and tags. So a note that did not change must keep its old time, and one that did
must get a newer and true one; the ledger, committed with the cards, remembers both.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field

from deckpress.problem import Location, Problem

VERSION = 1


@dataclass(frozen=True, slots=True)
class NoteEntry:
    """What the ledger knows of a note.

    `mod` and `retired` are seconds since 1970, `created` milliseconds (it is the note's id in
    Anki, and unique); `retired` is 0 while the note lives. `order` is the position of its new
    cards, `ords` are their numbers from 0.
    """

    id: str
    kind: str
    note_type: str
    hash: str
    mod: int
    created: int
    order: int
    question: str
    ords: tuple[int, ...] = (0,)
    retired: int = 0
    replaced_by: str = ""


@dataclass(frozen=True, slots=True)
class NoteTypeEntry:
    """What the ledger knows of a note type: its frozen keys, its look's hash and time."""

    note_type: str
    hash: str
    mod: int
    fields: tuple[str, ...]
    templates: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ledger:
    """The whole ledger; `namespace` is part of every GUID and never changes.

    `decks` maps categories to the names of their decks, which Anki matches decks by.
    """

    namespace: str
    decks: Mapping[str, str] = field(default_factory=dict)
    note_types: Mapping[str, NoteTypeEntry] = field(default_factory=dict)
    notes: Mapping[str, NoteEntry] = field(default_factory=dict)


def read_ledger(text: str, path: str) -> tuple[Ledger | None, list[Problem]]:
    """Read a ledger: one JSON object a line, so that git merges what two branches added.

    Args:
        text: the file's text.
        path: its name, for the places.

    Returns:
        The ledger, or None when something is wrong, and what is.
    """
    problems: list[Problem] = []
    head: dict[str, object] = {}
    note_types: dict[str, NoteTypeEntry] = {}
    notes: dict[str, NoteEntry] = {}
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        where = Location(path, number)
        try:
            record = json.loads(line)
            if "deckpress" in record:
                head = record
            elif "note_type" in record and "id" not in record:
                record |= {key: tuple(record[key]) for key in ("fields", "templates")}
                note_types[record["note_type"]] = NoteTypeEntry(**record)
            elif record["id"] in notes:
                hint = "keep the line with the greater mod"
                problems.append(Problem(where, f"the id '{record['id']}' twice", hint))
            else:
                record["ords"] = tuple(record.get("ords", (0,)))
                notes[record["id"]] = NoteEntry(**record)
        except (ValueError, TypeError, KeyError):
            hint = "restore it from version control; after a merge, keep the lines of both sides"
            problems.append(Problem(where, "not a line of a ledger", hint))
    if head.get("deckpress") != VERSION and not problems:
        hint = "restore the file, or use the deckpress that wrote it"
        problems.append(Problem(Location(path), "not a ledger this version can read", hint))
    if problems:
        return None, problems
    decks = head.get("decks")
    ledger = Ledger(
        str(head.get("namespace")),
        dict(decks) if isinstance(decks, dict) else {},
        note_types,
        notes,
    )
    return ledger, []


def write_ledger(ledger: Ledger) -> str:
    """Write a ledger, sorted, one record a line."""
    head = {"deckpress": VERSION, "namespace": ledger.namespace, "decks": dict(ledger.decks)}
    rows: list[Mapping[str, object]] = [head]
    rows += [asdict(entry) for _, entry in sorted(ledger.note_types.items())]
    for _, entry in sorted(ledger.notes.items()):
        usual = {"ords": (0,), "retired": 0, "replaced_by": ""}
        row = asdict(entry)
        rows.append({key: value for key, value in row.items() if value != usual.get(key)})
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


GAP = 100
"""The distance between neighbours' positions, so that later cards find room between them."""


def arrange(ids: Iterable[str], known: Mapping[str, int]) -> dict[str, int]:
    """Give every note a position for its new cards.

    Positions that already stand in the right order are kept (as many as can be: a longest
    increasing subsequence); the others find room between their neighbours. Only when there is no
    room is everything numbered anew, which no one notices: Anki reads positions at first import.

    Args:
        ids: the notes in the deck's order.
        known: positions from the ledger.

    Returns:
        The position of each note, increasing, from 1.
    """
    order = list(ids)
    kept = _longest_increasing([(name, known[name]) for name in order if name in known])
    placed: dict[str, int] = {}
    last, waiting = 0, list[str]()
    for name in order:
        if name not in kept:
            waiting.append(name)
            continue
        room = known[name] - last - 1
        if room < len(waiting):
            return {name: (index + 1) * GAP for index, name in enumerate(order)}
        for index, other in enumerate(waiting, 1):
            placed[other] = last + index * (room + 1) // (len(waiting) + 1)
        placed[name] = last = known[name]
        waiting.clear()
    for index, other in enumerate(waiting, 1):
        placed[other] = last + index * GAP
    return placed


def _longest_increasing(pairs: list[tuple[str, int]]) -> set[str]:
    best: list[int] = []
    before: list[int] = []
    for index, (_, value) in enumerate(pairs):
        low, high = 0, len(best)
        while low < high:
            middle = (low + high) // 2
            if pairs[best[middle]][1] < value:
                low = middle + 1
            else:
                high = middle
        before.append(best[low - 1] if low else -1)
        best[low : low + 1] = [index]
    kept: set[str] = set()
    at = best[-1] if best else -1
    while at >= 0:
        kept.add(pairs[at][0])
        at = before[at]
    return kept
