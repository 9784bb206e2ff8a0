"""The preview: its page in a real browser, what it refuses, what it does when a file is saved."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from email.message import Message
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Error, Frame, Page, Route

from conftest import DECK_YAML, Sources
from deckpress.preview.desk import Desk
from deckpress.preview.mathjax import NAME, read_mathjax
from deckpress.preview.sheets import Sheets
from program import run

BLUE = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>'
TALL = BLUE.replace('height="9"', 'height="900"', 1)
LONG = "\n\n".join(f"Paragraph {n} of a long answer." for n in range(60))
FILES = {
    "deck.yaml": DECK_YAML,
    "one/a.md": f"# Alpha with $a^2$? {{#alpha tags=greek difficulty=easy}}\n\nThe first.\n\n{LONG}\n",
    "one/b.md": "# Beta? {#beta}\n\nThe second, ![a blue square](blue.svg) and $x = \\sqrt{y}$.\n",
    "one/blue.svg": BLUE,
    "two/c.md": "# Gamma {#gamma}\n\nThe {{c1::third}} and the {{c2::fourth::hint}}.\n",
    "two/words.csv": "front,back\nel perro,the dog\n",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered."""

    status: int
    headers: Message
    body: bytes


class Preview:
    """The command, running; `address` is that of its page."""

    def __init__(self, folder: Path, *options: str) -> None:
        """Start it on the deck `cards` of a folder."""
        self.root = folder / "cards"
        command = [sys.executable, "-m", "deckpress", "preview", "--no-open", "--quiet", *options]
        environment = {**os.environ, "DECKPRESS_CACHE": str(folder / "cache")}
        self.process = subprocess.Popen(
            command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )  # fmt: skip
        assert self.process.stdout
        self.address = self.process.stdout.readline().strip()
        self.port = urlsplit(self.address).port or 0

    def write(self, name: str, text: str) -> None:
        """Save a file, as editors do: beside it, and then in its place."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(f".{path.name}.new")
        fresh.write_text(text, encoding="utf-8")
        fresh.replace(path)

    def ask(self, path: str, method: str = "GET", **headers: str) -> Answer:
        """Ask for a path exactly as it is written."""
        with closing(self.connect(path, method, **headers)) as connection:
            found = connection.getresponse()
            return Answer(found.status, found.headers, found.read())

    def connect(self, path: str, method: str = "GET", **headers: str) -> http.client.HTTPConnection:
        """Begin to ask for a path."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.putrequest(method, path, skip_host=True)
        headers.setdefault("host", f"127.0.0.1:{self.port}")
        for name, value in headers.items():
            if value:
                connection.putheader(name.replace("_", "-"), value)
        connection.endheaders()
        return connection

    def json(self, path: str) -> Any:
        """Return what a path answers."""
        return json.loads(self.ask(path).body)

    @property
    def frame(self) -> str:
        """The path of the frame of cards."""
        return self.ask("/").body.decode().partition('data-frame="')[2].partition('"')[0]

    def end(self) -> tuple[int, str]:
        """Press Ctrl-C; return the exit code, and what was complained of."""
        self.process.send_signal(signal.SIGINT)
        _, complaints = self.process.communicate(timeout=60)
        return self.process.returncode, complaints


def start(folder: Path, files: dict[str, str], *options: str) -> Preview:
    for name, text in files.items():
        path = folder / "cards" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return Preview(folder, "--port", "0", *options)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Preview]:
    """Return the preview of a small deck; a test that changes a file sets it back."""
    preview = start(tmp_path_factory.mktemp("preview"), FILES)
    yield preview
    assert preview.end() == (0, "")


@pytest.fixture
def preview(running: Preview) -> Iterator[Preview]:
    yield running
    for path in [
        p for p in running.root.rglob("*.md") if str(p.relative_to(running.root)) not in FILES
    ]:
        path.unlink()
    for name, text in FILES.items():
        if not (running.root / name).exists() or (running.root / name).read_text("utf-8") != text:
            running.write(name, text)
    wait(lambda: running.json("/api/list")["problems"]["all"] == [0, 0])
    wait(lambda: len(running.json("/api/list")["files"]) == 4)


@pytest.fixture
def page(chromium: Browser, preview: Preview) -> Iterator[Page]:
    """Return the page, opened anew; it must ask nobody but the preview, and complain of nothing."""
    context = chromium.new_context(viewport={"width": 1280, "height": 800}, color_scheme="light")
    opened = context.new_page()
    complaints: list[str] = []
    opened.on("request", lambda request: complaints.append(request.url) if not request.url.startswith((preview.address, "data:")) else None)  # fmt: skip
    opened.on("console", lambda message: complaints.append(message.text))
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    open_page(opened, preview)
    yield opened
    context.close()
    assert complaints == []


