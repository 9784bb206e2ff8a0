"""The page a company's sheet opens with: what is known of its interviews, and how well."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from deckpress.companies.deck_parts import (
    ASKED,
    CORE,
    STRESSED,
    divide_by_company,
    loop_of,
    reported_kinds,
    selects,
)
from deckpress.companies.evidence import count_grades, name_grade
from deckpress.companies.summary import anki_search, asked_search
from deckpress.model.collection import Collection, category_name
from deckpress.model.company import CatalogueSource, Company, Emphasis
from deckpress.model.note import Note
from deckpress.model.words import Words
from deckpress.text.spellings import spell_words, spelled_words

ANKI_LIMIT = 20
"""How many new cards Anki shows a day unless it is told otherwise."""

TONIGHT = 40
"""How many new cards one evening bears, unless more than that were asked."""

USUAL_DAYS, MOST_DAYS = 10, 14
"""In two weeks new cards take ten days, so that reviews follow; many take all of them."""

SECONDS_A_CARD = 75
"""What a new card takes on its first day: read, answered, seen again twice.

The first look takes some 35 s, each look after it about 20 s.
"""

OLD_BEFORE = 2024
"""A report from before this year is called old: loops changed with coding assistants and LLMs."""


@dataclass(frozen=True, slots=True)
class PageSource:
    """A source of the page; `notes` are the ids of the notes that lean on it, `url` may be empty.

    `grade` is in words; `date` is empty where nothing is known of it. `standing` says how far it
    can be trusted: grade and date, and whether that is long ago.
    """

    number: int
    title: str
    site: str
    url: str
    grade: str
    date: str
    notes: tuple[str, ...]
    standing: str


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
class AskedQuestion:
    """What was reported as asked.

    `notes` are the ids of the notes here that ask it, `related` of those on the same topic; `known`
    says whether the full deck has a note that asks it.
    """

    says: str
    role: str
    source: PageSource
    notes: tuple[str, ...]
    related: tuple[str, ...]
    known: bool


@dataclass(frozen=True, slots=True)
class Round:
    """A round of a loop as a source reports it; `minutes` and `what` may be empty."""

    name: str
    minutes: str
    what: str


@dataclass(frozen=True, slots=True)
class Loop:
    """The rounds that a source reports one by one, for a role."""

    role: str
    source: PageSource
    rounds: tuple[Round, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """What can be studied in the time left: cards, minutes, and how; `told` says all of it."""

    time: str
    cards: int
    minutes: int
    says: str
    told: str


@dataclass(frozen=True, slots=True)
class CompanyPage:
    """What a sheet says of a company.

    `title` heads it; `asked` is every reported question, `loops` the rounds one by one where
    sources have them, `recruiter` what is not known and can be asked. `search` finds the company's
    notes in the full deck, `finds` says which those are. A `brief` page shares the sheet with those
    of other companies: it has no plans and no list of sources.
    """

    slug: str
    name: str
    title: str
    asked: tuple[AskedQuestion, ...]
    rounds: tuple[Report, ...]
    loops: tuple[Loop, ...]
    stresses: tuple[Report, ...]
    counts: tuple[PartCount, ...]
    plans: tuple[Plan, ...]
    recruiter: tuple[str, ...]
    search: str
    finds: str
    sources: tuple[PageSource, ...]
    brief: bool


def company_pages(
    collection: Collection,
    companies: Iterable[str],
    notes: Sequence[Note],
    parts: Mapping[str, str],
    cards: Mapping[str, int] | None = None,
) -> tuple[CompanyPage, ...]:
    """Return what a sheet says of the companies that its deck was chosen by.

    Args:
        collection: all notes, and what is known of companies.
        companies: their slugs, as they were asked for.
        notes: the notes of the deck.
        parts: to which part of the deck each note belongs, by id.
        cards: the number of cards of each note; one each when it is not given.

    Returns:
        A page for each company that is known.
    """
    known = [collection.companies[slug] for slug in companies if slug in collection.companies]
    if not known:
        return ()
    spellings = spelled_words(tuple(note.question for note in collection.notes))
    sheet = _Sheet(collection, notes, parts, cards or {}, len(known) > 1, spellings)
    return tuple(_page(sheet, company) for company in known)


@dataclass(frozen=True, slots=True)
class _Sheet:
    collection: Collection
    notes: Sequence[Note]
    parts: Mapping[str, str]
    cards: Mapping[str, int]
    brief: bool
    spellings: Mapping[str, str]

    @property
    def words(self) -> Words:
        """The words of the deck's language."""
        return self.collection.info.words


