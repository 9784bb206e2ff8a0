"""A very large sheet has a page break in its middle, so that two cores can lay it out."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from conftest import Sources
from deckpress import EXPORTERS
from deckpress.decks.deck import Deck
from deckpress.decks.page_order import in_page_order
from deckpress.decks.release import select
from deckpress.exporters.options import Options
from deckpress.exporters.pdf import sheet_source
from deckpress.exporters.pdf.sheet import settle
from deckpress.exporters.pdf.sheet_source import LastPage, write_sheet
from deckpress.exporters.pdf.typeset import typeset_fonts, typst_files
from deckpress.markup.typesetter import TypesetError, Typesetter
from deckpress.pipeline.load import load
from pdf_reader import Pdf

DECK = """\
title: Small Deck
slug: small
categories:
  - {slug: one, name: One}
  - {slug: two, name: Two}
  - {slug: three, name: Three}
"""
BREAK = "#pagebreak();\n#section("
BLANK = LastPage(balanced=True, tight=True)

Notes = dict[str, tuple[int, str]]


@pytest.fixture
def halve(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Return a function that sets the number of notes up to which a sheet has no break."""
    return lambda number: monkeypatch.setattr(sheet_source, "HALVED", number)


def deck_of(sources: Sources, notes: Notes) -> Deck:
    """Return a deck with so many notes in each category, and what each of them says."""
    sources.write("deck.yaml", DECK)
    for category, (number, says) in notes.items():
        each = (f"# Card{n}{category} {{#{category}{n}}}\n\n{says}\n\n" for n in range(number))
        sources.write(
            f"{category}.md", f"---\ncategory: {category}\ntags: [x]\n---\n\n{''.join(each)}"
        )
    return in_page_order(select(load(sources.root)))


def source_of(deck: Deck) -> str:
    """Return the source of its sheet."""
    return write_sheet(deck, Options())


def count(made: Pdf) -> list[str]:
    """Return how many notes of which category begin on each page."""
    found = [re.findall(r"Card\d+(one|two|three)", page) for page in made.pages]
    return [" ".join(f"{names.count(n)} {n}" for n in dict.fromkeys(names)) for names in found]


def set_sheet(deck: Deck, last_page: LastPage) -> Pdf:
    """Set a sheet once."""
    source = write_sheet(deck, Options(), last_page)
    typesetter = Typesetter(typeset_fonts(deck, source))
    return Pdf(typesetter.pdf(source, typst_files(deck), date=1))


@pytest.mark.parametrize("options", [{}, {"detail": "questions", "columns": 1}, {"detail": "full"}])
def test_second_half_begins_on_a_new_page(
    sources: Sources, halve: Callable[[int], None], options: dict[str, object]
) -> None:
    """Above the limit there is a break; outline, contents, heads, index, tags know both halves."""
    deck = deck_of(sources, {"one": (20, "Short."), "two": (20, "Short.")})
    given = Options(**options)  # type: ignore[arg-type]
    halve(40)
    whole = Pdf(EXPORTERS["pdf"](deck, given))
    halve(39)
    made = Pdf(EXPORTERS["pdf"](deck, given))
    assert count(made) == ["20 one", "20 two"] != count(whole)
    assert re.match(r"Small Deck\s*Two · Index\s*21–40\n", made.pages[1])
    assert made.outline == whole.outline
    assert made.tags == whole.tags
    assert made.inner_links == whole.inner_links > 0
    assert made.fonts == whole.fonts


CASES: dict[str, tuple[Notes, str]] = {
    "middle": ({"one": (4, "x"), "two": (4, "x"), "three": (9, "x")}, "Three"),
    "by size": ({"one": (4, "word " * 99), "two": (4, "x"), "three": (9, "x")}, "Two"),
    "large first": ({"one": (4, "word " * 300), "two": (4, "x"), "three": (9, "x")}, ""),
    "one section": ({"two": (17, "x")}, ""),
    "no middle": ({"one": (2, "x"), "two": (13, "x"), "three": (2, "x")}, ""),
    "few": ({"one": (8, "x"), "two": (8, "x")}, ""),
}


