"""What of each note's characters decides whether the PDF has glyphs for all of them."""

from __future__ import annotations

from collections import Counter

from deckpress.model.collection import Catalogue, Writing
from deckpress.model.note import Content, Note
from deckpress.tree.node import is_hidden_test, walk


def _count(note: Note, content: Content, catalogue: Catalogue) -> dict[str, int]:
    """Count the characters of a note that are printed and not ASCII."""
    texts = [
        node.text
        for part in content.parts
        for node in walk(part)
        if node.kind != "image" and not is_hidden_test(node)
    ]
    texts += (citation.title for citation in note.citations)
    texts += note.tags
    return dict(Counter(character for text in texts for character in text if character > "\x7f"))


CHARACTERS = Writing("characters", _count, dict[str, int])
"""How often a note says each character that is not ASCII."""
