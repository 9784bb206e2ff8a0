"""What can go wrong outside the program, as messages and exit codes."""

from __future__ import annotations

import sqlite3
import sys
from typing import Any

import click

from deckpress.cli import console
from deckpress.problem import CallError, SourceError


class Group(click.Group):
    """Turns what can go wrong outside the program into messages and exit codes."""

    def invoke(self, context: click.Context) -> Any:
        """Run a command; exit with 1 for mistakes in the sources, 2 for one in the call."""
        try:
            return super().invoke(context)
        except SourceError as error:
            console.show_problems(error.problems)
            context.exit(1)
        except CallError as error:
            console.complain(str(error))
            context.exit(2)

    def main(self, *args: Any, **extra: Any) -> Any:
        """Run the command line; click itself ends quietly when nobody reads on."""
        try:
            return super().main(*args, **extra)
        except (OSError, sqlite3.OperationalError) as error:
            console.complain(f"this machine cannot: {error}")
            sys.exit(3)
