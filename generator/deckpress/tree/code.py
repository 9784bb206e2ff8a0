"""Code to coloured HTML or pieces with classes; the only door to Pygments.

Colours are not written into the cards: the spans carry Pygments' short class names, and the style
sheet of the note type colours them for day and night.
"""

from __future__ import annotations

import json
import signal
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, lru_cache, partial
from typing import Any

from pygments import format as write_tokens
from pygments.formatters import HtmlFormatter
from pygments.lexer import Lexer, RegexLexer
from pygments.lexers import get_all_lexers, get_lexer_by_name
from pygments.token import (
    STANDARD_TYPES,
    Error,
    Token,
    Whitespace,
    _TokenType,
    string_to_tokentype,
)
from pygments.util import ClassNotFound

from deckpress.tree.lexer_process import LexerProcess
from deckpress.tree.rules_by_character import RulesByCharacter

OPEN, CLOSE = "\ue000", "\ue001"
"""Characters that stand for the ends of a mark while code is coloured; no source may hold them."""


_ENDLESS = frozenset({"tnt"})
"""Languages whose lexers never come to an end of some texts."""

SLOW = 2.0
"""Seconds of computing after which colouring a piece of code is given up."""

_PATIENCE = 10
"""How many times as long another process is waited for, which may have to wait itself."""

_Token = tuple[_TokenType, str]


class _TooSlow(BaseException):
    """Raised in the middle of a lexer; no `except Exception` of one takes it for its own."""


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
    tokens = _mark(_lex_or_not(code, language), len(code), marks)
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
    for kind, text in _mark(_lex_or_not(code, language), len(code), marks):
        if text in (OPEN, CLOSE):
            marked = text == OPEN
        else:
            yield STANDARD_TYPES.get(kind, ""), text, marked


def is_slow(code: str, language: str) -> bool:
    """Say whether colouring code takes longer than `SLOW`: some lexers go back over it for ever."""
    return _lex(code, language) is None


def _lex_or_not(code: str, language: str) -> tuple[_Token, ...]:
    """Split code into tokens; into one, should that take too long.

    A note's code was looked at whole; a piece of it, such as fits on a paper card, may be slower.
    """
    tokens = _lex(code, language)
    return ((Token.Text, code),) if tokens is None else tokens


@lru_cache(maxsize=64)
def _lex(code: str, language: str) -> tuple[_Token, ...] | None:
    """Split code into tokens; into one, should the lexer fail or change the text.

    What was split last is kept: each format of a build asks for the code of a note.

    Returns:
        The tokens; None when it took longer than `SLOW`.
    """
    # Many lexers read whole lines only and drop the last one when no line break ends it.
    text = code + "\n"
    if hasattr(signal, "setitimer") and threading.current_thread() == threading.main_thread():
        tokens = _split_in_time(text, language)
    else:
        tokens = _split_elsewhere(text, language)
    if tokens is None:
        return None
    if "".join(value for _, value in tokens) != text:
        return ((Token.Text, code),) if code else ()
    while tokens and tokens[-1][1] in ("", "\n"):
        if tokens.pop()[1]:
            return tuple(tokens)
    kind, value = tokens.pop()
    return (*tokens, (kind, value.removesuffix("\n")))


def _split(text: str, language: str) -> list[_Token]:
    try:
        return list(_practised(language).get_tokens(text))
    except Exception:  # hundreds of lexers, each with faults of its own
        return []


def _split_in_time(text: str, language: str) -> list[_Token] | None:
    # It stays, unless a program that calls this one has its own: to tell the system each time takes
    # as long as splitting a line.
    before = signal.getsignal(signal.SIGVTALRM)
    if before is not _give_up:
        signal.signal(signal.SIGVTALRM, _give_up)
    try:
        signal.setitimer(signal.ITIMER_VIRTUAL, SLOW)
        tokens = _split(text, language)
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    except _TooSlow:
        return None
    except BaseException:  # such as Ctrl-C
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        raise
    finally:
        if before not in (_give_up, signal.SIG_DFL, None):
            signal.signal(signal.SIGVTALRM, before)
    return tokens


def _give_up(number: int, frame: object) -> None:
    raise _TooSlow


def _split_elsewhere(text: str, language: str) -> list[_Token] | None:
    answer = _elsewhere().split(text, language, _PATIENCE * SLOW)
    if answer is None:
        return None
    return [(string_to_tokentype(kind), value) for kind, value in answer]


@cache
def _elsewhere() -> LexerProcess:
    return LexerProcess()


def answer_lines() -> None:
    """Split the code of each line of standard input, for a `LexerProcess`, behind an empty one."""
    with open(1, "w", encoding="ascii", buffering=1, closefd=False) as answers:
        answers.write("\n")
        for line in sys.stdin:
            text, language = json.loads(line)
            if hasattr(signal, "setitimer"):
                # The signal ends this process, also where nobody is left who would.
                signal.setitimer(signal.ITIMER_VIRTUAL, SLOW)
            found = [[str(kind), value] for kind, value in _split(text, language)]
            answers.write(f"{json.dumps(found)}\n")


_OFTEN = 20
"""From how many texts on sorting a lexer's rules takes less time than it saves."""
_USES: Counter[str] = Counter()


def _practised(language: str) -> Lexer:
    """Return a lexer, which takes a fifth of the time once it was used often."""
    lexer: Any = _lexer(language)
    _USES[language] += 1
    usual = getattr(type(lexer), "get_tokens_unprocessed", None)
    if _USES[language] == _OFTEN and usual is RegexLexer.get_tokens_unprocessed:
        rules_of = cache(lambda state: RulesByCharacter(lexer._tokens[state]))
        lexer.get_tokens_unprocessed = partial(_split_by_rules, lexer, rules_of)
    return lexer  # type: ignore[no-any-return]


def _split_by_rules(
    lexer: Any,
    rules_of: Callable[[str], RulesByCharacter],
    text: str,
    stack: Sequence[str] = ("root",),
) -> Iterator[tuple[int, _TokenType, str]]:
    """Split a text as `RegexLexer` does, but try only the rules that may match."""
    at, states = 0, list(stack)
    rules = rules_of(states[-1])
    while True:
        for match_at, action, change in rules[text[at : at + 1]]:
            match = match_at(text, at)
            if not match:
                continue
            if type(action) is _TokenType:
                yield at, action, match[0]
            elif action is not None:
                yield from action(lexer, match)
            at = match.end()
            if change is not None:
                _change(states, change)
                rules = rules_of(states[-1])
            break
        else:
            if at == len(text):
                return
            if text[at] == "\n":
                states = ["root"]
                rules = rules_of("root")
            yield at, Whitespace if text[at] == "\n" else Error, text[at]
            at += 1


def _change(states: list[str], change: int | str | tuple[str, ...]) -> None:
    """Enter or leave states; the first of all is never left."""
    if isinstance(change, int):
        del states[max(len(states) + change, 1) :]
        return
    for state in change if isinstance(change, tuple) else (change,):
        if state == "#push":
            states.append(states[-1])
        elif state != "#pop":
            states.append(state)
        elif len(states) > 1:
            states.pop()


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
