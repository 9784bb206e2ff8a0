"""What `deckpress new` writes under a question, to be filled in, and cards that still say so."""

from __future__ import annotations

from collections.abc import Mapping

from deckpress.text.problem import Location, Problem

BODIES: Mapping[str, str] = {
    "basic": "The short answer: what you would say in half a minute.\n",
    "cloze": "Text with {{c1::hidden words}}.\n",
    "coding": "```python\n\n```\n\n---\n\nThe approach in a sentence.\n\n```python\n\n```\n\n"
    "```python test\n\n```\n",
    "design": "The outline in a sentence.\n\n## First step\n\n## Second step\n",
    "reversed": "The other side.\n",
}
"""The words under a question by kind of note; of other kinds, those of the basic one."""

_UNFILLED = frozenset(body.strip() for body in BODIES.values())


def find_unfilled(markdown: str, where: Location) -> list[Problem]:
    """Say of a card that nobody has filled it in since it was begun."""
    if markdown.strip() not in _UNFILLED:
        return []
    hint = "the text is still what `deckpress new` wrote; write the answer"
    return [Problem(where, "the card is not filled in", hint, rule="unfilled-card")]
