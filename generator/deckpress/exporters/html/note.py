"""A note as the HTML sheet shows it: its parts as HTML, formulas and figures left open."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from html import escape, unescape
from pathlib import PurePath

from deckpress.companies.deck_parts import selects
from deckpress.companies.evidence import (
    say_evidence,
    shown_kind,
    strongest_facts,
    strongest_kinds,
)
from deckpress.decks.selection import note_facts
from deckpress.exporters.html.formula_pieces import divide
from deckpress.exporters.html.formulas import Formula, formula_label, formula_name
from deckpress.markup.direction import is_mixed, text_direction
from deckpress.markup.html import Target, image_size, write_html
from deckpress.markup.jinja import Html, html
from deckpress.model.collection import Catalogue, Writing, category_name
from deckpress.model.company import company_name
from deckpress.model.note import Citation, Content, Note
from deckpress.model.words import Words, page_language
from deckpress.tree.node import MEDIA, Node, heading_level, plain_text, walk

# Stand-ins for what is known only when the whole page is: in no source, and in no template.
_OPEN, _INNER, _CLOSE = "\ue010", "\ue011", "\ue012"
_TIED = 8
"""How many characters beside a formula stay on its line."""
_TIED_BEFORE = re.compile(f"[^\\s<>\ue010-\ue016]{{0,{_TIED}}}\\Z")
_TIED_BEHIND = re.compile(f"[^\\s<>\ue010-\ue016]{{0,{_TIED}}}")
_FIGURE = re.compile("\ue015([^\ue016]+)\ue016")
_PLACE = re.compile("\ue013(?:p(?=_))?([^\ue014]+)\ue014")
_HOLE = re.compile(f"{_OPEN}([^{_INNER}]*){_INNER}(.*?){_CLOSE}", re.DOTALL)
PIECE = "p"
"""Before the name of a formula that is a piece of a longer one."""
_WIDE = 60
"""From how many characters a formula among words gets a box that scrolls."""
_LONG, _COLUMN, _FIGURE_LINES = 26, 48, 15
"""From how many lines (two fifths of a page) columns may cut a note; characters a line of a
printed column holds; lines a figure takes."""


@dataclass(frozen=True, slots=True)
class SheetNote:
    """A note as the template sees it; `compact` says that it is a row of a table of pairs.

    `question`, `front` (what else stands before the answer), `answer`, `details` and the values of
    `sections` are HTML, in which formulas and figures are open until `fill_in`. `facts` are the
    values to filter by: a note has the companies whose decks hold it; `badges` are pairs of a kind
    of evidence and a company's name; `evidence` are mappings of kind, grade, date and name, and of
    what they say;
    `citations` and `checked` say what it leans on;
    `length` says what the end of a column may cut: "long" the note, "longer" the note with its
    details; `language` is empty where it is the page's, and `directions` says of each part by name,
    sections included, how it runs. `formulas` and `figures` (names of media files, repeated where
    they are) are what it leaves open.
    """

    id: str
    kind: str
    compact: bool
    category: str
    difficulty: str
    facts: dict[str, str]
    badges: tuple[tuple[str, str], ...]
    question: Html
    front: Html
    answer: Html
    details: Html
    sections: tuple[tuple[str, Html], ...]
    evidence: tuple[dict[str, str], ...]
    citations: tuple[Citation, ...]
    checked: str
    length: str
    language: str
    directions: dict[str, str]
    formulas: tuple[Formula, ...]
    figures: tuple[str, ...]


def write_note(note: Note, content: Content, catalogue: Catalogue) -> SheetNote:
    """Write a note: a function of the note and of what it names.

    Args:
        note: the note.
        content: what it says.
        catalogue: where its kind, category and companies are found.

    Returns:
        The note for the template of the sheet.
    """
    kind = catalogue.kinds[note.kind]
    words = catalogue.info.words
    language = note.language or catalogue.info.language
    writer = _Writer(note.images, kind.cloze, words, language)
    front = (*content.front, *(content.answer if kind.cloze else ()))
    parts = {
        "question": content.question,
        "front": front,
        "answer": () if kind.cloze else content.answer,
        "details": content.details,
        **content.sections,
    }
    short = _length(content.question, content.front, content.answer)
    longer = short + _length(content.details, *content.sections.values())
    facts = {**note_facts(note), "company": _companies(note, catalogue)}
    return SheetNote(
        id=note.id,
        kind=note.kind,
        compact=kind.compact,
        category=category_name(catalogue.info, note.category),
        difficulty=note.difficulty,
        facts={name: " ".join(facts[name]) for name in facts if name not in ("id", "text")},
        badges=tuple(
            (kind, company_name(catalogue.companies, slug))
            for slug, kind in strongest_kinds(note).items()
        ),
        question=writer.write(content.question),
        front=writer.write(front),
        answer=writer.write(parts["answer"]),
        details=writer.write(content.details),
        sections=tuple((name, writer.write(nodes)) for name, nodes in content.sections.items()),
        evidence=tuple(
            {
                "kind": shown_kind(fact),
                "grade": fact.grade,
                "date": fact.date,
                "name": company_name(catalogue.companies, fact.company),
                "says": say_evidence(fact, company_name(catalogue.companies, fact.company), words),
            }
            for fact in strongest_facts(note)
        ),
        citations=note.citations,
        checked=note.checked,
        language="" if language == page_language(catalogue.info.language, words) else language,
        directions={name: text_direction(nodes, language) for name, nodes in parts.items()},
        length="long" if short > _LONG else "longer" if longer > _LONG else "",
        formulas=tuple(writer.formulas),
        figures=tuple(note.images[node.get("src")] for node in _media(content)),
    )


def _companies(note: Note, catalogue: Catalogue) -> list[str]:
    """Return the companies whose decks hold a note: those it names, and those that stress it."""
    stressing = (
        company.slug
        for company in catalogue.companies.values()
        if any(selects(stress, note) for stress in company.emphasis)
    )
    return sorted({*stressing, *(fact.company for fact in note.evidence)})


SHEET_NOTE = Writing("html", write_note, SheetNote)


def formula_places(page: str) -> Iterator[str]:
    """Yield the name of a formula's drawing for each place that a page leaves open for one."""
    return (match[1] for match in _PLACE.finditer(page))


