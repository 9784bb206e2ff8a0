"""A note as the HTML sheet shows it: its parts as HTML, formulas and holes in their places."""

from __future__ import annotations

import re
from base64 import b64encode
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from html import escape, unescape

from deckpress.deck import Deck
from deckpress.document import Node, plain_text, walk
from deckpress.exporters.formula_pieces import divide
from deckpress.html import Target, write_html
from deckpress.model import Note
from deckpress.selection import note_facts
from deckpress.template import html

# Stand-ins for what is known only when the whole page is: in no source, and in no template.
_OPEN, _INNER, _CLOSE = "\ue010", "\ue011", "\ue012"
_TIED = "([^\\s<>\ue010-\ue014]{0,8})"
_FORMULA = re.compile(f"{_TIED}\ue013(\\d+)\ue014{_TIED}")
_HOLE = re.compile(f"{_OPEN}([^{_INNER}]*){_INNER}(.*?){_CLOSE}", re.DOTALL)
_TYPES = {"svg": "image/svg+xml", "png": "image/png", "webp": "image/webp"}
_EMPTY = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg'/%3E"
_WIDE = 60
"""From how many characters a formula among words gets a box that scrolls."""
_LONG, _COLUMN, _FIGURE = 26, 48, 15
"""From how many lines (two fifths of a page) columns may cut a note; characters a line of a
printed column holds; lines a figure takes."""


@dataclass(frozen=True, slots=True)
class SheetNote:
    """A note as the template sees it.

    `question`, `front` (what else stands before the answer), `answer`, `details` and the values of
    `sections`, `evidence`, `sources` are HTML. `facts` are the values to filter by; `badges` are
    pairs of a kind of evidence and a company's name; `length` says what the end of a column may
    cut: "long" the note, "longer" the note with its details.
    """

    id: str
    kind: str
    category: str
    difficulty: str
    facts: dict[str, str]
    badges: tuple[tuple[str, str], ...]
    question: str
    front: str
    answer: str
    details: str
    sections: tuple[tuple[str, str], ...]
    evidence: str
    sources: str
    length: str


