"""A folder of cards to a collection without mistakes, or to the list of all of them."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Collection as Container
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from posixpath import splitext
from types import MappingProxyType
from typing import Protocol, TypeVar

from deckpress.markdown.allowances import Allowances
from deckpress.model.collection import (
    Catalogue,
    Collection,
    CoverageItem,
    DeckInfo,
    K,
    Making,
    Recall,
    WriteNotes,
    Writing,
    make_anew,
)
from deckpress.model.company import CatalogueSource, Company
from deckpress.model.note import Note
from deckpress.model.templates import Theme
from deckpress.model.words import SECTIONS, section_name
from deckpress.reading.bibliography import read_bibliography
from deckpress.reading.card_work import TABLES, Setting
from deckpress.reading.citations import find_unused_works
from deckpress.reading.company_evidence import Vocabulary
from deckpress.reading.company_files import (
    check_companies,
    check_sources,
    name_companies,
    name_sources,
    read_companies,
    read_sources,
)
from deckpress.reading.coverage import check_coverage
from deckpress.reading.deck_file import check_core, read_coverage, read_deck_file
from deckpress.reading.drawn_figures import check_figures
from deckpress.reading.duplicates import find_duplicates, find_tag_twins, find_unknown_retired
from deckpress.reading.figures import MOST_BYTES
from deckpress.reading.fonts import add_fonts
from deckpress.reading.template_files import TemplateFiles, overlay, templates_folder
from deckpress.reading.templates import Templates, read_templates
from deckpress.reading.unfilled import begin_bodies
from deckpress.reading.words import ENGLISH, read_words
from deckpress.schema.deck_files import CompaniesFile, SourcesFile
from deckpress.schema.file_names import COMPANIES_FILE, DECK_FILE, DRAWN_NAME, TEMPLATES_NAME
from deckpress.schema.from_file import ShapedFile, read_shape
from deckpress.text.files import find_links, path_before, walk_files
from deckpress.text.names import unportable
from deckpress.text.problem import Location, Problem, SourceError
from deckpress.text.yaml import YamlText

T = TypeVar("T")
REPORT_NAME = "import-report.csv"
"""What an import could not carry; it lies beside the cards and is none of them."""

_FOR_ANKI = b"#separator:"
"""How the head of a table begins that Anki is to import."""


class CardFiles(Protocol):
    """Card files, read; called, they write their notes.

    `notes` are in reading order, `figures` by the names of media files; `allowed` says by the name
    of each file what its comments allow.
    """

    notes: list[Note]
    figures: dict[str, bytes]
    problems: list[Problem]
    allowed: dict[str, Allowances]

    def __call__(self, writing: Writing[T], notes: Iterable[Note]) -> dict[str, T]:
        """Return what a writing makes of each of the notes, by id, in their order."""

    def recall(self, making: Making[K, T], parts: Iterable[K]) -> dict[K, T]:
        """Return what is made of each of the parts of notes."""


ReadCards = Callable[
    [Sequence[str], Path, Setting, Mapping[str, str], Callable[[int, int], None]], CardFiles
]
"""Reads card files of a deck, by their paths with slashes, under a setting; names pairs by the
questions of established notes; reports how many are read, and of how many."""


def read_folder(
    root: Path,
    read_cards: ReadCards,
    report: Callable[[int, int], None],
    established: Mapping[str, str] = MappingProxyType({}),
    *,
    released: Container[str] | None = None,
    strict: bool = False,
) -> Collection:
    """Read a folder of cards.

    Args:
        root: the folder; it holds `deck.yaml`, and cards in Markdown at any depth, and word pairs
            in `words.csv` or `words.tsv`, whatever stands before it behind a dot. Files and
            folders whose names begin with `_` or `.` are passed over, and so are README.md and
            the folder `templates`, whose files replace those of the program.
        read_cards: reads the files of cards.
        report: called now and then with the number of files read and of all.
        established: the questions of notes that were released, by id: of two notes that clash, the
            other is at fault.
        released: the ids of all notes that ever were released, by which what notes replace is
            judged; None if nobody knows.
        strict: whether advice is as grave as a mistake.

    Returns:
        The collection, its notes in reading order: by category, file name, place in the file.

    Raises:
        SourceError: something is wrong; it lists everything that is.
    """
    around = read_surroundings(root)
    if around.setting is None:
        # Every card would be at fault for want of its kind.
        raise SourceError(around.problems)
    cards = read_cards(around.paths, root, around.setting, established, report)
    notes = cards.notes
    problems = [*around.problems, *cards.problems, *check_together(around, notes, established)]
    info = around.info
    problems = leave_out_consequences(problems, around, cards.problems)
    wanted = drop_allowed(problems, cards.allowed, info.allow if info else ())
    advice = tuple(problem for problem in wanted if problem.severity == "advice")
    if len(advice) < len(wanted) or info is None or (strict and advice):
        # The ledger is asked when nothing else is wrong; but this much it says in any case.
        wanted += find_unknown_retired(notes, released) if released is not None else ()
        raise SourceError(wanted, strict=strict)
    return collect(around, notes, cards.figures, cards, advice, cards.recall)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """All that a folder holds beside its cards, and the paths of these in reading order.

    `info` is None without a `deck.yaml` that can be read, `setting`, under which cards are read,
    when templates cannot be. `problems` are those of the files that it was read from.
    """

    root: Path
    templates: Templates
    theme: Theme
    info: DeckInfo | None
    companies: Mapping[str, Company]
    sources: Mapping[str, CatalogueSource]
    coverage: Mapping[str, CoverageItem]
    setting: Setting | None
    paths: tuple[str, ...]
    problems: tuple[Problem, ...]
    _known: _Known
    _works: Mapping[str, Location]

    @property
    def places(self) -> dict[str, Mapping[str, Location]]:
        """Where what notes name is described, by slug, key or id: of "works", "sources", and so on.

        Besides: "companies", "categories" and "items" of lists of questions.
        """
        file = self._known.file
        listed = file.value.companies if file and file.value else ()
        where = Location((self.root / DECK_FILE).as_posix())
        return {
            "works": self._works,
            "sources": self._known.source_places,
            "companies": {
                name: file.yaml.place(("companies", at))
                for at, company in enumerate(listed)
                for name in (company.slug, *company.aliases)
                if file
            },
            "categories": {c.slug: where for c in self.info.categories} if self.info else {},
            "items": {item.id: item.where for item in self.coverage.values()},
        }

    @property
    def catalogue(self) -> Catalogue | None:
        """What notes name, as far as it is known: also of a deck with mistakes."""
        if self.info is None:
            return None
        kinds, note_types = self.templates.kinds, self.templates.note_types
        return Catalogue(self.info, self.companies, self.sources, kinds, note_types)


def _unfilled(info: DeckInfo, shipped: TemplateFiles) -> tuple[str, ...]:
    """Return what new cards of a deck begin with, also of one that was English until now."""
    english = info.words.language == ENGLISH
    spoken = [info.words] if english else [info.words, read_words(shipped, ENGLISH)[0]]
    return tuple(text.strip() for words in spoken for text in begin_bodies(words).values())


def read_surroundings(root: Path) -> Surroundings:
    """Read all that a folder holds beside its cards, and find these.

    Args:
        root: the folder of cards.

    Returns:
        What it holds, with every mistake of these files.
    """
    shipped, own = templates_folder(), root / TEMPLATES_NAME
    info, problems = read_deck_file(root, overlay(shipped, own))
    within, links = find_links(root, TEMPLATES_NAME)
    links += _advise_on_links(within, root)
    problems += links
    templates = (
        read_templates(shipped, own, info.words, info.language)
        if info
        else read_templates(shipped, own)
    )
    theme, faults = add_fonts(templates.theme, info.fonts if info else {}, root)
    problems += faults
    known = _read_company_files(root)
    problems += known.problems
    coverage, faults = read_coverage(root)
    problems += faults
    bibliography = read_bibliography(root)
    problems += bibliography.problems
    # Without deck.yaml no category is known, which is said once.
    categories = {entry.slug: entry for entry in info.categories} if info else None
    vocabulary = Vocabulary(
        categories,
        templates.kinds,
        known.companies,
        known.sources,
        bibliography.references,
        info.both_directions if info else True,
        {section_name(name, info.words): name for name in SECTIONS} if info else {},
        _unfilled(info, overlay(shipped)) if info else (),
        known.named,
    )
    paths, faults = find_card_files(root)
    problems += faults
    if not paths and all(fault.severity == "advice" for fault in faults):
        where = Location(root.as_posix())
        problems.append(
            Problem(
                where,
                "there are no cards here",
                "card files end in .md; word pairs are in words.csv",
                rule="no-cards",
            )
        )
    catalogue: Catalogue | None = None
    if info and not any(problem.severity == "mistake" for problem in problems):
        kinds, note_types = templates.kinds, templates.note_types
        catalogue = Catalogue(info, known.companies, known.sources, kinds, note_types)
    most = info.most_bytes if info else MOST_BYTES
    setting = Setting(root.as_posix(), vocabulary, catalogue, most)
    problems += check_figures(root)
    return Surroundings(
        root,
        templates,
        theme,
        info,
        known.companies,
        known.sources,
        coverage,
        None if templates.problems else setting,
        tuple(paths),
        # What leads nowhere is found as a link, and where it is read.
        tuple(dict.fromkeys([*links, *templates.problems] if templates.problems else problems)),
        known,
        bibliography.places,
    )


def check_together(
    around: Surroundings, notes: list[Note], established: Mapping[str, str]
) -> list[Problem]:
    """Find what only all notes together show: ids that stand twice, works that nobody cites.

    Args:
        around: what the folder holds beside its cards.
        notes: all notes, in the order of their files.
        established: the questions of notes that were released, by id.

    Returns:
        Mistakes and advice, also what the deck allows.
    """
    problems = find_duplicates(notes, established)
    problems += find_tag_twins(notes)
    cited = (citation for note in notes for citation in note.citations)
    problems += find_unused_works(around._works, cited)
    problems += check_coverage(around.coverage, notes)
    problems += _check_company_files(around._known, around.info, notes)
    problems += check_core(around.info, notes, around.root) if around.info else ()
    return problems


def collect(
    around: Surroundings,
    notes: Iterable[Note],
    media: Mapping[str, bytes],
    write: WriteNotes,
    advice: tuple[Problem, ...] = (),
    recall: Recall = make_anew,
) -> Collection:
    """Put a collection together of notes without mistakes.

    Args:
        around: what the folder holds beside its cards; its `deck.yaml` could be read.
        notes: the notes, in the order of their files.
        media: the figures by the names of media files.
        write: writes the notes.
        advice: what their author is told.
        recall: makes what outputs make of parts of notes.

    Returns:
        The collection, its notes in reading order: by category, file name, place in the file.
    """
    info = around.info
    assert info is not None
    rank = {category.slug: index for index, category in enumerate(info.categories)}
    return Collection(
        info=info,
        companies=around.companies,
        sources=around.sources,
        kinds=around.templates.kinds,
        note_types=around.templates.note_types,
        notes=tuple(sorted(notes, key=lambda note: rank[note.category])),
        media=media,
        theme=around.theme,
        write=write,
        coverage=around.coverage,
        files=len(around.paths),
        advice=tuple(sorted(set(advice))),
        recall=recall,
    )


_OF_ALL_NOTES = frozenset({"unused-work", "uncited-source", "asked-without-card", "uncovered-item"})
"""The rules by which something is missing, which a note that could not be read may have."""

_OF_ALL_NAMES = frozenset({"unknown-core-note", "unknown-emphasis"})
"""The rules by which ids and tags are missing, which such a note may have."""

_WITHIN_A_NOTE = frozenset(
    {
        "empty-formula", "formula-too-deep", "unreadable-formula", "percent-in-formula",
        "unknown-to-anki", "not-alike", "line-distance", "numbered-formula", "text-in-formula",
        "unknown-language", "unreadable-lines", "too-many-lines", "slow-colouring",
        "no-alt-text", "remote-image", "bad-image-path", "missing-image", "image-outside",
        "misshapen-image", "unknown-media-format", "dead-link", "no-answer", "empty-section",
        "no-holes", "hole-number", "empty-hole",
    }
)  # fmt: skip
"""The rules of mistakes that hide neither words of a note nor what is said of it."""

_OF_A_NAME = frozenset(
    {
        "unknown-company", "unknown-fact", "unknown-source", "weak-evidence", "unknown-work",
        "unknown-category", "unknown-value",
    }
)  # fmt: skip
"""The rules of mistakes that hide what a note leans on, but neither its id nor its tags."""

_LEANING = {
    "deck": {"unknown-category", "unknown-round", "unknown-emphasis", "unknown-core-note"},
    "companies": {"unknown-company", "unknown-fact", "uncited-source"},
    "sources": {"unknown-source", "weak-evidence", "uncited-source"},
    "bibliography": {"unknown-work", "unused-work"},
    "coverage": {"unknown-item", "uncovered-item"},
}
"""The rules by which cards lean on a file, or on those of a folder, that may not be readable."""

_NAMED = frozenset({"unknown-company", "unknown-source"})
"""Those that the names of companies and sources are enough for, whatever else is wrong there."""

_TWICE: Mapping[str, set[str]] = {
    "company-twice": {"unknown-fact", "uncited-source"},
    "fact-twice": {"unknown-fact", "uncited-source"},
    "item-twice": set(),
}
"""What may follow where one of two entries of a name is lost, though all names are known."""


def leave_out_consequences(
    problems: Iterable[Problem], around: Surroundings, of_cards: Iterable[Problem]
) -> list[Problem]:
    """Leave out what may follow from another mistake, so that each is told once.

    Args:
        problems: all mistakes and all advice.
        around: what the folder holds beside its cards; of a file with a mistake it knows nothing,
            but of a bibliography the works that could be read, of companies and sources the names.
        of_cards: those of them that are in files of cards; by most mistakes a note may be lost, or
            what is said of it.

    Returns:
        The rest, in its order.
    """
    found = list(problems)
    silent: set[str] = set()
    hiding = {p.rule for p in of_cards if p.severity == "mistake"} - _WITHIN_A_NOTE
    if hiding:
        silent |= _OF_ALL_NOTES
    if hiding - _OF_A_NAME:
        silent |= _OF_ALL_NAMES
    known = {"deck": around.info is not None, "bibliography": bool(around._works)}
    named = {"companies": around.companies, "sources": around.sources}
    for problem in around.problems:
        path = PurePath(problem.where.path)
        for name in {path.stem, path.parent.name} & set(_LEANING):
            if problem.severity == "mistake" and problem.rule in _TWICE:
                silent |= _TWICE[problem.rule]
            elif problem.severity == "mistake" and not known.get(name, False):
                silent |= _LEANING[name] - (_NAMED if named.get(name) else set())
    if any(problem.rule == "unknown-source" for problem in found):
        silent.add("uncited-source")
    causes = frozenset(around.problems)
    return [problem for problem in found if problem.rule not in silent or problem in causes]


def drop_allowed(
    problems: Iterable[Problem], allowed: Mapping[str, Allowances], deck: Container[str]
) -> list[Problem]:
    """Leave out the advice that a comment beside it, or the deck, wants to hear nothing of.

    Args:
        problems: mistakes and advice.
        allowed: what comments allow, by the name of their file.
        deck: the rules that the deck allows.

    Returns:
        The rest, in its order.
    """
    return [
        problem
        for problem in problems
        if not (problem.severity == "advice" and problem.rule in deck)
        and not (problem.where.path in allowed and allowed[problem.where.path].allow(problem))
    ]


def is_card_file(path: Path, root: Path) -> bool:
    """Say whether a file of a deck's folder is read as cards, whether it exists or not."""
    if not path.is_relative_to(root):
        return False
    parts = path.relative_to(root).parts
    if any(part.startswith(("_", ".")) for part in parts) or path.stem.upper() == "README":
        return False
    if parts[0] in (TEMPLATES_NAME, DRAWN_NAME):
        return False
    if path.suffix.lower() in TABLES:
        return path.stem.lower().rpartition(".")[2] == "words"
    return path.suffix == ".md"


