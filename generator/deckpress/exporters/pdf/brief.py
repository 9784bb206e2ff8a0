"""The night-before sheet: a term, its short answer, key formula and small figure for each note."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import groupby

from deckpress.decks.deck import Deck
from deckpress.exporters.options import Fit, Options
from deckpress.exporters.pdf.typeset import TYPST_PAPERS, note_setting
from deckpress.markup.typst import array, quote, write_typst
from deckpress.model.collection import Catalogue, Writing, category_name
from deckpress.model.note import Content, Note
from deckpress.tree.node import Node, plain_text

USUAL_SIZE = 7.0
"""The size of type in points where no number of pages is asked for."""

_KEY_FORMULA, _FIGURE = "math_block", "figure"
_RUNS_ON = re.compile(r":\s*$")


def write_brief(deck: Deck, options: Options, fit: Fit | None = None) -> str:
    """Write the night-before sheet of a deck as Typst source, which imports `brief.typ`.

    A topic's notes stand together, in the order of the collection, whatever part of a company's
    deck they are of.

    Args:
        deck: the deck.
        options: how it is printed.
        fit: the notes and the type that fill a number of pages; without it all notes.

    Returns:
        The source.
    """
    kept = [note for note in deck.notes if fit is None or note.id in fit.notes]
    order = {note.id: at for at, note in enumerate(deck.collection.notes)}
    kept.sort(key=lambda note: order[note.id])
    entries = deck.collection.write(BRIEF_ENTRY, kept)
    parts = []
    for slug, notes in groupby(kept, key=lambda note: note.category):
        parts.append(f"#topic({quote(category_name(deck.collection.info, slug))});")
        parts += (entries[note.id] for note in notes)
    arguments = _arguments(deck, options, kept, fit or Fit(frozenset(order), USUAL_SIZE))
    head = ['#import "/brief.typ": *', f"#show: brief-sheet.with({arguments})"]
    return "\n".join([*head, *parts]) + "\n"


def _arguments(deck: Deck, options: Options, kept: Sequence[Note], fit: Fit) -> str:
    info = deck.collection.info
    whole, here = len(deck.notes), len(kept)
    counts = f"{here} notes" if here == whole else f"{here} of {whole} notes"
    left = [note for note in deck.notes if note.id not in fit.notes]
    arguments = {
        "title": quote(deck.title),
        "author": array([quote(info.author)] if info.author else []),
        "keywords": array(quote(tag) for tag in sorted({t for n in kept for t in n.tags})),
        "language": quote(info.language),
        "counts": quote(counts),
        "left-out": quote(", ".join(count_left_out(left, deck.collection))),
        "date": quote(datetime.fromtimestamp(deck.date, UTC).date().isoformat()),
        "paper": quote(TYPST_PAPERS[options.paper]),
        "flipped": str(options.landscape).lower(),
        "columns": str(column_count(options, fit)),
        "size": f"{fit.size:.2f}pt",
        "gap": f"{fit.gap:.3f}em",
    }
    return ", ".join(f"{name}: {value}" for name, value in arguments.items())


def column_count(options: Options, fit: Fit) -> int:
    """Return the number of columns: on landscape paper one more."""
    return options.columns or fit.columns + options.landscape


def count_left_out(notes: Iterable[Note], catalogue: Catalogue) -> list[str]:
    """Say how many notes of each category were left out, the most first."""
    counts: dict[str, int] = {}
    for note in notes:
        counts[note.category] = counts.get(note.category, 0) + 1
    ranked = sorted(counts.items(), key=lambda pair: -pair[1])
    return [f"{category_name(catalogue.info, slug)} {number}" for slug, number in ranked]


def write_entry(note: Note, content: Content, catalogue: Catalogue) -> str:
    """Write an entry of the sheet: a function of the note and of what it names."""
    setting = note_setting(note, catalogue)
    inline, rest = _essence(content)
    arguments = [quote(note.id), quote(note.term or term_of_id(note.id, _spellings(content)))]
    if inline:
        arguments.append(f"inline: [{write_typst(inline, setting)}]")
    if rest:
        arguments.append(f"rest: [{write_typst(rest, replace(setting, boxed=True))}]")
    return f"#entry({', '.join(arguments)});"


BRIEF_ENTRY = Writing("pdf brief", write_entry)


def _essence(content: Content) -> tuple[tuple[Node, ...], tuple[Node, ...]]:
    """Return what of an answer follows the term in its line, and what stands below.

    The first paragraph; what it leads to, if it ends in a colon; the first formula on lines of its
    own; the first figure. An answer that begins with something else is kept up to its first
    paragraph.
    """
    blocks = [node for node in content.answer if node.kind != "footnotes"]
    first = blocks[0] if blocks else Node("paragraph")
    is_text = first.kind == "paragraph"
    rest = [] if is_text else [first]
    if is_text and len(blocks) > 1 and _RUNS_ON.search(plain_text(first.children)):
        rest.append(blocks[1])
    for kind in (_KEY_FORMULA, _FIGURE):
        found = next((node for node in (*blocks[1:], *content.front) if node.kind == kind), None)
        if found is not None and found not in rest and all(node.kind != kind for node in rest):
            rest.append(_small(found))
    return first.children if is_text else (), tuple(rest)


def _small(node: Node) -> Node:
    """Take the caption off a figure: what it shows is said by its alternative text."""
    if node.kind != _FIGURE:
        return node
    image = node.children[0]
    kept = tuple(pair for pair in image.attrs if pair[0] != "title")
    return node.with_children([replace(image, attrs=kept)])


def term_of_id(name: str, spellings: Mapping[str, str]) -> str:
    """Make a term of an id: `roc-auc-imbalance` is "ROC AUC imbalance".

    Args:
        name: the id.
        spellings: words in lower case, as the note spells them.
    """
    words = name.split("-")
    found: list[str] = []
    while words:
        for size in range(min(3, len(words)), 0, -1):
            whole = "-".join(words[:size])
            if whole in spellings or size == 1:
                found.append(spellings.get(whole, whole))
                del words[:size]
                break
    term = " ".join(found)
    return term if not term[:1].islower() or term[1:2].isupper() else term[0].upper() + term[1:]


def _spellings(content: Content) -> dict[str, str]:
    """Return the words of a note that have capitals within or dashes, by their lower case."""
    text = plain_text((*content.question, *content.answer, *content.details))
    return dict(_spelled(text))


def _spelled(text: str) -> Iterator[tuple[str, str]]:
    for word in re.findall(r"\w+(?:-\w+)*", text):
        inner = word[1:] != word[1:].lower()
        if inner or "-" in word:
            yield word.lower(), word if inner else word.lower()
