"""Figures beside the cards: found, judged, and named so that Anki can never confuse them."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from xml.etree import ElementTree

from deckpress.problem import suggest

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
class MediaFile:
    """A figure: the name under which it travels, and its bytes."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class MediaFault:
    """Why a figure cannot be taken, and a hint."""

    message: str
    hint: str = ""


def find_media(src: str, folder: Path, root: Path) -> MediaFile | MediaFault:
    """Find the figure that an image of a card names.

    Args:
        src: the path as written, relative to the card's folder or to `media/` of the deck.
        folder: the card's folder.
        root: the deck's folder; a figure outside it is refused.

    Returns:
        The file with its safe name, or what is wrong.
    """
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:|//", src):
        return MediaFault(
            f"the image '{src}' is not a file of this deck", "save it beside the card"
        )
    if "\\" in src or src.startswith("/"):
        return MediaFault(f"the image's path '{src}' is not relative", "use / and no leading /")
    candidates = [folder / src, root / "media" / src]
    path = next((path for path in candidates if path.is_file()), None)
    if path is None:
        near = {file.name for place in (folder, root / "media") for file in _figures_in(place)}
        return MediaFault(f"there is no file '{src}'", suggest(Path(src).name, near))
    if not path.resolve().is_relative_to(root.resolve()):
        return MediaFault(f"the image '{src}' lies outside the deck's folder")
    return _judge(path)


def _figures_in(folder: Path) -> list[Path]:
    return [path for path in folder.glob("*") if path.suffix.lower() in _SIGNATURES]


def _judge(path: Path) -> MediaFile | MediaFault:
    suffix = path.suffix.lower()
    if suffix not in _SIGNATURES:
        return MediaFault(f"'{path.name}' is no figure", "SVG, PNG, JPEG and WebP are taken")
    data = path.read_bytes()
    if len(data) > MOST_BYTES:
        return MediaFault(f"'{path.name}' has {len(data) // 1_000_000} MB", "5 MB at most")
    if _SIGNATURES[suffix] and not data.startswith(_SIGNATURES[suffix]):
        return MediaFault(f"'{path.name}' does not hold what its ending says")
    if suffix == ".svg":
        fault = _judge_svg(path.name, data)
        if fault:
            return fault
    # Named by content: two files of one name stay apart, and a changed figure is a new file, since
    # Anki keeps the old one under an old name.
    stem = unicodedata.normalize("NFKD", path.stem).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", stem).strip("-")[:60] or "figure"
    return MediaFile(f"{slug}-{sha256(data).hexdigest()[:8]}{suffix}", data)


def _judge_svg(name: str, data: bytes) -> MediaFault | None:
    if b"<!ENTITY" in data:
        return MediaFault(f"'{name}' declares entities", "save it as plain SVG")
    try:
        tree = ElementTree.fromstring(data)
    except ElementTree.ParseError as error:
        return MediaFault(f"'{name}' is not well-formed SVG: {error}")
    if tree.tag != "{http://www.w3.org/2000/svg}svg":
        return MediaFault(
            f"'{name}' is not SVG", 'its root is <svg xmlns="http://www.w3.org/2000/svg">'
        )
    for element in tree.iter():
        tag = str(element.tag).rpartition("}")[2].lower()
        if tag in ("script", "foreignobject", "iframe"):
            return MediaFault(f"'{name}' holds <{tag}>", "a figure only draws")
        for key, value in element.attrib.items():
            attribute = key.rpartition("}")[2].lower()
            remote = attribute == "href" and not value.startswith(("#", "data:image/"))
            if attribute.startswith("on") or remote or re.search(r"url\(\s*['\"]?\s*\w+:", value):
                return MediaFault(f"'{name}' reaches outside itself: {attribute}=...")
    return None
