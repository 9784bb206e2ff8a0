"""A process that splits code into tokens where no timer can stop this one: beside other threads."""

from __future__ import annotations

import json
import subprocess
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Lock

from deckpress.text.processes import fresh_python


class LexerProcess:
    """A process that is asked again and again, and is ended when an answer takes too long."""

    def __init__(self) -> None:
        """Start nothing yet."""
        self._lock = Lock()
        self._process: subprocess.Popen[str] | None = None

    def split(self, code: str, language: str, seconds: float) -> list[tuple[str, str]] | None:
        """Split code into tokens.

        Args:
            code: the code.
            language: a name that Pygments knows.
            seconds: how long to wait.

        Returns:
            The name of each token's type and its text; None when it took too long, or when no
            process can be started.
        """
        with self._lock:
            process = self._process
            if process is None or process.poll() is not None:
                process = self._process = _start()
            if process is None:
                return None
            with ThreadPoolExecutor(1) as pool:
                asked = pool.submit(_ask, process, json.dumps([code, language]))
                try:
                    line = asked.result(timeout=seconds)
                except TimeoutError:
                    line = ""
                    process.kill()
                except BaseException:
                    # Whoever presses Ctrl-C need not wait for it.
                    process.kill()
                    raise
            if not line:
                _end(process)
            return [(kind, text) for kind, text in json.loads(line)] if line else None


def _start() -> subprocess.Popen[str] | None:
    command = fresh_python("deckpress.tree.code", "answer_lines")
    if not command:
        return None
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="ascii"
    )
    assert process.stdout
    process.stdout.readline()  # until it is there, which is no time that code takes
    return process


def _end(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.wait()
    for stream in (process.stdin, process.stdout):
        with suppress(OSError):
            stream and stream.close()


def _ask(process: subprocess.Popen[str], question: str) -> str:
    assert process.stdin
    assert process.stdout
    try:
        process.stdin.write(f"{question}\n")
        process.stdin.flush()
        return process.stdout.readline()
    except OSError:
        return ""  # it was ended
