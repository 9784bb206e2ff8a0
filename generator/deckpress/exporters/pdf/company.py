"""The page of a company as Typst source."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from deckpress.companies.page import AskedQuestion, CompanyPage, PageSource, Plan, Report, Round
from deckpress.decks.deck import Deck
from deckpress.markup.typst import array, quote
from deckpress.model.words import Words


def write_company(page: CompanyPage, deck: Deck) -> str:
    """Write the call that sets the page of a company.

    Args:
        page: what it says.
        deck: the deck, whose notes are numbered in order.

    Returns:
        A call of `company` in `sheet.typ`.
    """
    words = deck.collection.info.words
    numbers = {note.id: number for number, note in enumerate(deck.notes, 1)}
    counts = (
        f"({quote(count.part)}, {quote(str(count.notes))}, {quote(count.says)})"
        for count in page.counts
    )
    arguments = {
        "title": quote(page.title),
        "asked": array(_asked(page.asked, numbers, brief=page.brief)),
        "rounds": array(_reports(page.rounds, words, brief=page.brief)),
        "table": array(_rounds(page.table, brief=page.brief)),
        "stresses": array(_reports(page.stresses, words, brief=page.brief)),
        "counts": array(counts),
        "plans": array(_plans(page.plans)),
        "recruiter": array(map(quote, page.recruiter)),
        "search": quote(page.search),
        "finds": quote(page.finds),
        "sources": array(() if page.brief else _sources(page.sources, numbers, words)),
    }
    return f"#company({', '.join(f'{name}: {value}' for name, value in arguments.items())});"


def _reports(reports: Iterable[Report], words: Words, *, brief: bool) -> Iterator[str]:
    for report in reports:
        source = report.source
        cited = _cite(source, brief=brief)
        number = words.say("in-brackets", text=report.notes) if report.notes else ""
        said = (report.what + number, report.says, cited, source.standing)
        yield f"({', '.join(map(quote, said))})"


def _asked(
    asked: Iterable[AskedQuestion], numbers: dict[str, int], *, brief: bool
) -> Iterator[str]:
    for each in asked:
        cards, related = (
            array(quote(str(numbers[name])) for name in names if name in numbers)
            for names in (each.notes, each.related)
        )
        known = str(each.known).lower()
        words = (each.says, _cite(each.source, brief=brief), each.source.standing)
        yield f"({', '.join(map(quote, words))}, {known}, {cards}, {related})"


def _rounds(rounds: Iterable[Round], *, brief: bool) -> Iterator[str]:
    for each in rounds:
        words = (
            each.name,
            each.minutes,
            each.what,
            _cite(each.source, brief=brief),
            each.source.standing,
        )
        yield f"({', '.join(map(quote, words))})"


def _plans(plans: Iterable[Plan]) -> Iterator[str]:
    for plan in plans:
        yield f"({quote(plan.time)}, {quote(plan.told)})"


def _cite(source: PageSource, *, brief: bool) -> str:
    return f"{source.title}," if brief else f"[{source.number}]"


def _sources(sources: Iterable[PageSource], numbers: dict[str, int], words: Words) -> Iterator[str]:
    for source in sources:
        said = (str(source.number), source.title, source.site, source.url, source.standing)
        behind = words.form("notes-named", len(source.notes))
        leaning = array(quote(str(numbers[name])) for name in source.notes)
        yield f"({', '.join(quote(word) for word in said)}, {leaning}, {quote(behind)})"
