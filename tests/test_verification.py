"""The code of the cards is run, and what fails is named by card and line."""

from __future__ import annotations

import ast
import json
import socketserver
import subprocess
import time
from collections.abc import Callable

import pytest

from conftest import Sources
from deckpress import load
from deckpress.pipeline.mutations import mutate
from deckpress.pipeline.sandbox import Limits, isolation, keeps_files
from deckpress.pipeline.verified import read_verified
from deckpress.pipeline.verify import (
    Verdict,
    collect_snippets,
    measure_mutations,
    verify,
)
from program import run

GOOD = """\
---
difficulty: easy
---
# Add? {#add .coding}

```python
def add(a, b):
    ...
```

---

Add.

```python
def add(a, b):
    return a + b
```

```python test
assert add(1, 2) == 3
```

- In a list

  ```python test
  assert add(0, 0) == 0
  ```
"""


def verdicts(sources: Sources, text: str, seconds: float = 20) -> tuple[Verdict, ...]:
    """Run the code of one card file."""
    sources.write("one/card.md", text)
    snippets = collect_snippets(load(sources.root).collection)
    return verify(snippets, limits=Limits(seconds), jobs=2, report=lambda done, all_: None)


def test_right_code_passes(sources: Sources) -> None:
    """Fences of front and back run in order in one namespace."""
    (verdict,) = verdicts(sources, GOOD)
    assert (verdict.problem, verdict.missing) == (None, "")
    assert (len(verdict.snippets.fences), verdict.snippets.tests) == (4, 2)


@pytest.mark.parametrize(
    ("old", "new", "place", "words"),
    [
        ("a + b", "a - b", "21:1", "'add': AssertionError: assert add(1, 2) == 3"),
        ("add(1, 2) == 3", "add(1, 2) == 4, 'a sum'", "21:1", "'add': AssertionError: a sum"),
        (
            "add(1, 2) == 3",
            "(" + "0 + " * 30 + "0)",
            "21:1",
            "'add': AssertionError: assert (0 + 0",
        ),
        ("== 0\n", "== 1\n", "27:1", "'add': AssertionError"),
        ("return a + b", "return a + c", "17:1", "'add': NameError: name 'c' is not defined"),
        ("return a + b", "return (a + b", "17:1", "'add': SyntaxError"),
        ("return a + b", "raise SystemExit(0)", "17:1", "'add': SystemExit"),
        ("return a + b", "print(a); return 0", "21:1", "'add': AssertionError"),
    ],
)
def test_a_planted_mistake_is_caught(
    sources: Sources, old: str, new: str, place: str, words: str
) -> None:
    """The problem stands at the line of the card's file that failed."""
    (verdict,) = verdicts(sources, GOOD.replace(old, new))
    assert verdict.problem
    assert str(verdict.problem.where) == f"cards/one/card.md:{place}"
    assert words in verdict.problem.message


def test_endless_code_is_ended(sources: Sources) -> None:
    """A note has its time, and no more."""
    (verdict,) = verdicts(sources, GOOD.replace("return a + b", "while True: pass"), seconds=1)
    assert verdict.problem
    assert "over 1 s" in verdict.problem.message


def test_a_process_that_dies(sources: Sources) -> None:
    """Code that ends the process is not taken for code that passed."""
    text = GOOD.replace("return a + b", "import os; os._exit(3)")
    (verdict,) = verdicts(sources, text)
    assert verdict.problem
    assert "ended with 3 before its code did" in verdict.problem.message


def test_a_library_that_is_missing(sources: Sources) -> None:
    """It is named, and fails the run only where it is required."""
    sources.write("one/card.md", GOOD.replace("return a + b", "import no_such_library.part"))
    done = run(sources.folder, "verify")
    assert done.returncode == 0
    assert "not run, because no_such_library is not installed: 1 note" in done.stdout
    assert run(sources.folder, "verify", "--require", "no_such_library").returncode == 3


