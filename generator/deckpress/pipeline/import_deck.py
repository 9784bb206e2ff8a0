"""The whole way from somebody's deck to a folder of cards with its ledger."""

from __future__ import annotations

import posixpath
import re
import shutil
import tempfile
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from hashlib import sha256
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

from deckpress.anki.identity import imported_namespace, note_guid
from deckpress.anki.ledger import Ledger, NoteEntry, write_ledger
from deckpress.anki.note import ANKI_NOTE
from deckpress.anki.order import GAP
from deckpress.anki.reconcile import reconcile
from deckpress.importing.card import Card, compose_card, write_card
from deckpress.importing.deck_plan import DeckPlan, plan_decks
from deckpress.importing.formats import MAP_NAME
from deckpress.importing.mapping import (
    GivenMap,
    NoteTypeMap,
    check_map,
    guess_map,
    read_map,
    write_map,
)
from deckpress.importing.own_notes import (
    compose_own,
    has_namespace,
    hides_language,
    is_retired,
    own_categories,
    own_language,
    own_slug,
    released_hash,
)
from deckpress.importing.reader import read_source
from deckpress.importing.report import (
    LEFT_OUT_NAME,
    LeftOut,
    Loss,
    write_left_out,
    write_report,
)
from deckpress.importing.source import Source, SourceNote, SourceNoteType
from deckpress.model.collection import Collection
from deckpress.model.templates import Kind
from deckpress.pipeline.build import Report, report_nothing
from deckpress.pipeline.card_reader import CardReader
from deckpress.pipeline.clock import release_time
from deckpress.reading.card_file import read_card_file
from deckpress.reading.company_evidence import Vocabulary
from deckpress.reading.figures import Figure, find_figure
from deckpress.reading.folder import REPORT_NAME, read_folder
from deckpress.reading.note import complete_notes
from deckpress.reading.template_files import overlay, templates_folder
from deckpress.reading.templates import read_templates
from deckpress.reading.words import read_words
from deckpress.schema.deck_files import DeckFile
from deckpress.schema.file_names import COMPANIES_FILE, DECK_FILE, LEDGER_NAME, TEMPLATES_NAME
from deckpress.schema.validation import validate
from deckpress.text.files import write_files
from deckpress.text.problem import CallError, Problem, SourceError
from deckpress.text.yaml import read_yaml
from deckpress.tree.node import plain_text

PER_FILE = 50
"""How many notes a card file gets at most; a note with front matter has a file of its own."""

Ask = Callable[[NoteTypeMap, SourceNoteType, SourceNote], NoteTypeMap]
"""Asks somebody about a note type: the guess, the type, and a note to show; returns the map."""


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """How a deck is imported: see the options of `deckpress import`."""

    form: str = "auto"
    map_file: Path | None = None
    title: str = ""
    slug: str = ""
    language: str = ""
    tags: tuple[str, ...] = ()
    media: Path | None = None
    named: bool | None = None
    obsidian: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ImportedDeck:
    """What an import did.

    `notes` are those of the source, `cards` those that became card files, `guids` those that keep
    a GUID that people have. `updates` says whether people who have the deck get its updates: only
    if it was made by deckpress under the same slug. `readings` tell what was decided about
    the file.
    """

    out: Path
    notes: int
    cards: int
    guids: int
    files: int
    media: int
    updates: bool
    left_out: tuple[LeftOut, ...]
    losses: tuple[Loss, ...]
    maps: tuple[NoteTypeMap, ...]
    readings: tuple[str, ...]


