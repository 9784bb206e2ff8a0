"""Figures beside the cards: found, judged, and named so that Anki can never confuse them."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path, PurePosixPath

from deckpress.reading.svg import find_svg_fault
from deckpress.text.problem import Location, Problem
from deckpress.text.suggestions import suggest

_SIGNATURES = {
    ".png": (b"\x89PNG\r\n\x1a\n",),
    ".jpg": (b"\xff\xd8\xff",),
    ".jpeg": (b"\xff\xd8\xff",),
    ".webp": (b"RIFF",),
    ".svg": (),
}
MOST_BYTES = 5_000_000
"""The largest figure that is taken; AnkiWeb refuses files over 100 MB, phones choke earlier."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure: the name under which it travels, and its bytes."""

    name: str
    data: bytes


def find_figure(src: str, folder: Path, root: Path) -> Figure | Problem:
    """Find the figure that an image of a card names.

    Args:
        src: the path as written, relative to the card's folder or to `media/` of the deck.
        folder: the card's folder.
        root: the deck's folder; a figure outside it is refused.

    Returns:
        The file with its safe name, or what is wrong with it (at no place: the caller knows it).
    """
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:|//", src):
        return _fault(
            f"the image '{src}' is not a file of this deck",
            "save it beside the card",
            rule="remote-image",
        )
    if "\\" in src or src.startswith("/"):
        return _fault(
            f"the image's path '{src}' is not relative",
            "use / and no leading /",
            rule="bad-image-path",
        )
    path = _locate(folder, src) or _locate(root / "media", src)
    if path is None:
        near = {file.name for place in (folder, root / "media") for file in _figures_in(place)}
        return _fault(
            f"there is no file '{src}'", suggest(Path(src).name, near), rule="missing-image"
        )
    try:
        return _judge(path, root)
    except OSError as error:
        return _fault(f"'{src}' cannot be read: {error.strerror or error}", rule="unreadable-file")


def _fault(message: str, hint: str = "", *, rule: str) -> Problem:
    return Problem(Location(), message, hint, rule=rule)


def _locate(folder: Path, src: str) -> Path | None:
    """Find a file whose name is the same text; a Mac may have written it in decomposed form."""
    path = folder
    try:
        for part in PurePosixPath(src).parts:
            there = part == ".." or (path / part).exists()
            twins = (p for p in path.iterdir() if unicodedata.normalize("NFC", p.name) == part)
            path = path / part if there else next(twins, path / part)
        return path if path.is_file() else None
    except (OSError, ValueError):
        return None  # a name that is too long, or that no system has


def _figures_in(folder: Path) -> list[Path]:
    return [p for p in folder.glob("*") if p.suffix.lower() in _SIGNATURES and p.is_file()]


def _judge(path: Path, root: Path) -> Figure | Problem:
    if not path.resolve().is_relative_to(root.resolve()):
        return _fault(
            f"the image '{path.name}' lies outside the deck's folder", rule="image-outside"
        )
    suffix = path.suffix.lower()
    if suffix not in _SIGNATURES:
        return _fault(
            f"'{path.name}' is no figure",
            "SVG, PNG, JPEG and WebP are taken",
            rule="unknown-image-format",
        )
    size = path.stat().st_size
    if size > MOST_BYTES:
        return _fault(
            f"'{path.name}' has {size // 1_000_000} MB", "5 MB at most", rule="file-too-large"
        )
    data = path.read_bytes()
    if _SIGNATURES[suffix] and not data.startswith(_SIGNATURES[suffix]):
        return _fault(
            f"'{path.name}' does not hold what its ending says", rule="unknown-image-format"
        )
    if suffix == ".svg":
        fault = find_svg_fault(path.name, data)
        if fault:
            return fault
    # Named by content: two files of one name stay apart, and a changed figure is a new file, since
    # Anki keeps the old one under an old name.
    stem = unicodedata.normalize("NFKD", path.stem).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", stem).strip("-")[:60] or "figure"
    return Figure(f"{slug}-{sha256(data).hexdigest()[:8]}{suffix}", data)
