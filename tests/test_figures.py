"""Figures that scripts draw are found when they are older than their scripts."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path

import pytest

from conftest import Sources
from program import run
from test_package import fill

REPOSITORY = Path(__file__).parents[1]
SVG = '<svg xmlns="http://www.w3.org/2000/svg"/>'


@pytest.fixture
def drawn(sources: Sources) -> Sources:
    """Return a deck with a drawn figure."""
    fill(sources)
    sources.write("figures/style.py", "WIDTH = 4\n")
    sources.write("figures/shapes.py", "import style\n")
    sources.write("figures/curve.py", "from shapes import style\n")
    sources.write("figures/build.py", "import style\n")
    sources.write("media/curve.svg", SVG)
    sources.write("figures/figures.lock", json.dumps({"other": ["0", "0"]}))
    return sources


def relock(deck: Sources) -> None:
    """Write the lock as build.py does."""

    def digest(*names: str) -> str:
        return sha256(b"\0".join((deck.root / name).read_bytes() for name in names)).hexdigest()[
            :16
        ]

    parts = ("figures/curve.py", "figures/shapes.py", "figures/style.py")
    entry = [digest(*parts), digest("media/curve.svg")]
    deck.write("figures/figures.lock", json.dumps({"curve": entry}))


@pytest.mark.parametrize(
    "name", ["figures/curve.py", "figures/shapes.py", "figures/style.py", "media/curve.svg"]
)
def test_a_stale_figure_is_a_mistake(drawn: Sources, name: str) -> None:
    """Script, a module it imports, one that this imports, or drawing changed: the script is named."""
    relock(drawn)
    assert run(drawn.folder, "check").returncode == 0
    text = (drawn.root / name).read_text(encoding="utf-8")
    drawn.write(name, text.replace("/>", " />") + ("# changed\n" if name.endswith(".py") else ""))
    done = run(drawn.folder, "check")
    assert done.returncode == 1
    assert (
        "cards/figures/curve.py:1:1: the figure 'curve.svg' differs from what this script draws"
        in done.stderr
    )


def test_a_figure_never_drawn_is_a_mistake(drawn: Sources) -> None:
    """A script without an entry, and a lock that cannot be read."""
    assert run(drawn.folder, "check").returncode == 1
    drawn.write("figures/figures.lock", "{")
    assert "cards/figures/figures.lock:1:1: this is not JSON" in run(drawn.folder, "check").stderr


def test_the_deck_s_figures() -> None:
    """Every script of this deck has its figure, small, in the text of a note."""
    shared = {"build", "shapes", "style"}
    scripts = {path.stem for path in (REPOSITORY / "cards/figures").glob("*.py")} - shared
    figures = {path.stem: path for path in (REPOSITORY / "cards/media").glob("*.svg")}
    cards = "".join(
        path.read_text(encoding="utf-8") for path in (REPOSITORY / "cards").glob("*/*.md")
    )
    assert scripts == set(figures)
    assert [name for name in sorted(scripts) if f"(../media/{name}.svg)" not in cards] == []
    assert len(scripts) >= 60
    assert all(path.stat().st_size < 40_000 for path in figures.values())