def import_deck(
    path: Path,
    out: Path,
    options: ImportOptions = ImportOptions(),  # frozen, so it can be shared
    *,
    ask: Ask | None = None,
    report: Report = report_nothing,
) -> ImportedDeck:
    """Turn somebody's deck into a folder of cards.

    Everything is written into a folder beside the new one, read as any deck is, and moved into its
    place; so the folder builds without a mistake, or is not made.

    Args:
        path: the deck: a package, a text file, a Markdown file, or a folder.
        out: the folder of cards to make; it may exist if it is empty.
        options: how it is imported.
        ask: asks about note types whose fields are not the usual ones; without it guesses stand.
        report: called with the number of notes done and of all.

    Returns:
        What was made, and what could not be carried.

    Raises:
        SourceError: the deck cannot be read, or the map is wrong; nothing was written.
        CallError: the folder holds something, or the slug or the language does not do.
        OSError: the disk is full, or the folder cannot be written; nothing was written.
    """
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise CallError(f"'{out}' is not empty: name a new folder with --out")
    given = read_map(options.map_file) if options.map_file else None
    source = read_source(
        path,
        form=options.form,
        media=options.media,
        named=options.named,
        tags=options.tags,
        obsidian=options.obsidian,
    )
    if not source.notes:
        raise CallError(f"there is no note in '{path}'")
    maps = _choose_maps(source, given, ask)
    out.parent.mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(dir=out.parent, prefix=".deckpress-import-"))
    try:
        work = _Import(source, maps, staging, options)
        done = work.run(report)
        if out.exists():
            out.rmdir()
        staging.chmod(0o755)
        staging.rename(out)
    except BaseException:
        shutil.rmtree(staging, ignore_errors=True)
        raise
    return replace(done, out=out)


def _choose_maps(source: Source, given: GivenMap | None, ask: Ask | None) -> dict[str, NoteTypeMap]:
    found = {name: source.note_types[name] for name in (note.note_type for note in source.notes)}
    foreign = {name: each for name, each in found.items() if not own_slug(each)}
    if given and (problems := check_map(given, foreign.values())):
        raise SourceError(problems)
    maps: dict[str, NoteTypeMap] = {}
    for name, note_type in foreign.items():
        if given and name in given.maps:
            maps[name] = given.maps[name]
            continue
        notes = [note for note in source.notes if note.note_type == name]
        maps[name] = guess_map(note_type, notes)
        if ask and not maps[name].usual:
            maps[name] = ask(maps[name], note_type, notes[0])
    return maps


@dataclass(slots=True)
class _Made:
    """A card, the note it was made of, the category it is in."""

    note: SourceNote
    card: Card
    category: str


@dataclass(frozen=True, slots=True)
class _Front:
    """A front: its question in plain words, and the key that two notes that ask the same share."""

    question: str
    key: str

    def numbered(self, number: int) -> str:
        """Return its key with a number behind the question."""
        rest = self.key.removeprefix(self.question).lstrip("\n")
        return "\n".join(filter(None, (f"{self.question} ({number})".lstrip(), rest)))


