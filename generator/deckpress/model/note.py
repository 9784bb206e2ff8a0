"""The nouns: what a deck is made of, as frozen values without behaviour of their own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

from deckpress.text.problem import Location
from deckpress.tree.node import Node


class Citation(NamedTuple):
    """A source of a note: a title, and, if known, an address and a key in the bibliography."""

    title: str
    url: str = ""
    key: str = ""


class Evidence(NamedTuple):
    """Why a note names a company: asked there, watched (an employee answers), or its subject.

    `fact` is the key of the fact that says so; `match` is "question" when the note asks what was
    reported, "topic" when it asks something else on the same topic.
    """

    company: str
    kind: str = "asked"
    source: str = ""
    grade: str = ""
    date: str = ""
    fact: str = ""
    match: str = "question"


class Note(NamedTuple):
    """A note as its author wrote it, read and checked, without its content.

    `question` is the question in plain words on one line; `front_key` stands for all that the front
    shows, so that two notes that ask the same have the same; `answer_words` counts the words of the
    short answer, a formula as one. `images` gives for each `src` of an image, a sound or a
    video the name of its media file. `id_from_file` says that the id is only the name of the note's
    file; `language` is empty where it is the deck's. `tags_line` is the line from which on its tags
    stand; 0 in a table of word pairs.
    """

    id: str
    kind: str
    category: str
    question: str
    front_key: str
    where: Location
    answer_words: int = 0
    difficulty: str = ""
    term: str = ""
    importance: str = ""
    tags: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    citations: tuple[Citation, ...] = ()
    checked: str = ""
    covers: tuple[str, ...] = ()
    replaces: tuple[str, ...] = ()
    images: Mapping[str, str] = MappingProxyType({})
    id_from_file: bool = False
    language: str = ""
    tags_line: int = 0


@dataclass(frozen=True, slots=True)
class Content:
    """What a note says, as document trees.

    `front` is what else the front shows beside the question; `answer` the short answer, of a cloze
    note its text. `title` and `markdown` are the question and the rest as the author wrote them.
    """

    question: tuple[Node, ...]
    front: tuple[Node, ...]
    answer: tuple[Node, ...]
    details: tuple[Node, ...]
    sections: Mapping[str, tuple[Node, ...]]
    title: str = ""
    markdown: str = ""

    @property
    def parts(self) -> tuple[tuple[Node, ...], ...]:
        """All of it in reading order, the question first."""
        return (self.question, self.front, self.answer, self.details, *self.sections.values())
