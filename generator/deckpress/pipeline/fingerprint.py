"""What an output depends on beside the sources: this program and its libraries, as one hash."""

from __future__ import annotations

import os
import re
import sys
import unicodedata
from functools import lru_cache
from pathlib import Path

from deckpress.pipeline.cache import digest

LIBRARIES = (
    "bibtexparser",
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
"""All that have a part in what is written."""

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


@lru_cache(maxsize=1)
def fingerprint() -> bytes:
    """Return a hash over the program's files, its templates, its libraries' versions and Python."""
    from deckpress.reading.template_files import templates_folder

    parts = [sys.version.encode(), unicodedata.unidata_version.encode()]
    parts += [f"{name} {release}".encode() for name, release in _releases().items()]
    package, templates = Path(__file__).parents[1], templates_folder()
    for folder in (package, templates):
        for path in sorted(folder.rglob("*")):
            if path.suffix != ".pyc" and path.is_file():
                parts += [path.relative_to(folder).as_posix().encode(), path.read_bytes()]
    return digest(*parts)


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
