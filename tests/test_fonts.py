"""Fonts that a deck names, and what no font has."""

from __future__ import annotations

from pathlib import Path

import pytest

from deckpress.exporters.pdf.boxes import count_scripts, count_unfit
from deckpress.pipeline.load import load
from deckpress.pipeline.missing_glyphs import find_missing_glyphs
from deckpress.text.problem import SourceError

DECK = "title: T\nslug: t\ncategories:\n  - {slug: a, name: A}\n"


def test_what_no_font_has_is_counted_by_script(tmp_path: Path) -> None:
    """Letters of the fonts inside Typst are no boxes; Han letters are, each time they are said."""
    (tmp_path / "a").mkdir()
    (tmp_path / "deck.yaml").write_text(DECK, encoding="utf-8")
    (tmp_path / "a/one.md").write_text("# 学 \u05d0?\n\n学习 → ok.\n", encoding="utf-8")
    release = load(tmp_path)
    unfit = count_unfit(release.collection, release.collection.notes)
    assert not unfit.typed
    assert count_scripts(unfit.boxes) == {"Han": {"\u4e60": 1, "\u5b66": 2}}
    (advice,) = find_missing_glyphs(release, release.collection.notes, tmp_path)
    assert "boxes: 3 of Han" in advice.message


def test_letters_that_only_the_font_for_code_has(tmp_path: Path) -> None:
    """Arabic letters are told, and signs are not; a font that the deck names puts an end to it."""
    (tmp_path / "a").mkdir()
    (tmp_path / "deck.yaml").write_text(DECK, encoding="utf-8")
    (tmp_path / "a/one.md").write_text("# ما هذا؟\n\nلا ▁ ə Ж.\n", encoding="utf-8")
    release = load(tmp_path)
    unfit = count_unfit(release.collection, release.collection.notes)
    assert not unfit.boxes
    assert count_scripts(unfit.typed) == {"Arabic": {"ا": 3, "ذ": 1, "ل": 1, "م": 1, "ه": 1}}
    (advice,) = find_missing_glyphs(release, release.collection.notes, tmp_path)
    assert (advice.rule, advice.severity) == ("typewriter-letters", "advice")
    assert "7 of Arabic" in advice.message
    (tmp_path / "deck.yaml").write_text(DECK + "allow: [typewriter-letters]\n", encoding="utf-8")
    release = load(tmp_path)
    assert not find_missing_glyphs(release, release.collection.notes, tmp_path)


def test_a_font_that_is_not_there_is_told(tmp_path: Path) -> None:
    """A file or family that cannot be found is a mistake at its place."""
    (tmp_path / "a").mkdir()
    (tmp_path / "a/one.md").write_text("# Why?\n\nSo.\n", encoding="utf-8")
    text = DECK + "fonts: [none.ttf, No Such Family, ../x.ttf]\n"
    (tmp_path / "deck.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(SourceError) as caught:
        load(tmp_path)
    assert [problem.rule for problem in caught.value.problems] == ["missing-font"] * 3
