"""Other processes: the command of one that finds the same modules, and how many may run at once."""

from __future__ import annotations

import os
import sys
from pathlib import Path

_HERE = Path(__file__).parents[2]
_BEGIN = "import sys; sys.path[:] = sys.argv[1:]; from {module} import {function}; {function}()"


def usable_cores() -> int:
    """Return how many cores this process may use, at least one."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def fresh_python(module: str, function: str) -> list[str]:
    """Return the command that calls a function of this program in another process.

    Its modules come from where this process has them, and never from the folder in which someone
    calls the program: that of an author may hold a `random.py`.

    Args:
        module: where the function is, such as `deckpress.tree.code`.
        function: its name; it takes nothing.

    Returns:
        The command; none where this process does not know by what it is run, as inside of another
        program.
    """
    if not sys.executable:
        return []
    found = [path for path in sys.path if path]
    begin = _BEGIN.format(module=module, function=function)
    return [sys.executable, "-P", "-c", begin, *found, str(_HERE)]
