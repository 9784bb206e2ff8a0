"""Which characters the matches of a regular expression can begin with."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

ASCII = frozenset(map(chr, range(128)))

_SPACES = frozenset(c for c in ASCII if re.match(r"\s", c))
_WORDS = frozenset(c for c in ASCII if re.match(r"\w", c))
_DIGITS = frozenset("0123456789")
_CATEGORIES = {
    "CATEGORY_SPACE": _SPACES,
    "CATEGORY_NOT_SPACE": ASCII - _SPACES,
    "CATEGORY_WORD": _WORDS,
    "CATEGORY_NOT_WORD": ASCII - _WORDS,
    "CATEGORY_DIGIT": _DIGITS,
    "CATEGORY_NOT_DIGIT": ASCII - _DIGITS,
}
_NO_WIDTH = ("AT", "ASSERT", "ASSERT_NOT")
_REPEATS = ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT")


def first_characters(pattern: re.Pattern[str]) -> frozenset[str]:
    """Say with which ASCII characters a match of an expression can begin.

    Args:
        pattern: the expression.

    Returns:
        No fewer than those; all, if a match can be empty or the expression is not understood.
    """
    if pattern.flags & re.ASCII:
        return ASCII  # blanks are others then
    try:
        # Only Python's own reader of expressions knows all of their forms.
        from re import _parser  # type: ignore[attr-defined]

        items = _parser.parse(pattern.pattern, pattern.flags & ~re.DEBUG)
        found, may_be_empty = _first(items, bool(pattern.flags & re.IGNORECASE))
    except Exception:  # what it says of an expression may be another thing in another Python
        return ASCII
    return ASCII if may_be_empty else found


_First = tuple[frozenset[str], bool]
"""First characters of what is not empty, and whether it may be empty."""


def _first(items: Sequence[tuple[Any, Any]], ignores_case: bool) -> _First:
    """Look at items that follow one another."""
    found: frozenset[str] = frozenset()
    for operation, argument in items:
        here, may_be_empty = _first_of(str(operation), argument, ignores_case)
        found |= here
        if not may_be_empty:
            return found, False
    return found, True


def _first_of(name: str, argument: Any, ignores_case: bool) -> _First:
    if name in _NO_WIDTH:
        return frozenset(), True
    if name == "LITERAL":
        return _cased(frozenset(chr(argument)), ignores_case), False
    if name == "IN":
        return _in_set(argument, ignores_case), False
    if name in ("ANY", "NOT_LITERAL"):
        return ASCII, False
    if name in _REPEATS:
        least, _, inner = argument
        found, may_be_empty = _first(inner, ignores_case)
        return found, may_be_empty or least == 0
    if name == "BRANCH":
        branches = [_first(branch, ignores_case) for branch in argument[1]]
        return frozenset[str]().union(*(found for found, _ in branches)), any(
            e for _, e in branches
        )
    if name == "SUBPATTERN":
        _, added, removed, inner = argument
        ignores_case = bool(added & re.IGNORECASE) or (ignores_case and not removed & re.IGNORECASE)
        return _first(inner, ignores_case)
    if name == "ATOMIC_GROUP":
        return _first(argument, ignores_case)
    raise ValueError(f"no such item is known: {name}")


def _in_set(members: Sequence[tuple[Any, Any]], ignores_case: bool) -> frozenset[str]:
    found: frozenset[str] = frozenset()
    negated = False
    for operation, argument in members:
        name = str(operation)
        if name == "NEGATE":
            negated = True
        elif name == "LITERAL":
            found |= frozenset(chr(argument))
        elif name == "RANGE":
            low, high = argument
            found |= frozenset(map(chr, range(low, min(high, 127) + 1)))
            found |= frozenset(chr(high)) if high > 127 else frozenset()
        else:
            found |= _CATEGORIES[str(argument)]
    if negated:
        return ASCII if ignores_case else ASCII - found
    return _cased(found, ignores_case)


def _cased(found: frozenset[str], ignores_case: bool) -> frozenset[str]:
    if not ignores_case:
        return found & ASCII
    if not found <= ASCII:
        # Some letters beyond ASCII count as one within: the long s, the sign of Kelvin.
        return ASCII
    return frozenset(other for each in found for other in (each.lower(), each.upper()))
