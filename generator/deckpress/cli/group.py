"""What can go wrong outside the program, as messages and exit codes."""

from __future__ import annotations

import sqlite3
from typing import Any

import click

from deckpress.cli import console
from deckpress.problem import CallError, SourceError


class Group(click.Group):
    """Turns what can go wrong outside the program into messages and exit codes."""

    def invoke(self, context: click.Context) -> Any:
        """Run a command.

        Exit with 1 for mistakes in the sources, 2 for one in the call, 3 for what the machine
        lacks.
        """
        try:
            return super().invoke(context)
        except SourceError as error:
            console.show_problems(error.problems)
            context.exit(1)
        except CallError as error:
            console.complain(str(error))
            context.exit(2)
        except (OSError, sqlite3.OperationalError) as error:
            if isinstance(error, BrokenPipeError):
                raise  # click ends quietly when nobody reads on
            console.complain(f"this machine cannot: {error}")
            context.exit(3)
