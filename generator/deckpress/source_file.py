"""Files as they lie on the disk: read when they are files, can be read, and are no giants."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from deckpress.problem import Location, Problem

MOST_BYTES = 5_000_000
"""The largest text that is read; the longest honest one has some ten thousand."""


def read_file(path: Path, *, most: int = MOST_BYTES) -> tuple[bytes, tuple[Problem, ...]]:
    """Read a file of the sources.

    Args:
        path: the file; a folder or a pipe of that name is a mistake, and is never opened.
        most: the largest size, in bytes.

    Returns:
        Its bytes, and why there are none.
    """
    where = Location(path.as_posix())
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            return b"", (Problem(where, "this is no file", "only plain files are read"),)
        if found.st_size > most:
            hint = f"{most // 1_000_000} MB at most"
            return b"", (Problem(where, f"this has {found.st_size // 1_000_000} MB", hint),)
        return path.read_bytes(), ()
    except OSError as error:
        return b"", (Problem(where, f"this cannot be read: {error.strerror or error}"),)


def walk_files(root: Path, problems: list[Problem]) -> Iterator[Path]:
    """Yield everything below a folder that is no folder, or looks like a file by its ending.

    Args:
        root: the folder; what begins with `_` or `.` is passed over.
        problems: takes up the folders that cannot be read.

    Yields:
        Paths, in no order.
    """

    def complain(error: OSError) -> None:
        where = Location(Path(error.filename).as_posix())
        problems.append(Problem(where, f"this cannot be read: {error.strerror}"))

    for folder, folders, files in os.walk(root, onerror=complain):
        folders[:] = [name for name in folders if not name.startswith(("_", "."))]
        yield from (
            Path(folder, name) for name in [*folders, *files] if not name.startswith(("_", "."))
        )
