"""What goes wrong in a deck's own templates, as mistakes of their author."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from deckpress.model import Theme
from deckpress.problem import Location, Problem, SourceError
from deckpress.template import TemplateError
from deckpress.typesetter import TypesetError

_PLACE = re.compile(r"┌─ (?:\S*/files/)?(?P<path>\S+\.typ):(?P<line>\d+):(?P<column>\d+)")


@contextmanager
def own_templates(theme: Theme) -> Iterator[None]:
    """Make an output; what a deck's own templates do wrong is a mistake in its sources.

    Args:
        theme: what the output is made with.

    Raises:
        SourceError: a template of the deck is at fault.
        TemplateError: one of the program's own is, which is a bug.
        TypesetError: so is this.
    """
    try:
        yield
    except (TemplateError, TypesetError) as error:
        problem = _problem(error, theme)
        if problem is None:
            raise
        raise SourceError([problem]) from error


def _problem(error: TemplateError | TypesetError, theme: Theme) -> Problem | None:
    """Say which of the deck's own templates is at fault; None when none can be."""
    if isinstance(error, TemplateError):
        path = theme.own.get(error.path)
        return Problem(Location(path, max(1, error.line)), error.reason) if path else None
    text = str(error)
    message = re.sub(r"^error: ", "", text.strip()).partition("\n")[0]
    for match in _PLACE.finditer(text):
        path = theme.own.get("sheet/" + match["path"])
        if path:
            # Typst counts columns from 0 in its diagnostics.
            return Problem(Location(path, int(match["line"]), int(match["column"]) + 1), message)
    suspects = [name for name in theme.own if name.endswith((".typ", ".ttf", ".otf"))]
    suspects = [name for name in ("tokens.yaml",) if name in theme.own] + suspects
    return Problem(Location(theme.own[suspects[0]]), f"Typst: {message}") if suspects else None
