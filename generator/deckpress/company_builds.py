"""Every company's deck in one run, and a page that leads to them."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from deckpress.collection import LEDGER_NAME
from deckpress.company_deck import CompanySummary, summarize_companies
from deckpress.deck import Deck, SheetOptions
from deckpress.exporters import EXPORTERS
from deckpress.ledger import write_ledger
from deckpress.look import colour_properties
from deckpress.pipeline import Build, Output, Release, make_deck, output_name, prepare
from deckpress.selection import Selection
from deckpress.template import fill_file, html
from deckpress.template_mistakes import own_templates
from deckpress.writing import write_files


@dataclass(frozen=True, slots=True)
class CompanyRow:
    """A company on the page: what is known of it, its notes by part, its cards and files."""

    summary: CompanySummary
    parts: Counter[str]
    cards: int
    files: tuple[tuple[str, str, int], ...]


def build_companies(
    root: Path,
    out: Path,
    *,
    formats: Sequence[str],
    sheet: SheetOptions,
    locked: bool,
    report: Callable[[int, int], None],
) -> Build:
    """Build the deck of every company; notes are read and written for Anki once.

    Args:
        root: the folder of cards.
        out: the folder for the outputs; made when missing.
        formats: keys of `EXPORTERS`.
        sheet: how the PDFs are laid out.
        locked: fail when the ledger is behind, and leave it alone.
        report: called with the number of companies done and of all.

    Returns:
        What was written, the page `<deck>-companies.html` last.

    Raises:
        SourceError: the sources hold mistakes; nothing was written.
    """
    start = time.monotonic()
    release = prepare(root, locked=locked)
    files: dict[Path, bytes] = {}
    outputs: list[Output] = []
    rows: list[CompanyRow] = []
    summaries = summarize_companies(release.collection)
    for done, summary in enumerate(summaries, 1):
        deck = make_deck(release, Selection(companies=(summary.slug,)), sheet)
        with own_templates(deck.collection.theme):
            made = {out / output_name(deck, name): EXPORTERS[name](deck) for name in formats}
        cards = sum(len(deck.rendered[note.id].ords) for note in deck.notes)
        outputs += [Output(p, len(deck.notes), cards, len(data)) for p, data in made.items()]
        rows.append(_row(summary, deck, cards, made))
        files |= made
        report(done, len(summaries))
    with own_templates(release.collection.theme):
        page = _write_page(release, rows)
    path = out / f"{release.collection.info.slug}-companies.html"
    ledger = write_ledger(release.reconciled.ledger).encode()
    before = {root / LEDGER_NAME: ledger} if release.behind else {}
    write_files({**before, **files, path: page})
    outputs.append(Output(path, len(release.notes), len(rows), len(page)))
    changes, seconds = release.reconciled.changes, time.monotonic() - start
    return Build(tuple(outputs), {}, {}, changes, release.collection.files, seconds)


def _row(summary: CompanySummary, deck: Deck, cards: int, made: dict[Path, bytes]) -> CompanyRow:
    files = tuple((path.suffix[1:], path.name, len(data)) for path, data in made.items())
    parts = Counter(deck.parts[note.id] for note in deck.notes)
    return CompanyRow(summary, parts, cards, files)


def _write_page(release: Release, rows: Sequence[CompanyRow]) -> bytes:
    info = release.collection.info
    theme = release.collection.theme
    light, dark = (html(colour_properties(theme.palette, dark=mode)) for mode in (False, True))
    values = {"info": info, "rows": rows, "light": light, "dark": dark}
    return fill_file(theme.files, "sheet/companies.html.j2", values).encode()
