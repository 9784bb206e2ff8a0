"""The code of the cards is run, and what fails is named by card and line."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from conftest import Sources
from deckpress import load
from deckpress.pipeline.verify import Verdict, collect_snippets, verify
from test_package import run

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
    return verify(snippets, seconds=seconds, jobs=2, report=lambda done, all_: None)


def test_right_code_passes(sources: Sources) -> None:
    """Fences of front and back run in order in one namespace."""
    (verdict,) = verdicts(sources, GOOD)
    assert (verdict.problem, verdict.missing) == (None, "")
    assert (len(verdict.snippets.fences), verdict.snippets.tests) == (4, 2)


@pytest.mark.parametrize(
    ("old", "new", "place", "words"),
    [
        ("a + b", "a - b", "21:1", "'add': AssertionError"),
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
    assert "ended with 3" in verdict.problem.message


def test_a_library_that_is_missing(sources: Sources) -> None:
    """It is named, and fails the run only where it is required."""
    sources.write("one/card.md", GOOD.replace("return a + b", "import no_such_library.part"))
    done = run(sources.folder, "verify")
    assert done.returncode == 0
    assert "not run for want of no_such_library: 1 note" in done.stdout
    assert run(sources.folder, "verify", "--require", "no_such_library").returncode == 3


def test_the_command(sources: Sources) -> None:
    """It counts what passed, and exits with 1 at a failure."""
    sources.write("one/card.md", GOOD)
    assert "1 of 1 note with code passed, 2 with tests" in run(sources.folder, "verify").stdout
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
    (verdict,) = verify(snippets, seconds=20, jobs=1, report=lambda done, all_: None)
    assert verdict.problem is None
