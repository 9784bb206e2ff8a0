"""deckpress: one folder of Markdown cards becomes an Anki deck."""

from __future__ import annotations

from importlib.metadata import version

from deckpress.collection import load
from deckpress.exporters import EXPORTERS
from deckpress.pipeline import build, prepare
from deckpress.selection import Selection, select

__version__ = version("deckpress")
__all__ = ["EXPORTERS", "Selection", "build", "load", "prepare", "select"]