def _page(sheet: _Sheet, company: Company) -> CompanyPage:
    parts = divide_by_company(sheet.collection, [company.slug], {}, fill=False)
    notes = [note for note in sheet.notes if note.id in parts]
    sources = _sources(sheet.collection, company, notes)
    return CompanyPage(
        company.slug,
        company.name,
        sheet.words.say("company-title", name=company.name),
        tuple(_asked(sheet, company, sources)),
        tuple(Report(told.role, told.says, sources[told.source]) for told in company.rounds),
        tuple(_loops(company, sources)),
        tuple(_stress(stress, sheet, company, sources) for stress in company.emphasis),
        tuple(_counts(sheet, company, parts)),
        () if sheet.brief else tuple(_plans(sheet, company)),
        () if sheet.brief else tuple(_open_questions(company, sheet.words)),
        anki_search(company),
        _finds(len(parts), len(notes), sheet.words),
        tuple(sources.values()),
        sheet.brief,
    )


def _asked(
    sheet: _Sheet, company: Company, sources: Mapping[str, PageSource]
) -> Iterator[AskedQuestion]:
    """Yield every question that was asked, those that have a note first."""
    leaning = [
        (note.id, fact.fact, fact.match)
        for note in sheet.collection.notes
        for fact in note.evidence
        if fact.company == company.slug and fact.kind == "asked"
    ]
    places = {note.id: at for at, note in enumerate(sheet.notes)}

    def notes(key: str, match: str) -> tuple[str, ...]:
        return tuple(name for name, fact, how in leaning if (fact, how) == (key, match))

    def here(key: str, match: str) -> tuple[str, ...]:
        return tuple(sorted(places.keys() & set(notes(key, match)), key=places.__getitem__))

    found = [
        AskedQuestion(
            told.says,
            told.role,
            sources[told.source],
            here(told.key, "question"),
            here(told.key, "topic"),
            bool(notes(told.key, "question")),
        )
        for told in company.facts.values()
        if told.kind == "asked"
    ]
    yield from sorted(found, key=lambda each: not each.notes)


def _loops(company: Company, sources: Mapping[str, PageSource]) -> Iterator[Loop]:
    for told in company.rounds:
        rounds = tuple(Round(stage.name, stage.minutes, stage.what) for stage in told.stages)
        if rounds:
            yield Loop(told.role, sources[told.source], rounds)