@dataclass(slots=True)
class _Import:
    source: Source
    maps: Mapping[str, NoteTypeMap]
    staging: Path
    options: ImportOptions
    made: list[_Made] = field(default_factory=list)
    losses: list[Loss] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    companies: dict[str, str] = field(default_factory=dict)
    ids: set[str] = field(default_factory=set)
    fronts: set[str] = field(default_factory=set)
    numbers: dict[str, int] = field(default_factory=dict)
    id_numbers: dict[str, int] = field(default_factory=dict)
    media: _Media = field(init=False)
    kinds: Mapping[str, Kind] = field(init=False)
    plan: DeckPlan = field(init=False)
    namespace: str = field(init=False)
    language: str = field(init=False)

    def run(self, report: Report) -> ImportedDeck:
        source, options = self.source, self.options
        self.media = _Media(source.media, self.staging)
        self.language = options.language or own_language(source)
        self.kinds = read_templates(templates_folder(), self.staging / TEMPLATES_NAME).kinds
        notes: list[SourceNote] = []
        retired: list[SourceNote] = []
        for note in source.notes:
            gone = is_retired(note, source.note_types[note.note_type])
            (retired if gone else notes).append(note)
        self.losses += [
            Loss("", "", remark.place, remark.what)
            for remark in (*source.readings, *source.remarks)
        ]
        self.losses += [
            Loss("", note.guid, note.place, "a note that was taken out of its deck before")
            for note in retired
        ]
        self.plan = plan_decks(
            notes,
            source.title,
            named=options.title,
            slug=options.slug,
            slugs=own_categories(notes, source.note_types),
            rest=read_words(overlay(templates_folder()), self.language or "en")[0].say("cards"),
            language=self.language,
        )
        _, problems = validate(DeckFile, read_yaml(self.plan.write(self.language), DECK_FILE))
        if problems:
            raise CallError("; ".join(each.words for each in problems))
        self.namespace = self._choose_namespace()
        for done, note in enumerate(notes, 1):
            self._add(note)
            if done % 20 == 0 or done == len(notes):
                report(done, len(notes))
        if not self.made:
            reason = self.left_out[0].reasons[0] if self.left_out else "all were retired"
            raise CallError(f"none of {len(source.notes)} notes can become a card: {reason}")
        files = self._write_cards()
        ledger, collection = self._reconcile()
        guids = self._note_cards(ledger, collection)
        self._remark()
        write_files(
            {
                self.staging / LEDGER_NAME: write_ledger(ledger).encode(),
                self.staging / REPORT_NAME: write_report(self.losses).encode(),
                **(
                    {self.staging / MAP_NAME: write_map(self.maps.values()).encode()}
                    if self.maps
                    else {}
                ),
                **(
                    {self.staging / LEFT_OUT_NAME: write_left_out(self.left_out).encode()}
                    if self.left_out
                    else {}
                ),
            }
        )
        return ImportedDeck(
            out=self.staging,
            notes=len(source.notes),
            cards=len(self.made),
            guids=guids,
            files=files,
            media=len(self.media.written),
            updates=all(
                has_namespace(source.note_types[m.note.note_type], self.namespace)
                for m in self.made
            ),
            left_out=tuple(self.left_out),
            losses=tuple(self.losses),
            maps=tuple(self.maps.values()),
            readings=tuple(remark.what for remark in source.readings),
        )

    def _choose_namespace(self) -> str:
        """Return the slug if the deck was made in that namespace; else one that no other has."""
        types = self.source.note_types
        for slug in dict.fromkeys((self.plan.slug, self.plan.plain_slug)):
            if any(has_namespace(types[note.note_type], slug) for note in self.source.notes):
                self.plan = replace(self.plan, slug=slug)
                return slug
        told = (note.guid or "\x1f".join(note.fields) for note in self.source.notes)
        # Who names the language when the deck is imported again gets the same note types.
        return imported_namespace(self.plan.plain_slug, told)

    def _add(self, note: SourceNote) -> None:
        """Make a card of a note, such as the reader of cards takes it, or leave the note out."""
        category = self.plan.categories[note.deck or self.source.title][0]
        reasons: tuple[str, ...] = ()
        for plain in (False, True):
            card = self._compose(note, plain=plain)
            front, faults = self._read(card, category)
            if not faults:
                break
            reasons = reasons or tuple(
                dict.fromkeys(
                    f"{fault.message}" + (f" ({fault.hint})" if fault.hint else "")
                    for fault in faults
                )
            )
        else:
            card = self._compose(note, plain=False)
            occluded = any("over a part of a picture" in what for what in card.lost)
            reasons = ("cards have no masks over pictures",) if occluded else reasons
            reasons += tuple(f"not carried: {what}" for what in (*note.lost, *card.lost))
            self.left_out.append(LeftOut(note.guid, note.place, reasons, write_card(card)))
            what = f"the whole note: {'; '.join(reasons)}"
            self.losses.append(Loss("", note.guid, note.place, what))
            return
        lost = [*note.lost, *card.lost]
        if reasons:
            lost.append(f"bold, italic or the like: {'; '.join(reasons)}")
        card, changed = self._tell_apart(card, front)
        lost += changed
        self.losses += [Loss(card.id, note.guid, note.place, what) for what in lost]
        if len(note.decks) > 1:
            rest = ", ".join(note.decks[1:])
            what = f"other decks of its cards: {rest}"
            self.losses.append(Loss(card.id, note.guid, note.place, what))
        self.made.append(_Made(note, card, category))

    def _compose(self, note: SourceNote, *, plain: bool) -> Card:
        note_type = self.source.note_types[note.note_type]
        if own_slug(note_type):
            return compose_own(
                note,
                note_type,
                self.media.find,
                self.companies,
                plain=plain,
                language=self.language,
            )
        return compose_card(
            note,
            note_type,
            self.maps[note.note_type],
            self.source.form,
            self.media.find,
            plain=plain,
            language=self.language,
        )

    def _read(self, card: Card, category: str) -> tuple[_Front, list[Problem]]:
        """Read a card as it will be read; return its front and what is wrong with it."""
        draft = read_card_file(_file_of([card]).encode(), f"{card.id}.md")
        words = Vocabulary(None, self.kinds, {}, {})
        root = self.staging
        find = partial(find_figure, folder=root / "media", root=root)
        done = complete_notes(draft, category, words, find)
        problems = [fault for fault in done.problems if fault.severity == "mistake"]
        if len(draft.notes) != 1 and not problems:
            problems.append(
                Problem(
                    draft.places.place(()),
                    "it would become several notes",
                    rule="import-several-notes",
                )
            )
        question = plain_text(draft.notes[0].question) if draft.notes else ""
        key = done.notes[0][0].front_key if done.notes else ""
        return _Front(" ".join(question.split()).casefold(), key), problems

    def _tell_apart(self, card: Card, front: _Front) -> tuple[Card, list[str]]:
        """Give a card an id and a front that no other one has."""
        changed: list[str] = []
        key = front.key
        if key in self.fronts:
            number = self.numbers.get(key, 2)
            while front.numbered(number) in self.fronts:
                number += 1
            self.numbers[key], key = number, front.numbered(number)
            card = replace(card, question=f"{card.question} ({number})")
            changed.append(
                f"a question of its own: another note asks the same, so ({number}) was added"
            )
        self.fronts.add(key)
        identity, number = card.id, self.id_numbers.get(card.id, 2)
        while identity in self.ids:
            identity, number = f"{card.id}-{number}", number + 1
        self.id_numbers[card.id] = number
        self.ids.add(identity)
        return replace(card, id=identity), changed

    def _write_cards(self) -> int:
        """Write the card files, in the order of the notes within each category."""
        by_category: dict[str, list[Card]] = {}
        for made in self.made:
            by_category.setdefault(made.category, []).append(made.card)
        used = {made.category for made in self.made}
        plan = replace(
            self.plan,
            categories={deck: c for deck, c in self.plan.categories.items() if c[0] in used},
        )
        files: dict[Path, bytes] = {self.staging / DECK_FILE: plan.write(self.language).encode()}
        for category, cards in by_category.items():
            groups = _group(cards)
            width = max(2, len(str(len(groups))))
            for number, group in enumerate(groups, 1):
                path = self.staging / category / f"{number:0{width}d}-{group[0].id}.md"
                files[path] = _file_of(group).encode()
        strange = {slug: name for slug, name in self.companies.items() if name != slug}
        if strange:
            files[self.staging / COMPANIES_FILE] = _companies_file(self.made, strange).encode()
        write_files(files)
        return len(files) - 1 - bool(strange)

    def _reconcile(self) -> tuple[Ledger, Collection]:
        """Read the new deck, and make the ledger that its first build would find."""
        collection = read_folder(self.staging, CardReader(), report_nothing)
        written = collection.write(ANKI_NOTE, collection.notes)
        now = release_time()
        order = {note.id: (index + 1) * GAP for index, note in enumerate(collection.notes)}
        created = self._times(now)
        entries: dict[str, NoteEntry] = {}
        for made in self.made:
            note, card = made.note, made.card
            if not note.guid and not note.created:
                continue
            note_type = self.source.note_types[note.note_type]
            rendered = written[card.id]
            known = has_namespace(note_type, self.namespace)
            own_guid = note_guid(self.namespace, card.id)
            entries[card.id] = NoteEntry(
                id=card.id,
                kind=rendered.kind,
                note_type=rendered.note_type,
                hash=released_hash(note, note_type, _images(note)) if known else "imported",
                mod=max(1, min(note.mod, now)),
                created=created[card.id],
                order=order[card.id],
                question=rendered.question,
                ords=rendered.ords,
                guid="" if note.guid == own_guid else note.guid,
            )
        before = Ledger(self.namespace, {}, {}, entries)
        name = (self.staging / LEDGER_NAME).as_posix()
        done = reconcile(before, collection, list(written.values()), now, name)
        if done.problems:
            raise SourceError(done.problems)
        return done.ledger, collection

    def _times(self, now: int) -> dict[str, int]:
        """Return for each card the millisecond that is its note's id in Anki, each once."""
        taken: set[int] = set()
        times: dict[str, int] = {}
        at = now * 1000 - len(self.made)
        for made in self.made:
            at += 1
            time = made.note.created if 0 < made.note.created < 2**53 else at
            while time in taken:
                time += 1
            taken.add(time)
            times[made.card.id] = time
        return times

    def _note_cards(self, ledger: Ledger, collection: Collection) -> int:
        """Note down cards that notes had and have no more; return how many keep their GUID."""
        guids = 0
        for made in self.made:
            entry, note = ledger.notes[made.card.id], made.note
            guids += bool(note.guid)
            note_type = self.source.note_types[note.note_type]
            for ord_ in sorted(set(note.ords) - set(entry.ords)):
                names = [template.name for template in note_type.templates]
                name = (
                    f"hole {ord_ + 1}" if note_type.cloze else (names[ord_:] or [str(ord_ + 1)])[0]
                )
                self.losses.append(Loss(entry.id, note.guid, note.place, f"its card: {name}"))
        return guids

    def _remark(self) -> None:
        """Note down what concerns the deck as a whole."""
        remarks = [
            f"new cards of the deck {was} come into {now}; what people have stays where it is"
            for was, now in self.plan.moved.items()
            if any(note.guid for note in self.source.notes)
        ]
        if not self.options.language and hides_language(self.source):
            remarks.append(
                "the language of the deck: a text file does not tell it (--language does)"
            )
        unused = [name for name in self.source.media if name not in self.media.asked]
        # What lies beside a text file may be anything.
        if unused and any(note.created for note in self.source.notes):
            remarks += [f"a media file that no card shows: {name}" for name in sorted(unused)]
        self.losses += [Loss("", "", "", remark) for remark in remarks]