def test_the_command(sources: Sources) -> None:
    """It counts what passed, and exits with 1 at a failure."""
    sources.write("one/card.md", GOOD)
    assert "1 of 1 note with code passed, 1 with tests" in run(sources.folder, "verify").stdout
    (row,) = json.loads(run(sources.folder, "verify", "--json").stdout)
    assert (row["id"], row["passed"]) == ("add", True)
    sources.write("one/card.md", GOOD.replace("a + b", "a * b"))
    done = run(sources.folder, "verify")
    assert done.returncode == 1
    assert done.stderr.startswith("cards/one/card.md:21:1: 'add': AssertionError")


def test_holes_in_code_are_filled(
    write_all: Callable[[dict[str, str]], Sources],
) -> None:
    """A cloze note's code runs as it stands when every hole is filled."""
    text = "# T {#t .cloze}\n\n```python cloze\nx = {{c1::1 + 1}}\n```\n\n---\n\n```python test\nassert x == 2\n```\n"
    sources = write_all({"one/t.md": text})
    snippets = collect_snippets(load(sources.root).collection)
    (verdict,) = verify(snippets, limits=Limits(), jobs=1, report=lambda done, all_: None)
    assert verdict.problem is None


HOSTILE = {
    "json": ('print(\'{"line": 1, "text": "x", "missing": "y"}\'); return a + b', ""),
    "raw bytes": ("import sys; sys.stdout.buffer.write(b'\\xff\\xfe{'); return a + b", ""),
    "leaves before the tests": ("import os; os._exit(0)", "ended with 0 before its code did"),
    "endless output": ("while True: print('x' * 9999)", "printed over 1 MB"),
    "memory": ("return bytearray(10**11)", "MemoryError"),
    "reports by itself": (
        "import os, sys\n    for fd in range(3, 4096):\n"
        '        try: os.write(fd, b\'{"line": 0, "text": "", "missing": ""}\')\n'
        "        except OSError: pass\n    os._exit(0)",
        "ended with",
    ),
    "a report that nests": (
        "import os\n    for fd in range(3, 4096):\n"
        "        try: os.write(fd, b'[' * 50_000 + b'\\n')\n"
        "        except OSError: pass\n    os._exit(0)",
        "before its code did",
    ),
    "a report with the right number": (
        "import json, os, sys, time\n    f = sys._getframe()\n"
        "    while 'nonce' not in f.f_locals: f = f.f_back\n"
        "    report = {'nonce': f.f_locals['nonce'], 'line': 'x', 'text': [], 'missing': 1}\n"
        "    os.write(f.f_locals['channel'], json.dumps(report).encode() + b'\\n'); time.sleep(9)",
        "reported what is no report",
    ),
    "words that steer a terminal": (
        "raise Exception('\\x1b[2J\\udcff')",
        r"Exception: \x1b[2J\udcff",
    ),
    "output that steers a terminal": (
        "import os; print('\\x1b]0;x\\x07', flush=True); os._exit(3)",
        r"(\x1b]0;x\x07)",
    ),
    "closes everything": ("import os; os.closerange(0, 4096); return a + b", "ended with"),
    "kills itself": ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "'add'"),
    "an exception without words": (
        "class E(Exception):\n        def __str__(self): raise self\n    raise E()",
        "E",
    ),
    "threads that stay": (
        "import threading, time; threading.Thread(target=time.sleep, args=(99,)).start(); "
        "return a + b",
        "",
    ),
    "a child that leaves": (
        "import subprocess, sys; subprocess.Popen([sys.executable, '-c', "
        "'import time; time.sleep(9)'], start_new_session=True); return a + b",
        "left a process running" if isolation() else "",
    ),
    "a child that stays": (
        "import subprocess, sys; subprocess.Popen([sys.executable, '-c', "
        "'import time; time.sleep(9)']); return a + b",
        "",
    ),
    "a fork bomb": (
        "import os, time\n    for _ in range(999): os.fork() or time.sleep(9)",
        "'add': ",
    ),
    "nested too deeply": ("return eval('(' * 5000)", "'add': "),
    "files": ("open('x', 'wb').write(b'x' * (2 * 10**8)); return a + b", "'add': OSError"),
    "many files": (
        "for i in range(9): open(str(i), 'wb').write(b'x' * 9 * 10**7)\n    return a + b",
        "No space left" if keeps_files() else "",
    ),
    "a folder of its own": ("import os; assert os.listdir() == []; return a + b", ""),
    "no secrets": ("import os; assert 'SECRET' not in os.environ; return a + b", ""),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_code(sources: Sources, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each is a failure of that card with a name, or no failure at all; the run goes on."""
    monkeypatch.setenv("SECRET", "1")
    code, words = HOSTILE[name]
    text = (
        GOOD.replace("return a + b", code) + "\n\n# Other? {#other}\n\nx\n\n```python\ny = 1\n```\n"
    )
    first, other = verdicts(sources, text, seconds=10)
    assert (other.problem, other.missing) == (None, "")
    assert first.missing == ""
    assert bool(words) == bool(first.problem)
    assert words in str(first.problem)


def test_children_do_not_outlive_the_run(sources: Sources) -> None:
    """A child that leaves its session is ended all the same."""
    code = (
        "import subprocess, sys; subprocess.Popen([sys.executable, '-c', "
        "'import time; time.sleep(98.7)'], start_new_session=True); return a + b"
    )
    verdicts(sources, GOOD.replace("return a + b", code))
    if isolation():
        # The system takes a moment for what it was told to end.
        running, deadline = True, time.monotonic() + 20
        while running and time.monotonic() < deadline:
            done = subprocess.run(["pgrep", "-f", "sleep.98.7"], capture_output=True, check=False)
            running = done.stdout != b""
        assert not running


def test_memory_of_many_processes(sources: Sources) -> None:
    """What each of them may take, they may not take together."""
    code = "import os, time; [os.fork() for _ in 'abc']; x = bytearray(b'x') * 10**8; time.sleep(9)"
    sources.write("one/card.md", GOOD.replace("return a + b", code))
    snippets = collect_snippets(load(sources.root).collection)
    limits = Limits(20, memory=500_000_000)
    (verdict,) = verify(snippets, limits=limits, jobs=1, report=lambda done, all_: None)
    assert "'add': over 500 MB" in str(verdict.problem)


@pytest.mark.skipif(not keeps_files(), reason="this system cannot forbid it")
def test_nothing_is_written_elsewhere(sources: Sources) -> None:
    """Neither in the author's folders nor in /tmp, and nobody can ask for the right again."""
    code = f"""
    import os, subprocess, tempfile
    tempfile.NamedTemporaryFile().write(b"x")
    for place in ({str(sources.folder / "x")!r}, {str(sources.root.resolve() / "deck.yaml")!r}, "/tmp/x"):
        try:
            open(place, "w")
        except OSError:
            continue
        return place
    for command in ("mount -o remount,rw,bind /", "unshare -Urm mount -o remount,rw,bind /"):
        if subprocess.run(command, shell=True, capture_output=True).returncode == 0:
            return command
    return a + b"""
    (verdict,) = verdicts(sources, GOOD.replace("return a + b", code))
    assert verdict.problem is None


@pytest.mark.skipif(not isolation(), reason="this system cannot take the network away")
def test_there_is_no_network(sources: Sources) -> None:
    """Not even this machine's own ports can be reached."""
    with socketserver.TCPServer(("127.0.0.1", 0), socketserver.BaseRequestHandler) as server:
        port = server.server_address[1]
        code = f"import socket; socket.create_connection(('127.0.0.1', {port}), 5); return a + b"
        (verdict,) = verdicts(sources, GOOD.replace("return a + b", code))
    assert "OSError" in str(verdict.problem) or "unreachable" in str(verdict.problem)


@pytest.mark.parametrize("value", ["nan", "inf", "0", "-1", "x"])
def test_limits_are_numbers(sources: Sources, value: str) -> None:
    """What is no length of time is a mistake in the call."""
    sources.write("one/card.md", GOOD)
    assert run(sources.folder, "verify", "--seconds", value).returncode == 2


def test_code_that_passed_is_not_run_again(
    sources: Sources, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Until it changes; a file of passes that is spoilt counts as none."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(sources.folder / "cache"))
    sources.write("one/card.md", GOOD)
    assert "had passed before" not in run(sources.folder, "verify").stdout
    assert "(1 had passed before)" in run(sources.folder, "verify").stdout
    assert "had passed before" not in run(sources.folder, "verify", "--no-cache").stdout
    sources.write("one/card.md", GOOD.replace("a + b", "a * b"))
    assert run(sources.folder, "verify").returncode == 1
    sources.write("one/card.md", GOOD)
    cache = sources.folder / "cache/deckpress/verified.txt"
    for spoilt in (b"\xff\x00", b"x" * 64 + b"\n", cache.read_bytes()[:30]):
        cache.write_bytes(spoilt)
        assert "had passed before" not in run(sources.folder, "verify").stdout


def test_a_run_that_is_broken_off(sources: Sources) -> None:
    """What passed until then is remembered, and what had not begun never runs."""
    for name in ("one", "two", "three", "four"):
        sources.write(f"one/{name}.md", GOOD.replace("#add", f"#{name}").replace("a + b", f"a + b  # {name}").replace("Add?", f"Add {name}?"))  # fmt: skip
    snippets = collect_snippets(load(sources.root).collection)
    verified = read_verified(sources.folder / "verified.txt")

    def break_off(done: int, all_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        verify(snippets, limits=Limits(20), jobs=1, report=break_off, verified=verified)
    again = read_verified(sources.folder / "verified.txt")
    known = [again.knows(one.code) for one in snippets]
    assert known[0]
    assert not any(known[2:])


def test_only_one_note(sources: Sources) -> None:
    """It is named by its id, and a name that no note with code has is told."""
    sources.write("one/card.md", GOOD)
    sources.write("one/other.md", GOOD.replace("#add", "#sum").replace("Add?", "Sum?"))
    (row,) = json.loads(run(sources.folder, "verify", "--json", "--only", "sum").stdout)
    assert row["id"] == "sum"
    done = run(sources.folder, "verify", "--only", "smu")
    assert (done.returncode, "did you mean 'sum'?" in done.stderr) == (2, True)


def test_changes_that_tests_notice(sources: Sources) -> None:
    """A strong test notices every change; a weak one lets some pass, each told at its line."""
    sources.write("one/card.md", GOOD)
    snippets = collect_snippets(load(sources.root).collection)

    def count(weak: bool) -> tuple[int, list[str]]:
        sources.write("one/card.md", GOOD.replace("== 3", ">= 0" if weak else "== 3"))
        snippets = collect_snippets(load(sources.root).collection)
        score = measure_mutations(
            snippets, 9, limits=Limits(20), jobs=2, report=lambda done, all_: None
        )
        return score.mutants, [f"{one.where.line}: {one.change}" for one in score.survivors]

    assert len(snippets) == 1
    assert count(weak=False) == (2, [])
    weak = GOOD.replace("assert add(1, 2) == 3", "assert add(2, 1) >= 0").replace(
        "assert add(0, 0) == 0", "assert add(1, 0) == 1"
    )
    sources.write("one/card.md", weak)
    score = measure_mutations(
        collect_snippets(load(sources.root).collection),
        9, limits=Limits(20), jobs=2, report=lambda done, all_: None,
    )  # fmt: skip
    assert [(one.where.line, one.change) for one in score.survivors] == [(17, "'+' made '-'")]


def test_mutants_change_one_thing_each() -> None:
    """They are Python, differ from the code and from each other, and are the same at every run."""
    code = 'def f(x, *, a=0):\n    """One."""\n    y = x[1:] + 2\n    if y < a and not x:\n        return -y\n    return x.mean(axis=0)\n'
    mutants = mutate(code, 50, "seed")
    codes = [mutant.code for mutant in mutants]
    assert len(set(codes)) == len(codes) >= 12
    plain = ast.unparse(ast.parse(code))
    for mutant in mutants:
        assert ast.parse(mutant.code)
        assert mutant.code != plain
        assert '"""One."""' in mutant.code
    assert mutate(code, 5, "seed") == mutate(code, 5, "seed")
    assert mutate("x = (", 5, "seed") == ()


def test_a_signature_and_what_is_printed_have_no_mutants() -> None:
    stub = 'def rope(x, base=10000.0):\n    """Turn pairs."""\n    ...\n'
    assert mutate(stub, 50, "seed") == ()
    assert mutate("print(1 + 2)", 50, "seed") == ()
    assert mutate(stub.replace("...", "return x * base"), 50, "seed") != ()
