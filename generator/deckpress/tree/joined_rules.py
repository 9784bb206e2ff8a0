"""Many rules of a lexer as one regular expression.

A lexer tries its rules one by one at each place, and most of its time goes into those that do not
match. An expression of all of them, in their order, finds the same rule with one call.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

LexerRule = tuple[Any, Any, Any]
"""What matches; the kind of token or what makes tokens of the match; the state that follows."""
FindRule = Callable[[str, int], "tuple[re.Match[str], LexerRule] | None"]
"""From a text and an offset to the first rule that matches there."""

_LEADING_FLAGS = re.compile(r"\(\?[aiLmsux]+\)")
_OWN_GROUPS = re.compile(r"\\[1-9]|\(\?P|\(\?\(|\(\?[aiLmsux]+\)")
"""What means something else among other expressions: names and numbers of groups, flags."""
_FLAGS = {re.IGNORECASE: "i", re.MULTILINE: "m", re.DOTALL: "s"}
_NO_FLAGS = re.VERBOSE | re.ASCII | re.LOCALE


def join_rules(rules: Sequence[LexerRule]) -> FindRule:
    """Join the rules of one state of a lexer.

    Args:
        rules: the rules, in the order in which they are tried.

    Returns:
        What finds a rule; it tries them one by one if they cannot be joined.
    """
    parts: list[str] = []
    by_group: dict[int | None, LexerRule] = {}
    groups = 0
    for rule in rules:
        source = _source(rule)
        if source is None:
            return _in_turn(rules)
        # An empty group behind each says which of them has matched.
        parts.append(f"{source}()")
        groups += rule[0].__self__.groups + 1
        by_group[groups] = rule
    try:
        match_any = re.compile("|".join(parts)).match
    except re.error:
        return _in_turn(rules)

    def find(text: str, at: int) -> tuple[re.Match[str], LexerRule] | None:
        match = match_any(text, at)
        if match is None:
            return None
        rule = by_group[match.lastindex]
        return (rule[0](text, at) if callable(rule[1]) else match), rule

    return find


def _source(rule: LexerRule) -> str | None:
    """Return the expression of a rule with its flags; None when it cannot stand among others."""
    pattern = getattr(rule[0], "__self__", None)
    if not isinstance(pattern, re.Pattern) or pattern.flags & _NO_FLAGS:
        return None
    leading = _LEADING_FLAGS.match(pattern.pattern)
    source = pattern.pattern[leading.end() if leading else 0 :]
    flags = "".join(letter for flag, letter in _FLAGS.items() if pattern.flags & flag)
    return None if _OWN_GROUPS.search(source) else f"(?{flags}:{source})"


def _in_turn(rules: Sequence[LexerRule]) -> FindRule:
    def find(text: str, at: int) -> tuple[re.Match[str], LexerRule] | None:
        for rule in rules:
            match = rule[0](text, at)
            if match:
                return match, rule
        return None

    return find