def _file_of(cards: list[Card]) -> str:
    matter = cards[0].matter
    head = "---\n" + "\n".join(matter) + "\n---\n" if matter else ""
    return head + "\n".join(write_card(card) for card in cards)


def _group(cards: list[Card]) -> list[list[Card]]:
    groups: list[list[Card]] = []
    for card in cards:
        if groups and not card.matter and not groups[-1][0].matter and len(groups[-1]) < PER_FILE:
            groups[-1].append(card)
        else:
            groups.append([card])
    return groups


def _companies_file(made: list[_Made], names: Mapping[str, str]) -> str:
    used = sorted(
        {
            match[1]
            for one in made
            for line in one.card.matter
            if (match := re.match(r"  ([a-z0-9-]+): \[", line))
        }
    )
    lines = [f'  - {{slug: {slug}, name: "{names.get(slug, slug)}"}}' for slug in used]
    return "companies:\n" + "\n".join(lines) + "\n"


def _images(note: SourceNote) -> tuple[str, ...]:
    found = {name for text in note.fields for name in re.findall(r'<img src="([^"]+)"', text)}
    return tuple(sorted(found))


@dataclass(slots=True)
class _Media:
    """The media of the source on their way into the new deck, each under a name that it keeps."""

    files: Mapping[str, bytes]
    root: Path
    written: set[str] = field(default_factory=set)
    asked: set[str] = field(default_factory=set)
    names: dict[str, tuple[str, str]] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)

    def find(self, src: str, data: bytes | None) -> tuple[str, str]:
        """Find a file, write it beside the cards, and judge it as the reader of cards does."""
        if src not in self.names:
            self.names[src] = self._find(src, data)
        return self.names[src]

    def _find(self, src: str, data: bytes | None) -> tuple[str, str]:
        name = src
        if data is None:
            plain = unquote(src)
            spellings = (src, plain, posixpath.normpath(plain), PurePosixPath(plain).name)
            normal = [unicodedata.normalize("NFC", spelling) for spelling in spellings]
            name = next((spelling for spelling in normal if spelling in self.files), "")
            if not name:
                return "", f"which is not there: {src[:80]}"
            try:
                data = self.files[name]
            except KeyError:
                return "", f"which is not there: {src[:80]}"
        self.asked.add(name)
        if not data:
            return "", f"which is empty: {src[:80]}"
        target = self._name(PurePosixPath(name).name, data)
        path = self.root / "media" / target
        # The folder is nobody's yet: it is moved into its place when all is well.
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
        found = find_figure(target, self.root / "media", self.root)
        if not isinstance(found, Figure):
            path.unlink()
            return "", found.message
        self.written.add(target)
        return target, ""

    def _name(self, name: str, data: bytes) -> str:
        """Return a name for a file that no other one has; deckpress's own mark is taken off."""
        path = PurePosixPath(name.lstrip("._") or "file")
        own = re.fullmatch(r"(.+)-([0-9a-f]{8})", path.stem)
        if own and sha256(data).hexdigest()[:8] == own[2]:
            path = PurePosixPath(own[1] + path.suffix)
        stem, number = path.stem, 2
        while path.name.lower() in self.taken:
            path = PurePosixPath(f"{stem}-{number}{path.suffix}")
            number += 1
        self.taken.add(path.name.lower())
        return path.name
