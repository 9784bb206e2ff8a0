"""A font for the characters that no other font has; the only door to fontTools.

Nothing that a card says may be missing on paper. Where the theme's fonts and those inside Typst
have no glyph for a character, its code point is drawn in a frame, as browsers do: the reader sees
that something stands there, and search, copying and screen readers get the character itself.
A font file in `templates/fonts` that has the characters is used instead.
"""

from __future__ import annotations

import io
import struct
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Literal

from fontTools import unicodedata as scripts
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont, registerCustomTableClass
from fontTools.ttLib.tables._g_l_y_f import Glyph
from fontTools.ttLib.tables.DefaultTable import DefaultTable

# Names are bytes here. To read them, fontTools imports all that it knows of OpenType's features,
# which takes longer than to make the font.
registerCustomTableClass("name", DefaultTable.__module__, DefaultTable.__name__)

FAMILY = "Sheet Last Resort"
_UNITS, _WIDTH, _BASE, _TOP, _LINE = 1000, 860, -120, 780, 40
_CELL, _DIGIT, _STROKE = 90, (170, 300), 44
_ASCII, _ASCII_SIGNS = range(0x80), frozenset(range(0x21, 0x7F))
_EMOJI = 0x1F300
_AROUND_THAI = (0x0E33, 0x0EB3)
_MACINTOSH, _WINDOWS = (1, 0, 0), (3, 1, 0x409)
"""The numbers of platform, encoding and language under which each finds a font's English names."""
_AROUND_KHMER, _KHMER_LEFT = (0x17BE, 0x17BF, 0x17C0, 0x17C4, 0x17C5), 0x17C1
_SEGMENTS = {
    "0": "abcdef", "1": "bc", "2": "abdeg", "3": "abcdg", "4": "bcfg", "5": "acdfg", "6": "acdefg",
    "7": "abc", "8": "abcdefg", "9": "abcdfg", "A": "abcefg", "B": "cdefg", "C": "adef",
    "D": "bcdeg", "E": "adefg", "F": "aefg",
}  # fmt: skip
"""The seven strokes of a hexadecimal digit: a on top, then clockwise, g across the middle."""


def missing_characters(text: Iterable[str], fonts: Iterable[bytes]) -> list[int]:
    """Return the code points of the texts that none of the fonts has, in order.

    Args:
        text: what will be printed.
        fonts: font files.

    Returns:
        Code points; control characters and white space are left out.
    """
    known: set[int] = set()
    for data in fonts:
        known |= _coverage(data)
    texts = list(text)
    wanted = {ord(character) for each in texts for character in set(_without_ascii(each))}
    wanted |= {code for code in _ASCII_SIGNS - known if any(chr(code) in each for each in texts)}
    return sorted(
        code
        for code in wanted - known
        if unicodedata.category(chr(code)) not in ("Cc", "Zs", "Zl", "Zp", "Cs")
    )


def _without_ascii(text: str) -> str:
    # Nearly all of a text is ASCII, which bytes lose in a fifth of the time that a set of it takes.
    data = text.encode(errors="surrogatepass").translate(None, bytes(_ASCII))
    return data.decode(errors="surrogatepass")


@lru_cache(maxsize=32)
def _coverage(data: bytes) -> frozenset[int]:
    """Return the code points that a font file has; of a collection, those of all its fonts.

    A broken font has none, so all that it should print is drawn by the font of last resort.
    """
    try:
        return _read_coverage(data)
    except Exception:  # fontTools says of broken tables whatever its parsers happen to raise
        return frozenset()


def _read_coverage(data: bytes) -> frozenset[int]:
    font = TTFont(io.BytesIO(data), lazy=True, fontNumber=0)
    known = _characters(font)
    seen = {font.reader.tables["cmap"].offset}
    for number in range(1, getattr(font.reader, "numFonts", 1)):
        font = TTFont(io.BytesIO(data), lazy=True, fontNumber=number)
        # Fonts of a collection share what is the same in them.
        if (offset := font.reader.tables["cmap"].offset) not in seen:
            seen.add(offset)
            known |= _characters(font)
    return frozenset(known)


def _characters(font: TTFont) -> set[int]:
    # To find names for all glyphs takes longer than all the rest, and nobody asks for them.
    font.setGlyphOrder([""] * font.getGlyphCount())
    return set(font.getBestCmap() or ())


def _parts(code: int) -> Iterator[int]:
    """Yield what stands for a character when it is set: vowels that are written around letters."""
    form: Literal["NFD", "NFKD"] = "NFKD" if code in _AROUND_THAI else "NFD"
    if code in _AROUND_KHMER:
        yield _KHMER_LEFT
    yield from (ord(part) for part in unicodedata.normalize(form, chr(code)) if part > "\x7f")


