"""The sheet as PDF: every chosen note set in columns by Typst."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import groupby
from typing import Any, TypeVar

from deckpress.companies.evidence import strongest_kinds
from deckpress.companies.page import company_pages
from deckpress.decks.deck import Deck, date_of
from deckpress.exporters.options import Options
from deckpress.exporters.pdf.brief import BRIEF_ENTRY, spell_words, spelled_words, write_brief
from deckpress.exporters.pdf.company import write_company
from deckpress.exporters.pdf.key_lines import asks_for_code, key_lines, signatures
from deckpress.exporters.pdf.pages import fit_pages
from deckpress.exporters.pdf.typeset import (
    TYPST_PAPERS,
    language_arguments,
    note_setting,
    primary_language,
    typeset_fonts,
    typst_files,
)
from deckpress.markup.typesetter import TypesetError, Typesetter, UnstableLayoutError
from deckpress.markup.typst import Setting, write_line, write_typst
from deckpress.math.typst_code import (
    NOTHING,
    SEMICOLON,
    Arguments,
    Markup,
    Value,
    arguments,
    call,
    document,
    join,
    lines,
    name,
    number,
    ratio,
    show,
    times,
)
from deckpress.model.collection import Catalogue, Category, Writing
from deckpress.model.company import company_name
from deckpress.model.note import Content, Note
from deckpress.model.words import Words, section_name
from deckpress.tree.node import without_headings

T = TypeVar("T")

_LARGE = ratio(name("sizes.large"), number(1, "em"))

_BLANK_PAGE = re.compile(r"an almost blank last page(?:: (\d+\.?\d*) pages)?")
"""What `sheet.typ` says where it refuses one, with the pages that are filled."""

_TRIES = 3
_LEAST_SCALE = 0.95
"""How many times, and how much, type is set smaller so that an almost blank last page goes away."""


@dataclass(frozen=True, slots=True)
class LastPage:
    """How a sheet treats its last page.

    `balanced` makes its columns even, with `slack` as the share by which they may be uneven;
    `tight` refuses one that is almost blank; `scale` sets the type smaller, so that it may go away.
    """

    balanced: bool = False
    slack: float = 0.02
    tight: bool = False
    scale: float = 1


_UNEVEN = LastPage(balanced=True, slack=0.2)


def export(deck: Deck, options: Options) -> bytes:
    """Set the sheet of a deck.

    Args:
        deck: the deck.
        options: paper, detail, columns and size of type.

    Returns:
        The bytes of the PDF: tagged, PDF/UA-1, the same for the same deck.
    """
    if options.detail == "brief":
        return _export_brief(deck, options)
    files = typst_files(deck)
    return settle(
        deck, options, lambda typesetter, source: typesetter.pdf(source, files, date=deck.date)
    )


def settle(deck: Deck, options: Options, typeset: Callable[[Typesetter, str], T]) -> T:
    """Set a sheet with the best last page that it can have.

    Args:
        deck: the deck.
        options: how it is printed.
        typeset: sets a source.

    Returns:
        What `typeset` made of the first source that it could set.
    """
    typesetter = Typesetter(typeset_fonts(deck, write_sheet(deck, options)))
    last_page = LastPage(balanced=True, tight=True)
    for left in reversed(range(_TRIES + 1)):
        try:
            return typeset(typesetter, write_sheet(deck, options, last_page))
        except UnstableLayoutError:
            # Balancing the last page depends on where everything else comes to stand, and goes
            # round in circles where large figures and tables leave too much blank.
            break
        except TypesetError as error:
            refused = _BLANK_PAGE.search(error.problem.message)
            if not refused:
                raise
            scale = last_page.scale * _shrink(float(refused[1] or 0))
            if left > 1 and scale >= _LEAST_SCALE:
                last_page = replace(last_page, scale=scale)
            else:
                last_page = LastPage(balanced=True)
    try:
        return typeset(typesetter, write_sheet(deck, options, _UNEVEN))
    except UnstableLayoutError:
        return typeset(typesetter, write_sheet(deck, options, LastPage()))


def _shrink(pages: float) -> float:
    """Say how much smaller type must be so that the last page goes away.

    A smaller type makes fewer and lower lines, but figures keep their size; and the page before
    must not become quite full, for blocks that do not break leave some of it blank.
    """
    if not pages:
        return 0.985
    wanted = math.floor(pages) - min(0.15, 0.02 * pages)
    return round(math.pow(wanted / pages, 1 / 1.6), 4)


def writings(options: Options) -> tuple[Writing[Any]]:
    """Return the ways in which notes are written for this format, beside that for Anki."""
    brief = options.detail == "brief"
    return (BRIEF_ENTRY if brief else _writing(options.detail),)


def _writing(detail: str) -> Writing[Arguments]:
    return Writing(f"pdf {detail}", partial(write_note, detail=detail), Arguments)


def _export_brief(deck: Deck, options: Options) -> bytes:
    fit = options.fit or (fit_pages(deck, options) if options.pages else None)
    source = write_brief(deck, options, fit)
    typesetter = Typesetter(typeset_fonts(deck, source))
    if fit:
        kept = tuple(note for note in deck.collection.notes if note.id in fit.notes)
        deck = replace(deck, notes=kept)
    return typesetter.pdf(source, typst_files(deck), date=deck.date)


def write_sheet(deck: Deck, options: Options, last_page: LastPage = LastPage(balanced=True)) -> str:
    """Write the sheet of a deck as Typst source.

    Args:
        deck: the deck.
        options: how it is printed.
        last_page: how its last page is treated.

    Returns:
        The source, which imports `sheet.typ`.
    """
    words = deck.collection.info.words
    names = {category.slug: category for category in deck.collection.info.categories}
    pages = company_pages(deck.collection, deck.companies, deck.notes, deck.parts, deck.cards)
    parts = [write_company(page, deck) for page in pages]
    kinds = deck.collection.kinds
    written = deck.collection.write(_writing(options.detail), deck.notes)
    numbers = iter(range(1, len(deck.notes) + 1))
    sections = 0
    for (part, slug), notes in groupby(
        deck.notes, key=lambda n: (deck.parts.get(n.id), n.category)
    ):
        parts.append(_section(names[slug], part or "", words))
        sections += 1
        for compact, run in groupby(notes, key=lambda n: kinds[n.kind].compact):
            numbered = [(next(numbers), note) for note in run]
            if compact:
                rows = lines((written[n.id], _label(at, n)) for at, n in numbered)
                parts.append(call("pairs", rows))
            else:
                parts += (
                    call("card", arguments(number=at), written[note.id]) for at, note in numbered
                )
    register = _register(deck)
    # The page of a company has contents of its own.
    contents = 0 if len(pages) == 1 else sections + bool(register)
    given = _sheet_arguments(deck, options, last_page, contents)
    return document(("/sheet.typ", "/pairs.typ"), "sheet", given, (*parts, register))


def _sheet_arguments(deck: Deck, options: Options, last_page: LastPage, contents: int) -> Arguments:
    info = deck.collection.info
    used = {note.kind for note in deck.notes}
    size = times(number(last_page.scale), *([_LARGE] if options.large else []), name("sizes.text"))
    return arguments(
        title=deck.title,
        description=" ".join(info.description.split()),
        author=[info.author] if info.author else [],
        keywords=sorted({tag for note in deck.notes for tag in note.tags}),
        language=primary_language(info.language),
        counts=_say_counts(deck),
        version=deck.version,
        date=date_of(deck.date),
        kinds=[kind for kind in sorted(deck.collection.kinds) if kind in used],
        **_without(deck),
        paper=TYPST_PAPERS[options.paper],
        flipped=options.landscape,
        columns=options.column_count,
        size=size,
        balanced=last_page.balanced,
        slack=number(last_page.slack),
        tight=last_page.tight,
        contents=contents,
    )


def _without(deck: Deck) -> dict[str, Value]:
    """Return what no note of the deck has, so that the legend need not explain it."""
    has = {
        "difficulty": any(note.difficulty for note in deck.notes),
        "companies": any(note.evidence for note in deck.notes),
    }
    missing: list[Value] = [what for what, found in has.items() if not found]
    return {"without": missing} if missing else {}


def _say_counts(deck: Deck) -> str:
    pairs = sum(deck.collection.kinds[note.kind].compact for note in deck.notes)
    words = deck.collection.info.words
    counts = (("questions-count", len(deck.notes) - pairs), ("pairs-count", pairs))
    return words.join(words.say(key, n=number) for key, number in counts if number)


def _section(category: Category, part: str, words: Words) -> Markup:
    """Write a section's bar; in a company's deck it says why the notes are there."""
    behind = f" · {words.say(f'in-part-{part}')}" if part else ""
    return call("section", category.name + behind)


def _label(number: int, note: Note) -> str:
    """Name a row that the page of a company may link to; others need no name."""
    return f"card-{number}" if note.evidence else ""


def _write_pair(content: Content, setting: Setting, detail: str) -> Arguments:
    """Write a compact note: its two cells, and what goes below them, or none."""
    hidden = detail == "questions"
    below = [*content.front, *(content.details if detail == "full" else ())]
    if detail == "full":
        below += (node for nodes in content.sections.values() for node in nodes)
    back = None if hidden else write_typst(content.answer, setting)
    more = write_typst(below, setting) if below else None
    return arguments(write_line(content.question, setting), back, more)


def write_note(note: Note, content: Content, catalogue: Catalogue, detail: str) -> Arguments:
    """Write a note of the sheet: a function of the note and of what it names.

    Args:
        note: the note.
        content: what it says.
        catalogue: where its kind and companies are found.
        detail: one of `DETAILS`.

    Returns:
        The arguments of `card` in `sheet.typ`, but for the number, which is the deck's to give; of
        a compact note those of a row of `pairs` in `pairs.typ`, but for its label.
    """
    setting = note_setting(note, catalogue)
    if catalogue.kinds[note.kind].compact:
        return _write_pair(content, setting, detail)
    given: dict[str, Value] = {
        "kind": note.kind,
        "difficulty": note.difficulty,
        "companies": _companies(note, catalogue),
        "question": write_line(content.question, setting),
        "tick": detail == "questions",
        **language_arguments(note, catalogue),
    }
    front = signatures(content.front) if detail == "short" else content.front
    if front:
        given["front"] = write_typst(front, setting)
    if detail != "questions":
        code = key_lines(content) if detail == "short" and asks_for_code(note, content) else ()
        answer = without_headings(content.answer) if detail == "short" else content.answer
        given["answer"] = write_typst((*answer, *code), replace(setting, boxed=True))
    if detail == "full":
        given["more"] = _more(note, content, setting, catalogue.info.words)
    return arguments(**given)


def _more(note: Note, content: Content, setting: Setting, words: Words) -> Markup:
    named = (
        call("part", section_name(key, words), body=write_typst(nodes, setting))
        for key, nodes in content.sections.items()
    )
    cited = (
        call("link", citation.url, body=show(citation.title))
        if citation.url
        else show(citation.title)
        for citation in note.citations
    )
    sources = [call("sources", body=join(cited, SEMICOLON))] if note.citations else []
    return join((write_typst(content.details, setting), *named, *sources))


def _register(deck: Deck) -> Markup:
    words = deck.collection.info.words
    companies: dict[str, list[int]] = {}
    topics: dict[str, list[int]] = {}
    spellings = spelled_words(note.question for note in deck.collection.notes)
    for at, note in enumerate(deck.notes, 1):
        if deck.collection.kinds[note.kind].compact:
            continue  # rows have no numbers, and a list of words is an index of its own
        for slug in {fact.company for fact in note.evidence}:
            name = company_name(deck.collection.companies, slug)
            companies.setdefault(name, []).append(at)
        for tag in note.tags:
            name = spell_words(tag.split("-"), spellings)
            topics.setdefault(name, []).append(at)
    parts: list[Value] = [
        (title, _entries(found))
        for title, found in ((words.say("companies"), companies), (words.say("topics"), topics))
        if found
    ]
    return call("register", words.say("index"), parts) if parts else NOTHING


def _entries(found: Mapping[str, list[int]]) -> list[Value]:
    return [(word, [*_runs(found[word])]) for word in sorted(found, key=str.lower)]


def _runs(numbers: Sequence[int]) -> Iterator[Value]:
    """Yield runs of numbers: (first, last), or (number, none)."""
    for _, run in groupby(enumerate(numbers), key=lambda pair: pair[1] - pair[0]):
        found = [number for _, number in run]
        if len(found) > 2:
            yield (found[0], found[-1])
        else:
            yield from ((number, None) for number in found)


def _companies(note: Note, catalogue: Catalogue) -> list[Value]:
    return [
        (company_name(catalogue.companies, slug), kind)
        for slug, kind in strongest_kinds(note).items()
    ]
