"""What code passed before, by its content: it need not run again on the same machine."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from importlib.metadata import distributions
from pathlib import Path

from deckpress.pipeline import sandbox
from deckpress.pipeline.cache import home_folder
from deckpress.text.files import write_files

MOST = 20_000
"""How many passes are remembered; the oldest go first."""


@dataclass(slots=True)
class Verified:
    """Passes that are remembered in a file: hashes of code and of all that it ran with.

    What the file holds otherwise, or cannot be read, counts as nothing known.
    """

    path: Path
    passed: dict[str, None] = field(default_factory=dict)
    added: bool = False

    def knows(self, code: Sequence[tuple[int, str]]) -> bool:
        """Say whether this code passed before, with the same Python and libraries."""
        return _key(code) in self.passed

    def add(self, code: Sequence[tuple[int, str]]) -> None:
        """Remember that this code passed."""
        self.passed[_key(code)] = None
        self.added = True

    def save(self) -> None:
        """Write the file, if there is anything new; a disk that is full or read-only is no loss."""
        if not self.added:
            return
        known = [*read_verified(self.path).passed, *self.passed]
        kept = list(dict.fromkeys(reversed(known)))[:MOST]
        lines = "".join(f"{key}\n" for key in reversed(kept))
        try:
            write_files({self.path: lines.encode()})
        except OSError:
            return


def read_verified(path: Path) -> Verified:
    """Read what is remembered.

    Args:
        path: the file; it need not exist.

    Returns:
        The passes in it.
    """
    try:
        lines = path.read_text(encoding="ascii").split("\n")
    except (OSError, ValueError):
        lines = []
    return Verified(path, {line: None for line in lines if len(line) == 64 and line.isalnum()})


def usual_path() -> Path:
    """Return where passes are remembered on this machine."""
    cache = os.environ.get("XDG_CACHE_HOME") or home_folder() / ".cache"
    return Path(cache) / "deckpress" / "verified.txt"


def _key(code: Sequence[tuple[int, str]]) -> str:
    # Lines count only for places of failures, and this is about code that does not fail.
    return sha256(json.dumps([_surroundings(), [text for _, text in code]]).encode()).hexdigest()


@lru_cache
def _surroundings() -> str:
    """Name what else decides whether code passes: Python, every library, the sandbox itself."""
    found = sorted(f"{each.name} {each.version}" for each in distributions() if each.name)
    runner = sha256(Path(sandbox.__file__).read_bytes()).hexdigest()
    return json.dumps([sys.version, found, runner])
