"""Times the preview: how long it takes to start, and a saved card to be on the screen.

`python benchmarks/preview.py --notes 1000 10000` prints a row for each size: how many notes; the
seconds from the call to the page's first card, with nothing remembered and with the cache; and of
the saves, which change a word, or bring a new formula as well, the median and the slowest in
milliseconds from just before the file is written to the moment the frame has drawn it, and the
processor's time in milliseconds that the preview took for one until then.
"""

from __future__ import annotations

import argparse
import os
import platform
import signal
import subprocess
import sys
import time
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from corpus import CATEGORIES, write_corpus
from playwright.sync_api import Page

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
from browser import start_chromium  # the tests' Chromium

WATCH = """word => new Promise(done => {
  const look = () => {
    if (!document.body.innerText.includes(word)) return;
    seen.disconnect();
    requestAnimationFrame(() => done(Date.now()));
  };
  const seen = new MutationObserver(look);
  seen.observe(document.body, { childList: true, subtree: true, characterData: true });
  look();
})"""
"""Tells when the frame of the card shows a word."""


def start(folder: Path, page: Page) -> tuple[subprocess.Popen[str], float]:
    """Start the preview, and open its page; return the process and the seconds to a card."""
    before = time.monotonic()
    command = [sys.executable, "-m", "deckpress", "preview", "--no-open", "--quiet", "--port", "0"]
    environment = {**os.environ, "DECKPRESS_CACHE": str(folder / "cache")}
    process = subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout
    page.goto(process.stdout.readline().strip())
    page.wait_for_selector("body[data-shown]", timeout=120_000)
    return process, time.monotonic() - before


def end(process: subprocess.Popen[str]) -> None:
    """Press Ctrl-C."""
    process.send_signal(signal.SIGINT)
    process.communicate()


def time_saves(
    folder: Path, page: Page, process: int, saves: int, *, formulas: bool
) -> tuple[list[float], float]:
    """Return the milliseconds that each of some saves took, and those of the processor for one."""
    path = folder / f"cards/{CATEGORIES[0]}/card-000000.md"
    text = path.read_text(encoding="utf-8")
    frame: Any = next(each for each in page.frames if "/card/" in each.url)
    took: list[float] = []
    worked = 0.0
    for number in range(saves):
        word = f"saved{number}x{'f' if formulas else 'w'}"
        formula = f" $z_{{{number}}}^{{{number + 7}}}$" if formulas else ""
        # The frame's clock is this machine's, so its moment can be held against ours.
        frame.evaluate(f"window.seen = ({WATCH})({word!r}); 0")
        used, before = processor_time(process), time.time() * 1000
        path.write_text(f"{text}\nThen {word}{formula}.\n", encoding="utf-8")
        took.append(frame.evaluate("window.seen") - before)
        worked += processor_time(process) - used
        page.wait_for_timeout(3000)
    path.write_text(text, encoding="utf-8")
    return took, worked / saves


def processor_time(process: int) -> float:
    """Return the milliseconds of the processor that a process has had; 0 where nobody counts."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2]
    except OSError:
        return 0.0
    return sum(map(int, fields.split()[11:13])) * 1000 / os.sysconf("SC_CLK_TCK")


def measure(notes: int, saves: int) -> str:
    """Return the row of a deck of so many notes."""
    with TemporaryDirectory() as name, start_chromium() as browser:
        folder, page = Path(name), browser.new_page()
        write_corpus(folder / "cards", notes)
        process, cold = start(folder, page)
        end(process)
        process, warm = start(folder, page)
        try:
            page.keyboard.press(" ")
            page.wait_for_timeout(1000)
            rows = [
                time_saves(folder, page, process.pid, saves, formulas=formulas)
                for formulas in (False, True)
            ]
        finally:
            end(process)
    figures = (f"{median(took):.0f} | {max(took):.0f} | {worked:.0f}" for took, worked in rows)
    return f"| {notes:,} | {cold:.1f} | {warm:.1f} | {' | '.join(figures)} |"


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description="Time the preview.")
    parser.add_argument("--notes", type=int, nargs="*", default=[100, 1000, 10_000])
    parser.add_argument("--saves", type=int, default=10)
    asked = parser.parse_args()
    print(f"{platform.platform()}, Python {platform.python_version()}")
    print(f"load before: {os.getloadavg()[0]:.1f} on {len(os.sched_getaffinity(0))} cores\n")
    head = "| notes | cold start, s | warm start, s "
    print(head + "| save, ms | slowest | CPU | with a new formula, ms | slowest | CPU |")
    print("|--:" * 9 + "|")
    for notes in asked.notes:
        print(measure(notes, asked.saves), flush=True)


if __name__ == "__main__":
    main()
