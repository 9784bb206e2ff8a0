"""A Python process of its own for code that is not trusted: bounded, watched, cut off.

Time, memory, output, processes and files have limits; the environment is clean, the folder its own
and empty afterwards. Where the system allows, the process has no network, can write nowhere but in
that folder, which lies in memory, and its children die with it. What the code says of itself counts
for nothing: the result comes over a pipe that it is not told of, with a number that it is not told
either.
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
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

MOST_OUTPUT = 1_000_000
"""The most bytes that code may print; what it prints is of no use here."""

MOST_PROCESSES = 256
"""The most processes and threads that code may start."""

_MOST_LINES = 10_000_000
"""More than any file that is read has."""

_LOOK = 0.25
"""Seconds between two looks at what processes there are, and what memory they take together."""

_GUARD = 'read told || { kill -s KILL -- "-$0"; rm -rf -- "$1"; }'
"""What ends a group of processes and deletes their folder if nobody says that this was done."""

_SHUT = """
def _shut(folder, size):
    # All is read-only to this process and its children, but a folder in memory and shared memory;
    # and they have no right to change that, whoever they are.
    import ctypes, os
    libc = ctypes.CDLL(None, use_errno=True)
    def call(function, *arguments):
        if function(*arguments):
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    if tuple(map(int, os.uname().release.split(".")[:2])) >= (6, 14):
        # Of this namespace alone; before, it was that of the machine.
        with open("/proc/sys/kernel/pid_max", "w") as limit:
            limit.write("301")
    read_only = (ctypes.c_uint64 * 4)(1, 0, 0, 0)
    call(libc.syscall, 442, -100, b"/", 0x8000, read_only, 32)  # mount_setattr, all below
    for place in (folder, "/dev/shm"):
        if os.path.isdir(place):
            options = f"size={size},nr_inodes=20000,mode=1777".encode()
            call(libc.mount, b"tmpfs", place.encode(), b"tmpfs", 6, options)
    os.chdir(folder)
    for right in range(64):
        libc.prctl(24, right, 0, 0, 0)  # out of the bounding set; there are fewer than 64
    call(libc.prctl, 38, 1, 0, 0, 0)  # no new privileges
    call(libc.capset, (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)())
"""

_RUNNER = """
def _run():
    import builtins, json, os, resource, sys, time, traceback
    channel = int(sys.argv[1])
    job = json.load(sys.stdin)
    nonce = job.pop("nonce")
    sys.argv[:] = ["card"]
    if job["shut"]:
        _shut(os.getcwd(), job["files"])
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
    write, dump, leave, wait = os.write, json.dumps, os._exit, time.sleep
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
    write(channel, dump(report).encode() + b"\\n")
    # It is ended here, without handlers of the card's own, once its children have been looked at.
    wait(60)
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
    if not tool or not sys.platform.startswith("linux"):
        return ()
    words = (tool, "--map-root-user", "--net", "--pid", "--fork", "--kill-child")
    shut = f"{_SHUT}\nimport os; _shut(os.getcwd(), 1000000)"
    for command, probe in (((*words, "--mount"), (sys.executable, "-I", "-c", shut)), (words, ())):
        with (
            TemporaryDirectory(prefix="deckpress-") as folder,
            suppress(OSError, subprocess.SubprocessError),
        ):
            done = subprocess.run(
                [*command, *(probe or ("true",))],
                cwd=folder,
                capture_output=True,
                timeout=30,
                check=False,
            )
            if done.returncode == 0:
                return command
    return ()


def keeps_files() -> bool:
    """Say whether the code can write nowhere but in a folder of its own."""
    return "--mount" in isolation()


