"""Ledgers of two branches joined, and a repository of git set up to do so by itself."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

from deckpress.anki.ledger import join_texts, read_ledger, write_ledger
from deckpress.pipeline.clock import latest_time
from deckpress.schema.file_names import LEDGER_NAME, MOST_LEDGER
from deckpress.text.files import write_files
from deckpress.text.problem import CallError, Problem, SourceError
from deckpress.text.source_text import read_text

DRIVER = "deckpress"
"""The name of the merge driver in git's configuration."""

ATTRIBUTES = (
    f"{LEDGER_NAME} merge={DRIVER} text eol=lf",
    "*.md text eol=lf",
    "*.yaml text eol=lf",
    "*.svg text eol=lf",
)
"""What git has to know of a deck's files: line endings that stay, and who merges the ledger."""


_COUNT = re.compile(r'^{"lines": (\d{1,9}),', re.MULTILINE)


def merge_ledgers(ours: Path, theirs: Path) -> None:
    """Join two versions of a ledger, as git asks a merge driver to.

    Of two lines of a note, that of the later change holds; lines that only one side has are kept.
    What both branches say of the cards themselves is not looked at: the next build does.

    Args:
        ours: the file of our version; it takes the result. When the two cannot be joined, it takes
            both between conflict markers.
        theirs: the file of the other version.

    Raises:
        SourceError: one of them is no ledger, or they are the ledgers of two decks.
        OSError: the file cannot be read or written.
    """
    texts: list[str] = []
    problems: list[Problem] = []
    for path in (ours, theirs):
        text, faults = read_text(path, most=MOST_LEDGER)
        problems += faults
        texts.append(text)
    if problems:
        raise SourceError(problems)
    both = join_texts(*texts)
    ledger, problems = read_ledger(both, ours.as_posix(), latest_time())
    write_files({ours: (write_ledger(ledger) if ledger else both).encode()})
    if problems:
        raise SourceError(problems)


def seal_ledger(root: Path) -> tuple[int, int]:
    """Write the last line of a ledger anew, for what stands above it now.

    It is for whoever edited or merged a ledger by hand. Of one that lost lines, their notes would
    be new ones to the next build.

    Args:
        root: the folder of cards.

    Returns:
        How many notes the ledger holds, and how many lines it lacks of those that a build wrote;
        below 0 where it has more.

    Raises:
        SourceError: it holds other mistakes; it stays as it was.
        OSError: the file cannot be read or written.
    """
    path = root / LEDGER_NAME
    text, problems = read_text(path, most=MOST_LEDGER)
    if problems:
        raise SourceError(problems)
    ledger, faults = read_ledger(text, path.as_posix(), latest_time(), sealed=False)
    if ledger is None:
        raise SourceError(faults)
    counts = [int(found[1]) for found in _COUNT.finditer(text)]
    written = write_ledger(ledger)
    write_files({path: written.encode()})
    lacking = max(counts, default=0) - (written.count("\n") - 1) if counts else 0
    return len(ledger.notes), lacking


def set_up_merging(root: Path) -> Path | None:
    """Let git merge the ledger of a deck by `deckpress merge-lock`, in this clone.

    Args:
        root: the folder of cards, in a repository.

    Returns:
        The file of attributes beside the ledger, which took lines that are to be committed;
        None when the repository had them.

    Raises:
        CallError: there is no git, or the folder lies in no repository.
        OSError: the file cannot be written.
    """
    command = f"{shlex.quote(Path(sys.executable).as_posix())} -m deckpress merge-lock %O %A %B"
    _git(root, "config", f"merge.{DRIVER}.name", "joins the ledgers of deckpress")
    _git(root, "config", f"merge.{DRIVER}.driver", command)
    path = root / ".gitattributes"
    if _git(root, "check-attr", "merge", "--", LEDGER_NAME).strip().endswith(f": {DRIVER}"):
        return None
    text, problems = read_text(path) if path.is_file() else ("", ())
    if problems:
        raise SourceError(problems)
    lines = text.splitlines()
    missing = [line for line in ATTRIBUTES if line not in lines]
    write_files({path: "".join(f"{line}\n" for line in (*lines, *missing)).encode()})
    return path


def _git(folder: Path, *arguments: str) -> str:
    try:
        done = subprocess.run(
            ["git", "-C", str(folder), *arguments], capture_output=True, text=True, check=False
        )
    except FileNotFoundError as error:
        raise CallError("there is no git on this machine") from error
    if done.returncode:
        raise CallError(done.stderr.strip() or f"git {arguments[0]} failed")
    return done.stdout
