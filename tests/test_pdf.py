"""The sheet as PDF, read back: nothing is lost, and it is what print and readers need."""

from __future__ import annotations

import math
import re
from dataclasses import replace

import pytest

from conftest import Sources
from deckpress import EXPORTERS
from deckpress.decks.release import select
from deckpress.decks.selection import Selection
from deckpress.exporters.options import Options
from deckpress.exporters.pdf.sheet import settle
from deckpress.exporters.pdf.sheet_source import LastPage, write_sheet
from deckpress.exporters.pdf.typeset import typeset_fonts, typst_files
from deckpress.markup.typesetter import TypesetError, Typesetter
from deckpress.pipeline.load import load
from deckpress.tree.node import plain_text, walk
from pdf_reader import Pdf, squeeze
from real_deck import RealDeck
from torture import CARDS, CODE, FORMULA, HEADS, TALL


@pytest.fixture(scope="module")
def real(real_deck: RealDeck) -> Pdf:
    """Return the sheet of the deck in this repository."""
    return Pdf(real_deck.export("pdf"))


@pytest.fixture
def torture(sources: Sources) -> Sources:
    """Return a deck of hard notes."""
    sources.write("hard.md", CARDS)
    sources.write("tall.svg", TALL)
    return sources


def sheet(sources: Sources, **options: object) -> Pdf:
    """Return the sheet of a deck."""
    return Pdf(sources.build(formats=["pdf"], options=Options(**options)))  # type: ignore[arg-type]


def test_nothing_of_the_real_deck_is_lost(real: Pdf, real_deck: RealDeck) -> None:
    """Every question and every word of every short answer is in the text, every figure described."""
    text = real.text
    for note, content in real_deck.contents:
        for node in walk((*content.question, *content.answer)):
            if node.kind in ("text", "code"):
                for word in node.text.split():
                    assert squeeze(word) in text, (note.id, word)
        for node in walk((*content.front, *content.answer)):
            if node.kind == "image":
                assert node.text in real.alternatives, note.id
            if node.kind == "math_block" and note.kind != "cloze":
                assert node.text.strip() in real.alternatives, note.id


def test_real_deck_is_dense(real: Pdf, real_deck: RealDeck) -> None:
    """A page of the real deck holds at least 750 words of prose."""
    words = sum(
        len(re.findall(r"[A-Za-z]{2,}", plain_text((*c.question, *c.front, *c.answer))))
        for _, c in real_deck.contents
    )
    assert words / len(real.pages) > 750


def test_outline_and_contents(real: Pdf, real_deck: RealDeck) -> None:
    """The outline has sections and questions, and the contents lead to every section."""
    collection = real_deck.release.collection
    sections = [title for level, title in real.outline if level == 1]
    assert sections == [*(category.name for category in collection.info.categories), "Index"]
    assert sum(level == 2 for level, _ in real.outline) == len(collection.notes)
    assert real.inner_links >= len(sections)


def test_index(sources: Sources) -> None:
    """The index leads from companies and topics to the numbers of their cards."""
    sources.write("companies.yaml", "companies:\n  - {slug: meta, name: Meta}\n")
    sources.write(
        "a.md",
        "---\ncategory: one\ncompanies: [meta]\ntags: [tree, bush]\n---\n# Q?\n\nx\n",
    )
    made = sheet(sources)
    assert "IndexCompaniesMeta1Topicsbush1tree1" in made.text
    assert made.inner_links == 5


def test_running_head_and_page_numbers(real: Pdf, real_deck: RealDeck) -> None:
    """Every page has its number, and every page but the first the title and a section on top."""
    names = [*(category.name for category in real_deck.release.collection.info.categories), "Index"]
    for number, page in enumerate(real.pages, 1):
        assert f"{number} / {len(real.pages)}" in page
        if number > 1:
            top = squeeze(page)[:200]
            assert top.startswith("MLInterviews")
            assert any(squeeze(name) in top for name in names)


