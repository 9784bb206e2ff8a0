"""The ledger `deck.lock`: what was released under each id, when it last changed, and in what order.

Anki updates a note only when the incoming modification time is newer than its own, and then
replaces all fields and tags. So a note that did not change must keep its old time, and one that did
must get a newer and true one; the ledger, committed with the cards, remembers both.

Where two branches changed it, one rule joins them: of two lines of a note, the one of the later
change holds. A build holds it against the cards anyway, so nothing has to be chosen by hand.

Its last line is a seal: how many lines stand above, and a hash of them. Every line can be read
alone, so a ledger that lost some would otherwise be taken, and their notes would be stamped anew.
"""

from __future__ import annotations

import json
import re
import shlex
import sys
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from operator import attrgetter
from pathlib import PurePosixPath
from typing import Any, NamedTuple, TypeVar

from deckpress.anki.identity import note_guid
from deckpress.schema.ledger_lines import HeadLine, LedgerLine, NoteLine, NoteTypeLine, SealLine
from deckpress.schema.validation import fit_json, parse_json, validate
from deckpress.text.characters import FORBIDDEN, find_forbidden, strings_in
from deckpress.text.problem import Location, Problem
from deckpress.text.source_text import CONFLICT_MARKER, decode_source
from deckpress.text.yaml import YamlText

VERSION = 1
MOST_REMEMBERED = 16
"""How many contents, and how many former tags, the ledger keeps of a note.

Who has an older text than these is taken for somebody who wrote it, and keeps it.
"""
_OF_NOTE = '{"id": '
"""What the lines of notes begin with, as a build writes them."""
_SEAL = re.compile(r'\{"lines": [0-9]+, "sha256": "[0-9a-f]+"\}\Z')
"""The last line, as a build writes it."""
L = TypeVar("L", bound=LedgerLine)
MOST_TOLD = 100
"""How many mistakes of one ledger are told; a file that is none at all has millions."""

_RESTORE = "restore it from version control"


class NoteEntry(NamedTuple):
    """What the ledger knows of a note.

    `mod` and `retired` are seconds since 1970, `created` milliseconds (it is the note's id in
    Anki, and unique); `retired` is 0 while the note lives. `order` is the position of its new
    cards, `ords` are their numbers from 0. `guid` is the GUID in Anki where it is not the one
    that follows from the id: that of a note which people had before it came into this deck. `body`
    and `tags` are what the note last said and what it was last filed under. `released` are the
    hashes of the contents that went out under its id, `former_tags` the tags that did and are no
    longer its own, both oldest first and at most `MOST_REMEMBERED`: by them a text or a tag in
    somebody's collection is told from one that the learner wrote.
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
    guid: str = ""
    body: str = ""
    tags: tuple[str, ...] = ()
    released: tuple[str, ...] = ()
    former_tags: tuple[str, ...] = ()


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

    `decks` maps categories to the names of their decks, which Anki matches decks by. `lines` are
    those of notes as they were read, each with what it says: while a note's entry is that very
    value, its line is written as it was.
    """

    namespace: str
    decks: Mapping[str, str] = field(default_factory=dict)
    note_types: Mapping[str, NoteTypeEntry] = field(default_factory=dict)
    notes: Mapping[str, NoteEntry] = field(default_factory=dict)
    lines: Mapping[str, tuple[NoteEntry, str]] = field(
        default_factory=dict, compare=False, repr=False
    )

    @property
    def newest(self) -> int:
        """The time of the newest change of a note or a look, in seconds since 1970; 0 of none."""
        times = [entry.mod for entry in self.notes.values()]
        return max([*times, *(entry.mod for entry in self.note_types.values())], default=0)

    def guid(self, identity: str) -> str:
        """Return the GUID of a note that the ledger knows."""
        return self.notes[identity].guid or note_guid(self.namespace, identity)


