"""The page of a company as Typst source."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from deckpress.companies.page import AskedQuestion, CompanyPage, Loop, PageSource, Report
from deckpress.decks.deck import Deck
from deckpress.math.typst_code import Markup, Value, call
from deckpress.model.words import Words


def write_company(page: CompanyPage, deck: Deck) -> Markup:
    """Write the call that sets the page of a company.

    Args:
        page: what it says.
        deck: the deck, whose notes are numbered in order.

    Returns:
        A call of `company` in `sheet.typ`.
    """
    words = deck.collection.info.words
    numbers = {note.id: number for number, note in enumerate(deck.notes, 1)}
    return call(
        "company",
        title=page.title,
        asked=[*_asked(page.asked, numbers, words, brief=page.brief)],
        rounds=[*_reports(page.rounds, words, brief=page.brief)],
        loops=[*_loops(page.loops, brief=page.brief)],
        stresses=[*_reports(page.stresses, words, brief=page.brief)],
        counts=[(count.part, str(count.notes), count.says) for count in page.counts],
        plans=[(plan.time, plan.told) for plan in page.plans],
        recruiter=[*page.recruiter],
        search=page.search,
        finds=page.finds,
        sources=[] if page.brief else [*_sources(page.sources, numbers, words)],
    )


def _reports(reports: Iterable[Report], words: Words, *, brief: bool) -> Iterator[Value]:
    for report in reports:
        source = report.source
        cited = _cite(source, brief=brief)
        number = words.say("in-brackets", text=report.notes) if report.notes else ""
        yield (report.what + number, report.says, cited, source.standing)


def _asked(
    asked: Iterable[AskedQuestion], numbers: dict[str, int], words: Words, *, brief: bool
) -> Iterator[Value]:
    for each in asked:
        cards, related = (
            [str(numbers[name]) for name in names if name in numbers]
            for names in (each.notes, each.related)
        )
        cited = _cite(each.source, brief=brief)
        role = words.say("in-brackets", text=each.role) if each.role else ""
        yield (each.says + role, cited, each.source.standing, each.known, [*cards], [*related])


def _loops(loops: Iterable[Loop], *, brief: bool) -> Iterator[Value]:
    for loop in loops:
        rounds = [(each.name, each.minutes, each.what) for each in loop.rounds]
        yield (loop.role, _cite(loop.source, brief=brief), rounds)


def _cite(source: PageSource, *, brief: bool) -> str:
    return f"{source.title}," if brief else f"[{source.number}]"


def _sources(
    sources: Iterable[PageSource], numbers: dict[str, int], words: Words
) -> Iterator[Value]:
    for source in sources:
        said = (str(source.number), source.title, source.site, source.url, source.standing)
        behind = words.form("notes-named", len(source.notes))
        yield (*said, [str(numbers[name]) for name in source.notes], behind)