def test_tags_metadata_and_fonts(real: Pdf) -> None:
    """The file is tagged, says that it is PDF/UA-1, names title and author, and embeds its fonts."""
    assert real.root["/MarkInfo"]["/Marked"]
    assert real.root["/Lang"] == "en"
    metadata = real.root["/Metadata"].get_object().get_data().decode()
    assert "<pdfuaid:part>1</pdfuaid:part>" in metadata
    assert real.reader.metadata is not None
    assert real.reader.metadata.title == "ML Interviews"
    assert real.reader.metadata.author == "The deckpress contributors"
    assert {"/H1", "/H2", "/Table", "/TH", "/Figure", "/Formula", "/L", "/Link"} <= real.tags
    assert {"SheetSans-Regular", "SheetSans-Bold", "SheetCode-Regular"} <= set(real.fonts)
    assert all(real.fonts.values())


@pytest.mark.parametrize(
    ("options", "size"),
    [
        ({}, (595, 842)),
        ({"paper": "letter"}, (612, 792)),
        ({"landscape": True}, (842, 595)),
        ({"paper": "letter", "landscape": True}, (792, 612)),
        ({"large": True}, (595, 842)),
    ],
)
def test_paper(sources: Sources, options: dict[str, object], size: tuple[int, int]) -> None:
    """The page has the size that was asked for."""
    sources.write("a.md", "---\ncategory: one\n---\n# Q?\n\nx\n")
    assert sheet(sources, **options).sizes == {size}


def test_columns_of_variants() -> None:
    """Three columns, four on landscape paper, two in large type, or as many as were asked for."""
    assert Options().column_count == 3
    assert Options(landscape=True).column_count == 4
    assert Options(large=True).column_count == 2
    assert Options(columns=5).column_count == 5


def test_variants_have_names_of_their_own(sources: Sources) -> None:
    """A variant does not overwrite the usual sheet."""
    sources.write("a.md", "---\ncategory: one\n---\n# Q?\n\nx\n")
    options = Options("letter", "full", landscape=True, large=True)
    assert sources.build(formats=["pdf"]).name == "small.pdf"
    path = sources.build(formats=["pdf"], options=options)
    assert path.name == "small-letter-full-landscape-large.pdf"


def test_details(sources: Sources) -> None:
    """The sheet prints question and short answer, or also the rest, or questions only."""
    sources.write(
        "a.md",
        "---\ncategory: one\nsources: [{title: Book, url: 'https://example.org/b'}]\n---\n"
        "# Quest?\n\nshort\n\nlong\n\n## Pitfalls\n\npit\n",
    )
    short, full, questions = (
        sheet(sources, detail=detail).text for detail in ("short", "full", "questions")
    )
    assert "short" in short
    assert "long" not in short
    assert all(word in full for word in ("short", "long", "Pitfalls", "pit", "Book"))
    assert "☐1Quest?" in questions
    assert "short" not in questions


def test_sections_of_a_company_say_why(real_deck: RealDeck) -> None:
    """In a company's sheet every section is named once, with the part of the deck it belongs to."""
    deck = select(real_deck.release, Selection(companies=("amazon",)))
    sections = [title for level, title in Pdf(EXPORTERS["pdf"](deck)).outline if level == 1]
    assert len(sections) == len(set(sections))
    assert any(title.endswith("· asked") for title in sections)


