"""Whatever `check` passes builds in every format; `make fuzz` tries a hundred and fifty times as much."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from conftest import DECK_YAML
from deckpress import load
from deckpress.decks.release import Release, select
from deckpress.decks.selection import Selection
from deckpress.exporters import EXPORTERS
from deckpress.exporters.options import Options
from deckpress.pipeline.own_templates import own_templates
from deckpress.text.problem import SourceError
from hostile_texts import notes
from sounds import FILES
from test_media import PNG

ROUNDS = int(os.environ.get("DECKPRESS_FUZZ", "2"))
"""How many decks of forty notes are tried."""

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><text y="9">字x</text></svg>'


def read(root: Path) -> Release | None:
    """Read a deck without the cards that have mistakes; None when none is left."""
    while any(root.glob("one/*.md")):
        try:
            return load(root, jobs=1)
        except SourceError as error:
            for path in {Path(problem.where.path) for problem in error.problems}:
                path.unlink()
    return None


@settings(
    max_examples=ROUNDS,
    deadline=None,
    derandomize=ROUNDS < 10,
    database=None,
    phases=(Phase.generate,),
    suppress_health_check=list(HealthCheck),
)
@given(st.lists(notes, min_size=40, max_size=40))
def test_what_check_passes_builds_in_every_format(
    tmp_path_factory: pytest.TempPathFactory, drawn: list[tuple[str, str, str]]
) -> None:
    """No text ends in a traceback, and no exporter refuses what no check refused."""
    folder = tmp_path_factory.mktemp("fuzz")
    root = folder / "cards"
    (root / "one").mkdir(parents=True)
    (root / "deck.yaml").write_text(DECK_YAML, encoding="utf-8")
    (root / "one/a.svg").write_text(SVG, encoding="utf-8")
    (root / "one/a.png").write_bytes(PNG)
    (root / "one/a.mp3").write_bytes(FILES["a.mp3"])
    for number, (question, name, body) in enumerate(drawn):
        text = f"# {question} {number} {{#n{number}{name}}}\n\n{body}\n"
        (root / f"one/n{number}.md").write_bytes(text.encode())
    release = read(root)
    if release is not None:
        deck = select(release, Selection())
        with own_templates(release.collection.theme):
            for export in EXPORTERS.values():
                assert export(deck, Options())
    shutil.rmtree(folder)