def read_ledger(
    text: str, path: str, latest: int, *, sealed: bool = True
) -> tuple[Ledger | None, list[Problem]]:
    """Read a ledger: one JSON object a line, so that git merges what two branches added.

    Args:
        text: the file's text.
        path: its name, for the places.
        latest: the last second that a change can have happened in; a later one would keep every
            honest time of that note from ever reaching anyone.
        sealed: whether a last line that does not fit what stands above it is a mistake. Between
            conflict markers it cannot fit, unless both sides are whole ledgers.

    Returns:
        The ledger, or None when something is wrong, and what is. A text with the conflict markers
        of git is read as what both sides say together.
    """
    plain = _read_quickly(text, latest) if sealed else None
    if plain:
        return plain, []
    lines = text.split("\n")
    kept, problems = _leave_out_markers(lines, path)
    if problems:
        return None, problems
    joined = is_in_conflict(text)
    reader = _Reader(path, latest, joined=joined, sealed=sealed)
    for number, line in enumerate(kept, 1):
        if line.strip():
            reader.read_line(line, Location(path, number))
        if reader.gave_up:
            break
    ledger, problems = reader.finish()
    if ledger and sealed:
        # Of two sides that git joined in part, none is whole; but each ended in its own last line.
        sides = (_whole_sides(lines) or [(0, kept)]) if joined else [(0, kept)]
        count = not joined or len(sides) == 2
        problems = [
            fault for start, side in sides for fault in _check_seal(side, start, path, count=count)
        ]
    return (None if problems else ledger), problems


def _read_quickly(text: str, latest: int) -> Ledger | None:
    """Read a ledger as a build leaves it, in a third of the time; None of any other."""
    *lines, last = text.removesuffix("\n").split("\n")
    if not lines or last != _seal_of(lines):
        return None
    head = fit_json(HeadLine, lines[0]) if _is_printable(lines[0]) else None
    if head is None or head.deckpress != VERSION:
        return None
    note_types: dict[str, NoteTypeEntry] = {}
    notes: dict[str, NoteEntry] = {}
    kept: dict[str, tuple[NoteEntry, str]] = {}
    guids: set[str] = set()
    for line in lines[1:]:
        if not _is_printable(line):
            return None
        if not line.startswith(_OF_NOTE):
            kind = fit_json(NoteTypeLine, line)
            if kind is None or kind.note_type in note_types or kind.mod > latest:
                return None
            note_types[kind.note_type] = _note_type_entry(kind)
            continue
        note = fit_json(NoteLine, line)
        if note is None or note.id in notes or max(note.mod, note.retired) > latest:
            return None
        if note.guid in guids or note.note_type not in note_types:
            return None
        guids.update((note.guid,) if note.guid else ())
        entry = notes[note.id] = _note_entry(note)
        kept[note.id] = (entry, line)
    return Ledger(head.namespace, dict(head.decks), note_types, _part_twins(notes), kept)


def read_known(text: str) -> Ledger | None:
    """Read a ledger of which `reads_as` has said that it is right, in a third of the time again."""
    lines = text.removesuffix("\n").split("\n")[:-1]
    first = next((at for at, line in enumerate(lines) if line.startswith(_OF_NOTE)), len(lines))
    top = _read_quickly(_sealed(lines[:first]), sys.maxsize)
    if top is None:
        return None
    entries = map(_known_entry, parse_json(f"[{','.join(lines[first:])}]"))
    read = zip(entries, lines[first:], strict=True)
    kept = {entry.id: (entry, line) for entry, line in read}
    notes = dict(sorted((name, entry) for name, (entry, _) in kept.items()))
    return replace(top, notes=notes, lines=kept)


def _known_entry(record: Mapping[str, Any]) -> NoteEntry:
    """Return the entry of a line that is known to be right."""
    find = record.get
    return NoteEntry(
        record["id"],
        record["kind"],
        record["note_type"],
        record["hash"],
        record["mod"],
        record["created"],
        record["order"],
        record["question"],
        tuple(find("ords", (0,))),
        find("retired", 0),
        find("replaced_by", ""),
        find("guid", ""),
        find("body", ""),
        tuple(find("tags", ())),
        tuple(find("released", ())),
        tuple(find("former_tags", ())),
    )


def reads_as(text: str, ledger: Ledger, latest: int) -> bool:
    """Say whether a text whose seal fits is that of a ledger, as a build leaves it, and is right.

    Args:
        text: the text.
        ledger: the ledger; lines of it that were read before (see `Ledger.lines`) are not read
            again.
        latest: as for `read_ledger`.
    """
    all_lines = text.removesuffix("\n").split("\n")
    first = 1 + len(ledger.note_types)
    names, lines = sorted(ledger.notes), all_lines[first:-1]
    if len(lines) != len(names):
        return False
    new: dict[str, str] = {}
    for name, line in zip(names, lines, strict=True):
        known, before = ledger.lines.get(name, (None, ""))
        if known is not ledger.notes[name] or before != line:
            new[name] = line
    # A note type between notes would be taken for one of them.
    if not all(line.startswith(_OF_NOTE) for line in new.values()):
        return False
    if not _SEAL.match(all_lines[-1]):
        return False
    unread = _sealed([*all_lines[:first], *new.values()])
    if decode_source(unread.encode(), "") != (unread, ()):
        return False
    found = _read_quickly(unread, latest)
    if found is None:
        return False
    # As the lines say it: of two notes of one moment, a reading gives the second another.
    said = {name: entry for name, (entry, _) in found.lines.items()}
    if said != {name: ledger.notes[name] for name in new}:
        return False
    return replace(found, notes=ledger.notes) == ledger and _fit_together(ledger)


