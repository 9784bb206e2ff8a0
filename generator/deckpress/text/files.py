"""Files on the disk: read if plain and no giants, written whole or not at all."""

from __future__ import annotations

import errno
import os
import re
import stat
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile

from deckpress.text.problem import Location, Problem

LINKED = (".md", ".markdown", ".csv", ".tsv", ".yaml", ".yml", ".lock", ".bib")
"""What the names of files of a deck end in, whatever folder they lie in."""

_STAGED = re.compile(r"\.deckpress-(?:(\d+)-)?[a-z0-9_]+$")
_DAY = 86_400
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
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            message, hint = "this is not a file", "only regular files are read"
            return b"", (Problem(Location(path.as_posix()), message, hint, rule="unreadable-file"),)
        if found.st_size > most:
            message, hint = (
                f"this has {found.st_size // 1_000_000} MB",
                f"{most // 1_000_000} MB at most",
            )
            return b"", (Problem(Location(path.as_posix()), message, hint, rule="file-too-large"),)
        # Thousands of small files are read whole: a buffer would only cost.
        with path.open("rb", buffering=0) as file:
            return file.readall(), ()
    except OSError as error:
        return b"", (unreadable(path, error),)


def unreadable(path: Path, error: OSError) -> Problem:
    """Say that a file or folder of the sources cannot be read, and why."""
    message = f"this cannot be read: {error.strerror or error}"
    return Problem(Location(path.as_posix()), message, rule="unreadable-file")


def walk_files(
    root: Path, problems: list[Problem], endings: tuple[str, ...]
) -> Iterator[tuple[Path, list[str]]]:
    """Yield what lies below a folder and looks like a file by its ending.

    Args:
        root: the folder; what begins with `_` or `.` is passed over.
        problems: takes up the folders that cannot be read.
        endings: what the names end in, in lower case.

    Yields:
        Folders, in no order, each with the names in it, in no order either.
    """

    def complain(error: OSError) -> None:
        problems.append(unreadable(Path(error.filename), error))

    for folder, folders, files in os.walk(root, onerror=complain):
        folders[:] = [name for name in folders if not name.startswith(("_", "."))]
        found = [
            name
            for name in [*folders, *files]
            if name.lower().endswith(endings) and not name.startswith(("_", "."))
        ]
        yield Path(folder), found


def path_before(folder: Path) -> str:
    """Return what stands before the name of a file in a folder, in its path with slashes."""
    return (folder / "_").as_posix()[:-1]


def find_links(root: Path, own: str) -> tuple[list[Path], list[Problem]]:
    """Find links to folders, and those that lead out of a folder: their targets do not travel.

    Args:
        root: the folder; what begins with `_` or `.` is passed over.
        own: the name of a folder in it of which every file counts, not those of a deck only.

    Returns:
        The links to folders within the folder. A mistake for each link out of it to a folder, or to
        a file of a deck; and for each that leads nowhere and may be one to a folder, or is among
        the files that count: what lay behind it would be missed by nobody.
    """
    within: list[Path] = []
    problems: list[Problem] = []
    inside = root.resolve()
    folders = [root.as_posix()]
    while folders:
        with suppress(OSError), os.scandir(folders.pop()) as entries:
            for entry in entries:
                if entry.name.startswith(("_", ".")):
                    continue
                if not entry.is_symlink():
                    if entry.is_dir():
                        folders.append(entry.path)
                    continue
                path = Path(entry.path)
                is_folder, is_own = _leads_to_folder(entry), path.relative_to(root).parts[0] == own
                counts = is_folder or is_own or entry.name.lower().endswith(LINKED)
                if counts and not Path(os.path.realpath(path)).is_relative_to(inside):
                    message = "a symbolic link that leads out of the deck"
                    hint = "copy its target into the deck's folder"
                    where = Location(path.as_posix())
                    problems.append(Problem(where, message, hint, rule="link-out"))
                elif is_folder:
                    within.append(path)
                # Folders of cards are called what categories are; LICENSE is none.
                elif (is_own and path.stem != "README") or (
                    entry.name.islower() and not path.suffix
                ):
                    problems += _lost(path)
    return within, problems


def _lost(link: Path) -> tuple[Problem, ...]:
    """Say why a link leads nowhere, if it does."""
    try:
        link.stat()
    except OSError as error:
        return (unreadable(link, error),)
    return ()


def _leads_to_folder(link: os.DirEntry[str]) -> bool:
    """Say whether a link leads to a folder; one that leads round in circles leads nowhere."""
    try:
        return link.is_dir()
    except OSError:
        return False


def sweep(folders: Iterable[Path]) -> None:
    """Delete what builds that were killed left half-written in folders; none is in use.

    The name of such a file holds the number of the process that writes it. That of a process on
    another machine, which shares the disk, is not known here, so it is left alone for a day.
    """
    for folder in folders:
        with suppress(OSError), os.scandir(folder) as entries:
            found = [(entry, match) for entry in entries if (match := _STAGED.match(entry.name))]
            for entry, match in found:
                with suppress(OSError):
                    old = time.time() - entry.stat(follow_symlinks=False).st_mtime > _DAY
                    if entry.is_file(follow_symlinks=False) and (old or _is_over(match[1])):
                        Path(entry.path).unlink()


def _is_over(process: str | None) -> bool:
    """Say whether a process of this machine has ended; nobody has no number."""
    if process is None:
        return True
    if os.name != "posix":
        return False  # to ask there would end it
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return True
    except (OSError, OverflowError):
        return False
    return False


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
    prefix = f".deckpress-{os.getpid()}-"
    with NamedTemporaryFile(dir=path.parent, prefix=prefix, delete=False) as file:
        temporary = Path(file.name)
        try:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
            temporary.chmod(path.stat().st_mode & 0o777 if path.exists() else 0o644)
        except BaseException as error:
            temporary.unlink(missing_ok=True)
            if isinstance(error, OSError) and error.filename is None:
                raise OSError(error.errno, error.strerror, str(path)) from error
            raise
    return temporary
