"""The page of a company as Typst source."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from deckpress.companies.page import CompanyPage, PageSource, Report
from deckpress.decks.deck import Deck
from deckpress.markup.typst import array, quote


def write_company(page: CompanyPage, deck: Deck) -> str:
    """Write the call that sets the page of a company.

    Args:
        page: what it says.
        deck: the deck, whose notes are numbered in order.

    Returns:
        A call of `company` in `sheet.typ`.
    """
    numbers = {note.id: number for number, note in enumerate(deck.notes, 1)}
    counts = (
        f"({quote(count.part)}, {quote(str(count.notes))}, {quote(count.says)})"
        for count in page.counts
    )
    arguments = {
        "title": quote(page.title),
        "rounds": array(_reports(page.rounds, brief=page.brief)),
        "stresses": array(_reports(page.stresses, brief=page.brief)),
        "counts": array(counts),
        "search": quote(page.search),
        "finds": quote(page.finds),
        "sources": array(() if page.brief else _sources(page.sources, numbers)),
    }
    return f"#company({', '.join(f'{name}: {value}' for name, value in arguments.items())});"


def _reports(reports: Iterable[Report], *, brief: bool) -> Iterator[str]:
    for report in reports:
        source = report.source
        cited = f"{source.title}," if brief else f"[{source.number}]"
        what = report.what + (f" ({report.notes})" if report.notes else "")
        words = (what, report.says, cited, source.standing)
        yield f"({', '.join(quote(word) for word in words)})"


def _sources(sources: Iterable[PageSource], numbers: dict[str, int]) -> Iterator[str]:
    for source in sources:
        words = (str(source.number), source.title, source.site, source.url, source.standing)
        leaning = array(quote(str(numbers[name])) for name in source.notes)
        yield f"({', '.join(quote(word) for word in words)}, {leaning})"
