"""How soon a large HTML sheet is seen, and how long a key in its search takes, in Chromium.

The sheet holds the deck's own notes over and over, each time under other ids and with five words of
its own, up to the number asked for: `python benchmarks/sheet_in_chromium.py 3000`.
"""

from __future__ import annotations

import random
import re
import shutil
import statistics
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from deckpress.decks.release import select
from deckpress.exporters import EXPORTERS
from deckpress.exporters.options import Options
from deckpress.pipeline.load import load

CARDS = Path(__file__).parents[1] / "cards"
QUERIES = ("dropout", "bias variance tradeoff", "droput", "regularisation", "gradiant descent")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
KEY = """
async word => {
  const field = document.querySelector("#_q"), spent = [];
  for (let end = 1; end <= word.length; end++) {
    field.value = word.slice(0, end);
    const start = performance.now();
    field.dispatchEvent(new Event("input", {bubbles: true}));
    document.body.offsetHeight;
    spent.push(performance.now() - start);
    await new Promise(done => setTimeout(done, 120));
  }
  return spent;
}
"""
PAINT = """
new Promise(done => new PerformanceObserver(list => done(list.getEntries()[0].startTime))
  .observe({type: "paint", buffered: true}))
"""


def write_sheet(count: int) -> str:
    """Return the deck's sheet with its notes repeated up to a number."""
    page = EXPORTERS["html"](select(load(CARDS)), Options()).decode()
    notes = re.findall(r'<article class="note.*?</article>', page, re.DOTALL)
    dice = random.Random(1)
    more = []
    for number in range(max(0, count - len(notes))):
        own = " ".join("".join(dice.choices("bcdfghaeiou", k=7)) for _ in range(5))
        note = notes[number % len(notes)]
        note = re.sub(r' id="([^"]+)"', rf' id="\1-{number}"', note, count=1)
        more.append(note.replace("</h3>", f" {own}</h3>", 1))
    last = page.rindex("</article>") + len("</article>")
    return page[:last] + "".join(more) + page[last:]


def measure(page: Page, address: str) -> tuple[float, list[float]]:
    """Return when something was first painted, and the time of every key typed, in ms."""
    page.goto(address)
    paint = float(page.evaluate(PAINT))
    page.wait_for_timeout(3000)
    spent: list[float] = []
    for word in QUERIES:
        spent += page.evaluate(KEY, word)
    return paint, spent


def main() -> None:
    """Measure three times, each in a fresh page, and print medians."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 3000
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        path = Path(folder) / "sheet.html"
        path.write_text(write_sheet(count), encoding="utf-8")
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        runs = [measure(browser.new_page(), path.as_uri()) for _ in range(3)]
        browser.close()
        size = path.stat().st_size / 1e6
    keys = sorted(time for _, spent in runs for time in spent)
    paint = statistics.median(paint for paint, _ in runs)
    print(f"{count} notes, {size:.1f} MB; first paint after {paint:.0f} ms")
    most = keys[int(len(keys) * 0.95)]
    print(f"a key: median {statistics.median(keys):.0f} ms, 95 % under {most:.0f} ms")


if __name__ == "__main__":
    main()
