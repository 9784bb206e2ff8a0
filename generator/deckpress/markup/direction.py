"""In which direction a text runs, and which of its pieces run from left to right all the same."""

from __future__ import annotations

import re
from collections.abc import Iterable
from unicodedata import bidirectional

from deckpress.model.words import is_right_to_left
from deckpress.tree.node import Node, is_formula, walk

_LETTER = re.compile(r"[A-Za-z]")
_STRONG = {"L": "ltr", "R": "rtl", "AL": "rtl"}


def text_direction(nodes: Iterable[Node], language: str) -> str:
    """Return how HTML is told the direction of a text; see `directions_of`."""
    return directions_of(nodes, language)[0]


def directions_of(nodes: Iterable[Node], language: str) -> tuple[str, bool]:
    """Return how HTML is told the direction of a text, and whether pieces in it need their own.

    Args:
        nodes: the text.
        language: what it is written in, as a tag.

    Returns:
        `auto` where the first letter tells; else `rtl` or `ltr`: a text that has letters of its
        language runs as these do, also when it begins with a name in another script. And whether
        what always runs from left to right, such as code, must say so in it, as `is_mixed` has it.
    """
    found = _directions(nodes)
    right = is_right_to_left(language)
    own = "rtl" if right else "ltr"
    told = own if found and found[0] != own and own in found else "auto"
    return told, right or "rtl" in found


def runs_rightwards(nodes: Iterable[Node], language: str) -> bool:
    """Say whether a text runs from right to left: as its language does, if it has letters of it."""
    found = _directions(nodes)
    own = "rtl" if is_right_to_left(language) else "ltr"
    return (own if own in found or not found else found[0]) == "rtl"


def is_mixed(nodes: Iterable[Node], language: str) -> bool:
    """Say whether what always runs from left to right, such as code, must say so in a text."""
    return is_right_to_left(language) or "rtl" in _directions(nodes)


def _directions(nodes: Iterable[Node]) -> list[str]:
    """Return the directions of a text's letters without code and formulas, the first one first."""
    found: list[str] = []
    for node in walk(nodes):
        # Most pieces of most texts add nothing to what the first of them has shown.
        if node.text.isascii() and ("ltr" in found or not _LETTER.search(node.text)):
            continue
        if node.kind in ("code", "code_block", "image") or is_formula(node):
            continue
        for character in node.text:
            direction = _STRONG.get(bidirectional(character))
            if direction and direction not in found:
                found.append(direction)
                if len(found) == 2 or node.text.isascii():
                    break
        if len(found) == 2:
            break
    return found
