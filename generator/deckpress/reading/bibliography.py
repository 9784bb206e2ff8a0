"""The works that cards cite by key: `bibliography.bib` or `bibliography.yaml` beside `deck.yaml`.

BibTeX and BibLaTeX are what reference managers such as Zotero write; CSL-YAML is what Pandoc reads.
The only door to bibtexparser.
"""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

from deckpress.model.collection import Reference
from deckpress.schema.bibliography_file import BibliographyFile, NameEntry, ReferenceEntry
from deckpress.schema.from_file import read_shape
from deckpress.schema.words import address_fault
from deckpress.text.problem import Location, Problem
from deckpress.text.source_text import read_text, refuse_conflicts

BIB, YAML = "bibliography.bib", "bibliography.yaml"
KEY = re.compile(r"[A-Za-z0-9_][\w:.+/-]*")
"""What a key looks like; a stop or colon at its end is none of it."""

_MOST_AUTHORS, _MOST_SHOWN = 3, 80
_DOI = re.compile(r"https?://(?:dx\.)?doi\.org/|doi:\s*", re.IGNORECASE)
_IN_DOIS = "%/:;()[].,!*'+@~$&="
_EPRINT = re.compile(r"\d{4}\.\d{4,5}(v\d+)?|[a-z-]+/\d{7}")

# It warns of what it cannot read; each such block is told at its place here.
logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)


@dataclass(frozen=True, slots=True)
class Bibliography:
    """The works by key, where each stands, and what is wrong with the file."""

    references: Mapping[str, Reference] = field(default_factory=dict)
    places: Mapping[str, Location] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


def read_bibliography(root: Path) -> Bibliography:
    """Read the bibliography of a deck.

    Args:
        root: the deck's folder; it may hold `bibliography.bib`, `bibliography.yaml`, both or none.

    Returns:
        The works of both, with every mistake.
    """
    references: dict[str, Reference] = {}
    places: dict[str, Location] = {}
    problems: list[Problem] = []
    for name, read in ((BIB, _read_bib), (YAML, _read_yaml)):
        if not os.path.lexists(root / name):
            continue
        for found in read(root / name):
            if isinstance(found, Problem):
                problems.append(found)
                continue
            reference, where = found
            if reference.key in references:
                first = places[reference.key]
                message = f"the key '{reference.key}' is also at {first}"
                problems.append(
                    Problem(where, message, "a key belongs to one work", rule="work-twice")
                )
            references[reference.key], places[reference.key] = reference, where
    return Bibliography(references, places, tuple(problems))


def _read_bib(path: Path) -> Iterator[tuple[Reference, Location] | Problem]:
    # On demand: most decks have no such file, and the library takes its time to come.
    from bibtexparser import middlewares
    from bibtexparser.entrypoint import parse_string

    text, problems = refuse_conflicts(*read_text(path), path.as_posix())
    yield from problems
    library = parse_string(
        text,
        append_middleware=[
            middlewares.LatexDecodingMiddleware(),
            middlewares.SeparateCoAuthors(),
            middlewares.SplitNameParts(),
        ],
    )
    for block in library.failed_blocks:
        where = Location(path.as_posix(), (block.start_line or 0) + 1)
        yield Problem(
            where, f"this entry cannot be read: {_reason(block.error)}", rule="unreadable-work"
        )
    for entry in library.entries:
        where = Location(path.as_posix(), (entry.start_line or 0) + 1)
        fields = {name.lower(): found.value for name, found in entry.fields_dict.items()}
        if not KEY.fullmatch(entry.key):
            hint = "letters, digits and : . + / - _ only"
            yield Problem(where, f"'{entry.key}' cannot be a key", hint, rule="unreadable-work")
        elif not fields.get("title"):
            yield Problem(where, f"'{entry.key}' has no title", rule="unreadable-work")
        else:
            yield from _faultless(_from_bib(entry.key, fields), where)


def _faultless(work: Reference, where: Location) -> Iterator[tuple[Reference, Location] | Problem]:
    """Yield a work, and what is wrong with the address that it links to."""
    fault = address_fault(work.url) if work.url else ""
    if fault:
        shown = work.url if len(work.url) <= _MOST_SHOWN else f"{work.url[:_MOST_SHOWN]}..."
        yield Problem(where, f"'{shown}' is not allowed here", fault, rule="bad-value")
    yield (replace(work, url="") if fault else work), where


def _reason(error: Exception) -> str:
    text = str(error).splitlines()
    return text[-1].strip() if text else "it never ends"


def _from_bib(key: str, fields: Mapping[str, Any]) -> Reference:
    people = fields.get("author") or fields.get("editor") or []
    if isinstance(people, str):
        people = [people]
    names = [
        person if isinstance(person, str) else " ".join([*person.von, *person.last])
        for person in people
    ]
    year = str(fields.get("year") or fields.get("date") or "")[:4]
    places = ("journal", "journaltitle", "booktitle", "publisher", "howpublished", "institution")
    venue = next((str(fields[name]) for name in places if fields.get(name)), "")
    url = str(fields.get("url") or "").strip() or _doi_address(str(fields.get("doi") or ""))
    if not url and _EPRINT.fullmatch(str(fields.get("eprint") or "")):
        url = f"https://arxiv.org/abs/{fields['eprint']}"
    edition = str(fields.get("edition") or "")
    return _reference(key, names, year, str(fields["title"]), venue, url, edition)


def _read_yaml(path: Path) -> Iterator[tuple[Reference, Location] | Problem]:
    found = read_shape(BibliographyFile, path)
    yield from found.problems
    for index, entry in enumerate(found.value.references if found.value else ()):
        yield from _faultless(_from_csl(entry), found.yaml.place(("references", index)))


def _from_csl(entry: ReferenceEntry) -> Reference:
    url = entry.url or _doi_address(entry.doi)
    names = [_family(person) for person in entry.author or entry.editor]
    venue = entry.container or entry.publisher
    return _reference(entry.id, names, entry.year, entry.title, venue, url, entry.edition)


def _doi_address(doi: str) -> str:
    name = _DOI.sub("", doi.strip(), count=1)
    return f"https://doi.org/{quote(name, safe=_IN_DOIS)}" if name else ""


def _family(person: NameEntry) -> str:
    return person.literal or f"{person.particle} {person.family}".strip()


def _reference(
    key: str, names: Iterable[str], year: str, title: str, venue: str, url: str, edition: str
) -> Reference:
    people = [" ".join(name.split()) for name in names if name]
    more = len(people) > _MOST_AUTHORS or "others" in people
    shown = [name for name in people if name != "others"]
    listed = f"{shown[0]} et al." if shown and more else ", ".join(shown)
    head = " ".join(part for part in (listed, f"({year})" if year else "") if part)
    words = " ".join(title.split())
    if edition:
        words += f", {edition} ed." if not edition.isdecimal() else f", {_ordinal(edition)} ed."
    text = f"{head}: {words}" if head else words
    if venue and venue.casefold() not in text.casefold():
        text = f"{text.removesuffix('.')}. {' '.join(venue.split())}"
    who = shown[0] if shown else words.split(":")[0]
    if len(shown) == 2 and not more:
        who = f"{shown[0]} and {shown[1]}"
    elif len(people) > 2 or more:
        who = f"{shown[0]} et al."
    return Reference(key, text, f"{who} {year}".strip(), url)


def _ordinal(number: str) -> str:
    ending = {"1": "st", "2": "nd", "3": "rd"}.get(number[-1], "th")
    return number + ("th" if number.endswith(("11", "12", "13")) else ending)
