"""The page a company's sheet opens with, read back from the PDF and in Chromium."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from browser import Sheet
from conftest import Sources
from deckpress import Selection, SourceError
from deckpress.companies.deck_parts import CORE, STRESSED
from deckpress.companies.page import CompanyPage, company_pages
from deckpress.decks.release import select
from deckpress.exporters.options import Options
from deckpress.pipeline.load import load
from pdf_reader import Pdf, squeeze

COMPANIES = """\
companies:
  - slug: meta
    name: Meta
    facts:
      - {key: drop, kind: asked, source: review, says: A metric drops}
      - {key: tree, kind: asked, source: guide, says: A tree}
      - {key: feed, kind: subject, source: guide, says: The feed}
    emphasis:
      - {tags: [cold-start], source: rumour, says: Much about users without history}
      - {categories: [two], source: guide, says: Four rounds with much of two}
    rounds:
      - {source: review, says: Five rounds, role: MLE}
      - {source: guide, says: Four rounds with much of two}
  - {slug: tesla, name: Tesla}
  - {slug: acme, name: Acme, rounds: [{source: other, says: Ten rounds}]}
"""
SOURCES = """\
sources:
  review: {title: A review, site: example.org, path: /a, grade: A, date: "2025-01-02"}
  guide: {title: A guide, site: A printed guide, path: /b, grade: B}
  rumour: {title: A list, grade: C}
  other: {title: Of no use here, grade: A}
"""
CARDS = {
    "one/drop.md": "---\ncompanies: {meta: [drop, tree]}\n---\n# Drop?\n\nx\n",
    "one/tree.md": "---\ncompanies: {meta: tree}\n---\n# Tree?\n\nx\n",
    "one/feed.md": "---\ncompanies: {meta: feed}\n---\n# Feed?\n\nx\n",
    "one/cold.md": "---\ntags: [cold-start]\n---\n# Cold?\n\nx\n",
    "one/core.md": "# Core?\n\nx\n",
    "one/other.md": "# Other?\n\nx\n",
    "two/two.md": "---\ndifficulty: hard\n---\n# Two?\n\nx\n",
}
META = Selection(companies=("meta",))
TESLA = Selection(companies=("tesla",))
BOTH = Selection(companies=("meta", "tesla"))
SEARCH = "tag:company::meta or tag:company::meta::* or tag:topic::cold-start or tag:category::two"


@pytest.fixture
def deck(sources: Sources) -> Sources:
    """Return a deck with a company of which much is known, and one of which nothing is."""
    text = (sources.root / "deck.yaml").read_text(encoding="utf-8")
    files = {"deck.yaml": text + "core: [core]\n", "companies.yaml": COMPANIES}
    for name, content in {**files, "sources.yaml": SOURCES, **CARDS}.items():
        sources.write(name, content)
    return sources


@pytest.fixture
def sheet(deck: Sources, chromium: Browser) -> Iterator[Sheet]:
    """Return Meta's open sheet."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, offline=True)
    yield Sheet(context.new_page(), deck.build(formats=["html"], selection=META)).open()
    context.close()


def pages(deck: Sources, selection: Selection) -> tuple[CompanyPage, ...]:
    """Return the pages of a selection."""
    chosen = select(load(deck.root), selection)
    return company_pages(chosen.collection, chosen.companies, chosen.notes, chosen.parts)


def read_pdf(deck: Sources, selection: Selection) -> Pdf:
    """Return the sheet of a selection as PDF."""
    return Pdf(deck.build(formats=["pdf"], selection=selection))


def test_counts_say_how_strong_the_evidence_is(deck: Sources) -> None:
    """A note counts once, with its best grade; who is named only is not said to be stressed."""
    (page,) = pages(deck, META)
    assert [(count.part, count.notes, count.says) for count in page.counts] == [
        (
            "Asked",
            2,
            "reported as asked at Meta; best evidence for each: "
            "candidate report (1), question bank or guide (1)",
        ),
        (
            "Emphasis",
            3,
            "on what Meta is reported to stress (2), or about Meta or answered by its people (1)",
        ),
        ("Core", 1, "general questions, since the company has few of its own"),
    ]
    assert (page.search, page.finds) == (
        SEARCH, "finds the 5 asked and emphasis notes in the full deck",
    )  # fmt: skip


