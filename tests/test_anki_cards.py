"""Cards as a learner meets them: the real Anki renders them, Chromium shows them."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from anki_collection import RealAnki
from browser import start_chromium
from conftest import Sources

CARDS = """\
# Colours {#colours}

They are {{c1::red::warm}}, {{c2::green}} and {{c3::blue}}.

# Estimator {#estimator .reversed}

A rule that makes a number of a sample.

# Design a queue. {#queue .design}

Two stacks will do.

## First step

Push on one.

## Second step

Pop from the other.

## Pitfalls

Both may be empty.

# What is a mean? {#mean}

A sum by a count.

## Pitfalls

Outliers.
"""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Return the browser."""
    with start_chromium() as browser:
        yield browser


@pytest.fixture
def learner(sources: Sources, anki: RealAnki) -> RealAnki:
    """Return a collection that holds the cards."""
    sources.write("one/a.md", CARDS)
    anki.load(sources.build())
    return anki


def open_back(chromium: Browser, learner: RealAnki, identity: str) -> Page:
    """Show the back of a note's first card."""
    shown = learner.show(learner.note(identity).cards()[0])
    page = chromium.new_page(viewport={"width": 375, "height": 667})
    page.set_content(f"<style>{shown.css}</style><body class=card>{shown.answer}</body>")
    return page


def test_subdecks_come_in_the_order_of_the_deck(sources: Sources, anki: RealAnki) -> None:
    """Anki sorts them by name; numbers keep the order, and a given one makes room."""
    deck = (
        "title: Small Deck\nslug: small\ncategories:\n"
        "  - {slug: z, name: Zebra}\n  - {slug: a, name: Apple}\n"
        "  - {slug: m, name: Mango, number: 02b}\n  - {slug: b, name: Bear}\n"
    )
    sources.write("deck.yaml", deck)
    for name in "zamb":
        sources.write(f"{name}/{name}.md", f"# {name.upper()}?\n\nAn answer.\n")
    anki.load(sources.build())
    assert [name.partition("::")[2] for name in sorted(anki.decks())][1:] == [
        "01 Zebra", "02 Apple", "02b Mango", "03 Bear",
    ]  # fmt: skip


def test_the_browser_tells_the_holes_of_a_note_apart(learner: RealAnki) -> None:
    """The answer in its row is what the hole holds."""
    rows = [card.render_output(browser=True) for card in learner.note("colours").cards()]
    assert [row.answer_text for row in rows] == ["red", "green", "blue"]
    assert len({row.question_text for row in rows}) == 3


def test_a_reversed_back_begins_as_its_front(learner: RealAnki) -> None:
    """What was on the screen stays where it was, and the answer comes below."""
    shown = learner.show(learner.note("estimator").cards()[1])
    front, back = (re.sub(r"\s+", " ", side).strip() for side in (shown.question, shown.answer))
    assert back.startswith(front.removesuffix(" </article>"))
    assert "What is this called?" in front


def test_design_notes_reveal_step_by_step(chromium: Browser, learner: RealAnki) -> None:
    """A title comes when the step before it was opened; pitfalls come last, and folded."""
    page = open_back(chromium, learner, "queue")
    shown = "all => all.filter(el => el.checkVisibility()).map(el => el.innerText)"
    titles = page.locator("summary")
    assert titles.evaluate_all(shown) == ["First step"]
    page.click("text=First step")
    assert titles.evaluate_all(shown) == ["First step", "Second step"]
    page.click("text=Second step")
    assert titles.evaluate_all(shown) == ["First step", "Second step", "Pitfalls"]
    assert not page.locator("text=Both may be empty.").last.is_visible()
    page.click("summary:text('Pitfalls')")
    assert page.locator("text=Both may be empty.").last.is_visible()
    page.close()


def test_other_notes_show_their_pitfalls(chromium: Browser, learner: RealAnki) -> None:
    """Once, open; and every back says by which name a mistake is reported."""
    page = open_back(chromium, learner, "mean")
    found = page.locator("text=Outliers.")
    assert found.evaluate_all("all => all.filter(el => el.checkVisibility()).length") == 1
    assert "A mistake? Report it with the name of the card: mean" in page.inner_text("footer")
    page.close()


def test_nothing_shifts_when_a_scrollbar_comes(chromium: Browser, learner: RealAnki) -> None:
    """The question stands where it stood when the back is longer than the window."""
    page = open_back(chromium, learner, "mean")
    # As on a desktop, where a scrollbar takes room.
    left = "document.querySelector('h1').getBoundingClientRect().right"
    assert page.evaluate("getComputedStyle(document.documentElement).scrollbarGutter") == "stable"
    before = page.evaluate(left)
    page.evaluate("document.body.style.height = '3000px'")
    assert page.evaluate(left) == before
    page.close()