class NoteWriter:
    """Writes the notes of a deck; `formulas` are the (LaTeX, display) that they have met."""

    def __init__(self, deck: Deck) -> None:
        """Prepare to write.

        Args:
            deck: the deck; a figure that several of its notes show is embedded once.
        """
        self._deck = deck
        self._formulas: dict[tuple[str, bool], int] = {}
        shown = [note.images[node.get("src")] for note in deck.notes for node in _images(note)]
        repeated = sorted(name for name, count in Counter(shown).items() if count > 1)
        self._repeated = {name: f"figure-{index}" for index, name in enumerate(repeated, 1)}

    @property
    def formulas(self) -> list[tuple[str, bool]]:
        """The formulas of the notes written so far, in order, each once."""
        return list(self._formulas)

    def write(self, note: Note) -> SheetNote:
        """Write a note; formulas are left open for `put_formulas`."""
        kind = self._deck.collection.kinds[note.kind]

        def write(nodes: Iterable[Node]) -> str:
            return html(self._write(nodes, note, cloze=kind.cloze))

        rendered = self._deck.rendered[note.id]
        note_type = self._deck.collection.note_types[kind.note_type]
        fields = dict(zip((field.key for field in note_type.fields), rendered.fields, strict=True))
        short = _length(note.question, note.front, note.answer)
        longer = short + _length(note.details, *note.sections.values())
        facts = note_facts(note)
        return SheetNote(
            id=note.id,
            kind=note.kind,
            category=next(
                c.name for c in self._deck.collection.info.categories if c.slug == note.category
            ),
            difficulty=note.difficulty,
            facts={name: " ".join(facts[name]) for name in facts if name not in ("id", "text")},
            badges=self._badges(note),
            question=write(note.question),
            front=write((*note.front, *(note.answer if kind.cloze else ()))),
            answer=write(() if kind.cloze else note.answer),
            details=write(note.details),
            sections=tuple((name, write(nodes)) for name, nodes in note.sections.items()),
            evidence=html(fields.get("companies", "")),
            sources=html(fields.get("sources", "")),
            length="long" if short > _LONG else "longer" if longer > _LONG else "",
        )

    def style(self) -> str:
        """Return the style sheet of the figures that several notes show."""
        return "\n".join(
            f'.{name} {{ content: url("{self._address(media)}"); }}'
            for media, name in self._repeated.items()
        )

    def put_formulas(self, page: str, draw: Callable[[str, bool], str]) -> str:
        """Put drawn formulas into a page.

        Args:
            page: HTML that holds what `write` wrote.
            draw: gives a formula's HTML for its LaTeX, and whether it stands on its own line.

        Returns:
            The page, finished.
        """
        drawn = [draw(*formula) for formula in self._formulas]

        def put(match: re.Match[str]) -> str:
            before, index, after = match.groups()
            formula = drawn[int(index)]
            # A line may end beside a drawing, but not between it and its comma or bracket.
            tied = f'<span class="tied">{before}{formula}{after}</span>'
            return tied if before or after else formula

        return _FORMULA.sub(put, page)

    def _write(self, nodes: Iterable[Node], note: Note, *, cloze: bool) -> str:
        target = Target(
            text=lambda text: escape(text, quote=False),
            formula=self._formula,
            image=lambda node: self._image(node, note.images[node.get("src")]),
            hole=lambda number, hint, inner: f"{_OPEN}{hint}{_INNER}{inner}{_CLOSE}",
            cloze=cloze,
            box=_box,
        )
        written = write_html([_fit(node) for node in nodes], target)
        written = re.sub(f"{_OPEN}([^{_INNER}]*){_INNER}", lambda m: _open_hole(m[1]), written)
        return written.replace(_CLOSE, "</span>")

    def _formula(self, latex: str, display: bool) -> str:
        """Leave a place for a formula; one with holes is drawn twice, as asked and as answered."""
        asked = self._place(_HOLE.sub(r"{[\\ldots]}", latex), display)
        answered = self._place(_HOLE.sub(r"\2", latex), display)
        if asked == answered:
            return asked
        button = _button(asked, "Reveal")
        return f'{button}<span class="filler">{answered}</span>'

    def _place(self, latex: str, display: bool) -> str:
        whole = unescape(latex)
        pieces = divide(whole)
        place = "".join(
            f"\ue013{self._formulas.setdefault((piece, display), len(self._formulas))}\ue014"
            for piece in pieces
        )
        if len(pieces) > 1:
            label = escape(" ".join(whole.split()))
            place = f'<span role="img" aria-label="{label}">{place}</span>'
        if display or all(len(piece) <= _WIDE for piece in pieces):
            return place
        return f'<span class="wide" {_scrolls("Formula")}>{place}</span>'

    def _image(self, node: Node, name: str) -> str:
        alt = escape(node.text)
        if name in self._repeated:
            return f'<img class="{self._repeated[name]}" src="{_EMPTY}" alt="{alt}">'
        return f'<img src="{escape(self._address(name))}" alt="{alt}">'

    def _address(self, name: str) -> str:
        """Return a figure as a data URL; drawings stay text, which packs better than Base64."""
        data, ending = self._deck.collection.media[name], name.rpartition(".")[2].lower()
        kind = _TYPES.get(ending, "image/jpeg")
        if ending != "svg":
            return f"data:{kind};base64,{b64encode(data).decode()}"
        hidden = {"%": "%25", "#": "%23", '"': "%22", "\n": "%0A", "\r": "%0D", "\t": "%09"}
        text = data.decode("utf-8-sig").translate(
            {ord(sign): code for sign, code in hidden.items()}
        )
        return f"data:{kind};charset=utf-8,{text}"

    def _badges(self, note: Note) -> tuple[tuple[str, str], ...]:
        names = {c.slug: c.name for c in self._deck.collection.companies.values()}
        strongest: dict[str, str] = {}
        for kind in ("asked", "watched", "subject"):
            for fact in note.evidence:
                if fact.kind == kind:
                    strongest.setdefault(fact.company, kind)
        return tuple((kind, names.get(slug, slug)) for slug, kind in strongest.items())


def _images(note: Note) -> list[Node]:
    parts = (note.question, note.front, note.answer, note.details, *note.sections.values())
    return [node for nodes in parts for node in walk(nodes) if node.kind == "image"]


def _length(*parts: Iterable[Node]) -> int:
    """Estimate how many lines of a printed column nodes take."""
    lines = 0
    for nodes in map(tuple, parts):
        lines += sum(-(-len(line) // _COLUMN) for line in plain_text(nodes).splitlines())
        lines += _FIGURE * sum(node.kind == "figure" for node in walk(nodes))
    return lines


def _fit(node: Node) -> Node:
    """Put headings below the question's own, and do not call an empty cell a header."""
    fitted = node.with_children(_fit(child) for child in node.children)
    if node.kind == "table_header" and not node.children:
        return replace(fitted, kind="table_cell")
    if node.kind == "heading":
        return replace(fitted, attrs=(("level", str(min(6, int(node.get("level")) + 2))),))
    return fitted


def _scrolls(label: str) -> str:
    return f'tabindex="0" role="group" aria-label="{label}"'


def _box(kind: str) -> str:
    label = {"highlight": "Code", "table": "Table", "formula": "Formula"}[kind]
    return f'<div class="{kind}" {_scrolls(label)}>'


def _open_hole(hint: str) -> str:
    label = f"Reveal: {hint}" if hint else "Reveal"
    button = _button(f"[{hint or '…'}]", label)
    return f'{button}<span class="filler">'


def _button(inner: str, label: str) -> str:
    attributes = f'type="button" class="hole" data-do="hole" aria-label="{label}"'
    return f"<button {attributes}>{inner}</button>"
