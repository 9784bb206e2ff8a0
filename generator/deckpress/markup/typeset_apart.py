"""Typst in a process of its own, whose memory is free again when it ends.

Typst keeps all that it has set until its process ends; documents that are set in parts are
therefore set in one process each, several at a time.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from deckpress.markup.typesetter import TypesetError, Typesetter, UnstableLayoutError

MOST = 3
"""How many are set at the same time, at most: each takes some hundred megabytes."""

T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Source:
    """A document to set: what `Typesetter` and its `pdf` take."""

    text: str
    files: Mapping[str, bytes]
    fonts: Mapping[str, bytes]
    date: int


def pdf_apart(source: Source) -> bytes:
    """Set a document as PDF in another process.

    Args:
        source: the document.

    Returns:
        The PDF, as `Typesetter.pdf` returns it.

    Raises:
        TypesetError: Typst refuses the source, or its process was killed, as when there is too
            little memory.
    """
    with TemporaryDirectory(prefix="deckpress-") as name:
        asked, answered = Path(name) / "source", Path(name) / "answer"
        asked.write_bytes(pickle.dumps(source))
        # Without -P, Python would look for its modules in the author's folder first.
        command: list[str | Path] = [sys.executable, "-P", "-m", __spec__.name, asked, answered]
        done = subprocess.run(command, capture_output=True, check=False)
        if done.returncode < 0:
            raise TypesetError("error: Typst was ended by the system, perhaps for lack of memory")
        if done.returncode:
            raise RuntimeError(done.stderr.decode(errors="replace"))
        answer: bytes | tuple[bool, str] = pickle.loads(answered.read_bytes())
    if isinstance(answer, bytes):
        return answer
    unstable, diagnostic = answer
    raise UnstableLayoutError(diagnostic) if unstable else TypesetError(diagnostic)


def at_once() -> int:
    """Return how many documents are set at the same time."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return min(usable or 1, MOST)


def side_by_side(work: Callable[[T], R], items: Sequence[T]) -> list[R]:
    """Do work that waits for processes, for several items at a time.

    Args:
        work: what is done with an item.
        items: what it is done with.

    Returns:
        What was made of each, in order.
    """
    with ThreadPoolExecutor(at_once()) as pool:
        return list(pool.map(work, items))


def _serve(asked: Path, answered: Path) -> None:
    source: Source = pickle.loads(asked.read_bytes())
    answer: bytes | tuple[bool, str]
    try:
        answer = Typesetter(source.fonts).pdf(source.text, source.files, date=source.date)
    except TypesetError as error:
        answer = (isinstance(error, UnstableLayoutError), str(error))
    answered.write_bytes(pickle.dumps(answer))


if __name__ == "__main__":
    _serve(*map(Path, sys.argv[1:]))