def test_of_some_notes_the_page_says_that_the_search_finds_more(deck: Sources) -> None:
    """Counts are of the notes that are there; the search knows nothing of other options."""
    (page,) = pages(deck, Selection(companies=("meta",), difficulties=("hard",)))
    assert [(count.part, count.notes) for count in page.counts] == [("Asked", 0), ("Emphasis", 1)]
    assert page.counts[0].says == "2 questions are reported as asked at Meta, without a card here"
    assert page.finds == "finds 5 asked and emphasis notes in the full deck (1 of them here)"


def test_sources_are_those_of_the_page_and_of_its_notes(deck: Sources) -> None:
    """They are numbered as the page cites them; only an address that can be followed is a link."""
    (page,) = pages(deck, META)
    assert [(s.number, s.title, s.url, s.standing, s.notes) for s in page.sources] == [
        (1, "A review", "https://example.org/a", "candidate report, 2025-01-02", ("drop",)),
        (2, "A guide", "", "question bank or guide, undated", ("drop", "tree", "feed")),
        (3, "A list", "", "unsourced list, undated", ()),
    ]


def test_only_a_deck_chosen_by_companies_has_pages(deck: Sources) -> None:
    """Other decks have none; several companies have one each, in the order they were asked for."""
    assert pages(deck, Selection()) == pages(deck, Selection(where="company:meta")) == ()
    assert [(page.name, page.brief) for page in pages(deck, META)] == [("Meta", False)]
    assert [(page.name, page.brief) for page in pages(deck, BOTH)] == [
        ("Meta", True), ("Tesla", True),
    ]  # fmt: skip


def test_pdf_opens_with_the_page(deck: Sources) -> None:
    """The PDF holds all of it before the first section, and leads to notes and sources."""
    made = read_pdf(deck, META)
    (page,) = pages(deck, META)
    words = [page.title, "MLE: Five rounds [1] candidate report, 2025-01-02"]
    words += ["cold start (1): Much about users without history [3] unsourced list, undated"]
    words += ["Two (1): as under Rounds [2] question bank or guide, undated"]
    words += [word for count in page.counts for word in (f"{count.part} {count.notes}", count.says)]
    words += [SEARCH, "A review, example.org, candidate report, 2025-01-02; note 1"]
    places = [made.text.index(squeeze(word)) for word in words]
    assert max(places) < made.text.index(squeeze("1 Drop?"))
    assert made.outline[:2] == [(1, "Interviews at Meta, as reported"), (1, "One · asked")]
    assert "Of no use" not in made.text
    assert made.inner_links > 8


@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize("landscape", [False, True])
def test_pdf_cuts_no_report(deck: Sources, large: bool, landscape: bool) -> None:
    """What is taller than a page goes on at the head of the next; nothing runs into the foot."""
    long = "a question about the ways in which one would scale such a model " * 3
    facts = "".join(
        f"      - {{key: k{n}, kind: asked, source: review, says: asked{n}z {long}}}\n"
        for n in range(60)
    )
    rounds = "".join(
        f"      - {{source: guide, says: told{n}z {long}, role: MLE,"
        f" stages: [{{name: first{n}z, what: {long}}}]}}\n"
        for n in range(30)
    )
    stresses = "".join(
        f"      - {{categories: [two], source: guide, says: stress{n}z {long}}}\n"
        for n in range(30)
    )
    text = COMPANIES.replace("    facts:\n", f"    facts:\n{facts}", 1)
    text = text.replace("    emphasis:\n", f"    emphasis:\n{stresses}", 1)
    text = text.replace("    rounds:\n", f"    rounds:\n{rounds}", 1)
    deck.write("companies.yaml", text)
    options = Options(large=large, landscape=landscape)
    pdf = Pdf(deck.build(formats=["pdf"], selection=META, options=options))
    found = {}
    for number in range(len(pdf.pages)):
        for words, (_, y) in pdf.places(number).items():
            for name in re.findall(r"(?:asked|told|first|stress)\d+z", words):
                assert name not in found
                found[name] = y
    assert len(found) == 60 + 3 * 30
    assert min(found.values()) > 11 * 72 / 25.4


