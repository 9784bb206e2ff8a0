"""The HTML sheet on paper, and notes that are too wide, too tall, or not Latin."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from pypdf import PdfReader

from browser import Sheet
from sheet_deck import write_deck, write_hard_sheet, write_sheet


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a sheet with a note of each sort."""
    return write_sheet(tmp_path_factory.mktemp("paper"))


@pytest.fixture(scope="module")
def hard_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a sheet of hard cases."""
    return write_hard_sheet(tmp_path_factory.mktemp("hard"))


def print_text(sheet: Sheet, paper: str = "A4") -> str:
    """Print the sheet and return the words on paper."""
    reader = PdfReader(io.BytesIO(sheet.page.pdf(format=paper, tagged=True)))
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in reader.pages))


def open_sheet(chromium: Browser, path: Path, width: int = 1280) -> Sheet:
    """Open a sheet in a window of its own."""
    return Sheet(chromium.new_page(viewport={"width": width, "height": 900}), path).open()


def test_paper_holds_what_is_shown_with_answers(chromium: Browser, path: Path) -> None:
    """Only the notes that are left, answers open though they were folded, and no controls."""
    sheet = open_sheet(chromium, path)
    sheet.choose("category", "two")
    sheet.page.click("button[value=questions]")
    text = print_text(sheet)
    for words in ("Sort a list.", "Take the least each time.", "Design a queue.", "Two stacks"):
        assert words in text
    for words in ("naïve", "primary colours", "Drill", "Colours", "Push on one"):
        assert words not in text
    assert "2 of 5 notes: Second Part" in text
    assert not sheet.shows("#sort .short")
    sheet.page.click("button[value=all]")
    text = print_text(sheet)
    for words in ("return sorted(values)", "Push on one", "What if it is empty?"):
        assert words in text
    sheet.page.close()


def test_paper_fills_the_holes_in_the_drill(chromium: Browser, path: Path) -> None:
    """Nobody can press a button on paper."""
    sheet = open_sheet(chromium, path)
    sheet.page.click("[data-do=drill]")
    text = print_text(sheet)
    assert "red, green and blue" in text
    assert "[warm]" not in text
    assert "Reveal" not in text
    sheet.page.close()


def test_paper_holds_what_the_drill_asks(chromium: Browser, path: Path) -> None:
    """Of a drill of what a search found, no other notes are printed."""
    sheet = open_sheet(chromium, path)
    sheet.page.click("[data-do=drill]")
    for words, there, away in (
        ("square", "Sort a list.", "queue"),
        ("queue", "Two stacks", "Sort"),
    ):
        sheet.page.fill("#_q", words)
        text = print_text(sheet)
        assert there in text
        assert away not in text.replace(f"“{words}”", "")
    sheet.page.fill("#_q", "")
    text = print_text(sheet)
    assert "Sort a list." in text
    assert "Two stacks" in text
    sheet.page.close()


def test_paper_cuts_no_bullets(chromium: Browser, tmp_path: Path) -> None:
    """Bullets and numbers stand inside the note: of each list there is room for its widest marker."""
    items = "".join(f"{number}. Item\n" for number in range(98, 104))
    path = write_deck(
        tmp_path / "cards", {"one/a.md": f"# Lists? {{#lists}}\n\nThese.\n\n- Point\n\n{items}"}
    )
    sheet = open_sheet(chromium, path)
    sheet.page.click("button[value=all]")
    sheet.page.emulate_media(media="print")
    sheet.page.set_viewport_size({"width": 718, "height": 900})
    room = sheet.run(
        "[...document.querySelectorAll('#lists :is(ul, ol)')].map(list => {"
        " const style = getComputedStyle(list), pen = document.createElement('canvas').getContext('2d');"
        " pen.font = style.font;"
        " const marker = list.matches('ol') ? '103. ' : '• ';"
        " return parseFloat(style.paddingLeft) - pen.measureText(marker).width; })"
    )
    assert len(room) == 2
    assert min(room) >= 0
    sheet.page.close()


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_paper_cuts_nothing(chromium: Browser, hard_path: Path, paper: str) -> None:
    """Every end of every wide line is there, in columns that nothing leaves."""
    sheet = open_sheet(chromium, hard_path)
    sheet.page.click("button[value=all]")
    text = print_text(sheet, paper).replace(" ", "")
    for word in ("codeend", "tokenend", "#end", "argument_7", "scriptend", "wordend"):
        assert word in text, word
    for number in range(8):
        assert f"Heading{number}" in text
        assert f"content{number}" in text
    sheet.page.emulate_media(media="print")
    sheet.page.set_viewport_size({"width": 718, "height": 900})
    assert (
        too_wide(sheet, "document.querySelector('.part > h2').getBoundingClientRect().width") == []
    )
    sheet.page.close()


@pytest.mark.parametrize("width", [360, 1280])
def test_the_screen_cuts_nothing(chromium: Browser, hard_path: Path, width: int) -> None:
    """What is too wide scrolls in its own box, and the page never does."""
    sheet = open_sheet(chromium, hard_path, width)
    sheet.page.click("button[value=all]")
    assert sheet.run("document.documentElement.scrollWidth") <= width
    assert too_wide(sheet, "document.querySelector('article.note').clientWidth") == []
    sheet.page.close()


def too_wide(sheet: Sheet, limit: str) -> list[str]:
    """Return what in the notes is wider than it may be and stands in no box that scrolls."""
    found: list[str] = sheet.run(
        f"""(() => {{
            const limit = {limit} + 1, boxes = ".highlight, .table, .formula, .wide";
            const scrolls = el => {{
                const box = el.parentElement.closest(boxes);
                return box && getComputedStyle(box).overflowX === "auto";
            }};
            return [...document.querySelectorAll("article.note *")]
                .filter(el => !el.closest("svg *") && !scrolls(el))
                .filter(el => el.getBoundingClientRect().width > limit || (
                    el.scrollWidth > el.clientWidth + 1 && el.clientWidth > 0
                    && getComputedStyle(el).overflowX === "visible"
                    && getComputedStyle(el).display !== "inline"))
                .map(el => el.closest("article").id + " " + el.tagName + "." + el.className);
        }})()"""
    )
    return found
