"""Near misses: which of the known words an author probably meant."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


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
