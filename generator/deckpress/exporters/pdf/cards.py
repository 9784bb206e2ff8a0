"""Double-sided paper flashcards as PDF: the question in front, the short answer behind it."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from deckpress.decks.deck import Deck
from deckpress.exporters.options import Options
from deckpress.exporters.pdf.key_lines import asks_for_code, key_lines, signatures
from deckpress.exporters.pdf.parts import Limits, Part, all_set, attempt_part, divide_deck
from deckpress.exporters.pdf.typeset import (
    TYPST_PAPERS,
    note_setting,
    primary_language,
    typeset_fonts,
    typst_files,
)
from deckpress.markup.joined_pdf import join_pdfs
from deckpress.markup.typeset_apart import Source, pdf_apart, side_by_side
from deckpress.markup.typesetter import Typesetter
from deckpress.markup.typst import Setting, write_line, write_typst
from deckpress.math.typst_code import Code, arguments, call, lines, load, record
from deckpress.model.collection import Catalogue, Writing, category_name
from deckpress.model.note import Content, Note
from deckpress.tree.cloze import split_markers
from deckpress.tree.node import (
    Node,
    has_code_holes,
    is_formula,
    list_start,
    plain_text,
    stressed_lines,
    walk,
)

LIMITS = Limits(whole=1_500_000, part=400_000)
"""What is set as a whole takes up to 1.3 GB; a part, up to 0.4 GB."""
_ROWS = {8: 4, 4: 2}
_WORDS = frozenset({"text", "soft_break", "strong", "emphasis"})
_SHORT_QUESTION, _SHORT_ANSWER = 60, 120
"""Characters of which even the widest take half a card."""
_LONG = 300
"""Characters from which a block is divided, so that it may go on on another card."""
_MOST = 450
"""Characters that a piece of a paragraph has at most, unless one thing in it is longer."""
_LINES, _TABLE_ROWS = 8, 3
_SENTENCE = re.compile(r"(?<=[.;:!?])\s+")


def export(deck: Deck, options: Options) -> bytes:
    """Set a deck as paper flashcards.

    Args:
        deck: the deck.
        options: paper, cards a sheet, and how the printer turns it.

    Returns:
        The bytes of a PDF whose odd pages are fronts and whose even pages are their backs.
    """
    parts = divide_deck(deck, PAPER_CARD, LIMITS, by_section=False)
    if len(parts) == 1:
        source = _source(deck, options)
        return Typesetter(source.fonts).pdf(source.text, source.files, date=source.date)

    def set_part(part: Part) -> bytes:
        return pdf_apart(_source(part.of(deck), options))

    made = side_by_side(partial(attempt_part, set_part), parts)
    return join_pdfs(all_set(deck, parts, made))


def _source(deck: Deck, options: Options) -> Source:
    text = write_cards(deck, options)
    return Source(text, typst_files(deck), typeset_fonts(deck, text), deck.date)


def write_cards(deck: Deck, options: Options) -> str:
    """Write the paper cards of a deck as Typst source, which imports `paper-cards.typ`."""
    info = deck.collection.info
    named = arguments(
        title=info.words.say("paper-cards", title=deck.title),
        language=primary_language(info.language),
        author=[info.author] if info.author else [],
        paper=TYPST_PAPERS[options.paper],
        rows=_ROWS[options.per_sheet],
        flip=options.flip,
    )
    cards = lines(deck.collection.write(PAPER_CARD, deck.notes).values())
    return f"{load('/paper-cards.typ')}{call('paper-cards', cards, named)}\n"


def write_note(note: Note, content: Content, catalogue: Catalogue) -> Code:
    """Write a card: a function of the note and of what it names."""
    setting = note_setting(note, catalogue)
    code = key_lines(content) if asks_for_code(note, content) else ()
    cloze = catalogue.kinds[note.kind].cloze
    return record(
        id=note.id,
        category=category_name(catalogue.info, note.category),
        difficulty=note.difficulty,
        kind=note.kind,
        short=not (cloze or code) and _is_short(content),
        question=write_line(content.question, setting),
        front=_text(blank_holes(content.answer) if cloze else signatures(content.front), setting),
        back=_text((*content.answer, *code), replace(setting, boxed=True)),
    )


def _is_short(content: Content) -> bool:
    """Say whether a card holds nothing but words, so few that they fit in the largest type."""
    answer = content.answer
    paragraph = len(answer) == 1 and answer[0].kind == "paragraph" and not content.front
    return (
        paragraph
        and all(node.kind in _WORDS for node in walk((*content.question, *answer[0].children)))
        and len(plain_text(content.question)) <= _SHORT_QUESTION
        and len(plain_text(answer)) <= _SHORT_ANSWER
    )


PAPER_CARD = Writing("cards", write_note, Code)


def writings(options: Options) -> tuple[Writing[Any], ...]:
    """Return the ways in which notes are written for this format, beside that for Anki."""
    return (PAPER_CARD,)


def _text(nodes: Sequence[Node], setting: Setting) -> Code:
    pieces = [piece for node in nodes for piece in divide(node)]
    whole, divided = ([write_typst([node], setting) for node in part] for part in (nodes, pieces))
    return record(whole=[*whole], pieces=[*divided])


def blank_holes(nodes: Iterable[Node]) -> tuple[Node, ...]:
    """Return the text of a cloze note with its holes open: the hint, or dots, in brackets."""
    return tuple(_blank(node) for node in nodes)


def _blank(node: Node) -> Node:
    if node.kind == "cloze":
        return Node("strong", (Node("text", text=f"[{node.get('hint') or '...'}]"),))
    if is_formula(node):
        pieces = split_markers(node.text, braces=True)
        latex = "".join(r"[\ldots]" if piece.number else piece.text for piece in pieces)
        return node._replace(text=latex)
    if has_code_holes(node):
        pieces = split_markers(node.text)
        code = "".join(f"[{p.hint or '...'}]" if p.number else p.text for p in pieces)
        return node._replace(text=code)
    return node.with_children(blank_holes(node.children))


def divide(node: Node) -> Iterator[Node]:
    """Divide a long block into blocks that may stand on different cards.

    Args:
        node: a block.

    Yields:
        Blocks that together say the same; a short block comes back as it is.
    """
    if len(plain_text([node])) < _LONG and node.kind not in ("table", "code_block"):
        yield node
    elif node.kind in ("bullet_list", "ordered_list"):
        first = list_start(node)
        for number, item in enumerate(node.children, first):
            yield node._replace(children=(item,), attrs=(("start", str(number)),))
    elif node.kind in ("block_quote", "alert", "footnotes"):
        for child in node.children:
            for piece in divide(child):
                yield node.with_children([piece])
    elif node.kind in ("step", "details"):
        for child in node.children:
            yield from divide(child)
    elif node.kind == "code_block" and not has_code_holes(node):
        yield from _divide_code(node)
    elif node.kind == "table":
        yield from _divide_table(node)
    elif node.kind == "paragraph":
        yield from (node.with_children(part) for part in _sentences(node.children))
    else:
        yield node


def _divide_code(node: Node) -> Iterator[Node]:
    lines = node.text.split("\n")
    stressed = stressed_lines(node)
    for start in range(0, len(lines), _LINES):
        here = [n - start for n in stressed if start < n <= start + _LINES]
        kept = [(name, value) for name, value in node.attrs if name != "lines"]
        attrs = (*kept, ("lines", " ".join(map(str, here))))
        yield node._replace(text="\n".join(lines[start : start + _LINES]), attrs=attrs)


def _divide_table(node: Node) -> Iterator[Node]:
    heads = [part for part in node.children if part.kind == "table_head"]
    bodies = [part for part in node.children if part.kind != "table_head"]
    rows = [row for body in bodies for row in body.children]
    for start in range(0, max(len(rows), 1), _TABLE_ROWS):
        body = Node("table_body", tuple(rows[start : start + _TABLE_ROWS]))
        yield node.with_children([*heads, body])


def _sentences(children: Sequence[Node]) -> Iterator[list[Node]]:
    """Divide inline nodes behind sentences; what has none that ends, between its words."""
    part: list[Node] = []
    length = 0
    for child in children:
        texts = list(_phrases(child.text)) if child.kind == "text" else [child.text]
        for index, text in enumerate(texts):
            size = len(text) if child.kind == "text" else len(plain_text([child]))
            if part and ((index and length > _LONG // 2) or length + size > _MOST):
                yield part
                part, length = [], 0
            elif index:
                text = f" {text}"
            part.append(child._replace(text=text))
            length += size
    if part:
        yield part


def _phrases(text: str) -> Iterator[str]:
    for sentence in _SENTENCE.split(text):
        if len(sentence) <= _LONG:
            yield sentence
        else:
            # Two of these are longer than a piece may be, so none is joined with a space.
            yield from textwrap.wrap(sentence, _LONG, expand_tabs=False, replace_whitespace=False)
