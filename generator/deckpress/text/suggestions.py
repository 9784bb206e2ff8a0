"""Near misses: which of the known words an author probably meant."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from deckpress.text.problem import Fix, Location, Problem, replacing

_FEW = 5
"""How many words are offered as fixes when none of them is near."""


def suggest(word: str, options: Iterable[str], *, most: int = 12) -> str:
    """Say which of the options was probably meant, or list them.

    Args:
        word: what the author wrote.
        options: the words that would have been right.
        most: how many options are listed when none is near.

    Returns:
        A hint such as "did you mean 'google'?" or "one of: a, b"; empty without options.
    """
    known = sorted(set(options))
    near = get_close_matches(word.lower(), known, n=1, cutoff=0.6)
    if near:
        return f"did you mean '{near[0]}'?"
    if not known:
        return ""
    more = f", ... ({len(known)} in all)" if len(known) > most else ""
    return "one of: " + ", ".join(known[:most]) + more


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
    known = sorted(set(options))
    near = get_close_matches(word.lower(), known, n=1, cutoff=0.6)
    if not word:
        return ()
    if near:
        alike = [option for option in known if _letters(option) == _letters(word)]
        return (replacing(word, near[0], lines=lines, safe=alike == near),)
    return tuple(replacing(word, option, lines=lines) for option in known if len(known) <= _FEW)


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
) -> Problem:
    """Say of a word that it is none of those that are known here.

    Args:
        where: its place.
        message: what is wrong.
        word: what the author wrote.
        options: the words that would have been right.
        rule: the rule that found it.
        most: how many options are listed when none is near.

    Returns:
        The problem; its hint says what was probably meant, its fixes write it.
    """
    known = list(options)
    hint = suggest(word, known, most=most)
    return Problem(where, message, hint, rule=rule, fixes=fixes_of(word, known))
