"""An open deck in an editor, with the mistakes of every file as it is being typed.

A changed text costs the reading of its own file. What only several notes show together is looked
up in an index: ids, questions and tags. What only the whole deck and its ledger show is found when
something is saved.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from deckpress.model.note import Note
from deckpress.pipeline.open_deck import OpenDeck
from deckpress.pipeline.open_file import OpenFile
from deckpress.reading.coverage import check_coverage
from deckpress.reading.duplicates import find_duplicates, find_tag_twins
from deckpress.reading.folder import drop_allowed, is_card_file
from deckpress.schema.file_names import COMPANIES_FILE, DECK_FILE
from deckpress.schema.validation import PUBLISHED, validate
from deckpress.text.problem import Problem
from deckpress.text.source_text import decode_source
from deckpress.text.yaml import read_yaml

Key = tuple[str, str]
"""What two notes may share: "id", "front" or "tag", and which."""

_RULES = {"id": "id-twice", "front": "question-twice", "tag": "tag-capitals"}
_TOGETHER = frozenset(_RULES.values())
_SHAPES = {
    DECK_FILE: "deck",
    COMPANIES_FILE: "companies",
    "sources.yaml": "sources",
    "bibliography.yaml": "bibliography",
}


@dataclass(frozen=True, slots=True)
class _Told:
    """What the ledger minds: of which note, if of one, and the problem."""

    note: str
    problem: Problem


class Desk:
    """A deck on an author's desk: `deck` is kept open, texts come as they are typed.

    Paths are those of `deck.files`: the deck's folder and what is below it.
    """

    def __init__(self, root: Path, *, jobs: int = 0, cache: Path | None = None) -> None:
        """Take a folder of cards; `open` reads it.

        Args:
            root: the folder.
            jobs: how many processes read cards; 0 chooses by their number.
            cache: the folder of the cache; without one nothing is remembered.
        """
        self.deck = OpenDeck(root, jobs=jobs, cache=cache)
        self._texts: dict[str, str] = {}
        self._homes: dict[Key, Counter[str]] = {}
        self._spellings: dict[str, Counter[str]] = {}
        self._twins: dict[Key, tuple[Problem, ...]] = {}
        self._beside: Mapping[str, tuple[Problem, ...]] = {}
        self._told: Mapping[str, tuple[_Told, ...]] = {}

    def open(self) -> None:
        """Read the whole deck."""
        self.deck.open()
        self._index()
        self.check()

    def text(self, path: str) -> str:
        """Return the text of a file: as the editor has it, else as it is on the disk."""
        if path in self._texts:
            return self._texts[path]
        file = self.deck.files.get(path)
        if file:
            return file.text
        try:
            return decode_source(Path(path).read_bytes(), path)[0]
        except OSError:
            return ""

    def change(self, path: str, text: str) -> set[str]:
        """Take a text that is not saved.

        Args:
            path: the file.
            text: all of it.

        Returns:
            The files whose problems may be others now.
        """
        self._texts[path] = text
        if not is_card_file(Path(path), self.deck.root):
            return {path}
        old = self.deck.files.get(path)
        new = self.deck.read_text(path, text.encode("utf-8", "surrogatepass"))
        return {path} | self._take(old, new)

    def close(self, path: str) -> set[str]:
        """Take the text of a file from the disk again; return what `change` returns."""
        self._texts.pop(path, None)
        return {path} | self.update([Path(path)])

    def update(self, changed: Iterable[Path]) -> set[str]:
        """Read what changed on the disk, and check the deck as a whole.

        Args:
            changed: files that were written, made, moved or deleted. Of those that the editor has
                open its text counts.

        Returns:
            The files whose problems may be others now.
        """
        before = {path for path, _ in self.problems()}
        self.deck.update(path for path in changed if not self._is_typed(path))
        for path, text in self._texts.items():
            if is_card_file(Path(path), self.deck.root):
                self.deck.read_text(path, text.encode("utf-8", "surrogatepass"))
        self._index()
        self.check()
        return before | {path for path, _ in self.problems()}

    def check(self) -> None:
        """Find what the whole deck shows, and what its ledger minds."""
        beside: dict[str, list[Problem]] = defaultdict(list)
        for problem in self.deck.problems():
            if problem.where.path not in self.deck.files:
                beside[problem.where.path].append(problem)
        self._beside = {path: tuple(found) for path, found in beside.items()}
        told: dict[str, list[_Told]] = defaultdict(list)
        release = self.deck.release()
        if release:
            starts = {note.where: note.id for note in release.collection.notes}
            made = release.reconciled
            for problem in (*made.problems, *made.changes.advice):
                told[problem.where.path].append(_Told(starts.get(problem.where, ""), problem))
        self._told = {path: tuple(found) for path, found in told.items()}

    def problems_of(self, path: str) -> tuple[Problem, ...]:
        """Return the mistakes and the advice of a file, sorted by place."""
        file = self.deck.files.get(path)
        if file is None:
            return self._problems_beside(path)
        around = self.deck.around
        found = [*file.problems, *(p for p in self._twins_in(path, file))]
        if around:
            notes = [each.note for each in file.notes]
            unknown = check_coverage(around.coverage, notes)
            found += (problem for problem in unknown if problem.where.path == path)
        found += self._minded(path, file)
        allowed = around.info.allow if around and around.info else ()
        return tuple(sorted(set(drop_allowed(found, {path: file.allowed}, allowed))))

    def problems(self) -> Iterator[tuple[str, tuple[Problem, ...]]]:
        """Yield the files that have problems, with these."""
        paths = {path for path, file in self.deck.files.items() if file.problems}
        paths |= {problem.where.path for twins in self._twins.values() for problem in twins}
        for path in sorted(paths | self._beside.keys() | self._told.keys() | self._texts.keys()):
            found = self.problems_of(path)
            if found:
                yield path, found

    def note_at(self, path: str, line: int) -> Note | None:
        """Return the note that stands at a line of a file."""
        file = self.deck.files.get(path)
        notes = file.notes if file else ()
        count = bisect_right(notes, line, key=lambda each: each.note.where.line)
        return notes[count - 1].note if count else None

    def note(self, identity: str) -> tuple[OpenFile, Note] | None:
        """Return the note of an id, and its file."""
        for path in self._homes.get(("id", identity), ()):
            file = self.deck.files.get(path)
            for each in file.notes if file else ():
                if file and each.note.id == identity:
                    return file, each.note
        return None

    @property
    def ids(self) -> Iterator[str]:
        """The ids of all notes."""
        return (name for what, name in self._homes if what == "id" and name)

    @property
    def tags(self) -> Iterator[tuple[str, int]]:
        """All tags in their most usual spelling, with the number of notes."""
        for spellings in self._spellings.values():
            ((tag, _),) = spellings.most_common(1)
            yield tag, spellings.total()

    def _is_typed(self, path: Path) -> bool:
        return path.as_posix() in self._texts and is_card_file(path, self.deck.root)

    def _problems_beside(self, path: str) -> tuple[Problem, ...]:
        """Return the problems of a file beside the cards: of its shape, while it is typed."""
        text = self._texts.get(path)
        at = Path(path)
        inside = at.is_relative_to(self.deck.root)
        name = at.relative_to(self.deck.root).as_posix() if inside else ""
        shape = _SHAPES.get(name)
        if at.parent == self.deck.root / "coverage" and at.suffix == ".yaml":
            shape = "coverage"
        if text is None or shape is None:
            return self._beside.get(path, ())
        text, faults = decode_source(text.encode("utf-8", "surrogatepass"), path)
        _, found = validate(PUBLISHED[shape], read_yaml(text, path))
        return tuple(sorted({*faults, *found})) or self._beside.get(path, ())

    def _minded(self, path: str, file: OpenFile) -> Iterator[Problem]:
        """Yield what the ledger minds, at the places where its notes stand now."""
        now = {each.note.id: each.note.where for each in file.notes}
        for told in self._told.get(path, ()):
            if not told.note:
                yield told.problem
            elif told.note in now:
                yield replace(told.problem, where=now[told.note])

    def _twins_in(self, path: str, file: OpenFile) -> Iterator[Problem]:
        keys = dict.fromkeys(key for each in file.notes for key in _keys(each.note))
        for key in keys:
            for problem in self._twins.get(key, ()):
                if problem.where.path == path:
                    yield problem

    def _index(self) -> None:
        homes: dict[Key, Counter[str]] = {}
        self._homes, self._spellings, self._twins = homes, {}, {}
        for path, file in self.deck.files.items():
            self._count(path, file, 1)
        for key in homes:
            self._find_twins(key)

    def _take(self, old: OpenFile | None, new: OpenFile | None) -> set[str]:
        """Bring the index up to date with a file; return the files that its twins stand in."""
        touched: set[str] = set()
        keys: dict[Key, None] = {}
        for file, by in ((old, -1), (new, 1)):
            if file:
                self._count(file.source.path, file, by)
                keys |= dict.fromkeys(key for each in file.notes for key in _keys(each.note))
        for key in keys:
            touched |= {problem.where.path for problem in self._twins.get(key, ())}
            self._find_twins(key)
            touched |= {problem.where.path for problem in self._twins.get(key, ())}
        return touched

    def _count(self, path: str, file: OpenFile, by: int) -> None:
        for each in file.notes:
            for key in _keys(each.note):
                homes = self._homes.setdefault(key, Counter())
                homes[path] += by
                if homes[path] <= 0:
                    del homes[path]
                if not homes:
                    del self._homes[key]
            for tag in each.note.tags:
                spellings = self._spellings.setdefault(tag.casefold(), Counter())
                spellings[tag] += by
                if spellings[tag] <= 0:
                    del spellings[tag]
                if not spellings:
                    del self._spellings[tag.casefold()]

    def _find_twins(self, key: Key) -> None:
        """Find the problems of the notes that share something, which most notes do not."""
        self._twins.pop(key, None)
        what, name = key
        homes = self._homes.get(key)
        if not homes:
            return
        if what == "tag":
            if len(self._spellings.get(name, ())) < 2:
                return
            notes = [
                note._replace(tags=tuple(tag for tag in note.tags if tag.casefold() == name))
                for note in self._notes_of(homes)
            ]
            found = find_tag_twins(notes)
        elif homes.total() < 2:
            return
        else:
            notes = [note for note in self._notes_of(homes) if key in _keys(note)]
            found = find_duplicates(notes, self._established)
        twins = tuple(problem for problem in found if problem.rule == _RULES[what])
        if twins:
            self._twins[key] = tuple(_shorter(problem, self.deck.root) for problem in twins)

    def _notes_of(self, homes: Iterable[str]) -> list[Note]:
        """Return the notes of some files in reading order."""
        paths: Sequence[str] = sorted(homes, key=lambda path: Path(path).parts)
        files = (self.deck.files.get(path) for path in paths)
        return [each.note for file in files if file for each in file.notes]

    @property
    def _established(self) -> Mapping[str, str]:
        ledger = self.deck.ledger
        entries = ledger.notes.values() if ledger else ()
        return {entry.id: entry.question for entry in entries if not entry.retired}


def _keys(note: Note) -> list[Key]:
    keys = [("tag", tag.casefold()) for tag in note.tags]
    keys += [("id", note.id)] if note.id else []
    keys += [("front", note.front_key)] if note.front_key else []
    return keys


def _shorter(problem: Problem, root: Path) -> Problem:
    """Name other files as they are called from where the deck lies."""
    above = f"{root.parent.as_posix()}/"
    return replace(problem, message=problem.message.replace(above, ""))
