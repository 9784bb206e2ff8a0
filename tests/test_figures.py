"""Figures that scripts draw are found when they are older than their scripts."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path

import pytest

from conftest import Sources
from test_package import fill, run

REPOSITORY = Path(__file__).parents[1]
SVG = '<svg xmlns="http://www.w3.org/2000/svg"/>'


@pytest.fixture
def drawn(sources: Sources) -> Sources:
    """Return a deck with a drawn figure."""
    fill(sources)
    sources.write("figures/style.py", "WIDTH = 4\n")
    sources.write("figures/curve.py", "from style import WIDTH\n")
    sources.write("media/curve.svg", SVG)
    sources.write("figures/figures.lock", json.dumps({"other": ["0", "0"]}))
    return sources


def relock(deck: Sources) -> None:
    """Write the lock as build.py does."""

    def digest(*names: str) -> str:
        return sha256(b"\0".join((deck.root / name).read_bytes() for name in names)).hexdigest()[
            :16
        ]

    entry = [digest("figures/curve.py", "figures/style.py"), digest("media/curve.svg")]
    deck.write("figures/figures.lock", json.dumps({"curve": entry}))


@pytest.mark.parametrize("name", ["figures/curve.py", "figures/style.py", "media/curve.svg"])
def test_a_stale_figure_is_a_mistake(drawn: Sources, name: str) -> None:
    """Script, shared style or drawing changed alone: the script is named."""
    relock(drawn)
    assert run(drawn.folder, "check").returncode == 0
    text = (drawn.root / name).read_text(encoding="utf-8")
    drawn.write(name, text.replace("/>", " />") + ("# changed\n" if name.endswith(".py") else ""))
    done = run(drawn.folder, "check")
    assert done.returncode == 1
    assert (
        "cards/figures/curve.py:1:1: the figure 'curve.svg' is not what this script draws"
        in done.stderr
    )


def test_a_figure_never_drawn_is_a_mistake(drawn: Sources) -> None:
    """A script without an entry, and a lock that cannot be read."""
    assert run(drawn.folder, "check").returncode == 1
    drawn.write("figures/figures.lock", "{")
    assert "cards/figures/figures.lock:1:1: this is not JSON" in run(drawn.folder, "check").stderr


def test_the_deck_s_figures() -> None:
    """Every script of this deck has its figure, small and without anything from elsewhere."""
    scripts = {path.stem for path in (REPOSITORY / "cards/figures").glob("*.py")} - {
        "build",
        "style",
    }
    figures = {path.stem: path for path in (REPOSITORY / "cards/media").glob("*.svg")}
    assert scripts == set(figures)
    assert len(scripts) >= 25
    assert all(path.stat().st_size < 40_000 for path in figures.values())
