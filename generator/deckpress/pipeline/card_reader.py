"""Card files to notes and to what outputs need of them: from the cache, or read in parallel."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any, TypeVar

from deckpress.markdown.allowances import Allowances
from deckpress.markup.jinja import TemplateError
from deckpress.model.collection import K, Making, Writing, make_anew
from deckpress.model.note import Content, Note
from deckpress.pipeline.cache import Cache, digest
from deckpress.pipeline.fingerprint import fingerprint
from deckpress.pipeline.kept_cards import KeptCards, Made, bind_sheaves, sheaf_name
from deckpress.pipeline.stamps import is_settled, settled_before, stamp_of
from deckpress.pipeline.workers import Order, work_on_cards
from deckpress.reading.card_work import (
    CardSource,
    ReadCard,
    Setting,
    figure_of,
    is_table,
    kind_made,
    read_card,
    work_on_card,
)
from deckpress.reading.figures import Figure
from deckpress.reading.pair_ids import name_pairs
from deckpress.text.files import path_before, read_file
from deckpress.text.problem import Location, Problem, SourceError
from deckpress.text.values import UnreadableError, pack_value, unpack_value, write_value

T = TypeVar("T")
_Stamped = dict[str, tuple[str, bytes, bytes]]
"""By the names of files as they were last read: stamp, key of what was made, name of its sheaf."""
_PART = 400
"""Files that are looked up and worked on at a time: memory does not grow with a deck's."""
_TRIES = 3
"""How often a card is read again whose figures change while it is read."""


@dataclass(frozen=True, slots=True)
class CardReader:
    """How card files are read.

    `writings` are those that will be asked for, so that no file is read twice; `jobs` is the number
    of processes, 0 for what fits; `cache` remembers, if there is one. `seen` are stamps of files by
    path, which were taken before anything is read.
    """

    writings: tuple[Writing[Any], ...] = ()
    jobs: int = 0
    cache: Cache | None = None
    seen: Mapping[str, str] = field(default_factory=dict)

    def __call__(
        self,
        paths: Sequence[str],
        root: Path,
        setting: Setting,
        established: Mapping[str, str],
        report: Callable[[int, int], None],
    ) -> CardFiles:
        """Read card files.

        Args:
            paths: the files, with slashes, in reading order.
            root: the deck's folder.
            setting: what else they depend on.
            established: the questions of the notes that the ledger knows, by id.
            report: called with the number of files read and of all.

        Returns:
            Their notes, and what was made of them.
        """
        files = CardFiles(setting, self.jobs, self.cache)
        files.take_in(paths, root, self.writings, self.seen, report)
        files.name_pairs(established)
        return files


def read_source(path: str, before: str) -> CardSource:
    """Read a card file of a deck's folder.

    Args:
        path: the file, with slashes.
        before: what stands before the deck's files in their paths, as `path_before` returns it.

    Returns:
        Its bytes, or why there are none.
    """
    data, lacks = read_file(Path(path))
    return CardSource(path, _folder(path, before), data, lacks)


def _unpack_stamped(data: bytes) -> _Stamped:
    """Return what is known of files; nothing where the bytes hold something else."""
    with suppress(UnreadableError):
        stamped: _Stamped = unpack_value(data, dict)
        if all(isinstance(one, tuple) and len(one) == 3 for one in stamped.values()):
            return stamped
    return {}


def _unpack_made(
    kept: Sequence[Made], kinds: Sequence[tuple[str, Any]]
) -> tuple[list[ReadCard], dict[str, Any]]:
    """Return a card, and by their names what each writing made of it.

    Every writing keeps the card as well, as it was then: those that differ are returned, too.

    Raises:
        UnreadableError: it holds something else.
    """
    if any(not isinstance(one, tuple) or [*map(type, one)] != [bytes, bytes] for one in kept):
        raise UnreadableError
    first, *others = (card for card, _ in kept)
    packed = [first, *dict.fromkeys(other for other in others if other != first)]
    cards = [unpack_value(card, ReadCard) for card in packed]
    made = {name: unpack_value(one[1], kind) for (name, kind), one in zip(kinds, kept, strict=True)}
    if any(len(each) != len(card.notes) for each in made.values() for card in cards):
        raise UnreadableError
    return cards, made


def _folder(path: str, before: str) -> str:
    folder, slash, _ = path[len(before) :].partition("/")
    return folder if slash else ""


