"""The night-before sheet: a term, its short answer, key formula and small figure for each note."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import groupby

from deckpress.companies.deck_parts import ASKED
from deckpress.decks.deck import Deck, date_of
from deckpress.decks.page_order import page_order
from deckpress.exporters.options import Fit, Options
from deckpress.exporters.pdf.typeset import TYPST_PAPERS, note_setting, primary_language
from deckpress.markup.typst import write_typst
from deckpress.math.typst_code import Arguments, Code, arguments, call, document, number, value
from deckpress.model.collection import Catalogue, Writing, category_name
from deckpress.model.note import Content, Note
from deckpress.text.spellings import spell_words, spelled_words
from deckpress.tree.holes import hole_numbers
from deckpress.tree.node import Node, is_hidden_test, plain_text

USUAL_SIZE = 7.0
"""The size of type in points where no number of pages is asked for."""

_KEY_FORMULA, _FIGURE = "math_block", "figure"
_RUNS_ON = re.compile(r"[:：]\s*$")
_ENDS = re.compile(r"[.!?…。！？؟][\"'”’»)\]」』]*\s*$")
_GIVEN = re.compile(r"(?<![\w.,])\d[\d.,]*\d(?!\w)")
"""A number of some digits; of two in a question, the answer says what follows."""
_LISTS = ("bullet_list", "ordered_list")


def write_brief(deck: Deck, options: Options, fit: Fit | None = None) -> str:
    """Write the night-before sheet of a deck as Typst source, which imports `brief.typ`.

    A topic's notes stand together, whatever part of a company's deck they are of.

    Args:
        deck: the deck.
        options: how it is printed.
        fit: the notes and the type that fill a number of pages; without it all notes.

    Returns:
        The source.
    """
    fit = fit or Fit(frozenset(note.id for note in deck.notes), USUAL_SIZE)
    wanted = [note for note in deck.collection.notes if note.id in fit.notes]
    kept = page_order(wanted, deck.collection)
    entries = deck.collection.write(BRIEF_ENTRY, kept)
    words = deck.collection.info.words
    spellings = spelled_words(tuple(note.question for note in deck.collection.notes))
    asked = {name for name, part in deck.parts.items() if part == ASKED}
    parts = []
    for slug, notes in groupby(kept, key=lambda note: note.category):
        parts.append(call("topic", category_name(deck.collection.info, slug)))
        for note in notes:
            compact = deck.collection.kinds[note.kind].compact
            name = note.question if compact else name_note(note, spellings)
            term = words.say("term-asked", term=name) if note.id in asked else name
            parts.append(call("entry", note.id, term, entries[note.id]))
    given = _arguments(deck, options, kept, fit)
    return document(("/brief.typ",), "brief-sheet", given, parts)


def _arguments(deck: Deck, options: Options, kept: Sequence[Note], fit: Fit) -> Arguments:
    info = deck.collection.info
    own = {note.id for note in deck.notes}
    whole, here = len(own), sum(note.id in own for note in kept)
    say = info.words.say
    counts = say("notes" if here == whole else "brief-some", n=whole, some=here)
    if len(kept) > here:
        counts += say("brief-others", n=len(kept) - here)
    left = [note for note in deck.notes if note.id not in fit.notes]
    return arguments(
        title=deck.title,
        author=[info.author] if info.author else [],
        keywords=sorted({tag for note in kept for tag in note.tags}),
        language=primary_language(info.language),
        counts=counts,
        left_out=info.words.join(count_left_out(left, deck.collection)),
        version=deck.version,
        date=date_of(deck.date),
        paper=TYPST_PAPERS[options.paper],
        flipped=options.landscape,
        columns=column_count(options, fit),
        size=number(fit.size, "pt", digits=2),
        gap=number(fit.gap, "em", digits=3),
    )


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


def write_entry(note: Note, content: Content, catalogue: Catalogue) -> Code:
    """Write what the sheet says of a note behind its term: a function of the note.

    Returns:
        A pair: what follows the term in its line, and what stands below; each may be `none`.
    """
    setting = note_setting(note, catalogue)
    inline, rest = _essence(content)
    ways = ((inline, setting), (rest, replace(setting, boxed=True)))
    return value([write_typst(nodes, how) if nodes else None for nodes, how in ways])


BRIEF_ENTRY = Writing("pdf brief", write_entry, Code)


def needs_front(note: Note, content: Content, catalogue: Catalogue) -> bool:
    """Say whether an answer is about what only the front shows, such as the numbers of a drill.

    A coding note's front says what to write, and its answer how; that stands by itself.
    """
    shown = bool(content.front) and note.kind != "coding"
    return shown or len(set(_GIVEN.findall(note.question))) > 1


NEEDS_FRONT = Writing("needs front", needs_front, bool)


def _essence(content: Content) -> tuple[tuple[Node, ...], tuple[Node, ...]]:
    """Return what of an answer follows the term in its line, and what stands below.

    The first paragraph; what it leads to, if it ends in a colon or goes on in a list; the first
    formula on lines of its own; the first figure; of a note with holes, the first block that has
    one. An answer that begins with something else is kept up to its first paragraph.
    """
    answer = [node for node in content.answer if not is_hidden_test(node)]
    blocks = [node for node in answer if node.kind != "footnotes"]
    first = blocks[0] if blocks else Node("paragraph")
    is_text = first.kind == "paragraph"
    rest = [] if is_text else [first]
    after = next(iter((*blocks[1:], *content.details)), None)
    text = plain_text(first.children)
    goes_on = after is not None and after.kind in _LISTS and not _ENDS.search(text)
    if is_text and after is not None and (goes_on or _RUNS_ON.search(text)):
        rest.append(_small(after))
    if not hole_numbers((first, *rest)):
        filled = next((node for node in blocks[1:] if hole_numbers((node,))), None)
        rest += [filled] if filled else []
    for kind in (_KEY_FORMULA, _FIGURE):
        found = next((node for node in (*blocks[1:], *content.front) if node.kind == kind), None)
        if found is not None and all(node.kind != kind for node in rest):
            rest.append(_small(found))
    return first.children if is_text else (), tuple(rest)


def _small(node: Node) -> Node:
    """Take the caption off a figure: what it shows is said by its alternative text."""
    if node.kind != _FIGURE:
        return node
    image = node.children[0]
    kept = tuple(pair for pair in image.attrs if pair[0] != "title")
    return node.with_children([image._replace(attrs=kept)])


def name_note(note: Note, spellings: Mapping[str, str]) -> str:
    """Return a note's term: its author's, or one made of its id.

    Args:
        note: the note.
        spellings: words in lower case, as the deck spells them; `roc-auc-imbalance` is then
            "ROC AUC imbalance".
    """
    if note.term:
        return note.term
    words = note.id.split("-")
    if len(words) > 1 and words[0] in ("code", note.kind):
        # It says what kind of note it is, as ids of coding notes often do.
        del words[0]
    term = spell_words(words, spellings)
    return term[0].upper() + term[1:] if term.partition(" ")[0].islower() else term
