"""The command `companies`: what is known of each, and how to study it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from deckpress.cli import console
from deckpress.cli.deck_names import COMPANY_NAMES
from deckpress.cli.options import CARDS_FOLDER, JSON

if TYPE_CHECKING:  # completing and help need no more than the options
    from deckpress.companies.summary import CompanySummary
    from deckpress.model.collection import Collection
    from deckpress.model.company import CatalogueSource, Company


@click.command("companies")
@click.argument("company", default="", shell_complete=COMPANY_NAMES)
@click.option(
    "--source",
    default="cards",
    show_default=True,
    type=CARDS_FOLDER,
    help="The folder of cards.",
)
@JSON
def command(company: str, source: Path, as_json: bool) -> None:
    """List the companies, or show what is known about one.

    For one company, it also says how to find its notes in Anki.
    """
    from deckpress.companies.summary import summarize_companies
    from deckpress.decks.selection import ANOTHER_COMPANY
    from deckpress.model.company import company_slug
    from deckpress.pipeline.cache import cache_folder
    from deckpress.pipeline.load import load
    from deckpress.text.problem import SelectionError
    from deckpress.text.suggestions import suggest

    collection = load(source, cache=cache_folder()).collection
    rows = summarize_companies(collection)
    if company:
        known = {row.slug: row for row in rows}
        slug = company_slug(collection.companies, company.lower()) or company.lower()
        if slug not in known:
            hint = suggest(company, known, without=ANOTHER_COMPANY if known else "")
            behind = f" ({hint})" if hint else ""
            raise SelectionError(f"no company is called '{company}'{behind}")
        rows = (known[slug],)
    if as_json:
        console.dump([_as_json(row) for row in rows])
    elif company:
        _show_company(collection, rows[0])
    elif not rows:
        console.say("the cards name no company")
    else:
        console.show_table(
            ["company", "asked", "emphasis", "evidence for asked"],
            [[row.slug, row.asked, row.emphasis, _grades(row)] for row in rows],
        )


def _show_company(collection: Collection, row: CompanySummary) -> None:
    from deckpress.model.company import Company

    company = collection.companies.get(row.slug) or Company(row.slug, row.name)
    console.say(f"{row.name}: {row.asked} asked, {row.emphasis} more by emphasis")
    for title, facts in _told(company):
        for says, key in facts:
            console.say(f"  {title}: {says} [{_cite(collection.sources.get(key), key)}]")
    console.say("In Anki, with the full deck: Tools, Create Filtered Deck, and this search:")
    console.write(f"  {row.search}\n")  # in one piece, to be copied


def _told(company: Company) -> list[tuple[str, list[tuple[str, str]]]]:
    return [
        ("rounds", [(rounds.says, rounds.source) for rounds in company.rounds]),
        ("stresses", [(stress.says, stress.source) for stress in company.emphasis]),
        *((fact.kind, [(fact.says, fact.source)]) for fact in company.facts.values()),
    ]


def _cite(source: CatalogueSource | None, key: str) -> str:
    if source is None:
        return key
    return ", ".join(
        part for part in (source.site or source.title, source.date, source.grade) if part
    )


def _grades(row: CompanySummary) -> str:
    return ", ".join(f"{number} {grade or 'none'}" for grade, number in row.grades.items())


def _as_json(row: CompanySummary) -> dict[str, object]:
    return {
        "slug": row.slug,
        "name": row.name,
        "asked": row.asked,
        "emphasis": row.emphasis,
        "grades": dict(row.grades),
        "search": row.search,
    }