def fill_in(page: str, formulas: Mapping[str, str], figures: Mapping[str, str]) -> str:
    """Put drawn formulas and figures into a page.

    Args:
        page: HTML that holds what `write_note` wrote.
        formulas: the HTML of each formula, by the name of its drawing; as a piece of a longer one,
            by `PIECE` and the name.
        figures: the attributes that make an `<img>` show a figure, by the media file's name.

    Returns:
        The page, finished.
    """
    page = _FIGURE.sub(lambda match: figures[unescape(match[1])], page)
    ahead, *places = page.split("\ue013")
    parts: list[str] = []
    for place in places:
        name, _, behind = place.partition("\ue014")
        # A line may end beside a drawing, but not between it and its comma or bracket.
        start = _TIED_BEFORE.search(ahead, max(0, len(ahead) - _TIED))
        before = start[0] if start else ""
        end = _TIED_BEHIND.match(behind)
        after = end[0] if end else ""
        parts.append(ahead[: len(ahead) - len(before)])
        tied = f'<span class="tied">{before}{formulas[name]}{after}</span>'
        parts.append(tied if before or after else formulas[name])
        ahead = behind[len(after) :]
    return "".join((*parts, ahead))


@dataclass(slots=True)
class _Writer:
    """Writes the parts of a note; `formulas` are those that it has met."""

    images: Mapping[str, str]
    cloze: bool
    words: Words
    language: str
    formulas: dict[Formula, None] = field(default_factory=dict)

    def write(self, nodes: Iterable[Node]) -> Html:
        nodes = tuple(nodes)
        target = Target(
            text=lambda text: escape(text, quote=False),
            formula=self._formula,
            image=self._image,
            player=self._player,
            hole=lambda number, hint, inner: f"{_OPEN}{hint}{_INNER}{inner}{_CLOSE}",
            cloze=self.cloze,
            box=self._box,
            words=self.words,
            mixed=is_mixed(nodes, self.language),
        )
        written = write_html([_fit(node) for node in nodes], target)
        written = re.sub(f"{_OPEN}([^{_INNER}]*){_INNER}", lambda m: self._open_hole(m[1]), written)
        return html(written.replace(_CLOSE, "</span>"))

    def _image(self, node: Node) -> str:
        name = escape(self.images[node.get("src")])
        return f'<img \ue015{name}\ue016 alt="{escape(node.text)}"{image_size(node)}>'

    def _player(self, node: Node, alone: bool) -> str:
        """Write a player; a sound among words is a button, and without script a small player."""
        place = f"\ue015{escape(self.images[node.get('src')])}\ue016"
        label = escape(node.get("label") or node.get("title") or PurePath(node.get("src")).stem)
        if node.kind == "video":
            return f'<video controls preload="metadata" {place} aria-label="{label}"></video>'
        player = f'<audio controls preload="none" {place} aria-label="{label}"></audio>'
        if alone:
            return player
        label = escape(self.words.say("play", label=unescape(label)))
        attributes = f'type="button" class="play" data-do="play" aria-label="{label}"'
        return f"<button {attributes}>▶</button>{player}"

    def _formula(self, latex: str, display: bool) -> str:
        """Leave a place for a formula; one with holes is drawn twice, as asked and as answered."""
        asked = self._place(_HOLE.sub(r"{[\\ldots]}", latex), display)
        answered = self._place(_HOLE.sub(r"\2", latex), display)
        if asked == answered:
            return asked
        button = _button(asked, self.words.say("reveal"))
        return f'{button}<span class="filler">{answered}</span>'

    def _place(self, latex: str, display: bool) -> str:
        whole = unescape(latex)
        pieces = divide(whole)
        self.formulas |= dict.fromkeys((piece, display) for piece in pieces)
        mark = PIECE if len(pieces) > 1 else ""
        place = "".join(f"\ue013{mark}{formula_name(piece, display)}\ue014" for piece in pieces)
        if len(pieces) > 1:
            place = f"<span {formula_label(whole, display)}>{place}</span>"
        if display or all(len(piece) <= _WIDE for piece in pieces):
            return place
        return f'<span class="wide" {_scrolls(self.words.say("formula"))}>{place}</span>'

    def _box(self, kind: str) -> str:
        label = self.words.say("code" if kind == "highlight" else kind)
        return f'<div class="{kind}" {_scrolls(label)}>'

    def _open_hole(self, hint: str) -> str:
        label = escape(self.words.form("reveal-hint" if hint else "reveal"), quote=False)
        button = _button(f"[{hint or '…'}]", label.replace("{hint}", hint))
        return f'{button}<span class="filler">'