def find_card_files(root: Path) -> tuple[list[str], list[Problem]]:
    """Find the card files of a folder, and the tables of word pairs.

    Args:
        root: the deck's folder.

    Returns:
        Their paths with slashes, in reading order, and what only looks like one.
    """
    found: list[tuple[tuple[str, ...], str]] = []
    problems: list[Problem] = []
    report = (root / REPORT_NAME).as_posix()
    for folder, names in walk_files(root, problems, (".md", ".markdown", *TABLES)):
        above = folder.parts[len(root.parts) :]
        if above and above[0] in (TEMPLATES_NAME, DRAWN_NAME):
            continue
        before = path_before(folder)
        for name in names:
            # Ten thousand values of pathlib would take longer than all the rest.
            path, (stem, ending) = before + name, splitext(name)
            if stem.upper() == "README" or (not above and name in (TEMPLATES_NAME, DRAWN_NAME)):
                continue
            if ending == ".md":
                found.append(((*above, name), path))
            elif ending.lower() not in TABLES:
                hint = f"rename the file to {stem}.md"
                message = f"files ending in {ending} are not read"
                problems.append(Problem(Location(path), message, hint, rule="wrong-ending"))
            elif stem.lower().rpartition(".")[2] == "words":
                found.append(((*above, name), path))
            elif path != report and not _is_for_anki(Path(path)):
                problems.append(_unread_table(Path(path)))
    found.sort()
    problems += _advise_on_names(found)
    return [path for _, path in found], problems


