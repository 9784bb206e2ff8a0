"""What the page shows of a deck that is kept open: its list, its cards, its mistakes, as JSON."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from deckpress.anki.drawing.card import CardFacts, DrawnCard, draw_card
from deckpress.anki.drawing.cloze import show_only_holes
from deckpress.anki.drawing.sounds import Drawn
from deckpress.anki.drawing.words import strip_html
from deckpress.anki.note import AnkiNote
from deckpress.decks.release import Release
from deckpress.markup.elements import element
from deckpress.model.collection import Catalogue, category_name
from deckpress.pipeline.missing_glyphs import find_missing_glyphs
from deckpress.pipeline.open_deck import OpenDeck
from deckpress.pipeline.open_file import OpenFile, OpenNote
from deckpress.preview.formulas import draw_in
from deckpress.text.problem import Problem, SourceError
from deckpress.tree.media import media_kind

_WORDS = re.compile(r"[^\s\"]+|\"[^\"]*\"")
_TYPED = re.compile(r"\[\[type:([^\]]+)\]\]")
_ASKED = "<center><input type=text id=typeans></center>"
"""Where Anki has the answer typed."""

_BEYOND = 3
"""Lines of the source that are shown where a file has no note."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A card of the list; or a file without notes, which is shown by its mistakes alone.

    `at` is the place of its note in the file, `ord` the card's number from 0.
    """

    key: str
    file: OpenFile
    at: int
    ord: int

    @property
    def note(self) -> OpenNote | None:
        """The note, if the file has any."""
        return self.file.notes[self.at] if self.file.notes else None


@dataclass(slots=True)
class Cards:
    """The cards of an open deck, as the page asks for them.

    `problems` are all that are known by the path of their file: those of a file that was just read
    are there at once, those of all files together when `check` has been called.
    """

    deck: OpenDeck
    draws_formulas: bool = True
    problems: tuple[Problem, ...] = ()
    _by_path: dict[str, list[Problem]] = field(default_factory=dict)
    _texts: dict[str, tuple[OpenFile, dict[int, str]]] = field(default_factory=dict)

    def check(self, *, released: bool = False) -> None:
        """Look for what only all files together show; with ledger and fonts, if `released`."""
        found = set(self.deck.problems())
        release = self.deck.release() if released else None
        if release:
            found |= {*release.reconciled.problems, *release.reconciled.changes.advice}
            found |= _ask_fonts(release, self.deck.root)
        self.problems = tuple(sorted(found))
        by_path: dict[str, list[Problem]] = defaultdict(list)
        for problem in self.problems:
            by_path[problem.where.path].append(problem)
        self._by_path = dict(by_path)

    def forget(self, paths: Iterable[str]) -> None:
        """Forget what was told of files that were read again; `check` finds what still holds."""
        for path in paths:
            self._by_path.pop(path, None)

    def listed(self) -> dict[str, Any]:
        """Return the whole list: what the deck is called, its categories, and the rows by file."""
        info = self.deck.catalogue.info if self.deck.catalogue else None
        return {
            "title": info.title if info else self.deck.root.name,
            "categories": [[c.slug, c.name] for c in info.categories] if info else [],
            "files": [[path, self.rows(path)] for path in self._in_order()],
            "problems": self.counts(),
        }

    def rows(self, path: str) -> list[dict[str, Any]]:
        """Return the rows of a file."""
        file = self.deck.files.get(path)
        return [self._row(entry) for entry in _entries(file)] if file else []

    def counts(self) -> dict[str, Any]:
        """Return what is wrong: how often in all, and by the keys of the cards that show it."""
        marks = {}
        for path in {problem.where.path for problem in self.problems}:
            file = self.deck.files.get(path)
            for entry in _entries(file) if file else ():
                mistakes, advice = _count(self._of(entry))
                if mistakes or advice:
                    marks[entry.key] = [mistakes, advice]
        return {"all": _count(self.problems), "cards": marks}

    def told(self) -> list[dict[str, Any]]:
        """Return all mistakes and all advice, each with the card that it is shown at, if any."""
        homes: dict[Problem, str] = {}
        for path in {problem.where.path for problem in self.problems}:
            file = self.deck.files.get(path)
            for entry in _entries(file) if file else ():
                for problem in self._of(entry):
                    homes.setdefault(problem, entry.key)
        return [{**self._tell(each), "key": homes.get(each, "")} for each in self.problems]

    def card(self, key: str) -> dict[str, Any] | None:
        """Return a card, drawn: both sides, its look, what is told of it; None if it is gone."""
        entry = self._find(key)
        if entry is None:
            return None
        shown: dict[str, Any] = {
            **self._row(entry),
            "problems": [self._tell(problem) for problem in self._of(entry)],
            "source": _source(entry),
            "math": "drawn" if self.draws_formulas else "mathjax",
        }
        note, catalogue = entry.note, self.deck.catalogue
        if note and note.anki and catalogue:
            drawn = self._draw(note.anki, entry.ord, catalogue)
            note_type = catalogue.note_types[note.anki.note_type]
            texts = self._texts_of(note.anki, catalogue)
            shown |= {
                "front": self._side(drawn.front, lambda name: _ASKED),
                "back": self._side(drawn.back, lambda name: _answer(name, texts, entry.ord + 1)),
                "css": note_type.css,
                "empty": drawn.is_empty,
            }
        return shown

    def search(self, query: str) -> list[str]:
        """Return the keys of the cards that hold all words, in the order of the list.

        Args:
            query: words, and phrases in quotes; also `tag:x`, `is:mistake`, `is:advice`.
        """
        words = [_fold(word.strip('"')) for word in _WORDS.findall(query)]
        return [
            entry.key
            for path in self._in_order()
            for entry in _entries(self.deck.files[path])
            if all(self._holds(entry, word) for word in words)
        ]

    def _holds(self, entry: Entry, word: str) -> bool:
        note = entry.note
        if word in ("is:mistake", "is:advice"):
            return _count(self._of(entry))[word == "is:advice"] > 0
        if word.startswith("tag:"):
            return any(word[4:] in _fold(tag) for tag in (note.note.tags if note else ()))
        return word in self._text(entry)

    def _text(self, entry: Entry) -> str:
        """Return all words of a note, as they are compared; made once as long as it is the same."""
        path = entry.file.source.path
        known = self._texts.get(path)
        if known is None or known[0] is not entry.file:
            known = (entry.file, {})
            self._texts[path] = known
        if entry.at not in known[1]:
            known[1][entry.at] = _fold(" ".join(_said(entry)))
        return known[1][entry.at]

    def _in_order(self) -> list[str]:
        """Return the paths of the files in the order of the deck: by category, then by name."""
        info = self.deck.catalogue.info if self.deck.catalogue else None
        rank = {c.slug: index for index, c in enumerate(info.categories)} if info else {}

        def place(item: tuple[str, OpenFile]) -> int:
            notes = item[1].notes
            return rank.get(notes[0].note.category if notes else item[1].source.folder, len(rank))

        return [path for path, _ in sorted(self.deck.files.items(), key=place)]

    def _find(self, key: str) -> Entry | None:
        file = self.deck.files.get(key.partition("|")[0])
        return next((e for e in _entries(file) if e.key == key), None) if file else None

    def _row(self, entry: Entry) -> dict[str, Any]:
        file, note = entry.file, entry.note
        mistakes, advice = _count(self._of(entry))
        row: dict[str, Any] = {
            "key": entry.key,
            "ord": entry.ord,
            "path": file.source.path,
            "line": note.note.where.line if note else 1,
            "category": note.note.category if note else file.source.folder,
            "marks": [mistakes, advice],
        }
        if note is None:
            return {**row, "question": file.source.path, "kind": "", "card": "", "id": ""}
        catalogue = self.deck.catalogue
        name = ""
        if note.anki and catalogue and len(_ords(note)) > 1:
            templates = catalogue.note_types[note.anki.note_type].templates
            cloze = catalogue.note_types[note.anki.note_type].cloze
            name = f"hole {entry.ord + 1}" if cloze else templates[entry.ord].name
        where = category_name(catalogue.info, note.note.category) if catalogue else ""
        return {
            **row,
            "id": note.note.id,
            "question": note.note.question or note.note.id or file.source.path,
            "kind": note.note.kind,
            "difficulty": note.note.difficulty,
            "tags": list(note.note.tags),
            "card": name,
            "deck": where,
        }

    def _of(self, entry: Entry) -> list[Problem]:
        """Return what is told at a card: of its note, and of its file as a whole."""
        found = {*self._by_path.get(entry.file.source.path, ()), *entry.file.problems}
        starts = [note.note.where.line for note in entry.file.notes]
        return sorted(
            problem
            for problem in found
            if bisect_right(starts, problem.where.line) - 1 in (-1, entry.at)
            and not entry.file.allowed.allow(problem)
            and not self._is_allowed(problem)
        )

    def _is_allowed(self, problem: Problem) -> bool:
        around = self.deck.around
        allowed = around.info.allow if around and around.info else ()
        return problem.severity == "advice" and problem.rule in allowed

    def _tell(self, problem: Problem) -> dict[str, Any]:
        """Return a problem with the line it is on, where that is one of a card."""
        where = problem.where
        file = self.deck.files.get(where.path)
        lines = file.text.split("\n") if file else []
        return {
            "path": where.path,
            "line": where.line,
            "column": where.column,
            "severity": problem.severity,
            "rule": problem.rule,
            "message": problem.message,
            "hint": problem.hint,
            "text": lines[where.line - 1] if 0 < where.line <= len(lines) else "",
        }

    def _draw(self, note: AnkiNote, ord_: int, catalogue: Catalogue) -> DrawnCard:
        note_type = catalogue.note_types[note.note_type]
        template = note_type.templates[0 if note_type.cloze else ord_]
        texts = self._texts_of(note, catalogue)
        name = f"{catalogue.info.title}: {note_type.name}"
        facts = CardFacts(name, template.name, note.deck, note.tags, ord_)
        return draw_card(template.front, template.back, texts, facts, cloze=note_type.cloze)

    def _texts_of(self, note: AnkiNote, catalogue: Catalogue) -> dict[str, str]:
        """Return the texts of a note's fields by name, composed as Anki keeps them."""
        fields = catalogue.note_types[note.note_type].fields
        return {
            field.name: unicodedata.normalize("NFC", text)
            for field, text in zip(fields, note.fields, strict=True)
        }

    def _side(self, drawn: Drawn, typed: Callable[[str], str]) -> dict[str, Any]:
        html = _TYPED.sub(lambda match: typed(match[1]), drawn.html)
        if self.draws_formulas:
            around = self.deck.around
            html = draw_in(html, around.theme.files if around else {})
        played = [[name, media_kind(name)] for name in drawn.played]
        return {"html": html, "played": played}


