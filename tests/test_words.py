"""The words that the program says: one file a language, all of them whole, and a deck's own."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from conftest import DECK_YAML, Sources
from deckpress import Selection, load, select
from deckpress.model.words import PLACE, Words, is_right_to_left
from deckpress.reading.template_files import overlay, templates_folder
from deckpress.reading.words import read_words
from deckpress.schema.from_file import read_shape
from deckpress.schema.word_files import WordsFile
from deckpress.text.problem import SourceError

FOLDER = templates_folder() / "words"
LANGUAGES = sorted(path.stem for path in FOLDER.glob("*.yaml"))


def words_of(language: str) -> Words:
    words, problems = read_words(overlay(templates_folder()), language)
    assert problems == []
    return words


def own_words(language: str) -> Mapping[str, Mapping[str, str]]:
    found = read_shape(WordsFile, FOLDER / f"{language}.yaml")
    assert found.value
    assert found.problems == ()
    return {
        key: {str(f): text for f, text in forms.items()} for key, forms in found.value.words.items()
    }


def places(form: str) -> set[str]:
    return set(PLACE.findall(form))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_the_keys_and_places_of_english(language: str) -> None:
    """No word is missing, none is left over, and each fills what the English one fills."""
    english, own = own_words("en"), own_words(language)
    assert list(own) == list(english)  # in the same order, so that files can be laid side by side
    for key, forms in own.items():
        assert places(forms["other"]) == places(english[key]["other"]), key
        for form in forms.values():
            assert places(forms["other"]) - places(form) <= {"n"}, key
            assert places(form) <= places(forms["other"]), key
            joined = key in (
                "comma", "semicolon", "colon", "in-brackets", "to-repeat", "brief-others"
            )  # fmt: skip
            assert form.strip() == form or joined, key


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_form_is_one_that_some_number_asks_for(language: str) -> None:
    """A form without a condition would never be said."""
    words = words_of(language)
    for key, forms in own_words(language).items():
        assert set(forms) - {"other"} <= set(words.plural), key
    assert "other" not in words.plural


@pytest.mark.parametrize("language", LANGUAGES)
def test_part_of_a_company_is_called_alike_in_its_heading_and_behind_a_category(
    language: str,
) -> None:
    """The page of a company finds the sections of a part by its name."""
    say = words_of(language).say
    for part in ("asked", "emphasis", "core"):
        assert say(f"part-{part}").lower() == say(f"in-part-{part}").lower()


def test_every_word_is_said_somewhere() -> None:
    """No key is left over in the catalogue."""
    root = Path(__file__).parents[1]
    sources = [*(root / "generator").rglob("*.py"), *templates_folder().rglob("*")]
    said = "\n".join(
        path.read_text(encoding="utf-8")
        for path in sources
        if path.suffix in (".py", ".html", ".css", ".js", ".j2", ".typ", ".yaml")
        and path.parent.name != "words"
    )
    built = re.compile(
        r"(any|kind|alert|badge|grade|rate|ask|part|in-part|index|part|field)-.*|[a-z]+-marks"
        r"|company|category|difficulty|tag|easy|medium|hard|hint|pitfalls|follow-ups"
        r"|system|light|dark|tonight|three-days|two-weeks"
    )
    left = [
        key
        for key in own_words("en")
        if not built.fullmatch(key) and not re.search(rf"(?<![\w-]){key}(?![\w-])", said)
    ]
    assert left == []


@pytest.mark.parametrize(
    ("language", "found"),
    [("en-GB", "en"), ("de-CH", "de"), ("zh-Hant-TW", "zh"), ("tlh", "en"), ("pt-BR", "en")],
)
def test_language_without_words_speaks_english(language: str, found: str) -> None:
    """A region takes the language's words; without any, English speaks."""
    assert words_of(language).language == found


def test_right_to_left_languages_are_known_and_a_script_decides() -> None:
    for language in ("ar", "he", "fa", "ur", "ar-EG", "az-Arab", "pa-Arab-PK", "yi"):
        assert is_right_to_left(language), language
    for language in ("en", "de", "zh-Hant", "az", "ar-Latn", "ja", "pa"):
        assert not is_right_to_left(language), language


def test_deck_says_other_words(sources: Sources) -> None:
    """`words` in deck.yaml goes before the language's; a form for one number may differ."""
    sources.write(
        "deck.yaml",
        DECK_YAML + 'words:\n  pitfalls: Beware\n  notes: {one: "{n} fact", other: "{n} facts"}\n',
    )
    sources.write("one/a.md", "# Question\n\nAnswer.\n\n## Pitfalls\n\nOne.\n")
    page = sources.build(formats=["html"]).read_text(encoding="utf-8")
    assert '<h4 dir="ltr">Beware</h4>' in page
    assert ">1 fact<" in page
    assert '"notes":{"one":"{n} fact","other":"{n} facts"}' in page


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("{answr: Reply}", "4:9: words: there is no 'answr' (did you mean 'answer'?)"),
        (
            "{answer: 'A {n}'}",
            "words: nothing fills {n} in 'answer' (this word has no placeholders)",
        ),
        ("{checked: '{dat}'}", "words: nothing fills {dat} in 'checked' (did you mean 'date'?)"),
        ("{notes: {one: x}}", "the form 'other' is missing"),
        ("{notes: {several: x, other: y}}", "several"),
        ("[a]", "words"),
    ],
)
def test_mistakes_in_a_decks_words_are_told(sources: Sources, words: str, told: str) -> None:
    sources.write(
        "deck.yaml", f"title: A\nslug: a\ncategories: [{{slug: one, name: One}}]\nwords: {words}\n"
    )
    sources.write("one/a.md", "# Question\n\nAnswer.\n")
    with pytest.raises(SourceError) as error:
        sources.build()
    assert told in str(error.value)


