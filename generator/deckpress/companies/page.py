"""The page a company's sheet opens with: what is known of its interviews, and how well."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from deckpress.companies.deck_parts import ASKED, CORE, STRESSED, divide_by_company, selects
from deckpress.companies.evidence import UNGRADED, count_grades, name_grade
from deckpress.companies.summary import anki_search
from deckpress.model.collection import Collection, category_name
from deckpress.model.company import Company, Emphasis
from deckpress.model.note import Note


@dataclass(frozen=True, slots=True)
class PageSource:
    """A source of the page; `notes` are the ids of the notes that lean on it, `url` may be empty.

    `grade` is in words; `date` is empty where nothing is known of it.
    """

    number: int
    title: str
    site: str
    url: str
    grade: str
    date: str
    notes: tuple[str, ...]

    @property
    def standing(self) -> str:
        """How far it can be trusted: grade and date."""
        return f"{self.grade}, {self.date or 'undated'}"


@dataclass(frozen=True, slots=True)
class Report:
    """What a source reports: of the rounds (`what` is the role) or of what is stressed.

    `says` is empty where the rounds say the same; `notes` is how many notes it selects.
    """

    what: str
    says: str
    source: PageSource
    notes: int = 0


@dataclass(frozen=True, slots=True)
class PartCount:
    """How many notes of the sheet belong to a part, and what that says."""

    part: str
    notes: int
    says: str


@dataclass(frozen=True, slots=True)
class CompanyPage:
    """What a sheet says of a company.

    `search` finds the company's notes in the full deck, `finds` says which those are. A `brief`
    page shares the sheet with those of other companies: it has no list of sources.
    """

    slug: str
    name: str
    rounds: tuple[Report, ...]
    stresses: tuple[Report, ...]
    counts: tuple[PartCount, ...]
    search: str
    finds: str
    sources: tuple[PageSource, ...]
    brief: bool

    @property
    def title(self) -> str:
        """What the page is headed with."""
        return f"Interviews at {self.name}, as reported"


def company_pages(
    collection: Collection,
    companies: Iterable[str],
    notes: Sequence[Note],
    parts: Mapping[str, str],
) -> tuple[CompanyPage, ...]:
    """Return what a sheet says of the companies that its deck was chosen by.

    Args:
        collection: all notes, and what is known of companies.
        companies: their slugs, as they were asked for.
        notes: the notes of the deck.
        parts: to which part of the deck each note belongs, by id.

    Returns:
        A page for each company that is known.
    """
    known = [collection.companies[slug] for slug in companies if slug in collection.companies]
    sheet = _Sheet(collection, notes, parts, brief=len(known) > 1)
    return tuple(_page(sheet, company) for company in known)


@dataclass(frozen=True, slots=True)
class _Sheet:
    collection: Collection
    notes: Sequence[Note]
    parts: Mapping[str, str]
    brief: bool


def _page(sheet: _Sheet, company: Company) -> CompanyPage:
    parts = divide_by_company(sheet.collection, [company.slug], {}, fill=False)
    notes = [note for note in sheet.notes if note.id in parts]
    sources = _sources(sheet.collection, company, notes)
    return CompanyPage(
        company.slug,
        company.name,
        tuple(Report(told.role, told.says, sources[told.source]) for told in company.rounds),
        tuple(_stress(stress, sheet, company, sources) for stress in company.emphasis),
        tuple(_counts(sheet, company, parts)),
        anki_search(company),
        _finds(len(parts), len(notes)),
        tuple(sources.values()),
        sheet.brief,
    )


def _counts(sheet: _Sheet, company: Company, parts: Mapping[str, str]) -> Iterator[PartCount]:
    asked = [note for note in sheet.notes if parts.get(note.id) == ASKED]
    told = f"reported as asked at {company.name}"
    says = (
        f"{told}; best evidence for each: {_strength(asked, company.slug)}"
        if asked
        else f"none is {told}"
    )
    yield PartCount("Asked", len(asked), says)
    others = [note for note in sheet.notes if parts.get(note.id) == STRESSED]
    stressed = sum(any(selects(stress, note) for stress in company.emphasis) for note in others)
    named = len(others) - stressed
    says = f"on what {company.name} is reported to stress" if stressed else ""
    if named:
        joined = f"{says} ({stressed}), or" if says else ""
        says = f"{joined} about {company.name} or answered by its people ({named})".strip()
    if others:
        yield PartCount("Emphasis", len(others), says)
    core = sum(sheet.parts.get(note.id) == CORE for note in sheet.notes)
    # What fills up the deck of several belongs to none of them.
    if core and not sheet.brief:
        yield PartCount("Core", core, "general questions, since there are few of its own")


def _finds(found: int, here: int) -> str:
    if not found:
        return "will find notes in the full deck once there are any"
    if here == found:
        return f"finds the {found} asked and emphasis notes in the full deck"
    return f"finds {found} asked and emphasis notes in the full deck ({here} of them here)"


def _stress(
    stress: Emphasis, sheet: _Sheet, company: Company, sources: dict[str, PageSource]
) -> Report:
    words = [category_name(sheet.collection.info, slug) for slug in stress.categories]
    words += [tag.replace("-", " ") for tag in stress.tags]
    told = any((r.source, r.says) == (stress.source, stress.says) for r in company.rounds)
    selected = sum(selects(stress, note) for note in sheet.notes)
    says = "" if told else stress.says
    return Report(", ".join(words), says, sources[stress.source], selected)


def _sources(
    collection: Collection, company: Company, notes: Iterable[Note]
) -> dict[str, PageSource]:
    """Number what the page and the evidence of the notes lean on, in the order of the page."""
    told = [part.source for part in company.rounds] + [part.source for part in company.emphasis]
    leaning: dict[str, list[str]] = {key: [] for key in told}
    for note in notes:
        keys = {fact.source for fact in note.evidence if fact.company == company.slug}
        for key in sorted(keys - {""}):
            leaning.setdefault(key, []).append(note.id)
    found: dict[str, PageSource] = {}
    for number, (key, ids) in enumerate(leaning.items(), 1):
        entry = collection.sources.get(key)
        if entry is None:
            found[key] = PageSource(number, key, "", "", UNGRADED, "", tuple(ids))
            continue
        # Some sites are named in words, with no address to follow.
        reachable = re.fullmatch(r"[\w.-]+\.[a-z]{2,}(/\S*)?", entry.site) and entry.path
        url = f"https://{entry.site}{entry.path}" if reachable else ""
        grade = name_grade(entry.grade)
        found[key] = PageSource(number, entry.title, entry.site, url, grade, entry.date, tuple(ids))
    return found


def _strength(asked: Iterable[Note], slug: str) -> str:
    """Say on what notes rest at best: how many on which grade."""
    best = count_grades(asked, [slug])
    return ", ".join(f"{name_grade(grade)} ({number})" for grade, number in best.items())
