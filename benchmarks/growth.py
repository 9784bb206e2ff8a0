"""How a build of the package grows with the deck: CPU time a note, peak memory, size.

Run it: `python benchmarks/growth.py --notes 100 1000 10000 100000`. Each size is built in a process
of its own, with nothing remembered. CPU time is that of the program and of all that it starts;
memory that of its largest process.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from corpus import write_corpus

DECKPRESS = (sys.executable, "-m", "deckpress")


def run(arguments: tuple[str, ...], folder: Path) -> tuple[float, float, float]:
    """Run deckpress; return seconds on the wall, seconds of CPU, and megabytes at the most."""
    start = time.perf_counter()
    process = subprocess.Popen((*DECKPRESS, *arguments), cwd=folder, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"deckpress {' '.join(arguments)} failed")
    return time.perf_counter() - start, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def main() -> None:
    """Print a line for each size."""
    parser = argparse.ArgumentParser(description="Build decks of growing size.")
    parser.add_argument("--notes", type=int, nargs="*", default=[100, 1000, 10_000, 100_000])
    parser.add_argument("--format", default="apkg")
    asked = parser.parse_args()
    first = 0.0
    print(
        "| notes | wall s | CPU s | ms of CPU a note | of that at 1,000 | memory MB | output MB |"
    )
    print("|--:|--:|--:|--:|--:|--:|--:|", flush=True)
    for notes in asked.notes:
        with TemporaryDirectory() as name:
            folder = Path(name)
            write_corpus(folder / "cards", notes)
            build = ("build", "--quiet", "--no-cache", "--format", asked.format)
            wall, cpu, memory = run(build, folder)
            size = sum(path.stat().st_size for path in (folder / "build").iterdir()) / 1e6
        each = 1000 * cpu / notes
        if notes == 1000:  # what the others are held against
            first = each
        share = f"{each / first:.2f}" if first else ""
        print(
            f"| {notes:,} | {wall:.1f} | {cpu:.1f} | {each:.2f} | {share} | {memory:.0f} "
            f"| {size:.1f} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