def _fit_together(ledger: Ledger) -> bool:
    """Say whether no two notes have one GUID or one moment, and each has its note type."""
    notes = ledger.notes.values()
    guids = [note.guid for note in notes if note.guid]
    if len({*guids}) < len(guids) or len({note.created for note in notes}) < len(notes):
        return False
    return ledger.note_types.keys() >= {note.note_type for note in notes}


def _is_printable(line: str) -> bool:
    """Say whether a line surely holds no character that is forbidden, also not as an escape."""
    if line.isprintable() and "\\" not in line:
        return True
    try:
        return not any(map(FORBIDDEN.search, strings_in(json.loads(line))))
    except (ValueError, RecursionError):
        return False


def seal(text: str) -> str:
    """Return the lines of a ledger with the last line that belongs to them."""
    return _sealed([line for line in text.split("\n") if line.strip()])


def _sealed(lines: Sequence[str]) -> str:
    return "\n".join([*lines, _seal_of(lines), ""])


def _seal_of(lines: Sequence[str]) -> str:
    text = "\n".join([*lines, ""])
    hashed = sha256(text.encode("utf-8", "surrogatepass"))
    return json.dumps({"lines": len(lines), "sha256": hashed.hexdigest()[:16]})


def _check_seal(
    lines: Sequence[str], start: int, path: str, *, count: bool = True
) -> list[Problem]:
    """Hold the lines of a ledger, before which `start` others stand, against the last of them."""
    places = [number for number, line in enumerate(lines, 1) if line.strip()]
    where = Location(path, start + (places[-1] if places else 0) or 1)
    last = json.loads(lines[places[-1] - 1]) if places else {}
    if "lines" not in last:
        message = "the last line, which counts the others, is missing: the ledger was cut short"
        return [Problem(where, message, _mend_seal(path), rule="broken-ledger")]
    above = [lines[number - 1] for number in places[:-1]]
    if not count or json.loads(_seal_of(above)) == last:
        return []
    message = f"this ledger had {last['lines']} lines, and now has {len(above)}"
    if last["lines"] == len(above):
        message = "a line above has changed since a build wrote it"
    return [Problem(where, message, _mend_seal(path), rule="broken-ledger")]


def _mend_seal(path: str) -> str:
    folder = PurePosixPath(path).parent.as_posix()
    return (
        f"{_RESTORE}; or, if you edited or merged it by hand and no line is missing, run "
        f"`deckpress merge-lock --seal {shlex.quote(folder)}`"
    )


def _whole_sides(lines: Sequence[str]) -> list[tuple[int, Sequence[str]]]:
    """Return both sides of a conflict that spans the file, each with the lines before it."""
    marks = [(number, line[0]) for number, line in enumerate(lines) if CONFLICT_MARKER.match(line)]
    signs = "".join(sign for _, sign in marks)
    places = [number for number, _ in marks]
    outside = [*lines[: places[0]], *lines[places[-1] + 1 :]]
    if signs not in ("<=>", "<|=>") or any(line.strip() for line in outside):
        return []
    first, second = (places[0] + 1, places[1]), (places[-2] + 1, places[-1])
    return [(start, lines[start:end]) for start, end in (first, second)]


def is_in_conflict(text: str) -> bool:
    """Say whether git left conflict markers in the text of a ledger."""
    return any(CONFLICT_MARKER.match(line) for line in text.split("\n"))


def join_texts(ours: str, theirs: str) -> str:
    """Return the texts of two ledgers as one in conflict, to be read as what both say together."""
    ours, theirs = (text.rstrip("\n") + "\n" for text in (ours, theirs))
    return f"<<<<<<< ours\n{ours}=======\n{theirs}>>>>>>> theirs\n"


