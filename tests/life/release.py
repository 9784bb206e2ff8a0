"""A deck of thirty notes through twelve releases, and what each of them promises to learners."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256
from pathlib import Path
from unittest.mock import patch

from deckpress import Selection, build, load, select
from deckpress.anki.identity import stable_id
from deckpress.decks.release import Release
from deckpress.model.templates import STYLE_MARKER

FIRST = 1_760_000_000
MONTH = 30 * 24 * 3600
RELEASES = 12
COMPANY = "acme"
DECK_YAML = """\
title: Long Life
slug: long-life
description: A deck that lives long.
categories:
  - {slug: one, name: One}
  - {slug: two, name: Two}
  - {slug: words, name: Words}
"""
SVG = '<svg xmlns="http://www.w3.org/2000/svg"><rect width="{}" height="9"/></svg>'
WORDS = (
    "key,front,back\nperro,el perro,the dog{0}\ngato,el gato,the cat{0}\ncasa,la casa,the house\n"
)


@dataclass(frozen=True, slots=True)
class PromisedNote:
    """What a release says of a note: all of it that is the deck's, as Anki holds it.

    `retired` is the moment when it was taken out, 0 for a note that is in the deck.
    """

    id: str
    guid: str
    type: int
    fields: tuple[str, ...]
    tags: tuple[str, ...]
    ords: tuple[int, ...]
    deck: str
    mod: int
    retired: int
    media: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PromisedType:
    """A note type of the deck: its name, the deck's part of its style, its fields, its templates."""

    name: str
    mod: int
    css: str
    fields: tuple[str, ...]
    width: int
    templates: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A release as one kind of learner takes it: the whole deck, or a company's."""

    package: Path
    texts: Path
    notes: Mapping[str, PromisedNote]


@dataclass(frozen=True, slots=True)
class ReleaseFiles:
    """A release: when it was made, its folder of cards, its files, what it promises."""

    number: int
    time: int
    cards: Path
    whole: Part
    company: Part
    types: Mapping[int, PromisedType]
    media: Mapping[str, str]

    def part(self, company: bool) -> Part:
        """Return what a learner takes of it."""
        return self.company if company else self.whole


@dataclass(slots=True)
class History:
    """All releases, and by GUID all that was ever released: texts and tags, and the note's id.

    Of each text and tag the number of the first release that had it is kept.
    """

    releases: list[ReleaseFiles] = field(default_factory=list)
    texts: dict[str, dict[tuple[str, ...], int]] = field(default_factory=dict)
    tags: dict[str, dict[str, int]] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)
    decks: set[str] = field(default_factory=set)

    def add(self, release: ReleaseFiles) -> None:
        """Remember a release."""
        self.releases.append(release)
        for part in (release.whole, release.company):
            for note in part.notes.values():
                self.texts.setdefault(note.guid, {}).setdefault(note.fields, release.number)
                tags = self.tags.setdefault(note.guid, {})
                for tag in note.tags:
                    tags.setdefault(tag, release.number)
                self.ids[note.guid] = note.id
                parents = note.deck.split("::") if note.deck else []
                self.decks.update("::".join(parents[: n + 1]) for n in range(len(parents)))


