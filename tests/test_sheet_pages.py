"""Pages of the printed sheet look as they did when someone last looked at them."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from conftest import Sources
from deckpress.decks.release import select
from deckpress.exporters.options import Options
from deckpress.exporters.pdf.sheet import settle
from deckpress.exporters.pdf.typeset import typst_files
from deckpress.pipeline.load import load
from torture import CARDS, TALL

GOLDEN = Path(__file__).parent / "golden"
VARIANTS = {
    "short": Options(),
    "full-letter": Options(paper="letter", detail="full"),
    "wall": Options(landscape=True),
    "large-questions": Options(large=True, detail="questions"),
}
TOLERANCE = 0.002
"""The share of pixels that may differ: what machines round differently, not a word."""


def paint(sources: Sources, options: Options, cards: str) -> Image.Image:
    """Return the pages of a sheet, side by side, in grey."""
    sources.write("hard.md", cards)
    sources.write("tall.svg", TALL)
    deck = select(load(sources.root))
    files = typst_files(deck)
    painted = settle(
        deck,
        options,
        lambda typesetter, source: typesetter.png_pages(source, files, dots_per_inch=50),
    )
    pages = [Image.open(io.BytesIO(png)).convert("L") for png in painted]
    sheet = Image.new("L", (sum(page.width for page in pages), max(p.height for p in pages)), 255)
    left = 0
    for page in pages:
        sheet.paste(page, (left, 0))
        left += page.width
    return sheet


def share_changed(one: Image.Image, other: Image.Image) -> float:
    """Return the share of pixels that differ by more than what quantizing costs."""
    histogram = ImageChops.difference(one, other).histogram()
    return float(sum(histogram[40:])) / (one.width * one.height)


@pytest.mark.parametrize("name", VARIANTS)
def test_pages_look_as_they_did(
    name: str, sources: Sources, at: Callable[[int], None], request: pytest.FixtureRequest
) -> None:
    """Each variant is the golden image; `pytest --update` paints it anew, to be looked at."""
    at(1_760_000_000)
    now, path = paint(sources, VARIANTS[name], CARDS), GOLDEN / f"sheet-{name}.png"
    if request.config.getoption("--update"):
        now.quantize(16).save(path, optimize=True)
    golden = Image.open(path).convert("L")
    assert now.size == golden.size
    assert share_changed(now, golden) <= TOLERANCE


def test_a_changed_card_is_seen(sources: Sources, at: Callable[[int], None]) -> None:
    """The comparison is not blind: a card that lost its answer is more than it allows."""
    at(1_760_000_000)
    whole = paint(sources, Options(), CARDS)
    head, _, tail = CARDS.partition("\n# ")
    question, _, rest = tail.partition("\n\n")
    changed = f"{head}\n# {question}\n\nShort.\n\n# {rest.partition(chr(10) + '# ')[2]}"
    other = paint(sources, Options(), changed)
    assert other.size != whole.size or share_changed(whole, other) > TOLERANCE
