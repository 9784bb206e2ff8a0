"""The drill of the HTML sheet, played to its end in a real browser."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext

from browser import Sheet, open_profile
from sheet_deck import write_sheet

ALL = ["naive", "pythagoras", "colours", "sort", "queue"]
NOW = "document.querySelector('#_stage article')?.id"
MARKS = "JSON.parse(localStorage['deckpress:sheet']).marks"


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a sheet with a note of each sort."""
    return write_sheet(tmp_path_factory.mktemp("drill"))


@pytest.fixture
def sheet(chromium: Browser, path: Path) -> Iterator[Sheet]:
    """Return the sheet in the drill, unshuffled; at the end nothing was requested or complained."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, offline=True)
    yield from play(context, path)
    context.close()


@pytest.fixture
def kept(chromium: Browser, path: Path, tmp_path: Path) -> Iterator[Sheet]:
    """Return the same in a browser that keeps what pages store."""
    with open_profile(chromium, tmp_path / "profile", path) as context:
        yield from play(context, path)


def play(context: BrowserContext, path: Path) -> Iterator[Sheet]:
    """Open the drill for a test, and look at the end at what it asked for."""
    opened = Sheet(context.new_page(), path).open()
    opened.page.keyboard.press("d")
    opened.page.uncheck("#_shuffle")
    yield opened
    assert {url.partition("#")[0] for url in opened.requests} <= {opened.address, "about:blank"}
    assert opened.complaints == []


def answer(sheet: Sheet, rating: int) -> str:
    """Reveal the card and rate it; return its id."""
    name: str = sheet.run(NOW)
    sheet.page.keyboard.press("Space")
    sheet.page.keyboard.press(str(rating))
    return name


def test_the_drill_is_played_to_the_end(sheet: Sheet) -> None:
    """One card at a time; what was not known comes back; the summary says how it went."""
    assert sheet.ids() == [sheet.run(NOW)]
    order = []
    for rating in (3, 1, 2, 4, 3):
        order.append(answer(sheet, rating))
    assert sorted(order) == sorted(ALL)
    assert sheet.text("#_left") == "3 of 5 cards done, 2 to repeat"
    again, hard = order[1], order[2]
    assert answer(sheet, 3) == again
    assert answer(sheet, 3) == hard
    assert sheet.run(NOW) is None
    assert sheet.text("#_left") == "5 of 5 cards done"
    assert "1 again, 1 hard, 4 good, 1 easy" in sheet.text("#_over .told")
    assert "5 cards in 0:" in sheet.text("#_over .told")
    assert sheet.run("[...document.querySelectorAll('#_over li a')].map(a => a.hash)") == [
        f"#{again}"
    ]
    assert "5 in all" in sheet.text("#_over .next")
    marks = sheet.run(MARKS)
    assert set(marks) == set(ALL)
    assert {name: mark["state"] for name, mark in marks.items()} == dict.fromkeys(ALL, 2)
    sheet.page.click("#_over [data-do=drill]")
    assert sheet.ids() == ALL
    assert sheet.choose("mark", "known") == ALL
    assert sheet.choose("mark", "new") == []


def test_space_reveals_step_by_step_and_then_means_good(sheet: Sheet) -> None:
    """Code that has the focus does not keep Space for itself; steps come one by one."""
    press = sheet.page.keyboard.press
    sheet.page.click(".course [data-do=drill]")
    sheet.choose("kind", "coding")
    press("d")
    assert sheet.run(NOW) == "sort"
    sheet.page.focus("#sort .front .highlight")
    assert not sheet.shows("#sort .short")
    press("Space")
    assert sheet.shows("#sort .short")
    assert sheet.shows("#sort .rest .highlight")
    press("Space")
    assert sheet.run(f"{MARKS}.sort.rating") == 3
    sheet.page.click("#_over [data-do=drill]")
    sheet.choose("kind", "design")
    press("d")
    assert sheet.run(NOW) == "queue"
    press("Space")
    assert sheet.shows("#queue .step summary")
    assert not sheet.shows("#queue .step p")
    assert not sheet.shows("#queue .follow-ups")
    press("Space")
    assert sheet.shows("#queue .step p")
    assert sheet.shows("#queue .follow-ups")
    press("Space")
    assert sheet.run(f"{MARKS}.queue.rating") == 3


def test_nothing_gives_an_answer_away(sheet: Sheet) -> None:
    """Not the filters, not the search, not a click on the question, not the card before."""
    sheet.page.keyboard.press("Space")
    sheet.page.keyboard.press("3")
    for act in (
        lambda: sheet.choose("difficulty", "hard"),
        lambda: sheet.choose("difficulty", "easy"),
        lambda: sheet.search("answer"),
        lambda: sheet.search(""),
        lambda: sheet.choose("difficulty", ""),
        lambda: sheet.page.select_option("#_what", "all"),
        lambda: sheet.page.click("#_stage h3"),
        lambda: sheet.page.check("#_shuffle"),
    ):
        act()
        if sheet.run(NOW):
            assert not sheet.page.locator("article.note :is(.short, .rest):visible").count()
            assert not sheet.shows("#_rate")
    assert len(sheet.ids()) == 1


LAID = """[...document.getElementById(%r).querySelectorAll('table, table *')]
    .map(part => [part, getComputedStyle(part)])
    .map(([part, style]) => [part.tagName, style.display, style.borderTopWidth])"""


def test_tables_of_answers_stay_tables(sheet: Sheet) -> None:
    """What stands in an answer is laid out in the drill as it is in the list."""
    sheet.page.keyboard.press("Escape")
    before = sheet.run(LAID % "pythagoras")
    assert ["TD", "table-cell", "1px"] in before
    sheet.page.keyboard.press("d")
    answer(sheet, 3)
    assert sheet.run(NOW) == "pythagoras"
    sheet.page.keyboard.press("Space")
    assert sheet.run(LAID % "pythagoras") == before


def test_holes_wait_to_be_pressed(sheet: Sheet) -> None:
    """In words, in code and in a formula; Space fills all of them."""
    while sheet.run(NOW) != "colours":
        answer(sheet, 4)
    assert "[warm], […] and […]" in sheet.text("#colours .front")
    assert "mix = […]" in sheet.text("#colours .front")
    formulas = sheet.page.locator("#colours .front svg:visible")
    said = "all => all.map(svg => svg.ariaLabel)"
    assert formulas.evaluate_all(said) == ["x equals open bracket dots close bracket"]
    sheet.page.click("#colours .hole >> nth=1")
    assert "[warm], green and […]" in sheet.text("#colours .front")
    sheet.page.keyboard.press("Space")
    assert "red, green and blue" in sheet.text("#colours .front")
    assert formulas.evaluate_all(said) == ["x equals y squared"]
    sheet.page.keyboard.press("Escape")
    assert "red, green and blue" in sheet.text("#colours .front")


def test_undo_takes_ratings_back(sheet: Sheet) -> None:
    """One after the other, to the beginning; the mark is what it was."""
    first = answer(sheet, 1)
    second = answer(sheet, 3)
    assert set(sheet.run(MARKS)) == {first, second}
    sheet.page.keyboard.press("u")
    assert sheet.run(NOW) == second
    assert sheet.shows("#_rate")
    assert set(sheet.run(MARKS)) == {first}
    sheet.page.click("[data-do=undo]")
    assert sheet.run(NOW) == first
    assert sheet.run(MARKS) == {}
    assert sheet.text("#_left") == "0 of 5 cards done"
    assert sheet.page.locator("[data-do=undo]").is_disabled()
    sheet.page.keyboard.press("4")
    assert sheet.run(f"{MARKS}['{first}'].rating") == 4


def test_only_the_wrong_ones(kept: Sheet) -> None:
    """What was missed can be asked alone, from the summary and from the start."""
    wrong = answer(kept, 1)
    kept.page.select_option("#_what", "wrong")
    assert kept.text("#_left") == "0 of 1 card done, 1 to repeat"
    assert answer(kept, 1) == wrong
    kept.page.keyboard.press("Escape")
    assert kept.choose("mark", "wrong") == [wrong]
    kept.choose("mark", "")
    kept.reload().page.keyboard.press("d")
    assert kept.run(NOW) == wrong
    assert answer(kept, 3) == wrong
    assert not kept.shows("#_over [value=wrong]")
    kept.page.keyboard.press("Escape")
    kept.page.keyboard.press("d")
    assert kept.text("#_over h2") == "Nothing to ask"
    kept.page.click("#_over [value=all]")
    assert kept.text("#_left") == "0 of 5 cards done"


def test_the_timer_runs_if_wanted(kept: Sheet) -> None:
    """It is off until it is asked for, and remembered."""
    assert kept.text("#_time") == ""
    kept.page.check("#_timed")
    kept.wait("/0:0[1-9] this card/.test(document.querySelector('#_time').textContent)")
    kept.reload().page.keyboard.press("d")
    assert kept.page.is_checked("#_timed")
    assert not kept.page.is_checked("#_shuffle")


def test_marks_travel_as_a_file(sheet: Sheet, tmp_path: Path) -> None:
    """Exported, forgotten, taken over again; a file of something else is refused."""
    name = answer(sheet, 1)
    sheet.page.keyboard.press("Escape")
    sheet.page.click(".kept summary")
    with sheet.page.expect_download() as download:
        sheet.page.click("[data-do=export]")
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)
    assert file.name == "sheet-marks.json"
    assert set(json.loads(file.read_text())["marks"]) == {name}
    sheet.page.once("dialog", lambda dialog: dialog.accept())
    sheet.page.click("[data-do=reset]")
    assert sheet.run(MARKS) == {}
    sheet.page.set_input_files("#_file", file)
    sheet.wait("document.querySelector('#_told').textContent")
    assert sheet.text("#_told") == "1 mark imported."
    assert sheet.choose("mark", "wrong") == [name]
    other = tmp_path / "other.json"
    other.write_text('{"deckpress": "marks", "namespace": "another", "marks": {"naive": {}}}')
    sheet.page.set_input_files("#_file", other)
    sheet.wait("document.querySelector('#_told').textContent.includes('no marks')")
    assert sheet.ids() == [name]
    sheet.requests.clear()


def test_it_works_where_storage_is_denied(chromium: Browser, path: Path) -> None:
    """Marks then last as long as the page."""
    context = chromium.new_context()
    deny = "Object.defineProperty(window, 'localStorage', {get() { throw new Error('denied'); }})"
    context.add_init_script(deny)
    sheet = Sheet(context.new_page(), path).open()
    sheet.page.keyboard.press("d")
    name = answer(sheet, 3)
    assert sheet.text("#_left") == "1 of 5 cards done"
    sheet.page.keyboard.press("Escape")
    assert sheet.choose("mark", "known") == [name]
    assert sheet.complaints == []
    context.close()


def test_on_a_phone_the_drill_fits(chromium: Browser, path: Path) -> None:
    """Question and buttons are in view at 375 pixels; so is the first card before it."""
    context = chromium.new_context(viewport={"width": 375, "height": 667})
    sheet = Sheet(context.new_page(), path).open()
    assert not sheet.shows("#_side")
    top = "document.querySelector('article.note').getBoundingClientRect().top"
    assert sheet.run(top) < 400
    sheet.page.click(".bar .drawer")
    assert sheet.shows("#_side select[name=category]")
    sheet.page.click("nav a >> nth=1")
    assert not sheet.shows("#_side")
    sheet.wait(
        "Math.abs(document.querySelector('#part_two').getBoundingClientRect().top"
        " - document.querySelector('.bar').getBoundingClientRect().bottom) < 12"
    )
    sheet.page.click("[data-do=drill]")
    box = sheet.page.locator("#_ask").bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= 667
    context.close()
