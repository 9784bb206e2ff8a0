"""The words of a deck's language in templates: `[[words.answer]]`, and `say` in those of Jinja."""

from __future__ import annotations

import re
from typing import Protocol

from deckpress.markup.elements import Html, attributes, element, escaped, join
from deckpress.markup.elements import text as as_html
from deckpress.model.scales import DIFFICULTIES
from deckpress.model.words import PLACE, Words, is_right_to_left
from deckpress.text.problem import Problem, location_in
from deckpress.text.suggestions import suggest

_DECK = re.compile(r"\[\[deck\.([\w-]+)\]\]")
_ASKED = ("language", "direction", "difficulty")
_DIFFICULTY = "{{Difficulty}}"
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
        return word if plain else str(as_html(word))

    return _MARK.sub(write, text)


def put_deck(text: str, language: str, words: Words) -> str:
    """Put into a template of Anki's what it asks of the deck.

    Args:
        text: the template; it may name `deck.language` (the attributes of an element), the
            `deck.direction` in which the language runs, and the `deck.difficulty` of a note.
        language: the deck's language.
        words: its words.

    Returns:
        The template as it is used.
    """
    direction = "rtl" if is_right_to_left(language) else "ltr"
    levels = {name: words.say(name) for name in DIFFICULTIES}
    # Searches and styles rely on the word in the field: what it means stands in the template.
    spoken = join(element("span", word, class_=name) for name, word in levels.items())
    same = all(name == word for name, word in levels.items())
    values = {
        "language": attributes(lang=language, dir=direction),
        "direction": direction,
        "difficulty": _DIFFICULTY if same else spoken,
    }
    return _DECK.sub(lambda match: values[match[1]], text)


def unknown_words(text: str, words: Words) -> list[Problem]:
    """Find the words that a template names and no language has."""
    return [
        Problem(
            location_in(text, match.start()),
            f"there is no word '{match[1]}'",
            suggest(match[1], known),
            rule="unknown-word",
        )
        for pattern, known in ((_MARK, words.forms), (_DECK, _ASKED))
        for match in pattern.finditer(text)
        if match[1] not in known
    ]


class Say(Protocol):
    """Says a word in a template: its places are filled with values, `n` chooses its form."""

    def __call__(self, key: str, **values: object) -> Html:
        """Return the word as HTML; of the values only what is HTML stays as it is."""


def speaker(words: Words) -> Say:
    """Return what says words in Jinja's templates."""

    right = is_right_to_left(words.language)

    def set_apart(written: Html) -> Html:
        return element("bdi", written) if right and written else written

    def say(key: str, **values: object) -> Html:
        pieces = PLACE.split(words.form(key, values.get("n")))
        return join(
            set_apart(escaped(values[piece])) if index % 2 else escaped(piece)
            for index, piece in enumerate(pieces)
        )

    return say
