"""The program at a real terminal, and real shells, in which a line is typed and TAB is pressed."""

from __future__ import annotations

import contextlib
import os
import pty
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

_START = {
    "bash": (["bash", "--norc", "--noprofile", "-i"], "source completion"),
    "zsh": (
        ["zsh", "-f", "-i"],
        "autoload -U compinit && compinit -D -u; bindkey -e; source completion",
    ),
}
_HOME, _END = "\x01", "\x05"


def on_terminal(folder: Path, *arguments: str, columns: int = 80, **environment: str) -> list[str]:
    """Run the program at a terminal, by default without colours, and return the lines it shows."""
    ours, theirs = pty.openpty()
    env = {**os.environ, "TERM": "dumb", "COLUMNS": str(columns), **environment}
    call = [sys.executable, "-m", "deckpress", *arguments]
    started = subprocess.Popen(
        call, cwd=folder, env=env, stdin=theirs, stdout=theirs, stderr=theirs
    )
    os.close(theirs)
    said = _read_all(ours)
    started.wait(timeout=60)
    return said.decode().replace("\r\n", "\n").splitlines()


def _read_all(terminal: int) -> bytes:
    said = bytearray()
    with contextlib.suppress(OSError):  # which is the end of a terminal on Linux
        while piece := os.read(terminal, 65536):
            said += piece
    os.close(terminal)
    return bytes(said)


def press_tab(shell: str, script: str, typed: str, folder: Path) -> str:
    """Type a line, press TAB, and return the last word that the shell then reads in it.

    Args:
        shell: "bash", "zsh" or "fish"; without it the test is skipped, but fails in CI.
        script: the code that lets it complete.
        typed: the line, as typed.
        folder: where the shell runs; files are written to it.
    """
    if shutil.which(shell) is None:
        reason = f"this test needs {shell}: apt-get install {shell}"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(reason)
    (folder / "completion").write_text(script, encoding="utf-8")
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    env = {**os.environ, "PATH": path, "TERM": "dumb", "HOME": str(folder), "INPUTRC": os.devnull}
    if shell == "fish":
        # It says by itself what it would put in the place of the last word.
        call = ["fish", "--no-config", "-c", "source completion; complete -C $argv[1]", typed]
        done = subprocess.run(call, cwd=folder, env=env, capture_output=True, text=True, check=True)
        assert not done.stderr, done.stderr
        (line,) = done.stdout.splitlines()
        return line.split("\t")[0]
    call, setup = _START[shell]
    ours, theirs = pty.openpty()
    # A shell wants the terminal to be its own.
    call = ["setsid", "--ctty", "--wait", *call]
    started = subprocess.Popen(
        call, cwd=folder, env=env, stdin=theirs, stdout=theirs, stderr=theirs
    )
    os.close(theirs)
    # What is typed while a shell completes waits for it.
    keys = f"{setup}\n{typed}\t{_HOME}printf '%s\\n' {_END} > typed\nexit\n"
    os.write(ours, keys.encode())
    said = _read_all(ours)
    started.wait(timeout=60)
    words = folder / "typed"
    assert words.exists(), said.decode(errors="replace")
    return words.read_text(encoding="utf-8").splitlines()[-1]