def _ords(note: OpenNote) -> tuple[int, ...]:
    """Return the numbers of a note's cards; a note with mistakes shows one at least."""
    return (note.anki.ords if note.anki else ()) or (0,)


def _entries(file: OpenFile) -> Iterator[Entry]:
    path = file.source.path
    if not file.notes:
        if file.problems:
            yield Entry(f"{path}||0", file, 0, 0)
        return
    taken: set[str] = set()
    for at, note in enumerate(file.notes):
        name = note.note.id
        if not name or name in taken:
            name = f"#{at + 1}"
        taken.add(name)
        for ord_ in _ords(note):
            yield Entry(f"{path}|{name}|{ord_}", file, at, ord_)


def _answer(name: str, texts: Mapping[str, str], number: int) -> str:
    """Return what Anki shows where nothing was typed: the answer, or what the holes hide."""
    cloze, name = name.startswith("cloze:"), name.removeprefix("cloze:").removeprefix("nc:")
    text = texts.get(name, "")
    shown = strip_html(show_only_holes(text, number, asked=False) if cloze else text)
    return element("code", shown, id="typeans") if shown else ""


def _said(entry: Entry) -> Iterator[str]:
    yield entry.file.source.path
    if entry.note:
        note, anki = entry.note.note, entry.note.anki
        yield from (note.id, note.question, note.category, note.kind, *note.tags)
        yield from (strip_html(text) for text in (anki.fields if anki else ()) if text)


