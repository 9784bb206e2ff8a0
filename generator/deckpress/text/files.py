"""Files on the disk: read if plain and no giants, written whole or not at all."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import NamedTemporaryFile

from deckpress.text.problem import Location, Problem

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
            return b"", (
                Problem(
                    where, "this is no file", "only plain files are read", rule="unreadable-file"
                ),
            )
        if found.st_size > most:
            hint = f"{most // 1_000_000} MB at most"
            return b"", (
                Problem(
                    where, f"this has {found.st_size // 1_000_000} MB", hint, rule="file-too-large"
                ),
            )
        return path.read_bytes(), ()
    except OSError as error:
        return b"", (
            Problem(
                where, f"this cannot be read: {error.strerror or error}", rule="unreadable-file"
            ),
        )


def walk_files(root: Path, problems: list[Problem], endings: tuple[str, ...]) -> Iterator[Path]:
    """Yield everything below a folder that is no folder, or looks like a file by its ending.

    Args:
        root: the folder; what begins with `_` or `.` is passed over.
        problems: takes up the folders that cannot be read.
        endings: what the names end in, in lower case.

    Yields:
        Paths, in no order.
    """

    def complain(error: OSError) -> None:
        where = Location(Path(error.filename).as_posix())
        problems.append(
            Problem(where, f"this cannot be read: {error.strerror}", rule="unreadable-file")
        )

    for folder, folders, files in os.walk(root, onerror=complain):
        folders[:] = [name for name in folders if not name.startswith(("_", "."))]
        yield from (
            Path(folder, name)
            for name in [*folders, *files]
            if name.lower().endswith(endings) and not name.startswith(("_", "."))
        )


def write_files(files: Mapping[Path, bytes]) -> None:
    """Write files, so that none is ever seen half-written and a full disk leaves all as they were.

    Args:
        files: the bytes by path, moved in this order; missing folders are made.

    Raises:
        OSError: one cannot be written; nothing was.
    """
    staged: dict[Path, Path] = {}
    try:
        for path, data in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            if path.is_dir():
                raise IsADirectoryError(errno.EISDIR, "a folder is in the way", str(path))
            staged[path] = _stage(path, data)
        for path, temporary in staged.items():
            temporary.replace(path)
    except BaseException:
        for temporary in staged.values():
            temporary.unlink(missing_ok=True)
        raise


def _stage(path: Path, data: bytes) -> Path:
    # A short prefix: the name of the file may be as long as a name can be.
    with NamedTemporaryFile(dir=path.parent, prefix=".deckpress-", delete=False) as file:
        temporary = Path(file.name)
        try:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
            temporary.chmod(path.stat().st_mode & 0o777 if path.exists() else 0o644)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
    return temporary