def _leave_out_markers(lines: list[str], path: str) -> tuple[list[str], list[Problem]]:
    """Empty the lines of conflict markers, and those between them that neither side has."""
    follow = {"": "<", "<": "|=", "|": "=", "=": ">", ">": "<"}
    kept: list[str] = []
    last, opened = "", 0
    for number, line in enumerate(lines, 1):
        marker = CONFLICT_MARKER.match(line)
        if marker:
            sign = line[0]
            if sign not in follow[last]:
                where = Location(path, number)
                message = "a conflict marker without its counterpart"
                return [], [Problem(where, message, _RESTORE, rule="broken-ledger")]
            opened = number if sign == "<" else opened
            last = sign
        kept.append("" if marker or last == "|" else line)
    if last not in ("", ">"):
        where = Location(path, opened)
        message = "a conflict that never ends"
        return [], [Problem(where, message, _RESTORE, rule="broken-ledger")]
    return kept, []


class _Reader:
    def __init__(self, path: str, latest: int, *, joined: bool, sealed: bool) -> None:
        self._path, self._latest, self._joined = path, latest, joined
        self._ends = sealed and not joined
        self._lines = 0
        self._sealed = False
        self._plain = False
        self._problems: list[Problem] = []
        self._head: HeadLine | None = None
        self._note_types: dict[str, NoteTypeEntry] = {}
        self._notes: dict[str, NoteEntry] = {}
        self._places: dict[str, Location] = {}
        self._guids: dict[str, str] = {}

    @property
    def gave_up(self) -> bool:
        """Whether this is not a ledger at all, so that the rest of it need not be read."""
        return len(self._problems) >= MOST_TOLD

    def read_line(self, line: str, where: Location) -> None:
        self._lines += 1
        # Neither as they are nor written as escapes can it hold characters that are forbidden.
        self._plain = line.isprintable() and "\\" not in line
        try:
            record = json.loads(line)
        except (ValueError, RecursionError):
            record = None
        if self._sealed and self._ends:
            self._say(where, "a line after the last one", _mend_seal(self._path))
        self._sealed = isinstance(record, dict) and "lines" in record
        if not isinstance(record, dict):
            self._say(where, "not a line of a ledger", _RESTORE)
        elif self._sealed:
            self._validate(SealLine, record, where)
        elif "deckpress" in record:
            self._read_head(record, where)
        elif "note_type" in record and "id" not in record:
            self._read_note_type(record, where)
        else:
            self._read_note(record, where)

    def finish(self) -> tuple[Ledger | None, list[Problem]]:
        if not self._lines:
            self._say(Location(self._path), "the ledger is empty", _RESTORE)
        # A line of a note type that cannot be read is enough to say.
        for name, where in self._places.items() if not self._problems else ():
            note_type = self._notes[name].note_type
            if note_type not in self._note_types:
                self._say(where, f"no line for note type '{note_type}'", _RESTORE)
        if self._problems or self._head is None:
            return None, self._problems
        head = self._head
        notes = _part_twins(self._notes)
        return Ledger(head.namespace, dict(head.decks), self._note_types, notes), []

    def _read_head(self, record: dict[str, object], where: Location) -> None:
        if record["deckpress"] != VERSION:
            hint = "restore the file, or use the deckpress that wrote it"
            self._say(where, "this version cannot read the ledger", hint)
            return
        if self._lines > 1 and not self._joined:
            self._say(where, "a header that is not the first line", "a ledger has one header")
        before, found = self._head, self._validate(HeadLine, record, where)
        if before and found and before.namespace != found.namespace:
            hint = "keep the header of the deck that people have"
            self._say(where, "these ledgers belong to two decks", hint)
        if before and found:
            decks = {**found.decks, **before.decks}
            found = found.model_copy(update={"decks": decks})
        self._head = found

    def _read_note_type(self, record: dict[str, object], where: Location) -> None:
        found = self._validate(NoteTypeLine, record, where)
        if found is None:
            return
        self._check_time(found.mod, where)
        before = self._note_types.get(found.note_type)
        if before and not self._joined:
            hint = "keep the line with the greater mod"
            self._say(where, f"the note type '{found.note_type}' is listed twice", hint)
            return
        entry = _note_type_entry(found)
        if before and (before.mod, before.hash) > (entry.mod, entry.hash):
            return
        self._note_types[found.note_type] = entry

    def _read_note(self, record: dict[str, object], where: Location) -> None:
        found = self._validate(NoteLine, record, where)
        if found is None:
            return
        self._check_time(max(found.mod, found.retired), where)
        before = self._notes.get(found.id)
        if before and not self._joined:
            hint = "keep the line with the greater mod"
            self._say(where, f"the id '{found.id}' is listed twice", hint)
            return
        if found.guid and self._guids.get(found.guid, found.id) != found.id:
            hint = "a GUID belongs to one note; restore the line"
            self._say(where, f"'{found.id}' has the GUID of '{self._guids[found.guid]}'", hint)
        self._guids[found.guid] = found.id
        entry = _note_entry(found)
        self._notes[found.id] = _later(before, entry) if before else entry
        self._places[found.id] = where

    def _validate(self, shape: type[L], record: dict[str, object], where: Location) -> L | None:
        if self._lines == 1 and shape is not HeadLine:
            self._say(where, "the header of the ledger is missing", _RESTORE)
        found, faults = validate(shape, YamlText(record, {(): where}))
        self._problems += faults
        strings = strings_in(record) if found and not self._plain else ()
        faults = [fault for text in strings for fault in find_forbidden(text, "delete it")]
        self._problems += [replace(fault, where=where) for fault in faults[:1]]
        return found

    def _check_time(self, mod: int, where: Location) -> None:
        if mod > self._latest:
            hint = (
                "if the clock of this machine is right, restore the line: nothing that is changed "
                "now would reach anyone"
            )
            self._say(where, f"the time {mod} is in the future", hint)

    def _say(self, where: Location, message: str, hint: str) -> None:
        self._problems.append(Problem(where, message, hint, rule="broken-ledger"))


