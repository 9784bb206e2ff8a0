"""A new deck, and a new card in a deck: files that are written once, never over others."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import Any

from deckpress.markup.jinja import fill_file
from deckpress.pipeline.build import report_nothing
from deckpress.pipeline.cache import Cache
from deckpress.pipeline.card_reader import CardReader
from deckpress.reading.card_work import CardSource, Setting, read_card
from deckpress.reading.folder import Surroundings, read_surroundings
from deckpress.reading.template_files import overlay, templates_folder
from deckpress.reading.unfilled import begin_bodies
from deckpress.reading.words import ENGLISH, words_name
from deckpress.schema.deck_files import DeckFile
from deckpress.schema.validation import json_schema, validate
from deckpress.text.files import write_files
from deckpress.text.names import plain_letters, unportable
from deckpress.text.problem import CallError, Location, SelectionError, SourceError
from deckpress.text.suggestions import suggest_behind
from deckpress.text.yaml import read_yaml

CARD_KINDS = ("basic", "cloze", "coding", "design", "reversed")
_SHIPPED = {
    "README.md": "README.md.j2",
    ".gitattributes": "gitattributes.txt",
    ".gitignore": "gitignore.txt",
    ".github/workflows/deck.yml": "github/workflows/deck.yml",
    ".vscode/settings.json": "vscode/settings.json",
    "cards/deck.yaml": "cards/deck.yaml.j2",
}
"""The files of a new deck by path, and the files of `templates/starter` they are made of."""

_SCHEMAS = ("deck", "companies", "sources", "coverage", "bibliography", "front-matter")


@dataclass(frozen=True, slots=True)
class Category:
    """A category of a new deck."""

    slug: str
    name: str


@dataclass(frozen=True, slots=True)
class Started:
    """The files of a new deck: those that were written, and those that were there before.

    `language` is that of the example cards, English where the program has no words of the deck's.
    """

    written: tuple[Path, ...]
    kept: tuple[Path, ...]
    language: str


def start_deck(
    folder: Path,
    title: str,
    *,
    slug: str = "",
    language: str = "en",
    author: str = "",
    categories: Sequence[str] = (),
) -> Started:
    """Write a deck of any subject that builds at once: settings, a card of every kind, a workflow.

    Args:
        folder: the folder; made when missing. What it holds already stays.
        title: the deck's title.
        slug: the name of its outputs; made of the title when empty.
        language: a language tag, such as `en` or `pt-BR`; the example cards are written in it.
        author: who writes it; may be empty.
        categories: names of its categories; one is made when there are none.

    Returns:
        What was written, and what is there already and was left: a README, for example.

    Raises:
        CallError: a value does not do, or one of the cards' files exists; nothing was written.
        OSError: a file cannot be written; nothing was.
    """
    once: dict[str, str] = {}
    shipped = _read_shipped()
    spoken = PurePosixPath(words_name(overlay(templates_folder()), language)).stem
    spoken = spoken if f"cards/{spoken}/category.txt" in shipped else ENGLISH
    for name in categories:
        once.setdefault(name.casefold(), name)
    first = shipped[f"cards/{spoken}/category.txt"].decode().strip()
    made = _categories(list(once.values()), language) or [Category("first", first)]
    values: dict[str, Any] = {
        "title": title,
        "slug": slug or _portable(slugify(title, language) or "deck"),
        "language": language,
        "author": author,
        "categories": made,
        "quote": partial(json.dumps, ensure_ascii=False),
    }
    files: dict[Path, bytes] = {}
    for path, source in _SHIPPED.items():
        text = fill_file(shipped, source, values).encode() if source.endswith(".j2") else b""
        files[folder / path] = text or shipped[source]
    for kind in CARD_KINDS:
        files[folder / "cards" / made[0].slug / f"{kind}.md"] = shipped[f"cards/{spoken}/{kind}.md"]
    for name in _SCHEMAS:
        schema = json.dumps(json_schema(name), indent=1, ensure_ascii=False) + "\n"
        files[folder / "cards/.schema" / f"{name}.schema.json"] = schema.encode()
    deck_file = files[folder / "cards/deck.yaml"].decode()
    _, problems = validate(DeckFile, read_yaml(deck_file, "deck.yaml"))
    if problems:
        raise CallError("; ".join(each.words for each in problems))
    if fault := unportable(values["slug"]):
        raise CallError(f"Windows {fault}; outputs are named by the slug: choose another")
    cards = folder / "cards"
    inner = {path: data for path, data in files.items() if path.is_relative_to(cards)}
    _refuse_existing(inner, "name another folder")
    kept = sorted(path for path in files if path.exists())
    for there in kept:
        del files[there]
    write_files(files)
    return Started(tuple(sorted(files)), tuple(kept), spoken)


def new_card(
    root: Path,
    question: str,
    *,
    identity: str = "",
    category: str = "",
    kind: str = "basic",
    difficulty: str = "",
    tags: Sequence[str] = (),
    companies: Sequence[str] = (),
    cache: Path | None = None,
) -> Path:
    """Write the file of a new card, to be filled in; other cards may have mistakes.

    Args:
        root: the folder of cards.
        question: the question, in Markdown.
        identity: the card's id; made of the question when empty.
        category: a category of the deck; its first when empty.
        kind: a kind of the deck.
        difficulty: easy, medium, hard or empty.
        tags: its tags.
        companies: slugs of companies, which the author backs with facts.
        cache: the folder of the cache; without one nothing is remembered.

    Returns:
        The file that was written.

    Raises:
        CallError: the id is taken, the file exists, or a value does not do; nothing was written.
        SourceError: `deck.yaml` or a template has a mistake.
        OSError: the file cannot be written.
    """
    around = read_surroundings(root)
    info, setting = around.info, around.setting
    if info is None or setting is None:
        raise SourceError(around.problems)
    for word, what, known in (
        (category, "category", [each.slug for each in info.categories]),
        (kind, "kind", list(around.templates.kinds)),
    ):
        if word and word not in known:
            raise SelectionError(f"there is no {what} '{word}'{suggest_behind(word, known)}")
    question = " ".join(question.split())
    if not question:
        raise CallError("a card needs a question")
    name = identity or _portable(_identity(question, info.language), "card")
    attributes = f"#{name}" + (f" .{kind}" if kind != "basic" else "")
    front = {
        "difficulty": difficulty,
        "tags": f"[{', '.join(map(_quote, tags))}]" if tags else "",
        "companies": f"[{', '.join(map(_quote, companies))}]" if companies else "",
    }
    lines = [f"{key}: {value}" for key, value in front.items() if value]
    head = "\n".join(["---", *lines, "---", ""]) if lines else ""
    bodies = begin_bodies(info.words)
    text = f"{head}# {question} {{{attributes}}}\n\n{bodies.get(kind, bodies['basic'])}"
    folder = category or info.categories[0].slug
    path = root / folder / f"{name}.md"
    card, _ = read_card(CardSource(path.as_posix(), folder, text.encode()), setting)
    faults = [problem for problem in card.problems if problem.severity == "mistake"]
    if faults:
        raise CallError("; ".join(each.words for each in faults))
    if [(note.id, note.kind) for note in card.notes] != [(name, kind)]:
        raise CallError(f"this question cannot stand in a heading: {question}")
    if fault := unportable(path.name):
        raise CallError(f"Windows {fault}; choose another id")
    taken = _ids(around, setting, cache)
    if name in taken:
        raise CallError(f"the id '{name}' is taken by {taken[name]}; choose one with --id")
    _refuse_existing({path: b""}, "name another --id")
    write_files({path: text.encode()})
    return path


def _ids(around: Surroundings, setting: Setting, cache: Path | None) -> dict[str, Location]:
    """Return where each id of a deck stands, as far as its cards can be read."""
    memory = Cache(cache) if cache else None
    try:
        read = CardReader(cache=memory)
        cards = read(around.paths, around.root, setting, {}, report_nothing)
    finally:
        if memory:
            memory.close()
    return {note.id: note.where for note in cards.notes}


def _quote(word: str) -> str:
    """Write a word as YAML reads it back, in quotes only where it needs them."""
    if read_yaml(f"[{word}]", "").value == [word]:
        return word
    return json.dumps(word, ensure_ascii=False)


def _categories(names: Sequence[str], language: str) -> list[Category]:
    """Give each category a slug of its own."""
    made: dict[str, Category] = {}
    for at, name in enumerate(names, 1):
        slug = _portable(slugify(name, language) or f"part-{at}", "cards")
        made.setdefault(slug if slug not in made else f"{slug}-{at}", Category(slug, name))
    return [Category(slug, each.name) for slug, each in made.items()]


def _portable(slug: str, more: str = "deck") -> str:
    """Return a slug that Windows takes as the name of a file as well."""
    return f"{slug}-{more}" if unportable(slug) else slug


def slugify(text: str, language: str = "") -> str:
    """Return the lower-case letters, digits and dashes of a text; empty where it has no Latin."""
    plain = plain_letters(text, language)
    plain = plain.replace("'", "")
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def _identity(question: str, language: str) -> str:
    words = slugify(re.sub(r"\$[^$]*\$|`[^`]*`", " ", question), language).split("-")
    plain = [word for word in words if word and word not in _SMALL]
    name = "-".join((plain or words)[:6])[:60].strip("-")
    return name or f"card-{sha256(question.encode()).hexdigest()[:8]}"


_SMALL = frozenset(
    {"a", "an", "the", "of", "in", "on", "for", "to", "and", "or", "is", "are", "do", "does", "how"}
    | {"what", "why", "when", "which"}
)


def _refuse_existing(files: Mapping[Path, bytes], way_out: str) -> None:
    there = [path for path in sorted(files) if path.exists()]
    if there:
        more = f" (and {len(there) - 1} more)" if len(there) > 1 else ""
        raise CallError(f"{there[0]}{more} already exists; nothing was written: {way_out}")


def _read_shipped() -> dict[str, bytes]:
    folder = templates_folder() / "starter"
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
