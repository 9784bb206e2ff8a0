"""The program that tests fork is what a shell starts, and one time as good as another."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import torture
from conftest import Sources
from deckpress import EXPORTERS
from program import next_server, run
from sheet_deck import FIGURE, ONE, TWO, write_deck

LINES = (
    ("check", "--json"),
    ("list", "--json"),
    ("stats", "--json"),
    ("companies", "--json"),
    ("check", "--explain", "nothing"),
    ("list", "--where", "colour:x"),
    ("build", "--format", "odd"),
)


@pytest.fixture
def deck(sources: Sources) -> Sources:
    """Return a deck of what is hard to set, and of pairs, tags and companies."""
    files = {"one/a.md": ONE, "one/blue.svg": FIGURE.format(height=200), "two/b.md": TWO}
    write_deck(sources.root, files)
    sources.write("two/torture.md", torture.CARDS.replace("category: one", "category: two"))
    sources.write("two/tall.svg", torture.TALL)
    sources.write("two/words.csv", "front,back\nmot,word\nvin,wine\n")
    sources.build()
    return sources


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere nothing is forked")
def test_two_processes_take_turns() -> None:
    """What one of them puts into an order by chance, the other puts into another."""
    seeds = [next_server().seed for _ in range(4)]
    if "PYTHONHASHSEED" not in os.environ:
        assert seeds[:2] == seeds[2:]
        assert len({*seeds}) == 2


def test_no_order_of_chance_shows(deck: Sources) -> None:
    """Two processes whose sets have other orders make the same bytes in every format."""
    made: list[dict[str, bytes]] = []
    for out in ("first", "second"):
        done = run(
            deck.folder, "build", "--no-cache", "--format", ",".join(EXPORTERS), "--out", out
        )
        assert done.returncode == 0, done.stderr
        files = sorted((deck.folder / out).iterdir())
        made.append({path.name: path.read_bytes() for path in files})
    assert len(made[0]) == len(EXPORTERS)
    assert [name for name in made[0] if made[0][name] != made[1][name]] == []


@pytest.mark.parametrize("arguments", LINES)
def test_it_says_what_it_says_when_started_afresh(
    deck: Sources, arguments: tuple[str, ...], tmp_path: Path
) -> None:
    """A process that has read all of the program tells the same, of faults as well."""
    forked = run(tmp_path, *arguments)
    command = [sys.executable, "-m", "deckpress", *arguments]
    fresh = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (forked.returncode, forked.stdout, forked.stderr) == (
        fresh.returncode, fresh.stdout, fresh.stderr,
    )  # fmt: skip
    assert forked.stdout or forked.stderr