class Author:
    """Writes the deck, release after release, and releases it with the real program."""

    def __init__(self, root: Path, out: Path) -> None:
        """Keep the cards in one folder, and copies of the releases in another."""
        self.root, self.out = root, out
        self.history = History()

    def write(self, name: str, text: str) -> None:
        """Write a file of the deck."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")

    def change(self, name: str, *changes: tuple[str, str]) -> None:
        """Change a file; what is to be changed must be there."""
        text = (self.root / name).read_text(encoding="utf-8")
        for old, new in changes:
            assert old in text, (name, old)
            text = text.replace(old, new)
        self.write(name, text)

    def remove(self, name: str) -> None:
        """Delete a file."""
        (self.root / name).unlink()

    def move(self, old: str, new: str) -> None:
        """Move or rename a file."""
        (self.root / new).parent.mkdir(parents=True, exist_ok=True)
        (self.root / old).rename(self.root / new)

    def release(self) -> ReleaseFiles:
        """Build what learners get, and write down what it promises them."""
        number = len(self.history.releases) + 1
        moment = FIRST + (number - 1) * MONTH
        out = self.out / f"{number:02}"
        formats = ("apkg", "update")
        company = Selection(companies=(COMPANY,))
        with patch.dict(os.environ, SOURCE_DATE_EPOCH=str(moment)):
            build(self.root, out, formats=formats)
            build(self.root, out, formats=formats, selection=company)
        cards = out / "cards"
        shutil.copytree(self.root, cards)
        release = load(cards, locked=True)
        part = partial(self._part, release, out)
        entries = release.reconciled.ledger.note_types
        types = {
            stable_id(release.reconciled.ledger.namespace, "note type", slug): PromisedType(
                f"Long Life: {found.name}",
                entries[slug].mod,
                found.css.partition(STYLE_MARKER)[0],
                tuple(f.name for f in found.fields),
                len(found.content_fields),
                tuple((t.name, t.front, t.back) for t in found.templates),
            )
            for slug, found in sorted(release.collection.note_types.items())
            if slug in entries
        }
        media = {n: sha256(data).hexdigest() for n, data in release.collection.media.items()}
        made = ReleaseFiles(
            number, moment, cards, part(Selection()), part(company), types, media
        )  # fmt: skip
        self.history.add(made)
        return made

    def _part(self, release: Release, out: Path, selection: Selection) -> Part:
        deck = select(release, selection)
        ledger, notes = deck.ledger, {}
        for note in [*(deck.rendered[n.id] for n in deck.notes), *deck.tombstones]:
            entry = ledger.notes[note.id]
            width = len(deck.collection.note_types[note.note_type].content_fields)
            number = stable_id(ledger.namespace, "note type", note.note_type)
            notes[note.id] = PromisedNote(
                note.id, ledger.guid(note.id), number, note.fields[:width], note.tags,
                note.ords, note.deck, entry.mod, entry.retired, note.media,
            )  # fmt: skip
        name = f"long-life-{COMPANY}" if selection else "long-life"
        return Part(out / f"{name}.apkg", out / f"{name}-update.csv", notes)


def basic(name: str, text: str = "v1", more: str = "") -> str:
    """Write a card."""
    return f"# What is {name}? {{#{name}{more}}}\n\n{name}, {text}.\n\n- detail\n"


def first(author: Author) -> None:
    """Thirty notes of all kinds, in three categories; some are a company's."""
    author.write("deck.yaml", DECK_YAML)
    for number in range(1, 11):
        head = (
            f"---\ncompanies: [{COMPANY}]\ntags: [t{number % 3}]\n---\n" if number % 3 == 0 else ""
        )
        author.write(f"one/b{number}.md", head + basic(f"b{number}"))
    author.write("two/big.md", basic("big"))
    for number in range(1, 5):
        author.write(
            f"two/c{number}.md",
            f"# Fill {number} {{#c{number}}}\n\nv1 {{{{c1::one}}}} and {{{{c2::two}}}} and three\n",
        )
        author.write(
            f"two/r{number}.md", f"# R{number} {{#r{number} .reversed}}\n\nmeaning {number} v1\n"
        )
    author.write(
        "two/code.md",
        "# Write it {#code .coding}\n\nGiven a list.\n\n---\n\nv1\n\n```python\nx = 1\n```\n",
    )
    author.write(
        "two/design.md", "# Design it {#design .design}\n\nBriefly v1.\n\n## Step\n\nfirst\n"
    )
    author.write("one/box.svg", SVG.format(10))
    author.write("one/fig.md", "# See? {#fig}\n\nv1\n\n![A box](box.svg)\n")
    author.write("two/unnamed.md", "# Named by its file?\n\nv1 of it\n")
    author.write("two/several.md", basic("s1") + "\n" + basic("s2"))
    author.write("words/words.csv", WORDS.format(""))  # fmt: skip


def second(author: Author) -> None:
    """New texts of every kind of note, and a new note."""
    for number in (1, 2, 3):
        author.change(f"one/b{number}.md", ("v1", "v2"))
    author.change("two/c1.md", ("v1", "v2"))
    author.change("two/r1.md", ("v1", "v2"))
    author.change("two/code.md", ("v1", "v2"), ("x = 1", "x = 2"))
    author.change("two/design.md", ("v1", "v2"), ("first", "second"))
    author.change("one/b4.md", ("What is b4?", "Whatever is b4?"))
    author.write("one/n2.md", basic("n2"))


def third(author: Author) -> None:
    """Notes move to other files and another category; a file is renamed and keeps its id."""
    author.move("one/b5.md", "two/b5.md")
    author.move("one/b6.md", "one/renamed.md")
    author.change("two/unnamed.md", ("file?", "file? {#unnamed}"))
    author.move("two/unnamed.md", "one/has-a-name.md")
    author.change("one/b1.md", ("v2", "v3"))
    author.write("two/several.md", basic("s1"))
    author.write("one/s2.md", basic("s2", "v3"))


