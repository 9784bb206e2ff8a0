"""Double-sided paper flashcards as PDF: the question in front, the short answer behind it."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Any
from unicodedata import east_asian_width

from deckpress.decks.deck import Deck
from deckpress.decks.page_order import in_page_order
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
from deckpress.math.typst_code import Code, Value, arguments, call, lines, load, record
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
_CELLS, _ROWS_OF_CODE, _ROW = 12, 12, 45
"""Cells, rows of code, and characters in such a row, for which a card has room."""
_CODE = 300
"""Characters of a line of code from which it is divided where a card is too small for it."""
_SENTENCE = re.compile(r"(?<=[.;:!?])(?=\s)|(?<=[。；：！？])")
_CODE_BREAK = re.compile(rf".{{1,{_CODE}}}(?:(?<=[ ,;()\[\]{{}}=:/])|$)|.{{1,{_CODE}}}")


def export(deck: Deck, options: Options) -> bytes:
    """Set a deck as paper flashcards.

    Args:
        deck: the deck.
        options: paper, cards a sheet, and how the printer turns it.

    Returns:
        The bytes of a PDF whose odd pages are fronts and whose even pages are their backs.
    """
    deck = in_page_order(deck)
    parts = divide_deck(deck, PAPER_CARD, LIMITS, by_section=False)
    if len(parts) == 1:
        source = card_source(deck, options)
        return Typesetter(source.fonts).pdf(source.text, source.files, date=source.date)

    def set_part(part: Part) -> bytes:
        return pdf_apart(card_source(part.of(deck), options))

    made = side_by_side(partial(attempt_part, set_part), parts)
    return join_pdfs(all_set(deck, parts, made))


def card_source(deck: Deck, options: Options) -> Source:
    """Return the cards of a deck as a document to set."""
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
    whole = [write_typst([node], setting) for node in nodes]
    pieces = [_piece(piece, setting) for node in nodes for piece in divide(node)]
    return record(whole=[*whole], pieces=[*pieces])


def _piece(node: Node, setting: Setting) -> Value:
    """Write a piece; one that may be taller than a card with the pieces that it consists of."""
    written = write_typst([node], setting)
    finer = list(divide_further(node))
    if len(finer) < 2:
        return written
    return record(whole=[written], pieces=[_piece(piece, setting) for piece in finer])


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
    if _width([node]) < _LONG and node.kind not in ("table", "code_block"):
        yield node
    elif node.kind in ("bullet_list", "ordered_list"):
        first = list_start(node)
        for number, item in enumerate(node.children, first):
            yield node._replace(children=(item,), attrs=(("start", str(number)),))
    elif node.kind in ("block_quote", "alert", "footnotes", "footnote", "definition"):
        for child in node.children:
            for piece in divide(child):
                yield node.with_children([piece])
    elif node.kind in ("step", "details", "definition_list"):
        for child in node.children:
            yield from divide(child)
    elif node.kind == "code_block" and not has_code_holes(node):
        yield from _divide_code(node, _LINES)
    elif node.kind == "table":
        yield from _divide_table(node, _TABLE_ROWS)
    elif node.kind in ("paragraph", "plain"):
        yield from (node.with_children(part) for part in _sentences(node.children))
    else:
        yield node


def divide_further(node: Node) -> Iterator[Node]:
    """Divide a piece that may be taller than a card: items, rows, lines of code.

    Args:
        node: a piece, as `divide` yields it.

    Yields:
        Smaller pieces; one that cannot be divided comes back as it is.
    """
    if not _may_be_tall(node):
        yield node
    elif node.kind in ("bullet_list", "ordered_list"):
        yield from _divide_item(node)
    elif node.kind == "table":
        head, *rows = [row for part in node.children for row in part.children]
        if len(rows) == 1:
            yield from _divide_row(head, rows[0])
        else:
            # Cells have the whole width then, and the names of their columns before them.
            listed = node._replace(attrs=(*node.attrs, ("listed", "yes")))
            yield from _divide_table(listed, 1)
    elif node.kind == "code_block" and not has_code_holes(node):
        if "\n" in node.text:
            yield from _divide_code(node, 1)
        else:
            for text in _CODE_BREAK.findall(node.text):
                yield node._replace(text=text)
    elif node.children and node.kind in ("block_quote", "alert", "footnotes"):
        for child in node.children:
            for piece in divide_further(child):
                yield node.with_children([piece])
    else:
        yield node


def _may_be_tall(node: Node) -> bool:
    """Say whether a piece may be taller than a card."""
    if node.kind == "table":
        cells = sum(len(row.children) for part in node.children for row in part.children)
        return cells > _CELLS or _width([node]) > _LONG
    if node.kind == "code_block":
        return sum(_columns(line) // _ROW + 1 for line in node.text.split("\n")) > _ROWS_OF_CODE
    return _width([node]) > _MOST


def _divide_item(node: Node) -> Iterator[Node]:
    """Divide the only item of a list; what follows its first piece stands below without a mark."""
    (item,) = node.children
    pieces = [piece for child in item.children for piece in divide(child)]
    for number, piece in enumerate(pieces):
        if number == 0:
            yield node.with_children([item.with_children([piece])])
        else:
            yield piece._replace(kind="paragraph") if piece.kind == "plain" else piece


def _divide_row(head: Node, row: Node) -> Iterator[Node]:
    """Write a row of a table as paragraphs, each a cell behind the name of its column."""
    for title, cell in zip(head.children, row.children, strict=False):
        name = [Node("strong", title.children), Node("text", text=": ")] if title.children else []
        yield from divide(Node("paragraph", (*name, *cell.children)))


def _divide_code(node: Node, most: int) -> Iterator[Node]:
    lines = node.text.split("\n")
    stressed = stressed_lines(node)
    for start in range(0, len(lines), most):
        here = [n - start for n in stressed if start < n <= start + most]
        kept = [(name, value) for name, value in node.attrs if name != "lines"]
        attrs = (*kept, ("lines", " ".join(map(str, here))))
        yield node._replace(text="\n".join(lines[start : start + most]), attrs=attrs)


def _divide_table(node: Node, most: int) -> Iterator[Node]:
    heads = [part for part in node.children if part.kind == "table_head"]
    bodies = [part for part in node.children if part.kind != "table_head"]
    rows = [row for body in bodies for row in body.children]
    for start in range(0, max(len(rows), 1), most):
        body = Node("table_body", tuple(rows[start : start + most]))
        yield node.with_children([*heads, body])


def _sentences(children: Sequence[Node]) -> Iterator[list[Node]]:
    """Divide inline nodes behind sentences; what has none that ends, between its words."""
    part: list[Node] = []
    length = 0
    for index, piece in _inline_pieces(children):
        size = _width([piece])
        if part and ((index and length > _LONG) or length + size > _MOST):
            yield part
            part, length = [], 0
            # The space between sentences is none where a piece begins.
            piece = piece._replace(text=piece.text.lstrip()) if piece.kind == "text" else piece
        part.append(piece)
        length += size
    if part:
        yield part


def _inline_pieces(children: Sequence[Node]) -> Iterator[tuple[int, Node]]:
    """Yield the pieces of inline nodes, each with its number within its node."""
    for child in children:
        if child.kind == "text":
            for index, text in enumerate(_phrases(child.text)):
                yield index, child._replace(text=text)
        elif child.children and _width([child]) > _MOST and child.kind not in ("ruby", "citation"):
            for index, inner in enumerate(_sentences(child.children)):
                yield index, child.with_children(inner)
        else:
            yield 0, child


def _width(nodes: Sequence[Node]) -> int:
    """Return how many Latin letters are as wide as the text of nodes."""
    return _columns(plain_text(nodes))


def _columns(text: str) -> int:
    if text.isascii():
        return len(text)
    return len(text) + sum(east_asian_width(character) in "WF" for character in text)


def _phrases(text: str) -> Iterator[str]:
    for sentence in _SENTENCE.split(text):
        width = _columns(sentence)
        if width <= _LONG:
            yield sentence
        else:
            # Two of these are longer than a piece may be, so none is joined with a space.
            most = _LONG * len(sentence) // width
            yield from textwrap.wrap(sentence, most, expand_tabs=False, replace_whitespace=False)
