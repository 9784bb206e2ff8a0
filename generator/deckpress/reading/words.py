"""The words of a deck's language: the program's, the deck's own file, what deck.yaml says."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from deckpress.model.words import PLACE, Words
from deckpress.reading.template_files import TemplateFiles
from deckpress.schema.from_file import read_shape
from deckpress.schema.word_files import PluralForm, WordsFile
from deckpress.text.problem import Location, Problem
from deckpress.text.suggestions import suggest

ENGLISH = "en"
"""The language whose words all others have, and that speaks where a language has none."""

Forms = Mapping[str, Mapping[str, str]]


def words_name(files: TemplateFiles, language: str) -> str:
    """Return the name of the file that has the words of a language; English where none has them.

    Args:
        files: the templates.
        language: its tag; `zh-TW` is spoken by `words/zh-TW.yaml`, else by `words/zh.yaml`.
    """
    parts = language.split("-")
    names = [f"words/{'-'.join(parts[:size])}.yaml" for size in range(len(parts), 0, -1)]
    return next((name for name in names if files.path(name)), f"words/{ENGLISH}.yaml")


def read_words(
    files: TemplateFiles,
    language: str,
    own: Mapping[str, Mapping[PluralForm, str]] | None = None,
    place: Callable[[str], Location] = lambda key: Location(),
) -> tuple[Words, list[Problem]]:
    """Read the words that a deck speaks.

    Args:
        files: the templates, in which a deck may have a file of words.
        language: the deck's language.
        own: the words that `deck.yaml` gives, which go before all others.
        place: where `deck.yaml` gives the word of a key.

    Returns:
        The words, and what is wrong with the deck's own.
    """
    english = f"words/{ENGLISH}.yaml"
    name = words_name(files, language)
    problems: list[Problem] = []
    plural, forms = _read(files.shipped[english], {}, problems)
    known = forms
    for path in files.layers(name):
        if path == files.shipped[english]:
            continue
        rules, found = _read(path, known, problems)
        plural = rules or plural
        forms = {**forms, **found}
    given = _as_forms(own or {})
    for key in given:
        problems += _check(key, given[key], known, place(key))
    kept = {key: own_forms for key, own_forms in given.items() if key in known}
    return Words(Path(name).stem, plural, {**forms, **kept}), problems


def _read(path: Path, known: Forms, problems: list[Problem]) -> tuple[Mapping[str, str], Forms]:
    """Read a file of words: its conditions for plural forms, and its words by key."""
    found = read_shape(WordsFile, path)
    problems += found.problems
    if found.value is None:
        return {}, {}
    words = _as_forms(found.value.words)
    for key, forms in words.items() if known else ():
        problems += _check(key, forms, known, found.yaml.place(("words", key)))
    return {str(form): condition for form, condition in found.value.plural.items()}, words


def _as_forms(words: Mapping[str, Mapping[PluralForm, str]]) -> Forms:
    return {key: {str(form): text for form, text in found.items()} for key, found in words.items()}


def _check(key: str, forms: Mapping[str, str], known: Forms, where: Location) -> list[Problem]:
    """Find a key that nothing says, and places that nothing fills."""
    if key not in known:
        message, hint = f"words: there is no '{key}'", suggest(key, known)
        return [Problem(where, message, hint, rule="unknown-word")]
    places = {place for form in known[key].values() for place in PLACE.findall(form)}
    used = {place for form in forms.values() for place in PLACE.findall(form)}
    return [
        Problem(
            where,
            f"words: nothing fills {{{place}}} in '{key}'",
            suggest(place, places) if places else "this word has no placeholders",
            rule="unknown-word",
        )
        for place in sorted(used - places)
    ]
