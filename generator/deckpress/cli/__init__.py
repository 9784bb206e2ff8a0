"""The command line: arguments in, exit status out; the only place that prints."""

from __future__ import annotations

from deckpress.cli import building as building
from deckpress.cli import companies as companies
from deckpress.cli import printing as printing
from deckpress.cli import verifying as verifying
from deckpress.cli.commands import main

__all__ = ["main"]
