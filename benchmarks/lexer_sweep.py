"""Every lexer on text that lexers go back over: `python benchmarks/lexer_sweep.py [language ...]`.

The limit is set lower than a build has it, for it is held everywhere or nowhere. Each language is
tried in a process of its own: what takes longer than limit and margin, or crashes, is told.
"""

from __future__ import annotations

import sys
from functools import partial

from hostile_growth import repeat, try_text
from pygments.lexers import get_all_lexers

from deckpress.tree import code

LIMIT, MARGIN = 0.2, 0.8
"""Seconds of computing that colouring may take here, and what it may take to give up."""

SIZE = 10_000

TEXTS = (
    repeat("\\", '"'), repeat("\\", "'"), repeat('\\"', '"'), repeat("\\a", "'"), repeat('\\"', '"""'),
    repeat("${", '"'), repeat("/*"), repeat("("), repeat("<a "), repeat("a"), repeat(" ", "a", "b"),
    repeat("\n", "", "x"),
)  # fmt: skip


def colour(language: str, text: str) -> None:
    """Colour a text, or give it up."""
    code.is_slow(text, language)


def main() -> None:
    """Print what breaks the limit, and exit with 1 if anything does."""
    known = sorted(aliases[0] for _, aliases, _, _ in get_all_lexers() if aliases)
    languages = [name for name in sys.argv[1:] or known if code.is_language(name)]
    code.SLOW = LIMIT
    given_up: set[str] = set()
    bad = 0
    for language in languages:
        for number, make in enumerate(TEXTS):
            tried = try_text(partial(colour, language), make(SIZE), 20)
            if tried.seconds > LIMIT:
                given_up.add(language)
            if tried.ended or tried.seconds > LIMIT + MARGIN:
                bad += 1
                how = tried.ended or f"{tried.seconds:.1f} s"
                print(f"{language}, text {number} ({make(9)!r} ...): {how}", flush=True)
    tries = len(languages) * len(TEXTS)
    print(f"{len(languages)} languages, {tries} tries: {len(given_up)} given up on some, {bad} bad")
    sys.exit(bad > 0)


if __name__ == "__main__":
    main()
