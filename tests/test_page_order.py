"""In which order the notes of a category stand on pages: what is learned first comes first."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from conftest import DECK_YAML, Sources
from deckpress import EXPORTERS, build
from deckpress.decks.deck import Deck
from deckpress.decks.page_order import in_page_order
from deckpress.decks.release import select
from deckpress.decks.selection import Selection
from deckpress.exporters.options import Options
from deckpress.exporters.pdf import cards, sheet
from deckpress.exporters.pdf.pages import rank_notes
from deckpress.exporters.pdf.parts import Limits
from deckpress.pipeline.build import Build, Work
from deckpress.pipeline.load import load
from pdf_reader import Pdf

Write = Callable[[Mapping[str, str]], Sources]

AS_WRITTEN = "new_cards: as-written\n"


def note(name: str, heads: str = "") -> str:
    """Return a note that says its id, and can be found by it on a page."""
    return f"# Which is ask-{name}? {{#{name} {heads}}}\n\nIt is ask-{name}.\n\n"


FILES = {
    "one/a.md": note("a", "difficulty=hard") + note("b") + note("c", "difficulty=easy"),
    "one/d.md": note("d", "difficulty=hard importance=high") + note("e", "difficulty=medium"),
    "one/f.md": note("f", "difficulty=hard"),
    "two/g.md": note("g", "difficulty=easy") + note("h", "difficulty=easy importance=low"),
}
PAGES = {
    "html": ("html", Options()),
    "short": ("pdf", Options()),
    "full": ("pdf", Options(detail="full")),
    "questions": ("pdf", Options(detail="questions")),
    "brief": ("pdf", Options(detail="brief")),
    "one page": ("pdf", Options(detail="brief", pages=1)),
    "paper cards": ("cards", Options()),
}


def deck_of(sources: Sources, more: str = "", selection: Selection = Selection()) -> Deck:  # noqa: B008
    """Return a selection of the deck, with more in its deck.yaml."""
    sources.write("deck.yaml", DECK_YAML + more)
    return select(load(sources.root), selection)


def order_on(pages: str, deck: Deck) -> str:
    """Return the names of notes as they stand on pages."""
    name, options = PAGES[pages]
    made = EXPORTERS[name](deck, options)
    text = made.decode() if name == "html" else Pdf(made).text
    return "".join(dict.fromkeys(re.findall(r"ask-([a-z])", text)))


@pytest.mark.parametrize("pages", PAGES)
def test_what_a_reader_meets_first(write_all: Write, pages: str) -> None:
    """In each category the core, then what is important, then what is easy, as in Anki."""
    sources = write_all(FILES)
    assert order_on(pages, deck_of(sources, "core: [f]\n")) == "fdcbeagh"
    assert order_on(pages, deck_of(sources, AS_WRITTEN + "core: [f]\n")) == "abcdefgh"


def test_the_preview_s_pages(write_all: Write) -> None:
    """The preview sets the same sheet as a build, from the same source."""
    deck = deck_of(write_all(FILES), "core: [f]\n")
    source = sheet.settle(deck, Options(), lambda typesetter, source: source)
    assert "".join(dict.fromkeys(re.findall(r"ask-([a-z])", source))) == "fdcbeagh"


def test_equals_stay_as_they_are_written(write_all: Write) -> None:
    """A deck that says nothing of its notes, or the same of all, reads as its files do."""
    plain = {name: re.sub(r" [a-z]+=[a-z]+", "", text) for name, text in FILES.items()}
    deck = deck_of(write_all(plain))
    assert in_page_order(deck).notes == deck.notes
    assert order_on("html", deck) == order_on("short", deck) == "abcdefgh"


def test_data_stay_as_they_are_written(write_all: Write) -> None:
    """Tables, JSON and the book are no pages."""
    deck = deck_of(write_all(FILES), "core: [f]\n")
    for name in ("csv", "tsv", "md"):
        found = re.findall(r"ask-([a-z])", EXPORTERS[name](deck).decode())
        assert "".join(dict.fromkeys(found)) == "abcdefgh"
    assert [each["id"] for each in json.loads(EXPORTERS["json"](deck))["notes"]] == [*"abcdefgh"]


def test_numbers_lead_to_notes_where_they_stand(write_all: Write) -> None:
    """The index gives the number that a note has on the page."""
    sources = write_all({**FILES, "one/a.md": note("a", "difficulty=hard tags=rare") + note("b")})
    text = Pdf(EXPORTERS["pdf"](deck_of(sources, "core: [f]\n"))).text
    assert "5Whichisask-a?" in text
    assert "Topicsrare5Small" in text


def test_a_large_sheet(write_all: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is set in parts has the order of the whole, and so have paper cards."""
    sources = write_all(FILES)
    deck = deck_of(sources, "core: [f]\n")
    for module in (sheet, cards):
        monkeypatch.setattr(module, "LIMITS", Limits(whole=1, part=300))
    for pages in ("full", "paper cards"):
        assert order_on(pages, deck) == "fdcbeagh"


COMPANY = {
    "companies.yaml": """\
companies:
  - slug: acme
    name: Acme
    facts:
      - {key: both, kind: asked, source: talk, says: Two of them}
      - {key: about, kind: subject, source: talk, says: About it}
""",
    "sources.yaml": "sources:\n  talk: {title: A talk, grade: A}\n",
    "one/a.md": "---\ncompanies: {acme: both}\n---\n" + note("a", "difficulty=hard"),
    "one/b.md": "---\ncompanies: {acme: both}\n---\n" + note("b", "difficulty=easy"),
    "one/c.md": "---\ncompanies: {acme: about}\n---\n" + note("c", "difficulty=hard"),
    "one/d.md": "---\ncompanies: {acme: about}\n---\n" + note("d", "difficulty=easy"),
    "two/e.md": "---\ncompanies: {acme: both}\n---\n" + note("e", "difficulty=easy"),
}


