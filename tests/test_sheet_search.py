"""The search of the HTML sheet in a real browser, on a small deck and on the real one."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from browser import Sheet, start_chromium
from deckpress import build
from sheet_deck import write_deck

REPOSITORY = Path(__file__).parents[1]
CARDS = """\
# How does a network behave? {#behave}

Its behaviour varies. It is about the process of learning.

Then the colour of the centre matters, and a modelled dropout.

## Pitfalls

None of the zebras.

# What does dropout do? {#dropout}

It drops units.

# What is the bias-variance trade-off? {#bias-variance}

Flexible models vary more.

# Which units does droplet count? {#droplet}

Some of them. ROC is not asked for, nor is analysing.

# What is the area under a ROC curve? {#roc}

A probability, $P(x > \\sqrt{y})$.
"""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Return the browser."""
    with start_chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a sheet whose words are alike."""
    return write_deck(tmp_path_factory.mktemp("search") / "cards", {"one/a.md": CARDS})


@pytest.fixture(scope="module")
def real_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the sheet of the deck of this repository."""
    folder = tmp_path_factory.mktemp("real")
    shutil.copytree(REPOSITORY / "cards", folder / "cards")
    return build(folder / "cards", folder / "build", formats=("html",)).outputs[0].path


@pytest.fixture
def sheet(chromium: Browser, path: Path) -> Iterator[Sheet]:
    """Return the open sheet."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, offline=True)
    opened = Sheet(context.new_page(), path).open()
    yield opened
    assert opened.complaints == []
    context.close()


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("dropout", ["dropout", "behave"]),
        ("droput", ["dropout", "behave"]),
        ("drop", ["dropout", "droplet", "behave"]),
        ("bias variance tradeoff", ["bias-variance"]),
        ("trade off of variance and bias", ["bias-variance"]),
        ("tradeoff variance", ["bias-variance"]),
        ("behavior", ["behave"]),
        ("color center", ["behave"]),
        ("modeled", ["bias-variance", "behave"]),
        ("analyzing", ["droplet"]),
        ("roc", ["roc", "droplet", "behave"]),
        (r"\sqrt", ["roc"]),
        ("zebra", ["behave"]),
        ("units dropout", ["dropout"]),
        ("xyzzy", []),
    ],
)
def test_what_is_meant_is_found_first(sheet: Sheet, words: str, found: list[str]) -> None:
    """Whole words before parts, questions before answers; slips, order and spelling forgiven."""
    assert sheet.search(words) == found


def test_hits_are_marked_and_unfolded(sheet: Sheet) -> None:
    """A hit in folded details opens them; when the search is over, they fold again."""
    marked = "[...CSS.highlights.get('hit')].map(range => String(range))"
    assert not sheet.shows("#behave .pitfalls")
    sheet.search("zebra")
    assert sheet.shows("#behave .pitfalls")
    assert sheet.run(marked) == ["zebras"]
    sheet.search("tradeoff")
    assert sheet.run(marked) == ["trade-off"]
    sheet.search(r"\sqrt")
    assert sheet.page.locator("#roc [data-tex].hit").count() == 1
    sheet.search("")
    assert not sheet.shows("#behave .pitfalls")
    assert sheet.run(marked) == []
    assert sheet.ids() == ["behave", "dropout", "bias-variance", "droplet", "roc"]


def test_the_page_scrolls_to_the_first_hit(chromium: Browser, real_path: Path) -> None:
    """Wherever the page stood, the note that was found first is at the top of the window."""
    sheet = Sheet(chromium.new_page(viewport={"width": 1280, "height": 900}), real_path).open()
    sheet.run("scrollTo(0, 20000)")
    first = sheet.search("dropout")[0]
    assert first == "dropout"
    box = sheet.page.locator(f"#{first}").bounding_box()
    assert box is not None
    assert 0 <= box["y"] < 400
    sheet.page.close()


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("bias variance tradeoff", {"bias-variance-decomposition", "bias-variance-levers"}),
        ("droput", {"dropout"}),
        ("behaviour story", {"behavioral-story-bank"}),
        ("l1 l2", {"l1-vs-l2"}),
        ("roc auc", {"roc-auc-meaning"}),
    ],
)
def test_the_real_deck_is_found(
    chromium: Browser, real_path: Path, words: str, first: set[str]
) -> None:
    """What one would type the night before leads to the note that one means."""
    sheet = Sheet(chromium.new_page(viewport={"width": 1280, "height": 900}), real_path).open()
    assert sheet.search(words)[0] in first
    sheet.page.close()


@pytest.mark.parametrize("width", [375, 1280])
def test_deep_links_land_exactly(chromium: Browser, real_path: Path, width: int) -> None:
    """Thirty notes from all over the deck: at the top, right below the bar, and in the address."""
    page = chromium.new_page(viewport={"width": width, "height": 800})
    sheet = Sheet(page, real_path).open()
    ids = [
        str(name)
        for name in sheet.run("[...document.querySelectorAll('article.note')].map(n => n.id)")
    ]
    step = max(1, len(ids) // 29)
    chosen = [*ids[::step][:29], ids[-1]]
    off = {}
    for index, name in enumerate(chosen):
        if index % 5 == 0:
            sheet.open(f"#{name}")
        else:
            sheet.run(f"location.hash = '#{name}'")
        sheet.wait(f"document.activeElement.id === '{name}'")
        gap = (
            f"document.getElementById('{name}').getBoundingClientRect().top"
            " - document.querySelector('.bar').getBoundingClientRect().bottom"
            " - parseFloat(getComputedStyle(document.documentElement).fontSize) / 2"
        )
        sheet.page.wait_for_timeout(400)
        if abs(distance := sheet.run(gap)) > 2:
            off[name] = distance
        assert sheet.page.url.endswith(f"#{name}")
    assert off == {}
    sheet.page.close()
