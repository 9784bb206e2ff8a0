"""Pieces of text that have an end, found in one pass even where most have none."""

from __future__ import annotations

import re
from collections.abc import Iterator


def find_closed(
    pattern: re.Pattern[str], opening: re.Pattern[str], text: str
) -> Iterator[re.Match[str]]:
    """Yield what a pattern finds, without looking twice for an end that there is none of.

    Args:
        pattern: pieces of several kinds, each from its beginning to the first end of its kind,
            however far that is.
        opening: their beginnings; what it finds, in lower case, names the kind.
        text: where they are looked for.

    Yields:
        The matches of the pattern, as `finditer` does.
    """
    endless: set[str] = set()
    at = 0
    while begun := opening.search(text, at):
        kind = begun[0].lower()
        found = None if kind in endless else pattern.match(text, begun.start())
        if found:
            yield found
        else:
            endless.add(kind)
        at = (found or begun).end()