def test_last_page_is_balanced(sources: Sources) -> None:
    """A few cards stand side by side, not all in the first column."""
    cards = "".join(f"# Card{n}x {{#c{n}}}\n\n{'word ' * 40}\n\n" for n in range(6))
    sources.write("a.md", f"---\ncategory: one\n---\n\n{cards}")
    places = sheet(sources).places(0)
    columns = {int(x // 190) for text, (x, _) in places.items() if "Card" in text}
    assert columns == {0, 1, 2}


def test_type_is_as_much_smaller_as_an_almost_blank_last_page_takes(sources: Sources) -> None:
    """A sheet of 41.09 pages, which may not even hold, is set in 99.6 %, then smaller once more."""
    sources.write("a.md", "---\ncategory: one\n---\n\n# Question {#q}\n\nAnswer.\n")
    deck = select(load(sources.root))
    refused = ["41.091", "41.02"]
    tried = []

    def typeset(typesetter: Typesetter, source: str) -> str:
        tried.append(source)
        if refused:
            message = f"an almost blank last page: {refused.pop(0)} pages"
            unstable = "warning: document did not converge within five attempts\n\n" * len(refused)
            raise TypesetError(f"{unstable}error: panicked with: {message}")
        return source

    settle(deck, Options(), typeset)
    tight = LastPage(balanced=True, tight=True)
    assert tried == [
        write_sheet(deck, Options(), replace(tight, scale=scale))
        for scale in (1, 0.9963, 0.99370962)
    ]


def test_notes_stand_closer_so_that_an_almost_blank_last_page_goes_away(sources: Sources) -> None:
    """Two notes that would have the seventh page alone find room on the sixth, in one setting."""

    def typeset(number: int, last_page: LastPage) -> Pdf:
        cards = "".join(f"# Card{n}x {{#c{n}}}\n\nWord.\n\n" for n in range(number))
        sources.write("a.md", f"---\ncategory: one\n---\n\n{cards}")
        deck = select(load(sources.root))
        source = write_sheet(deck, Options(), last_page)
        files = typst_files(deck)
        return Pdf(Typesetter(typeset_fonts(deck, source)).pdf(source, files, date=1))

    first, second = (page.count("Card") for page in typeset(300, LastPage()).pages[:2])
    few = first + 5 * second + 2
    assert [page.count("Card") for page in typeset(few, LastPage()).pages][6:] == [2]
    made = typeset(few, LastPage(balanced=True, tight=True))
    assert [page.count("Card") for page in made.pages][6:] == []
    assert "".join(made.pages).count("Card") == few


def test_code_has_the_whole_width(sources: Sources) -> None:
    """A line of 40 signs fits in one of three columns."""
    code = f"```text\n{'x' * 40}\n```"
    sources.write("a.md", f"---\ncategory: one\n---\n\n# Question {{#q}}\n\nAnswer.\n\n{code}\n")
    assert "↪" not in sheet(sources, detail="full").pages[0]


def test_code_goes_on_below_with_a_whole_comment(sources: Sources) -> None:
    """No row ends with `#`, and none is a bracket or a colon alone."""
    comment = f"{'x' * 18} = {'y' * 16}  # note"
    header = f"def {'f' * 34}(aaa):"
    code = f"```python\n{comment}\n{header}\n```"
    sources.write("a.md", f"---\ncategory: one\n---\n\n# Question {{#q}}\n\nAnswer.\n\n{code}\n")
    rows = [row.strip() for row in sheet(sources, detail="full").pages[0].splitlines()]
    continued = [row.replace(" ", "") for row in rows if row.startswith("↪")]
    assert continued == ["↪#note", "↪aaa):"]


def test_columns_of_the_contents_are_level(real: Pdf, real_deck: RealDeck) -> None:
    """The rows of all three columns of the contents stand equally high."""
    names = [category.name for category in real_deck.release.collection.info.categories]
    places = real.places(0)
    rows = {round(places[name][1], 1) for name in names if name in places}
    assert len(rows) == math.ceil((len(names) + 1) / 3)


def test_columns_are_filled(sources: Sources) -> None:
    """A note that does not fit goes on in the next column, its head with two lines of it."""
    texts = (" ".join(f"word{n}x{k}" for k in range(110)) for n in range(30))
    cards = "".join(f"# Card{n}x {{#c{n}}}\n\n{text}\n\n" for n, text in enumerate(texts))
    sources.write("a.md", f"---\ncategory: one\n---\n\n{cards}")
    made = sheet(sources)
    assert len(made.pages) > 1
    for number in range(len(made.pages) - 1):
        lowest: dict[int, float] = {}
        for text, (x, y) in made.places(number).items():
            if "word" in text:
                column = int(x // 190)
                lowest[column] = min(lowest.get(column, 1000), y)
        assert set(lowest) == {0, 1, 2}
        assert max(lowest.values()) < 70


def test_index_has_names_and_runs(sources: Sources) -> None:
    """Topics are written as the deck writes them, and runs of numbers are drawn together."""
    cards = "".join(f"# Is KL card {n}? {{#c{n}}}\n\nx\n\n" for n in range(4))
    sources.write("a.md", f"---\ncategory: one\ntags: [kl-rule]\n---\n{cards}")
    assert "KLrule1–4" in sheet(sources).text


def test_head_has_the_numbers_of_the_notes(sources: Sources) -> None:
    """The head of a page tells which notes begin on it."""
    cards = "".join(f"# Card{n}x {{#c{n}}}\n\n{'word ' * 130}\n\n" for n in range(60))
    sources.write("a.md", f"---\ncategory: one\n---\n\n{cards}")
    pages = sheet(sources).pages
    begun = [[int(n) for n in re.findall(r"(\d+) Card\d+x", page)] for page in pages]
    assert len(pages) > 2
    for page, numbers in list(zip(pages, begun, strict=True))[1:]:
        assert f"{numbers[0]}–{numbers[-1]}" in page


def test_sheet_that_cannot_be_balanced_is_made(real_deck: RealDeck) -> None:
    """Where balancing does not settle, the sheet is set without it."""
    deck = select(real_deck.release, Selection(difficulties=("easy",)))
    assert len(Pdf(EXPORTERS["pdf"](deck)).pages) > 1


def test_links_of_texts_and_sources(sources: Sources) -> None:
    """Links in texts and of sources lead where they say."""
    sources.write(
        "a.md",
        "---\ncategory: one\nsources: [{title: Book, url: 'https://example.org/b'}]\n---\n"
        "# Q?\n\n[a](https://example.org/a)\n",
    )
    assert sheet(sources, detail="full").links == {"https://example.org/a", "https://example.org/b"}


@pytest.mark.parametrize("options", [{}, {"landscape": True}, {"large": True}])
def test_hard_notes_come_out_whole(torture: Sources, options: dict[str, object]) -> None:
    """A long formula, wide code and table, a tall figure and foreign scripts are all there."""
    made = sheet(torture, **options)
    text = made.text
    assert f"L = {FORMULA}" in made.alternatives
    assert all(squeeze(f"𝛼{n}𝑥") in text or f"{n}" in text for n in range(1, 14))
    assert squeeze(CODE) in text
    assert all(word in text for word in (*HEADS, "internationalization", "seven", "lastcell"))
    assert "a tall frame" in made.alternatives
    assert "Whatitshows" in text
    assert "Emoji😀and中文字符andไทย" in text
    assert "日本語and한국어and代码toitsend." in text
    assert all(word in text for word in ("שלום", "טקסט", "בעברית"))


def test_no_text_leaves_the_page(torture: Sources) -> None:
    """Every piece of text begins inside its page's margins."""
    made = sheet(torture)
    for number, page in enumerate(made.reader.pages):
        for text, (x, y) in made.places(number).items():
            assert 20 <= x <= float(page.mediabox.width) - 20, text
            assert 10 <= y <= float(page.mediabox.height) - 10, text


def test_texts_are_never_code(torture: Sources) -> None:
    """What is code or markup in Typst stands in the sheet as it was written."""
    text = sheet(torture).text
    assert squeeze('Not Typst: #eval("1") [x] @ref // no comment /* none */ $y$') in text
    assert squeeze('#sys.version #let x = ""; *not strong* = no heading') in text.replace("\\", "")


def test_same_bytes_twice(torture: Sources) -> None:
    """The same sources make the same bytes."""
    first = torture.build(formats=["pdf"]).read_bytes()
    assert torture.build(formats=["pdf"]).read_bytes() == first


def test_characters_of_question_titles_in_outline(torture: Sources) -> None:
    """The outline names questions in any script."""
    assert (2, "5 Emoji 😀 and 中文字符 and ไทย") in sheet(torture).outline
