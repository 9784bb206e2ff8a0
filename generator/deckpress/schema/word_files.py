"""The shapes of words by language: `templates/words/<language>.yaml`, and `words` in deck.yaml."""

from __future__ import annotations

from gettext import c2py
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator

from deckpress.schema.words import Shape, Slug, Text

PluralForm = Literal["zero", "one", "two", "few", "many", "other"]


def _condition(text: str) -> str:
    try:
        c2py(text)
    except ValueError:
        hint = "a condition is written as in C, with n for the number: n % 10 == 1"
        raise ValueError(hint) from None
    return text


def _as_forms(value: object) -> object:
    return {"other": value} if isinstance(value, str) else value


def _whole(forms: dict[PluralForm, str]) -> dict[PluralForm, str]:
    if "other" not in forms:
        raise ValueError("the form 'other' is missing, which is used for all other numbers")
    return forms


Condition = Annotated[str, AfterValidator(_condition)]
Word = Annotated[
    dict[PluralForm, Text],
    BeforeValidator(_as_forms, json_schema_input_type=Text | dict[PluralForm, Text]),
    AfterValidator(_whole),
]
"""A word, or its forms beside a number."""


class WordsFile(Shape):
    """`templates/words/<language>.yaml`: what the program itself says, in a language.

    All of it is optional: the file of a deck gives only what differs from the program's own.
    """

    plural: dict[PluralForm, Condition] = {}
    words: dict[Slug, Word] = {}
