"""Figures, sounds and videos beside the cards: found, judged, and named so that Anki can never
confuse them.
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

from deckpress.markup.typesetter import decodes, draws_in_time
from deckpress.reading.raster import find_cut
from deckpress.schema.file_names import MEDIA_NAME
from deckpress.text.problem import Location, Problem
from deckpress.text.suggestions import misnamed
from deckpress.tree.media import MEDIA_TYPES, MediaKind, media_type
from deckpress.tree.node import MEDIA, Node, walk

_JPEG, _OGG = rb"\xff\xd8\xff", rb"OggS"
_SIGNATURES: Mapping[str, re.Pattern[bytes]] = {
    ending: re.compile(pattern, re.DOTALL)
    for ending, pattern in {
        ".svg": rb"",
        ".png": rb"\x89PNG\r\n\x1a\n",
        ".jpg": _JPEG,
        ".jpeg": _JPEG,
        ".webp": rb"RIFF....WEBP",
        ".gif": rb"GIF8[79]a",
        # A tag, or the head of a frame: 11 bits of 1, then layer III of a version there is.
        ".mp3": rb"ID3|\xff[\xe2\xe3\xf2\xf3\xfa\xfb]",
        ".ogg": _OGG,
        ".opus": _OGG + rb".{,60}OpusHead",
        ".wav": rb"RIFF....WAVE",
        ".m4a": rb"....ftyp",
        ".mp4": rb"....ftyp",
        ".webm": rb"\x1aE\xdf\xa3.{,60}webm",
    }.items()
}
"""What the bytes of each format begin with."""

_COMPRESSED = frozenset({".jpg", ".jpeg", ".gif", ".webp"})
"""Formats of images whose structure does not show what is damaged within."""

_COSTLY = re.compile(rb"filter|data:image", re.IGNORECASE)
"""What a drawing may be slow for that its elements do not show."""

_SECONDS = 5

MOST_BYTES: Mapping[MediaKind, int] = {"image": 5_000_000, "sound": 5_000_000, "video": 20_000_000}
"""The largest files that are taken unless deck.yaml says otherwise; AnkiWeb refuses those over 100
MB, phones choke earlier."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure, sound or video: the name under which it travels, and its bytes.

    `digest` is the SHA-256 of these, in hex digits.
    """

    name: str
    data: bytes
    digest: str


FindFigure = Callable[[str], Figure | Problem]


def find_figure(
    src: str,
    folder: Path,
    root: Path,
    most: Mapping[MediaKind, int] = MOST_BYTES,
    judged: Container[str] = (),
) -> Figure | Problem:
    """Find the file that an image, a sound or a video of a card names.

    Args:
        src: the path as written, relative to the card's folder or to `media/` of the deck; `%20`
            and the like are read when no file has them in its name.
        folder: the card's folder.
        root: the deck's folder; a file outside it is refused.
        most: the largest size of each kind, in bytes.
        judged: the digests of files that were looked into before, and taken under their names.

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
    places = (folder, root / MEDIA_NAME)
    path = next(filter(None, (_locate(at, name) for name in _readings(src) for at in places)), None)
    if path is None:
        near = {file.name for place in places for file in _media_in(place)}
        message = f"there is no file '{src}'"
        return misnamed(Location(), message, Path(src).name, near, rule="missing-image")
    try:
        return _judge(path, root, most, judged)
    except OSError as error:
        return _fault(f"'{src}' cannot be read: {error.strerror or error}", rule="unreadable-file")


def find_figures(
    nodes: Iterable[Node], path: str, find: FindFigure
) -> tuple[dict[str, Figure], list[Problem]]:
    """Find every file that trees show or play.

    Args:
        nodes: trees of a note.
        path: the file they come from.
        find: finds the file that a `src` names.

    Returns:
        The files by `src`, and what is wrong, each at its place.
    """
    figures: dict[str, Figure] = {}
    problems: list[Problem] = []
    for node in walk(nodes):
        if node.kind not in MEDIA:
            continue
        found = find(node.get("src"))
        if isinstance(found, Problem):
            problems.append(replace(found, where=Location(path, node.line, node.column)))
        else:
            figures[node.get("src")] = found
    return figures, problems


