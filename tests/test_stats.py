"""What `stats` counts, and which questions it calls nearly the same."""

from __future__ import annotations

import json

from conftest import Sources
from deckpress import load
from deckpress.reading.measures import find_near_duplicates
from program import run

CARDS = """\
---
sources: [{title: Book}]
---
# Why does dropout reduce overfitting? {#a}

One two $x^2$ four.

## Follow-ups

- At test time? All units are on.
- And for $p = 1$?

# Does dropout reduce overfitting, and why? {#b}

One.

# Why does weight decay reduce overfitting? {#c}

One.
"""


def test_counts(sources: Sources) -> None:
    """Questions and answers in words, a formula as one; follow-ups that have an answer."""
    sources.write("one/a.md", CARDS)
    stats = json.loads(run(sources.folder, "stats", "--json").stdout)
    assert stats["notes"] == 3
    assert stats["with sources"] == "3 of 3 (100 %)"
    assert stats["follow-ups answered"] == "1 of 2 (50 %)"
    assert stats["questions nearly the same"] == ["a b"]
    assert stats["words of the question"]["most"] == 6
    assert stats["words of the short answer (no cloze)"]["most"] == 4
    assert "questions nearly the same: a b\n" in run(sources.folder, "stats").stdout


def test_tables_of_counts(sources: Sources) -> None:
    """Tags count as `--tag` chooses them; of very many a part is shown, of nothing no table."""
    sources.write(
        "one/a.md", CARDS.replace("{#a}", "{#a tags=x::y,z}").replace("{#b}", "{#b tags=z}")
    )
    shown = run(sources.folder, "stats").stdout
    assert json.loads(run(sources.folder, "stats", "--json").stdout)["tag"] == {
        "z": 2,
        "x": 1,
        "x::y": 1,
    }
    assert [line.split() for line in shown.split("\ntag ")[1].splitlines()[:4]] == [
        [], ["z", "2"], ["x", "1"], ["x::y", "1"],
    ]  # fmt: skip
    assert "company" not in shown
    assert "difficulty" not in shown
    many = ",".join(f"t{number}" for number in range(32))
    sources.write("one/a.md", CARDS.replace("{#a}", f"{{#a tags={many}}}"))
    shown = run(sources.folder, "stats").stdout
    assert shown.count("\nt") == 1 + 30
    assert "\n... 2 more, which --json lists\n" in shown


def test_questions_that_are_nearly_the_same(sources: Sources) -> None:
    """Other order and small words do not tell two apart; another subject does."""
    sources.write("one/a.md", CARDS)
    notes = load(sources.root).collection.notes
    assert [(one.id, other.id) for one, other in find_near_duplicates(notes)] == [("a", "b")]
