"""The sheet as PDF: every chosen note set in columns by Typst."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from itertools import groupby

from deckpress.company_page import company_pages
from deckpress.deck import Deck
from deckpress.document import Node
from deckpress.exporters.company_part import write_company
from deckpress.fallback_font import make_font, missing_characters
from deckpress.model import Category, Collection, Note, Theme
from deckpress.typesetter import TypesetError, Typesetter
from deckpress.typst_markup import Setting, array, quote, write_typst

KIND_COLOURS = ("accent", "code-name", "easy", "warn", "hard")
"""Inks that tell kinds of notes apart, given out in the kinds' alphabetical order."""

TYPST_PAPERS = {"a4": "a4", "letter": "us-letter"}
"""What Typst calls the papers."""

_STRENGTH = {"asked": 0, "watched": 1, "subject": 2}


def export(deck: Deck) -> bytes:
    """Set the sheet of a deck.

    Args:
        deck: the deck; `deck.sheet` says how it is printed.

    Returns:
        The bytes of the PDF: tagged, PDF/UA-1, the same for the same deck.
    """
    source = write_sheet(deck)
    typesetter = Typesetter(typeset_fonts(deck.collection.theme, source))
    files = typst_files(deck)
    try:
        return typesetter.pdf(source, files, date=deck.date)
    except TypesetError:
        # Balancing the last page depends on where everything else comes to stand, and in one sheet
        # of some hundred goes round in circles.
        return typesetter.pdf(write_sheet(deck, balanced=False), files, date=deck.date)


def typeset_fonts(theme: Theme, source: str) -> dict[str, bytes]:
    """Return the theme's fonts, and one for the characters of the source that they lack."""
    fonts = {
        path: content
        for path, content in theme.files.items()
        if path.startswith("fonts/") and path.endswith((".ttf", ".otf"))
    }
    missing = missing_characters([source], fonts.values())
    return fonts | {"fonts/last-resort.ttf": make_font(missing)}


def typst_files(deck: Deck) -> dict[str, bytes]:
    """Return what Typst reads: the templates, the tokens as `tokens.typ`, and the figures."""
    theme = deck.collection.theme
    files = {
        path.removeprefix("sheet/"): content
        for path, content in theme.files.items()
        if path.endswith(".typ")
    }
    files["tokens.typ"] = _write_tokens(theme).encode()
    images = {name for note in deck.notes for name in note.images.values()}
    return files | {f"media/{name}": deck.collection.media[name] for name in sorted(images)}


def _write_tokens(theme: Theme) -> str:
    """Write colours (by day), sizes and fonts as Typst dictionaries."""
    palette = theme.palette
    named = {**palette.papers, **palette.inks, **palette.lines}
    values = {
        "palette": {name: f"rgb({quote(pair[0])})" for name, pair in named.items()},
        "sizes": theme.sizes,
        "fonts": {name: array(map(quote, families)) for name, families in theme.fonts.items()},
    }
    return "".join(
        f"#let {what} = {array(f'{quote(name)}: {value}' for name, value in entries.items())}\n"
        for what, entries in values.items()
    )


def note_setting(note: Note, collection: Collection) -> Setting:
    """Return what the texts of a note are written with."""
    images = {src: f"/media/{name}" for src, name in note.images.items()}
    return Setting(images, collection.kinds[note.kind].cloze)


def kind_colours(collection: Collection) -> dict[str, str]:
    """Return the ink of each kind of note."""
    kinds = sorted(collection.kinds)
    return {kind: KIND_COLOURS[at % len(KIND_COLOURS)] for at, kind in enumerate(kinds)}


def write_sheet(deck: Deck, *, balanced: bool = True) -> str:
    """Write the sheet of a deck as Typst source.

    Args:
        deck: the deck.
        balanced: whether the columns of the last page are made even.

    Returns:
        The source, which imports `sheet.typ`.
    """
    names = {category.slug: category for category in deck.collection.info.categories}
    parts = ['#import "/sheet.typ": *', f"#show: sheet.with({_sheet_arguments(deck, balanced)})"]
    parts += (write_company(page, deck) for page in company_pages(deck))
    numbers = iter(range(1, len(deck.notes) + 1))
    for (part, slug), notes in groupby(
        deck.notes, key=lambda n: (deck.parts.get(n.id), n.category)
    ):
        parts.append(_section(names[slug], part or ""))
        parts += (_card(note, next(numbers), deck) for note in notes)
    return "\n".join([*parts, _register(deck)]) + "\n"


