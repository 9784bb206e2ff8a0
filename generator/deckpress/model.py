"""The nouns: what a deck is made of, as frozen values without behaviour of their own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from deckpress.document import Node
from deckpress.problem import Location

DIFFICULTIES = ("easy", "medium", "hard")
EVIDENCE_KINDS = ("asked", "watched", "subject")


@dataclass(frozen=True, slots=True)
class Citation:
    """What a note leans on: a title and, where there is one, its address."""

    title: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class CatalogueSource:
    """An entry of `sources.yaml`: where facts about companies come from.

    `grade` is A (first-hand), B (question bank or guide) or C (a list without sources).
    """

    key: str
    title: str
    site: str = ""
    path: str = ""
    grade: str = ""
    date: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why a note names a company: asked there, watched (an employee answers), or its subject."""

    company: str
    kind: str = "asked"
    source: str = ""
    grade: str = ""
    date: str = ""


@dataclass(frozen=True, slots=True)
class CompanyFact:
    """A question that a company asked or is the subject of; cards lean on it by its key."""

    key: str
    kind: str
    source: str
    says: str
    role: str = ""


@dataclass(frozen=True, slots=True)
class Emphasis:
    """What a company's interviews stress: the tags and categories of notes to study for it."""

    tags: tuple[str, ...]
    categories: tuple[str, ...]
    source: str
    says: str


@dataclass(frozen=True, slots=True)
class Rounds:
    """The rounds of a company's interviews, as one source reports them."""

    source: str
    says: str
    role: str = ""


@dataclass(frozen=True, slots=True)
class Company:
    """A company that notes may name; aliases lead to the same slug."""

    slug: str
    name: str
    aliases: tuple[str, ...] = ()
    facts: Mapping[str, CompanyFact] = field(default_factory=dict)
    emphasis: tuple[Emphasis, ...] = ()
    rounds: tuple[Rounds, ...] = ()


@dataclass(frozen=True, slots=True)
class CoverageItem:
    """An item of a list of questions that the deck is held against.

    `points` are what an answer must hold; `left_out` says why no note is needed, or is empty.
    """

    id: str
    type: str
    topic: str
    points: tuple[str, ...]
    left_out: str
    where: Location


@dataclass(frozen=True, slots=True)
class Category:
    """A part of the deck: its slug, and the name of its subdeck."""

    slug: str
    name: str


@dataclass(frozen=True, slots=True)
class DeckInfo:
    """What `deck.yaml` says of the deck as a whole; categories are in reading order.

    `core` are the ids of the notes that fill up the deck of a company with few of its own.
    """

    title: str
    slug: str
    root: str
    categories: tuple[Category, ...]
    language: str = "en"
    description: str = ""
    author: str = ""
    license: str = ""
    homepage: str = ""
    core: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of every output by name, as #rrggbb: (light, dark).

    `inks` are drawn on `papers`; `lines` are neither, so nothing is read off them.
    """

    papers: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    inks: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    lines: Mapping[str, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Theme:
    """What every printed or interactive output is made with.

    `files` holds by path (such as `sheet/sheet.css`) what lies in the templates' folders `sheet`
    and `fonts`, and `code.css`; what the deck replaced, under `shipped/`. `sizes` are lengths and
    `fonts` families by name; `own` gives the paths of the deck's own templates in the sources.
    """

    palette: Palette
    files: Mapping[str, bytes] = field(default_factory=dict)
    sizes: Mapping[str, str] = field(default_factory=dict)
    fonts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    own: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Field:
    """A field of an Anki note type.

    `key` is its identity for ever, `name` what Anki shows, `value` the template that fills it.
    """

    key: str
    name: str
    value: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True)
class CardTemplate:
    """A card of a note type: front and back in Anki's own template language.

    `when` names the key of the field that must be filled for the card to exist; empty: always.
    """

    key: str
    name: str
    front: str
    back: str
    browser_front: str = ""
    browser_back: str = ""
    when: str = ""


@dataclass(frozen=True, slots=True)
class NoteType:
    """An Anki note type; fields and templates are frozen once released."""

    slug: str
    name: str
    cloze: bool
    fields: tuple[Field, ...]
    templates: tuple[CardTemplate, ...]
    css: str


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of note: which note type holds it and how its answer is laid out.

    `sections` are the H2 headings that become fields; `steps` folds every other H2; `cloze` shows
    the body on the front with its holes; `flags` are values that templates ask for.
    """

    name: str
    note_type: str
    sections: tuple[str, ...] = ()
    steps: bool = False
    cloze: bool = False
    flags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Note:
    """A note as its author wrote it, read and checked.

    `question`, `front` (what else the front shows), `answer` (the short answer; of a cloze note its
    text), `details` and each of `sections` are document trees. `images` gives for each image's
    `src` the name of its media file.
    """

    id: str
    kind: str
    category: str
    question: tuple[Node, ...]
    front: tuple[Node, ...]
    answer: tuple[Node, ...]
    details: tuple[Node, ...]
    sections: Mapping[str, tuple[Node, ...]]
    where: Location
    difficulty: str = ""
    tags: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    citations: tuple[Citation, ...] = ()
    checked: str = ""
    covers: tuple[str, ...] = ()
    replaces: tuple[str, ...] = ()
    images: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Collection:
    """Everything a folder of cards holds, in reading order; it exists only without mistakes."""

    info: DeckInfo
    companies: Mapping[str, Company]
    sources: Mapping[str, CatalogueSource]
    kinds: Mapping[str, Kind]
    note_types: Mapping[str, NoteType]
    notes: tuple[Note, ...]
    media: Mapping[str, bytes]
    theme: Theme
    coverage: Mapping[str, CoverageItem] = field(default_factory=dict)
    files: int = 0
