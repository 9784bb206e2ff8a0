"""Citations at a claim, in Pandoc's syntax: `[@vaswani2017, sec. 3.2]`, `[@a; @b, p. 3]`."""

from __future__ import annotations

import re
from dataclasses import dataclass

CITATION = re.compile(r"\[(@[A-Za-z0-9_][^\[\]\n]*)\]")
_ITEM = re.compile(
    r"@?(?P<key>[A-Za-z0-9_](?:[\w:.+/-]*\w)?)\s*(?:,\s*|\s+|$)(?P<locator>.*)", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Cited:
    """A work that is cited: its key, and where in it (may be empty)."""

    key: str
    locator: str = ""


def read_cited(text: str) -> tuple[Cited, ...]:
    """Read keys with what follows each, separated by semicolons.

    Args:
        text: such as `@vaswani2017, sec. 3.2; @bishop2006`; the @ may be missing.

    Returns:
        What is cited; nothing when a part of the text is no key.
    """
    found: list[Cited] = []
    for part in text.split(";"):
        match = _ITEM.fullmatch(part.strip())
        if not match:
            return ()
        found.append(Cited(match["key"], " ".join(match["locator"].split())))
    return tuple(found)
