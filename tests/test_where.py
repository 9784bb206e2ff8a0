"""The language of --where: what it means, and where it points when it means nothing."""

from __future__ import annotations

import pytest

from deckpress.decks.where_expression import WhereError, read_where

VOCABULARY = {
    "company": ["netflix", "nvidia"],
    "category": ["behavioral", "metrics"],
    "difficulty": ["easy", "hard"],
    "tag": ["ranking", "c++"],
}
NOTE = {
    "company": ("netflix",),
    "category": ("metrics",),
    "difficulty": ("hard",),
    "tag": ("ranking",),
    "text": ("what is the auc?",),
}


@pytest.mark.parametrize(
    ("expression", "holds"),
    [
        ("company:netflix", True),
        ("company:nvidia", False),
        ('"a:b"', False),
        ('-"company:netflix"', True),
        ("-company:nvidia", True),
        ("--company:netflix", True),
        ("company:netflix difficulty:hard", True),
        ("company:netflix and difficulty:easy", False),
        ("company:nvidia or difficulty:hard", True),
        ("company:nvidia OR difficulty:hard", True),
        ("company:nvidia difficulty:hard or tag:ranking", True),
        ("company:nvidia (difficulty:hard or tag:ranking)", False),
        ("company:netflix -category:behavioral (tag:ranking or difficulty:hard)", True),
        ("-(company:netflix difficulty:hard)", False),
        ("tag:rank*", True),
        ("company:n*", True),
        ("tag:c++", False),
        ("auc", True),
        ('"the AUC"', True),
        ('"the roc"', False),
        ('company:"netflix"', True),
        ("  company:netflix  ", True),
    ],
)
def test_meaning(expression: str, holds: bool) -> None:
    """Side by side means and, `or` binds weaker, `-` negates one term or a group."""
    assert read_where(expression, VOCABULARY)(NOTE) is holds


@pytest.mark.parametrize(
    ("expression", "column", "words"),
    [
        ("company:netflx", 9, "did you mean 'netflix'?"),
        ("comany:netflix", 1, "did you mean 'company'?"),
        ("company:netflix difficulty:hrd", 28, "did you mean 'hard'?"),
        ("(company:netflix", 1, "never closed"),
        ("company:netflix)", 16, "closes nothing"),
        ("company:netflix or", 19, "a term is expected"),
        ("or company:netflix", 1, "a term is expected"),
        ("company:netflix and or tag:ranking", 21, "a term is expected"),
        ("()", 2, "a term is expected"),
        ("company:", 9, "of what?"),
        ('company:netflix "never ends', 17, "a quote that is never closed"),
        ("company:netflix -", 17, "a term is expected"),
    ],
)
def test_mistakes_point_at_their_column(expression: str, column: int, words: str) -> None:
    """The message carries the column, a hint, and a mark under the place."""
    with pytest.raises(WhereError) as caught:
        read_where(expression, VOCABULARY)
    assert caught.value.column == column
    assert words in str(caught.value)
    first, line, mark = str(caught.value).splitlines()
    assert first.startswith(f"--where, column {column}: ")
    assert line == f"  {expression}"
    assert mark.index("^") == column + 1
