"""Cards as a learner meets them: the real Anki renders them, Chromium shows them."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page

from anki_collection import RealAnki
from conftest import DECK_YAML, Sources

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

## Hint

Divide.

## Pitfalls

Outliers.

## Follow-ups

Of what kind?

# Show code. {#code}

A long line.

```python hl_lines="2"
a = 1
bb = "a string that is longer than the screen of a phone is wide, so that it scrolls"
c = 3
```

| Name | What it does | Since | Where it is found |
|---|---|---|---|
| `nesterov_momentum` | looks ahead | 1983 | `torch.optim.SGD(nesterov=True)` |
"""

MATHJAX = """
mjx-container, mjx-math { display: inline-block; line-height: 0; white-space: nowrap; }
mjx-container { display: inline; position: relative; }
mjx-assistive-mml { position: absolute !important; top: 0; left: 0; padding: 1px 0 0 !important;
  display: block !important; width: auto !important; overflow: hidden !important; clip: rect(1px, 1px, 1px, 1px); }
mjx-math > i { display: inline-block; height: 20px; vertical-align: -6px; }"""
"""How MathJax lays out a formula in a line of text; the rest of it does not matter here."""


SIDEWAYS = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
"""Whether the page scrolls sideways."""


@pytest.fixture
def learner(sources: Sources, anki: RealAnki) -> RealAnki:
    """Return a collection that holds the cards."""
    sources.write("one/a.md", CARDS)
    anki.load(sources.build())
    return anki


def open_back(chromium: Browser, learner: RealAnki, identity: str) -> Page:
    """Show the back of a note's first card on a small phone."""
    shown = learner.show(learner.note(identity).cards()[0])
    page = chromium.new_page(viewport={"width": 360, "height": 667})
    page.set_content(f"<style>{shown.css}</style><body class=card>{shown.answer}</body>")
    return page


def press_access_key(page: Page, key: str) -> None:
    """Press a key with Alt, as a keyboard does it: playwright does not say what the key writes."""
    event = {"modifiers": 1, "key": key, "unmodifiedText": key.lower()}
    session = page.context.new_cdp_session(page)
    session.send("Input.dispatchKeyEvent", {"type": "keyDown", **event})
    session.send("Input.dispatchKeyEvent", {"type": "keyUp", **event})


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


def test_words_in_another_direction_than_the_deck_stay_in_order(
    chromium: Browser, sources: Sources, anki: RealAnki
) -> None:
    """Where the program lacks a deck's language, its English ends with its colon, beside the id."""
    sources.write("deck.yaml", DECK_YAML + "language: he\n")
    sources.write("one/a.md", CARDS)
    anki.load(sources.build())
    page = open_back(chromium, anki, "mean")
    sides = page.evaluate(
        "() => { const words = document.querySelector('.id bdi').firstChild;"
        " const range = document.createRange(); const at = (from, to) => { range.setStart(words, from);"
        " range.setEnd(words, to); return range.getBoundingClientRect(); };"
        " return [at(0, 1).left, at(words.length - 1, words.length).left]; }"
    )
    assert sides[0] < sides[1]
    assert page.evaluate("document.querySelector('.id code').getClientRects().length") == 1
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


def test_steps_open_by_the_keyboard(chromium: Browser, learner: RealAnki) -> None:
    """Space and Enter rate the card in Anki, so each fold has an access key."""
    page = open_back(chromium, learner, "queue")
    opened = "document.querySelectorAll('details[open]').length"
    for count, key in enumerate("12p", 1):
        press_access_key(page, key)
        assert page.evaluate(opened) == count
    page.close()


def test_folds_are_large_enough_for_a_finger(chromium: Browser, learner: RealAnki) -> None:
    """On the phone, whatever opens is at least 40 pixels high, and no text is tiny."""
    heights = "all => all.filter(el => el.checkVisibility()).map(el => el.offsetHeight)"
    sizes = (
        "all => all.filter(el => el.innerText).map(el => parseFloat(getComputedStyle(el).fontSize))"
    )
    for identity, keys in (("queue", "12p"), ("mean", "q")):
        page = open_back(chromium, learner, identity)
        for key in keys:
            press_access_key(page, key)
        found = page.locator("summary").evaluate_all(heights)
        assert len(found) == len(keys)
        assert min(found) >= 40
        assert min(page.locator("body *").evaluate_all(sizes)) >= 12
        page.close()


def test_code_and_tables_scroll_and_break_no_name(chromium: Browser, learner: RealAnki) -> None:
    """They scroll in boxes of their own; all lines of code are equally high, one stressed too."""
    page = open_back(chromium, learner, "code")
    wide = "el => el.scrollWidth > el.clientWidth"
    assert page.locator(".highlight").evaluate(wide)
    assert page.locator(".table").evaluate(wide)
    assert not page.evaluate(SIDEWAYS)
    names = page.locator("td code").evaluate_all("all => all.map(el => el.getClientRects().length)")
    assert names == [1, 1]
    tops = page.evaluate(
        "['a', 'bb', 'c'].map(name => [...document.querySelectorAll('.highlight .n')]"
        ".find(el => el.textContent == name).getBoundingClientRect().top)"
    )
    assert tops[1] - tops[0] == pytest.approx(tops[2] - tops[1], abs=0.1)
    edges = page.evaluate(
        "['.hll', 'pre'].map(s => { const r = document.querySelector(s).getBoundingClientRect();"
        " return [r.left, r.right]; })"
    )
    assert edges[0] == edges[1]
    page.close()


@pytest.mark.parametrize(("width", "scrolls"), [(80, False), (700, True)])
def test_formulas_in_a_line_scroll_too(
    chromium: Browser, learner: RealAnki, width: int, scrolls: bool
) -> None:
    """One wider than the screen scrolls in its own box; another stays where MathJax puts it."""
    page = open_back(chromium, learner, "mean")
    # What is for screen readers is wider than what is drawn.
    spoken = f"<mjx-assistive-mml><b style='display: inline-block; width: {width + 40}px'>x</b></mjx-assistive-mml>"
    # A hat, as in \\hat f, reaches beyond the box that MathJax measures.
    hat = f"<b style='position: absolute; left: 0; width: {width + 3}px; height: 1px'></b>"
    drawn = f"<mjx-math><i style='position: relative; width: {width}px'>{hat}</i></mjx-math>"
    page.evaluate(
        "([style, inner]) => { document.head.insertAdjacentHTML('beforeend', `<style>${style}</style>`);"
        " document.querySelector('.answer').innerHTML"
        " = `<p>So <mjx-container>${inner}</mjx-container> it is.</p>`; }",
        [MATHJAX, drawn + spoken],
    )
    place = (
        "document.querySelector('mjx-math').getBoundingClientRect().top"
        " - document.querySelector('.answer').getBoundingClientRect().top"
    )
    height = "document.querySelector('.answer').offsetHeight"
    laid_out = [page.evaluate(place), page.evaluate(height)]
    formula = page.locator("mjx-container")
    assert formula.evaluate("el => el.scrollWidth > el.clientWidth") == scrolls
    assert not page.evaluate(SIDEWAYS)
    formula.evaluate("el => el.style = 'display: inline; overflow: visible; margin: 0; padding: 0'")
    if not scrolls:
        assert [page.evaluate(place), page.evaluate(height)] == laid_out
    assert page.evaluate(SIDEWAYS) == scrolls
    page.close()
