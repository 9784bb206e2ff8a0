"""The font for characters that no other font has."""

from __future__ import annotations

from pathlib import Path

from deckpress.exporters.pdf.last_resort_font import make_font, missing_characters

FONTS = Path(__file__).parents[1] / "templates" / "fonts"


def test_sheet_fonts_cover_the_languages_of_europe() -> None:
    """The fonts of the sheet have Latin, Greek, Cyrillic, arrows and operators."""
    sans = [(FONTS / "sans-regular.ttf").read_bytes()]
    assert missing_characters(["Zażółć gęślą jaźń, ñandú, αβγΩ, Жлоб, “–” → ≤ ∑ ∞ ☐"], sans) == []


def test_fonts_are_small_and_licensed() -> None:
    """All TrueType fonts together are under 450 kB, and their licence lies beside them."""
    assert sum(path.stat().st_size for path in FONTS.glob("*.ttf")) < 450_000
    assert "SIL OPEN FONT LICENSE" in (FONTS / "OFL.txt").read_text(encoding="utf-8")


def test_made_font_has_what_was_missing() -> None:
    """A made font has the characters it was made for, and is the same each time."""
    font = make_font([0x4E2D, 0x1F600, 0x200D])
    assert missing_characters(["中😀\u200d"], [font]) == []
    assert missing_characters(["x 中"], [font]) == [ord("x")]
    assert make_font([0x1F600, 0x200D, 0x4E2D]) == font