def _advise_on_links(links: Iterable[Path], root: Path) -> Iterator[Problem]:
    """Say behind which links to folders lie cards, or templates, that are not read."""
    for link in links:
        first, *below = link.relative_to(root).parts
        message, hint = "", "copy the folder to this place"
        if first == TEMPLATES_NAME and below:
            message = "templates in a folder behind a symbolic link are not read"
        elif first not in (TEMPLATES_NAME, DRAWN_NAME):
            target = Path(os.path.realpath(link))
            # One that leads round in circles leads to nothing that is not read.
            around = link.parent.resolve().is_relative_to(target)
            if not around and find_card_files(target)[0]:
                message = "cards in a folder behind a symbolic link are not read"
                hint = "move the folder to this place: cards are read once, where their files are"
        if message:
            yield Problem(Location(link.as_posix()), message, hint, rule="linked-folder")


def _unread_table(path: Path) -> Problem:
    """Say what a table must be called so that it is read."""
    name = f"words{path.suffix.lower()}"
    hint = f"if it holds word pairs, call it {name} or {path.stem}.{name}"
    return Problem(
        Location(path.as_posix()), f"'{path.name}' is not read", hint, rule="unread-table"
    )


def _is_for_anki(path: Path) -> bool:
    """Say whether a table is one for Anki's text import, as a build writes it."""
    with suppress(OSError), path.open("rb") as file:
        return file.read(len(_FOR_ANKI)) == _FOR_ANKI
    return False


