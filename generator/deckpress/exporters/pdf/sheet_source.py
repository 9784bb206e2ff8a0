"""The sheet as Typst source: sections, cards, index; the whole, or a part of a large one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import accumulate, groupby

from deckpress.companies.evidence import strongest_kinds
from deckpress.companies.page import company_pages
from deckpress.decks.deck import Deck, date_of
from deckpress.exporters.options import Options
from deckpress.exporters.pdf.company import write_company
from deckpress.exporters.pdf.key_lines import asks_for_code, key_lines, signatures
from deckpress.exporters.pdf.parts import Part, Section
from deckpress.exporters.pdf.typeset import (
    TYPST_PAPERS,
    language_arguments,
    note_setting,
    primary_language,
)
from deckpress.markup.typst import Setting, beside_readings, write_line, write_typst
from deckpress.math.typst_code import (
    NOTHING,
    SEMICOLON,
    Arguments,
    Code,
    Markup,
    Value,
    arguments,
    call,
    define,
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
from deckpress.text.spellings import spell_words, spelled_words
from deckpress.tree.node import without_headings

HALVED = 1_500
"""A sheet of more notes than so many, rows of pairs not counted, has a page break in its middle."""

_LARGE = ratio(name("sizes.large"), number(1, "em"))


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


def sheet_writing(detail: str) -> Writing[Arguments]:
    """Return how the notes of a sheet are written.

    Args:
        detail: one of `DETAILS`, but for the night-before sheet.
    """
    return Writing(f"pdf {detail}", partial(write_note, detail=detail), Arguments)


def write_sheet(deck: Deck, options: Options, last_page: LastPage = LastPage(balanced=True)) -> str:
    """Write the sheet of a deck as Typst source.

    Args:
        deck: the deck.
        options: how it is printed.
        last_page: how its last page is treated.

    Returns:
        The source, which imports `sheet.typ`.
    """
    return _write(deck, options, last_page, None)


def write_part(deck: Deck, options: Options, part: Part, last_page: LastPage) -> tuple[str, str]:
    """Write a part of the sheet of a deck as Typst source.

    Args:
        deck: the deck, all of it.
        options: how it is printed.
        part: which notes it has.
        last_page: how the part's last page is treated.

    Returns:
        The source, which imports `sheet.typ`, and that of `part.typ`, which this one reads.
    """
    sections = sections_of(deck)
    inside = part.begins_inside(sections)
    contents: list[Value] = []
    if part.opens:
        titles = [section.title for section in sections]
        titles += [deck.collection.info.words.say("index")] * _is_indexed(deck)
        contents = [
            (title, _place(at), part.pages.get(_place(at))) for at, title in enumerate(titles)
        ]
    described: dict[str, Value] = {
        "first": part.first,
        "last": part.last,
        "opens": part.opens,
        "section": inside.title if inside else None,
        "contents": contents,
    }
    return _write(deck, options, last_page, part), define("sheet-part", described)


def write_page_numbers(deck: Deck, options: Options, total: int) -> str:
    """Write empty pages with nothing but the numbers that the pages of a sheet have."""
    named = arguments(
        total=total,
        title=deck.title,
        language=primary_language(deck.collection.info.language),
        paper=TYPST_PAPERS[options.paper],
        flipped=options.landscape,
        size=_size(options, LastPage()),
    )
    return document(("/sheet.typ",), "page-numbers", named, ())


def sections_of(deck: Deck) -> tuple[Section, ...]:
    """Return the sections of the sheet of a deck, in order."""
    words = deck.collection.info.words
    names = {category.slug: category for category in deck.collection.info.categories}
    found = []
    first = 1
    for (part, slug), notes in groupby(
        deck.notes, key=lambda n: (deck.parts.get(n.id), n.category)
    ):
        last = first + sum(1 for _ in notes) - 1
        found.append(Section(_title(names[slug], part or "", words), first, last))
        first = last + 1
    return tuple(found)


def _write(deck: Deck, options: Options, last_page: LastPage, part: Part | None) -> str:
    pages = company_pages(deck.collection, deck.companies, deck.notes, deck.parts, deck.cards)
    opens, closes = (part.opens, part.closes) if part else (True, True)
    first, last = (part.first, part.last) if part else (1, len(deck.notes))
    parts = [write_company(page, deck) for page in pages] if opens else []
    sections = sections_of(deck)
    held = deck.notes[first - 1 : last]
    written = deck.collection.write(sheet_writing(options.detail), held)
    kinds = deck.collection.kinds
    half = None if part else _second_half(deck, sections, written)
    for at, section in enumerate(sections):
        if at == half:
            parts.append(call("pagebreak"))
        numbers = range(max(section.first, first), min(section.last, last) + 1)
        if section.first in numbers:
            parts.append(call("section", arguments(section.title, **_named(part, at))))
        numbered = ((number, deck.notes[number - 1]) for number in numbers)
        for compact, run in groupby(numbered, key=lambda pair: kinds[pair[1].kind].compact):
            if compact:
                rows = lines((written[n.id], _label(number, n)) for number, n in run)
                parts.append(call("pairs", rows))
            else:
                parts += (
                    call("card", arguments(number=number), written[note.id]) for number, note in run
                )
    # The page of a company has contents of its own.
    contents = 0 if len(pages) == 1 else len(sections) + _is_indexed(deck)
    given = _sheet_arguments(deck, options, last_page, contents)
    if closes:
        parts.append(_register(deck, part))
    return document(("/sheet.typ", "/pairs.typ"), "sheet", given, parts)


def _second_half(deck: Deck, sections: Sequence[Section], written: Mapping[str, str]) -> int | None:
    """Return the section before which a page is broken, if any is.

    Typst lays out at the same time what stands before and behind a break. More of them are of no
    use: then the rest takes most of the time.
    """
    # Templates of the deck's own need not know of it, nor set the sheet where pages can be broken.
    if "sheet/sheet.typ" in deck.collection.theme.own:
        return None
    kinds = deck.collection.kinds
    if sum(not kinds[note.kind].compact for note in deck.notes) <= HALVED:
        return None
    before = [0, *accumulate(len(written[note.id]) for note in deck.notes)]
    begins = {at: before[section.first - 1] / before[-1] for at, section in enumerate(sections)}
    middle = min(begins, key=lambda at: abs(begins[at] - 0.5))
    return middle if 1 / 3 <= begins[middle] <= 2 / 3 else None


def _named(part: Part | None, section: int) -> dict[str, Value]:
    """Name a section for the contents that another part may have."""
    return {"place": _place(section)} if part else {}


def _place(section: int) -> str:
    return f"section-{section}"


def _size(options: Options, last_page: LastPage) -> Code:
    return times(number(last_page.scale), *([_LARGE] if options.large else []), name("sizes.text"))


def _sheet_arguments(deck: Deck, options: Options, last_page: LastPage, contents: int) -> Arguments:
    info = deck.collection.info
    used = {note.kind for note in deck.notes}
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
        size=_size(options, last_page),
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


def _title(category: Category, part: str, words: Words) -> str:
    """Name a section; in a company's deck it says why the notes are there."""
    behind = f" · {words.say(f'in-part-{part}')}" if part else ""
    return category.name + behind


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
    front = write_line(content.question, setting)
    if back is not None:
        front, back = beside_readings((content.question, content.answer), (front, back), setting)
    return arguments(front, back, more)


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


