"""Times the PDF against plain Typst and against Chromium, and shows how it grows.

Run it from the repository: .venv/bin/python benchmarks/pdf.py

Each engine runs in a process of its own, in turn, so that its peak memory is its own; medians and
ratios of one run are printed, of the wall's time and of the processors'. The corpus is read and
the source written before the clock runs.

- deckpress: the PDF exporter's source and templates, set by Typst: tagged, PDF/UA-1.
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
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from corpus import write_corpus

from deckpress.decks.deck import Deck
from deckpress.decks.release import select
from deckpress.exporters import EXPORTERS
from deckpress.exporters.options import Options
from deckpress.exporters.pdf.sheet import write_sheet
from deckpress.exporters.pdf.typeset import typeset_fonts, typst_files
from deckpress.markup.typesetter import Typesetter
from deckpress.pipeline.load import load

CARDS = Path(__file__).parents[1] / "cards"
OPENED = {"short": "details.answer", "full": "details"}
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")
PLAIN = """
#let code-block(lines, stress: ()) = raw(
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


def set_with_typst(inputs: Path, *, plain: bool) -> bytes:
    """Set a sheet that was written before."""
    source, fonts, files = pickle.loads(inputs.read_bytes())
    if plain:
        for name in ("sheet.typ", "pairs.typ"):
            files[name] += PLAIN.encode()
    return Typesetter(fonts).pdf(source, files, date=1_700_000_000)


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
    start = time.perf_counter()
    if engine == "Chromium":
        made = print_with_chromium(inputs.with_suffix(".html"), opened)
    else:
        made = set_with_typst(inputs.with_suffix(".pickle"), plain=engine == "plain")
    seconds = time.perf_counter() - start
    who = resource.RUSAGE_CHILDREN if engine == "Chromium" else resource.RUSAGE_SELF
    used = resource.getrusage(who)
    busy = used.ru_utime + used.ru_stime
    print(json.dumps([seconds, busy, used.ru_maxrss / 1024, len(made)]))


def time_engines(
    name: str, deck: Deck, detail: str, engines: list[str], folder: Path, rounds: int
) -> None:
    """Write a deck for the engines, run them in turn, and print a line for each."""
    inputs = folder / "sheet"
    source = write_sheet(deck, Options(detail=detail))
    ready = (source, typeset_fonts(deck, source), typst_files(deck))
    inputs.with_suffix(".pickle").write_bytes(pickle.dumps(ready))
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
        line = f"{name:18} {engine:9} {seconds:7.1f} s, {busy:6.1f} s of CPU, {memory:5.0f} MB"
        if engine == "Chromium":
            # Its processes are not all ours to count.
            line = f"{name:18} {engine:9} {seconds:7.1f} s"
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
        for number in (*asked.notes, *asked.alone):
            write_corpus(folder / f"{number}", number)
            deck = select(load(folder / f"{number}"))
            few = engines if number in asked.notes else engines[:1]
            time_engines(f"{number} notes, short", deck, "short", few, folder, asked.rounds)


if __name__ == "__main__":
    main()
