"""Typst's source, made so that no value can leave its place: the one door of its literals.

Code, markup, formulas and lists of arguments have types of their own. Everything else that is
given to a call is a value: words become a string of Typst, so none of them can ever be its code.
Each call in markup ends with a semicolon, since what follows would otherwise be read as part of it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import TypeAlias, Union


class Code(str):
    """An expression of Typst."""

    __slots__ = ()


class Markup(str):
    """What stands in square brackets."""

    __slots__ = ()


class Math(str):
    """What stands between dollar signs."""

    __slots__ = ()


class Arguments(str):
    """What stands in the parentheses of a call, also as a part of it."""

    __slots__ = ()


Value: TypeAlias = Union[str, bool, int, Sequence["Value"], Mapping[str, "Value"], None]  # noqa: UP007  # it names itself
"""What a call takes: a tuple is a row of values, another sequence any number of them."""


NOTHING, SEMICOLON = Markup(""), Markup("; ")
NO_MATH, EMPTY, ALIGN = Math(""), Math('""'), Math("&")
# Without leading and edges, what is in a box of a line of text keeps its full height.
_FULL_HEIGHT = "set par(leading: 0pt); set text(top-edge: 0pt, bottom-edge: 0pt)"
_NAME = re.compile(r"[A-Za-z][\w-]*(?:\.[A-Za-z][\w-]*)*")
_DIGITS = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_LENGTH = re.compile(r"\d+(?:\.\d+)?(?:pt|mm|cm|in|em)")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


def string(text: str) -> Code:
    """Write a text as a string with its quotation marks."""
    if "\\" in text:
        text = text.replace("\\", "\\\\")
    if '"' in text:
        text = text.replace('"', '\\"')
    return Code('"' + _CONTROL.sub(_spell, text) + '"')


def _spell(match: re.Match[str]) -> str:
    return f"\\u{{{ord(match[0]):x}}}"


def value(given: Value) -> Code:
    """Write a value as an expression."""
    match given:
        case Code():
            return given
        case Markup():
            return Code(f"[{given}]")
        case Math():
            return Code(f"${given}$")
        case str():
            return string(given)
        case None:
            return Code("none")
        case bool():
            return Code("true" if given else "false")
        case int():
            return Code(str(given))
        case tuple():
            return Code(f"({', '.join(map(_argument, given))})")
        case Mapping():
            pairs = (f"{string(key)}: {value(each)}, " for key, each in given.items())
            return Code("(" + "".join(pairs) + ")")
    return Code("(" + "".join(f"{_argument(each)}, " for each in given) + ")")


def name(word: str) -> Code:
    """Write a name that Typst knows, such as `sizes.text`."""
    return Code(_checked(word))


def number(given: float, unit: str = "", *, digits: int | None = None) -> Code:
    """Write a number, with its unit if it has one."""
    if unit not in ("", "pt", "em", "%"):
        raise ValueError(f"'{unit}' is no unit")
    written = str(given) if digits is None else f"{given:.{digits}f}"
    return Code(written + unit)


def length(text: str) -> Code:
    """Write a length that stands in a theme, such as `8.4pt`."""
    if not _LENGTH.fullmatch(text):
        raise ValueError(f"'{text}' is no length")
    return Code(text)


def times(*factors: Code) -> Code:
    """Multiply."""
    return Code(" * ".join(factors))


def plus(*summands: Code) -> Code:
    """Add."""
    return Code(f"({' + '.join(summands)})")


def ratio(above: Code, below: Code) -> Code:
    """Divide."""
    return Code(f"{above} / {below}")


def apply(function: str, *given: Value, **named: Value) -> Code:
    """Write a call as an expression."""
    return Code(f"{_checked(function)}({_all(given, named)})")


def arguments(*given: Value, **named: Value) -> Arguments:
    """Write values for a call: first those without a name; `left_out` stands for `left-out`."""
    return Arguments(_all(given, named))


def record(**named: Value) -> Code:
    """Write a dictionary whose keys are names."""
    return Code(f"({_all((), named)})")


def lines(rows: Iterable[Value]) -> Code:
    """Write any number of values, each on a line."""
    return Code("(\n" + "".join(f"{_argument(row)},\n" for row in rows) + ")")


def show(text: str) -> Markup:
    """Write words into markup."""
    return Markup(f"#{string(text)};")


def call(
    function: str, *given: Value, body: Markup | tuple[Markup, ...] | None = None, **named: Value
) -> Markup:
    """Write a call into markup, with what it sets apart in brackets behind it."""
    inside = _all(given, named)
    held = f"({inside})" if inside or body is None else ""
    bodies = body if isinstance(body, tuple) else () if body is None else (body,)
    set_apart = "".join(f"[{each}]" for each in bodies)
    return Markup(f"#{_checked(function)}{held}{set_apart};")


def join(parts: Iterable[str], between: Markup = NOTHING) -> Markup:
    """Put markup side by side; what is none is words."""
    return Markup(between.join([p if type(p) is Markup else show(p) for p in parts]))


def document(imports: Iterable[str], sheet: str, given: Arguments, parts: Iterable[Markup]) -> str:
    """Write a source: what it imports, the function that all of it is shown with, its parts."""
    head = "".join(map(load, imports))
    return head + "\n".join([f"#show: {_checked(sheet)}.with({given})", *parts]) + "\n"


def load(path: str) -> str:
    """Write a line that imports all of a file."""
    return f"#import {string(path)}: *\n"


def define(word: str, given: Value) -> str:
    """Write a line that gives a value a name."""
    return f"#let {_checked(word)} = {value(given)}\n"


def labelled(formula: Math, word: str) -> Markup:
    """Write a formula with a label."""
    return Markup(f"{value(formula)}<{_checked(word)}>")


def sign(text: str) -> Math:
    """Write a sign of a formula, guarded where it means something, as every bracket does."""
    if not text:
        return EMPTY
    bracket = text in "⎰⎱" or unicodedata.category(text[0]) in ("Ps", "Pe")
    plain = text.isalnum() or text in "+=<>" or not text.isascii()
    return Math(f"\\{text}" if bracket or not plain else text)


def in_math(function: str, *given: str) -> Math:
    """Write a call into a formula; what is given is parts of formulas, all else words."""
    return Math(f"{_checked(function)}({', '.join(map(part, given))})")


def part(given: str) -> Math:
    """Write a part of a formula; what is none is words."""
    return given if isinstance(given, Math) else Math(string(given))


def matrix(options: Iterable[Math], rows: Iterable[Math]) -> Math:
    """Write a matrix, whose rows `row_of` makes."""
    return Math(f"mat({', '.join(options)}, {'; '.join(rows)})")


def row_of(cells: Iterable[Math]) -> Math:
    """Set the cells of a row of a matrix apart."""
    return Math(", ".join(cells))


def option(word: str, given: Value) -> Math:
    """Write an argument of a call in a formula that is not set itself."""
    return Math(f"{_checked(word)}: #{value(given)}")


def symbol(word: str) -> Math:
    """Write a sign by the name that Typst has for it."""
    return Math(_checked(word))


def attach(base: Math, below: Math | None, above: Math | None, *, primes: int = 0) -> Math:
    """Write scripts, and marks of derivatives."""
    low = "" if below is None else f"_({below})"
    high = "" if above is None else f"^({above})"
    return Math(base + "'" * primes + low + high)


def embed(code: Code) -> Math:
    """Put an expression into a formula."""
    return Math(f"#{code};")


def framed(inner: Math) -> Math:
    """Draw a frame around a formula."""
    return Math(f"#box(stroke: 0.05em, inset: 0.3em, {{ {_FULL_HEIGHT}; $display({inner})$ }});")


def digits(text: str) -> Math:
    """Write a number as it stands; what is none is words."""
    return Math(text) if _DIGITS.fullmatch(text) else part(text)


def spaced(*parts: Math) -> Math:
    """Put parts of a formula side by side, with a blank between them."""
    return Math(" ".join(parts))


def together(parts: Iterable[Math]) -> Math:
    """Put parts of a formula side by side, with nothing between them."""
    return Math("".join(parts))


def beside(parts: Iterable[Math]) -> Math:
    """Put parts of a formula side by side."""
    joined = ""
    for each in parts:
        # Typst shows a blank beside a text in quotes, and nowhere else.
        close = joined.endswith('"') or each.startswith('"')
        joined += each if close or not joined or not each else f" {each}"
    return Math(joined)


def _argument(given: Value) -> str:
    return given if type(given) is Arguments else value(given)


def _all(given: Iterable[Value], named: Mapping[str, Value]) -> str:
    found = [_argument(each) for each in given]
    found += [f"{_checked(key)}: {value(each)}" for key, each in named.items()]
    return ", ".join(found)


@cache
def _checked(word: str) -> str:
    word = word.rstrip("_").replace("_", "-")
    if not _NAME.fullmatch(word):
        raise ValueError(f"'{word}' is no name of Typst")
    return word
