"""What a large HTML sheet is like to use, in Chromium: first paint, keys, filters, drill, memory.

Run it: `.venv/bin/python benchmarks/sheet_in_chromium.py --notes 632 3000`. The sheet holds the
deck's own notes, up to the number asked for over and over, each time under other ids and with five
words of its own; `--corpus` takes the notes of `corpus.py` instead.

A key is a real one, sent to the browser as a keyboard would. Its time goes from the event to when
the page is painted and takes the next event. "Worked" is what the page's own thread works for it,
which other programs on the machine lengthen least.
"""

from __future__ import annotations

import argparse
import random
import re
import shutil
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median

from corpus import write_corpus
from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

from deckpress.decks.release import select
from deckpress.exporters import EXPORTERS
from deckpress.exporters.html.search_index import write_index
from deckpress.exporters.options import Options
from deckpress.pipeline.load import load

CARDS = Path(__file__).parents[1] / "cards"
OWN = ("dropout", "bias variance tradeoff", "droput", "regularisation", "gradiant descent")
MADE_UP = ("gradient", "drift alarm threshold", "treshold", "normalise", "curve of recall")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
INDEX = '<script type="text/plain" id="_index">'
WATCH = """
    window.waits = [];
    for (const kind of ["keydown", "pointerdown", "input"]) {
        addEventListener(kind, event => {
            if (kind === "input" && event.target.localName !== "select") return;
            requestAnimationFrame(() => {
                const { port1, port2 } = new MessageChannel();
                port1.onmessage = () => waits.push(performance.now() - event.timeStamp);
                port2.postMessage(0);
            });
        }, { capture: true });
    }
"""
"""Painting follows the frame's callbacks, and a message comes after it."""
LOADED = """() => {
    const [paint] = performance.getEntriesByName("first-contentful-paint");
    const [{ domContentLoadedEventEnd: ready }] = performance.getEntriesByType("navigation");
    return paint && ready ? [paint.startTime, ready] : null;
}"""


def write_own(count: int) -> str:
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
    sheaf = re.findall(r'<div class="sheaf"[^>]*>', page)[0]
    sheaves = [more[start : start + 20] for start in range(0, len(more), 20)]
    added = "".join(f"</div>{sheaf}{''.join(s)}" for s in sheaves)
    page = page[:last] + added + page[last:]
    start = page.index(INDEX) + len(INDEX)
    ids = re.findall(r'<(?:article|tr) class="note[^>]* id="([^"]+)"', page)
    return page[:start] + write_index(page, ids, {}) + page[page.index("</script>", start) :]


def write_made_up(count: int, folder: Path) -> str:
    """Return the sheet of a deck of made-up notes."""
    write_corpus(folder, count)
    return EXPORTERS["html"](select(load(folder)), Options()).decode()


class Use:
    """A sheet in use: what each action took, in ms, as waited for and as worked."""

    def __init__(self, page: Page, address: str) -> None:
        """Open the sheet, and wait until it has been painted and its script has run."""
        page.set_default_timeout(0)
        page.add_init_script(WATCH)
        self.page = page
        self.session: CDPSession = page.context.new_cdp_session(page)
        self.session.send("Performance.enable", {"timeDomain": "threadTicks"})
        page.goto(address)
        while not (loaded := page.evaluate(LOADED)):
            page.wait_for_timeout(50)
        self.paint, self.ready = loaded
        page.wait_for_timeout(4000)
        self.loading = self.worked()

    def worked(self) -> float:
        """Return how long the page's thread has worked so far, in ms."""
        told = self.session.send("Performance.getMetrics")["metrics"]
        return float(next(m["value"] for m in told if m["name"] == "TaskDuration") * 1000)

    def time(self, act: Callable[[], object]) -> tuple[float, float]:
        """Return what an action took from its event to the next free moment after painting."""
        self.page.evaluate("waits.length = 0")
        before = self.worked()
        act()
        while not (waits := self.page.evaluate("waits")):
            self.page.wait_for_timeout(5)
        worked = self.worked() - before
        self.page.wait_for_timeout(150)
        return waits[-1], worked

    def type(self, words: str) -> list[tuple[float, float]]:
        """Type words into the empty search, key by key."""
        self.page.keyboard.press("Escape")
        self.page.keyboard.press("/")
        self.page.wait_for_timeout(500)
        return [self.time(partial(self.page.keyboard.press, sign)) for sign in words]

    def memory(self) -> tuple[float, float]:
        """Return the script's heap and the largest renderer's memory, in MB."""
        told = self.session.send("Performance.getMetrics")["metrics"]
        heap = next(m["value"] for m in told if m["name"] == "JSHeapUsedSize") / 1e6
        sizes = []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                if b"--type=renderer" in (folder / "cmdline").read_bytes():
                    status = (folder / "status").read_text(encoding="utf-8")
                    sizes.append(int(re.findall(r"VmRSS:\s+(\d+)", status)[0]) / 1e3)
            except (OSError, IndexError):
                continue
        return heap, max(sizes, default=0)


