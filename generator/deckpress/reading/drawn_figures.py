"""Figures that scripts draw: each must have been drawn since its script last changed.

`figures/` in the deck's folder holds a script a figure, the modules that several scripts import,
`build.py`, and `figures.lock`, which `build.py` writes: for each figure the hashes of its script
(with the modules it imports) and of the drawing in `media/`. So a check needs no library that
draws.
"""

from __future__ import annotations

import json
import re
from hashlib import sha256
from pathlib import Path

from deckpress.schema.file_names import MEDIA_NAME
from deckpress.text.files import unreadable
from deckpress.text.problem import Location, Problem

LOCK = "figures.lock"
BUILD = "build.py"
_IMPORT = re.compile(rb"^[ \t]*(?:from|import)[ \t]+(\w+)", re.MULTILINE)


def check_figures(root: Path) -> list[Problem]:
    """Find figures that are not what their scripts draw.

    Args:
        root: the deck's folder; without `figures/figures.lock` nothing is checked.

    Returns:
        A problem for each script whose drawing is missing, changed by hand, or older than it.
    """
    folder = root / "figures"
    lock = folder / LOCK
    try:
        return _find_stale(root, lock) if lock.is_file() else []
    except OSError as error:
        return [unreadable(Path(error.filename or folder), error)]


def _find_stale(root: Path, lock: Path) -> list[Problem]:
    folder = lock.parent
    try:
        known = json.loads(lock.read_text(encoding="utf-8"))
        if not isinstance(known, dict):
            raise ValueError
    except (ValueError, RecursionError):
        where = Location(lock.as_posix())
        message, hint = "this is not JSON as `make figures` writes it", "run `make figures`"
        return [Problem(where, message, hint, rule="unreadable-file")]
    problems: list[Problem] = []
    for script in figure_scripts(folder):
        drawing = root / MEDIA_NAME / f"{script.stem}.svg"
        if known.get(script.stem) != drawn_state(script, drawing):
            message = f"the figure '{drawing.name}' differs from what this script draws"
            hint = f"run `make figures FIGURE={script.stem}`, look at it, and commit both"
            problems.append(
                Problem(Location(script.as_posix()), message, hint, rule="stale-figure")
            )
    return problems


def figure_scripts(folder: Path) -> list[Path]:
    """Find the scripts that draw a figure each.

    Args:
        folder: the folder of the scripts.

    Returns:
        All but `build.py`, hidden files and what other scripts import, in alphabetical order.
    """
    scripts = sorted(path for path in folder.glob("*.py") if not path.name.startswith("."))
    shared = {module for script in scripts for module in _modules(script)}
    return [script for script in scripts if script.name != BUILD and script not in shared]


def drawn_state(script: Path, drawing: Path) -> list[str]:
    """Tell by two hashes which script made which drawing.

    Args:
        script: the script of one figure; the modules beside it that it imports count as part of it.
        drawing: the file that it wrote.

    Returns:
        The hash of the script and the hash of the drawing, 16 hexadecimal digits each.
    """
    parts, found = [script], set(_modules(script))
    while new := sorted(found - set(parts)):
        parts += new
        found |= {module for part in new for module in _modules(part)}
    return [_digest(*parts), _digest(drawing)]


def _modules(script: Path) -> list[Path]:
    names = {name.decode() for name in _IMPORT.findall(script.read_bytes())}
    siblings = (script.with_name(f"{name}.py") for name in sorted(names))
    return [sibling for sibling in siblings if sibling.is_file() and sibling != script]


def _digest(*paths: Path) -> str:
    # Without line endings of another system: git may have changed them.
    found = (path.read_bytes() if path.is_file() else b"" for path in paths)
    content = b"\0".join(data.replace(b"\r\n", b"\n") for data in found)
    return sha256(content).hexdigest()[:16]
