"""A folder of cards to a collection without mistakes, or to the list of all of them."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from deckpress.model.collection import Catalogue, Category, Collection
from deckpress.model.company import CatalogueSource, Company
from deckpress.model.note import Content, Note
from deckpress.reading.bibliography import read_bibliography
from deckpress.reading.card_file import read_card_file
from deckpress.reading.company_evidence import Vocabulary
from deckpress.reading.company_files import (
    check_companies,
    check_sources,
    read_companies,
    read_sources,
)
from deckpress.reading.coverage import check_coverage
from deckpress.reading.deck_file import check_core, read_coverage, read_deck_file
from deckpress.reading.drawn_figures import check_figures
from deckpress.reading.duplicates import find_duplicates
from deckpress.reading.figures import find_figure
from deckpress.reading.note import CompletedFile, complete_notes
from deckpress.reading.note_writer import NoteWriter
from deckpress.reading.template_files import templates_folder
from deckpress.reading.templates import read_templates
from deckpress.schema.deck_files import CompaniesFile, SourcesFile
from deckpress.schema.from_file import ShapedFile, read_shape
from deckpress.text.files import read_file, walk_files
from deckpress.text.problem import Location, Problem, SourceError
from deckpress.text.yaml import YamlText

LEDGER_NAME = "deck.lock"
TEMPLATES_NAME = "templates"
"""The folder in a folder of cards that holds the deck's own templates, and no cards."""


def read_folder(root: Path, report: Callable[[int, int], None]) -> Collection:
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
    templates = read_templates(templates_folder(), root / TEMPLATES_NAME)
    if templates.problems:
        # Every card would be at fault for want of its kind.
        raise SourceError(templates.problems)
    info, problems = read_deck_file(root)
    known = _read_company_files(root)
    problems += known.problems
    coverage, faults = read_coverage(root)
    problems += faults
    bibliography = read_bibliography(root)
    problems += bibliography.problems
    # Without deck.yaml no category is known, which is said once.
    categories = {entry.slug: entry for entry in info.categories} if info else None
    vocabulary = Vocabulary(
        categories, templates.kinds, known.companies, known.sources, bibliography.references
    )
    paths, faults = find_card_files(root)
    problems += faults
    if not paths and not faults:
        where = Location(root.as_posix())
        problems.append(Problem(where, "there are no cards here", "cards end in .md"))
    notes: list[Note] = []
    contents: dict[str, Content] = {}
    media: dict[str, bytes] = {}
    for done, path in enumerate(paths, 1):
        file = _read_file(path, root, vocabulary)
        notes += (note for note, _ in file.notes)
        contents |= {note.id: content for note, content in file.notes}
        media |= file.figures
        problems += file.problems
        report(done, len(paths))
    problems += find_duplicates(notes)
    problems += check_coverage(coverage, notes)
    problems += _check_company_files(known, categories or {}, notes)
    problems += check_core(info, notes, root) if info else ()
    problems += check_figures(root)
    if problems or info is None:
        raise SourceError(problems)
    catalogue = Catalogue(
        info, known.companies, known.sources, templates.kinds, templates.note_types
    )
    rank = {category.slug: index for index, category in enumerate(info.categories)}
    return Collection(
        info=info,
        companies=known.companies,
        sources=known.sources,
        kinds=templates.kinds,
        note_types=templates.note_types,
        notes=tuple(sorted(notes, key=lambda note: rank[note.category])),
        media=media,
        theme=templates.theme,
        write=NoteWriter(contents, catalogue),
        coverage=coverage,
        files=len(paths),
    )


def find_card_files(root: Path) -> tuple[list[Path], list[Problem]]:
    """Find the card files of a folder.

    Args:
        root: the deck's folder.

    Returns:
        Their paths in reading order, and what only looks like one.
    """
    paths: list[Path] = []
    problems: list[Problem] = []
    for path in walk_files(root, problems):
        ending = path.suffix.lower()
        if path.stem.upper() == "README" or ending not in (".md", ".markdown"):
            continue
        if path.relative_to(root).parts[0] == TEMPLATES_NAME:
            continue
        if path.suffix == ".md":
            paths.append(path)
        else:
            hint = f"rename the file to {path.stem}.md"
            message = f"the ending {path.suffix} is not read"
            problems.append(Problem(Location(path.as_posix()), message, hint))
    return sorted(paths, key=lambda path: path.relative_to(root).parts), problems


def _read_file(path: Path, root: Path, vocabulary: Vocabulary) -> CompletedFile:
    data, lacks = read_file(path)
    if lacks:
        return CompletedFile((), {}, lacks)
    folder = path.relative_to(root).parts[0] if path.parent != root else ""
    find = partial(find_figure, folder=path.parent, root=root)
    return complete_notes(read_card_file(data, path.as_posix()), folder, vocabulary, find)


@dataclass(frozen=True, slots=True)
class _Known:
    """What the files beside the cards say of companies, and where they say it."""

    file: ShapedFile[CompaniesFile] | None
    companies: Mapping[str, Company]
    sources: Mapping[str, CatalogueSource]
    source_places: Mapping[str, Location]
    problems: list[Problem] = field(default_factory=list)


def _read_company_files(root: Path) -> _Known:
    problems: list[Problem] = []
    companies: dict[str, Company] = {}
    sources: dict[str, CatalogueSource] = {}
    places: dict[str, Location] = {}
    file: ShapedFile[CompaniesFile] | None = None
    if os.path.lexists(root / "companies.yaml"):
        file = read_shape(CompaniesFile, root / "companies.yaml")
        problems += file.problems
        if file.value:
            companies, faults = read_companies(file.value, file.yaml)
            problems += faults
    if os.path.lexists(root / "sources.yaml"):
        found = read_shape(SourcesFile, root / "sources.yaml")
        problems += found.problems
        if found.value:
            sources = read_sources(found.value)
            places = {key: found.yaml.place(("sources", key)) for key in sources}
    return _Known(file, companies, sources, places, problems)


def _check_company_files(
    known: _Known, categories: Mapping[str, Category], notes: list[Note]
) -> list[Problem]:
    shape = known.file.value if known.file else None
    places = known.file.yaml if known.file else YamlText()
    return [
        *check_companies(shape, places, known.sources, categories, notes),
        *check_sources(known.source_places, known.companies.values(), notes),
    ]