def _media(content: Content) -> list[Node]:
    return [node for nodes in content.parts for node in walk(nodes) if node.kind in MEDIA]


def _length(*parts: Iterable[Node]) -> int:
    """Estimate how many lines of a printed column nodes take."""
    lines = 0
    for nodes in map(tuple, parts):
        lines += sum(-(-len(line) // _COLUMN) for line in plain_text(nodes).splitlines())
        lines += _FIGURE_LINES * sum(node.kind == "figure" for node in walk(nodes))
    return lines


def _fit(node: Node) -> Node:
    """Put headings below the question's own, and do not call an empty cell a header."""
    fitted = node.with_children(_fit(child) for child in node.children)
    if node.kind == "table_header" and not node.children:
        return fitted._replace(kind="table_cell")
    if heading_level(node):
        return fitted._replace(attrs=(("level", str(min(6, heading_level(node) + 2))),))
    return fitted


def _scrolls(label: str) -> str:
    return f'tabindex="0" role="group" aria-label="{escape(label)}"'


def _button(inner: str, label: str) -> str:
    quoted = label.replace('"', "&quot;")  # the text has its other marks escaped, its quotes not
    attributes = f'type="button" class="hole" data-do="hole" aria-label="{quoted}"'
    return f"<button {attributes}>{inner}</button>"
