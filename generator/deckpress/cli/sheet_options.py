"""The options of the printed sheet."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from deckpress.deck import DETAILS, PAPERS, SheetOptions

F = TypeVar("F", bound=Callable[..., Any])

PAPER = click.option("--paper", default="a4", type=click.Choice(PAPERS), show_default=True)


def laying_out(command: F) -> F:
    """Add the options that say how the PDF is laid out."""
    options = [
        PAPER,
        click.option(
            "--detail",
            default="short",
            type=click.Choice(DETAILS),
            show_default=True,
            help="What of each note the PDF prints.",
        ),
        click.option("--landscape", is_flag=True, help="A PDF for the wall."),
        click.option("--large", is_flag=True, help="A PDF in large type."),
    ]
    for option in reversed(options):
        command = option(command)
    return command


def take_sheet(values: dict[str, Any]) -> SheetOptions:
    """Take the values of these options out of all that a command was given."""
    return SheetOptions(**{k: values.pop(k) for k in ("paper", "detail", "landscape", "large")})
