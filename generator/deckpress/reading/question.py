"""What a question is called where only words can stand, and what tells it from others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from deckpress.model.note import Content
from deckpress.tree.node import MEDIA, PLAYED, Node, plain_text, walk


def name_question(question: Sequence[Node]) -> str:
    """Return a question in plain words on one line; what only plays is called by its files."""
    words = " ".join(plain_text(question).split())
    played = (node for node in walk(question) if node.kind in PLAYED)
    return words or ", ".join(node.get("label") or node.get("src") for node in played)


def key_of_front(content: Content, images: Mapping[str, str], *, cloze: bool) -> str:
    """Return what tells a front from others: its words, figures and sounds; of a cloze
    note its text.
    """
    question = " ".join(plain_text(content.question).split()).casefold()
    shown = (*content.front, *(content.answer if cloze else ()))
    figures = [
        images.get(node.get("src"), "")
        for node in (walk((*content.question, *shown)) if images else ())
        if node.kind in MEDIA
    ]
    rest = " ".join(plain_text(map(_show_holes, shown)).split())
    return "\n".join(part for part in (question, rest, *figures) if part)


def _show_holes(node: Node) -> Node:
    """Write into a tree which of its words a hole hides."""
    inner = tuple(map(_show_holes, node.children))
    if node.kind == "cloze":
        inner = (Node("text", text=f"{{{node.get('number')}"), *inner, Node("text", text="}"))
    return node.with_children(inner)
