"""Colouring code never changes it, whatever the language."""

from __future__ import annotations

import signal
from concurrent.futures import ThreadPoolExecutor

import pytest

from deckpress.tree import code as colouring
from deckpress.tree.code import (
    code_tokens,
    highlight_code,
    is_language,
    is_slow,
    known_languages,
)

SAMPLES = ("$ ls\nfile1\nfile2", "% cd /\n/home", ">>> 1\n1", "*** Settings ***\nx", "a{b}\n\n")


@pytest.mark.parametrize("code", SAMPLES)
def test_no_text_is_lost(code: str) -> None:
    """A lexer that drops or adds something is not trusted."""
    lost = [
        name
        for name in sorted(known_languages())
        if "".join(text for _, text, _ in code_tokens(code, name)) != code
    ]
    assert lost == []


def test_marks_stay_where_they_were() -> None:
    """A marked stretch is told from the rest, to the last character."""
    pieces = list(code_tokens("$ ls\nfile2", "console", marks=[(5, 10)]))
    assert "".join(text for _, text, marked in pieces if marked) == "file2"


def test_endless_lexers_are_unknown() -> None:
    """A language whose lexer hangs is refused as if Pygments had none."""
    assert not is_language("tnt")
    assert "tnt" not in known_languages()


def test_the_limit_holds_in_every_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    """A preview reads cards beside its server; what is given up there is given up here."""
    monkeypatch.setattr(colouring, "SLOW", 0.1)
    good, bad = ("def f(x):\n    return 1", "python"), ("a" * 30_000, "androidbp")
    colouring._lex.cache_clear()
    with ThreadPoolExecutor(1) as pool:
        there = [
            pool.submit(highlight_code, *good).result(),
            *(pool.submit(is_slow, *each).result() for each in (bad, good)),
        ]
    colouring._lex.cache_clear()
    assert there == [highlight_code(*good), is_slow(*bad), False]
    assert there[1]


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="Windows has no such clock")
def test_a_program_keeps_its_own_alarm(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever calls this from Python may measure time in the same way, before and after."""
    monkeypatch.setattr(colouring, "SLOW", 0.1)
    rung: list[int] = []
    before = signal.signal(signal.SIGVTALRM, lambda number, _frame: rung.append(number))
    try:
        for code, language in (("x = 1", "python"), ("a" * 30_000, "androidbp")):
            colouring._lex.cache_clear()
            is_slow(code, language)
            signal.raise_signal(signal.SIGVTALRM)
    finally:
        signal.signal(signal.SIGVTALRM, before)
        colouring._lex.cache_clear()
    assert rung == [signal.SIGVTALRM] * 2


def test_a_piece_that_is_slow_stays_plain(monkeypatch: pytest.MonkeyPatch) -> None:
    """The check has seen the whole; an output that shows a part of it does not hang."""
    monkeypatch.setattr(colouring, "SLOW", 0.1)
    colouring._lex.cache_clear()
    assert list(code_tokens("a" * 30_000, "androidbp")) == [("", "a" * 30_000, False)]
    colouring._lex.cache_clear()