@dataclass(slots=True)
class CardFiles:
    """The card files of a deck, read; called, it writes notes (see `WriteNotes`).

    Tables of word pairs, and cards that hold some without ids, are neither remembered nor handed to
    other processes: what is written of a pair depends on its id, which depends on all cards and on
    the ledger.
    """

    setting: Setting
    jobs: int
    cache: Cache | None
    notes: list[Note] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    figures: dict[str, bytes] = field(default_factory=dict)
    allowed: dict[str, Allowances] = field(default_factory=dict)
    _cards: dict[int, ReadCard] = field(default_factory=dict)
    _home: dict[str, int] = field(default_factory=dict)
    _written: dict[str, dict[str, Any]] = field(default_factory=dict)
    _pairs: dict[int, tuple[Content, ...]] = field(default_factory=dict)
    _failed: dict[str, dict[int, TemplateError]] = field(default_factory=dict)
    _sources: list[CardSource] = field(default_factory=list)
    _keys: list[bytes] = field(default_factory=list)
    _stamps: list[str] = field(default_factory=list)
    _sheaves: dict[int, tuple[int, ...]] = field(default_factory=dict)
    _names: dict[tuple[int, ...], bytes] = field(default_factory=dict)
    _unread: set[int] = field(default_factory=set)
    _env: bytes = b""
    _known: _Stamped = field(default_factory=dict)
    _settled: int = field(default_factory=settled_before)
    _found: dict[tuple[str, str], Figure | Problem] = field(default_factory=dict)

    def __call__(self, writing: Writing[T], notes: Iterable[Note]) -> dict[str, T]:
        """Write notes; what was written once is not written again."""
        chosen = list(notes)
        known = self._written.setdefault(writing.name, {})
        missing = sorted({self._home[note.id] for note in chosen if note.id not in known})
        here = [at for at in missing if writing.made is None or at in self._pairs]
        elsewhere = [at for at in missing if writing.made is not None and at not in self._pairs]
        self._write_here(writing, here)
        if elsewhere:
            self._work(elsewhere, (writing,), lambda done: None)
            if self.cache:
                self.cache.close()
        for at in (self._home[note.id] for note in chosen if note.id not in known):
            raise self._failed[writing.name][at]
        return {note.id: known[note.id] for note in chosen}

    def recall(self, making: Making[K, T], parts: Iterable[K]) -> dict[K, T]:
        """Make things of parts of notes; what an earlier run made is not made again."""
        if not self.cache:
            return make_anew(making, parts)
        head = digest(fingerprint(self.cache), making.name.encode())
        keys = {part: digest(head, write_value(part)) for part in parts}
        kept = self.cache.read(list(keys.values()))
        found: dict[K, T] = {}
        for part, key in keys.items():
            if key in kept:
                with suppress(UnreadableError):
                    found[part] = unpack_value(kept[key], making.made)
        new = make_anew(making, (part for part in keys if part not in found))
        self.cache.write({keys[part]: pack_value(made, making.made) for part, made in new.items()})
        self.cache.close()
        return found | new

    @property
    def cards(self) -> Iterator[tuple[CardSource, ReadCard]]:
        """The files in their order, each with what it holds; word pairs have their ids."""
        for at in range(len(self._sources)):
            yield self._source(at), self._cards[at]

    @property
    def late(self) -> set[str]:
        """The paths of the files whose notes may have got their ids when all were read."""
        return {self._sources[at].path for at in self._pairs}

    def take_in(
        self,
        paths: Sequence[str],
        root: Path,
        writings: tuple[Writing[Any], ...],
        seen: Mapping[str, str],
        report: Callable[[int, int], None],
    ) -> None:
        """Read all files, and write their notes in the ways that will be asked for."""
        count, before = len(paths), path_before(root)
        if self.cache:
            self._env = digest(fingerprint(self.cache), write_value(self.setting))
            place = digest(b"stamps", self._env, os.fsencode(root.absolute()))
            kept = self.cache.read([place]).get(place)
            self._known = _unpack_stamped(kept) if kept else {}

        def read_to(end: int) -> None:
            for path in paths[len(self._sources) : end]:
                self._find(path, before, seen)

        cards = [at for at, path in enumerate(paths) if not is_table(path)]
        for sheaf in bind_sheaves([paths[at] for at in cards]):
            bound = tuple(cards[sheaf.start : sheaf.stop])
            self._sheaves.update(dict.fromkeys(bound, bound))
        self._work(cards, writings, lambda done: report(done, count), read_to)
        read_to(count)
        for done, at in enumerate(sorted({*range(count)} - {*cards}), len(cards) + 1):
            self._read_here(at)
            report(done, count)
        if self.cache:
            stamped = self._stamped()
            if stamped != self._known:
                self.cache.write({place: pack_value(stamped, dict)})
        for at in range(count):
            card = self._cards[at]
            self.problems += card.problems
            lines = {line: frozenset(names) for line, names in card.allowed}
            self.allowed[self._sources[at].path] = Allowances(lines)

    def _find(self, name: str, before: str, seen: Mapping[str, str]) -> None:
        """Take in a file; if it is as it was when it was last read, its bytes can wait."""
        stamp = seen.get(name) or self._stamp(name) if self.cache else ""
        known = self._known.get(name)
        if stamp and known and known[0] == stamp:
            self._unread.add(len(self._sources))
            self._sources.append(CardSource(name, _folder(name, before), b""))
            self._keys.append(known[1])
            self._stamps.append(stamp)
            return
        source = read_source(name, before)
        self._sources.append(source)
        if self.cache:
            self._keys.append(self._key_of(source))
            self._stamps.append("" if source.problems else stamp)

    def _stamped(self) -> _Stamped:
        """Return what the next run is to know of the files."""
        names = ((at, self._sheaves.get(at)) for at in range(len(self._sources)))
        return {
            self._sources[at].path: (
                self._stamps[at],
                self._keys[at],
                self._sheaf_name(sheaf) if sheaf else b"",
            )
            for at, sheaf in names
        }

    def _sheaf_name(self, sheaf: tuple[int, ...]) -> bytes:
        """Return the name of a sheaf whose files have been found."""
        if sheaf not in self._names:
            self._names[sheaf] = sheaf_name([self._keys[at] for at in sheaf])
        return self._names[sheaf]

    def _stamp(self, name: str) -> str:
        """Return the stamp of a file, or "" if it says nothing: it may be changing just now."""
        with suppress(OSError):
            found = os.stat(name)  # noqa: PTH116  # ten thousand times
            return stamp_of(found) if is_settled(found, self._settled) else ""
        return ""

    def _key_of(self, source: CardSource) -> bytes:
        name, folder = (
            text.encode("utf-8", "surrogateescape") for text in (source.path, source.folder)
        )
        return digest(self._env, name, folder, source.data)

    def _source(self, at: int) -> CardSource:
        """Return a file with its bytes.

        Raises:
            SourceError: its notes are taken in, and it is not what they came from any more.
        """
        if at in self._unread:
            self._unread.remove(at)
            path = self._sources[at].path
            data, lacks = read_file(Path(path))
            self._sources[at] = self._sources[at]._replace(data=data, problems=lacks)
            # It may have changed since its stamp was taken.
            key = self._key_of(self._sources[at])
            if key != self._keys[at] and at in self._cards:
                message, where = "this changed while the deck was read", Location(path)
                changed = Problem(where, message, "try again", rule="unreadable-file")
                raise SourceError(lacks or (changed,))
            if key != self._keys[at]:
                self._keys[at], self._stamps[at] = key, ""
        return self._sources[at]

    def name_pairs(self, established: Mapping[str, str]) -> None:
        """Give the word pairs their ids, when all files are read; see `pair_ids.name_pairs`."""
        nothing = Content((), (), (), (), {})
        pairs: list[tuple[Note, Content]] = []
        for at in range(len(self._sources)):
            notes = self._cards[at].notes
            pairs += zip(notes, self._pairs.get(at) or [nothing] * len(notes), strict=True)
        self.notes = [note for note, _ in name_pairs(pairs, established)]
        start = 0
        for at, card in sorted(self._cards.items()):
            end = start + len(card.notes)
            if at in self._pairs:
                self._cards[at] = card._replace(notes=tuple(self.notes[start:end]))
            for note in self.notes[start:end]:
                self._home[note.id] = at
            start = end

    def _work(
        self,
        chosen: Sequence[int],
        writings: tuple[Writing[Any], ...],
        report: Callable[[int], None],
        read_to: Callable[[int], None] = lambda end: None,
    ) -> None:
        """Take in files, part by part: what is remembered, and then what is worked on.

        While the first are worked on, the others are read and looked up.
        """
        for writing in writings:
            self._written.setdefault(writing.name, {})
        kept = KeptCards(self.cache) if self.cache else None
        left: list[int] = []
        known = 0

        def orders() -> Iterator[Order]:
            nonlocal known
            for part in self._parts(chosen):
                read_to(part[-1] + 1)
                lacks = self._remember(kept, part, writings) if kept else part
                known += len(part) - len(lacks)
                left.extend(lacks)
                yield from ((self._source(at), writings) for at in lacks)

        works = work_on_cards(
            orders(), len(chosen), self.setting, self.jobs, lambda done: report(known + done)
        )
        sheaf: tuple[int, ...] = ()
        for nth, made in enumerate(works):
            at, work, card = left[nth], made, unpack_value(made.card, ReadCard)
            if kept and self._sheaves[at] is not sheaf:
                # Written now, it is there for the next build should this one be broken off.
                kept.close([self._sheaf_name(sheaf)] if sheaf else [])
                sheaf = self._sheaves[at]
            tries = 0
            while not self._take_figures(at, card, anew=tries > 0):
                # A figure was changed while its card was read.
                tries = self._try_again(at, tries)
                work = work_on_card(self._source(at), self.setting, writings)
                card = unpack_value(work.card, ReadCard)
            written = {n: w for n, w in work.written.items() if isinstance(w, bytes)}
            made_of = {
                w.name: unpack_value(written[w.name], kind_made(w))
                for w in writings
                if w.name in written
            }
            self._keep(at, card, made_of)
            if card.is_nameless:
                self._read_here(at)
                continue
            for name, error in work.written.items():
                if isinstance(error, TemplateError):
                    self._failed.setdefault(name, {})[at] = error
            if kept and not card.has_mistakes:
                both = {name: (work.card, w) for name, w in written.items()}
                kept.add(self._sheaf_name(sheaf), self._keys[at], both)
        if kept:
            kept.close_all()
        report(len(chosen))

    def _parts(self, chosen: Sequence[int]) -> Iterator[list[int]]:
        """Divide files into parts of whole sheaves."""
        part: list[int] = []
        for _, sheaf in groupby(chosen, self._sheaves.__getitem__):
            part += sheaf
            if len(part) >= _PART:
                yield part
                part = []
        if part:
            yield part

    def _remember(
        self, kept: KeptCards, chosen: Sequence[int], writings: tuple[Writing[Any], ...]
    ) -> list[int]:
        """Take in the files of which all that is wanted is remembered; return the others."""
        sheaves = dict.fromkeys(self._sheaves[at] for at in chosen)
        keys = {self._sheaf_name(sheaf): [self._keys[at] for at in sheaf] for sheaf in sheaves}
        were = (self._known.get(self._sources[at].path) for at in chosen)
        earlier = dict.fromkeys(known[2] for known in were if known)
        found = [*kept.open(keys, earlier, [one.name for one in writings]).values()]
        kinds = [(one.name, kind_made(one)) for one in writings]
        left: list[int] = []
        for at in chosen:
            key = self._keys[at]
            mine = [of_writing[key] for of_writing in found if key in of_writing]
            if not mine or len(mine) < len(found) or self._sources[at].problems:
                left.append(at)
                continue
            try:
                cards, made = _unpack_made(mine, kinds)
            except UnreadableError:
                left.append(at)
                continue
            # What one writing has kept may be of a time when a figure was another.
            if all(self._take_figures(at, card) for card in cards):
                self._keep(at, cards[0], made)
            else:
                left.append(at)
        incomplete = {self._sheaf_name(self._sheaves[at]) for at in left}
        kept.close(name for name in keys if name not in incomplete)
        return left

    def _keep(self, at: int, card: ReadCard, made: Mapping[str, tuple[Any, ...]]) -> None:
        self._cards[at] = card
        ids = [note.id for note in card.notes]
        for name, values in made.items():
            self._written[name].update(zip(ids, values, strict=True))

    def _take_figures(self, at: int, card: ReadCard, *, anew: bool = False) -> bool:
        """Fetch the figures of a card; say whether they are still those that it was read with."""
        path = self._sources[at].path
        for note in card.notes:
            for src, name in note.images.items():
                place = (path.rpartition("/")[0], src)
                if anew or place not in self._found:
                    self._found[place] = figure_of(path, self.setting, src, card.judged)
                found = self._found[place]
                if isinstance(found, Problem) or found.name != name:
                    return False
                self.figures[found.name] = found.data
        return True

    def _try_again(self, at: int, tries: int) -> int:
        """Count one more reading of a card whose figures change meanwhile.

        Raises:
            SourceError: they change each time.
        """
        if tries == _TRIES:
            message, where = "a figure changed while the deck was read", self._sources[at].path
            raise SourceError(
                [Problem(Location(where), message, "try again", rule="unreadable-file")]
            )
        return tries + 1

    def _write_here(self, writing: Writing[Any], chosen: Sequence[int]) -> None:
        """Write notes in a way whose results are not kept."""
        catalogue = self.setting.catalogue
        if not chosen:
            return
        if catalogue is None:
            raise ValueError("notes of a deck with mistakes are not written")
        for at in chosen:
            contents = self._pairs.get(at) or read_card(self._source(at), self.setting)[1]
            for note, content in zip(self._cards[at].notes, contents, strict=True):
                made = writing.write(note, content, catalogue)
                self._written[writing.name][note.id] = made

    def _read_here(self, at: int) -> None:
        """Read a file whose pairs get their ids later, and keep what they say until they do."""
        self._cards[at], self._pairs[at] = read_card(self._source(at), self.setting)
        tries = 0
        while not self._take_figures(at, self._cards[at], anew=True):
            tries = self._try_again(at, tries)
            self._cards[at], self._pairs[at] = read_card(self._source(at), self.setting)
