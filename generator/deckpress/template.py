"""Templates that fill fields from values; the only door to Jinja."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import jinja2
from markupsafe import Markup

_ENVIRONMENT = jinja2.Environment(
    autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
)


class TemplateError(Exception):
    """A template cannot be read, or asks for a value that does not exist."""


@lru_cache(maxsize=512)
def _compile(source: str) -> jinja2.Template:
    return _ENVIRONMENT.from_string(source)


def fill(source: str, values: Mapping[str, object]) -> str:
    """Fill a template.

    Args:
        source: the template's text, in Jinja's language.
        values: what it may use; strings are escaped unless they come from `html`.

    Returns:
        The text, without white space at its ends.

    Raises:
        TemplateError: the template is at fault.
    """
    try:
        return str(_compile(source).render(values)).strip()
    except jinja2.TemplateError as error:
        raise TemplateError(str(error)) from error


def html(text: str) -> str:
    """Mark a text as HTML that is right as it is, so that templates do not escape it."""
    return Markup(text)
