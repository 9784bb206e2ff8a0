"""Figures: what is taken, under what name, and what is refused."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import pytest

from deckpress.reading.figures import Figure, find_figure
from deckpress.text.problem import Location, Problem

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"/>'
PIXEL = zlib.compress(bytes(2))
PNG = b"\x89PNG\r\n\x1a\n" + b"".join(
    struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
    for name, data in (
        (b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)),
        (b"IDAT", PIXEL),
        (b"IEND", b""),
    )
)
"""One grey pixel."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a deck's folder with a folder of cards in it."""
    (tmp_path / "deck/one").mkdir(parents=True)
    (tmp_path / "deck/media").mkdir()
    return tmp_path / "deck/one"


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("a.svg", "a"),
        ("My Figure (1).svg", "my-figure-1"),
        ("éß漢.svg", "e"),
        ("漢.svg", "figure"),
        ("con.svg", "con"),
        ("x" * 150 + ".svg", "x" * 60),
        ("100%.svg", "100"),
    ],
)
def test_names_are_safe_everywhere(folder: Path, name: str, stem: str) -> None:
    """Letters, digits and dashes, then the content's hash: Anki changes nothing of it."""
    (folder / name).write_bytes(SVG)
    found = find_figure(name, folder, folder.parent)
    assert isinstance(found, Figure)
    assert found.name.startswith(f"_{stem}-")
    assert found.name.endswith(".svg")
    assert len(found.name) <= 100


def test_beside_the_card_or_under_media(folder: Path) -> None:
    """A path is relative to the card, else to the deck's media folder."""
    (folder.parent / "media/m.png").write_bytes(PNG)
    for src in ("m.png", "../media/m.png"):
        assert isinstance(find_figure(src, folder, folder.parent), Figure)


def test_another_content_is_another_name(folder: Path) -> None:
    """A changed figure is a new file, since Anki would keep the old one."""
    names = set()
    for content in (SVG, SVG + b"\n"):
        (folder / "a.svg").write_bytes(content)
        found = find_figure("a.svg", folder, folder.parent)
        assert isinstance(found, Figure)
        names.add(found.name)
    assert len(names) == 2


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.svg", b"<svg", "not well-formed"),
        ("a.svg", b"<html/>", "is not SVG"),
        ("a.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>', "holds <script>"),
        ("a.svg", b'<svg xmlns="http://www.w3.org/2000/svg" onload="x()"/>', "reaches outside"),
        (
            "a.svg",
            b'<svg xmlns="http://www.w3.org/2000/svg"><image href="https://e.org/x"/></svg>',
            "reaches outside",
        ),
        (
            "a.svg",
            b'<svg xmlns="http://www.w3.org/2000/svg" style="fill:url(https://e.org/x)"/>',
            "reaches outside",
        ),
        (
            "a.svg",
            b'<!DOCTYPE x [<!ENTITY a "b">]><svg xmlns="http://www.w3.org/2000/svg"/>',
            "entities",
        ),
        (
            "a.svg",
            '<svg xmlns="http://www.w3.org/2000/svg"/>'.encode("utf-16"),
            "is not UTF-8",
        ),
        ("a.svg", b'<?xml version="1.0" encoding="nonsense"?>' + SVG, "says it is nonsense"),
        ("a.svg", b'<?xml version="1.0" encoding="utf-7"?>' + SVG, "says it is utf-7"),
        ("a.svg", b'<?xml version="1.0" encoding="shift_jis"?>' + SVG, "says it is shift_jis"),
        ("a.svg", b'<?xml-stylesheet href="https://e.org/x.css"?>' + SVG, "reaches outside"),
        ("a.png", b"GIF89a", "does not contain what its extension says"),
        ("a.bmp", b"BM", "is not a figure, sound or video"),
        ("a.png", PNG + bytes(5_000_001), "5 MB at most"),
    ],
)
def test_what_is_refused(folder: Path, name: str, content: bytes, message: str) -> None:
    """A figure draws, and is what it says it is."""
    (folder / name).write_bytes(content)
    found = find_figure(name, folder, folder.parent)
    assert isinstance(found, Problem)
    assert message in f"{found.message} {found.hint}"


