"""Files written whole or not at all: beside their places first, then moved there together."""

from __future__ import annotations

import errno
import os
from collections.abc import Mapping
from pathlib import Path
from tempfile import NamedTemporaryFile


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
