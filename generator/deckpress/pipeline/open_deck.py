"""A deck kept open: one changed file is read again, and all others stay as they were read.

For what shows a deck while it is being written: the preview shows a saved card in a moment, a
language server the mistakes in a text that is typed and not saved yet. Nothing is raised for a
mistake of the author: it stands beside the notes that it concerns, and hides no others.
"""

from __future__ import annotations

import stat
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any, TypeVar
from urllib.parse import unquote

from deckpress.anki.identity import new_namespace
from deckpress.anki.ledger import Ledger
from deckpress.anki.note import ANKI_NOTE, AnkiNote, compose_note
from deckpress.anki.reconcile import reconcile
from deckpress.decks.release import Release
from deckpress.markup.jinja import TemplateError
from deckpress.model.collection import Catalogue, Writing, make_anew
from deckpress.model.note import Content, Note
from deckpress.pipeline.build import Report, report_nothing
from deckpress.pipeline.cache import Cache
from deckpress.pipeline.card_reader import CardFiles, CardReader, read_source
from deckpress.pipeline.clock import release_time
from deckpress.pipeline.load import collector_at_rest, find_ledger
from deckpress.pipeline.open_file import (
    OpenFile,
    OpenNote,
    divide,
    has_mistakes,
    make_open_file,
    try_to_write,
)
from deckpress.pipeline.own_templates import own_templates
from deckpress.reading.card_work import CardSource, ReadCard, Setting, figure_of, read_card
from deckpress.reading.figures import Figure
from deckpress.reading.folder import (
    Surroundings,
    check_together,
    collect,
    drop_allowed,
    leave_out_consequences,
    read_surroundings,
)
from deckpress.reading.pair_ids import is_nameless, name_pairs
from deckpress.schema.file_names import LEDGER_NAME, MEDIA_NAME
from deckpress.text.files import path_before
from deckpress.text.problem import Problem, SourceError
from deckpress.tree.media import media_type

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Update:
    """What became of a change: card files that were read again, and those that are gone.

    `everything` says that what stands beside the cards changed, and with it any of them.
    """

    read: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    everything: bool = False

    def __bool__(self) -> bool:
        return bool(self.read or self.gone or self.everything)