def _plans(sheet: _Sheet, company: Company) -> Iterator[Plan]:
    """Yield what to study tonight, in three days and in two weeks, by the cards of the deck."""
    cards = {
        part: sum(sheet.cards.get(n.id, 1) for n in sheet.notes if sheet.parts.get(n.id) == part)
        for part in (ASKED, STRESSED, CORE)
    }
    every = sum(cards.values())
    if not every:
        return
    say = sheet.words.say
    tonight = min(every, max(cards[ASKED], TONIGHT))
    yield _plan(sheet, "tonight", tonight, _this_evening(sheet, company, cards[ASKED], tonight))
    yield _plan(sheet, "three-days", every, _a_day(sheet, -(-every // 3)))
    daily = min(ANKI_LIMIT, -(-every // USUAL_DAYS))
    if daily * MOST_DAYS < every:
        daily = -(-every // MOST_DAYS)
    days = -(-every // daily)
    yield _plan(sheet, "two-weeks", every, say("plan-weeks", n=days, daily=_a_day(sheet, daily)))


def _this_evening(sheet: _Sheet, company: Company, asked: int, tonight: int) -> str:
    """Say in which order to study: Anki itself goes by subdecks, not by what was asked."""
    say = sheet.words.say
    told = [say("plan-asked", n=asked, search=asked_search(company))] if asked else []
    rest = tonight - asked
    if rest:
        told.append(say("plan-rest", n=rest) if asked else say("plan-order"))
        raised = rest > ANKI_LIMIT
        told.append(say("plan-raise" if raised else "plan-within", limit=ANKI_LIMIT, cards=rest))
    return say("semicolon").join(told)


def _a_day(sheet: _Sheet, daily: int) -> str:
    key = "plan-days-raise" if daily > ANKI_LIMIT else "plan-days"
    return sheet.words.say(key, n=daily, time=_duration(daily, sheet.words), limit=ANKI_LIMIT)


def _plan(sheet: _Sheet, time: str, cards: int, how: str) -> Plan:
    words = sheet.words
    told = words.say("plan", n=cards, time=_duration(cards, words), how=how)
    return Plan(words.say(time), cards, _minutes(cards), how, told)


def _duration(cards: int, words: Words) -> str:
    hours, minutes = divmod(_minutes(cards), 60)
    key = "hours-minutes-long" if hours and minutes else "hours-long" if hours else "minutes-long"
    return words.say(key, hours=hours, minutes=minutes)


def _minutes(cards: int) -> int:
    """Estimate the time that new cards take, with the reviews of the same days, in minutes."""
    return max(5, 5 * round(cards * SECONDS_A_CARD / 300))


def _open_questions(company: Company, words: Words) -> Iterator[str]:
    """Yield what no source says of the loop, as questions to the recruiter."""
    stages = [stage for told in company.rounds for stage in told.stages]
    kinds = {stage.kind for stage in stages}
    if not stages:
        yield words.say("ask-rounds")
    if not all(stage.minutes for stage in stages) or not stages:
        yield words.say("ask-length")
    if "coding" in kinds or not stages:
        yield words.say("ask-coding")
    if "design" in kinds or not stages:
        yield words.say("ask-design")
    yield words.say("ask-changed")


def _counts(sheet: _Sheet, company: Company, parts: Mapping[str, str]) -> Iterator[PartCount]:
    say, name = sheet.words.say, company.name
    asked = [note for note in sheet.notes if parts.get(note.id) == ASKED]
    reported = sum(fact.kind == "asked" for fact in company.facts.values())
    if asked:
        grades = _strength(asked, company.slug, sheet.words)
        says = say("asked-evidence", name=name, grades=grades)
    else:
        says = say("asked-no-card" if reported else "none-asked", n=reported, name=name)
    yield PartCount(say("part-asked"), len(asked), says)
    others = [note for note in sheet.notes if parts.get(note.id) == STRESSED]
    stressed = sum(any(selects(stress, note) for stress in company.emphasis) for note in others)
    named = len(others) - stressed
    if others:
        key = "on-both" if stressed and named else "on-named" if named else "on-stressed"
        says = say(key, n=named, name=name, stressed=stressed)
        yield PartCount(say("part-emphasis"), len(others), says)
    core = sum(sheet.parts.get(note.id) == CORE for note in sheet.notes)
    # What fills up the deck of several belongs to none of them.
    if core and not sheet.brief:
        yield PartCount(say("part-core"), core, _fill_says(sheet, company))


def _fill_says(sheet: _Sheet, company: Company) -> str:
    kinds = loop_of(sheet.collection, [company])
    if not kinds:
        return sheet.words.say("core-general")
    rounds = sheet.words.join(kind.name for kind in kinds)
    key = "core-rounds" if reported_kinds([company]) else "core-usual"
    return sheet.words.say(key, rounds=rounds)


def _finds(found: int, here: int, words: Words) -> str:
    if not found:
        return words.say("finds-none")
    return words.say("finds-all" if here == found else "finds-some", n=found, here=here)


def _stress(
    stress: Emphasis, sheet: _Sheet, company: Company, sources: dict[str, PageSource]
) -> Report:
    words = [category_name(sheet.collection.info, slug) for slug in stress.categories]
    words += [spell_words(tag.split("-"), sheet.spellings) for tag in stress.tags]
    told = any((r.source, r.says) == (stress.source, stress.says) for r in company.rounds)
    selected = sum(selects(stress, note) for note in sheet.notes)
    says = "" if told else stress.says
    return Report(sheet.words.join(words), says, sources[stress.source], selected)


def _sources(
    collection: Collection, company: Company, notes: Iterable[Note]
) -> dict[str, PageSource]:
    """Number what the page and the evidence of the notes lean on, in the order of the page."""
    asked = [fact.source for fact in company.facts.values() if fact.kind == "asked"]
    told = [part.source for part in company.rounds]
    told += [part.source for part in company.emphasis] + asked
    leaning: dict[str, list[str]] = {key: [] for key in told}
    for note in notes:
        keys = {fact.source for fact in note.evidence if fact.company == company.slug}
        for key in sorted(keys - {""}):
            leaning.setdefault(key, []).append(note.id)
    found: dict[str, PageSource] = {}
    for number, (key, ids) in enumerate(leaning.items(), 1):
        entry = collection.sources.get(key)
        if entry is None:
            entry = CatalogueSource(key, key)
        # Some sites are named in words, with no address to follow.
        reachable = re.fullmatch(r"[\w.-]+\.[a-z]{2,}(/\S*)?", entry.site) and entry.path
        url = f"https://{entry.site}{entry.path}" if reachable else ""
        words = collection.info.words
        grade = name_grade(entry.grade, words)
        standing = words.join((grade, _age(entry.date, words)))
        found[key] = PageSource(
            number, entry.title, entry.site, url, grade, entry.date, tuple(ids), standing
        )
    return found


def _age(date: str, words: Words) -> str:
    """Say of when a source is, and whether that is long ago."""
    if date[:4].isdecimal() and int(date[:4]) < OLD_BEFORE:
        return words.say("old", date=date)
    return date or words.say("undated")


def _strength(asked: Iterable[Note], slug: str, words: Words) -> str:
    """Say on what notes rest at best: how many on which grade."""
    best = count_grades(asked, [slug])
    return words.join(
        name_grade(grade, words) + words.say("in-brackets", text=number)
        for grade, number in best.items()
    )