@pytest.mark.parametrize(
    "inner",
    [
        "<style>@import 'x.css';</style>",
        "<style>a { fill: url(https://e.org/x) }</style>",
        "<style>a { fill: url( '//e.org/x') }</style>",
        "<style>a { fill: u\\72l(x) }</style>",
        '<path fill="url(//e.org/x#y)"/>',
        '<path fill="URL( x.svg#y)"/>',
        "<path style=\"fill: image-set('x.png' 1x)\"/>",
        '<set attributeName="href" to="#x"/>',
        '<animate attributeName="xlink:href" values="#x"/>',
        '<set attributeName="onclick" to="x()"/>',
        '<animate attributeName="x" from=" javascript:x()"/>',
        '<g xml:base="https://e.org/"/>',
        '<use href="x.svg#y"/>',
    ],
)
def test_svg_that_reaches_outside(folder: Path, inner: str) -> None:
    """Nothing is fetched and nothing runs when a card is shown."""
    (folder / "a.svg").write_text(f'<svg xmlns="http://www.w3.org/2000/svg">{inner}</svg>')
    found = find_figure("a.svg", folder, folder.parent)
    assert isinstance(found, Problem)
    assert "reaches outside" in found.message


def test_svg_that_leads_to_itself(folder: Path) -> None:
    """Gradients, patterns and embedded pixels are taken."""
    (folder / "a.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg"><style>a { fill: url( "#g" ) }</style>'
        '<path fill="url(#g)" style="clip-path:url(\'#c\')"/><use href="#g"/>'
        '<image href="data:image/png;base64,x"/></svg>'
    )
    assert isinstance(find_figure("a.svg", folder, folder.parent), Figure)


def test_a_name_in_decomposed_form(folder: Path) -> None:
    """Cards are read in composed form; the names of folders and files may be written in parts."""
    (folder / "u\u0308").mkdir()
    (folder / "u\u0308" / "e\u0301.svg").write_bytes(SVG)
    for src in ("\u00fc/\u00e9.svg", "../one/\u00fc/\u00e9.svg"):
        assert isinstance(find_figure(src, folder, folder.parent), Figure)


def test_a_large_figure_is_never_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its size is asked first."""
    with (folder / "a.png").open("wb") as file:
        file.truncate(10**12)
    # Whatever reads a file by its path opens it.
    monkeypatch.setattr(Path, "open", lambda path, *how, **more: pytest.fail("read"))
    found = find_figure("a.png", folder, folder.parent)
    assert isinstance(found, Problem)
    assert "1000000 MB" in found.message


@pytest.mark.parametrize(
    "src",
    [
        "https://e.org/a.png",
        "//e.org/a.png",
        "data:image/png;base64,x",
        "/etc/passwd",
        "..\\a.svg",
        "",
        ".",
        "x" * 300 + ".png",
        "x/" * 5000 + "a.png",
        "a\0.png",
        "a.svg/b.png",
    ],
)
def test_paths_that_are_no_files_of_the_deck(folder: Path, src: str) -> None:
    """Nothing remote, nothing absolute."""
    assert isinstance(find_figure(src, folder, folder.parent), Problem)


def test_a_figure_outside_the_deck(folder: Path, tmp_path: Path) -> None:
    """Neither a path nor a link leads out of the deck's folder."""
    (tmp_path / "out.svg").write_bytes(SVG)
    (folder / "link.svg").symlink_to(tmp_path / "out.svg")
    for src in ("../../out.svg", "link.svg"):
        found = find_figure(src, folder, folder.parent)
        assert isinstance(found, Problem)
        assert "outside the deck" in found.message


def test_no_hint_names_what_is_no_file(folder: Path) -> None:
    """A folder or a link to nowhere of that name is not what was meant."""
    (folder / "a.png").mkdir()
    (folder / "b.png").symlink_to("b.png")
    for src in ("a.png", "b.png"):
        assert find_figure(src, folder, folder.parent) == Problem(
            Location(), f"there is no file '{src}'", rule="missing-image"
        )
