"""Templates that fill fields from values; the only door to Jinja."""

from __future__ import annotations

import re
import traceback
from collections.abc import Mapping
from functools import lru_cache

import jinja2
from jinja2.runtime import new_context

from deckpress.markup.elements import Html, html
from deckpress.text.problem import Location, Problem

_ENVIRONMENT = jinja2.Environment(
    autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
)


class TemplateError(Exception):
    """A template cannot be read, or asks for a value that does not exist.

    The place in `problem` is one in the template; its path is the template's name, if it has one.
    """

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem = problem


_BETWEEN = "\ue017"
_NOT_ALONE = re.compile(r"\{%[-+]?\s*(macro|block|extends|import|from|include|raw|call)\b")


@lru_cache(maxsize=512)
def _compile(source: str) -> jinja2.Template:
    return _ENVIRONMENT.from_string(source)


@lru_cache(maxsize=64)
def _join(sources: tuple[str, ...]) -> jinja2.Template | None:
    """Make one template of several, which fills in a fifth of the time; None if one could tell."""
    # What one template sets is no other's business.
    parts = [f"{{% with %}}{source}{{% endwith %}}" if source else "" for source in sources]
    alone = any(_NOT_ALONE.search(source) or _BETWEEN in source for source in sources)
    return None if alone else _compile(_BETWEEN.join(parts))


_GLOBALS = dict(_ENVIRONMENT.globals)


def _fill(template: jinja2.Template, values: Mapping[str, object]) -> str:
    """Fill a template as `render` does, which for every note puts its globals together anew."""
    everything = {**_GLOBALS, **values}
    context = new_context(_ENVIRONMENT, template.name, template.blocks, everything, shared=True)
    return "".join(template.root_render_func(context))


def fill_all(sources: tuple[str, ...], values: Mapping[str, object]) -> tuple[Html, ...]:
    """Fill templates with the same values.

    Args:
        sources: the templates' texts, in Jinja's language.
        values: what they may use; strings are escaped unless they are HTML.

    Returns:
        The texts in order, without white space at their ends.

    Raises:
        TemplateError: a template is at fault.
    """
    try:
        joined = _join(sources)
        texts = _fill(joined, values).split(_BETWEEN) if joined else []
        if len(texts) != len(sources):
            texts = [_compile(source).render(values) if source else "" for source in sources]
    except jinja2.TemplateError as error:
        raise TemplateError(Problem(Location(), str(error), rule="broken-template")) from error
    return tuple(html(text.strip()) for text in texts)


@lru_cache(maxsize=4)
def _environment(sources: tuple[tuple[str, bytes], ...]) -> jinja2.Environment:
    # Kept for the next deck of the same run: compiling takes longer than filling.
    return _ENVIRONMENT.overlay(
        loader=jinja2.DictLoader({path: data.decode() for path, data in sources})
    )


def fill_file(files: Mapping[str, bytes], name: str, values: Mapping[str, object]) -> Html:
    """Fill a template that lies among files, which it may include and extend.

    Args:
        files: the files by path; templates end in `.j2`.
        name: the path of the template.
        values: what it may use; strings are escaped unless they are HTML.

    Returns:
        The text, ending in one line break.

    Raises:
        TemplateError: the template is missing or at fault; it says where.
    """
    sources = tuple((path, data) for path, data in sorted(files.items()) if path.endswith(".j2"))
    try:
        text = _environment(sources).get_template(name).render(values)
    except jinja2.TemplateSyntaxError as error:
        where = Location(error.name or name, error.lineno)
        raise TemplateError(Problem(where, error.message or "", rule="broken-template")) from error
    except jinja2.TemplateError as error:
        where = Location(name, _line(error, files.get(name, b"")))
        raise TemplateError(Problem(where, str(error), rule="broken-template")) from error
    return html(text.strip() + "\n")


def check_syntax(source: str) -> tuple[Problem, ...]:
    """Return what is wrong with a template's syntax."""
    try:
        _ENVIRONMENT.parse(source)
    except jinja2.TemplateSyntaxError as error:
        return (Problem(Location(), error.message or str(error), rule="broken-template"),)
    return ()


def _line(error: Exception, source: bytes) -> int:
    """Return the line of a template that failed while it was filled; 1 when it uses others."""
    lines = [
        line
        for frame, line in traceback.walk_tb(error.__traceback__)
        if frame.f_code.co_filename == "<template>"
    ]
    alone = not re.search(rb"{%-?\s*(extends|include|import|from)\b", source)
    return lines[-1] if lines and alone else 1
