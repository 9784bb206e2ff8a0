"""Code to coloured HTML or pieces with classes; the only door to Pygments.

Colours are not written into the cards: the spans carry Pygments' short class names, and the style
sheet of the note type colours them for day and night.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

from pygments import format as write_tokens
from pygments.formatters import HtmlFormatter
from pygments.lexer import Lexer
from pygments.lexers import get_all_lexers, get_lexer_by_name
from pygments.token import STANDARD_TYPES, Token, _TokenType
from pygments.util import ClassNotFound

OPEN, CLOSE = "\ue000", "\ue001"
"""Characters that stand for the ends of a mark while code is coloured; no source may hold them."""


_ENDLESS = frozenset({"tnt"})
"""Languages whose lexers never come to an end of some texts."""

_Token = tuple[_TokenType, str]


@lru_cache
def known_languages() -> frozenset[str]:
    """Return every name by which Pygments knows a language."""
    names = frozenset(alias for _, aliases, _, _ in get_all_lexers() for alias in aliases)
    return names - _ENDLESS


@lru_cache
def _lexer(language: str) -> Lexer:
    return get_lexer_by_name(language, stripnl=False)


def is_language(language: str) -> bool:
    """Say whether code of the language can be coloured."""
    try:
        _lexer(language)
    except ClassNotFound:
        return False
    return language.lower() not in _ENDLESS


def highlight_code(
    code: str, language: str, *, lines: Iterable[int] = (), marks: Iterable[tuple[int, int]] = ()
) -> str:
    """Colour code.

    Args:
        code: the code, without the line break at its end.
        language: a name that Pygments knows.
        lines: numbers of lines to stress, from 1.
        marks: pairs of offsets (start, end) into the code; `OPEN` and `CLOSE` are written there,
            between the coloured spans, never inside one.

    Returns:
        Escaped HTML with spans, to stand in `<pre><code>`.
    """
    tokens = _mark(_lex(code, language), len(code), marks)
    return str(write_tokens(tokens, _formatter(tuple(lines)))).removesuffix("\n")


@lru_cache(maxsize=64)
def _formatter(lines: tuple[int, ...]) -> HtmlFormatter[str]:
    return HtmlFormatter(nowrap=True, hl_lines=list(lines))


def code_tokens(
    code: str, language: str, *, marks: Iterable[tuple[int, int]] = ()
) -> Iterator[tuple[str, str, bool]]:
    """Split code into coloured pieces.

    Args:
        code: the code.
        language: a name that Pygments knows.
        marks: pairs of offsets (start, end) into the code.

    Yields:
        Pygments' short class name (may be empty), the text, and whether a mark covers it.
    """
    marked = False
    for kind, text in _mark(_lex(code, language), len(code), marks):
        if text in (OPEN, CLOSE):
            marked = text == OPEN
        else:
            yield STANDARD_TYPES.get(kind, ""), text, marked


@lru_cache(maxsize=64)
def _lex(code: str, language: str) -> tuple[_Token, ...]:
    """Split code into tokens; into one, should the lexer fail or change the text.

    What was split last is kept: each format of a build asks for the code of a note.
    """
    # Many lexers read whole lines only and drop the last one when no line break ends it.
    text = code + "\n"
    try:
        tokens = list(_lexer(language).get_tokens(text))
    except Exception:  # hundreds of lexers, each with faults of its own
        tokens = []
    if "".join(value for _, value in tokens) != text:
        return ((Token.Text, code),) if code else ()
    while tokens and tokens[-1][1] in ("", "\n"):
        if tokens.pop()[1]:
            return tuple(tokens)
    kind, value = tokens.pop()
    return (*tokens, (kind, value.removesuffix("\n")))


def _mark(
    tokens: Iterable[_Token], length: int, marks: Iterable[tuple[int, int]]
) -> Iterator[_Token]:
    """Put marks between tokens, cutting tokens where it must."""
    pairs = list(marks)
    cuts = sorted([(end, 0, CLOSE) for _, end in pairs] + [(start, 1, OPEN) for start, _ in pairs])
    ends = iter([*((at, mark) for at, _, mark in cuts), (length + 1, "")])
    at, (cut, mark) = 0, next(ends)
    for kind, value in tokens:
        while at + len(value) > cut or (at == cut and mark):
            head, value = value[: cut - at], value[cut - at :]
            if head:
                yield kind, head
            at = cut
            yield Token.Text, mark
            cut, mark = next(ends)
        if value:
            yield kind, value
        at += len(value)
    while mark:
        yield Token.Text, mark
        cut, mark = next(ends)
