"""Figures that scripts draw: each must have been drawn since its script last changed.

`figures/` in the deck's folder holds a script a figure, what they share in `style.py` and
`build.py`, and `figures.lock`, which `build.py` writes: for each figure the hashes of its script
(with what it shares) and of the drawing in `media/`. So a check needs no library that draws.
"""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path

from deckpress.text.problem import Location, Problem

LOCK = "figures.lock"
SHARED = ("style.py", "build.py")


def check_figures(root: Path) -> list[Problem]:
    """Find figures that are not what their scripts draw.

    Args:
        root: the deck's folder; without `figures/figures.lock` nothing is checked.

    Returns:
        A problem for each script whose drawing is missing, changed by hand, or older than it.
    """
    folder = root / "figures"
    lock = folder / LOCK
    if not lock.is_file():
        return []
    try:
        known = json.loads(lock.read_text(encoding="utf-8"))
    except ValueError:
        return [
            Problem(
                Location(lock.as_posix()),
                "this is not JSON",
                "run `make figures`",
                rule="unreadable-file",
            )
        ]
    problems: list[Problem] = []
    for script in sorted(folder.glob("*.py")):
        if script.name in SHARED:
            continue
        drawn = root / "media" / f"{script.stem}.svg"
        now = [_digest(script, folder / SHARED[0]), _digest(drawn)]
        if known.get(script.stem) != now:
            message = f"the figure '{drawn.name}' is not what this script draws"
            hint = "run `make figures`, look at it, and commit both"
            problems.append(
                Problem(Location(script.as_posix()), message, hint, rule="stale-figure")
            )
    return problems


def _digest(*paths: Path) -> str:
    # Without line endings of another system: git may have changed them.
    found = (path.read_bytes() if path.is_file() else b"" for path in paths)
    content = b"\0".join(data.replace(b"\r\n", b"\n") for data in found)
    return sha256(content).hexdigest()[:16]
