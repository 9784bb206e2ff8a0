"""A Python process of its own for code that is not trusted: bounded, watched, cut off.

Time, memory, output, processes and files have limits; the environment is clean, the folder its own
and empty afterwards. Where the system allows, the process has no network and its children die with
it. What the code says of itself counts for nothing: the result comes over a pipe that it is not
told of, with a number that it is not told either.
"""

from __future__ import annotations

import json
import os
import secrets
import select
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

MOST_OUTPUT = 1_000_000
"""The most bytes that code may print; what it prints is of no use here."""

MOST_PROCESSES = 256
"""The most processes and threads that code may start."""

_RUNNER = """
def _run():
    import builtins, json, os, resource, sys, traceback
    channel = int(sys.argv[1])
    job = json.load(sys.stdin)
    nonce = job.pop("nonce")
    sys.argv[:] = ["card"]
    memory, files, seconds = job["memory"], job["files"], job["seconds"]
    for what, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_FSIZE, files),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NPROC, job["processes"]),
    ):
        if most is None:
            continue
        resource.setrlimit(what, (most, most))
    write, dump, leave = os.write, json.dumps, os._exit
    sys.stdin = open(os.devnull)
    report = {"line": 0, "text": "", "missing": ""}
    try:
        space = {"__name__": "card", "__builtins__": builtins}
        codes = [
            # Empty lines in front give the code the line numbers it has in the card's file.
            compile("\\n" * line + code, job["path"], "exec") for line, code in job["fences"]
        ]
        for code in codes:
            exec(code, space)
    except BaseException as error:
        path = job["path"]
        places = [f.lineno for f in traceback.extract_tb(error.__traceback__) if f.filename == path]
        own = getattr(error, "lineno", None) if isinstance(error, SyntaxError) else None
        report["line"] = own or (places[-1] if places else job["fences"][0][0] + 1)
        if isinstance(error, ModuleNotFoundError):
            report["missing"] = str(error.name or "").partition(".")[0]
        try:
            report["text"] = traceback.format_exception_only(error)[-1].strip()[:500]
        except BaseException:
            report["text"] = type(error).__name__
        report["text"] = report["text"] or type(error).__name__
    report["nonce"] = nonce
    write(channel, dump(report).encode())
    # Without handlers of the card's own, and without waiting for its threads.
    leave(0)
_run()
"""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a process may take: seconds of wall time, bytes of memory, bytes of each file."""

    seconds: float = 60.0
    memory: int = 4_000_000_000
    files: int = 100_000_000


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a process ended.

    `line` and `text` are those of the exception that ended its code, `missing` the library that it
    asked for in vain. When `ended` is filled, the process did not come to its end, and that says
    why; `output` is the end of what it printed.
    """

    line: int = 0
    text: str = ""
    missing: str = ""
    ended: str = ""
    output: str = ""

    @property
    def passed(self) -> bool:
        """Whether all code ran to its end."""
        return not (self.text or self.missing or self.ended)


@lru_cache
def isolation() -> tuple[str, ...]:
    """Return the command that takes network and lasting children away; empty where none can."""
    tool = shutil.which("unshare")
    words = (tool or "", "--map-root-user", "--net", "--pid", "--fork", "--kill-child")
    if not tool or not sys.platform.startswith("linux"):
        return ()
    try:
        done = subprocess.run([*words, "true"], capture_output=True, timeout=10, check=False)
    except (OSError, subprocess.SubprocessError):
        return ()
    return words if done.returncode == 0 else ()