def _advise_on_names(found: Iterable[tuple[tuple[str, ...], str]]) -> Iterator[Problem]:
    """Say which files some system cannot hold, or takes for one another."""
    known: dict[str, str] = {}
    for parts, path in found:
        name = "/".join(parts)
        if fault := unportable(name):
            hint = (
                "rename it; if a note's id comes from the file's name, write the old id into {#...}"
            )
            yield Problem(Location(path), f"Windows {fault}", hint, rule="unportable-name")
        plain = name if name.isascii() else unicodedata.normalize("NFC", name)
        folded = plain.casefold()
        if folded in known:
            message = f"on Windows and macOS this is the same file as {known[folded]}"
            yield Problem(Location(path), message, "rename one of them", rule="unportable-name")
        known[folded] = path


@dataclass(frozen=True, slots=True)
class _Known:
    """What the files beside the cards say of companies, and where they say it.

    `named` holds "companies" and "sources" where their names are all that is known.
    """

    file: ShapedFile[CompaniesFile] | None
    companies: Mapping[str, Company]
    sources: Mapping[str, CatalogueSource]
    source_places: Mapping[str, Location]
    problems: list[Problem] = field(default_factory=list)
    named: tuple[str, ...] = ()


def _read_company_files(root: Path) -> _Known:
    problems: list[Problem] = []
    companies: dict[str, Company] = {}
    sources: dict[str, CatalogueSource] = {}
    places: dict[str, Location] = {}
    file: ShapedFile[CompaniesFile] | None = None
    named: set[str] = set()
    if os.path.lexists(root / COMPANIES_FILE):
        file = read_shape(CompaniesFile, root / COMPANIES_FILE)
        problems += file.problems
        if file.value:
            companies, faults = read_companies(file.value, file.yaml)
            problems += faults
        else:
            companies, named = name_companies(file.yaml), {"companies"}
    if os.path.lexists(root / "sources.yaml"):
        found = read_shape(SourcesFile, root / "sources.yaml")
        problems += found.problems
        if found.value:
            sources = read_sources(found.value)
            places = {key: found.yaml.place(("sources", key)) for key in sources}
        else:
            sources = name_sources(found.yaml)
            named.add("sources")
    return _Known(file, companies, sources, places, problems, tuple(sorted(named)))


def _check_company_files(known: _Known, info: DeckInfo | None, notes: list[Note]) -> list[Problem]:
    shape = known.file.value if known.file else None
    places = known.file.yaml if known.file else YamlText()
    return [
        *check_companies(shape, places, known.sources, info, notes),
        *check_sources(known.source_places, known.companies.values(), notes),
    ]
