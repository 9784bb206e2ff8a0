"""What an output depends on beside the sources: this program and its libraries, as one hash."""

from __future__ import annotations

import os
import re
import sys
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from deckpress.pipeline.cache import Cache, digest
from deckpress.pipeline.stamps import is_settled, settled_before, stamp_of

LIBRARIES = (
    "bibtexparser",
    "blake3",
    "fonttools",
    "genanki",
    "jinja2",
    "markdown-it-py",
    "markupsafe",
    "math-core",
    "mdit-py-plugins",
    "pikepdf",
    "pydantic",
    "pygments",
    "pyyaml",
    "rjsmin",
    "typst",
)
"""All that have a part in what is written, or in how it is kept."""

_METADATA = re.compile(r"(.+?)-([^-]+)(?:-.*)?\.(?:dist|egg)-info")


@lru_cache(maxsize=1)
def quick_fingerprint() -> bytes:
    """Return a hash over the sizes and times of the program's files, which are not read."""
    parts = [sys.version.encode()]
    folders = [os.fspath(Path(__file__).parents[1])]
    while folders:
        with os.scandir(folders.pop()) as entries:
            for entry in sorted(entries, key=lambda entry: entry.name):
                if entry.is_dir():
                    folders.append(entry.path)
                elif entry.name.endswith(".py"):
                    found = entry.stat()
                    stamp = f"{entry.path} {found.st_size} {found.st_mtime_ns}"
                    parts.append(stamp.encode("utf-8", "surrogateescape"))
    return digest(*parts)


_held: list[bytes] = []
"""The fingerprint, once it is known: a run is of one program."""


def fingerprint(cache: Cache | None = None) -> bytes:
    """Return a hash over the program's files, its templates, its libraries' versions and Python.

    Args:
        cache: knows the hash of files that are as they were when an earlier run read them.
    """
    if not _held:
        parts = [sys.version.encode(), unicodedata.unidata_version.encode()]
        parts += [f"{name} {release}".encode() for name, release in _releases().items()]
        _held.append(digest(*parts, _hash_files(cache)))
    return _held[0]


def _hash_files(cache: Cache | None) -> bytes:
    """Return a hash over the program's files and its templates."""
    from deckpress.reading.template_files import templates_folder

    folders = [Path(__file__).parents[1], templates_folder()]
    before = settled_before()
    files = [list(_walk(os.fspath(folder))) for folder in folders]
    # Four hundred files take longer to read than all else that a run does that changes nothing.
    settled = all(is_settled(found, before) for each in files for _, found in each)
    stamps = (f"{path} {stamp_of(found)}" for each in files for path, found in each)
    key = digest(b"program", *(stamp.encode("utf-8", "surrogateescape") for stamp in stamps))
    if cache and settled and (kept := cache.read([key])):
        return kept[key]
    parts: list[bytes] = []
    for folder, each in zip(folders, files, strict=True):
        for path in sorted(Path(path) for path, _ in each):
            parts += [os.fsencode(path.relative_to(folder).as_posix()), path.read_bytes()]
    hashed = digest(*parts)
    if cache and settled:
        cache.write({key: hashed})
    return hashed


def _walk(folder: str) -> Iterator[tuple[str, os.stat_result]]:
    """Yield the files of a folder but for compiled ones, and their state, in order of names."""
    with os.scandir(folder) as entries:
        for entry in sorted(entries, key=lambda entry: entry.name):
            if entry.is_dir(follow_symlinks=False):
                yield from _walk(entry.path)
            elif not entry.name.endswith(".pyc") and _is_file(entry):
                yield entry.path, entry.stat()


def _is_file(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_file()
    except OSError:
        return False  # a link that leads round in circles


def _releases() -> dict[str, str]:
    """Return the libraries' versions, as the names of their folders have them."""
    found: dict[str, str] = {}
    # Unlike Path.is_dir, it takes one that is closed to this user for none.
    for folder in filter(os.path.isdir, map(Path, sys.path)):
        for entry in sorted(folder.glob("*-info")):
            match = _METADATA.fullmatch(entry.name)
            if match:
                found.setdefault(re.sub(r"[-_.]+", "-", match[1]).lower(), match[2])
    return {name: found.get(name) or _release(name) for name in LIBRARIES}


def _release(name: str) -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(name)
    except PackageNotFoundError:
        return ""
