"""Elements of HTML and SVG, made so that no value can leave its place; the only door to MarkupSafe.

What is HTML has a type of its own, `Html`. Everything else that is given to an element is text and
is escaped, so an escape can neither be forgotten nor made twice.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cache

from markupsafe import Markup, escape

Html = Markup
"""Words that are HTML as they are."""

Value = str | bool | None
"""The value of an attribute: text, or whether it is there without a value; None leaves it out."""

_new = str.__new__
"""Makes HTML of a text without a look for HTML of its own, for it is none."""
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]*")


def html(text: str) -> Html:
    """Mark a text as HTML that is right as it is; `tests/test_markup.py` lists who may."""
    return _new(Html, text)


def escaped(value: object) -> Html:
    """Write a value as templates do, quotes escaped; what is HTML already stays as it is."""
    return escape(value)


def text(words: str) -> Html:
    """Write words between tags; what is HTML already stays as it is."""
    if type(words) is Html:
        return words
    if "&" in words:
        words = words.replace("&", "&amp;")
    if "<" in words:
        words = words.replace("<", "&lt;")
    if ">" in words:
        words = words.replace(">", "&gt;")
    return _new(Html, words)


def quoted(words: str) -> Html:
    """Write words so that they may also stand in an attribute."""
    return _new(Html, _escape_quotes(words))


def join(parts: Iterable[str], between: str = "") -> Html:
    """Put pieces side by side: HTML as it is, all else as text."""
    pieces = [part if type(part) is Html else text(part) for part in parts]
    return _new(Html, (str(text(between)) if between else "").join(pieces))


def element(tag: str, /, *inside: str, **attributes: Value) -> Html:
    """Write an element.

    Args:
        tag: its name.
        inside: what it holds: HTML as it is, all else as text.
        attributes: in this order; `class_` stands for `class`, `data_x` for `data-x`.

    Returns:
        The element with its start and its end.

    Raises:
        ValueError: a name is none.
    """
    name = _name(tag)
    held = "".join([each if type(each) is Html else text(each) for each in inside])
    shown = _write(attributes) if attributes else ""
    return _new(Html, f"<{name}{shown}>{held}</{name}>")


def block(tag: str, /, *inside: str, **attributes: Value) -> Html:
    """Write an element as `element` does, with a line break behind it."""
    name = _name(tag)
    held = "".join([each if type(each) is Html else text(each) for each in inside])
    shown = _write(attributes) if attributes else ""
    return _new(Html, f"<{name}{shown}>{held}</{name}>\n")


def void(tag: str, /, **attributes: Value) -> Html:
    """Write an element of HTML that never holds anything, such as `<img>`."""
    return _new(Html, f"<{_name(tag)}{_write(attributes)}>")


def shape(tag: str, /, **attributes: Value) -> Html:
    """Write an element of SVG that holds nothing."""
    return _new(Html, f"<{_name(tag)}{_write(attributes)}/>")


def attributes(**attributes: Value) -> Html:
    """Write attributes by themselves, for a place that was left open for them."""
    return _new(Html, _write(attributes)[1:])


def put_attributes(whole: Html, at: int, /, **attributes: Value) -> Html:
    """Put attributes into a start tag, at an offset right behind its name."""
    plain = str(whole)
    return _new(Html, f"{plain[:at]}{_write(attributes)}{plain[at:]}")


def substitute(
    pattern: re.Pattern[str], by: Callable[[re.Match[str]], str], whole: Html, /
) -> Html:
    """Put something else in place of all that an expression finds in HTML."""
    return _new(Html, pattern.sub(lambda match: text(by(match)), str(whole)))


def _escape_quotes(words: str) -> str:
    # Text that is HTML already has its other signs escaped, its quotes not.
    found = str(words) if type(words) is Html else str(text(words)).replace("'", "&#x27;")
    return found.replace('"', "&quot;")


def _write(attributes: dict[str, Value]) -> str:
    return "".join(
        [
            f" {_name(key)}" if value is True else f' {_name(key)}="{_escape_quotes(value)}"'
            for key, value in attributes.items()
            if value is not None and value is not False
        ]
    )


@cache
def _name(key: str) -> str:
    name = key.rstrip("_").replace("_", "-")
    if not _NAME.fullmatch(name):
        raise ValueError(f"'{key}' names no element and no attribute")
    return name
