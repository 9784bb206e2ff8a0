"""A folder of cards to a collection without mistakes, or to the list of all of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TypeVar

from deckpress.card_file import Vocabulary, read_card_file
from deckpress.coverage import check_coverage
from deckpress.document import plain_text
from deckpress.look import Look, templates_folder
from deckpress.media import MediaFault, MediaFile, find_media
from deckpress.model import (
    CatalogueSource,
    Category,
    Collection,
    Company,
    CoverageItem,
    DeckInfo,
    Note,
)
from deckpress.problem import Location, Problem, SourceError
from deckpress.schema import CompaniesFile, CoverageFile, DeckFile, Shape, SourcesFile, validate
from deckpress.source_text import decode_source
from deckpress.yaml_text import YamlText, read_yaml

S = TypeVar("S", bound=Shape)
LEDGER_NAME = "deck.lock"


class _Loader:
    def __init__(self, root: Path) -> None:
        self.root = root
        self.problems: list[Problem] = []
        self.media: dict[str, bytes] = {}

    def name(self, path: Path) -> str:
        """Return a path as the author would type it."""
        return path.as_posix()

    def read(self, shape: type[S], name: str) -> tuple[S | None, YamlText]:
        path = self.root / name
        text, problems = decode_source(path.read_bytes(), self.name(path))
        read = read_yaml(text, self.name(path))
        found, faults = validate(shape, read)
        self.problems += [*problems, *faults]
        return found, read

    def read_info(self) -> DeckInfo | None:
        if not (self.root / "deck.yaml").is_file():
            where = Location(self.name(self.root / "deck.yaml"))
            hint = "it gives the deck's title, slug and categories"
            self.problems.append(Problem(where, "there is no deck.yaml", hint))
            return None
        shape, read = self.read(DeckFile, "deck.yaml")
        if shape is None:
            return None
        for what in ("slug", "name"):
            seen: set[str] = set()
            for index, entry in enumerate(shape.categories):
                word = getattr(entry, what)
                # Anki matches deck names without regard to case.
                if word.lower() in seen:
                    where = read.place(("categories", index, what))
                    self.problems.append(Problem(where, f"two categories have the {what} '{word}'"))
                seen.add(word.lower())
        return DeckInfo(
            title=shape.title,
            slug=shape.slug,
            root=shape.root or shape.title,
            categories=tuple(Category(entry.slug, entry.name) for entry in shape.categories),
            language=shape.language,
            description=shape.description,
            author=shape.author,
            license=shape.license,
            homepage=shape.homepage,
        )

    def read_companies(self) -> dict[str, Company]:
        if not (self.root / "companies.yaml").is_file():
            return {}
        shape, read = self.read(CompaniesFile, "companies.yaml")
        found: dict[str, Company] = {}
        words: set[str] = set()
        for index, entry in enumerate(shape.companies if shape else ()):
            for word in (entry.slug, *entry.aliases):
                if word in words:
                    where = read.place(("companies", index))
                    self.problems.append(Problem(where, f"the company '{word}' is given twice"))
                words.add(word)
            found[entry.slug] = Company(entry.slug, entry.name, tuple(entry.aliases))
        return found

    def read_sources(self) -> dict[str, CatalogueSource]:
        if not (self.root / "sources.yaml").is_file():
            return {}
        shape, _ = self.read(SourcesFile, "sources.yaml")
        entries = shape.sources.items() if shape else ()
        return {key: CatalogueSource(key, **entry.model_dump()) for key, entry in entries}

    def read_coverage(self) -> dict[str, CoverageItem]:
        found: dict[str, CoverageItem] = {}
        for path in sorted(self.root.glob("coverage/*.yaml")):
            shape, read = self.read(CoverageFile, path.relative_to(self.root).as_posix())
            for index, entry in enumerate(shape.items if shape else ()):
                where = read.place(("items", index))
                if entry.id in found:
                    self.problems.append(Problem(where, f"the item '{entry.id}' is given twice"))
                points = tuple(entry.points)
                found[entry.id] = CoverageItem(
                    entry.id, entry.type, entry.topic, points, entry.left_out, where
                )
        return found

    def card_files(self) -> list[Path]:
        paths = [
            path
            for path in self.root.rglob("*.md")
            if path.name.upper() != "README.MD"
            and not any(part.startswith(("_", ".")) for part in path.relative_to(self.root).parts)
        ]
        return sorted(paths, key=lambda path: path.relative_to(self.root).parts)

    def find_image(self, folder: Path, src: str) -> MediaFile | MediaFault:
        """Find a figure, and remember its bytes."""
        found = find_media(src, folder, self.root)
        if isinstance(found, MediaFile):
            self.media[found.name] = found.data
        return found


def load(root: Path, report: Callable[[int, int], None] = lambda done, all_: None) -> Collection:
    """Read a folder of cards.

    Args:
        root: the folder; it holds `deck.yaml`, and cards in Markdown at any depth. Files and
            folders whose names begin with `_` or `.` are passed over, and so is README.md.
        report: called after each file with the number of files read and of all.

    Returns:
        The collection, its notes in reading order: by category, file name, place in the file.

    Raises:
        SourceError: something is wrong; it lists everything that is.
    """
    loader = _Loader(root)
    look = Look(templates_folder())
    if look.problems:
        # Every card would be at fault for want of its kind.
        raise SourceError(look.problems)
    info = loader.read_info()
    companies, sources = loader.read_companies(), loader.read_sources()
    coverage = loader.read_coverage()
    categories = {entry.slug: entry for entry in info.categories} if info else {}
    vocabulary = Vocabulary(categories, look.kinds, companies, sources)
    paths, notes = loader.card_files(), list[Note]()
    for done, path in enumerate(paths, 1):
        folder = path.relative_to(root).parts[0] if path.parent != root else ""
        find = partial(loader.find_image, path.parent)
        name = loader.name(path)
        found, problems = read_card_file(path.read_bytes(), name, folder, vocabulary, find)
        if info is None:
            problems = [p for p in problems if not p.message.startswith("unknown category")]
        loader.problems += problems
        notes += found
        report(done, len(paths))
    if not paths:
        where = Location(loader.name(root))
        loader.problems.append(Problem(where, "there are no cards here", "cards end in .md"))
    loader.problems += _check_across(notes)
    loader.problems += check_coverage(coverage, notes)
    if loader.problems or info is None:
        raise SourceError(loader.problems)
    rank = {category.slug: index for index, category in enumerate(info.categories)}
    notes.sort(key=lambda note: rank[note.category])
    return Collection(
        info=info,
        companies=companies,
        sources=sources,
        kinds=look.kinds,
        note_types=look.note_types,
        notes=tuple(notes),
        media=loader.media,
        theme=look.theme,
        coverage=coverage,
        files=len(paths),
    )


def _check_across(notes: Sequence[Note]) -> list[Problem]:
    problems: list[Problem] = []
    ids: dict[str, Note] = {}
    questions: dict[str, Note] = {}
    for note in notes:
        first = ids.setdefault(note.id, note)
        if first is not note and note.id:
            hint = "ids are for ever and for one note; choose another"
            message = f"the id '{note.id}' is taken by {first.where}"
            problems.append(Problem(note.where, message, hint))
        question = re.sub(r"\W+", " ", plain_text(note.question)).strip().lower()
        twin = questions.setdefault(question, note)
        if twin is not note and question:
            hint = "no one could tell the two apart; name what differs"
            problems.append(Problem(note.where, f"the same question as {twin.where}", hint))
    return problems
