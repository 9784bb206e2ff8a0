"""Times the PDF against plain Typst and against Chromium, and shows how it grows.

Run it from the repository: .venv/bin/python benchmarks/pdf.py

Each engine runs in a process of its own, in turn, so that its peak memory is its own; medians and
ratios of one run are printed, of the wall's time and of the processors'. The corpus is read
before the clock runs.

- deckpress: the PDF exporter, whose notes were read and written before: tagged, PDF/UA-1. A large
  deck is set in parts by other processes; all of them count, in CPU time and in memory.
- plain: the same words, formulas, code and tables as headings, paragraphs, lists and raw text in
  the same columns and type, without anything of ours: also by Typst, also tagged, PDF/UA-1.
- Chromium: loads the deck's HTML sheet, opens the answers and prints it, tagged.
"""

from __future__ import annotations

import argparse
import json
import pickle
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from threading import Event, Thread
from typing import Any

from corpus import write_corpus

from deckpress.decks.deck import Deck
from deckpress.decks.release import select
from deckpress.exporters import EXPORTERS
from deckpress.exporters.options import Options
from deckpress.exporters.pdf.sheet import export
from deckpress.exporters.pdf.sheet_source import sheet_writing, write_sheet
from deckpress.exporters.pdf.typeset import typeset_fonts, typst_files
from deckpress.markup.typesetter import Typesetter
from deckpress.model.collection import Writing
from deckpress.model.note import Note
from deckpress.pipeline.load import load

CARDS = Path(__file__).parents[1] / "cards"
OPENED = {"short": "details.answer", "full": "details"}
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")
PLAIN = """
#let code-block(lines, stress: (), longest: 0) = raw(
  block: true, lines.map(line => line.map(token => token.at(1)).join("")).join("\\n"),
)
#let code(body) = text(font: code-fonts, body)
#let formula(alternative, formula) = math.equation(alt: alternative, formula.body)
#let display-formula(alternative, formula, boxed: false) = math.equation(
  block: true, alt: alternative, formula.body,
)
#let grid-table(aligns, head, rows, atoms) = table(
  columns: aligns.len(), table.header(..head), ..rows.flatten(),
)
#let picture(path, alt: "", caption: none, width: none) = image(path, alt: alt, width: 80%)
#let section(name) = heading(level: 1, name)
#let pagebreak() = none
#let part(name, body) = { heading(level: 3, name); body }
#let sources(body) = [Sources: #body]
#let card(
  number: 0, kind: "", colour: "", difficulty: "", companies: (), question: [], front: none,
  answer: none, more: none, tick: false,
) = {
  [#heading(level: 2, [#number #question])#label("card-" + str(number))]
  par([#difficulty #kind #companies.map(company => company.first()).join(" ")])
  front
  answer
  more
}
#let register(name, parts) = {
  section(name)
  for (title, entries) in parts {
    heading(level: 2, title)
    for (word, runs) in entries {
      par({
        word
        for (first, last) in runs [ #link(label("card-" + str(first)), str(first))]
      })
    }
  }
}
#let sheet(title: "", language: "en", size: sizes.text, ..rest, body) = {
  set document(title: title)
  set text(lang: language, size: size, font: text-fonts)
  set page(margin: (x: 9mm, top: 13mm, bottom: 11mm), columns: 3, numbering: "1 / 1")
  std.title(title)
  outline(depth: 1)
  body
}
"""
"""Takes the place of everything that our templates do; it ends the files imported."""


@dataclass(frozen=True)
class Repeats:
    """Writes notes that repeat others as it writes those."""

    deck: Deck

    def __call__(self, writing: Writing[Any], notes: Iterable[Note]) -> dict[str, Any]:
        """Return what a writing makes of each of the notes."""
        made = self.deck.collection.write(writing, self.deck.notes)
        return {note.id: made[note.id.partition("~")[0]] for note in notes}


