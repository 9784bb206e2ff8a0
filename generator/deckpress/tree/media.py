"""Files that cards show or play, told apart by the endings of their names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

MediaKind = Literal["image", "sound", "video"]


@dataclass(frozen=True, slots=True)
class MediaType:
    """A format: whether it is seen, heard or both, and what the web calls it."""

    kind: MediaKind
    mime: str


MEDIA_TYPES: Mapping[str, MediaType] = {
    ".svg": MediaType("image", "image/svg+xml"),
    ".png": MediaType("image", "image/png"),
    ".jpg": MediaType("image", "image/jpeg"),
    ".jpeg": MediaType("image", "image/jpeg"),
    ".webp": MediaType("image", "image/webp"),
    ".gif": MediaType("image", "image/gif"),
    ".mp3": MediaType("sound", "audio/mpeg"),
    ".ogg": MediaType("sound", "audio/ogg"),
    ".opus": MediaType("sound", "audio/ogg"),
    ".wav": MediaType("sound", "audio/wav"),
    ".m4a": MediaType("sound", "audio/mp4"),
    ".webm": MediaType("video", "video/webm"),
    ".mp4": MediaType("video", "video/mp4"),
}
"""The formats that are taken, by the ending of the name."""


def media_type(name: str) -> MediaType | None:
    """Return the format that the name of a file ends in; None when it is not taken."""
    _, dot, ending = name.rpartition(".")
    return MEDIA_TYPES.get(f".{ending.lower()}") if dot else None


def media_kind(name: str) -> MediaKind:
    """Return what the name of a file promises; an image when its ending is unknown."""
    found = media_type(name)
    return found.kind if found else "image"


def said_endings(kind: MediaKind) -> str:
    """Return the endings of the formats of a kind as a hint says them."""
    *first, last = (ending for ending, found in MEDIA_TYPES.items() if found.kind == kind)
    return f"{', '.join(first)} or {last}"