def _ask_fonts(release: Release, root: Path) -> frozenset[Problem]:
    """Say what the PDF would print as boxes; or what is wrong with templates, if they forbid it."""
    try:
        return frozenset(find_missing_glyphs(release, release.collection.notes, root))
    except SourceError as error:
        return frozenset(error.problems)


def _count(problems: Iterable[Problem]) -> tuple[int, int]:
    """Count mistakes and advice."""
    found = [problem.severity for problem in problems]
    return found.count("mistake"), len(found) - found.count("mistake")


def _source(entry: Entry) -> dict[str, Any]:
    """Return the lines that a note was read from, with the number of the first."""
    lines = entry.file.text.split("\n")
    starts: Sequence[int] = [note.note.where.line for note in entry.file.notes]
    if not starts:
        first = max(1, min((p.where.line for p in entry.file.problems), default=1) - _BEYOND)
        return {"first": first, "lines": lines[first - 1 : first + 2 * _BEYOND]}
    first = starts[entry.at]
    last = starts[entry.at + 1] - 1 if entry.at + 1 < len(starts) else len(lines)
    shown = lines[first - 1 : last]
    while shown and not shown[-1].strip():
        shown.pop()
    return {"first": first, "lines": shown}


def _fold(text: str) -> str:
    return unicodedata.normalize("NFKD", text).casefold()