def test_pdf_of_a_company_without_reports_says_so(deck: Sources) -> None:
    """Nothing is made up where nothing is known; the core fills the sheet."""
    text = read_pdf(deck, TESLA).text
    for words in (
        "No source here reports its rounds.",
        "No source here reports what it stresses.",
        "Asked 0: no question is reported as asked at Tesla",
        "Core 1: general questions",
    ):
        assert squeeze(words) in text
    assert "Sources" not in text


def test_pdf_of_two_companies_has_two_short_pages(deck: Sources) -> None:
    """Each has its own, which names its sources where it leans on them."""
    text = read_pdf(deck, BOTH).text
    assert text.index("InterviewsatMeta,") < text.index("InterviewsatTesla,")
    assert squeeze("MLE: Five rounds A review, candidate report, 2025-01-02") in text
    assert "Sources" not in text


def test_html_opens_with_the_page(sheet: Sheet) -> None:
    """The page comes before the notes, with its links; its text is that of the PDF."""
    assert sheet.run("document.querySelector('main article').id") == "_company_meta"
    text = " ".join(sheet.text(".company").split())
    assert "MLE: Five rounds [1] candidate report, 2025-01-02" in text
    assert "Two (1): as under Rounds [2] question bank or guide, undated" in text
    assert "Asked 2: reported as asked at Meta; best evidence" in text
    assert SEARCH in text
    links = sheet.run("[...document.querySelectorAll('.company a')].map(a => a.href)")
    assert [link for link in links if "#" not in link] == ["https://example.org/a"]
    inner = sheet.run(
        "[...document.querySelectorAll('.company a[href^=\"#\"]')]"
        ".every(a => document.querySelector(a.hash))"
    )
    assert inner


def test_html_groups_notes_by_part(sheet: Sheet) -> None:
    """A company's notes stand under Asked, Emphasis and Core, each with its category."""
    found = sheet.run(
        "[...document.querySelectorAll('.part')].map(p => [p.querySelector('h2').innerText,"
        " ...[...p.querySelectorAll('article')].map(n => n.id)])"
    )
    assert found == [
        ["Asked", "drop", "tree"], ["Emphasis", "cold", "feed", "two"], ["Core", "core"],
    ]  # fmt: skip
    assert sheet.text("#two .category") == "Two"
    assert sheet.text("nav li:nth-child(2) .number") == "3"


def test_filters_leave_the_page_alone(sheet: Sheet) -> None:
    """It is no note: filters, keys, counts and the drill pass it by, and it is printed."""
    assert sheet.choose("difficulty", "hard") == ["two"]
    assert sheet.text("#_count") == "1 of 6 notes: hard"
    assert sheet.search("nothing has this") == []
    assert sheet.shows(".company")
    sheet.page.click("#_clear")
    sheet.page.click(".company h2")
    sheet.page.keyboard.press("j")
    assert sheet.run("document.activeElement.id") == "drop"
    sheet.page.click("[data-do=drill]")
    assert not sheet.shows(".company")
    sheet.page.keyboard.press("Escape")
    printed = Pdf(sheet.page.pdf(format="A4"))
    assert squeeze("Five rounds") in squeeze(printed.pages[0])
    assert sheet.complaints == []


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_page_is_accessible(sheet: Sheet, mode: str) -> None:
    """The sheet with a page has no violation that axe knows of."""
    sheet.page.click(".kept summary")
    sheet.page.select_option("#_mode", mode)
    assert Axe().run(sheet.page).response["violations"] == []


def test_page_fits_a_narrow_screen(sheet: Sheet) -> None:
    """On a phone, nothing of it is cut off."""
    sheet.page.set_viewport_size({"width": 320, "height": 700})
    assert sheet.run("document.documentElement.scrollWidth") == 320


def test_on_a_phone_the_first_card_is_in_view(sheet: Sheet) -> None:
    """What is known of the company is folded there, one line that opens."""
    sheet.page.set_viewport_size({"width": 375, "height": 667})
    sheet.page.reload()
    assert not sheet.shows(".company")
    top = "document.querySelector('article.note').getBoundingClientRect().top"
    assert sheet.run(top) < 500
    sheet.page.click(".about > summary")
    assert sheet.shows(".company")


