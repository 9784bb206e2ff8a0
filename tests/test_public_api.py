"""The public names compose: what README shows works, with a deck that README shows how to make."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

import deckpress
from anki_collection import Imported, RealAnki
from conftest import Sources
from deckpress import EXPORTERS, Options, Selection, SourceError, load, select

REPOSITORY = Path(__file__).parents[1]
README = (REPOSITORY / "README.md").read_text(encoding="utf-8")


def test_the_lines_of_the_readme(tmp_path: Path, anki: RealAnki) -> None:
    """Its Python makes the package of a company from the deck of this repository."""
    (tmp_path / "cards").symlink_to(REPOSITORY / "cards")
    (code,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    subprocess.run([sys.executable, "-c", code], check=True, cwd=tmp_path)
    assert anki.load(tmp_path / "netflix.apkg").new >= 20


def test_the_deck_of_ones_own_in_the_readme(tmp_path: Path, anki: RealAnki) -> None:
    """Its shell lines make a deck that Anki imports."""
    (shell,) = re.findall(r"```sh\npip install.*?\n(.*?)deckpress build\n```", README, re.DOTALL)
    lines = f"{shell}deckpress build --format apkg"
    program = f'deckpress() {{ "{sys.executable}" -m deckpress "$@"; }}\n'
    subprocess.run(["bash", "-euc", program + lines], check=True, cwd=tmp_path)
    assert anki.load(tmp_path / "my-deck/build/my-deck.apkg") == Imported(6, 0, 0, 0)


def test_every_public_name_is_there() -> None:
    """What the package lists it has, and what it does not list it has not."""
    assert all(getattr(deckpress, name) for name in deckpress.__all__)
    assert deckpress.__version__
    with pytest.raises(AttributeError, match="no attribute 'prepare'"):
        _ = deckpress.prepare


def test_every_exporter_takes_a_deck_with_options_or_without(sources: Sources) -> None:
    """The usual options need not be given, and the same deck makes the same bytes."""
    sources.write("one/a.md", "# A? {#a tags=x}\n\nanswer\n")
    deck = select(load(sources.root), Selection(tags=("x",)))
    for name, export in EXPORTERS.items():
        assert export(deck) == export(deck, Options()), name
        assert export.file_name(deck).startswith("small-x"), name


def test_mistakes_come_all_at_once(sources: Sources) -> None:
    """Loading raises every mistake as a value with its place."""
    sources.write("one/a.md", "# A? {#a}\n\n$\\nope$ [x](y)\n")
    with pytest.raises(SourceError) as caught:
        load(sources.root)
    assert [(p.where.line, p.where.column) for p in caught.value.problems] == [(3, 2), (3, 9)]
