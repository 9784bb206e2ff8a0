"""deckpress: one folder of Markdown cards becomes an Anki deck, a cheat sheet and more.

`load` reads a folder, `select` chooses notes, and each of `EXPORTERS` writes them: three lines make
any output, and `build` makes files of them.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from deckpress.decks.release import select
    from deckpress.decks.selection import Selection
    from deckpress.exporters import EXPORTERS
    from deckpress.exporters.options import Options
    from deckpress.pipeline.build import build
    from deckpress.pipeline.load import load
    from deckpress.text.problem import SelectionError, SourceError

__version__ = "0.1.0"

__all__ = [
    "EXPORTERS",
    "Options",
    "Selection",
    "SelectionError",
    "SourceError",
    "build",
    "load",
    "select",
]

# Read on demand: the command line's help needs none of it.
_HOMES = {
    "EXPORTERS": "deckpress.exporters",
    "Options": "deckpress.exporters.options",
    "Selection": "deckpress.decks.selection",
    "SelectionError": "deckpress.text.problem",
    "SourceError": "deckpress.text.problem",
    "build": "deckpress.pipeline.build",
    "load": "deckpress.pipeline.load",
    "select": "deckpress.decks.release",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'deckpress' has no attribute '{name}'")
    return getattr(import_module(_HOMES[name]), name)
