"""Card files and notes as they were last read, mistakes and all; see `open_deck`."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

from deckpress.anki.note import AnkiNote, compose_note
from deckpress.markdown.allowances import Allowances
from deckpress.model.collection import Catalogue
from deckpress.model.note import Content, Note
from deckpress.reading.card_work import CardSource, ReadCard
from deckpress.text.problem import Problem
from deckpress.text.source_text import decode_source
from deckpress.tree.node import MEDIA, walk

MISSING_FIGURE = "_missing-figure.svg"
"""The media file that a note with mistakes names in place of a figure that cannot be had."""


@dataclass(frozen=True, slots=True)
class OpenNote:
    """A note as it was last read.

    `anki` is what Anki will hold; None where a mistake leaves nothing to write. `problems` are the
    mistakes and the advice that stand in it, or above all notes of its file.
    """

    note: Note
    anki: AnkiNote | None
    problems: tuple[Problem, ...] = ()

    @property
    def has_mistakes(self) -> bool:
        """Whether it could not be released as it is."""
        return has_mistakes(self.problems)


@dataclass(frozen=True, slots=True)
class OpenFile:
    """A card file as it was last read: its bytes, its notes, and all that is told of it.

    `late` says that it may hold word pairs which got their ids when all files were read.
    """

    source: CardSource
    notes: tuple[OpenNote, ...]
    problems: tuple[Problem, ...]
    allowed: Allowances
    late: bool = False

    @property
    def text(self) -> str:
        """What is written in it, as far as it can be read."""
        return decode_source(self.source.data, self.source.path)[0]


def try_to_write(note: Note, content: Content, catalogue: Catalogue) -> AnkiNote | None:
    """Write a note with mistakes, as well as it goes: nobody promises that it can be written."""
    shown = (node.get("src") for part in content.parts for node in walk(part) if node.kind in MEDIA)
    images = {**dict.fromkeys(shown, MISSING_FIGURE), **note.images}
    try:
        return compose_note(note._replace(images=images), content, catalogue)
    except Exception:  # a writer may count on whatever a reader has found missing
        return None


def make_open_file(source: CardSource, card: ReadCard, notes: tuple[OpenNote, ...]) -> OpenFile:
    """Return a card file that was read, with its notes."""
    lines = {line: frozenset(names) for line, names in card.allowed}
    return OpenFile(source, notes, card.problems, Allowances(lines))


def divide(card: ReadCard) -> list[tuple[Problem, ...]]:
    """Say which problems of a file are those of each note: what stands above the first is all's."""
    starts = [note.where.line for note in card.notes]
    own: list[list[Problem]] = [[] for _ in starts]
    for problem in card.problems:
        at = bisect_right(starts, problem.where.line) - 1
        for one in own if at < 0 else own[at : at + 1]:
            one.append(problem)
    return [tuple(problems) for problems in own]


def has_mistakes(problems: Iterable[Problem]) -> bool:
    """Say whether any of some problems is more than advice."""
    return any(problem.severity == "mistake" for problem in problems)
