"""The names of a deck that a shell completes: companies, categories, kinds, tags, ids, terms.

They come from small files and from the ledger, which knows ids and tags as of the last build: no
card is read while someone waits for a shell.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.shell_completion import CompletionItem

from deckpress.model.note import DIFFICULTIES

if TYPE_CHECKING:  # completing anything else reads no ledger
    from deckpress.anki.ledger import NoteEntry
    from deckpress.schema.deck_files import CompanyEntry

Name = tuple[str, str]
"""A name, and what a shell may say beside it."""

Names = Callable[[Path], Iterable[Name]]
Complete = Callable[[click.Context, click.Parameter, str], list[CompletionItem]]

_LAST_TERM = re.compile(r"((?:.*[\s(])?-?)(.*)", re.DOTALL)
_LATEST = 2**53 - 1


def _complete(names: Callable[[Path, str], Iterable[Name]]) -> Complete:
    """Complete the names that a folder of cards gives; none where it has a mistake."""

    def complete(
        context: click.Context, _parameter: click.Parameter, begun: str
    ) -> list[CompletionItem]:
        root = Path(context.params.get("source") or "cards")
        found = sorted({name for name in names(root, begun) if name[0].startswith(begun)})
        return [CompletionItem(name, help=said or None) for name, said in found]

    return complete


def _of(names: Names) -> Complete:
    return _complete(lambda root, _begun: names(root))


def _companies(root: Path) -> list[CompanyEntry]:
    from deckpress.schema.deck_files import CompaniesFile
    from deckpress.schema.from_file import read_shape

    read = read_shape(CompaniesFile, root / "companies.yaml").value
    return read.companies if read else []


def _slugs(root: Path) -> Iterator[Name]:
    return ((company.slug, company.name) for company in _companies(root))


def _with_aliases(root: Path) -> Iterator[Name]:
    for company in _companies(root):
        yield from ((name, company.name) for name in (company.slug, *company.aliases))


def _categories(root: Path) -> Iterator[Name]:
    from deckpress.reading.deck_file import DECK_FILE
    from deckpress.schema.deck_files import DeckFile
    from deckpress.schema.from_file import read_shape

    read = read_shape(DeckFile, root / DECK_FILE).value
    return ((one.slug, one.name) for one in (read.categories if read else ()))


def _kinds(root: Path) -> Iterator[Name]:
    from deckpress.reading.folder import TEMPLATES_NAME
    from deckpress.reading.template_files import overlay, templates_folder

    files = overlay(templates_folder(), root / TEMPLATES_NAME)
    return ((name.split("/")[1], "") for name in files.names("notes/*/kind.yaml"))


def _notes(root: Path) -> list[NoteEntry]:
    """Return the notes of the last build."""
    from deckpress.anki.ledger import read_ledger
    from deckpress.schema.ledger_lines import LEDGER_NAME
    from deckpress.text.source_text import read_text

    path = root / LEDGER_NAME
    if not path.is_file():
        return []
    ledger, _ = read_ledger(read_text(path)[0], str(path), _LATEST)
    return [note for note in ledger.notes.values() if not note.retired] if ledger else []


def _ids(root: Path) -> Iterator[Name]:
    return ((note.id, note.question) for note in _notes(root))


def _tags(root: Path) -> Iterator[Name]:
    for note in _notes(root):
        for tag in note.tags:
            key, *levels = tag.split("::")
            if key == "topic":
                yield from (("::".join(levels[:end]), "") for end in range(1, len(levels) + 1))


_BY_KEY: dict[str, Names] = {
    "category": _categories,
    "company": _slugs,
    "difficulty": lambda _root: ((name, "") for name in DIFFICULTIES),
    "id": _ids,
    "kind": _kinds,
    "tag": _tags,
}


def _expressions(root: Path, begun: str) -> Iterator[Name]:
    """Yield expressions that go on with every term that the last one may become."""
    parts = _LAST_TERM.fullmatch(begun)
    before, term = parts.groups() if parts else ("", begun)
    key, colon, _ = term.partition(":")
    if not colon:
        yield from ((f"{before}{name}:", "") for name in _BY_KEY)
    elif key in _BY_KEY:
        yield from ((f"{before}{key}:{name}", said) for name, said in _BY_KEY[key](root))


CATEGORY_NAMES = _of(_categories)
COMPANY_NAMES = _of(_with_aliases)
KIND_NAMES = _of(_kinds)
NOTE_IDS = _of(_ids)
TAG_NAMES = _of(_tags)
EXPRESSIONS = _complete(_expressions)


def files(_context: click.Context, _parameter: click.Parameter, begun: str) -> list[CompletionItem]:
    """Let the shell complete the name of a file, for what may be one."""
    return [CompletionItem(begun, type="file")]


def folders(
    _context: click.Context, _parameter: click.Parameter, begun: str
) -> list[CompletionItem]:
    """Let the shell complete the name of a folder, for what may be one."""
    return [CompletionItem(begun, type="dir")]
