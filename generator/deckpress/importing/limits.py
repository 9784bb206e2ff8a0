"""Limits on how much of a foreign file is read, and for how long, against bombs and damage."""

from __future__ import annotations

from pathlib import Path
from typing import IO

from deckpress.text.problem import Location, Problem, SourceError

MOST_PACKAGE = 4_000_000_000
"""The largest package that is opened, in bytes; AnkiWeb shares none over 2 GB."""

MOST_DATABASE = 400_000_000
"""The largest database in a package, in bytes, once it is decompressed."""

MOST_MEDIUM = 100_000_000
"""The largest media file, in bytes; AnkiWeb takes none that is larger."""

MOST_MEDIA = 4_000_000_000
"""The largest sum of media files, in bytes."""

MOST_ENTRIES = 500_000
"""The most files that a package may hold."""

MOST_FIELD = 1_000_000
"""The longest field that is turned into Markdown, in characters."""

MOST_LEVELS = 150
"""How deep the HTML of a field may nest; what is pasted from pages nests some thirty levels."""

MOST_SECONDS = 120
"""How long a database may be read."""

MOST_TEXT = 200_000_000
"""The largest text export, in bytes."""


def damaged(path: Path, what: str, hint: str = "export or download it again") -> SourceError:
    """Say that a file cannot be read, and why."""
    return SourceError([Problem(Location(path.as_posix()), what, hint, rule="unreadable-deck")])


def read_at_most(stream: IO[bytes], most: int, path: Path, what: str) -> bytes:
    """Read a stream to its end, unless it is larger than it may be.

    Args:
        stream: the stream.
        most: the largest size, in bytes.
        path: the file it comes from, for the message.
        what: what is read, for the message.

    Returns:
        The bytes.

    Raises:
        SourceError: there is more.
    """
    parts: list[bytes] = []
    left = most + 1
    while left > 0 and (part := stream.read(min(left, 1 << 20))):
        parts.append(part)
        left -= len(part)
    if left <= 0:
        hint = (
            f"{most // 1_000_000} MB at most; a small file that unpacks to this much is meant to "
            "do harm"
        )
        raise damaged(path, f"{what} is too large once it is unpacked", hint)
    return b"".join(parts)