def script_name(character: str) -> str:
    """Return the English name of the script of a character, such as Han; of others, their kind."""
    name = scripts.script_name(scripts.script(character))
    if name not in ("Common", "Inherited", "Unknown"):
        return str(name)
    emoji = unicodedata.category(character) in ("So", "Sk") and ord(character) >= _EMOJI
    return "Emoji" if emoji else str(scripts.block(character))


def make_font(
    codes: Iterable[int], width: int = _WIDTH, *, stands: Mapping[int, int] | None = None
) -> bytes:
    """Make a font that draws each code point as its number in a frame.

    Args:
        codes: the code points; characters that are invisible by nature get an empty glyph.
        width: of each glyph, in thousandths of the font's size.
        stands: code points that are drawn with the number of another.

    Returns:
        A TrueType font, the same bytes for the same code points.
    """
    glyphs = {".notdef": _frame("")}
    names: dict[int, str] = {}
    widths = {".notdef": (_WIDTH, 0)}
    for code in sorted({part for each in codes for part in (each, *_parts(each))}):
        name, shown = f"u{code:04X}", (stands or {}).get(code, code)
        invisible = unicodedata.category(chr(code)) in ("Cf", "Mn", "Me")
        names[code] = name
        glyphs[name] = TTGlyphPen(None).glyph() if invisible else _frame(f"{shown:04X}")
        widths[name] = (0 if invisible else width, 0)
    builder = FontBuilder(_UNITS, isTTF=True)
    builder.setupGlyphOrder(list(glyphs))
    builder.setupCharacterMap(names)
    builder.setupGlyf(glyphs)
    builder.setupHorizontalMetrics(widths)
    builder.setupHorizontalHeader(ascent=_TOP + 60, descent=_BASE - 60)
    builder.font["name"] = _name_table()
    builder.setupOS2(
        sTypoAscender=_TOP + 60, sTypoDescender=_BASE - 60, usWinAscent=900, usWinDescent=200
    )
    builder.setupPost()
    builder.updateHead(created=0, modified=0)
    builder.font.recalcTimestamp = False
    buffer = io.BytesIO()
    builder.save(buffer)
    return buffer.getvalue()


def _name_table() -> DefaultTable:
    """Return the names of the font, as Macintosh and Windows find them."""
    named = {1: FAMILY, 2: "Regular", 6: "SheetLastResort"}
    records = b""
    texts = b""
    for place, encoding in ((_MACINTOSH, "ascii"), (_WINDOWS, "utf-16-be")):
        for number, name in named.items():
            text = name.encode(encoding)
            records += struct.pack(">6H", *place, number, len(text), len(texts))
            texts += text
    table = DefaultTable("name")
    table.data = struct.pack(">3H", 0, 2 * len(named), 6 + len(records)) + records + texts
    return table


def _frame(digits: str) -> Glyph:
    """Draw up to six digits in two rows inside a frame."""
    pen = TTGlyphPen(None)
    left, right = 40, _WIDTH - 40
    _bar(pen, left, _BASE, right, _BASE + _LINE)
    _bar(pen, left, _TOP - _LINE, right, _TOP)
    _bar(pen, left, _BASE, left + _LINE, _TOP)
    _bar(pen, right - _LINE, _BASE, right, _TOP)
    half = (len(digits) + 1) // 2
    for row, part in enumerate((digits[:half], digits[half:])):
        wide = len(part) * (_DIGIT[0] + 50) - 50
        for at, digit in enumerate(part):
            x = (_WIDTH - wide) // 2 + at * (_DIGIT[0] + 50)
            _digit(pen, digit, x, _BASE + _CELL + (410 if row == 0 else 0))
    return pen.glyph()


def _digit(pen: TTGlyphPen, digit: str, x: int, y: int) -> None:
    wide, high = _DIGIT
    right, top, middle = x + wide, y + high, y + high // 2
    strokes = {
        "a": (x, top - _STROKE, right, top),
        "b": (right - _STROKE, middle, right, top),
        "c": (right - _STROKE, y, right, middle),
        "d": (x, y, right, y + _STROKE),
        "e": (x, y, x + _STROKE, middle),
        "f": (x, middle, x + _STROKE, top),
        "g": (x, middle - _STROKE // 2, right, middle + _STROKE // 2),
    }
    for name in _SEGMENTS[digit]:
        _bar(pen, *strokes[name])


def _bar(pen: TTGlyphPen, left: int, bottom: int, right: int, top: int) -> None:
    pen.moveTo((left, bottom))
    pen.lineTo((left, top))
    pen.lineTo((right, top))
    pen.lineTo((right, bottom))
    pen.closePath()
