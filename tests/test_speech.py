"""Formulas in words."""

from __future__ import annotations

import re

import pytest

from deckpress.math.speech import is_said_in_english, say_math
from real_deck import RealDeck
from test_formulas import TORTURE, read_deck


@pytest.mark.parametrize(
    ("latex", "words"),
    [
        (r"\hat{y} = \frac{1}{n}", "y hat equals 1 over n"),
        (r"\sum_{i=1}^n x_i^2", "sum from i equals 1 to n of x sub i squared"),
        (r"\frac{1}{1+e^{-z}}", "fraction 1 over 1 plus e to the minus z end power end fraction"),
        (r"P(A \mid B)", "cap P open paren cap A given cap B close paren"),
        (r"\max_\theta \log p", "max over theta of log of p"),
        (r"\log_2 x", "log sub 2 of x"),
        (r"\nabla_\theta L", "gradient with respect to theta cap L"),
        (r"\lVert w \rVert_2", "norm of w end norm sub 2"),
        (r"A^\top B", "cap A transpose cap B"),
        (r"\sqrt[3]{x+1}", "cube root of x plus 1 end root"),
        (r"\binom{n}{k}", "n choose k"),
        (r"f''(x) \ge 0", "f double prime open paren x close paren is at least 0"),
        (r"\begin{pmatrix} a & b \\ c & d \end{pmatrix}", "matrix: row 1: a, b; row 2: c, d, end matrix"),
        (r"\begin{cases} 1 & x > 0 \\ 0 & \text{else} \end{cases}", "cases: 1 x is greater than 0; 0 else, end cases"),
        (r"\underbrace{a+b}_{\text{sum}}", "a plus b, labelled sum,"),
        (r"\mathbb{E}[X] \approx \bar{X}", "cap E open bracket cap X close bracket is about cap X bar"),
        (r"a, \ldots, z", "a, dots, z"),
    ],
)  # fmt: skip
def test_a_formula_is_said(latex: str, words: str) -> None:
    """As one would read it aloud; where a part ends is said when it could not be heard."""
    assert say_math(latex, display=False) == words


@pytest.mark.parametrize(
    ("latex", "english"),
    [
        ("x", False),
        ("3{,}14", False),
        (r"\mathbf{x}", False),
        (r"10\,\text{km}", False),
        (r"\text{Kosten der Stufe}", False),
        (r"\operatorname{sgn}", False),
        ("X", True),
        ("x^2", True),
        (r"\alpha", True),
        (r"\text{Kosten} = 1", True),
        (r"\log x", True),
    ],
)
def test_what_is_said_in_english(latex: str, english: bool) -> None:
    """Numbers, letters and texts of a formula are of any language; the words around them are ours."""
    assert is_said_in_english(latex, display=False) is english


def test_every_formula_has_words(real_deck: RealDeck) -> None:
    """Of the torture set and the deck: words, and no sign that a voice would skip or spell out."""
    for latex, display in [*read_deck(real_deck), *((latex, True) for latex in TORTURE)]:
        said = say_math(latex, display=display)
        # What a text in a formula holds is its author's; the rest is ours.
        if r"\text" not in latex and r"\operatorname" not in latex and r"\mathrm" not in latex:
            assert re.fullmatch(r"[\w\s,;:.#$@_-]+", said), (latex, said)
        assert not re.search(r"[\\{}^∑∫≤≥→⊤ˆ\u2061-\u2064]|  ", said), (latex, said)
