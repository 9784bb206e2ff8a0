"""The whole work on one card file: a function of its bytes and of the deck's settings.

It can be done anywhere, in another process as well: what goes in and comes out holds no trees.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from deckpress.markup.jinja import TemplateError
from deckpress.model.collection import Catalogue, Writing
from deckpress.model.note import Content, Note
from deckpress.reading.card_file import read_card_file
from deckpress.reading.company_evidence import Vocabulary
from deckpress.reading.figures import Figure, find_figure
from deckpress.reading.note import CompletedFile, complete_notes, complete_words
from deckpress.reading.pair_ids import is_nameless
from deckpress.text.problem import Problem
from deckpress.text.values import pack_value
from deckpress.tree.media import MediaKind

TABLES = (".csv", ".tsv")
"""The endings of tables, which may hold word pairs."""


class CardSource(NamedTuple):
    """A card file: its name as problems print it, the name of its folder, and its bytes.

    `problems` say why there are no bytes; `folder` is the default category.
    """

    path: str
    folder: str
    data: bytes
    problems: tuple[Problem, ...] = ()

    @property
    def is_table(self) -> bool:
        """Whether it is no Markdown but a table of word pairs."""
        return is_table(self.path)


def is_table(name: str) -> bool:
    """Say whether a file is a table of word pairs, by its name."""
    return name.lower().endswith(TABLES)


@dataclass(frozen=True, slots=True)
class Setting:
    """What the work on a card depends on beside its file.

    `catalogue` is None when the deck has mistakes already, and nothing can be written; `most_bytes`
    are the largest sizes of figures, sounds and videos.
    """

    root: str
    vocabulary: Vocabulary
    catalogue: Catalogue | None
    most_bytes: Mapping[MediaKind, int]


class ReadCard(NamedTuple):
    """What a card file holds: its notes, whose images name their figures, and its mistakes.

    Advice stands among the mistakes; `allowed` are the rules that comments allow, by line. `judged`
    are the digests of the figures that nothing is wrong with.
    """

    notes: tuple[Note, ...]
    problems: tuple[Problem, ...]
    allowed: tuple[tuple[int, tuple[str, ...]], ...] = ()
    judged: tuple[str, ...] = ()

    @property
    def has_mistakes(self) -> bool:
        """Whether anything is wrong that fails."""
        return any(problem.severity == "mistake" for problem in self.problems)

    @property
    def is_nameless(self) -> bool:
        """Whether it holds word pairs that get their ids when all cards are read."""
        return any(map(is_nameless, self.notes))


@dataclass(frozen=True, slots=True)
class CardWork:
    """What was made of a card file: the card, and by writing what was written of its notes.

    Both are packed; a writing that failed is there with its error.
    """

    card: bytes
    written: Mapping[str, bytes | TemplateError]


def read_card(source: CardSource, setting: Setting) -> tuple[ReadCard, tuple[Content, ...]]:
    """Read a card file.

    Args:
        source: the file.
        setting: what else it depends on.

    Returns:
        Its notes and mistakes, and what the notes say.
    """
    if source.problems:
        return ReadCard((), source.problems), ()
    file = _complete(source, setting)
    notes, contents = tuple(n for n, _ in file.notes), tuple(c for _, c in file.notes)
    allowed = tuple((line, tuple(sorted(names))) for line, names in file.allowed.lines.items())
    judged = sorted({sha256(data).hexdigest() for data in file.figures.values()})
    return ReadCard(notes, file.problems, allowed, tuple(judged)), contents


def _complete(source: CardSource, setting: Setting) -> CompletedFile:
    find = partial(figure_of, source.path, setting)
    if source.is_table:
        return complete_words(source.data, source.path, source.folder, setting.vocabulary, find)
    draft = read_card_file(source.data, source.path)
    return complete_notes(draft, source.folder, setting.vocabulary, find)


def figure_of(
    path: str, setting: Setting, src: str, judged: Container[str] = ()
) -> Figure | Problem:
    """Find the figure that an image of a card names; see `find_figure`."""
    return find_figure(src, Path(path).parent, Path(setting.root), setting.most_bytes, judged)


def work_on_card(
    source: CardSource, setting: Setting, writings: tuple[Writing[Any], ...]
) -> CardWork:
    """Read a card file, and write its notes.

    Args:
        source: the file.
        setting: what else it depends on.
        writings: the ways in which its notes are written; none is when it has mistakes, or notes
            that have no id yet.

    Returns:
        All that outputs need of it.
    """
    card, contents = read_card(source, setting)
    written: dict[str, bytes | TemplateError] = {}
    if setting.catalogue and not card.has_mistakes and not card.is_nameless:
        for writing in writings:
            try:
                made = list(_write(writing, card, contents, setting.catalogue))
            except TemplateError as error:
                written[writing.name] = error
            else:
                written[writing.name] = pack_value(made, kind_made(writing))
    return CardWork(pack_value(card, ReadCard), written)


def kind_made(writing: Writing[Any]) -> Any:
    """Return the type of what a writing makes of the notes of a file."""
    return tuple[writing.made, ...]  # type: ignore[name-defined]  # a type that is known at run time


def _write(
    writing: Writing[Any], card: ReadCard, contents: tuple[Content, ...], catalogue: Catalogue
) -> Iterator[Any]:
    for note, content in zip(card.notes, contents, strict=True):
        yield writing.write(note, content, catalogue)
