"""MathJax as Anki brings it, where the author has it: its folder, and nothing beside it."""

from __future__ import annotations

import sys
from pathlib import Path

NAME = "tex-chtml-full.js"
"""The file that Anki's reviewer loads."""

_TYPES = {
    ".js": "text/javascript",
    ".json": "application/json",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
}
_IN_ANKI = "_aqt/data/web/js/vendor/mathjax"


def find_mathjax() -> Path | None:
    """Return the folder of MathJax in the package `aqt` of this Python, if it is installed."""
    folders = (Path(entry or ".") / _IN_ANKI for entry in sys.path)
    return next((folder for folder in folders if (folder / NAME).is_file()), None)


def read_mathjax(folder: Path, name: str) -> tuple[bytes, str] | None:
    """Read a file of MathJax.

    Args:
        folder: its folder.
        name: the path in it.

    Returns:
        Bytes and MIME type; None for whatever is no file of it, or lies elsewhere.
    """
    kind = _TYPES.get(Path(name).suffix)
    try:
        path = (folder / name).resolve()
        if kind is None or not path.is_relative_to(folder.resolve()):
            return None
        return path.read_bytes(), kind
    except (OSError, ValueError):
        return None