LOOP = COMPANIES.replace(
    "      - {source: review, says: Five rounds, role: MLE}\n",
    "      - source: review\n        says: Five rounds\n        role: MLE\n        stages:\n"
    "          - {kind: code, name: Coding screen, minutes: 45-60, what: two problems}\n"
    "          - {kind: talk, name: Behavioral}\n",
).replace("says: A tree}\n", "says: A tree}\n      - {key: gone, kind: asked, source: guide, says: A lost one}\n", 1)  # fmt: skip
ROUNDS = """\
rounds:
  - {kind: code, name: Code, categories: [two], cards: 3}
  - {kind: talk, name: Talk, categories: [one], cards: 1}
  - {kind: none, name: None, categories: [one], cards: 9}
"""


@pytest.fixture
def loop(deck: Sources) -> Sources:
    """Return the deck with rounds one by one, and cards for each kind of them."""
    text = (deck.root / "deck.yaml").read_text(encoding="utf-8")
    deck.write("deck.yaml", text + ROUNDS)
    deck.write("companies.yaml", LOOP)
    deck.write(
        "one/tree.md", "---\ncompanies: {meta: {fact: tree, match: topic}}\n---\n# Tree?\n\nx\n"
    )
    for number in range(4):
        deck.write(f"two/more{number}.md", f"---\ndifficulty: easy\n---\n# More {number}?\n\nx\n")
    return deck


def test_every_reported_question_has_its_card_or_none(loop: Sources) -> None:
    """A card that asks it is told from one on the same topic, and a question without is advice."""
    (page,) = pages(loop, META)
    assert [(each.says, each.notes, each.related, each.known) for each in page.asked] == [
        ("A metric drops", ("drop",), (), True),
        ("A tree", ("drop",), ("tree",), True),
        ("A lost one", (), (), False),
    ]
    (advice,) = (p for p in load(loop.root).advice if p.rule == "asked-without-card")
    assert advice.message == "no card asks what Meta asked: A lost one"
    tags = load(loop.root).notes["tree"].tags
    assert "company::meta::topic" in tags
    assert "company::meta" not in tags
    text = read_pdf(loop, META).text
    assert squeeze("A lost one [2] question bank or guide, undated · no card yet") in text


def test_rounds_stand_one_by_one(loop: Sources) -> None:
    """With minutes and source, where a source has them; what it has not is for the recruiter."""
    (page,) = pages(loop, META)
    (told,) = page.loops
    assert (told.role, told.source.number) == ("MLE", 1)
    assert [(each.name, each.minutes, each.what) for each in told.rounds] == [
        ("Coding screen", "45-60", "two problems"), ("Behavioral", "", ""),
    ]  # fmt: skip
    text = read_pdf(loop, META).text
    assert squeeze("MLE [1] Coding screen, 45–60 min: two problems · Behavioral") in text
    assert any("How long" in question for question in page.recruiter)
    (bare,) = pages(loop, TESLA)
    assert any("Which rounds" in question for question in bare.recruiter)


def test_a_deck_is_filled_by_the_rounds_of_its_loop(loop: Sources) -> None:
    """Each kind that the loop has gets its cards, the easy first; what is there counts."""
    deck = select(load(loop.root), META)
    assert deck.parts["tree"] == STRESSED
    own = [note.id for note in deck.notes if note.category == "two"]
    assert len(own) >= 3
    loop.write("companies.yaml", LOOP.replace("categories: [two]", "tags: [cold-start]"))
    says = "to have enough for each kind of round reported there: Code, Talk"
    assert core_of(loop, META) == says


def test_important_notes_fill_a_deck_first(loop: Sources) -> None:
    """As everywhere, the core comes before them, and easy ones behind."""
    text = (loop.root / "deck.yaml").read_text(encoding="utf-8")
    loop.write("deck.yaml", text.replace("core: [core]", "core: [core, more1]"))
    loop.write("companies.yaml", LOOP.replace("categories: [two]", "tags: [cold-start]"))

    def filled() -> list[str]:
        deck = select(load(loop.root), META)
        return [n.id for n in deck.notes if n.category == "two" and deck.parts[n.id] == CORE]

    assert filled() == ["more0", "more1", "more2"]
    loop.write("two/more3.md", "---\ndifficulty: hard\nimportance: high\n---\n# More 3?\n\nx\n")
    loop.write("two/more0.md", "---\ndifficulty: easy\nimportance: low\n---\n# More 0?\n\nx\n")
    assert filled() == ["more1", "more2", "more3"]


