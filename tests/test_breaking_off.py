"""A program that is broken off or killed ends at once, and with all that it began."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from conftest import Sources
from test_large_sheet import processes_of, wait_until

ENDS = pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])

pytestmark = pytest.mark.skipif(
    not Path("/proc/self").exists(), reason="processes are listed in /proc"
)


def begin(folder: Path, *words: str) -> subprocess.Popen[bytes]:
    """Start Python in a folder, with that for its temporary files, deaf to no Ctrl-C."""
    for name in ("work", "temporary", "cache"):
        (folder / name).mkdir(parents=True)
    return subprocess.Popen(
        [sys.executable, "-P", *words],
        cwd=folder / "work",
        env={
            **os.environ,
            "TMPDIR": str(folder / "temporary"),
            "XDG_CACHE_HOME": str(folder / "cache"),
        },
        # A shell's background jobs ignore it, and what they start does.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler) and None,
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )


def burning(mark: str) -> list[int]:
    """Return the processes that have a mark in their environment or their command."""
    found = []
    for entry in Path("/proc").iterdir():
        with suppress(OSError):
            if entry.name.isdigit() and mark.encode() in (entry / "environ").read_bytes():
                found.append(int(entry.name))
    return [pid for pid in found if pid != os.getpid()]


@ENDS
@pytest.mark.parametrize(
    "code", ["while True: pass", "import re; re.match('(a*)*b', 'a' * 99)"], ids=["loop", "regex"]
)
def test_code_of_cards_ends_with_verify(
    sources: Sources, tmp_path: Path, end: int, code: str
) -> None:
    """No code of a card runs on when the program is gone, whatever holds it; nor does its folder."""
    sources.write("one/a.md", f"# A? {{#a .coding}}\n\nYes.\n\n```python\n{code}\n```\n")
    told = ["-m", "deckpress", "verify", str(sources.root.resolve()), "--seconds", "500"]
    program = begin(tmp_path / "run", *told)
    temporary = tmp_path / "run/temporary"
    try:
        assert wait_until(lambda: bool(burning(f"HOME={temporary}")), 60)
        time.sleep(0.5)  # until the code runs
        began = time.monotonic()
        program.send_signal(end)
        assert program.wait(timeout=60)
        assert time.monotonic() - began < 50
        assert wait_until(lambda: not burning(f"HOME={temporary}"), 60)
        assert wait_until(lambda: not list(temporary.iterdir()), 60)
    finally:
        program.kill()
        program.communicate()


WORKERS = """\
import sys, time
from pathlib import Path
from deckpress.pipeline import card_reader, load
from deckpress.pipeline.workers import work_on_cards

def orders_that_stop(orders, *rest):
    def some():
        yield from orders
        print("waiting", flush=True)
        time.sleep(500)
    return work_on_cards(some(), *rest)

card_reader.work_on_cards = orders_that_stop
load.load(Path(sys.argv[1]), jobs=2)
"""


@ENDS
def test_workers_end_with_the_program(sources: Sources, tmp_path: Path, end: int) -> None:
    """Processes that wait for more cards to read do not wait for a program that is gone."""
    for number in range(200):
        sources.write(f"one/c{number}.md", f"# Question {number}? {{#c{number}}}\n\nYes.\n")
    program = begin(tmp_path / "run", "-c", WORKERS, str(sources.root.resolve()))
    work = tmp_path / "run/work"
    try:
        assert program.stdout
        assert program.stdout.readline() == b"waiting\n"
        assert len(processes_of(work)) > 2
        program.send_signal(end)
        assert program.wait(timeout=60)
        assert wait_until(lambda: not processes_of(work), 60)
    finally:
        program.kill()
        program.communicate()


LEDGER = """\
import sys, time
from pathlib import Path
from deckpress.cli.main import main
from deckpress.pipeline import making

def write(*_):
    print("writing", flush=True)
    time.sleep(500)

making.ledger_file = write
main(["build", sys.argv[1], "--out", "out", "--format", "apkg,html,md", "--no-cache", "--quiet"])
"""


def test_a_build_waits_for_no_ledger(sources: Sources, tmp_path: Path) -> None:
    """Ctrl-C ends a build at once, whatever another thread is at, and leaves all as it was."""
    sources.write("one/a.md", "# A? {#a}\n\nYes.\n")
    before = sorted(path.relative_to(sources.root) for path in sources.root.rglob("*"))
    program = begin(tmp_path / "run", "-c", LEDGER, str(sources.root.resolve()))
    try:
        assert program.stdout
        assert program.stdout.readline() == b"writing\n"
        time.sleep(1)
        program.send_signal(signal.SIGINT)
        assert program.wait(timeout=60) == 1
    finally:
        program.kill()
        program.communicate()
    assert sorted(path.relative_to(sources.root) for path in sources.root.rglob("*")) == before
    assert not list((tmp_path / "run/work").rglob("*"))


LEXER = """\
import threading
from deckpress.tree import code
code._elsewhere().split("x", "python", 60)
print("begun", flush=True)
threading.Thread(target=code._lex, args=("a" * 300_000, "androidbp"), daemon=True).start()
threading.Event().wait(500)
"""


def test_a_lexer_ends_with_the_program(tmp_path: Path) -> None:
    """What colours code beside a server ends without it, however long the code would take."""
    program = begin(tmp_path / "run", "-c", LEXER)
    work = tmp_path / "run/work"
    try:
        assert program.stdout
        assert program.stdout.readline() == b"begun\n"
        time.sleep(1)
        assert len(processes_of(work)) == 2
        program.kill()
        program.wait()
        assert wait_until(lambda: not processes_of(work), 120)
    finally:
        program.kill()
        program.communicate()