def _is_indexed(deck: Deck) -> bool:
    """Say whether a sheet has an index: whether it names any company or topic."""
    kinds = deck.collection.kinds
    return any((note.tags or note.evidence) and not kinds[note.kind].compact for note in deck.notes)


def _register(deck: Deck, part: Part | None) -> Markup:
    words = deck.collection.info.words
    companies: dict[str, list[int]] = {}
    topics: dict[str, list[int]] = {}
    spellings = spelled_words(tuple(note.question for note in deck.collection.notes))
    names: dict[str, str] = {}
    for at, note in enumerate(deck.notes, 1):
        if deck.collection.kinds[note.kind].compact:
            continue  # rows have no numbers, and a list of words is an index of its own
        for slug in {fact.company for fact in note.evidence}:
            name = company_name(deck.collection.companies, slug)
            companies.setdefault(name, []).append(at)
        for tag in note.tags:
            if tag not in names:
                names[tag] = spell_words(tag.split("-"), spellings)
            topics.setdefault(names[tag], []).append(at)
    parts: list[Value] = [
        (title, _entries(found))
        for title, found in ((words.say("companies"), companies), (words.say("topics"), topics))
        if found
    ]
    if not parts:
        return NOTHING
    return call(
        "register", arguments(words.say("index"), parts, **_named(part, len(sections_of(deck))))
    )


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
