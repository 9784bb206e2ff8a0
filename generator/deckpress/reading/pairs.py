"""Word pairs: a row of a table is a note, its key for ever in one cell and its words in two."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from deckpress.markdown.parser import read_inline
from deckpress.model.note import Citation, Content, Evidence, Note
from deckpress.reading.body import shows_anything
from deckpress.reading.checks import check_content, find_misspelt
from deckpress.reading.citations import cite_claims, merge_citations
from deckpress.reading.company_evidence import Vocabulary
from deckpress.reading.figures import FindFigure, find_figures
from deckpress.reading.question import key_of_front, name_question
from deckpress.schema.pair_row import PairRow
from deckpress.schema.validation import validate_partly
from deckpress.text.problem import Problem
from deckpress.text.suggestions import misnamed, nearest
from deckpress.text.table import Cell, Row
from deckpress.text.yaml import YamlText
from deckpress.tree.holes import has_marker
from deckpress.tree.media import media_kind, said_endings
from deckpress.tree.node import Node, plain_text

BOTH, ONE = "pair", "word"
"""The kinds of pairs: asked in both directions, and in one."""

_WORDS = ("front", "back")
_TEXTS = (*_WORDS, "example", "example back", "hint")
_SOUNDS = ("sound", "back sound")
_FACTS = ("key", "tags", "difficulty", "category", "directions")
_COLUMNS = (*_TEXTS, *_SOUNDS, *_FACTS)
_ALIASES = {"id": "key", "front sound": "sound"}
_PLAIN = re.compile(r"(?:[^\W_]|[ .,;!?'’\"“”()/–…¿¡·-]|:(?![^\s\d]))*")
"""A text without anything that could be markup."""
_SOUND = re.compile(r"\[sound:(?P<plain>[^\[\]]+)\]|!\[[^\]]*\]\(<?(?P<image>[^()<>]+)>?\)")


@dataclass(frozen=True, slots=True)
class PairDefaults:
    """What holds for every row that says nothing else, and of the table: its path, its places.

    `headed` says that the first row can only be names of columns; `told` that what is wrong in the
    Markdown of the cells has been told.
    """

    path: str
    category: str
    both: bool = True
    difficulty: str = ""
    tags: tuple[str, ...] = ()
    citations: tuple[Citation, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    checked: str = ""
    headed: bool = False
    told: bool = False


@dataclass(slots=True)
class Pairs:
    """The notes of a table of pairs, the files they play and show, and every mistake."""

    notes: list[tuple[Note, Content]] = field(default_factory=list)
    figures: dict[str, bytes] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def read_pairs(
    rows: Sequence[Row], defaults: PairDefaults, words: Vocabulary, find_figure: FindFigure
) -> Pairs:
    """Make a note of each row but the first, which names the columns.

    Args:
        rows: the table.
        defaults: what holds for rows that say nothing else.
        words: the words that rows may use.
        find_figure: finds the file that a sound or an image names.

    Returns:
        The notes in their order; without a key their id is empty.
    """
    found = Pairs()
    columns = _name_columns(rows[0], defaults, found.problems)
    if columns is None:
        return found
    if len(rows) == 1:
        where = rows[0][0].where
        found.problems.append(Problem(where, "a table without a row", rule="no-pairs"))
    for row in rows[1:]:
        cells = _take_cells(row, columns, found.problems)
        if cells:
            _read_row(cells, defaults, words, find_figure, found)
    return found


def _name_columns(
    head: Row, defaults: PairDefaults, problems: list[Problem]
) -> dict[int, str] | None:
    """Say what each column holds; None when the head does not name the two of the words."""
    columns: dict[int, str] = {}
    unknown: list[tuple[int, Cell]] = []
    for index, cell in enumerate(head):
        name = " ".join(re.split(r"[\s_-]+", cell.text.casefold()))
        name = _ALIASES.get(name, name)
        if name in columns.values():
            columns[index] = ""
            message = f"a second column '{cell.text}'"
            problems.append(Problem(cell.where, message, rule="key-twice"))
        elif name in _COLUMNS:
            columns[index] = name
        elif name:
            unknown.append((index, cell))
    # The words may go by the names of their languages, where it is plain that these are names.
    free = [name for name in _WORDS if name not in columns.values()]
    if defaults.headed or columns:
        for index, cell in unknown[:]:
            if free and not nearest(cell.text, _COLUMNS, cutoff=0.75):
                columns[index] = free.pop(0)
                unknown.remove((index, cell))
    if free:
        where = head[0].where
        message = "the first row does not name the columns of the words"
        hint = "name them front and back; if there is a column such as 'key', other names work, too"
        problems.append(Problem(where, message, hint, rule="unnamed-columns"))
        return None
    for index, cell in unknown:
        columns[index] = ""
        message = f"unknown column '{cell.text}'"
        problems.append(
            misnamed(cell.where, message, cell.text, _COLUMNS, most=20, rule="unknown-key")
        )
    return columns


def _take_cells(
    row: Row, columns: Mapping[int, str], problems: list[Problem]
) -> dict[str, Cell] | None:
    """Return the cells of a row by column; None when it has too many, for then none is certain."""
    cells = {columns[index]: cell for index, cell in enumerate(row) if index in columns}
    for index, cell in enumerate(row):
        if cell.text and index not in columns:
            message = f"this cell is in none of the {len(columns)} named columns"
            hint = "a separator within a cell needs quotes around it"
            problems.append(Problem(cell.where, message, hint, rule="too-many-cells"))
            return None
    empty = Cell("", row[0].where)
    return {name: cells.get(name, empty) for name in columns.values()}


def _read_row(
    cells: Mapping[str, Cell],
    defaults: PairDefaults,
    words: Vocabulary,
    find_figure: FindFigure,
    found: Pairs,
) -> None:
    problems, before = found.problems, len(found.problems)
    facts = _read_facts(cells, words, problems)
    texts: dict[str, tuple[Node, ...]] = {}
    cited: list[Citation] = []
    for name in _TEXTS:
        if name in cells and cells[name].text:
            nodes, works = _read_text(cells[name], defaults, words, problems)
            texts[name] = nodes
            cited += works
    played = {name: _read_sound(cells[name], problems) for name in _SOUNDS if name in cells}
    front = _with_sound(texts.get("front", ()), played.get("sound"))
    back = _with_sound(texts.get("back", ()), played.get("back sound"))
    for name, nodes in (("front", front), ("back", back)):
        # What cannot be read leaves nothing behind, and has been told.
        if not shows_anything(nodes) and (not cells[name].text or len(problems) == before):
            message = f"a pair without its {name}"
            problems.append(Problem(cells[name].where, message, rule="half-a-pair"))
    details = tuple(
        Node("paragraph", texts[name], line=cells[name].where.line, column=cells[name].where.column)
        for name in ("example", "example back")
        if name in texts
    )
    sections = {"Hint": (Node("paragraph", texts["hint"]),)} if "hint" in texts else {}
    shown = (*front, *back, *details, *sections.get("Hint", ()))
    files, faults = find_figures(shown, defaults.path, find_figure)
    problems += faults
    found.figures |= {file.name: file.data for file in files.values()}
    names = {src: file.name for src, file in files.items()}
    both = defaults.both if facts.directions is None else facts.directions == "both"
    note = Note(
        id=facts.key or "",
        kind=BOTH if both else ONE,
        category=facts.category or defaults.category,
        question=name_question(front),
        front_key="",
        where=cells["front"].where,
        answer_words=len(plain_text(back).split()),
        difficulty=facts.difficulty or defaults.difficulty,
        tags=tuple(sorted({*defaults.tags, *(facts.tags or ())})),
        evidence=defaults.evidence,
        citations=tuple(merge_citations(list(defaults.citations), cited)),
        checked=defaults.checked,
        images=names,
    )
    markdown = "\n\n".join(
        filter(None, (_markdown(cells, "back"), *(_markdown(cells, n) for n in _TEXTS[2:4])))
    )
    content = Content(
        front,
        (),
        (Node("paragraph", back, line=cells["back"].where.line),),
        details,
        sections,
        _markdown(cells, "front"),
        markdown,
    )
    key = key_of_front(content, names, cloze=False)
    found.notes.append((note._replace(front_key=key), content))


def _read_facts(cells: Mapping[str, Cell], words: Vocabulary, problems: list[Problem]) -> PairRow:
    """Read the cells that are no texts, each against what it may be."""
    values = {name: cells[name].text for name in _FACTS if name in cells and cells[name].text}
    if "tags" in values:
        values["tags"] = ",".join(re.split(r"[\s,]+", values["tags"].strip(", ")))
    if "key" in cells and "key" not in values:
        hint = "in a table with keys, every row needs one; without that column they are generated"
        problems.append(Problem(cells["key"].where, "the pair has no key", hint, rule="missing-id"))
    if not values:
        return PairRow()
    places = YamlText(values, {(): cells["front"].where})
    places.places |= {(name,): cells[name].where for name in values}
    facts, _, faults = validate_partly(PairRow, places)
    problems += faults
    if facts.category and words.categories is not None and facts.category not in words.categories:
        message = f"unknown category '{facts.category}'"
        where, known = cells["category"].where, words.categories
        problems.append(misnamed(where, message, facts.category, known, rule="unknown-category"))
    return facts


def _read_text(
    cell: Cell, defaults: PairDefaults, words: Vocabulary, problems: list[Problem]
) -> tuple[tuple[Node, ...], Iterable[Citation]]:
    where = cell.where
    if _PLAIN.fullmatch(cell.text):
        # Most words are only words, and a book has thousands.
        return (Node("text", text=cell.text, line=where.line, column=where.column),), ()
    source = " " * (where.column - 1) + cell.text
    reading = read_inline(cell.text, where.path, where.line, source)
    nodes, works, faults = cite_claims(reading.nodes, words.works, where.path)
    problems += () if defaults.told else reading.problems
    problems += [*faults, *check_content(nodes, where.path, cloze=False)]
    problems += find_misspelt(nodes, where.path)
    if has_marker(nodes):
        hint = "a pair is asked as a whole; write a cloze note"
        problems.append(Problem(where, "a hole in a word pair", hint, rule="holes-without-cloze"))
    return nodes, works


def _read_sound(cell: Cell, problems: list[Problem]) -> Node | None:
    if not cell.text:
        return None
    match = _SOUND.fullmatch(cell.text)
    src = (match["plain"] or match["image"]).strip() if match else cell.text
    kind = media_kind(src)
    if kind == "image":
        hint = f"sounds end in {said_endings('sound')}"
        problems.append(
            Problem(cell.where, f"'{src}' is not a sound", hint, rule="unknown-media-format")
        )
        return None
    return Node(kind, attrs=(("src", src),), line=cell.where.line, column=cell.where.column)


def _with_sound(nodes: tuple[Node, ...], sound: Node | None) -> tuple[Node, ...]:
    if sound is None:
        return nodes
    return (*nodes, Node("text", text=" "), sound) if nodes else (sound,)


def _markdown(cells: Mapping[str, Cell], name: str) -> str:
    """Return a text as its author would write it in a card, its sound behind it."""
    text = cells[name].text if name in cells else ""
    sound = {"front": "sound", "back": "back sound"}.get(name, "")
    played = cells[sound].text if sound in cells else ""
    if played and not _SOUND.fullmatch(played):
        played = f"[sound:{played}]"
    return " ".join(" ".join(part.split()) for part in (text, played) if part)
