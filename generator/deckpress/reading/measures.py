"""What can be counted of a note's content, and questions that are nearly the same."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from deckpress.model.collection import Catalogue, Writing
from deckpress.model.note import Content, Note
from deckpress.tree.node import Node, plain_text, walk

ALIKE = 0.8
"""From which share of common words (of those that either has) two questions are nearly the same."""

_WORD = re.compile(r"[^\W_]+")
_COMMON = frozenset(
    _WORD.findall(
        "a an the of in on for to and or is are was does do did how what why when which who where"
        " with by from at as it its this that than you your not no be can"
    )
)


@dataclass(frozen=True, slots=True)
class Measures:
    """Counts of a note: words of the question; follow-up questions, and those that are answered."""

    question_words: int
    follow_ups: int
    answered: int


def measure_note(note: Note, content: Content, catalogue: Catalogue) -> Measures:
    """Count the words of a note's question, and its follow-ups.

    A follow-up is an item of the section Follow-ups; it is answered when something stands behind
    its question mark.
    """
    items = [
        plain_text(node.children).strip()
        for nodes in (content.sections.get("Follow-ups", ()),)
        for node in walk(nodes)
        if node.kind == "list_item"
    ]
    answered = sum(bool(item.rpartition("?")[2].strip(" )\n")) for item in items)
    return Measures(_count(content.question), len(items), answered)


MEASURES = Writing("measures", measure_note)


def find_near_duplicates(notes: Sequence[Note]) -> list[tuple[Note, Note]]:
    """Find pairs of notes whose questions have nearly the same words; order does not matter.

    Args:
        notes: the notes.

    Returns:
        Pairs in the order of the notes; those of one file and kind that only differ in a number are
        pairs, too.
    """
    words = {note.id: _content_words(note.question) for note in notes}
    index: dict[str, list[Note]] = defaultdict(list)
    pairs: list[tuple[Note, Note]] = []
    for note in notes:
        near = {other.id: other for word in words[note.id] for other in index[word]}
        for other in near.values():
            either = words[note.id] | words[other.id]
            if len(words[note.id] & words[other.id]) >= ALIKE * len(either):
                pairs.append((other, note))
        for word in words[note.id]:
            # A word that half of the deck has tells no two notes from the rest.
            if len(index[word]) < 200:
                index[word].append(note)
    return pairs


def _count(nodes: Iterable[Node]) -> int:
    return len(plain_text(nodes).split())


def _content_words(question: str) -> frozenset[str]:
    return frozenset(_WORD.findall(question.casefold())) - _COMMON
