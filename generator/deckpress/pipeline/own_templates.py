"""What goes wrong in a deck's own templates, as mistakes of their author."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from deckpress.markup.jinja import TemplateError
from deckpress.markup.typesetter import TypesetError
from deckpress.model.templates import Theme
from deckpress.text.problem import Location, Problem, SourceError

_NO_FONT = "put its file into templates/fonts, and name the family as the file itself does"


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
    found = error.problem
    if isinstance(error, TemplateError):
        path = theme.own.get(found.where.path)
        return replace(found, where=replace(found.where, path=path)) if path else None
    for place in error.places:
        path = theme.own.get(f"sheet/{place.path}")
        if path:
            return replace(found, where=replace(place, path=path))
    suspects = [name for name in theme.own if name.endswith((".typ", ".ttf", ".otf"))]
    suspects = [name for name in ("tokens.yaml",) if name in theme.own] + suspects
    if not suspects:
        return None
    hint = _NO_FONT if "unknown font family" in found.message else ""
    return Problem(
        Location(theme.own[suspects[0]]), f"Typst: {found.message}", hint, rule="broken-template"
    )