def test_deck_brings_a_language_of_its_own(sources: Sources) -> None:
    """A file of words in the deck's templates is a new language, with its rules for numbers."""
    sources.write(
        "templates/words/pl.yaml",
        "plural: {one: n == 1, few: n % 10 >= 2 && n % 10 <= 4 && (n % 100 < 12 || n % 100 > 14)}\n"
        'words:\n  notes: {one: "{n} notatka", few: "{n} notatki", other: "{n} notatek"}\n',
    )
    sources.write("deck.yaml", DECK_YAML + "language: pl\n")
    for name in "abc":
        sources.write(f"one/{name}.md", f"# Pytanie {name}\n\nOdpowiedź {name}.\n")
    assert ">3 notatki<" in sources.build(formats=["html"]).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("words: {answr: B}", "words/pl.yaml:1:9: words: there is no 'answr'"),
        ("plural: {one: n is 1}", "a condition is written as in C"),
        ("word: {}", "words/pl.yaml:1:1: unknown key 'word'"),
    ],
)
def test_mistakes_in_a_file_of_words_are_told(sources: Sources, text: str, told: str) -> None:
    sources.write("templates/words/pl.yaml", text + "\n")
    sources.write("deck.yaml", DECK_YAML + "language: pl\n")
    sources.write("one/a.md", "# Question\n\nAnswer.\n")
    with pytest.raises(SourceError) as error:
        sources.build()
    assert told in str(error.value)


def test_template_that_names_an_unknown_word_is_a_mistake(sources: Sources) -> None:
    sources.write("templates/card.css", '.x::after { content: "[[words.anwser]]"; }\n')
    sources.write("one/a.md", "# Question\n\nAnswer.\n")
    with pytest.raises(SourceError) as error:
        sources.build()
    assert "card.css:1:23: there is no word 'anwser' (did you mean 'answer'?)" in str(error.value)


_TYPOGRAPHY = {
    "ar": r"[\u0600-\u06ff] ?[,;?]",
    "de": r"\"|(?<!„)“(?=\w)",
    "es": r"\"|(?:^|[.?:;] )[^¿.?]*\?|(?:^|[.!:;] )[^¡.!]*!",
    "fr": r"\"|\w'|«[^\u00a0]|(?<!\u00a0)[;?!»](?!\w)|(?<!\u00a0):(?= |$)",
    "ja": r"[\u3040-\u30ff\u4e00-\u9fff][,.;?!]|？(?=\w)",
    "zh": r"[\u4e00-\u9fff][,.;:?!()]|[\u4e00-\u9fff]\"",
}
"""What a reader of the language would call wrongly set: quotes, signs of another script, spaces."""


def plain_text(card: str) -> str:
    """Return the text of a card without its front matter, code, formulas and attributes."""
    text = re.sub(r"\A---\n.*?\n---\n", "", card, flags=re.DOTALL)
    text = re.sub(r"^```.*?^```|`[^`]*`|\$[^$]*\$|\{#[^}]*\}", "", text, flags=re.DOTALL | re.M)
    return re.sub(r"\{\{c\d::(.*?)(?:::(.*?))?\}\}", r"\1", text)


@pytest.mark.parametrize("language", sorted(_TYPOGRAPHY))
def test_words_and_example_cards_are_set_as_the_language_sets_them(language: str) -> None:
    """Quotes, signs and the spaces beside them are those of the language."""
    texts = [form for forms in own_words(language).values() for form in forms.values()]
    texts = [re.sub(r"`[^`]*`|Retired:_\*|\{\w+\}", "x", text) for text in texts]
    cards = sorted((templates_folder() / "starter/cards" / language).glob("*.md"))
    texts += [plain_text(path.read_text(encoding="utf-8")) for path in cards]
    assert len(cards) == 5
    for text in texts:
        for line in text.splitlines():
            found = re.search(_TYPOGRAPHY[language], line)
            assert not found, f"{line}: {found and found[0]}"


def test_title_of_a_part_is_in_the_decks_language(sources: Sources) -> None:
    """It says a difficulty as the sheet does, a category by its name, and a tag as it is written.

    A tag that is called as a category is told from it.
    """
    sources.write("deck.yaml", DECK_YAML + "language: fr\n")
    sources.write("one/a.md", "---\ndifficulty: hard\ntags: [one, two]\n---\n# Q? {#a}\n\nA.\n")
    release = load(sources.root)
    for tag, said in (("two", "two"), ("one", "one (Étiquette)")):
        chosen = Selection(categories=("one",), difficulties=("hard",), tags=(tag,))
        title = select(release, chosen).title
        assert title.split("\u00a0: ")[1] == f"One, difficile, {said}"