@pytest.mark.parametrize("case", CASES)
def test_where_the_break_is(sources: Sources, halve: Callable[[int], None], case: str) -> None:
    """Before the section that begins nearest to the middle of what is written, if one does."""
    halve(16)
    notes, wanted = CASES[case]
    found = source_of(deck_of(sources, notes)).partition(BREAK)[2].partition(")")[0]
    assert found.strip('"') == wanted


def test_our_limit_leaves_sheets_that_are_not_very_large_alone(sources: Sources) -> None:
    """A sheet has a break from 1,501 notes on; rows of pairs are no notes that count."""
    notes: Notes = {"one": (750, "x"), "two": (750, "x")}
    deck = deck_of(sources, notes)
    rows = "".join(f"| front{n} | back{n} |\n" for n in range(9))
    sources.write(
        "words.md", f"---\ncategory: two\n---\n\n# Words {{.pairs}}\n\n| a | b |\n|-|-|\n{rows}"
    )
    with_rows = in_page_order(select(load(sources.root)))
    assert len(with_rows.notes) == len(deck.notes) + 9
    assert BREAK not in source_of(with_rows)
    assert BREAK in source_of(deck_of(sources, notes | {"one": (751, "x")}))


def test_own_template_need_not_know_of_breaks(
    sources: Sources, halve: Callable[[int], None]
) -> None:
    """A `sheet.typ` of the deck's own may set it where pages cannot be broken."""
    halve(3)
    notes: Notes = {"one": (2, "x"), "two": (2, "x")}
    assert BREAK in source_of(deck_of(sources, notes))
    own = '#import "/shipped/sheet/sheet.typ": *\n#let sheet(body, ..given) = columns(2, body)\n'
    sources.write("templates/sheet/sheet.typ", own)
    assert BREAK not in source_of(deck_of(sources, notes))


def fill_pages(sources: Sources, pages: int, more: tuple[int, int]) -> Deck:
    """Return a deck whose halves fill so many pages each, and have so many notes more."""

    def notes(one: int, two: int) -> Deck:
        return deck_of(sources, {"one": (one, "Word."), "two": (two, "Word.")})

    found = count(set_sheet(notes(200, 200), LastPage()))
    at = next(at for at, page in enumerate(found) if "two" in page)
    first, then, opening, later = (int(found[n].split()[0]) for n in (0, 1, at, at + 1))
    return notes(first + (pages - 1) * then + more[0], opening + (pages - 1) * later + more[1])


def test_notes_of_either_half_stand_closer(sources: Sources, halve: Callable[[int], None]) -> None:
    """A page for two notes alone goes away, in the middle as at the end, in one setting."""
    halve(100)
    deck = fill_pages(sources, 7, (2, 2))
    blank = count(set_sheet(deck, LastPage()))
    assert blank[7::8] == ["2 one", "2 two"]
    made = count(set_sheet(deck, BLANK))
    assert [page.split()[1] for page in made] == ["one"] * 7 + ["two"] * 7
    assert sum(int(page.split()[0]) for page in made) == len(deck.notes)


@pytest.mark.parametrize(("more", "refused"), [((2, 6), "1.0"), ((6, 30), "")])
def test_smaller_type_is_for_the_last_page_only(
    sources: Sources, halve: Callable[[int], None], more: tuple[int, int], refused: str
) -> None:
    """Its pages are counted from the break on; an almost blank one before it may stay."""
    halve(100)
    deck = fill_pages(sources, 1, more)
    tried: list[str] = []

    def typeset(typesetter: Typesetter, source: str) -> Pdf:
        try:
            return Pdf(typesetter.pdf(source, typst_files(deck), date=1))
        except TypesetError as error:
            tried.append(error.problem.message)
            raise

    made = count(settle(deck, Options(), typeset))
    assert len(tried) == bool(refused)
    assert all(f"blank last page: {refused}" in message for message in tried)
    if not refused:
        assert made[1] == "6 one"
        assert len(made) == 4


def test_page_in_the_middle_is_balanced(sources: Sources, halve: Callable[[int], None]) -> None:
    """The notes before the break stand side by side, not all in the first column."""
    halve(11)
    deck = deck_of(sources, {"one": (6, "word " * 40), "two": (6, "word " * 40)})
    made = Pdf(EXPORTERS["pdf"](deck, Options()))
    for page in range(2):
        places = made.places(page)
        assert {int(x // 190) for text, (x, _) in places.items() if "Card" in text} == {0, 1, 2}
