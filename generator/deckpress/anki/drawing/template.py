"""Anki's template language: a template and the texts of fields become HTML."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from deckpress.anki.drawing.filters import Replacement, apply_filters
from deckpress.anki.drawing.words import WHITE, trim

_OTHER_BRACES = "{{=<% %>=}}"
"""A template that begins so has <% and %> in place of {{ and }}."""

_EMPTY = re.compile(r"(?:[\t\n\v\f\r ]|</?(?:br|div) ?/?>)*", re.IGNORECASE)
_CARD = re.compile(r"c\+?[0-9]+")
_MOST = 0xFFFFFFFF
_DEEPEST = 100
"""How many conditions may stand within one another; Anki sets no limit, and nobody needs more."""


class CardTemplateError(Exception):
    """A template that Anki refuses; the text is what it then shows in place of the card."""


@dataclass(frozen=True, slots=True)
class _Field:
    """A reference to a field, with its filters in the order in which they act."""

    name: str
    filters: tuple[str, ...]


@dataclass(slots=True)
class _Condition:
    """A part that is shown if a field has a text; or, `negated`, if it has none."""

    name: str
    negated: bool
    inside: list[_Part] = field(default_factory=list)


_Part = str | _Field | _Condition
Template = Sequence[_Part]
"""A template, read."""


@dataclass(frozen=True, slots=True)
class Fields:
    """The texts of fields by name, special ones included; `filled` are those with a text.

    `number` is the card's from 1; `front` is what the front showed, None while that is drawn.
    """

    texts: Mapping[str, str]
    filled: frozenset[str]
    number: int
    front: str | None = None


def is_empty(text: str) -> bool:
    """Say whether the text of a field shows nothing."""
    return _EMPTY.fullmatch(text) is not None


@lru_cache(maxsize=256)
def read_template(source: str) -> Template:
    """Read a template.

    Args:
        source: its text.

    Returns:
        Its parts.

    Raises:
        CardTemplateError: a condition is not closed, or another than the one that is open is.
    """
    top: list[_Part] = []
    open_: list[_Condition] = []
    for part in _tokens(source):
        inside = open_[-1].inside if open_ else top
        if isinstance(part, _Close):
            if not open_ or open_[-1].name != part.name:
                raise CardTemplateError(_wrong_close(part.name, open_))
            open_.pop()
            continue
        inside.append(part)
        if isinstance(part, _Condition):
            open_.append(part)
            if len(open_) > _DEEPEST:
                raise CardTemplateError(f"More than {_DEEPEST} conditions within one another")
    if open_:
        raise CardTemplateError(f"Missing {quoted('{{/' + open_[-1].name + '}}')}")
    return top


def draw_template(template: Template, fields: Fields) -> str:
    """Fill a template.

    Args:
        template: the template, read.
        fields: what it is filled with.

    Returns:
        HTML.

    Raises:
        CardTemplateError: it names a field that does not exist, also where nothing is shown.
    """
    return "".join(_draw(template, fields))


def shows_a_field(template: Template, fields: Fields) -> bool:
    """Say whether a template refers to a field with a text: else its card is empty."""
    return any(
        part.name in fields.filled
        if isinstance(part, _Field)
        else (part.name in fields.filled) is not part.negated and shows_a_field(part.inside, fields)
        for part in template
        if not isinstance(part, str)
    )


@dataclass(frozen=True, slots=True)
class _Close:
    name: str


def _tokens(source: str) -> Iterator[_Part | _Close]:
    opens, closes = "{{", "}}"
    if source.lstrip(WHITE).startswith(_OTHER_BRACES):
        source = source.lstrip(WHITE)
        while source.startswith(_OTHER_BRACES):
            source = source.removeprefix(_OTHER_BRACES)
        opens, closes = "<%", "%>"
    # What begins behind the last end never ends, and is not looked at again and again.
    last_brace, last_comment = source.rfind(closes), source.rfind("-->")
    at = text = 0
    brace, comment = source.find(opens), source.find("<!--")
    while True:
        # Only what was passed is looked for again: looking for what is rare goes through it all.
        if 0 <= brace < at:
            brace = source.find(opens, at)
        if 0 <= comment < at:
            comment = source.find("<!--", at)
        ends_at = ((brace, brace + 2 <= last_brace), (comment, comment + 4 <= last_comment))
        starts = [start for start, has_end in ends_at if start >= 0 and has_end]
        if not starts:
            break
        start = min(starts)
        ends = "-->" if start == comment else closes
        skip = 4 if start == comment else 2
        end = source.find(ends, start + skip)
        if ends == "-->":
            # A comment is passed through; nothing in it counts as a field.
            at = end + 3
            continue
        if text < start:
            yield source[text:start]
        yield _classify(source[start + skip : end])
        at = text = end + 2
    if text < len(source):
        yield source[text:]


def _classify(inside: str) -> _Part | _Close:
    word = trim(inside.lstrip("{"))
    sign, rest = word[:1], word[1:].lstrip(WHITE)
    if len(word) > 1 and sign in "#^":
        return _Condition(rest, sign == "^")
    if len(word) > 1 and sign == "/":
        return _Close(rest)
    *filters, name = word.split(":")
    return _Field(name, tuple(reversed(filters)))


def quoted(text: str) -> str:
    """Put a text into Anki's messages: what is foreign in them is kept apart by its direction."""
    return f"'\u2068{text}\u2069'"


def _wrong_close(name: str, open_: Sequence[_Condition]) -> str:
    found = f"Found {quoted('{{/' + name + '}}')}"
    if open_:
        return f"{found}, but expected {quoted('{{/' + open_[-1].name + '}}')}"
    return f"{found}, but missing {quoted('{{#' + name + '}}')} or {quoted('{{^' + name + '}}')}"


def _draw(template: Template, fields: Fields) -> Iterator[str]:
    for part in template:
        if isinstance(part, str):
            yield part
        elif isinstance(part, _Condition):
            shown = _holds(part, fields)
            # What is not shown is held against the fields all the same.
            inside = draw_template(part.inside, fields)
            yield inside if shown else ""
        else:
            yield _fill(part, fields)


def _holds(part: _Condition, fields: Fields) -> bool:
    if part.name in fields.filled:
        return not part.negated
    card = _CARD.fullmatch(part.name) and int(part.name.lstrip("c+")) <= _MOST
    if part.name in fields.texts or card:
        return part.negated
    sign = "^" if part.negated else "#"
    raise CardTemplateError(_no_field(f"{sign}{part.name}", part.name))


def _fill(part: _Field, fields: Fields) -> str:
    if part.name == "FrontSide":
        return fields.front or ""
    if not part.name and part.filters:
        return ""
    if part.name not in fields.texts:
        filters = "".join(f"{name}:" for name in reversed(part.filters))
        raise CardTemplateError(_no_field(f"{filters}{part.name}", part.name))
    place = Replacement(part.name, fields.number, fields.front is None)
    return apply_filters(fields.texts[part.name], part.filters, place)


def _no_field(found: str, name: str) -> str:
    return f"Found {quoted('{{' + found + '}}')}, but there is no field called {quoted(name)}"