def _note_type_entry(line: NoteTypeLine) -> NoteTypeEntry:
    fields, templates = tuple(line.fields), tuple(line.templates)
    return NoteTypeEntry(line.note_type, line.hash, line.mod, fields, templates)


_VALUES_OF = attrgetter(*NoteEntry._fields)


def _note_entry(line: NoteLine) -> NoteEntry:
    return NoteEntry._make(_VALUES_OF(line))


def _later(first: NoteEntry, second: NoteEntry) -> NoteEntry:
    """Choose between two lines of a note, whichever comes first; it was born with the earlier."""
    first, second = sorted(
        (first, second),
        key=lambda e: (e.mod, e.hash, e.order, e.released, e.former_tags),
    )
    # Either side may have released what it knows of.
    former = (tag for tag in (*first.tags, *first.former_tags) if tag not in second.tags)
    return second._replace(
        created=min(first.created, second.created),
        guid=second.guid or first.guid,
        released=remember(first.released, second.released),
        former_tags=remember(sorted(former), second.former_tags),
    )


def remember(known: Iterable[str], newer: Iterable[str]) -> tuple[str, ...]:
    """Join two lists of words, oldest first, each word once; the oldest are forgotten.

    Args:
        known: what is remembered.
        newer: what came later; it moves to the end.

    Returns:
        At most `MOST_REMEMBERED` words.
    """
    newer = tuple(newer)
    joined = [*(word for word in known if word not in newer), *newer]
    return tuple(dict.fromkeys(joined))[-MOST_REMEMBERED:]


def _part_twins(notes: Mapping[str, NoteEntry]) -> dict[str, NoteEntry]:
    """Give notes that two branches added in the same moment moments of their own.

    Only who imports them for the first time reads it, so it may change even after a release.
    """
    if len({entry.created for entry in notes.values()}) == len(notes):
        return dict(sorted(notes.items()))
    taken: set[int] = set()
    parted: dict[str, NoteEntry] = {}
    for name, entry in sorted(notes.items()):
        created = entry.created
        while created in taken:
            created += 1
        taken.add(created)
        parted[name] = entry if created == entry.created else entry._replace(created=created)
    return parted


def write_ledger(ledger: Ledger) -> str:
    """Write a ledger, sorted, one record a line."""
    head = {"deckpress": VERSION, "namespace": ledger.namespace, "decks": dict(ledger.decks)}
    rows: list[Mapping[str, object]] = [head]
    rows += [_row(entry) for _, entry in sorted(ledger.note_types.items())]
    write = json.JSONEncoder(ensure_ascii=False).encode
    lines = [write(row) for row in rows]
    names = NoteEntry._fields
    but = [NoteEntry._field_defaults.get(name) for name in names]
    for identity, entry in sorted(ledger.notes.items()):
        known, line = ledger.lines.get(identity, (None, ""))
        if known is not entry:
            values = zip(names, entry, but, strict=True)
            line = write({name: value for name, value, same in values if value != same})
        lines.append(line)
    # In the form in which it will be read.
    return _sealed(unicodedata.normalize("NFC", "\n".join(lines)).split("\n"))


def _row(entry: NoteTypeEntry) -> dict[str, object]:
    return {name: getattr(entry, name) for name in entry.__slots__}
