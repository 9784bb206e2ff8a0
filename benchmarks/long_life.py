"""Plays learners through twelve releases, over five engines of Anki and three ways of updating.

Run it from the repository: PYTHONPATH=tests .venv/bin/python benchmarks/long_life.py, or
`make long-life`.

Each engine is installed into an environment of its own under .long-life/. A learner is a seed: it
says what they do between releases, and which they take (tests/life/learner.py). All that they have
is written down before and after each release, and held against docs/updates.md
(tests/life/promise.py). The table is printed, and written into docs/long-life.md.
"""

from __future__ import annotations

import argparse
import os
import pickle
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from life.engine_process import EngineProcess
from life.learner import WAYS, Learner
from life.play import play, read_release
from life.promise import Outcome
from life.release import History, make_releases

ROOT = Path(__file__).parents[1]
ENGINES = ("2.1.66", "23.10.1", "24.11", "25.02.7", "26.9.3")
PAGE = ROOT / "docs/long-life.md"
BEGIN, END = "<!-- table -->\n", "<!-- end of table -->\n"
AT_ONCE = 8
"""Learners that one job plays: few, so that a run that is broken off has played all engines."""


@dataclass(frozen=True, slots=True)
class Job:
    """Some learners of one engine and one way."""

    engine: str
    way: str
    seeds: tuple[int, ...]


def main() -> None:
    """Install the engines, play, and write the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--learners", type=int, default=1000)
    parser.add_argument("--first", type=int, default=0, help="the seed of the first learner")
    parser.add_argument("--engines", nargs="+", default=ENGINES, choices=ENGINES)
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--minutes", type=float, default=0, help="begin no learner after these")
    parser.add_argument("--write", action="store_true", help="write the table into the docs")
    chosen = parser.parse_args()
    pythons = {engine: install(engine) for engine in chosen.engines}
    begun = time.monotonic()
    memory = Path("/dev/shm")
    with TemporaryDirectory(dir=memory if memory.is_dir() else None) as name:
        folder = Path(name)
        history = make_releases(folder / "made")
        for release in history.releases:
            read_release(release)  # for all processes, which are forks of this one
        results = run(chosen, pythons, history, folder, begun)
    minutes = (time.monotonic() - begun) / 60
    text = table(chosen.engines, results, minutes)
    print(text)
    faults = [f for outcome, _ in results.values() for f in (*outcome.lost, *outcome.faults)]
    if chosen.write:
        before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
        page = before + BEGIN + "\n" + text + "\n" + END + rest.partition(END)[2]
        PAGE.write_text(page, encoding="utf-8")
    sys.exit(bool(faults))


def install(engine: str) -> Path:
    """Make the environment of an engine, unless it is there, and return its Python."""
    folder = ROOT / ".long-life" / f"anki-{engine}"
    python = folder / "bin/python"
    if not (folder / "done").exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
        command = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*map(str, command), f"anki=={engine}"], check=True)
        (folder / "done").touch()
    return python


def run(
    chosen: argparse.Namespace,
    pythons: dict[str, Path],
    history: History,
    folder: Path,
    begun: float,
) -> dict[tuple[str, str], tuple[Outcome, int]]:
    """Play all learners, and return by engine and way what came of how many."""
    jobs = list(plan(chosen))
    results = {(e, w): (Outcome(), 0) for e in chosen.engines for w in WAYS}
    limit = begun + chosen.minutes * 60 if chosen.minutes else float("inf")
    (folder / "history").write_bytes(pickle.dumps(history))
    with ProcessPoolExecutor(chosen.processes) as pool:
        futures = {pool.submit(play_all, j, pythons[j.engine], folder, limit): j for j in jobs}
        for done, future in enumerate(as_completed(futures), 1):
            job, (outcome, played) = futures[future], future.result()
            total, number = results[job.engine, job.way]
            total.add(outcome)
            results[job.engine, job.way] = (total, number + played)
            for fault in (*outcome.lost, *outcome.faults):
                print(fault, file=sys.stderr)
            if done % 10 == 0:
                lost = sum(len(o.lost) + len(o.faults) for o, _ in results.values())
                minutes = (time.monotonic() - begun) / 60
                print(
                    f"{done} of {len(jobs)} jobs, {minutes:.1f} min, {lost} faults", file=sys.stderr
                )
    return results


def plan(chosen: argparse.Namespace) -> Iterator[Job]:
    """Deal the learners out to engines and ways, and yield jobs in turn."""
    groups = [(engine, way) for engine in chosen.engines for way in WAYS]
    seeds = range(chosen.first, chosen.first + chosen.learners)
    hands = [seeds[place :: len(groups)] for place in range(len(groups))]
    for start in range(0, max(map(len, hands)), AT_ONCE):
        for (engine, way), hand in zip(groups, hands, strict=True):
            if some := tuple(hand[start : start + AT_ONCE]):
                yield Job(engine, way, some)


def play_all(job: Job, python: Path, folder: Path, limit: float) -> tuple[Outcome, int]:
    """Play some learners, and return what came of it, and of how many."""
    history: History = pickle.loads((folder / "history").read_bytes())
    outcome, played = Outcome(), 0
    own = folder / f"{os.getpid()}"
    own.mkdir(exist_ok=True)
    with EngineProcess(python, own) as engine:
        for seed in job.seeds:
            if time.monotonic() > limit:
                break
            outcome.add(play(engine, Learner(seed, job.way), history, own / "collection"))
            played += 1
    return outcome, played


def table(
    engines: Sequence[str], results: dict[tuple[str, str], tuple[Outcome, int]], minutes: float
) -> str:
    """Write what came of it as Markdown."""
    learners = sum(played for _, played in results.values())
    taken = sum(outcome.taken for outcome, _ in results.values())
    lines = [
        f"{learners:,} learners took {taken:,} releases in {minutes:.0f} minutes:",
        "",
        "| Anki | way | learners | releases | study kept | own work kept | lost | lost as told "
        "| arrived | waiting as told | missing | edited by both, named |",
        "|---|---|" + "---:|" * 10,
    ]
    for engine in engines:
        for way in WAYS:
            outcome, played = results[engine, way]
            study = sum(outcome.kept[name] for name in STUDY)
            own = sum(outcome.kept.values()) - study
            told = sum(number for name, number in outcome.told.items() if name in OWN)
            missing = outcome.due - outcome.arrived - outcome.waiting + len(outcome.faults)
            named = f"{outcome.named:,} of {outcome.both:,}" if way == "push" else ""
            numbers = (
                played, outcome.taken, study, own, len(outcome.lost), told, outcome.arrived,
                outcome.waiting, missing,
            )  # fmt: skip
            cells = [engine, way, *(f"{number:,}" for number in numbers), named]
            lines.append(f"| {' | '.join(cells)} |")
    lines += ["", "| lost as told, by what it was | " + " | ".join(WAYS) + " |"]
    lines.append("|---|" + "---:|" * len(WAYS))
    for name in OWN:
        counts = [sum(results[e, w][0].told[name] for e in engines) for w in WAYS]
        lines.append(f"| {name} | " + " | ".join(f"{number:,}" for number in counts) + " |")
    return "\n".join(lines) + "\n"


STUDY = ("schedules", "flags, suspensions", "reviews", "decks of cards", "moved cards")
OWN = ("My notes", "own tags", "edits", "own styles", "copies of deleted notes")


if __name__ == "__main__":
    main()
