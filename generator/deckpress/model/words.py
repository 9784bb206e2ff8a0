"""The words that the program itself says, in the language of a deck."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from gettext import c2py

PLURAL_FORMS = ("zero", "one", "two", "few", "many", "other")
"""The forms of words that stand with a number, as Unicode CLDR calls them."""

PLACE = re.compile(r"\{(\w+)\}")
"""A place in a word, which a value fills."""

SECTIONS = ("Hint", "Pitfalls", "Follow-ups")
"""The sections whose names are the program's."""

_RIGHT_TO_LEFT = frozenset(
    {
        "ar", "arc", "bal", "bgn", "ckb", "dv", "fa", "glk", "he", "iw", "khw", "ks", "lrc", "mzn",
        "nqo", "pnb", "ps", "sd", "sdh", "syr", "ug", "ur", "yi",
    }
)  # fmt: skip
_SCRIPTS = frozenset(
    {"adlm", "arab", "aran", "hebr", "mand", "nkoo", "rohg", "samr", "syrc", "thaa"}
)


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a language, by key; each has a form `other`, and others with a number.

    `language` is the one they are of; `plural` gives for a form the condition, in C and on `n`, on
    which a number asks for it; the first that holds counts.
    """

    language: str = "en"
    plural: Mapping[str, str] = field(default_factory=dict)
    forms: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def __contains__(self, key: str) -> bool:
        return key in self.forms

    def say(self, key: str, **values: object) -> str:
        """Say a word.

        Args:
            key: its key.
            values: what its places are filled with; `n`, a number, chooses the form.

        Returns:
            The word in the deck's language.
        """
        return PLACE.sub(
            lambda match: self.set_apart(values[match[1]]), self.form(key, values.get("n"))
        )

    def set_apart(self, value: object) -> str:
        """Return a value as it stands in a word: apart, where letters around it would turn it.

        In Arabic 2026-11-27 would be read from its end; a number alone is read as it is.
        """
        turned = is_right_to_left(self.language) and not isinstance(value, int) and value != ""
        return f"\u2068{value}\u2069" if turned else str(value)

    def form(self, key: str, number: object = None) -> str:
        """Return a word with its places open, in the form that goes with a number."""
        forms = self.forms[key]
        if isinstance(number, int) and len(forms) > 1:
            for name, condition in self.plural.items():
                if name in forms and _holds(condition)(number):
                    return forms[name]
        return forms["other"]

    def name(self, prefix: str, word: str) -> str:
        """Return what a name that decks can add to, such as a kind's, is called: else itself."""
        key = prefix + word
        return self.forms[key]["other"] if key in self.forms else word

    def join(self, texts: Iterable[str]) -> str:
        """Join texts into a list."""
        return self.say("comma").join(texts)


def section_name(name: str, words: Words) -> str:
    """Return what a section, such as Follow-ups, is called: in a deck's own kinds as it is."""
    key = "-".join(name.lower().split())
    return words.say(key) if name in SECTIONS else name


def page_language(language: str, words: Words) -> str:
    """Return the language of a page: a deck's own, if the words on it are of that language."""
    own = language.partition("-")[0] == words.language.partition("-")[0]
    return language if own else words.language


@lru_cache(maxsize=64)
def _holds(condition: str) -> Callable[[int], int]:
    return c2py(condition)


def is_right_to_left(language: str) -> bool:
    """Say whether a language is written from right to left.

    Args:
        language: its tag, such as `ar` or `az-Arab`; a script in it decides.
    """
    first, *rest = language.lower().split("-")
    scripts = [part for part in rest if len(part) == 4 and part.isalpha()]
    return scripts[0] in _SCRIPTS if scripts else first in _RIGHT_TO_LEFT
