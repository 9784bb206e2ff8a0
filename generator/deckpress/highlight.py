"""Code to coloured HTML or pieces with classes; the only door to Pygments.

Colours are not written into the cards: the spans carry Pygments' short class names, and the style
sheet of the note type colours them for day and night.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

from pygments import highlight as pygmentize
from pygments.formatters import HtmlFormatter
from pygments.lexer import Lexer
from pygments.lexers import get_all_lexers, get_lexer_by_name
from pygments.token import STANDARD_TYPES, Token, _TokenType
from pygments.util import ClassNotFound

OPEN, CLOSE = "\ue000", "\ue001"
"""Characters that stand for the ends of a mark while code is coloured; no source may hold them."""


@lru_cache
def known_languages() -> frozenset[str]:
    """Return every name by which Pygments knows a language."""
    return frozenset(alias for _, aliases, _, _ in get_all_lexers() for alias in aliases)


@lru_cache
def _lexer(language: str) -> Lexer:
    return get_lexer_by_name(language, stripnl=False, ensurenl=False)


def is_language(language: str) -> bool:
    """Say whether code of the language can be coloured."""
    try:
        _lexer(language)
    except ClassNotFound:
        return False
    return True


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
    formatter: HtmlFormatter[str] = HtmlFormatter(nowrap=True, hl_lines=list(lines))
    return str(pygmentize(code, _mark(_lexer(language), marks), formatter)).removesuffix("\n")


class _MarkedLexer(Lexer):
    """A lexer that puts marks between the tokens of another, cutting tokens where it must."""

    def __init__(self, inner: Lexer, marks: list[tuple[int, str]]) -> None:
        super().__init__()
        self._inner, self._marks = inner, marks

    def get_tokens(self, text: str, unfiltered: bool = False) -> Iterator[tuple[_TokenType, str]]:
        marks = iter([*self._marks, (len(text) + 1, "")])
        at, (cut, mark) = 0, next(marks)
        for kind, value in self._inner.get_tokens(text, unfiltered):
            while at + len(value) > cut or (at == cut and mark):
                head, value = value[: cut - at], value[cut - at :]
                if head:
                    yield kind, head
                at = cut
                yield Token.Text, mark
                cut, mark = next(marks)
            if value:
                yield kind, value
            at += len(value)
        while mark:
            yield Token.Text, mark
            cut, mark = next(marks)


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
    for kind, text in _mark(_lexer(language), marks).get_tokens(code):
        if text in (OPEN, CLOSE):
            marked = text == OPEN
        else:
            yield STANDARD_TYPES.get(kind, ""), text, marked


def _mark(lexer: Lexer, marks: Iterable[tuple[int, int]]) -> _MarkedLexer:
    pairs = list(marks)
    cuts = sorted([(end, 0, CLOSE) for _, end in pairs] + [(start, 1, OPEN) for start, _ in pairs])
    return _MarkedLexer(lexer, [(at, mark) for at, _, mark in cuts])
