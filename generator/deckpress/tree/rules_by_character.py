"""The rules of a lexer's state, by the character that stands at a place.

A lexer tries its rules one by one at each place, and most of its time goes into those that do not
match. Most of these cannot match where a certain character stands, and are not even tried here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from deckpress.tree.first_characters import ASCII, first_characters

LexerRule = tuple[Any, Any, Any]
"""What matches; the kind of token or what makes tokens of the match; the state that follows."""


class RulesByCharacter(dict[str, tuple[LexerRule, ...]]):
    """The rules of one state that may match, by the character at a place; "" is the text's end.

    Args:
        rules: the rules, in the order in which they are tried.
    """

    def __init__(self, rules: Sequence[LexerRule]) -> None:
        super().__init__()
        self._all = tuple(rules)
        self._first = [_first_characters(rule) for rule in rules]

    def __missing__(self, character: str) -> tuple[LexerRule, ...]:
        found = self._all
        if character in ASCII:
            both = zip(self._all, self._first, strict=True)
            found = tuple(rule for rule, first in both if character in first)
        self[character] = found
        return found


def _first_characters(rule: LexerRule) -> frozenset[str]:
    pattern = getattr(rule[0], "__self__", None)
    return first_characters(pattern) if isinstance(pattern, re.Pattern) else ASCII