def _readings(src: str) -> Iterator[str]:
    """Yield a path as written, and as browsers and editors mean it."""
    yield src
    meant = unicodedata.normalize("NFC", unquote(src))
    if meant != src and "\\" not in meant and not meant.startswith("/"):
        yield meant


def is_hidden(src: str, folder: Path, root: Path) -> bool:
    """Say whether a figure lies, or may lie, where cards are passed over.

    Args:
        src: the path as written.
        folder: the card's folder.
        root: the deck's folder.

    Returns:
        Whether a part of any way in which the path can be meant begins with `_` or `.`; where it
        leads up, a folder that it passes may be a link, so that only the disk knows the way.
    """
    for name in _readings(src):
        parts = PurePosixPath(name).parts
        if any(map(_begins_hidden, parts)):
            return True
        if ".." in parts:
            top = Path(os.path.realpath(root))
            for place in (folder, root / MEDIA_NAME):
                found = Path(os.path.realpath(place / name))
                if found.is_relative_to(top):
                    parts = found.relative_to(top).parts
                    if any(map(_begins_hidden, parts)):
                        return True
    return False


def _begins_hidden(part: str) -> bool:
    return part.startswith(("_", ".")) and part != ".."


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
    except PermissionError:
        return folder / src  # whoever reads it says why that cannot be done
    except (OSError, ValueError):
        return None  # a name that is too long, or that no system has


def _media_in(folder: Path) -> list[Path]:
    found: list[Path] = []
    with suppress(OSError):
        found += (p for p in folder.glob("*") if media_type(p.name) and p.is_file())
    return found


def _judge(
    path: Path, root: Path, most: Mapping[MediaKind, int], judged: Container[str]
) -> Figure | Problem:
    if not path.resolve().is_relative_to(root.resolve()):
        return _fault(f"'{path.name}' is outside the deck's folder", rule="image-outside")
    suffix, found = path.suffix.lower(), media_type(path.name)
    if found is None:
        endings = ", ".join(sorted(ending[1:] for ending in MEDIA_TYPES))
        return _fault(
            f"'{path.name}' is not a figure, sound or video",
            f"supported are {endings}",
            rule="unknown-media-format",
        )
    size = path.stat().st_size
    if size > most[found.kind]:
        return _fault(
            f"'{path.name}' has {f'{size / 1e6:.1f}'.removesuffix('.0')} MB",
            f"{most[found.kind] / 1e6:g} MB at most; `most_megabytes` in deck.yaml changes this "
            "limit",
            rule="file-too-large",
        )
    data = path.read_bytes()
    if suffix == ".svg":
        # A text, whose line endings git may have changed: the same figure has the same name.
        data = data.replace(b"\r\n", b"\n")
    digest = sha256(data).hexdigest()
    if digest not in judged and (fault := _look_into(path.name, suffix, data)):
        return fault
    # Named by content: two files of one name stay apart, and a changed figure is a new file, since
    # Anki keeps the old one under an old name. With a leading underscore it travels to learners who
    # import with "Update notes: never", too.
    stem = unicodedata.normalize("NFKD", path.stem).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", stem).strip("-")[:60] or _UNNAMED[found.kind]
    return Figure(f"_{slug}-{digest[:8]}{suffix}", data, digest)


def _look_into(name: str, suffix: str, data: bytes) -> Problem | None:
    """Say what is wrong with the bytes of a file."""
    if not _SIGNATURES[suffix].match(data):
        message = f"'{name}' does not contain what its extension says"
        return _fault(message, rule="unknown-media-format")
    wrong = find_cut(suffix, data)
    if not wrong and suffix in _COMPRESSED and not decodes(suffix, data):
        wrong = "is damaged"
    if wrong:
        hint = "make it smaller" if "pixels" in wrong else "save it again, or copy it again"
        return _fault(f"'{name}' {wrong}", hint, rule="misshapen-image")
    if suffix != ".svg":
        return None
    from deckpress.reading.svg import find_svg_fault

    fault = find_svg_fault(name, data)
    if not fault and _COSTLY.search(data) and not draws_in_time(data, _SECONDS):
        message = f"'{name}' takes more than {_SECONDS} s or 4 GB to draw"
        hint = "leave out its filters and the images in it, or make them smaller"
        return _fault(message, hint, rule="unsafe-svg")
    return fault


_UNNAMED: Mapping[MediaKind, str] = {"image": "figure", "sound": "sound", "video": "video"}
