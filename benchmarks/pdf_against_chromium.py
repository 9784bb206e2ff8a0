"""Times the PDF of the whole deck against Chromium printing the deck's HTML sheet.

Run it from the repository: .venv/bin/python benchmarks/pdf_against_chromium.py

Both write a tagged PDF on A4 of the same notes, once with the short answers and once with
everything opened. The deck is read, the page written and the browser started before the clock
runs: ours is the time of the PDF exporter, Chromium's that of loading the page and printing it.
"""

from __future__ import annotations

import io
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, sync_playwright
from pypdf import PdfReader

from deckpress.decks.release import select
from deckpress.decks.selection import Selection
from deckpress.exporters import EXPORTERS
from deckpress.exporters.options import Options
from deckpress.pipeline.load import load

CARDS = Path(__file__).parents[1] / "cards"
ROUNDS = 5
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")
OPENED = {"short": "details.answer", "full": "details"}
"""What is opened in the HTML for it to say what the PDF of each detail says."""


def run(action: Callable[[], bytes]) -> tuple[float, bytes]:
    """Return how many seconds an action took, and what it made."""
    start = time.perf_counter()
    made = action()
    return time.perf_counter() - start, made


def print_sheet(browser: Browser, sheet: Path, opened: str) -> bytes:
    """Load the sheet in a new tab, open the answers, and print it."""
    page = browser.new_page()
    try:
        page.goto(sheet.as_uri())
        page.evaluate("s => document.querySelectorAll(s).forEach(d => { d.open = true })", opened)
        return page.pdf(format="A4", tagged=True)
    finally:
        page.close()


def compare(detail: str, browser: Browser, sheet: Path) -> str:
    """Time both in turn, and return the medians, the pages and the ratio as a line."""
    deck = select(load(CARDS))
    ours, theirs = [], []
    for _ in range(ROUNDS):
        ours.append(run(lambda: EXPORTERS["pdf"](deck, Options(detail=detail))))
        theirs.append(run(lambda: print_sheet(browser, sheet, OPENED[detail])))
    parts = []
    for name, rounds in (("deckpress", ours), ("Chromium", theirs)):
        pages = len(PdfReader(io.BytesIO(rounds[0][1])).pages)
        parts.append(f"{name} {median(taken for taken, _ in rounds):.2f} s ({pages} pages)")
    ratio = median(taken for taken, _ in ours) / median(taken for taken, _ in theirs)
    return f"{detail}: {', '.join(parts)}, ratio {ratio:.2f}"


def main() -> None:
    """Print a line for each detail."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        sys.exit("this needs Chromium: apt-get install chromium")
    deck = select(load(CARDS), Selection())
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        sheet = Path(folder) / "sheet.html"
        sheet.write_bytes(EXPORTERS["html"](deck))
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        print(f"{len(deck.notes)} notes, A4, median of {ROUNDS}; Chromium {browser.version}")
        for detail in OPENED:
            print(compare(detail, browser, sheet), flush=True)
        browser.close()


if __name__ == "__main__":
    main()