def repeat(deck: Deck, number: int) -> Deck:
    """Return a deck whose notes are repeated up to a number."""
    times = -(-number // len(deck.notes))
    notes = [n._replace(id=f"{n.id}~{time}") for n in deck.notes for time in range(times)]
    kept = tuple(notes[:number])
    collection = replace(deck.collection, write=Repeats(deck), notes=kept)
    rendered = {note.id: deck.rendered[note.id.partition("~")[0]] for note in kept}
    return replace(deck, collection=collection, notes=kept, rendered=rendered)


def set_plainly(deck: Deck, options: Options) -> Callable[[], bytes]:
    """Return what sets the words of a sheet without our templates."""
    source = write_sheet(deck, options)
    fonts, files = typeset_fonts(deck, source), typst_files(deck)
    for name in ("sheet.typ", "pairs.typ"):
        files[name] += PLAIN.encode()
    return partial(Typesetter(fonts).pdf, source, files, date=1_700_000_000)


def print_with_chromium(sheet: Path, opened: str) -> bytes:
    """Load the HTML sheet, open the answers, and print it."""
    from playwright.sync_api import sync_playwright

    path = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        page = browser.new_page()
        page.set_default_timeout(0)
        page.goto(sheet.as_uri())
        page.evaluate("s => document.querySelectorAll(s).forEach(d => { d.open = true })", opened)
        made = page.pdf(format="A4", tagged=True)
        browser.close()
    return made


def run_engine(engine: str, inputs: Path, opened: str) -> None:
    """Run one engine in this process and print what it took as JSON."""
    work: Callable[[], bytes]
    if engine == "Chromium":
        work = partial(print_with_chromium, inputs.with_suffix(".html"), opened)
    else:
        deck, options = pickle.loads(inputs.with_suffix(".pickle").read_bytes())
        deck.collection.write(sheet_writing(options.detail), deck.notes)
        work = set_plainly(deck, options) if engine == "plain" else partial(export, deck, options)
    watch = Watch()
    watch.begin()
    made = work()
    print(json.dumps([*watch.end(), len(made)]))


class Watch:
    """Watches what this process and those that it starts take, from `begin` on."""

    def __init__(self) -> None:
        """Take nothing yet."""
        self._most = 0.0
        self._ended = Event()
        self._thread = Thread(target=self._look, daemon=True)

    def begin(self) -> None:
        """Begin to look at the memory, thirty times a second."""
        self._before, self._start = _cpu_seconds(), time.perf_counter()
        self._thread.start()

    def end(self) -> tuple[float, float, float]:
        """Return seconds, CPU seconds, and the most MB of memory at one time."""
        seconds, busy = time.perf_counter() - self._start, _cpu_seconds() - self._before
        self._ended.set()
        self._thread.join()
        return seconds, busy, self._most

    def _look(self) -> None:
        page = resource.getpagesize() / 2**20
        while not self._ended.wait(0.03):
            found = 0
            for process in _family("self"):
                with suppress(OSError):  # it has just ended
                    found += int(Path(f"/proc/{process}/statm").read_text().split()[1])
            self._most = max(self._most, found * page)


def _family(process: str) -> list[str]:
    with suppress(OSError):
        lists = [
            path.read_text().split() for path in Path(f"/proc/{process}/task").glob("*/children")
        ]
        return [process, *(each for found in lists for child in found for each in _family(child))]
    return []


def _cpu_seconds() -> float:
    both = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(each.ru_utime + each.ru_stime for each in both)


def time_engines(
    name: str, deck: Deck, detail: str, engines: list[str], folder: Path, rounds: int
) -> None:
    """Write a deck for the engines, run them in turn, and print a line for each."""
    inputs = folder / "sheet"
    inputs.with_suffix(".pickle").write_bytes(pickle.dumps((deck, Options(detail=detail))))
    if "Chromium" in engines:
        inputs.with_suffix(".html").write_bytes(EXPORTERS["html"](deck))
    runs: dict[str, list[list[float]]] = {engine: [] for engine in engines}
    for _ in range(rounds):
        for engine in engines:
            command = [sys.executable, __file__, "--engine", engine, str(inputs), OPENED[detail]]
            done = subprocess.run(command, check=True, capture_output=True, text=True)
            runs[engine].append(json.loads(done.stdout))
    ours = [median(run[at] for run in runs["deckpress"]) for at in range(2)]
    for engine in engines:
        seconds, busy, memory, size = (median(run[at] for run in runs[engine]) for at in range(4))
        line = f"{name:20} {engine:9} {seconds:7.1f} s, {busy:6.1f} s of CPU, {memory:5.0f} MB"
        if engine == "Chromium":
            # Its processes are not all ours to count.
            line = f"{name:20} {engine:9} {seconds:7.1f} s"
            line += f"; deckpress takes {ours[0] / seconds:.2f} of its time"
        elif engine != "deckpress":
            ratios = f"{ours[0] / seconds:.2f} of its time, {ours[1] / busy:.2f} of its CPU time"
            line += f"; deckpress takes {ratios}"
        print(f"{line} ({size / 1e6:.1f} MB)", flush=True)


def main() -> None:
    """Print the comparison at each size."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--notes", type=int, nargs="*", default=[1000, 3000])
    parser.add_argument("--alone", type=int, nargs="*", default=[10000], help="without the others")
    parser.add_argument(
        "--ours", type=int, nargs="*", default=[2000], help="repeated up to so many"
    )
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--engine", nargs=3, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.engine:
        run_engine(asked.engine[0], Path(asked.engine[1]), asked.engine[2])
        return
    engines = ["deckpress", "plain"]
    if shutil.which("chromium") or shutil.which("chromium-browser"):
        engines.append("Chromium")
    with TemporaryDirectory() as name:
        folder = Path(name)
        real = select(load(CARDS))
        for detail in OPENED:
            title = f"our {len(real.notes)}, {detail}"
            time_engines(title, real, detail, engines, folder, asked.rounds)
        for number in asked.ours:
            title = f"ours up to {number}, full"
            many = repeat(real, number)
            time_engines(title, many, "full", engines[:2], folder, asked.rounds)
        for number in (*asked.notes, *asked.alone):
            write_corpus(folder / f"{number}", number)
            deck = select(load(folder / f"{number}"))
            few = engines if number in asked.notes else engines[:1]
            time_engines(f"{number} notes, short", deck, "short", few, folder, asked.rounds)


if __name__ == "__main__":
    main()