def fourth(author: Author) -> None:
    """Notes are taken out, one is split in two, one gets a new id."""
    author.remove("one/b7.md")
    author.remove("two/c4.md")
    author.remove("two/r4.md")
    author.remove("one/b9.md")  # a company's
    author.remove("two/big.md")
    author.write("two/half.md", basic("half1", more=" replaces=big") + "\n" + basic("half2"))
    author.remove("one/b8.md")
    author.write("one/b8-new.md", basic("b8-new", more=" replaces=b8"))


def fifth(author: Author) -> None:
    """Holes go and come, a reversed note becomes basic, a basic one reversed."""
    author.change("two/c1.md", ("{{c2::two}}", "two"), ("v2", "v5"))
    author.change("two/c2.md", ("three", "{{c3::three}}"))
    author.change("two/r1.md", (" .reversed", ""))
    author.change("one/b10.md", ("{#b10}", "{#b10 .reversed}"))


def sixth(author: Author) -> None:
    """A new look; nothing else, so no note may be touched."""
    author.write("templates/notes/basic/style.css", ".note { margin: 6px; }\n")


def seventh(author: Author) -> None:
    """New and changed figures."""
    author.write("one/box.svg", SVG.format(17))
    author.write("one/disc.svg", SVG.format(70))
    author.change("one/b2.md", ("v2", "v7"), ("- detail", "![A disc](disc.svg)"))
    author.change("words/words.csv", ("the dog", "the hound"))


def eighth(author: Author) -> None:
    """A category between two others, with a note that moved there and a new one."""
    entry = "  - {slug: two, name: Two}\n"
    author.change(
        "deck.yaml", (entry, entry.replace("two", "mid").replace("Two", "Mid, number: 01b") + entry)
    )
    author.move("two/r2.md", "mid/r2.md")
    author.write("mid/n8.md", basic("n8"))
    author.write("mid/n8c.md", "# New hole {#n8c}\n\nv8 {{c1::hole}}\n")  # fmt: skip


def ninth(author: Author) -> None:
    """What was taken out comes back; what went from holes and sides comes back, too."""
    author.write("one/b7.md", basic("b7", "v9"))
    author.write("two/c4.md", "# Fill 4 {#c4}\n\nv9 {{c1::one}} and {{c2::two}} and three\n")
    author.change("two/c1.md", (" two ", " {{c2::two}} "), ("v5", "v9"))
    author.change("two/r1.md", ("{#r1}", "{#r1 .reversed}"), ("v2", "v9"))
    author.change("one/b10.md", (" .reversed", ""))


def tenth(author: Author) -> None:
    """Tags and companies change, and nothing else of these notes."""
    author.change("one/b3.md", ("tags: [t0]", "tags: [t0, fresh]"))
    author.change(
        "one/renamed.md", ("tags: [t0]", "tags: [other]"), (f"companies: [{COMPANY}]\n", "")
    )
    author.change(
        "one/n2.md", ("# What", f"---\ncompanies: [{COMPANY}]\ndifficulty: hard\n---\n# What")
    )


def eleventh(author: Author) -> None:
    """Edits of everything: each note that is left says something new."""
    for path in sorted(author.root.rglob("*.md")):
        text = path.read_text(encoding="utf-8")
        for version in ("v1", "v2", "v3", "v5", "v7", "v8", "v9"):
            text = text.replace(version, "v11")
        author.write(path.relative_to(author.root).as_posix(), text)
    author.change("words/words.csv", ("the cat", "a cat"))
    author.remove("one/b4.md")


def twelfth(author: Author) -> None:
    """A newer look, the last texts, and more that goes."""
    author.write("templates/notes/basic/style.css", ".note { margin: 12px; }\n")
    author.write("templates/notes/cloze/style.css", ".note { margin: 12px; }\n")
    author.change("one/b1.md", ("v11", "v12"))
    author.change("one/b7.md", ("v11", "v12"))
    author.remove("one/n2.md")
    author.write("one/last.md", basic("last"))


EDITIONS: tuple[Callable[[Author], None], ...] = (
    first, second, third, fourth, fifth, sixth, seventh, eighth, ninth, tenth, eleventh, twelfth,
)  # fmt: skip


def make_releases(
    folder: Path,
    *,
    last: int = RELEASES,
    after: Callable[[ReleaseFiles], None] = lambda release: None,
) -> History:
    """Write the deck twelve times, and release it each time.

    Args:
        folder: where everything goes.
        last: the number of the last release.
        after: called with each release; a test spoils files there.

    Returns:
        What was released.
    """
    author = Author(folder / "sources", folder / "releases")
    for edit in EDITIONS[:last]:
        edit(author)
        after(author.release())
    return author.history
