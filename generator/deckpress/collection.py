"""A folder of cards to a collection without mistakes, or to the list of all of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TypeVar

from deckpress.card_file import UNKNOWN_CATEGORY, read_card_file
from deckpress.company_file import (
    check_companies,
    check_sources,
    read_companies,
    read_sources,
)
from deckpress.coverage import check_coverage
from deckpress.document import plain_text
from deckpress.evidence import Vocabulary
from deckpress.figures import check_figures
from deckpress.look import Look, templates_folder
from deckpress.media import MediaFault, MediaFile, find_media
from deckpress.model import (
    Category,
    Collection,
    Company,
    CoverageItem,
    DeckInfo,
    Note,
)
from deckpress.problem import Location, Problem, SourceError, suggest
from deckpress.schema import CompaniesFile, CoverageFile, DeckFile, Shape, SourcesFile, validate
from deckpress.source_text import decode_source
from deckpress.yaml_text import YamlText, read_yaml

S = TypeVar("S", bound=Shape)
LEDGER_NAME = "deck.lock"
TEMPLATES_NAME = "templates"
"""The folder in a folder of cards that holds the deck's own templates, and no cards."""


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
            core=tuple(shape.core),
        )

    def read_optional(self, shape: type[S], name: str) -> tuple[S | None, YamlText]:
        if not (self.root / name).is_file():
            return None, YamlText()
        return self.read(shape, name)

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
            and path.relative_to(self.root).parts[0] != TEMPLATES_NAME
            and not any(part.startswith(("_", ".")) for part in path.relative_to(self.root).parts)
        ]
        return sorted(paths, key=lambda path: path.relative_to(self.root).parts)

    def read_cards(self, words: Vocabulary, report: Callable[[int, int], None]) -> list[Note]:
        paths, notes = self.card_files(), list[Note]()
        for done, path in enumerate(paths, 1):
            folder = path.relative_to(self.root).parts[0] if path.parent != self.root else ""
            find = partial(self.find_image, path.parent)
            found, problems = read_card_file(
                path.read_bytes(), self.name(path), folder, words, find
            )
            self.problems += problems
            notes += found
            report(done, len(paths))
        if not paths:
            where = Location(self.name(self.root))
            self.problems.append(Problem(where, "there are no cards here", "cards end in .md"))
        return notes

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
            folders whose names begin with `_` or `.` are passed over, and so are README.md and
            the folder `templates`, whose files replace those of the program.
        report: called after each file with the number of files read and of all.

    Returns:
        The collection, its notes in reading order: by category, file name, place in the file.

    Raises:
        SourceError: something is wrong; it lists everything that is.
    """
    loader = _Loader(root)
    look = Look(templates_folder(), root / TEMPLATES_NAME)
    if look.problems:
        # Every card would be at fault for want of its kind.
        raise SourceError(look.problems)
    info = loader.read_info()
    companies_file, company_places = loader.read_optional(CompaniesFile, "companies.yaml")
    sources_file, source_places = loader.read_optional(SourcesFile, "sources.yaml")
    sources = read_sources(sources_file) if sources_file else {}
    companies: dict[str, Company] = {}
    if companies_file:
        companies, problems = read_companies(companies_file, company_places)
        loader.problems += problems
    coverage = loader.read_coverage()
    categories = {entry.slug: entry for entry in info.categories} if info else {}
    vocabulary = Vocabulary(categories, look.kinds, companies, sources)
    notes = loader.read_cards(vocabulary, report)
    if info is None:
        # Without deck.yaml no category is known, which is said once.
        loader.problems = [p for p in loader.problems if not p.message.startswith(UNKNOWN_CATEGORY)]
    loader.problems += _check_across(notes)
    loader.problems += check_coverage(coverage, notes)
    loader.problems += check_companies(companies_file, company_places, sources, categories, notes)
    places = {key: source_places.place(("sources", key)) for key in sources}
    loader.problems += check_sources(places, companies.values(), notes)
    loader.problems += _check_core(info, notes, loader)
    loader.problems += check_figures(root)
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
        files=len(loader.card_files()),
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


def _check_core(info: DeckInfo | None, notes: Sequence[Note], loader: _Loader) -> list[Problem]:
    ids = {note.id for note in notes}
    where = Location(loader.name(loader.root / "deck.yaml"))
    return [
        Problem(where, f"core: there is no note '{name}'", suggest(name, ids))
        for name in (info.core if info else ())
        if name not in ids
    ]
