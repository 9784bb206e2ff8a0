"""Near misses: which of the known words an author probably meant."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from functools import lru_cache
from operator import eq

from deckpress.text.problem import Fix, Location, Problem, replacing

_MANY = 500
"""How many words are compared with one: each is compared letter by letter."""

_NEAR = 0.6
"""How much of two words is the same, from 0 to 1, where one may be meant by the other."""

_FEW = 5
"""How many words are offered as fixes when none of them is near."""


def suggest(word: str, options: Iterable[str], *, most: int = 12, without: str = "") -> str:
    """Say which of the options was probably meant, or list them.

    Args:
        word: what the author wrote.
        options: the words that would have been right.
        most: how many options are listed when none is near.
        without: what to do if none of them is meant, such as where to describe a new one.

    Returns:
        A hint such as "did you mean 'google'?" or "one of: a, b", and what else to do; of more
        options than are listed, a dozen would say nothing, and only that is told.
    """
    known = _sorted(frozenset(options))
    near = _nearest(word, _around(word, known))
    if near:
        return f"did you mean '{near[0]}'?"
    if not known or (without and len(known) > most):
        return without
    more = f", ... ({len(known)} in all)" if len(known) > most else ""
    return "one of: " + ", ".join(known[:most]) + more + (f"; or {without}" if without else "")


def suggest_behind(word: str, options: Iterable[str]) -> str:
    """Say in brackets, behind a message, what was probably meant; nothing without options."""
    hint = suggest(word, options)
    return f" ({hint})" if hint else ""


def is_near(word: str, option: str) -> bool:
    """Say whether a word is probably another one, misspelt."""
    return bool(nearest(word, [option]))


def nearest(word: str, options: Iterable[str], *, cutoff: float = _NEAR) -> str:
    """Return the option that is most like a word, if one is like it; capitals only break ties.

    Args:
        word: what the author wrote.
        options: the words that would have been right.
        cutoff: how much of the two must be the same, from 0 to 1.
    """
    return next(iter(_nearest(word, _sorted(frozenset(options)), cutoff)), "")


def fixes_of(word: str, options: Iterable[str], *, lines: int = 1) -> tuple[Fix, ...]:
    """Return what may have been meant in place of a word.

    Args:
        word: what the author wrote.
        options: the words that would have been right.
        lines: within how many lines it stands.

    Returns:
        The fix that writes the nearest of them, which is safe when they differ in capitals, dashes
        and underscores only; or one for each of very few.
    """
    if not word:
        return ()
    known = _sorted(frozenset(options))
    around = _around(word, known)
    near = _nearest(word, around)
    if near:
        alike = [option for option in around if _letters(option) == _letters(word)]
        return (replacing(word, near[0], lines=lines, safe=alike == [*near]),)
    return tuple(replacing(word, option, lines=lines) for option in known if len(known) <= _FEW)


@lru_cache(maxsize=8)
def _sorted(options: frozenset[str]) -> tuple[str, ...]:
    return tuple(sorted(options))


def _around(word: str, known: Sequence[str]) -> tuple[str, ...]:
    """Return the words that one is compared with: of very many those beside it in the alphabet."""
    if len(known) <= _MANY:
        return tuple(known)
    found: set[str] = set()
    for spelling in (word.lower(), _letters(word)):
        at = bisect_left(known, spelling)
        found.update(known[max(at - _MANY // 4, 0) : at + _MANY // 4])
    return tuple(sorted(found))


@lru_cache(maxsize=64)
def _nearest(word: str, known: tuple[str, ...], cutoff: float = _NEAR) -> tuple[str, ...]:
    # By small letters on both sides: a name with capitals is no further from what was written.
    spelt: dict[str, list[str]] = {}
    for option in known:
        spelt.setdefault(option.lower(), []).append(option)
    near = get_close_matches(word.lower(), spelt, n=1, cutoff=cutoff)
    return tuple(max(spelt[each], key=lambda option: _same(word, option)) for each in near)


def _same(one: str, other: str) -> int:
    return sum(map(eq, one, other))


def _letters(word: str) -> str:
    return word.casefold().replace("-", "").replace("_", "")


def misnamed(
    where: Location,
    message: str,
    word: str,
    options: Iterable[str],
    *,
    rule: str,
    most: int = 12,
    without: str = "",
) -> Problem:
    """Say of a word that it is none of those that are known here.

    Args:
        where: its place.
        message: what is wrong.
        word: what the author wrote.
        options: the words that would have been right.
        rule: the rule that found it.
        most: how many options are listed when none is near.
        without: what to do if none of them is meant, such as where to describe a new one.

    Returns:
        The problem; its hint says what was probably meant, its fixes write it.
    """
    known = frozenset(options)
    hint = suggest(word, known, most=most, without=without)
    return Problem(where, message, hint, rule=rule, fixes=fixes_of(word, known))