def run_code(
    path: str,
    fences: Sequence[tuple[int, str]],
    limits: Limits,
    broken_off: threading.Event | None = None,
) -> Outcome:
    """Run pieces of Python in order, in one namespace, in a process of their own.

    Args:
        path: the file that tracebacks name.
        fences: the line before each piece in that file, and its code.
        limits: what the process may take.
        broken_off: is set when nobody waits for the result any more.

    Returns:
        How it ended; nothing of it is left running, nor is when this program is killed meanwhile.
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
        "shut": keeps_files(),
    }
    read, write = os.pipe()
    try:
        with TemporaryDirectory(prefix="deckpress-", ignore_cleanup_errors=True) as folder:
            process = subprocess.Popen(
                [
                    *isolation(),
                    sys.executable,
                    "-I",
                    "-W",
                    "ignore",
                    "-c",
                    _SHUT + _RUNNER,
                    str(write),
                ],
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
            # Before the process has its job, it ends by itself.
            with _guarded(process, folder):
                told = json.dumps(job).encode()
                return _watch(process, told, read, nonce, limits, broken_off)
    finally:
        os.close(read)
        if write >= 0:
            os.close(write)


@contextmanager
def _guarded(process: subprocess.Popen[bytes], folder: str) -> Iterator[None]:
    """Have another process end a process and its group, should this program end before it does."""
    try:
        guard = subprocess.Popen(
            ["/bin/sh", "-c", _GUARD, str(process.pid), folder],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except BaseException:
        _end(process, leaves=False)
        raise
    try:
        yield
    finally:
        guard.communicate(b"done\n")


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
    process: subprocess.Popen[bytes],
    job: bytes,
    channel: int,
    nonce: str,
    limits: Limits,
    broken_off: threading.Event | None,
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
        look = time.monotonic() + _LOOK
        # The report ends it: output that a child still holds open is not waited for.
        while channel in streams and not ended:
            left = end - time.monotonic()
            if left <= 0:
                ended = f"over {limits.seconds:g} s"
                break
            if broken_off and broken_off.is_set():
                ended = "broken off"
                break
            if time.monotonic() > look:
                ended = _take_too_much(process, limits)
                look = time.monotonic() + _LOOK
            ready, _, _ = select.select(streams, [], [], min(left, _LOOK))
            for stream in ready:
                data = os.read(stream, 65536)
                if not data:
                    streams.remove(stream)
                elif stream == channel:
                    report += data
                    if report.endswith(b"\n"):
                        streams.remove(channel)
                else:
                    printed += len(data)
                    output = (output + data)[-400:]
            if printed > MOST_OUTPUT or len(report) > 100_000:
                ended = f"printed over {MOST_OUTPUT // 1_000_000} MB"
        left_behind = any(one.session != process.pid for one in _members(process))
    finally:
        status = _end(process, leaves=not report.endswith(b"\n"))
    words = show(" ".join(output.decode(errors="replace").split())[-200:])
    if ended:
        return Outcome(ended=ended, output=words)
    outcome = _judge(report, nonce, status, words)
    if outcome.passed and left_behind:
        return Outcome(ended="left a process running outside its session", output=words)
    return outcome


@dataclass(frozen=True, slots=True)
class _Member:
    """A process that code started: its number, session, threads, and memory in bytes."""

    pid: int
    session: int
    threads: int
    memory: int


def _members(process: subprocess.Popen[bytes]) -> list[_Member]:
    """Return the processes that a process started, itself included, where /proc tells.

    In a namespace of their own, these are all; else they are those of its session.
    """
    space = None
    if isolation():
        with suppress(OSError):
            space = Path(f"/proc/{process.pid}/ns/pid_for_children").readlink()
    found: list[_Member] = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            words = (entry / "stat").read_text().rpartition(")")[2].split()
            session, threads, pages = int(words[3]), int(words[17]), int(words[21])
            if (entry / "ns/pid").readlink() == space if space else session == process.pid:
                memory = pages * os.sysconf("SC_PAGE_SIZE")
                found.append(_Member(int(entry.name), session, threads, memory))
        except (OSError, ValueError, IndexError):
            continue
    return found


def _take_too_much(process: subprocess.Popen[bytes], limits: Limits) -> str:
    """Say what processes take together that none of them may alone; root has no other limit."""
    members = _members(process)
    if sum(one.threads for one in members) > MOST_PROCESSES:
        return f"over {MOST_PROCESSES} processes"
    if sum(one.memory for one in members) > limits.memory:
        return f"over {limits.memory // 1_000_000} MB"
    return ""


def _end(process: subprocess.Popen[bytes], *, leaves: bool) -> int:
    """End a process and its group, unless it leaves by itself; return its exit status."""
    with suppress(subprocess.TimeoutExpired):
        process.wait(timeout=0.2 if leaves else 0)
    for _ in range(2):
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            break
    status = process.wait()
    if process.stdout:
        process.stdout.close()
    if not isolation():
        # What left the process group, but not the session.
        for one in _members(process):
            with suppress(OSError):
                os.kill(one.pid, signal.SIGKILL)
    return status


def _judge(report: bytes, nonce: str, status: int, output: str) -> Outcome:
    """Take a report for what it is: bytes from a process that ran a stranger's code."""
    try:
        found: Any = json.loads(report)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict) or found.get("nonce") != nonce:
        code = status if status >= 0 else -status
        how = f"was ended by signal {code}" if status < 0 else f"ended with {code}"
        return Outcome(ended=f"the process {how} before its code did", output=output)
    line, text, missing = (found.get(name) for name in ("line", "text", "missing"))
    if not isinstance(text, str) or not isinstance(missing, str) or type(line) is not int:
        return Outcome(ended="the process reported what is no report", output=output)
    if not 0 <= line < _MOST_LINES:
        return Outcome(ended="the process reported a line that no file has", output=output)
    # A library has a name; whatever else is missing, the card failed.
    library = missing if missing.isidentifier() else ""
    return Outcome(line, show(text or missing), library, output=output)


def show(text: str) -> str:
    """Write what would steer a terminal, or has no form of its own, as it is written in Python."""
    return "".join(
        character if character.isprintable() else ascii(character)[1:-1] for character in text
    )
