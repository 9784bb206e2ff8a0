"""The words of a deck's language in templates: `[[words.answer]]`, and `say` in those of Jinja."""

from __future__ import annotations

import re
from html import escape
from typing import Protocol

from deckpress.markup.jinja import Html, escaped, html
from deckpress.model.words import PLACE, Words
from deckpress.text.problem import Problem, location_in
from deckpress.text.suggestions import suggest

_MARK = re.compile(r"\[\[words\.([\w-]+)\]\]")


def put_words(text: str, words: Words, *, css: bool = False, plain: bool = False) -> str:
    """Put words where a template names them.

    Args:
        text: a template in a language without values, such as Anki's, or a style sheet.
        words: the words of the deck's language; all that are named must be there.
        css: whether the words stand in quotes in a style sheet, not in HTML.
        plain: whether they stand in neither.

    Returns:
        The template as it is used.
    """

    def write(match: re.Match[str]) -> str:
        word = words.form(match[1])
        if css:
            return re.sub(r'[\\"<\n]', lambda found: f"\\{ord(found[0]):x} ", word)
        return word if plain else escape(word, quote=False)

    return _MARK.sub(write, text)


def unknown_words(text: str, words: Words) -> list[Problem]:
    """Find the words that a template names and no language has."""
    return [
        Problem(
            location_in(text, match.start()),
            f"there is no word '{match[1]}'",
            suggest(match[1], words.forms),
            rule="unknown-word",
        )
        for match in _MARK.finditer(text)
        if match[1] not in words
    ]


class Say(Protocol):
    """Says a word in a template: its places are filled with values, `n` chooses its form."""

    def __call__(self, key: str, **values: object) -> Html:
        """Return the word as HTML; of the values only what is HTML stays as it is."""


def speaker(words: Words) -> Say:
    """Return what says words in Jinja's templates."""

    def say(key: str, **values: object) -> Html:
        pieces = PLACE.split(words.form(key, values.get("n")))
        return html(
            "".join(
                escaped(values[piece] if index % 2 else piece) for index, piece in enumerate(pieces)
            )
        )

    return say
