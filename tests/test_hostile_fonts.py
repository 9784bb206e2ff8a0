"""Font files that are none, lie elsewhere, or break what reads them: told at their place in deck.yaml."""

from __future__ import annotations

import os
import struct
from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import DECK_YAML, Sources
from deckpress import SourceError, build
from deckpress.exporters.pdf.last_resort_font import make_font

GOOD = make_font([ord(c) for c in "ABC字"])
"""A font, small and whole."""


def table(data: bytes, tag: bytes) -> int:
    """Return where the entry of a table stands in a font's directory."""
    return data.index(tag, 12)


def put(at: Callable[[bytes], int], new: bytes) -> bytes:
    """Put bytes into the font."""
    place = at(GOOD)
    return GOOD[:place] + new + GOOD[place + len(new) :]


def inside(tag: bytes, offset: int, new: bytes) -> bytes:
    """Put bytes into a table of the font."""
    (start,) = struct.unpack(">I", GOOD[table(GOOD, tag) + 8 : table(GOOD, tag) + 12])
    return put(lambda data: start + offset, new)


FONTS: dict[str, bytes] = {
    "empty": b"",
    "words": b"hello",
    "zeros": bytes(5_000),
    "head only": GOOD[:12],
    "cut": GOOD[: len(GOOD) // 2],
    "cut by one": GOOD[:-1],
    "many tables": put(lambda data: 4, b"\xff\xff"),
    "no tables": put(lambda data: 4, b"\0\0"),
    "offset outside": put(lambda data: table(data, b"cmap") + 8, b"\xff\xff\xff\xf0"),
    "long table": put(lambda data: table(data, b"cmap") + 12, b"\xff\xff\xff\xf0"),
    "empty table": put(lambda data: table(data, b"cmap") + 12, b"\0\0\0\0"),
    "no characters": put(lambda data: table(data, b"cmap"), b"cmaq"),
    "no names": put(lambda data: table(data, b"name"), b"nbme"),
    "no shapes": put(lambda data: table(data, b"glyf"), b"glyg"),
    "no head": put(lambda data: table(data, b"head"), b"heae"),
    "many characters": inside(b"cmap", 2, b"\xff\xff"),
    "characters elsewhere": inside(b"cmap", 8, b"\xff\xff\xff\xff"),
    "characters of no kind": inside(b"cmap", 12, b"\xff" * 8),
    "no size": inside(b"head", 18, b"\0\0"),
    "names elsewhere": inside(b"name", 4, b"\xff\xff"),
    "many glyphs": inside(b"maxp", 4, b"\xff\xff"),
    "shapes of nothing": inside(b"glyf", 0, b"\x7f\xff" * 40),
    "a collection of none": b"ttcf\0\1\0\0\0\0\0\0",
    "a collection without end": b"ttcf\0\1\0\0\xff\xff\xff\xff",
    "a collection of itself": b"ttcf\0\1\0\0\0\0\0\1\0\0\0\0",
    "a collection and a half": b"ttcf\0\1\0\0\0\0\0\2\0\0\0\x14\0\0\0\xff" + GOOD,
    "woff": b"wOFF" + GOOD[4:],
    "woff2": b"wOF2" + bytes(200),
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg"/>',
}


@pytest.mark.parametrize("name", FONTS)
def test_hostile_fonts(sources: Sources, name: str) -> None:
    """A broken font is a mistake, or prints; it is no traceback."""
    ending = "ttc" if FONTS[name].startswith(b"ttcf") else "ttf"
    sources.write("one/a.md", "# A字? {#a}\n\nABC 字\n")
    sources.write(f"f.{ending}", FONTS[name])
    sources.write("deck.yaml", f"{DECK_YAML}fonts: [f.{ending}]\n")
    try:
        done = build(sources.root, sources.folder / "out", formats=["pdf"])
    except SourceError as error:
        told = str(error)
    else:
        told = ""
        assert name in ("no shapes", "many glyphs", "shapes of nothing")
        assert done.outputs[0].path.read_bytes().startswith(b"%PDF")
    assert not told or f"f.{ending}" in told


NAMES = (
    "/etc/passwd.ttf", "../f.ttf", "one/../../f.ttf", "link.ttf", "folder-link/f.ttf", "loop.ttf", "pipe.ttf", "folder.ttf",
    "a\\x00b.ttf", "<script>.ttf", "\\x1b[2J.ttf", "x" * 300 + ".ttf", "#panic().ttf", "\\\\host\\\\f.ttf", "file:///f.ttf",
    "http://attack.invalid/f.ttf", "..", ".", "-f", "{{7*7}}", "a\\nb",
)  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_fonts_lie_in_the_deck(sources: Sources, name: str) -> None:
    """A name that leads out of it, or to what is no file, is a mistake at its place."""
    sources.write("one/a.md", "# A? {#a}\n\nx\n")
    outside = sources.folder / "outside"
    outside.mkdir()
    (outside / "f.ttf").write_bytes(GOOD)
    (sources.root / "link.ttf").symlink_to((outside / "f.ttf").resolve())
    (sources.root / "_links").mkdir()
    (sources.root / "_links/folder").symlink_to(outside.resolve())
    (sources.root / "loop.ttf").symlink_to("loop.ttf")
    os.mkfifo(sources.root / "pipe.ttf")
    (sources.root / "folder.ttf").mkdir()
    name = name.replace("folder-link", "_links/folder")
    sources.write("deck.yaml", f'{DECK_YAML}fonts: ["{name}"]\n')
    with pytest.raises(SourceError) as error:
        build(sources.root, sources.folder / "out", formats=["json"])
    assert all(problem.where.path.endswith("deck.yaml") for problem in error.value.problems)
    assert not Path(sources.folder / "out").exists()