def measure(browser: Browser, address: str, queries: tuple[str, ...]) -> dict[str, list[float]]:
    """Use a sheet in a fresh page; return what was measured, by its name."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    use = Use(context.new_page(), address)
    press = use.page.keyboard.press
    keys = [spent for words in queries for spent in use.type(words)]
    back = [use.time(partial(press, "Escape"))]
    use.page.wait_for_timeout(500)
    # By keys, for playwright's own way to choose goes through the whole page.
    use.page.evaluate("document.querySelector('select[name=difficulty]').focus()")
    filters = [use.time(partial(press, key)) for key in ("End", "ArrowUp", "Home")]
    use.page.evaluate("document.activeElement.blur()")
    drill = [use.time(partial(press, "d"))]
    drill_keys = [use.time(partial(press, key)) for key in " 3 3 3"]
    left = [use.time(partial(press, "Escape"))]
    heap, renderer = use.memory()
    context.close()
    spent = {"a key of the search": keys, "search: back to all": back, "a filter": filters,
             "drill: start": drill, "drill: a key": drill_keys, "drill: end": left}  # fmt: skip
    found = {"first paint": [use.paint], "script has run": [use.ready]}
    found["loading, worked"] = [use.loading]
    for name, times in spent.items():
        found[name] = [waited for waited, _ in times]
        found[f"{name}, worked"] = [worked for _, worked in times]
    found["heap, MB"], found["renderer, MB"] = [heap], [renderer]
    return found


def main() -> None:
    """Measure in fresh pages, and print medians and the worst."""
    parser = argparse.ArgumentParser(description="Use a large HTML sheet in Chromium.")
    parser.add_argument("--notes", type=int, nargs="*", default=[632, 3000])
    parser.add_argument("--corpus", action="store_true", help="made-up notes")
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        for count in asked.notes:
            path = folder / f"{count}.html"
            page = write_made_up(count, folder / f"{count}") if asked.corpus else write_own(count)
            path.write_text(page, encoding="utf-8")
            start = time.perf_counter()
            runs: list[dict[str, list[float]]] = []
            for _ in range(asked.rounds):
                browser = playwright.chromium.launch(
                    executable_path=shutil.which("chromium"), args=FLAGS
                )
                queries = MADE_UP if asked.corpus else OWN
                runs.append(measure(browser, path.as_uri(), queries))
                browser.close()
            took = time.perf_counter() - start
            print(
                f"\n{count} notes, {len(page) / 1e6:.1f} MB; {asked.rounds} rounds, {took:.0f} s\n"
            )
            print("| what, in ms | median | worst |\n|---|--:|--:|")
            for what in runs[0]:
                values = [value for run in runs for value in run[what]]
                print(f"| {what} | {median(values):.0f} | {max(values):.0f} |", flush=True)


if __name__ == "__main__":
    main()
