"""The sheet as PDF: every chosen note set in columns by Typst."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from itertools import groupby

from deckpress.companies.evidence import strongest_kinds
from deckpress.companies.page import company_pages
from deckpress.decks.deck import Deck, date_of
from deckpress.exporters.options import Options
from deckpress.exporters.pdf.company import write_company
from deckpress.exporters.pdf.typeset import (
    TYPST_PAPERS,
    kind_colours,
    note_setting,
    typeset_fonts,
    typst_files,
)
from deckpress.markup.typesetter import Typesetter, UnstableLayoutError
from deckpress.markup.typst import Setting, array, quote, write_typst
from deckpress.model.collection import Catalogue, Category, Writing
from deckpress.model.company import company_name
from deckpress.model.note import Content, Note
from deckpress.tree.node import without_headings


def export(deck: Deck, options: Options) -> bytes:
    """Set the sheet of a deck.

    Args:
        deck: the deck.
        options: paper, detail, columns and size of type.

    Returns:
        The bytes of the PDF: tagged, PDF/UA-1, the same for the same deck.
    """
    source = write_sheet(deck, options)
    typesetter = Typesetter(typeset_fonts(deck, source))
    files = typst_files(deck)
    try:
        return typesetter.pdf(source, files, date=deck.date)
    except UnstableLayoutError:
        # Balancing the last page depends on where everything else comes to stand, and in one sheet
        # of some hundred goes round in circles.
        source = write_sheet(deck, options, balanced=False)
        return typesetter.pdf(source, files, date=deck.date)


def write_sheet(deck: Deck, options: Options, *, balanced: bool = True) -> str:
    """Write the sheet of a deck as Typst source.

    Args:
        deck: the deck.
        options: how it is printed.
        balanced: whether the columns of the last page are made even.

    Returns:
        The source, which imports `sheet.typ`.
    """
    names = {category.slug: category for category in deck.collection.info.categories}
    pages = company_pages(deck.collection, deck.companies, deck.notes, deck.parts, deck.cards)
    kinds = deck.collection.kinds
    # Of rows of pairs no one knows the height, so the last page cannot be balanced.
    balanced = balanced and not any(kinds[note.kind].compact for note in deck.notes)
    arguments = _sheet_arguments(deck, options, balanced=balanced, contents=len(pages) != 1)
    parts = ['#import "/sheet.typ": *', '#import "/pairs.typ": *']
    parts.append(f"#show: sheet.with({arguments})")
    parts += (write_company(page, deck) for page in pages)
    detail = options.detail
    writing = Writing(f"pdf {detail}", partial(write_note, detail=detail))
    written = deck.collection.write(writing, deck.notes)
    numbers = iter(range(1, len(deck.notes) + 1))
    for (part, slug), notes in groupby(
        deck.notes, key=lambda n: (deck.parts.get(n.id), n.category)
    ):
        parts.append(_section(names[slug], part or ""))
        for compact, run in groupby(notes, key=lambda n: kinds[n.kind].compact):
            numbered = [(next(numbers), note) for note in run]
            if compact:
                rows = "".join(f"({written[n.id]}, {_label(at, n)}),\n" for at, n in numbered)
                parts.append(f"#pairs((\n{rows}));")
            else:
                parts += (f"#card(number: {at}, {written[note.id]});" for at, note in numbered)
    return "\n".join([*parts, _register(deck)]) + "\n"


def _sheet_arguments(deck: Deck, options: Options, *, balanced: bool, contents: bool) -> str:
    info = deck.collection.info
    used = {note.kind for note in deck.notes}
    kinds = (
        f"({quote(kind)}, {quote(colour)})"
        for kind, colour in kind_colours(deck.collection).items()
        if kind in used
    )
    arguments = {
        "title": quote(deck.title),
        "description": quote(" ".join(info.description.split())),
        "author": array([quote(info.author)] if info.author else []),
        "keywords": array(quote(tag) for tag in sorted({t for n in deck.notes for t in n.tags})),
        "language": quote(info.language),
        "counts": quote(_say_counts(deck)),
        "version": quote(deck.version),
        "date": quote(date_of(deck.date)),
        "kinds": array(kinds),
        "paper": quote(TYPST_PAPERS[options.paper]),
        "flipped": str(options.landscape).lower(),
        "columns": str(options.column_count),
        "large": str(options.large).lower(),
        "balanced": str(balanced).lower(),
        "contents": str(contents).lower(),
    }
    return ", ".join(f"{name}: {value}" for name, value in arguments.items())


def _say_counts(deck: Deck) -> str:
    pairs = sum(deck.collection.kinds[note.kind].compact for note in deck.notes)
    counts = (("question", len(deck.notes) - pairs), ("pair", pairs))
    return ", ".join(f"{n} {word}{'s' * (n != 1)}" for word, n in counts if n)


def _section(category: Category, part: str) -> str:
    """Write a section's bar; in a company's deck it says why the notes are there."""
    return f"#section({quote(category.name + (f' · {part}' if part else ''))});"


def _label(number: int, note: Note) -> str:
    """Name a row that the page of a company may link to; others need no name."""
    return quote(f"card-{number}" if note.evidence else "")


def _write_pair(content: Content, setting: Setting, detail: str) -> str:
    """Write a compact note: its two cells, and what goes below them, or none."""
    hidden = detail == "questions"
    below = [*content.front, *(content.details if detail == "full" else ())]
    if detail == "full":
        below += (node for nodes in content.sections.values() for node in nodes)
    back = "none" if hidden else f"[{write_typst(content.answer, setting)}]"
    more = f"[{write_typst(below, setting)}]" if below else "none"
    return f"[{write_typst(content.question, setting)}], {back}, {more}"


def write_note(note: Note, content: Content, catalogue: Catalogue, detail: str) -> str:
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
    arguments = {
        "kind": quote(note.kind),
        "colour": quote(kind_colours(catalogue)[note.kind]),
        "difficulty": quote(note.difficulty),
        "companies": array(_companies(note, catalogue)),
        "question": f"[{write_typst(content.question, setting)}]",
        "tick": str(detail == "questions").lower(),
    }
    if content.front:
        arguments["front"] = f"[{write_typst(content.front, setting)}]"
    if detail != "questions":
        answer = without_headings(content.answer) if detail == "short" else content.answer
        arguments["answer"] = f"[{write_typst(answer, replace(setting, boxed=True))}]"
    if detail == "full":
        arguments["more"] = f"[{_more(note, content, setting)}]"
    return ", ".join(f"{name}: {value}" for name, value in arguments.items())


def _more(note: Note, content: Content, setting: Setting) -> str:
    named = "".join(
        f"#part({quote(name)})[{write_typst(nodes, setting)}];"
        for name, nodes in content.sections.items()
    )
    cited = "; ".join(
        f"#link({quote(citation.url)})[#{quote(citation.title)};];"
        if citation.url
        else f"#{quote(citation.title)};"
        for citation in note.citations
    )
    sources = f"#sources[{cited}];" if cited else ""
    return write_typst(content.details, setting) + named + sources


def _register(deck: Deck) -> str:
    companies: dict[str, list[str]] = {}
    topics: dict[str, list[str]] = {}
    for number, note in enumerate(deck.notes, 1):
        if deck.collection.kinds[note.kind].compact:
            continue  # rows have no numbers, and a list of words is an index of its own
        for slug in {fact.company for fact in note.evidence}:
            name = company_name(deck.collection.companies, slug)
            companies.setdefault(name, []).append(str(number))
        for tag in note.tags:
            topics.setdefault(tag, []).append(str(number))
    parts = [
        f"({quote(title)}, {array(_entries(found))})"
        for title, found in (("Companies", companies), ("Topics", topics))
        if found
    ]
    return f"#register({quote('Index')}, {array(parts)});" if parts else ""


def _entries(found: Mapping[str, list[str]]) -> Iterator[str]:
    for word in sorted(found, key=str.lower):
        yield f"({quote(word)}, {array(found[word])})"


def _companies(note: Note, catalogue: Catalogue) -> Iterator[str]:
    for slug, kind in strongest_kinds(note).items():
        yield f"({quote(company_name(catalogue.companies, slug))}, {quote(kind)})"
