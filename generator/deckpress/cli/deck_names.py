"""The names of a deck that a shell completes: companies, categories, kinds, tags, ids, terms.

They come from small files and from the ledger, which knows ids and tags as of the last build: no
card is read while someone waits for a shell.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.shell_completion import CompletionItem

from deckpress.model.scales import DIFFICULTIES, IMPORTANCES
from deckpress.text.characters import composed

if TYPE_CHECKING:  # completing anything else needs none of it
    from deckpress.pipeline.name_lists import List, Name

Names = Callable[[Path], Iterable["Name"]]
Complete = Callable[[click.Context, click.Parameter, str], list[CompletionItem]]

_LAST_TERM = re.compile(r"((?:.*[\s(])?-?)(.*)", re.DOTALL)


def _complete(names: Callable[[Path, str], Iterable[Name]]) -> Complete:
    """Complete the names that a folder of cards gives; none where it has a mistake."""

    def complete(
        context: click.Context, _parameter: click.Parameter, begun: str
    ) -> list[CompletionItem]:
        # What is typed need not be composed as names are; it stays, or shells would drop the name.
        start = composed(begun)
        found = sorted(n for n in names(_folder_in(context), start) if n[0].startswith(start))
        # Shells take the end of a line for the end of what is said.
        return [
            CompletionItem(begun + name[len(start) :], help=" ".join(said.split()) or None)
            for name, said in found
        ]

    return complete


def _folder_in(context: click.Context) -> Path:
    """Return the folder of cards that a line names, or the usual one."""
    first = next((one for one in context.command.params if isinstance(one, click.Argument)), None)
    # Where an option has no value yet, click takes no word for an argument.
    if first and first.name == "source" and context.args:
        return _as_shells_read(context.args[0])
    return _as_shells_read(str(context.params.get("source") or "cards"))


def _as_shells_read(path: str) -> Path:
    """Return the folder that a shell will name: it hands over a line as it is typed."""
    if Path(path).exists():
        return Path(path)
    try:
        return Path(os.path.expandvars(path)).expanduser()
    except RuntimeError:  # nobody's home
        return Path(path)


def _of(names: Names) -> Complete:
    return _complete(lambda root, _begun: names(root))


def _known(wanted: List) -> Names:
    """Return what reads a list of names from a folder of cards, or from the cache."""

    def names(root: Path) -> Iterable[Name]:
        from deckpress.pipeline.cache import find_cache_folder
        from deckpress.pipeline.name_lists import read_names

        return read_names(root, wanted, find_cache_folder())

    return names


def _kinds(root: Path) -> Iterator[Name]:
    from deckpress.reading.template_files import overlay, templates_folder
    from deckpress.schema.file_names import TEMPLATES_NAME

    files = overlay(templates_folder() / "notes", root / TEMPLATES_NAME / "notes")
    return ((name.split("/")[0], "") for name in files.names("*/kind.yaml"))


_BY_KEY: dict[str, Names] = {
    "category": _known("categories"),
    "company": _known("companies"),
    "core": lambda _root: (("no", ""), ("yes", "")),
    "difficulty": lambda _root: ((name, "") for name in DIFFICULTIES),
    "id": _known("ids"),
    "importance": lambda _root: ((name, "") for name in IMPORTANCES),
    "kind": _kinds,
    "tag": _known("tags"),
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


CATEGORY_NAMES = _of(_known("categories"))
COMPANY_NAMES = _of(_known("aliases"))
KIND_NAMES = _of(_kinds)
NOTE_IDS = _of(_known("ids"))
TAG_NAMES = _of(_known("tags"))
EXPRESSIONS = _complete(_expressions)


def files(_context: click.Context, _parameter: click.Parameter, begun: str) -> list[CompletionItem]:
    """Let the shell complete the name of a file, for what may be one."""
    return [CompletionItem(begun, type="file")]


def folders(
    _context: click.Context, _parameter: click.Parameter, begun: str
) -> list[CompletionItem]:
    """Let the shell complete the name of a folder, for what may be one."""
    return [CompletionItem(begun, type="dir")]