def _sheet_arguments(deck: Deck, balanced: bool) -> str:
    info, options = deck.collection.info, deck.sheet
    used = {note.kind for note in deck.notes}
    kinds = (
        f"({quote(kind)}, {quote(colour)})"
        for kind, colour in kind_colours(deck.collection).items()
        if kind in used
    )
    count = len(deck.notes)
    one_company = len(company_pages(deck)) == 1
    arguments = {
        "title": quote(deck.title),
        "description": quote(" ".join(info.description.split())),
        "author": array([quote(info.author)] if info.author else []),
        "keywords": array(quote(tag) for tag in sorted({t for n in deck.notes for t in n.tags})),
        "language": quote(info.language),
        "counts": quote(f"{count} {'question' if count == 1 else 'questions'}"),
        "date": quote(datetime.fromtimestamp(deck.date, UTC).date().isoformat()),
        "kinds": array(kinds),
        "paper": quote(TYPST_PAPERS[options.paper]),
        "flipped": str(options.landscape).lower(),
        "columns": str(options.column_count),
        "large": str(options.large).lower(),
        "balanced": str(balanced).lower(),
        "contents": str(not one_company).lower(),
    }
    return ", ".join(f"{name}: {value}" for name, value in arguments.items())


def _section(category: Category, part: str) -> str:
    """Write a section's bar; in a company's deck it says why the notes are there."""
    return f"#section({quote(category.name + (f' · {part}' if part else ''))});"


def _card(note: Note, number: int, deck: Deck) -> str:
    detail = deck.sheet.detail
    setting = note_setting(note, deck.collection)
    arguments = {
        "number": str(number),
        "kind": quote(note.kind),
        "colour": quote(kind_colours(deck.collection)[note.kind]),
        "difficulty": quote(note.difficulty),
        "companies": array(_companies(note, deck.collection)),
        "question": f"[{write_typst(note.question, setting)}]",
        "tick": str(detail == "questions").lower(),
    }
    if note.front:
        arguments["front"] = f"[{write_typst(note.front, setting)}]"
    if detail != "questions":
        arguments["answer"] = f"[{write_typst(note.answer, replace(setting, boxed=True))}]"
    if detail == "full":
        arguments["more"] = f"[{_more(note, setting)}]"
    return f"#card({', '.join(f'{name}: {value}' for name, value in arguments.items())});"


def _more(note: Note, setting: Setting) -> str:
    parts: Mapping[str, tuple[Node, ...]] = note.sections
    named = "".join(
        f"#part({quote(name)})[{write_typst(nodes, setting)}];" for name, nodes in parts.items()
    )
    cited = "; ".join(
        f"#link({quote(citation.url)})[#{quote(citation.title)};];"
        if citation.url
        else f"#{quote(citation.title)};"
        for citation in note.citations
    )
    sources = f"#sources[{cited}];" if cited else ""
    return write_typst(note.details, setting) + named + sources


def _register(deck: Deck) -> str:
    known = deck.collection.companies
    companies: dict[str, list[str]] = {}
    topics: dict[str, list[str]] = {}
    for number, note in enumerate(deck.notes, 1):
        for slug in {fact.company for fact in note.evidence}:
            name = known[slug].name if slug in known else slug
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


def _companies(note: Note, collection: Collection) -> Iterator[str]:
    strongest: dict[str, str] = {}
    for fact in sorted(note.evidence, key=lambda fact: (_STRENGTH[fact.kind], fact.company)):
        strongest.setdefault(fact.company, fact.kind)
    for slug, kind in strongest.items():
        known = collection.companies.get(slug)
        yield f"({quote(known.name if known else slug)}, {quote(kind)})"