def run_code(path: str, fences: Sequence[tuple[int, str]], limits: Limits) -> Outcome:
    """Run pieces of Python in order, in one namespace, in a process of their own.

    Args:
        path: the file that tracebacks name.
        fences: the line before each piece in that file, and its code.
        limits: what the process may take.

    Returns:
        How it ended; nothing of it is left running.
    """
    nonce = secrets.token_hex(16)
    # What the process burns on several cores at once is bounded, too.
    job = {
        "path": path,
        "fences": list(fences),
        "nonce": nonce,
        "memory": limits.memory,
        "files": limits.files,
        "seconds": int(limits.seconds * 4) + 2,
        # Only in a namespace of its own are these the card's processes, and not all of the user's.
        "processes": MOST_PROCESSES if isolation() else None,
    }
    read, write = os.pipe()
    try:
        with TemporaryDirectory(prefix="deckpress-", ignore_cleanup_errors=True) as folder:
            process = subprocess.Popen(
                [*isolation(), sys.executable, "-I", "-W", "ignore", "-c", _RUNNER, str(write)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                cwd=folder,
                env=_environment(folder),
                pass_fds=[write],
                start_new_session=True,
            )
            os.close(write)
            write = -1
            return _watch(process, json.dumps(job).encode(), read, nonce, limits)
    finally:
        os.close(read)
        if write >= 0:
            os.close(write)


def _environment(folder: str) -> dict[str, str]:
    """Return what the process is told of the machine: where programs are, and to use one core."""
    kept = ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
    threads = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")
    return {
        **{name: os.environ[name] for name in (*kept, *threads) if name in os.environ},
        "HOME": folder,
        "TMPDIR": folder,
        "LC_ALL": "C.UTF-8",
        "PYTHONHASHSEED": "0",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "MPLBACKEND": "Agg",
        "MPLCONFIGDIR": folder,
    }


def _watch(
    process: subprocess.Popen[bytes], job: bytes, channel: int, nonce: str, limits: Limits
) -> Outcome:
    """Feed the process, read its report and its output, and end it with all its children."""
    assert process.stdin
    assert process.stdout
    end = time.monotonic() + limits.seconds
    report, output, printed, ended = b"", b"", 0, ""
    try:
        try:
            process.stdin.write(job)
            process.stdin.close()
        except BrokenPipeError:
            pass
        streams = [channel, process.stdout.fileno()]
        # The report ends it: output that a child still holds open is not waited for.
        while channel in streams and not ended:
            left = end - time.monotonic()
            if left <= 0:
                ended = f"over {limits.seconds:g} s"
                break
            ready, _, _ = select.select(streams, [], [], left)
            for stream in ready:
                data = os.read(stream, 65536)
                if not data:
                    streams.remove(stream)
                elif stream == channel:
                    report += data
                else:
                    printed += len(data)
                    output = (output + data)[-400:]
            if printed > MOST_OUTPUT or len(report) > 100_000:
                ended = f"printed over {MOST_OUTPUT // 1_000_000} MB"
    finally:
        status = _end(process)
    words = output.decode(errors="replace").strip()[-200:]
    if ended:
        return Outcome(ended=ended, output=words)
    return _judge(report, nonce, status, words)


def _end(process: subprocess.Popen[bytes]) -> int:
    """End a process and its group; return its exit status."""
    with suppress(subprocess.TimeoutExpired):
        # One that has reported is about to leave by itself.
        process.wait(timeout=0.2)
    for _ in range(2):
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            break
    status = process.wait()
    if process.stdout:
        process.stdout.close()
    if not isolation():
        _end_strays(Path("/proc"), process.pid)
    return status


def _end_strays(proc: Path, session: int) -> None:
    """End what is left of a session whose members left the process group, where /proc tells."""
    for entry in proc.glob("[0-9]*/stat") if proc.is_dir() else ():
        try:
            words = entry.read_text().rpartition(")")[2].split()
            if int(words[3]) == session:
                os.kill(int(entry.parent.name), signal.SIGKILL)
        except (OSError, ValueError, IndexError):
            continue


def _judge(report: bytes, nonce: str, status: int, output: str) -> Outcome:
    try:
        found: Any = json.loads(report)
    except ValueError:
        found = None
    if not isinstance(found, dict) or found.get("nonce") != nonce:
        code = status if status >= 0 else -status
        how = f"was ended by signal {code}" if status < 0 else f"ended with {code}"
        return Outcome(ended=f"the process {how} before its code did", output=output)
    return Outcome(int(found["line"]), str(found["text"]), str(found["missing"]), output=output)
