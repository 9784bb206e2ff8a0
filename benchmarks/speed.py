"""Times deckpress against a plain builder, ankdown and markdown-anki-decks on made-up decks.

Run it: `make bench`, or `python benchmarks/speed.py --notes 1000 3000 --rounds 3`. All of one round
run in turn, so that what else the machine does meets each alike; the table shows medians, and each
median over the plain builder's. "CPU" is user and system time of a program and all that it starts,
which other programs disturb least; "memory" is the peak of its largest process.

ankdown and markdown-anki-decks are installed from the package index into environments of their
own, since they want other versions of libraries than deckpress has; `--only-ours` leaves them out.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from corpus import CATEGORIES, write_card, write_corpus

HERE = Path(__file__).parent
PYTHON = sys.executable
DECKPRESS = (PYTHON, "-m", "deckpress")
RIVALS = {
    "ankdown": ("ankdown==0.7.1", "setuptools<81"),
    "markdown-anki-decks": ("markdown-anki-decks==1.1.1", "click<8.2"),
}


@dataclass
class Case:
    """A program to time: its command, and what is done before each run and is not timed."""

    name: str
    command: Sequence[str]
    prepare: Callable[[], None] = lambda: None
    environment: Mapping[str, str] = field(default_factory=dict)
    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)

    def run(self, folder: Path, environment: dict[str, str]) -> None:
        """Run it once."""
        self.prepare()
        start = time.perf_counter()
        process = subprocess.Popen(
            self.command,
            cwd=folder,
            env={**environment, **self.environment},
            stdout=subprocess.DEVNULL,
        )
        _, status, used = os.wait4(process.pid, 0)
        self.wall.append(time.perf_counter() - start)
        if status:
            sys.exit(f"{self.name} failed: {' '.join(self.command)}")
        self.cpu.append(used.ru_utime + used.ru_stime)
        self.memory.append(used.ru_maxrss / 1024)


def rival(name: str, folder: Path) -> Path:
    """Return the folder of programs of an environment that holds a rival, made when missing."""
    home = folder / name
    if not home.exists():
        subprocess.run([PYTHON, "-m", "venv", str(home)], check=True)
        pip = [str(home / "bin/python"), "-m", "pip", "install", "--quiet", *RIVALS[name]]
        subprocess.run(pip, check=True)
    return home / "bin"


def write_for_ankdown(folder: Path, notes: int) -> None:
    """Write the same notes as ankdown reads them: parts between lines of a percent sign."""
    for number in range(notes):
        _, question, answer, tags = parts_of(number)
        home = folder / CATEGORIES[number % len(CATEGORIES)]
        home.mkdir(parents=True, exist_ok=True)
        answer = answer.replace("$$", "\\[", 1).replace("$$", "\\]", 1)
        text = f"{question}\n\n%\n\n{answer}\n\n%\n\n{tags}\n"
        (home / f"card-{number:06}.md").write_text(text, encoding="utf-8")


def write_for_markdown_anki_decks(folder: Path, notes: int) -> None:
    """Write the same notes as markdown-anki-decks reads them: a file a deck, a heading a note."""
    folder.mkdir(parents=True, exist_ok=True)
    for at, category in enumerate(CATEGORIES):
        chosen = [parts_of(number) for number in range(at, notes, len(CATEGORIES))]
        sections = (f"## {question}\n\n{answer}\n" for _, question, answer, _ in chosen)
        text = f"# {category}\n\n" + "\n".join(sections)
        (folder / f"{category}.md").write_text(text, encoding="utf-8")


def parts_of(number: int) -> tuple[str, str, str, str]:
    """Return front matter, question, answer and tags of a card."""
    _, front, body = write_card(number).split("---\n", 2)
    question, _, answer = body.strip().removeprefix("# ").partition("\n")
    tags = next(line for line in front.splitlines() if line.startswith("tags"))
    return front, question, answer.strip(), tags.removeprefix("tags: [").rstrip("]")


def forget(folder: Path, *names: str) -> Callable[[], None]:
    """Return what deletes folders; by default, a deck is put back to never built."""

    def prepare() -> None:
        if not names:
            (folder / "cards/deck.lock").unlink(missing_ok=True)
        for name in names or ("cache", "build"):
            shutil.rmtree(folder / name, ignore_errors=True)

    return prepare


def change_card(folder: Path) -> Callable[[], None]:
    """Return what changes one card."""

    def prepare() -> None:
        with (folder / f"cards/{CATEGORIES[0]}/card-000000.md").open("a", encoding="utf-8") as file:
            file.write("\nOne more word.\n")

    return prepare


def cases_of(folder: Path, notes: int, rivals: Path | None) -> list[Case]:
    """Return what is timed on a deck of so many notes, in the order in which it runs."""
    write_corpus(folder / "cards", notes)
    build = (*DECKPRESS, "build", "--quiet", "--format")
    plain = (PYTHON, str(HERE / "plain_builder.py"), "cards", "plain.apkg")
    cases = [Case("plain builder", plain)]
    if rivals:
        write_for_ankdown(folder / "ankdown", notes)
        write_for_markdown_anki_decks(folder / "decks", notes)
        (folder / "decks-out").mkdir()
        ankdown = str(rival("ankdown", rivals) / "ankdown")
        theirs = (ankdown, "-r", "ankdown", "-p", "ankdown.apkg", "--highlight")
        cases.append(Case("ankdown", theirs))
        other = str(rival("markdown-anki-decks", rivals) / "mdankideck")
        cases.append(Case("markdown-anki-decks", (other, "decks", "decks-out")))
    cold = forget(folder)
    return [
        *cases,
        Case("one process, no cache", (*build, "apkg", "--no-cache", "--jobs", "1"), cold),
        Case("all formats but PDF, cold", (*build, "apkg,html,json,md"), cold),
        Case("cold", (*build, "apkg"), cold),
        Case("nothing changed", (*build, "apkg")),
        Case("check, nothing known of it", (*DECKPRESS, "check", "--quiet")),
        Case("check, nothing changed", (*DECKPRESS, "check", "--quiet")),
        Case("one card changed", (*build, "apkg"), change_card(folder)),
    ]


def starting(folder: Path) -> list[Case]:
    """Return what is timed of starting."""
    write_corpus(folder / "cards", 10)
    return [
        Case("python -c pass", (PYTHON, "-c", "pass")),
        Case("--help", (*DECKPRESS, "--help")),
        Case("--version", (*DECKPRESS, "--version")),
        Case("build --help", (*DECKPRESS, "build", "--help")),
        Case("check of ten cards, cold", (*DECKPRESS, "check", "--quiet"), forget(folder)),
        Case("check of ten cards, warm", (*DECKPRESS, "check", "--quiet")),
    ]


COMPLETED = {
    "names of commands": ("b",),
    "options of `build`": ("build", "--"),
    "formats": ("build", "--format", ""),
    "rules": ("check", "--explain", ""),
    "kinds": ("new", "Why?", "--kind", ""),
    "companies": ("list", "--company", ""),
    "categories": ("list", "--category", ""),
    "tags": ("list", "--tag", ""),
    "ids": ("verify", "--only", ""),
    "tags in `--where`": ("list", "--where", "tag:"),
}


def completing(folder: Path) -> list[Case]:
    """Return what is timed of a shell that completes the last of the words, in a deck of 1,000."""
    write_corpus(folder / "cards", 1000, companies=True)
    other = {"DECKPRESS_CACHE": str(folder / "other-cache")}

    def build() -> None:
        if not (folder / "cards/deck.lock").exists():
            cache = {"DECKPRESS_CACHE": str(folder / "cache")}
            call = (*DECKPRESS, "build", "--quiet", "--format", "apkg")
            subprocess.run(call, cwd=folder, env={**os.environ, **cache}, check=True)

    def asks(words: Sequence[str]) -> dict[str, str]:
        typed = {"COMP_WORDS": "\n".join(("deckpress", *words)), "COMP_CWORD": str(len(words))}
        return {"_DECKPRESS_COMPLETE": "bash_complete", **typed}

    cases = [Case(name, DECKPRESS, build, asks(words)) for name, words in COMPLETED.items()]
    cold = [
        Case(f"{name}, never read", DECKPRESS, forget(folder, "other-cache"), asks(words) | other)
        for name, words in COMPLETED.items()
        if name in ("companies", "tags")
    ]
    return [Case("python -c pass", (PYTHON, "-c", "pass")), *cases, *cold]


def companies(folder: Path) -> list[Case]:
    """Return what is timed of the decks of twenty companies, in three formats."""
    write_corpus(folder / "cards", 300, companies=True)
    build = (*DECKPRESS, "build", "--quiet", "--no-cache")
    return [
        Case("full deck, three formats", build),
        Case("--all-companies, three formats", (*build, "--all-companies")),
    ]


def run_all(cases: Sequence[Case], folder: Path, rounds: int) -> None:
    """Run cases in turn; all find their bytecode in one place beside the folder."""
    environment = {**os.environ, "DECKPRESS_CACHE": str(folder / "cache")}
    bytecode = str(folder.parent / "bytecode")
    environment |= {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": bytecode}
    for _ in range(rounds):
        for case in cases:
            case.run(folder, environment)


def compare(title: str, cases: Sequence[Case], folder: Path, rounds: int) -> None:
    """Run cases in turn, and print a table; ratios are to the first of them."""
    run_all(cases, folder, rounds)
    first = cases[0]
    print(f"\n{title}\n")
    print("| what | wall s | of the first | CPU s | of the first | memory MB |")
    print("|---|--:|--:|--:|--:|--:|")
    for case in cases:
        wall, cpu = median(case.wall), median(case.cpu)
        print(
            f"| {case.name} | {wall:.2f} | {wall / median(first.wall):.2f} | {cpu:.2f} "
            f"| {cpu / median(first.cpu):.2f} | {max(case.memory):.0f} |",
            flush=True,
        )


def main() -> None:
    """Print a table for each size, and for starting, completing and companies."""
    parser = argparse.ArgumentParser(description="Time deckpress.")
    parser.add_argument("--notes", type=int, nargs="*", default=[1000, 3000, 10_000])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only-ours", action="store_true")
    parser.add_argument("--rivals", type=Path, default=Path(".bench"))
    asked = parser.parse_args()
    rivals = None if asked.only_ours else asked.rivals.resolve()
    cores = len(os.sched_getaffinity(0))
    print(f"{cores} cores, {platform.platform()}, Python {platform.python_version()}")
    print(f"load before: {os.getloadavg()[0]:.1f}; medians of {asked.rounds}")
    with TemporaryDirectory() as name:
        # No program is timed while it is compiled: one that is installed has its bytecode.
        run_all(cases_of(Path(name) / "compiling", 200, rivals), Path(name) / "compiling", 1)
        often = asked.rounds * 7
        parts = (
            ("Starting", starting, often),
            ("Completing", completing, often),
            ("Companies", companies, 1),
        )
        for what, cases, rounds in parts:
            folder = Path(name) / what
            compare(what, cases(folder), folder, rounds)
        for notes in asked.notes:
            folder = Path(name) / str(notes)
            compare(f"{notes:,} notes", cases_of(folder, notes, rivals), folder, asked.rounds)
            shutil.rmtree(folder)


if __name__ == "__main__":
    main()
