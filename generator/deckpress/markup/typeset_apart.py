"""Typst in a process of its own, whose memory is free again when it ends.

Typst keeps all that it has set until its process ends; documents that are set in parts are
therefore set in one process each, several at a time. None of them outlives this one: each listens
to a pipe that closes with it.
"""

from __future__ import annotations

import errno
import os
import pickle
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeVar

from deckpress.markup.typesetter import TypesetError, Typesetter
from deckpress.text.processes import fresh_python, usable_cores

MOST = 3
"""How many are set at the same time, at most: each takes some hundred megabytes."""

T = TypeVar("T")
R = TypeVar("R")

_SIZE = 8
"""Bytes in which the length of a source stands before it."""
_OFTEN = 0.05
"""Seconds after which processes that began meanwhile are ended, too."""
_here = threading.local()
"""In a thread of `side_by_side`: the processes `running` that are to end with it."""


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
        TypesetError: Typst refuses the source.
        OSError: the process cannot begin, has no room on the disk, or was killed, as when there is
            too little memory.
    """
    made: bytes = _apart(source, "")
    return made


def query_apart(source: Source, selector: str) -> list[Any]:
    """Lay a document out in another process, and ask what it holds.

    Args:
        source: the document.
        selector: such as `<label>`.

    Returns:
        The values, as `Typesetter.query` returns them.

    Raises:
        TypesetError: Typst refuses the source.
        OSError: as for `pdf_apart`.
    """
    found: list[Any] = _apart(source, selector)
    return found


def _apart(source: Source, selector: str) -> Any:
    """Return the PDF of a document, or with a selector what is asked of it."""
    command = fresh_python(__spec__.name, "serve")
    if not command:
        return _set(source, selector)
    # Whatever the process leaves lies in this folder.
    with tempfile.TemporaryDirectory(prefix="deckpress-") as folder:
        code, answered, complaint = _ask(command, pickle.dumps((source, selector, folder)))
    if code < 0:
        message = "Typst was ended by the system, perhaps for lack of memory"
        raise OSError(errno.ENOMEM, message)
    if code:
        raise RuntimeError(complaint.decode(errors="replace"))
    answer = pickle.loads(answered)
    if isinstance(answer, TypesetError | OSError):
        raise answer
    return answer


def _ask(command: Sequence[str], question: bytes) -> tuple[int, bytes, bytes]:
    """Run a process; return its exit code, what it answered, and what it complained of."""
    running: set[subprocess.Popen[bytes]] = getattr(_here, "running", set())
    theirs, ours = os.pipe()
    try:
        try:
            process = subprocess.Popen(
                command, stdin=theirs, stdout=subprocess.PIPE, stderr=subprocess.PIPE
            )
        finally:
            os.close(theirs)
        with process:
            running.add(process)
            try:
                with suppress(BrokenPipeError):
                    _send(ours, len(question).to_bytes(_SIZE, "big") + question)
                answered, complaint = process.communicate()
            except BaseException:
                process.kill()
                raise
            finally:
                running.discard(process)
    finally:
        os.close(ours)
    return process.returncode, answered, complaint


def _send(pipe: int, data: bytes) -> None:
    left = memoryview(data)
    while left:
        left = left[os.write(pipe, left) :]


def at_once() -> int:
    """Return how many documents are set at the same time."""
    return min(usable_cores(), MOST)


def side_by_side(work: Callable[[T], R], items: Sequence[T]) -> list[R]:
    """Do work that waits for processes, for several items at a time.

    Args:
        work: what is done with an item.
        items: what it is done with.

    Returns:
        What was made of each, in order. Where one fails, or someone presses Ctrl-C, the processes
        of the others are ended.
    """
    running: set[subprocess.Popen[bytes]] = set()

    def begin() -> None:
        _here.running = running

    with ThreadPoolExecutor(at_once(), initializer=begin) as pool:
        futures = [pool.submit(work, item) for item in items]
        try:
            return [future.result() for future in futures]
        except BaseException:
            for future in futures:
                future.cancel()
            while wait(futures, timeout=_OFTEN).not_done:
                for process in tuple(running):
                    process.kill()
            raise


def serve() -> None:
    """In the other process: read a document, and write what becomes of it."""
    # Whoever presses Ctrl-C means the program, with which this process ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    read = sys.stdin.buffer.read
    question = read(int.from_bytes(read(_SIZE), "big"))
    source: Source
    source, selector, tempfile.tempdir = pickle.loads(question)
    threading.Thread(target=_end_with_program, args=(tempfile.tempdir,), daemon=True).start()
    answer: Any
    try:
        answer = _set(source, selector)
    except (TypesetError, OSError) as error:
        answer = error
    _send(1, pickle.dumps(answer))


def _end_with_program(folder: str) -> None:
    """Wait until the program ends, however it does, and leave nothing."""
    os.read(0, 1)
    shutil.rmtree(folder, ignore_errors=True)
    os._exit(1)


def _set(source: Source, selector: str) -> bytes | list[Any]:
    typesetter = Typesetter(source.fonts)
    if selector:
        return typesetter.query(source.text, source.files, selector)
    return typesetter.pdf(source.text, source.files, date=source.date)