@pytest.mark.parametrize("pages", ["html", "short", "full", "paper cards"])
def test_parts_of_a_company_s_deck(write_all: Write, pages: str) -> None:
    """Each part has its categories in order, and in each of them what is learned first."""
    sources, acme = write_all(COMPANY), Selection(companies=("acme",))
    assert order_on(pages, deck_of(sources, selection=acme)) == "baedc"
    assert order_on(pages, deck_of(sources, AS_WRITTEN, acme)) == "abecd"


def test_the_page_of_a_company_names_notes_in_their_order(write_all: Write) -> None:
    """Of a question that several notes answer, it gives rising numbers, and names as they stand."""
    deck = deck_of(write_all(COMPANY), selection=Selection(companies=("acme",)))
    assert "·card1,2,3With" in Pdf(EXPORTERS["pdf"](deck)).text
    links = '<a href="#b">b</a>, <a href="#a">a</a>, <a href="#e">e</a>'
    assert links in EXPORTERS["html"](deck).decode()


ROWS = "key,front,back,difficulty\n"
LEVELS = ("hard", "", "easy")


def tables(deck: Deck) -> list[str]:
    """Return the notes of the HTML sheet: those of each table, and each card."""
    page = EXPORTERS["html"](deck).decode()
    found = re.findall(r"<tbody>\s*<tr.*?</tbody>|<article class=\"note.*?>", page, re.DOTALL)
    return ["".join(re.findall(r'class="note[^>]* id="([a-z])"', each)) for each in found]


def test_a_table_of_word_pairs_stays_whole(write_all: Write) -> None:
    """It stands where the row would that is learned first; its rows keep their author's order."""
    sources = write_all(
        {
            "one/a.md": note("a", "difficulty=hard"),
            "one/b.words.csv": ROWS + "x,ask-x,ex,hard\ny,ask-y,why,easy\nz,ask-z,zed,\n",
            "one/c.md": note("c", "difficulty=medium"),
            "one/d.words.csv": ROWS + "p,ask-p,pea,\nq,ask-q,cue,\n",
            "one/e.md": note("e", "difficulty=hard") + note("f", "difficulty=hard"),
        }
    )
    deck = deck_of(sources, "core: [f]\n")
    assert tables(deck) == ["f", "xyz", "c", "pq", "a", "e"]
    assert order_on("short", deck) == "fxyzcpqae"
    assert order_on("paper cards", deck) == "fxyzcpqae"
    assert in_page_order(in_page_order(deck)).notes == in_page_order(deck).notes
    written = deck_of(sources, AS_WRITTEN)
    assert tables(written) == ["a", "xyz", "c", "pq", "e", "f"]
    assert order_on("short", written) == "axyzcpqef"


def test_a_deck_of_words_is_not_torn(write_all: Write) -> None:
    """Where there is nothing but words, they stand as they did, easy or not."""
    rows = [f"{name},ask-{name},x,{level}" for name, level in zip("abc", LEVELS, strict=True)]
    deck = deck_of(write_all({"one/words.csv": ROWS + "\n".join(rows) + "\n"}), "core: [c]\n")
    assert tables(deck) == ["abc"]
    assert order_on("short", deck) == "abc"


def test_a_full_page_takes_the_core_first(write_all: Write) -> None:
    """Among notes of one weight, a sheet of few pages has those that are learned first."""
    files = {f"one/{name}.md": note(name) for name in "abcd"}
    deck = deck_of(write_all(files), "core: [d, c]\n")
    assert "".join(each.id for each in rank_notes(deck, deck.notes)) == "dcab"


def test_an_order_that_changes_is_not_remembered(
    write_all: Write, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Whatever decides the order changes: with the cache of before, pages are those made anew."""
    sources = write_all(FILES)
    cache = tmp_path_factory.mktemp("remembered")
    seen: set[tuple[Options, bytes]] = set()

    def same_as_anew() -> None:
        for options in (Options(), Options(detail="full"), Options(detail="brief", pages=1)):
            made = [
                {output.path.name: output.path.read_bytes() for output in done.outputs}
                for work in (Work(1, cache), Work(1, cache), Work(1))
                for done in [build_pages(sources.root, options, work)]
            ]
            assert made[0] == made[1] == made[2]
            pages = options, b"".join(made[0].values())
            assert pages not in seen
            seen.add(pages)

    same_as_anew()
    sources.write("deck.yaml", f"{DECK_YAML}core: [f]\n")
    same_as_anew()
    sources.write("deck.yaml", f"{DECK_YAML}core: [e, f]\n")
    same_as_anew()
    sources.write("one/f.md", note("f", "difficulty=hard") + note("i"))
    same_as_anew()
    sources.write("one/f.md", note("f", "difficulty=hard") + note("i", "importance=high"))
    same_as_anew()
    sources.write("one/a.md", FILES["one/a.md"].replace("hard", "easy"))
    same_as_anew()
    sources.write("deck.yaml", f"{DECK_YAML}core: [e, f]\n{AS_WRITTEN}")
    same_as_anew()


def build_pages(root: Path, options: Options, work: Work) -> Build:
    """Build all pages."""
    return build(root, Path("out"), formats=["html", "pdf", "cards"], options=options, work=work)