class OpenDeck:
    """A folder of cards, read once and then file by file.

    `files` are the card files by path, in reading order, `around` is all that stands beside them.
    Both are replaced by every change and never altered, so other threads may read what they hold.
    """

    def __init__(self, root: Path, *, jobs: int = 0, cache: Path | None = None) -> None:
        """Take a folder; `open` reads it.

        Args:
            root: the folder of cards.
            jobs: how many processes read cards; 0 chooses by their number.
            cache: the folder of the cache; without one nothing is remembered.
        """
        self.root = root
        self.around: Surroundings | None = None
        self.files: Mapping[str, OpenFile] = {}
        self._jobs, self._cache = jobs, cache
        self._ledger: Ledger | None = None
        self._ledger_text = ""
        self._faults: Sequence[Problem] = ()
        self._setting: Setting | None = None
        self._first: CardFiles | None = None
        self._media: dict[str, bytes] = {}

    def open(self, writings: Sequence[Writing[Any]] = (), report: Report = report_nothing) -> None:
        """Read everything.

        Args:
            writings: the ways in which notes will be written, beside that for Anki.
            report: called with the number of files read and of all.
        """
        self._read_ledger()
        self._take_around(read_surroundings(self.root))
        self._read_all((ANKI_NOTE, *writings), report)

    @property
    def notes(self) -> Iterator[tuple[OpenFile, OpenNote]]:
        """All notes in the order of their files."""
        for file in self.files.values():
            for note in file.notes:
                yield file, note

    @property
    def catalogue(self) -> Catalogue | None:
        """What notes name; None as long as `deck.yaml` or the templates never could be read."""
        return self._setting.catalogue if self._setting else None

    @property
    def setting(self) -> Setting | None:
        """What cards are read under; None as long as the templates never could be read."""
        return self._setting

    @property
    def ledger(self) -> Ledger | None:
        """The ledger as it is on the disk, if there is one that can be read."""
        return self._ledger

    def read_text(self, path: str, data: bytes) -> OpenFile | None:
        """Read a card file whose text is not on the disk, as an editor has it.

        Args:
            path: the file, as the paths in `files`: relative as the deck's folder is.
            data: its text in UTF-8.

        Returns:
            What it holds now; None when nothing can be read for want of templates.
        """
        at = Path(path)
        folder = at.relative_to(self.root).parts[0] if at.parent != self.root else ""
        self._read_again([CardSource(path, folder, data)])
        return self.files.get(path)

    def update(self, changed: Iterable[Path]) -> Update:
        """Read what changed on the disk.

        Args:
            changed: files and folders that were written, made, moved or deleted; what has nothing
                to do with the deck is passed over.

        Returns:
            What became of it.
        """
        paths = [path for path in changed if self._concerns(path)]
        known = [path for path in paths if path.as_posix() in self.files and _is_plain(path)]
        others = [path for path in paths if path not in known]
        again = {path.as_posix() for path in paths if path.as_posix() in self.files}
        everything = False
        gone: tuple[str, ...] = ()
        if any(media_type(path.name) for path in others):
            again |= self._showing({path.name for path in others})
        if folders := [path for path in others if not path.suffix or _is_folder(path)]:
            # One may be another now, with other cards, and other figures that cards show.
            inside = tuple(f"{folder.as_posix()}/" for folder in folders)
            again |= self._showing({folder.name for folder in folders})
            again |= {path for path in self.files if path.startswith(inside)}
        if any(not media_type(path.name) for path in others):
            if any(path.name == LEDGER_NAME for path in others):
                self._read_ledger()
            around = read_surroundings(self.root)
            everything = self._take_around(around)
            if everything:
                self._read_all((ANKI_NOTE,), report_nothing)
                return Update(everything=True)
            found = dict.fromkeys(around.paths)
            gone = tuple(path for path in self.files if path not in found)
            again = {path for path in found if path in again or path not in self.files}
            self.files = {path: file for path, file in self.files.items() if path in found}
            everything = any(path.name != LEDGER_NAME for path in others if not _is_folder(path))
            everything = everything and not (gone or again)
        read = sorted(again)
        self._read_again([read_source(path, path_before(self.root)) for path in read])
        return Update(tuple(read), gone, everything)

    def problems(self) -> tuple[Problem, ...]:
        """Return all mistakes and all advice, sorted: of each file, and of all together."""
        around = self.around
        if around is None:
            return ()
        files = self.files.values()
        found = [*around.problems, *self._faults]
        for file in files:
            found += file.problems
        if self._setting:
            notes = [note.note for _, note in self.notes]
            found += check_together(around, notes, self._established)
        of_cards = (problem for file in files for problem in file.problems)
        found = leave_out_consequences(found, around, of_cards)
        allowed = {file.source.path: file.allowed for file in files if file.allowed.lines}
        return tuple(
            sorted(set(drop_allowed(found, allowed, around.info.allow if around.info else ())))
        )

    def release(self) -> Release | None:
        """Compare the notes without mistakes with the ledger, as a build of them would.

        Returns:
            The release; `reconciled` says what the ledger minds. None when nothing can be built.
        """
        catalogue, around = self.catalogue, self.around
        if catalogue is None or around is None:
            return None
        blamed = {p.where for p in self.problems() if p.severity == "mistake"}
        known = {category.slug for category in catalogue.info.categories}
        good = {
            open_.note.id: open_
            for _, open_ in self.notes
            if open_.anki
            and not open_.has_mistakes
            and open_.note.category in known
            and open_.note.where not in blamed
        }
        around = replace(
            around, info=catalogue.info, companies=catalogue.companies, sources=catalogue.sources
        )
        media = {n: self._media[n] for each in good.values() for n in each.note.images.values()}
        recall = self._first.recall if self._first else make_anew
        chosen = [each.note for each in good.values()]
        collection = collect(around, chosen, media, self.write, recall=recall)
        notes = {n.id: a for n in collection.notes if (a := good[n.id].anki)}
        before = self._ledger or Ledger(new_namespace(catalogue.info.slug))
        path = (self.root / LEDGER_NAME).as_posix()
        made = reconcile(before, collection, list(notes.values()), release_time(), path)
        return Release(collection, notes, before, made, self._ledger_text)

    def write(self, writing: Writing[T], notes: Iterable[Note]) -> dict[str, T]:
        """Write notes that have no mistakes; see `WriteNotes`."""
        chosen = list(notes)
        homes = {o.note.id: (file, o.note) for file, o in self.notes}
        first = self._first
        as_read = {s.path: s for s, _ in first.cards} if first else {}
        made: dict[str, T] = {}
        same = [note for note in chosen if as_read.get(note.where.path) is homes[note.id][0].source]
        clean = [note for note in same if not has_mistakes(homes[note.id][0].problems)]
        if first and clean:
            made |= first(writing, clean)
        for note in chosen:
            file = homes[note.id][0]
            if note.id in made or self._setting is None or self.catalogue is None:
                continue
            contents = read_card(file.source, self._setting)[1]
            for open_, content in zip(file.notes, contents, strict=True):
                if open_.note.id in homes and not open_.has_mistakes:
                    made[open_.note.id] = writing.write(open_.note, content, self.catalogue)
        return {note.id: made[note.id] for note in chosen}

    def medium(self, name: str) -> bytes | None:
        """Return the bytes of a figure, sound or video that a note shows; None of no other file."""
        return self._media.get(name)

    @property
    def _established(self) -> dict[str, str]:
        entries = self._ledger.notes.values() if self._ledger else ()
        return {entry.id: entry.question for entry in entries if not entry.retired}

    def _read_ledger(self) -> None:
        self._ledger_text, found, self._faults = find_ledger(self.root / LEDGER_NAME)
        self._ledger = found or self._ledger

    def _take_around(self, around: Surroundings) -> bool:
        """Take over what stands beside the cards; say whether cards are to be read anew for it.

        While a file of it cannot be read, cards are shown as they were before.
        """
        self.around = around
        if around.setting is None or around.info is None:
            return False
        # Mistakes beside the cards forbid a build; they forbid no look at the cards.
        setting = replace(around.setting, catalogue=around.catalogue)
        before, self._setting = self._setting, setting
        return before is not None and _written_by(before) != _written_by(setting)

    def _concerns(self, path: Path) -> bool:
        try:
            parts = path.relative_to(self.root).parts
        except ValueError:
            return False
        hidden = any(part.startswith((".", "_")) or part.endswith("~") for part in parts)
        if hidden or not parts:
            return False
        endings = (".md", ".markdown", ".csv", ".tsv", ".yaml", ".bib", ".lock")
        kept = parts[0] in ("templates", "fonts") or media_type(path.name)
        # A folder that was moved or deleted says nothing of what was in it.
        return bool(kept) or path.suffix.lower() in endings or not path.suffix or _is_folder(path)

    def _showing(self, names: set[str]) -> set[str]:
        """Return the paths of the files that show media of some names, or lack one.

        A folder counts for what is in it, and that of the media need not be named.
        """
        return {
            file.source.path
            for file in self.files.values()
            if has_mistakes(file.problems)
            or any(
                MEDIA_NAME in names
                or not names.isdisjoint(
                    (*PurePosixPath(src).parts, *PurePosixPath(unquote(src)).parts)
                )
                for note in file.notes
                for src in note.note.images
            )
        }

    def _read_all(self, writings: tuple[Writing[Any], ...], report: Report) -> None:
        around, setting = self.around, self._setting
        if around is None or setting is None:
            return
        memory = Cache(self._cache) if self._cache else None
        try:
            with collector_at_rest():
                reader = CardReader(writings, self._jobs, memory)
                first = reader(around.paths, self.root, setting, self._established, report)
                self._first = first
                self._media = dict(first.figures)
                self.files = dict(self._open_first(first, setting))
        finally:
            if memory:
                memory.close()

    def _open_first(self, first: CardFiles, setting: Setting) -> Iterator[tuple[str, OpenFile]]:
        """Take over what was read of all files at once; what has mistakes is written singly."""
        cards = list(first.cards)
        times = Counter(note.id for _, card in cards for note in card.notes)
        whole = {
            source.path: not card.has_mistakes and all(times[note.id] == 1 for note in card.notes)
            for source, card in cards
        }
        wanted = [note for source, card in cards if whole[source.path] for note in card.notes]
        try:
            made = first(ANKI_NOTE, wanted)
        except TemplateError:
            made = {}
        late = first.late
        for source, card in cards:
            if made and whole[source.path]:
                notes = tuple(
                    OpenNote(note, made[note.id], own)
                    for note, own in zip(card.notes, divide(card), strict=True)
                )
                file = make_open_file(source, card, notes)
            else:
                contents = read_card(source, setting)[1]
                file = self._write_file(source, card, contents, setting)
            yield source.path, replace(file, late=source.path in late)

    def _read_again(self, sources: Sequence[CardSource]) -> None:
        setting = self._setting
        if setting is None or not sources:
            return
        before = self.files
        read: dict[str, OpenFile] = {}
        nameless = False
        for source in sources:
            card, contents = read_card(source, setting)
            old = before.get(source.path)
            nameless = nameless or card.is_nameless or bool(old and old.late)
            file = self._write_file(source, card, contents, setting)
            read[source.path] = replace(file, late=card.is_nameless)
        files = {**before, **read}
        if read.keys() - before.keys():
            files = dict(sorted(files.items(), key=lambda item: Path(item[0]).parts))
        self.files = self._name_pairs(files, setting) if nameless else files

    def _name_pairs(
        self, files: Mapping[str, OpenFile], setting: Setting
    ) -> Mapping[str, OpenFile]:
        """Give word pairs their ids anew, which depend on all of them and on the ledger."""
        nothing = Content((), (), (), (), {})
        read: dict[str, tuple[ReadCard, tuple[Content, ...]]] = {}
        pairs: list[tuple[Note, Content]] = []
        for path, file in files.items():
            if file.late:
                read[path] = read_card(file.source, setting)
                pairs += zip(read[path][0].notes, read[path][1], strict=True)
            else:
                pairs += ((each.note, nothing) for each in file.notes)
        named = iter([note for note, _ in name_pairs(pairs, self._established)])
        found = dict(files)
        for path, file in files.items():
            notes = tuple(
                next(named) for _ in (read[path][0].notes if path in read else file.notes)
            )
            if path in read:
                card, contents = read[path]
                card = card._replace(notes=notes)
                again = self._write_file(file.source, card, contents, setting)
                found[path] = replace(again, late=True)
        return found

    def _write_file(
        self, source: CardSource, card: ReadCard, contents: Sequence[Content], setting: Setting
    ) -> OpenFile:
        notes: list[OpenNote] = []
        problems = list(card.problems)
        for note, content, own in zip(card.notes, contents, divide(card), strict=True):
            self._take_media(source.path, note, setting)
            faulty = has_mistakes(own)
            if is_nameless(note) or setting.catalogue is None:
                notes.append(OpenNote(note, None, own))
            elif faulty:
                notes.append(OpenNote(note, try_to_write(note, content, setting.catalogue), own))
            else:
                anki, more = self._write_note(note, content, setting.catalogue)
                problems += more
                notes.append(OpenNote(note, anki, (*own, *more)))
        return make_open_file(source, card._replace(problems=tuple(problems)), tuple(notes))

    def _write_note(
        self, note: Note, content: Content, catalogue: Catalogue
    ) -> tuple[AnkiNote | None, tuple[Problem, ...]]:
        """Write a note; what the deck's own templates do wrong is told with it."""
        assert self.around is not None
        try:
            with own_templates(self.around.theme):
                return compose_note(note, content, catalogue), ()
        except SourceError as error:
            return None, error.problems

    def _take_media(self, path: str, note: Note, setting: Setting) -> None:
        for src, name in note.images.items():
            if name not in self._media:
                found = figure_of(path, setting, src)
                if isinstance(found, Figure):
                    self._media[found.name] = found.data


def _is_plain(path: Path) -> bool:
    """Say whether a path is that of a file; a link, a pipe or what nobody may look at is not."""
    with suppress(OSError):
        return stat.S_ISREG(path.lstat().st_mode)
    return False


def _is_folder(path: Path) -> bool:
    with suppress(OSError):
        return path.is_dir()
    return False


def _written_by(setting: Setting) -> Setting:
    """Return a setting without what no field of a note depends on: the look of note types."""
    catalogue = setting.catalogue
    if catalogue is None:
        return setting
    plain = {
        slug: replace(
            found,
            css="",
            templates=tuple(
                replace(each, front="", back="", browser_front="", browser_back="")
                for each in found.templates
            ),
        )
        for slug, found in catalogue.note_types.items()
    }
    return replace(setting, catalogue=replace(catalogue, note_types=plain))
