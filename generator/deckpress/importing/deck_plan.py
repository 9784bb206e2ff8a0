"""The decks of a foreign deck as a title, a root and categories."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from deckpress.importing.card import slug_of
from deckpress.importing.source import SourceNote
from deckpress.schema.words import deck_name_fault
from deckpress.text.names import plain_letters

_NUMBERED = re.compile(r"(\d{2}[a-z]?) (\S.*)")


@dataclass(frozen=True, slots=True)
class DeckPlan:
    """What `deck.yaml` will say; `categories` are the slug and the name of each, by its deck.

    `plain_slug` is the slug as it is spelled where the language is not known.
    `moved` are the decks whose new cards will come into one of another name, which it gives.
    """

    title: str
    slug: str
    plain_slug: str
    categories: Mapping[str, tuple[str, str]]
    moved: Mapping[str, str]

    def write(self, language: str = "") -> str:
        """Write `deck.yaml`."""
        lines = [f"title: {_quoted(self.title)}", f"slug: {self.slug}"]
        lines += [f"language: {language}"] if language else []
        lines += ["categories:"]
        entries = dict(self.categories.values())
        for slug, number, name in _number_decks(entries):
            lines.append(f"  - {{slug: {slug}, name: {_quoted(name)}, number: {number or 'none'}}}")
        return "\n".join(lines) + "\n"


def _number_decks(entries: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """Return slug, number and name of each category, in the order in which Anki studies numbers.

    The decks keep their names: new cards join those that people have. So where several have the
    same number, all but the first have it as a part of their name.
    """
    found: list[tuple[str, str, str]] = []
    taken = {""}
    for slug, name in entries.items():
        number, plain = _split_number(name)
        found.append((slug, "", name) if number in taken else (slug, number, plain))
        taken.add(number)
    return sorted(found, key=lambda entry: (not entry[1], entry[1]))


def _split_number(name: str) -> tuple[str, str]:
    """Part the number that a deck of this program has before its name."""
    match = _NUMBERED.fullmatch(name)
    return (match[1], match[2]) if match else ("", name)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def plan_decks(
    notes: Sequence[SourceNote],
    title: str,
    *,
    named: str = "",
    slug: str = "",
    slugs: Mapping[str, str] = MappingProxyType({}),
    rest: str = "Cards",
    language: str = "",
) -> DeckPlan:
    """Find the title and the categories of a deck.

    The deck that holds all others is the title; every other one is a category. Where there is none,
    all decks are categories of a title that somebody gives, or that is the file's name.

    Args:
        notes: the notes with the names of their decks.
        title: the name of the file.
        named: the title that somebody gives.
        slug: the slug that somebody gives.
        slugs: those of categories that are known, by deck.
        rest: what the category of a deck without a parent is called.
        language: the tag of the deck's language, where it is known.

    Returns:
        The plan.
    """
    names = list(dict.fromkeys(note.deck or title for note in notes)) or [title]
    roots = {name.partition("::")[0] for name in names}
    root = next(iter(roots)) if len(roots) == 1 else ""
    chosen = _clean(named or root or title) or "Deck"
    categories: dict[str, tuple[str, str]] = {}
    moved: dict[str, str] = {}
    taken: dict[str, str] = {}
    for name in names:
        below = name.partition("::")[2] if root else name
        own = "::".join(filter(None, map(_clean, below.split("::"))))
        category = own or rest
        plain = _split_number(category)[1] if own else "cards"
        short = slugs.get(name) or slug_of(plain.replace("::", " "), plain, language)
        while taken.setdefault(short, category.lower()) != category.lower():
            short += "-2"
        same = next((c for c in categories.values() if c[1].lower() == category.lower()), None)
        categories[name] = same or (short, category)
        if f"{chosen}::{categories[name][1]}" != name:
            moved[name] = f"{chosen}::{categories[name][1]}"
    # Outputs are named by the slug: the file's name says more than a number, where a title has
    # no Latin letter.
    words = chosen if any(map(str.isalnum, plain_letters(chosen))) else title
    spelled, plain = (
        (slug or slug_of(words, chosen, known))[:80].strip("-") for known in (language, "")
    )
    return DeckPlan(chosen, spelled, plain, categories, moved)


def _clean(name: str) -> str:
    """Bring a name to what a deck may be called."""
    text = "".join(c for c in name.replace('"', "'") if c.isprintable()).strip(": ")
    while "::" in text:
        text = text.replace("::", ":")
    return text if text and not deck_name_fault(text) else (f"{text} deck" if text else "")
