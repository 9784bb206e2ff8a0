"""The language of --where: what it means, and where it points when it means nothing."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deckpress.decks.where_expression import WhereError, read_where

VOCABULARY = {
    "company": ["netflix", "nvidia"],
    "category": ["behavioral", "metrics"],
    "difficulty": ["easy", "hard"],
    "tag": ["ranking", "c++"],
    "importance": ["high", "normal"],
    "core": ["yes"],
}
NOTE = {
    "company": ("netflix",),
    "category": ("metrics",),
    "difficulty": ("hard",),
    "tag": ("ranking",),
    "importance": ("high",),
    "core": ("yes",),
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
        ("importance:high", True),
        ("-importance:high or importance:n*", False),
        ("core:yes difficulty:hard", True),
        ("core:No", False),
        ("-core:no", True),
    ],
)
def test_meaning(expression: str, holds: bool) -> None:
    """Side by side means and, `or` binds weaker, `-` negates one term or a group."""
    assert read_where(expression, VOCABULARY).holds(NOTE) is holds


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
        ("importance:hih", 12, "did you mean 'high'?"),
        ("auc core:true", 10, "core:yes or core:no"),
        ("core:", 6, "core:yes or core:no"),
        ("auc -core:y*", 11, "core:yes or core:no"),
        ("cor:yes", 1, "did you mean 'core'?"),
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


@pytest.mark.parametrize(
    ("expressions", "written"),
    [
        (("tag:ranking tag:c++", "tag:C++ and tag:ranking", "(tag:c++) tag:ranking tag:c++"),
         "tag:c++ tag:ranking"),
        (("tag:c++ or tag:ranking", 'tag:"ranking" OR (tag:c++ or tag:ranking)'),
         "tag:c++ or tag:ranking"),
        (("--auc", "AUC", '"auc"', "auc auc", "-(-auc)"), "auc"),
        (("-(auc tag:c++)", "-tag:c++ or -auc"), "-auc or -tag:c++"),
        (("-(auc or tag:c++)", "-tag:c++ -auc"), "-auc -tag:c++"),
        (("-auc (tag:C* or company:netflix) roc", "roc (company:netflix or tag:c*) -auc"),
         "roc (company:netflix or tag:c*) -auc"),
        (("auc (tag:c++ (company:netflix roc))",), "auc company:netflix roc tag:c++"),
        (("core:no", "-core:yes", "-core:YES -(core:yes)"), "-core:yes"),
        (("-core:no", 'core:"yes"'), "core:yes"),
        (("roc or auc tag:c++", "(tag:c++ auc) or roc"), "roc or auc tag:c++"),
        (('"the  AUC" "-a" "or" "a:b" "(" ""',), '"" "(" "-a" "a:b" "or" "the  auc"'),
    ],
)  # fmt: skip
def test_one_form(expressions: Sequence[str], written: str) -> None:
    """What says the same in another order, twice, or with other signs, is one condition."""
    found = {read_where(expression, VOCABULARY) for expression in expressions}
    assert {str(condition) for condition in found} == {written}
    assert found == {read_where(written, VOCABULARY)}


Said = tuple[str, bool]
"""An expression, and whether it holds for the note."""


def test_a_deck_without_a_core() -> None:
    """It is told where a core is listed; neither yes nor no would mean anything."""
    for answer in ("yes", "no"):
        with pytest.raises(WhereError, match=r"the deck has no core \(deck.yaml lists") as caught:
            read_where(f"auc core:{answer}", {**VOCABULARY, "core": []})
        assert caught.value.column == 5


def several(inner: st.SearchStrategy[Said]) -> st.SearchStrategy[Said]:
    """Write expressions around others."""
    parts = st.lists(inner, min_size=1, max_size=3)

    def both(said: list[Said]) -> Said:
        return f"({' '.join(text for text, _ in said)})", all(held for _, held in said)

    def either(said: list[Said]) -> Said:
        return f"({' or '.join(text for text, _ in said)})", any(held for _, held in said)

    return st.one_of(
        parts.map(both), parts.map(either), inner.map(lambda said: (f"-{said[0]}", not said[1]))
    )


TERMS: list[Said] = [
    ("auc", True), ("roc", False), ('"or"', False), ('"the auc"', True), ("tag:rank*", True),
    ("tag:C++", False), ("difficulty:hard", True),
]  # fmt: skip


@given(st.recursive(st.sampled_from(TERMS), several, max_leaves=12))
def test_the_form_says_the_same(said: Said) -> None:
    """The one form holds where the expression does, and is read as itself."""
    expression, holds = said
    condition = read_where(expression, VOCABULARY)
    assert condition.holds(NOTE) is holds
    assert read_where(str(condition), VOCABULARY) == condition
    assert read_where(f"-(-{expression} -{expression})", VOCABULARY) == condition
