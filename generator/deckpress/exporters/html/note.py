"""A note as the HTML sheet shows it: its parts as HTML, formulas and figures left open."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import unescape
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
from deckpress.exporters.html.formulas import Formula, formula_label, formula_name, is_foreign
from deckpress.markup.direction import is_mixed, text_direction
from deckpress.markup.elements import Html, element, join, substitute, text, void
from deckpress.markup.html import Target, image_style, write_html
from deckpress.model.collection import Catalogue, Writing, category_name
from deckpress.model.company import company_name
from deckpress.model.note import Citation, Content, Note
from deckpress.model.words import Words, page_language
from deckpress.text.characters import tie_signs
from deckpress.tree.cloze import Piece
from deckpress.tree.node import MEDIA, Node, heading_level, plain_text, walk

# Stand-ins for what is known only when the whole page is: in no source, and in no template.
_TIED = 8
"""How many characters beside a formula stay on its line."""
_TIED_BEFORE = re.compile(f"[^\\s<>\ue010-\ue016]{{0,{_TIED}}}\\Z")
_TIED_BEHIND = re.compile(f"[^\\s<>\ue010-\ue016]{{0,{_TIED}}}")
_FIGURE = re.compile('src="\ue015([^\ue016]+)\ue016"')
_PLACE = re.compile("\ue013((?:[pe](?=_))?)([^\ue014]+)\ue014")
PIECE, ENGLISH = "p", "e"
"""Before the name of a formula that is a piece of a longer one, or said in English though the words
around it are not."""
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
    asked = ("company", "category", "difficulty", "tag", "kind")
    return SheetNote(
        id=note.id,
        kind=note.kind,
        compact=kind.compact,
        category=category_name(catalogue.info, note.category),
        difficulty=note.difficulty,
        facts={name: " ".join(facts[name]) for name in asked},
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


def formula_places(page: str) -> Iterator[tuple[str, str]]:
    """Yield the places that a page leaves open for formulas: a mark or none, the drawing's name."""
    return ((match[1], match[2]) for match in _PLACE.finditer(page))


def fill_in(page: Html, formulas: Mapping[str, Html], figures: Mapping[str, Html]) -> Html:
    """Put drawn formulas and figures into a page.

    Args:
        page: HTML that holds what `write_note` wrote.
        formulas: the HTML of each formula, by the name of its drawing; as a piece of a longer one,
            by `PIECE` and the name; as one whose words are marked, by `ENGLISH` and the name.
        figures: the attributes that make an `<img>` show a figure, by the media file's name.

    Returns:
        The page, finished.
    """
    page = substitute(_FIGURE, lambda match: figures[unescape(match[1])], page)
    ahead, *places = page.split("\ue013")
    parts: list[Html] = []
    for place in places:
        name, _, behind = place.partition("\ue014")
        # A line may end beside a drawing, but not between it and its comma or bracket.
        start = _TIED_BEFORE.search(ahead, max(0, len(ahead) - _TIED))
        cut = start.start() if start else len(ahead)
        before = ahead[cut:]
        end = _TIED_BEHIND.match(behind)
        after = behind[: end.end() if end else 0]
        parts.append(ahead[:cut])
        drawn = formulas[name]
        tied = before or after
        parts.append(element("span", before, drawn, after, class_="tied") if tied else drawn)
        ahead = behind[len(after) :]
    return join((*parts, ahead))


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
            text=lambda said: text(tie_signs(said, self.language)),
            formula=self._formula,
            image=self._image,
            player=self._player,
            hole=self._hole,
            cloze=self.cloze,
            box=self._box,
            words=self.words,
            mixed=is_mixed(nodes, self.language),
        )
        return write_html([_fit(node) for node in nodes], target)

    def _place_of(self, node: Node) -> str:
        """Leave a place for what shows a figure, which stands where its address would."""
        return f"\ue015{self.images[node.get('src')]}\ue016"

    def _image(self, node: Node) -> Html:
        return void("img", src=self._place_of(node), alt=node.text, style=image_style(node))

    def _player(self, node: Node, alone: bool) -> Html:
        """Write a player; a sound among words is a button, and without script a small player."""
        place = self._place_of(node)
        label = node.get("label") or node.get("title") or PurePath(node.get("src")).stem
        shown = {"src": place, "aria_label": label}
        if node.kind == "video":
            return element("video", controls=True, preload="metadata", **shown)
        player = element("audio", controls=True, preload="none", **shown)
        if alone:
            return player
        said = self.words.say("play", label=label)
        return join([_button("play", "▶", said), player])

    def _formula(self, pieces: Sequence[Piece], display: bool) -> Html:
        """Leave a place for a formula; one with holes is drawn twice, as asked and as answered."""
        whole = "".join(piece.text for piece in pieces)
        open_ = "".join(r"{[\ldots]}" if piece.number else piece.text for piece in pieces)
        asked, answered = self._place(open_, display), self._place(whole, display)
        if asked == answered:
            return asked
        button = _button("hole", asked, self.words.say("reveal"))
        return join([button, element("span", answered, class_="filler")])

    def _place(self, whole: str, display: bool) -> Html:
        pieces = divide(whole)
        self.formulas |= dict.fromkeys((piece, display) for piece in pieces)
        english = is_foreign(whole, display, self.language)
        mark = PIECE if len(pieces) > 1 else ENGLISH if english else ""
        place = text("".join(f"\ue013{mark}{formula_name(one, display)}\ue014" for one in pieces))
        if len(pieces) > 1:
            place = element("span", place, **formula_label(whole, display, english=english))
        if display or all(len(piece) <= _WIDE for piece in pieces):
            return place
        return element("span", place, class_="wide", **_scrolls(self.words.say("formula")))

    def _box(self, kind: str, inner: Html, leftwards: bool) -> Html:
        label = self.words.say("code" if kind == "highlight" else kind)
        side = "ltr" if leftwards else None
        return element("div", inner, dir=side, class_=kind, **_scrolls(label))

    def _hole(self, number: int, hint: Html, inner: Html) -> Html:
        label = text(self.words.form("reveal-hint" if hint else "reveal")).replace("{hint}", hint)
        button = _button("hole", join(["[", hint or "…", "]"]), label)
        return join([button, element("span", inner, class_="filler")])


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


def _scrolls(label: str) -> dict[str, str]:
    return {"tabindex": "0", "role": "group", "aria_label": label}


def _button(kind: str, inner: str, label: str) -> Html:
    return element("button", inner, type="button", class_=kind, data_do=kind, aria_label=label)
