"""The shape of the JSON that a deck is exported as, from which its JSON Schema is made."""

from __future__ import annotations

from typing import Literal

from deckpress.schema.words import LateShape


class ExportedDeck(LateShape):
    """What deck.yaml says; `whole` tells the full deck from a selection, `version` the release."""

    title: str
    slug: str
    root: str
    language: str
    description: str
    version: str
    author: str
    license: str
    homepage: str
    whole: bool


class ExportedCategory(LateShape):
    """A category, and the name of its deck in Anki."""

    slug: str
    name: str
    deck: str


class ExportedFact(LateShape):
    """Why a note names a company; `match` says whether it asks the question or only its topic."""

    company: str
    kind: Literal["asked", "watched", "subject"]
    source: str
    grade: str
    date: str
    fact: str
    match: Literal["question", "topic"]


class ExportedSource(LateShape):
    """What a note leans on; `key` is its key in the bibliography."""

    title: str
    url: str
    key: str


class ExportedNote(LateShape):
    """A note.

    `html` holds the filled fields of the Anki note by name, formulas in MathJax's delimiters;
    `markdown` the note as its author wrote it under its heading; `text` its parts in plain words;
    `changed` is the time of its last change in seconds since 1970; `part` says to which part of a
    company's deck it belongs.
    """

    id: str
    guid: str
    kind: str
    note_type: str
    category: str
    category_name: str
    part: str
    question: str
    difficulty: Literal["", "easy", "medium", "hard"]
    term: str
    importance: Literal["", "low", "normal", "high"]
    tags: list[str]
    anki_tags: list[str]
    companies: list[ExportedFact]
    sources: list[ExportedSource]
    checked: str
    covers: list[str]
    replaces: list[str]
    cards: int
    changed: int
    markdown: str
    text: dict[str, str]
    html: dict[str, str]
    media: list[str]


class ExportFile(LateShape):
    """`build/<deck>.json`; `media` holds figures by name in Base64."""

    version: Literal[1]
    name: str
    deck: ExportedDeck
    categories: list[ExportedCategory]
    companies: dict[str, str]
    notes: list[ExportedNote]
    media: dict[str, str]
