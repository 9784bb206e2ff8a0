"""Figures: what is taken, under what name, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from deckpress.media import MediaFault, MediaFile, find_media

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"/>'
PNG = b"\x89PNG\r\n\x1a\n" + bytes(8)


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
    found = find_media(name, folder, folder.parent)
    assert isinstance(found, MediaFile)
    assert found.name.startswith(stem + "-")
    assert found.name.endswith(".svg")
    assert len(found.name) <= 100


def test_beside_the_card_or_under_media(folder: Path) -> None:
    """A path is relative to the card, else to the deck's media folder."""
    (folder.parent / "media/m.png").write_bytes(PNG)
    for src in ("m.png", "../media/m.png"):
        assert isinstance(find_media(src, folder, folder.parent), MediaFile)


def test_another_content_is_another_name(folder: Path) -> None:
    """A changed figure is a new file, since Anki would keep the old one."""
    names = set()
    for content in (SVG, SVG + b"\n"):
        (folder / "a.svg").write_bytes(content)
        found = find_media("a.svg", folder, folder.parent)
        assert isinstance(found, MediaFile)
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
        ("a.png", b"GIF89a", "does not hold what its ending says"),
        ("a.gif", b"GIF89a", "is no figure"),
        ("a.png", PNG + bytes(5_000_001), "5 MB at most"),
    ],
)
def test_what_is_refused(folder: Path, name: str, content: bytes, message: str) -> None:
    """A figure draws, and is what it says it is."""
    (folder / name).write_bytes(content)
    found = find_media(name, folder, folder.parent)
    assert isinstance(found, MediaFault)
    assert message in f"{found.message} {found.hint}"


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
    ],
)
def test_paths_that_are_no_files_of_the_deck(folder: Path, src: str) -> None:
    """Nothing remote, nothing absolute."""
    assert isinstance(find_media(src, folder, folder.parent), MediaFault)


def test_a_figure_outside_the_deck(folder: Path, tmp_path: Path) -> None:
    """Neither a path nor a link leads out of the deck's folder."""
    (tmp_path / "out.svg").write_bytes(SVG)
    (folder / "link.svg").symlink_to(tmp_path / "out.svg")
    for src in ("../../out.svg", "link.svg"):
        found = find_media(src, folder, folder.parent)
        assert isinstance(found, MediaFault)
        assert "outside the deck" in found.message