def core_of(deck: Sources, selection: Selection) -> str:
    """Return what the page says the core is for."""
    (page,) = pages(deck, selection)
    return next(count.says for count in page.counts if count.part == "Core")


def test_a_single_round_is_no_loop(loop: Sources) -> None:
    """Who reports one round says nothing of the others: the deck has cards for all kinds."""
    usual = "since no source describes its loop: Code, Talk, None"
    assert core_of(loop, TESLA).endswith(usual)
    loop.write("companies.yaml", LOOP.replace("          - {kind: talk, name: Behavioral}\n", ""))
    assert core_of(loop, META).endswith(usual)


def test_a_loop_without_coding_has_no_coding(loop: Sources) -> None:
    """What is stressed stays; nothing is filled up for a round that the loop has not."""
    text = LOOP.replace("kind: code", "kind: talk").replace(
        "categories: [two]", "tags: [cold-start]"
    )
    loop.write("companies.yaml", text)
    deck = select(load(loop.root), META)
    assert "two" not in {note.category for note in deck.notes}


@pytest.mark.parametrize(
    ("each", "told"),
    [
        (
            5,
            [
                "15 cards, about 20 min in all; first the 10 that were asked, in Anki by a filtered "
                "deck of tag:re:^company::meta$, which has no daily limit; then 5 in the order of "
                "the deck; within Anki's limit of 20 new cards a day",
                "15 cards, about 20 min in all; 5 new cards a day, about 5 min, within the limit "
                "of 20",
                "15 cards, about 20 min in all; for 8 days 2 new cards a day, about 5 min, within "
                "the limit of 20; then reviews, and what else you want of the full deck",
            ],
        ),
        (
            100,
            [
                "200 cards, about 4 h 10 min in all; first the 200 that were asked, in Anki by a "
                "filtered deck of tag:re:^company::meta$, which has no daily limit",
                "300 cards, about 6 h 15 min in all; 100 new cards a day, about 2 h 5 min: raise "
                "the limit of 20",
                "300 cards, about 6 h 15 min in all; for 14 days 22 new cards a day, about 30 min: "
                "raise the limit of 20; then reviews, and what else you want of the full deck",
            ],
        ),
    ],
)
def test_plans_add_up(each: int, told: list[str], loop: Sources) -> None:
    """Cards are those of the deck, and days by cards a day are all; Anki's limit is named."""
    chosen = select(load(loop.root), META)
    notes, parts = chosen.notes[:3], dict.fromkeys((note.id for note in chosen.notes), "asked")
    parts[notes[2].id] = "core"
    cards = {note.id: each for note in notes}
    (page,) = company_pages(chosen.collection, chosen.companies, notes, parts, cards)
    assert [plan.time for plan in page.plans] == ["Tonight", "Three days", "Two weeks"]
    assert [plan.told for plan in page.plans] == told


def test_a_plan_without_asked_questions_follows_the_deck(loop: Sources) -> None:
    """Of a company of which nothing is known to be asked, no filtered deck is spoken of."""
    (page,) = pages(loop, TESLA)
    first = page.plans[0].says
    assert first == "in the order of the deck; within Anki's limit of 20 new cards a day"


def test_an_unknown_kind_of_round(loop: Sources) -> None:
    """It is a mistake at its place, with a suggestion."""
    loop.write("companies.yaml", LOOP.replace("kind: talk", "kind: tlak"))
    with pytest.raises(SourceError, match=r"companies.yaml:\d+:\d+: unknown kind of round 'tlak'"):
        load(loop.root)


def test_on_paper_no_line_between_columns_runs_through_the_page(sheet: Sheet) -> None:
    """Where it goes on a second sheet, Chromium draws the lines of the columns behind it."""
    sheet.page.emulate_media(media="print")
    style = "getComputedStyle(document.querySelector('.company'))"
    assert sheet.run(f"{style}.columnSpan") == "all"
    assert sheet.run(f"{style}.backgroundColor") == "rgb(255, 255, 255)"