def open_page(page: Page, preview: Preview) -> None:
    page.goto(preview.address)
    wait_for(page, "front")


def wait(condition: Callable[[], bool]) -> None:
    """Wait until a condition holds."""
    end = time.monotonic() + 120  # for a machine that has much else to do
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.03)


def wait_for(page: Page, word: str) -> None:
    """Wait until the frame says that it shows a card, or a side, of that name."""
    wait_until(page, lambda: word in (page.get_attribute("body", "data-shown") or ""))


def wait_until(page: Page, condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 120  # for a machine that has much else to do
    while not condition():
        assert time.monotonic() < end, page.inner_text("body")
        page.wait_for_timeout(30)


def card(page: Page) -> Frame:
    """Return the frame of the card."""
    return next(frame for frame in page.frames if "/card/" in frame.url)


def shows(page: Page, text: str) -> None:
    """Wait until the card shows a text."""
    wait_until(page, lambda: text in card(page).inner_text("body"))


def questions(page: Page) -> list[str]:
    """Return the questions of the rows of the list."""
    found: list[str] = page.eval_on_selector_all(
        ".row .q", "all => all.map(each => each.textContent)"
    )
    return found


def test_a_frame_that_is_there_first_shows_the_card(chromium: Browser, preview: Preview) -> None:
    """The card is drawn whichever comes first, the script of the page or the frame."""
    context = chromium.new_context()
    page = context.new_page()
    late = []

    def hold(route: Route) -> None:
        late.append(route)

    page.route("**/page/page.js", hold)
    page.goto(preview.address, wait_until="commit")
    inner = page.frame_locator("#card")
    inner.locator("body").wait_for(state="attached")
    page.wait_for_function("frames.length === 1")
    page.wait_for_timeout(500)  # for the frame to say that it is there
    late.pop().continue_()
    wait_for(page, "front")
    context.close()


def test_keys_flip_and_move(page: Page) -> None:
    """Space flips, arrows move, also while the card has the focus; a hole is a card."""
    shows(page, "Alpha")
    assert "The first." not in card(page).inner_text("body")
    page.keyboard.press(" ")
    shows(page, "The first.")
    assert page.get_attribute("#to-back", "aria-pressed") == "true"
    page.keyboard.press("ArrowRight")
    shows(page, "Beta?")
    assert page.get_attribute("#to-front", "aria-pressed") == "true"
    card(page).locator("body").click()
    page.keyboard.press("ArrowDown")
    shows(page, "The [...] and the fourth.")
    page.keyboard.press("ArrowRight")
    shows(page, "The third and the [hint].")
    page.keyboard.press(" ")
    shows(page, "The third and the fourth.")
    page.keyboard.press("ArrowLeft")
    shows(page, "The [...] and the fourth.")
    assert page.inner_text("#position") == "3 of 6"
    page.click(".row >> nth=0")
    shows(page, "Alpha")


def test_formulas_and_figures_are_drawn(page: Page) -> None:
    """Formulas as on the sheet, labelled in words; figures from the deck."""
    label = card(page).get_attribute("svg.math", "aria-label")
    assert label is not None
    assert "squared" in label
    page.click("text=Beta?")
    shows(page, "Beta?")
    page.keyboard.press(" ")
    shows(page, "The second")
    assert card(page).locator("svg.math").count() == 1
    wait_until(page, lambda: card(page).evaluate("document.querySelector('img').naturalWidth") == 9)


def test_the_search_finds_words_tags_and_nothing(page: Page) -> None:
    """`/` goes to it; what was found can be stepped through; Escape leaves it."""
    page.keyboard.press("/")
    page.keyboard.type("fourth gamma")
    wait_until(page, lambda: questions(page) == ["Gamma", "Gamma"])
    page.keyboard.press("Enter")
    shows(page, "The [...] and the fourth.")
    for query, found in (
        ("tag:greek", ["Alpha with a^2?"]),
        ('"the dog"', ["el perro", "el perro"]),
        ("one/b.md", ["Beta?"]),
    ):
        page.fill("#query", query)
        wait_until(page, lambda found=found: questions(page) == found)  # type: ignore[misc]
    page.fill("#query", "nowhere")
    wait_until(page, lambda: "No card" in page.inner_text("#found"))
    page.keyboard.press("Escape")
    wait_until(page, lambda: len(questions(page)) == 6)


def test_night_phone_and_help(page: Page) -> None:
    """The card gets Anki's class of the night, the width of a phone; keys are explained."""
    background = "getComputedStyle(document.body).backgroundColor"
    assert card(page).evaluate(background) == "rgb(255, 255, 255)"
    page.keyboard.press("n")
    wait_until(page, lambda: card(page).evaluate(background) == "rgb(44, 44, 44)")
    assert "nightMode" in (card(page).get_attribute("body", "class") or "")
    page.keyboard.press("p")
    wait_until(page, lambda: 370 <= card(page).evaluate("innerWidth") <= 392)
    page.keyboard.press("?")
    assert page.is_visible("#keys")
    page.keyboard.press("Escape")
    assert page.is_hidden("#keys")
    page.reload()
    wait_for(page, "front")
    assert page.get_attribute("html", "data-mode") == "night"


def test_on_a_phone_the_list_is_a_drawer(page: Page) -> None:
    """Nothing is wider than the screen, and the list opens over the card."""
    page.set_viewport_size({"width": 380, "height": 700})
    assert page.evaluate("document.documentElement.scrollWidth") <= 380
    wait_until(page, lambda: page.is_hidden("#side"))
    page.click("#menu")
    page.click("text=Beta?")
    shows(page, "Beta?")
    wait_until(page, lambda: page.is_hidden("#side"))


def test_a_saved_card_arrives_and_keeps_its_place(page: Page, preview: Preview) -> None:
    """The same card, the same side, scrolled as it was."""
    page.keyboard.press(" ")
    shows(page, "The first.")
    card(page).evaluate("scrollTo(0, 700)")
    preview.write("one/a.md", FILES["one/a.md"].replace("The first.", "The very first: $z^{9}$."))
    shows(page, "The very first")
    assert card(page).evaluate("scrollY") == 700
    assert page.get_attribute("#to-back", "aria-pressed") == "true"
    assert card(page).locator("svg.math").count() == 2


@pytest.fixture
def tall(page: Page, preview: Preview) -> str:
    """Show a card of five tall pictures, scrolled down; return its file."""
    text = "# Beta? {#beta}\n\nThe second.\n\n"
    for number in range(5):
        preview.write(f"one/tall-{number}.svg", TALL)
        text += f"![A blue square.](tall-{number}.svg)\n\n"
    preview.write("one/b.md", text)
    page.click("text=Beta?")
    page.keyboard.press(" ")
    shows(page, "The second")
    wait_until(page, lambda: card(page).evaluate("document.documentElement.scrollHeight") > 2500)
    card(page).evaluate("scrollTo(0, 1000)")
    return text


@contextmanager
def held_up(page: Page, names: str) -> Iterator[None]:
    """Let files wait that the page asks for."""
    held: list[Route] = []
    page.route(names, lambda route: held.append(route))
    yield
    wait_until(page, lambda: bool(held))
    page.unroute(names)
    for route in held:
        with suppress(Error):  # nobody waits for those of the card before
            route.continue_()


def test_pictures_that_come_late_keep_the_place(page: Page, preview: Preview, tall: str) -> None:
    """A card that is too short until its pictures are there is scrolled as it was, too."""
    for number in range(5):
        preview.write(f"one/tall-{number}.svg", TALL.replace("900", "910"))
    preview.write("one/b.md", tall.replace("second", "other"))
    shows(page, "The other")
    wait_until(page, lambda: card(page).evaluate("scrollY") == 1000)


def test_changes_in_a_row_keep_the_place(page: Page, preview: Preview, tall: str) -> None:
    """One that comes while pictures of the one before are still awaited knows where it was, too."""
    with held_up(page, "**/*tall-*"):
        for number in range(5):
            preview.write(f"one/tall-{number}.svg", TALL.replace("900", "910"))
        preview.write("one/b.md", tall.replace("second", "other"))
        shows(page, "The other")
        wait_until(page, lambda: card(page).evaluate("scrollY") < 1000)
        preview.write("one/b.md", tall.replace("second", "third"))
        shows(page, "The third")
    wait_until(page, lambda: card(page).evaluate("scrollY") == 1000)


def test_a_card_of_another_name_keeps_the_place(page: Page, preview: Preview) -> None:
    """Whose id was changed is still the card that is looked at."""
    page.click("text=Beta?")
    shows(page, "Beta?")
    page.keyboard.press(" ")
    shows(page, "The second")
    preview.write("one/b.md", FILES["one/b.md"].replace("Beta? {#beta}", "Better? {#better}"))
    shows(page, "Better?")
    shows(page, "The second")
    assert page.get_attribute(".row[aria-selected=true]", "data-key") == "cards/one/b.md|better|0"


def test_a_mistake_is_told_at_its_card_and_hides_no_other(page: Page, preview: Preview) -> None:
    """With its place, its line and a hint; what can be drawn of the card is, and all others are."""
    page.click("text=Beta?")
    shows(page, "Beta?")
    preview.write("one/b.md", FILES["one/b.md"].replace("\\sqrt{y}", "\\sqroot{y}"))
    wait_until(page, lambda: page.locator(".problem").count() == 1)
    told = page.inner_text(".problem")
    assert "unknown command '\\sqroot'" in told
    assert "cards/one/b.md:3:49" in told
    assert "The second, ![a blue square](blue.svg) and $x = \\sqroot{y}$." in told
    page.keyboard.press(" ")
    shows(page, "\\(x = \\sqroot{y}\\)")
    wait_until(page, lambda: page.inner_text("#count") == "1")
    assert len(questions(page)) == 6
    assert page.locator(".row .mark").count() == 1
    page.keyboard.press("ArrowRight")
    shows(page, "The [...] and the fourth.")
    assert page.locator(".problem").count() == 0
    page.keyboard.press("m")
    wait_until(page, lambda: page.locator(".problem").count() == 1)
    page.keyboard.press("4")
    wait_until(page, lambda: "cards/one/b.md:3:49" in page.inner_text("#pane-problems"))
    preview.write("one/b.md", FILES["one/b.md"])
    wait_until(page, lambda: "No mistakes" in page.inner_text("#pane-problems"))


def test_a_file_that_cannot_be_read_shows_why(page: Page, preview: Preview) -> None:
    """Its card comes back with the file, and so does the place."""
    page.click("text=Beta?")
    shows(page, "Beta?")
    preview.write("one/b.md", "---\ntags: [\n---\nwords, and no question\n")
    wait_until(page, lambda: "No note in this file could be read" in page.inner_text("#nothing"))
    assert page.locator(".problem.mistake").count() >= 1
    assert "Alpha with a^2?" in questions(page)
    preview.write("one/b.md", FILES["one/b.md"])
    shows(page, "Beta?")
    wait_until(page, lambda: page.is_visible("#device") and page.locator(".problem").count() == 0)


def test_what_only_all_files_show_is_told_too(page: Page, preview: Preview) -> None:
    """Two cards of one id: each is there, and the newcomer is at fault until it is gone."""
    preview.write("two/twin.md", "# Delta? {#alpha}\n\nAnother.\n")
    wait_until(page, lambda: "Delta?" in questions(page))
    page.click("text=Delta?")
    shows(page, "Delta?")
    wait_until(page, lambda: "is taken by cards/one/a.md" in page.inner_text("#told"))
    (preview.root / "two/twin.md").unlink()
    wait_until(page, lambda: "Delta?" not in questions(page))
    wait_until(page, lambda: "no longer in the deck" in page.inner_text("#where"))
    assert "Delta?" in card(page).inner_text("body")


def test_the_source_of_a_card_is_shown(page: Page) -> None:
    """With the numbers of its lines."""
    page.keyboard.press("s")
    assert page.inner_text("#source div >> nth=0").split("\n")[0] == "1"
    assert "# Alpha with $a^2$? {#alpha" in page.inner_text("#source")
    page.keyboard.press("s")
    assert page.is_hidden("#source")


def test_the_sheet_and_the_pages_are_tabs(page: Page, preview: Preview) -> None:
    """The HTML sheet works in its frame; each page of the PDF is a drawing; the PDF can be had."""
    preview.write("one/b.md", FILES["one/b.md"].replace("\\sqrt{y}", "\\sqroot{y}"))
    wait(lambda: preview.json("/api/list")["problems"]["all"] == [1, 0])
    page.keyboard.press("2")
    page.wait_for_selector("#pane-sheet iframe", timeout=120_000)
    assert "1 note with mistakes left out" in page.inner_text("#pane-sheet")
    sheet = page.frame_locator("#pane-sheet iframe")
    sheet.locator("article#alpha").wait_for()
    sheet.locator("[name=q]").fill("third")
    sheet.locator("article#gamma").wait_for()
    page.keyboard.press("Escape")
    page.click("#tab-pages")
    page.wait_for_selector("#pane-pages img", timeout=120_000)
    wait_until(
        page, lambda: page.eval_on_selector("#pane-pages img", "each => each.naturalWidth") > 0
    )
    assert preview.ask("/sheet/pdf/sheet.pdf").body.startswith(b"%PDF-")


def test_the_sheet_takes_over_night_and_keeps_its_place(page: Page, preview: Preview) -> None:
    """Its own choice of colours follows the switch; made anew, it stands where it stood."""
    page.keyboard.press("n")
    page.keyboard.press("2")
    page.wait_for_selector("#pane-sheet iframe", timeout=120_000)
    sheet = page.frame_locator("#pane-sheet iframe")
    colours = (
        "() => [document.documentElement.dataset.mode, document.getElementById('_mode').value]"
    )
    sheet.locator("article#alpha").wait_for()
    assert sheet.locator("body").evaluate(colours) == ["dark", "dark"]
    assert sheet.locator("body").evaluate("body => getComputedStyle(body).backgroundColor") == "rgb(44, 44, 44)"  # fmt: skip
    page.click("#night")
    wait_until(page, lambda: sheet.locator("body").evaluate(colours) == ["light", "light"])
    page.set_viewport_size({"width": 1280, "height": 400})
    top = "note => note.getBoundingClientRect().top"
    page.evaluate(
        "addEventListener('message', event => { window.told ||= event.data.type === 'scrolled'; })"
    )
    sheet.locator("article#gamma").evaluate("note => { note.scrollIntoView(); scrollBy(0, -130); }")
    wait_until(page, lambda: page.evaluate("window.told"))
    page.wait_for_timeout(300)
    before = sheet.locator("article#gamma").evaluate(top)
    assert 0 < before < 400
    preview.write("one/b.md", FILES["one/b.md"].replace("second", "other second"))
    sheet.get_by_text("other second").wait_for(state="attached", timeout=120_000)
    wait_until(page, lambda: abs(sheet.locator("article#gamma").evaluate(top) - before) < 3)


def test_sheets_are_those_of_a_build(sources: Sources) -> None:
    """Byte for byte; after a change they are made anew."""
    for name, text in FILES.items():
        sources.write(name, text)
    built = sources.build(formats=["html"]).read_bytes()
    sheets = Sheets(sources.root, None)
    try:
        assert sheets.make("html").files == (built,)
        assert sheets.is_current("html")
        path = sources.write("two/c.md", "# Gamma {#gamma}\n\nA {{c1::new}} one, {{c2::really}}.\n")
        sheets.note_change([path])
        assert not sheets.is_current("html")
        assert sheets.make("html").files == (sources.build(formats=["html"]).read_bytes(),)
        for name in ("one/a.md", "one/b.md", "two/c.md", "two/words.csv"):
            (sources.root / name).unlink()
        sheets.note_change([sources.root / "one/a.md"])
        assert sheets.make("pages").refusal == "There are no notes yet."
    finally:
        sheets.close()


def test_a_change_while_the_list_is_on_its_way(chromium: Browser, preview: Preview) -> None:
    """A page that is opened, or reloaded, while a file is saved shows what was saved."""
    page = chromium.new_page()
    asked: list[Route] = []

    def answer(route: Route) -> None:
        found = route.fetch()
        asked.append(route)
        if len(asked) == 1:
            preview.write("one/late.md", "# Saved late? {#late}\n\nYes.\n")
            wait(lambda: "Saved late?" in str(preview.json("/api/list")))
            page.wait_for_timeout(500)
        route.fulfill(response=found)

    page.route("**/api/list", answer)
    page.goto(preview.address)
    wait_until(page, lambda: "Saved late?" in questions(page))
    page.wait_for_timeout(500)
    assert "Saved late?" in questions(page)
    page.close()


def test_an_address_that_was_cut(page: Page, preview: Preview) -> None:
    """The first card is shown where the address names none."""
    page.goto("about:blank")
    page.goto(f"{preview.address}#cards%2Fone%2")
    wait_for(page, "front")


def test_a_preview_that_is_started_again(tmp_path: Path, chromium: Browser) -> None:
    """An open page goes on with the preview that is now at its address: cards, figures, sheet."""
    figure = '<svg xmlns="http://www.w3.org/2000/svg" width="30" height="20"/>'
    text = "# Figure? {#figure}\n\n![A box.](a.svg)\n"
    first = start(tmp_path, {**FILES, "one/a.svg": figure, "one/f.md": text})
    page = chromium.new_page()
    open_page(page, first)
    page.click(".row >> text=Figure?")
    shows(page, "Figure?")
    assert first.end() == (0, "")
    wait_until(page, lambda: "stopped" in page.inner_text("body"))
    second = Preview(tmp_path, "--port", str(first.port))
    second.write("one/a.svg", figure.replace("30", "40"))
    wait_until(page, lambda: any(second.frame in frame.url for frame in page.frames))
    shows(page, "Figure?")
    page.keyboard.press(" ")
    wait_for(page, "back")
    wait_until(page, lambda: card(page).evaluate("document.images[0]?.naturalWidth") == 40)
    page.close()
    assert second.end() == (0, "")


def test_why_there_is_no_sheet_is_said(sources: Sources) -> None:
    """A `deck.yaml` that was broken from the start is named; mended, the sheet is there."""
    sources.write("one/a.md", "# Q? {#a}\n\nA, $\\frac{1$.\n")
    sources.write("deck.yaml", "title: [broken\n")
    sheets = Sheets(sources.root, None)
    try:
        refusal = sheets.make("html").refusal
        assert "deck.yaml: this is not YAML" in refusal
        sheets.note_change([sources.write("deck.yaml", DECK_YAML)])
        assert sheets.make("pages").refusal == "No note is without mistakes yet."
        sheets.note_change([sources.write("one/a.md", "# Q? {#a}\n\nA.\n")])
        assert sheets.make("pages").files
    finally:
        sheets.close()


def test_a_folder_that_is_made_anew_is_watched_on(tmp_path: Path) -> None:
    """Another branch takes the folder away; back again, what is saved in it is shown as before."""
    running = start(tmp_path, FILES)
    try:
        shutil.copytree(running.root, tmp_path / "copy")
        shutil.rmtree(running.root)
        wait(lambda: running.json("/api/list")["files"] == [])
        shutil.copytree(tmp_path / "copy", running.root)
        wait(lambda: len(running.json("/api/list")["files"]) == 4)
        running.write("one/b.md", FILES["one/b.md"].replace("Beta", "Better"))
        wait(lambda: "Better?" in running.ask("/api/list").body.decode())
    finally:
        assert running.end() == (0, "")


SCRIPT = """\
<div id=said>{{Question}}</div><script>
const say = word => { document.getElementById("said").textContent += " " + word; };
say("ran");
fetch("/api/list").then(() => say("leaked"), () => say("held"));
try { parent.document.title; say("leaked"); } catch { say("apart"); }
</script>
"""


def test_scripts_of_a_card_run_and_reach_nothing(tmp_path: Path, chromium: Browser) -> None:
    """As in Anki, a template may hold one; it gets neither at the page nor at the server."""
    own = "templates/note_types/standard/card-front.html"
    running = start(tmp_path, {**FILES, own: SCRIPT})
    try:
        page = chromium.new_page()
        open_page(page, running)
        wait_until(
            page, lambda: {"ran", "held", "apart"} <= set(card(page).inner_text("#said").split())
        )
        assert "leaked" not in card(page).inner_text("#said")
        page.close()
    finally:
        assert running.end()[0] == 0


MATHJAX = """\
MathJax.startup = { promise: Promise.resolve() };
MathJax.typesetClear = () => {};
MathJax.typesetPromise = async ([all]) => {
  all.innerHTML = all.innerHTML.replace(/\\\\\\((.*?)\\\\\\)/g, (found, tex) => `<b class="set">${tex}</b>`);
};
"""


def test_mathjax_gets_what_anki_gives_it(tmp_path: Path, chromium: Browser) -> None:
    """Its file is loaded under Anki's configuration, and called on each side."""
    (tmp_path / "mathjax").mkdir()
    (tmp_path / "mathjax" / NAME).write_text(MATHJAX, encoding="utf-8")
    running = start(tmp_path, FILES, "--mathjax", "mathjax")
    try:
        page = chromium.new_page()
        open_page(page, running)
        wait_until(page, lambda: card(page).locator("b.set").all_inner_texts() == ["a^2"])
        assert card(page).evaluate("MathJax.tex.packages['[+]']") == ["noerrors", "mathtools"]
        page.close()
    finally:
        running.end()


def test_mathjax_is_read_from_its_folder_only(tmp_path: Path) -> None:
    """No other file is, by whatever path or link."""
    folder = tmp_path / "mathjax"
    folder.mkdir()
    (folder / NAME).write_text("x", encoding="utf-8")
    (folder / "notes.txt").write_text("x", encoding="utf-8")
    (tmp_path / "secret.js").write_text("secret", encoding="utf-8")
    (folder / "link.js").symlink_to(tmp_path / "secret.js")
    assert read_mathjax(folder, NAME) == (b"x", "text/javascript")
    for name in (
        "notes.txt",
        "link.js",
        "../secret.js",
        str(tmp_path / "secret.js"),
        "a\0.js",
        "no.js",
    ):
        assert read_mathjax(folder, name) is None


def test_ctrl_c_ends_it_cleanly_while_a_page_listens(tmp_path: Path) -> None:
    """Exit code 0, no complaint, and the port is free again."""
    running = start(tmp_path, FILES)
    with closing(running.connect("/api/events")) as connection, connection.getresponse() as events:
        assert events.readline() == b"retry: 500\n"
        assert running.end() == (0, "")
    with socket.socket() as again:
        again.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        again.bind(("127.0.0.1", running.port))


def test_only_this_host_is_answered(preview: Preview) -> None:
    """A name that was bound anew to this machine is not ours; nor is another address of it."""
    for host in ("evil.example", f"evil.example:{preview.port}", "127.0.0.1", "localhost:1", ""):
        assert preview.ask("/", host=host).status in (400, 403), host
    assert preview.ask("/", host=f"localhost:{preview.port}").status == 200
    with socket.socket() as other:
        other.settimeout(5)
        assert other.connect_ex(("127.0.0.2", preview.port)) != 0


def test_no_other_page_may_ask(preview: Preview) -> None:
    """By its origin, or by what browsers say of who asks; opening the page from a link is allowed."""
    own = f"http://127.0.0.1:{preview.port}"
    assert preview.ask("/api/list", origin=own).status == 200
    for origin in (
        "http://evil.example",
        "null",
        f"http://127.0.0.1:{preview.port + 1}",
        own + "0",
    ):
        assert preview.ask("/api/list", origin=origin).status == 403, origin
    for path in ("/api/list", "/api/events", "/page/page.js", "/sheet/html"):
        assert (
            preview.ask(path, sec_fetch_site="cross-site", sec_fetch_mode="no-cors").status == 403
        )
    assert preview.ask("/", sec_fetch_site="cross-site", sec_fetch_mode="navigate").status == 200
    assert preview.ask("/", sec_fetch_site="cross-site", sec_fetch_mode="cors").status == 403


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_nothing_can_be_changed(preview: Preview, method: str) -> None:
    """There is nothing but reading."""
    assert preview.ask("/api/list", method).status == 403


def test_nothing_else_is_served(preview: Preview) -> None:
    """No path leads to a file that no card shows, and cards are found under the secret name only."""
    frame = preview.frame
    name = next(
        word for word in preview.json("/api/card?key=cards/one/b.md%7Cbeta%7C0")["back"]["html"].split('"') if word.endswith(".svg")
    )  # fmt: skip
    assert preview.ask(f"{frame}{name}").body == BLUE.encode()
    assert preview.ask(f"/card/guessed/{name}").status == 404
    deck = "deck.yaml"
    tricks = (
        f"{frame}{deck}", f"{frame}../{deck}", f"{frame}../../cards/{deck}", f"{frame}%2e%2e/{deck}",
        f"{frame}..%2f..%2f{deck}", f"{frame}/etc/passwd", f"{frame}%2fetc%2fpasswd", f"{frame}..%5c{deck}",
        f"{frame}one/blue.svg", f"{frame}blue.svg", f"{frame}.%00.svg", f"{frame}mathjax/{NAME}",
        f"{frame}mathjax/../../../{deck}", "/page/../server.py", "/page/%2e%2e/server.py", "/page/frame.html",
        f"/{deck}", f"/cards/{deck}", "/sheet/pages/0", "/sheet/pages/-1", "/sheet/pdf/../../deck.yaml", "/api/sheet/apkg",
    )  # fmt: skip
    for path in tricks:
        answer = preview.ask(path)
        assert answer.status in (400, 404), path
        assert b"slug" not in answer.body
    for key in ("cards/deck.yaml||0", "../deck.yaml", "/etc/passwd"):
        assert preview.json(f"/api/card?key={key}") is None


def test_links_out_of_the_deck_are_not_followed(tmp_path: Path) -> None:
    """A figure that is a link to a file elsewhere is a mistake, and not served."""
    secret = tmp_path / "secret.svg"
    secret.write_text(BLUE, encoding="utf-8")
    (tmp_path / "cards/one").mkdir(parents=True)
    (tmp_path / "cards/one/blue.svg").symlink_to(secret)
    files = {name: text for name, text in FILES.items() if not name.endswith(".svg")}
    running = start(tmp_path, files)
    try:
        found = running.json("/api/card?key=cards/one/b.md%7Cbeta%7C0")
        assert [problem["rule"] for problem in found["problems"]] == ["image-outside"]
        assert "_missing-figure.svg" in found["back"]["html"]
        missing = running.ask(f"{running.frame}_missing-figure.svg").body
        assert b"This figure is missing" in missing
        assert running.ask(f"{running.frame}blue.svg").status == 404
    finally:
        running.end()


def test_every_answer_has_its_rules(preview: Preview) -> None:
    """A policy that starts from nothing, no guessing of types, no other page around or within."""
    frame = preview.frame
    for path in (
        "/",
        "/page/page.js",
        "/api/list",
        "/api/none",
        frame,
        f"{frame}frame.js",
        f"{frame}none",
    ):
        headers = preview.ask(path).headers
        assert headers["content-security-policy"].startswith("default-src 'none'"), path
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
    assert "frame-ancestors 'none'" in preview.ask("/").headers["content-security-policy"]
    policy = preview.ask(frame).headers["content-security-policy"]
    assert "sandbox allow-scripts" in policy
    assert "allow-same-origin" not in policy
    assert "connect-src" not in policy  # so that the first rule holds: to nobody


def test_a_port_that_is_taken_is_said(tmp_path: Path, preview: Preview) -> None:
    """Exit code 2, as for every wrong call."""
    other = start(tmp_path, FILES, "--port", str(preview.port))
    _, complaints = other.process.communicate(timeout=60)
    assert other.process.returncode == 2
    assert f"port {preview.port} is taken" in complaints


def test_the_help_reads_nothing_of_it() -> None:
    """Starting costs nothing for who does not ask for the preview."""
    code = (
        "import sys\nfrom deckpress.cli.main import main\nmain(['--help'], standalone_mode=False)\n"
        "print([n for n in sys.modules if n.split('.')[0] in ('starlette', 'uvicorn', 'watchfiles',"
        " 'anyio', 'asyncio', 'blake3') or n.startswith('deckpress.preview')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_rows_of_notes_without_an_id_of_their_own(sources: Sources) -> None:
    """They are told apart by their places; the ones with ids by these."""
    sources.write("one/a.md", "# One?\n\nA.\n\n# Two? {#two}\n\nB.\n\n# Three? {#two}\n\nC.\n")
    desk = Desk(sources.root)
    desk.open()
    rows = desk.cards.rows("cards/one/a.md")
    assert [row["key"].split("|")[1] for row in rows] == ["#1", "two", "#3"]
    assert [row["marks"][0] for row in rows] == [1, 0, 1]
    assert desk.cards.search("is:mistake") == [rows[0]["key"], rows[2]["key"]]
    assert desk.cards.card("cards/one/a.md|#2|0") is None


def test_letters_that_no_font_has(sources: Sources) -> None:
    """They are advice, as of `check`: counted from the start, told at deck.yaml, gone when mended."""
    path = sources.write("one/a.md", "# 学 A? {#a}\n\nB مرحبا.\n")
    desk = Desk(sources.root)
    desk.open()
    assert desk.cards.counts()["all"] == (0, 2)
    checked = run(sources.folder, "check", "--format", "json")
    told = [(each["path"], each["rule"]) for each in desk.cards.told()]
    assert told == [(each["path"], each["rule"]) for each in json.loads(checked.stdout)]
    assert told == [("cards/deck.yaml", rule) for rule in ("missing-glyphs", "typewriter-letters")]
    path.write_text("# A? {#a}\n\nB مرحبا.\n", encoding="utf-8")
    desk.take([path])
    assert desk.check(released=True)["all"] == (0, 1)
    path.write_text("# A? {#a}\n\nB.\n", encoding="utf-8")
    desk.take([path])
    assert desk.check(released=True)["all"] == (0, 0)


def test_an_answer_that_is_typed(sources: Sources) -> None:
    """The front has a field for it, the back shows it, as Anki does when nothing was typed."""
    sources.write("templates/note_types/standard/card-front.html", "{{Question}}{{type:Answer}}")
    sources.write("templates/note_types/standard/card-back.html", "{{FrontSide}}")
    sources.write("one/a.md", "# A? {#a}\n\nB & *C*.\n")
    desk = Desk(sources.root)
    desk.open()
    shown = desk.cards.card("cards/one/a.md|a|0")
    assert shown is not None
    assert shown["front"]["html"] == "A?<center><input type=text id=typeans></center>\n"
    assert shown["back"]["html"].startswith('A?<code id="typeans">B &amp; C.</code>')
