"""What a question is called where only words can stand, and what tells it from others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from deckpress.tree.node import PLAYED, Node, plain_text, walk


def name_question(question: Sequence[Node]) -> str:
    """Return a question in plain words on one line; what only plays is called by its files."""
    words = " ".join(plain_text(question).split())
    played = (node for node in walk(question) if node.kind in PLAYED)
    return words or ", ".join(node.get("label") or node.get("src") for node in played)


def key_of_front(question: Sequence[Node], files: Mapping[str, str]) -> str:
    """Return what two notes that ask the same have in common: words, and sounds by their files."""
    heard = [files.get(n.get("src"), n.get("src")) for n in walk(question) if n.kind in PLAYED]
    return " ".join([" ".join(plain_text(question).split()).casefold(), *heard]).strip()
