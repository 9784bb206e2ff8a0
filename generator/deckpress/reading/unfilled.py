"""What `deckpress new` writes under a question, to be filled in, and cards that still say so."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from deckpress.model.words import Words
from deckpress.text.problem import Location, Problem


def begin_bodies(words: Words) -> Mapping[str, str]:
    """Return what is written under a new question, by kind of note.

    Args:
        words: those of the deck's language.

    Returns:
        Markdown that ends in a line break; kinds that are not in it begin as the basic one.
    """
    # Without `say`, which sets a value apart: the braces are no text.
    hidden = f"{{{{c1::{words.form('new-hidden')}}}}}"
    code = "```python\n\n```\n"
    return {
        "basic": f"{words.form('new-answer')}\n",
        "cloze": f"{words.form('new-text').replace('{words}', hidden)}\n",
        "coding": f"{code}\n---\n\n{words.form('new-approach')}\n\n{code}\n```python test\n\n```\n",
        "design": f"{words.form('new-outline')}\n\n## {words.form('new-first-step')}\n\n"
        f"## {words.form('new-second-step')}\n",
        "reversed": f"{words.form('new-other-side')}\n",
    }


def find_unfilled(markdown: str, where: Location, unfilled: Collection[str]) -> list[Problem]:
    """Say of a card that nobody has filled it in since it was begun.

    Args:
        markdown: what stands under its question.
        where: its place.
        unfilled: what new cards begin with, without blanks around it.

    Returns:
        The advice, if it is one of these.
    """
    if markdown.strip() not in unfilled:
        return []
    hint = "the text is still what `deckpress new` wrote; write the answer"
    return [Problem(where, "the card is not filled in", hint, rule="unfilled-card")]
