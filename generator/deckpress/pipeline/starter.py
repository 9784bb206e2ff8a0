"""A new deck, and a new card in a deck: files that are written once, never over others."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from deckpress.markup.jinja import fill_file
from deckpress.model.collection import Collection
from deckpress.reading.template_files import templates_folder
from deckpress.reading.unfilled import BODIES
from deckpress.schema.deck_files import DeckFile
from deckpress.schema.validation import json_schema, validate
from deckpress.text.files import write_files
from deckpress.text.problem import CallError
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


def start_deck(
    folder: Path,
    title: str,
    *,
    slug: str = "",
    language: str = "en",
    author: str = "",
    categories: Sequence[str] = (),
) -> list[Path]:
    """Write a deck of any subject that builds at once: settings, a card of every kind, a workflow.

    Args:
        folder: the folder; made when missing. What it holds already stays.
        title: the deck's title.
        slug: the name of its outputs; made of the title when empty.
        language: a language tag, such as `en` or `pt-BR`.
        author: who writes it; may be empty.
        categories: names of its categories; one is made when there are none.

    Returns:
        What was written, sorted.

    Raises:
        CallError: a value does not do, or one of the files exists; nothing was written.
        OSError: a file cannot be written; nothing was.
    """
    names = list(dict.fromkeys(categories)) or ["First"]
    made = [Category(slugify(name) or f"part-{at}", name) for at, name in enumerate(names, 1)]
    values = {
        "title": title,
        "slug": slug or slugify(title) or "deck",
        "language": language,
        "author": author,
        "categories": made,
    }
    files: dict[Path, bytes] = {}
    shipped = _read_shipped()
    for path, source in _SHIPPED.items():
        text = fill_file(shipped, source, values).encode() if source.endswith(".j2") else b""
        files[folder / path] = text or shipped[source]
    for kind in CARD_KINDS:
        files[folder / "cards" / made[0].slug / f"{kind}.md"] = shipped[f"cards/first/{kind}.md"]
    for name in _SCHEMAS:
        schema = json.dumps(json_schema(name), indent=1, ensure_ascii=False) + "\n"
        files[folder / "cards/.schema" / f"{name}.schema.json"] = schema.encode()
    deck_file = files[folder / "cards/deck.yaml"].decode()
    _, problems = validate(DeckFile, read_yaml(deck_file, "deck.yaml"))
    if problems:
        raise CallError(
            "; ".join(f"{p.message} ({p.hint})" if p.hint else p.message for p in problems)
        )
    _refuse_existing(files)
    write_files(files)
    return sorted(files)


def new_card(
    root: Path,
    collection: Collection,
    question: str,
    *,
    identity: str = "",
    category: str = "",
    kind: str = "basic",
    difficulty: str = "",
    tags: Sequence[str] = (),
    companies: Sequence[str] = (),
) -> Path:
    """Write the file of a new card, to be filled in.

    Args:
        root: the folder of cards.
        collection: the deck that the card comes into.
        question: the question, in Markdown.
        identity: the card's id; made of the question when empty.
        category: a category of the deck; its first when empty.
        kind: a kind of the deck.
        difficulty: easy, medium, hard or empty.
        tags: its tags.
        companies: slugs of companies, which the author backs with facts.

    Returns:
        The file that was written.

    Raises:
        CallError: the id is taken, or the file exists; nothing was written.
        OSError: the file cannot be written.
    """
    name = identity or _identity(question)
    taken = {note.id: note for note in collection.notes}
    if name in taken:
        raise CallError(f"the id '{name}' is taken by {taken[name].where}; choose one with --id")
    folder = category or collection.info.categories[0].slug
    path = root / folder / f"{name}.md"
    _refuse_existing({path: b""})
    front = {
        "difficulty": difficulty,
        "tags": f"[{', '.join(tags)}]" if tags else "",
        "companies": f"[{', '.join(companies)}]" if companies else "",
    }
    lines = [f"{key}: {value}" for key, value in front.items() if value]
    head = "\n".join(["---", *lines, "---", ""]) if lines else ""
    attributes = f"#{name}" + (f" .{kind}" if kind != "basic" else "")
    body = BODIES.get(kind, BODIES["basic"])
    write_files({path: f"{head}# {question.strip()} {{{attributes}}}\n\n{body}".encode()})
    return path


def slugify(text: str) -> str:
    """Return the lower-case letters, digits and dashes of a text; empty where it has no Latin."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    plain = plain.replace("'", "")
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def _identity(question: str) -> str:
    words = slugify(re.sub(r"\$[^$]*\$|`[^`]*`", " ", question)).split("-")
    plain = [word for word in words if word and word not in _SMALL]
    name = "-".join((plain or words)[:6])[:60].strip("-")
    return name or f"card-{sha256(question.encode()).hexdigest()[:8]}"


_SMALL = frozenset(
    {"a", "an", "the", "of", "in", "on", "for", "to", "and", "or", "is", "are", "do", "does", "how"}
    | {"what", "why", "when", "which"}
)


def _refuse_existing(files: Mapping[Path, bytes]) -> None:
    there = [path for path in sorted(files) if path.exists()]
    if there:
        more = f" and {len(there) - 1} more" if len(there) > 1 else ""
        raise CallError(f"{there[0]}{more} already exists; nothing was written")


def _read_shipped() -> dict[str, bytes]:
    folder = templates_folder() / "starter"
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
