"""Colouring code never changes it, whatever the language."""

from __future__ import annotations

import pytest

from deckpress.tree.code import code_tokens, is_language, known_languages

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
