"""Drafts of notes checked against the deck: its kinds, categories, companies and figures."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from posixpath import basename, splitext

from deckpress.markdown.allowances import Allowances
from deckpress.model.note import Citation, Content, Evidence, Note
from deckpress.model.templates import Kind
from deckpress.reading.body import divide_body, shows_anything
from deckpress.reading.card_file import CardDraft, NoteDraft, nested_too_deep
from deckpress.reading.checks import check_cloze, check_content, find_misspelt
from deckpress.reading.citations import cite_claims, cite_sources, merge_citations
from deckpress.reading.company_evidence import Vocabulary, read_evidence
from deckpress.reading.figures import FindFigure, find_figures
from deckpress.reading.pairs import PairDefaults, Pairs, read_pairs
from deckpress.reading.question import key_of_front, name_question
from deckpress.reading.unfilled import find_unfilled
from deckpress.schema.words import SLUG
from deckpress.text.problem import Location, Problem
from deckpress.text.source_text import decode_source, refuse_conflicts
from deckpress.text.suggestions import misnamed
from deckpress.text.table import Cell, Row, read_table
from deckpress.tree.holes import has_marker
from deckpress.tree.node import Node, is_formula, plain_text, walk, without_headings

PAIRS = "pairs"
"""What a heading is called, in place of a kind, whose table holds word pairs."""

_ID = re.compile(SLUG)
_BAR = re.compile(r"(?<!\\)\|")


@dataclass(frozen=True, slots=True)
class CompletedFile:
    """The notes of a card file, the figures they show by name, and every mistake of the file.

    Advice stands among the mistakes, also what `allowed` wants to hear nothing of.
    With mistakes, the notes serve only to be held against those of other files.
    """

    notes: tuple[tuple[Note, Content], ...]
    figures: Mapping[str, bytes]
    problems: tuple[Problem, ...]
    allowed: Allowances = Allowances({})  # noqa: RUF009  # frozen, so it can be shared


def complete_notes(
    draft: CardDraft, folder: str, vocabulary: Vocabulary, find_figure: FindFigure
) -> CompletedFile:
    """Make notes of the drafts of a card file.

    Args:
        draft: the file, read.
        folder: the name of the folder it lies in, the default category.
        vocabulary: the words it may use.
        find_figure: finds the figure that an image's `src` names.

    Returns:
        The notes in their order, with what was wrong in the file and what is wrong with them.
    """
    evidence, faults = read_evidence(draft.front, draft.places, vocabulary)
    problems = [*draft.problems, *faults]
    notes: list[tuple[Note, Content]] = []
    figures: dict[str, bytes] = {}
    for note in draft.notes:
        if (note.attributes.kind or draft.front.kind) == PAIRS:
            found = _read_pairs(note, draft, folder, vocabulary, find_figure)
            language = note.attributes.language or draft.front.language or ""
            notes += (
                (made._replace(evidence=evidence, language=language), content)
                for made, content in found.notes
            )
            figures |= found.figures
            problems += found.problems
            continue
        images, faults = find_figures((*note.question, *note.body), draft.path, find_figure)
        problems += faults
        figures |= {figure.name: figure.data for figure in images.values()}
        names = {src: figure.name for src, figure in images.items()}
        try:
            made, content, faults = _complete(note, draft, folder, vocabulary, evidence, names)
        except RecursionError:
            problems.append(nested_too_deep(note.where))
            continue
        problems += faults
        notes.append((made, content))
    return CompletedFile(tuple(notes), figures, tuple(problems), draft.allowed)


def complete_words(
    data: bytes, path: str, folder: str, words: Vocabulary, find_figure: FindFigure
) -> CompletedFile:
    """Make notes of the rows of a file of word pairs.

    Args:
        data: the file's bytes.
        path: its name as problems print it.
        folder: the name of the folder it lies in, the default category.
        words: the words it may use.
        find_figure: finds the file that a sound or an image names.

    Returns:
        The notes in their order, and what is wrong in the file.
    """
    text, lacks = refuse_conflicts(*decode_source(data, path), path)
    rows, faults = read_table(text, path)
    problems = [*lacks, *faults]
    if faults or not rows:
        if not problems:
            where = Location(path)
            problems.append(Problem(where, "no word pairs here", rule="no-pairs"))
        return CompletedFile((), {}, tuple(problems))
    named = any(cell.text.strip().casefold() == "category" for cell in rows[0])
    if words.categories is not None and folder not in words.categories and not named:
        hint = "move the file into the folder of one, or add a column 'category'"
        message = f"unknown category '{folder}'" if folder else "these pairs have no category"
        problems.append(Problem(Location(path), message, hint, rule="unknown-category"))
    found = read_pairs(rows, PairDefaults(path, folder, words.both), words, find_figure)
    return CompletedFile(tuple(found.notes), found.figures, (*problems, *found.problems))


def _read_pairs(
    note: NoteDraft, draft: CardDraft, folder: str, words: Vocabulary, find_figure: FindFigure
) -> Pairs:
    """Make notes of the rows of the table under a heading."""
    own, front, where = note.attributes, draft.front, note.where
    category, faults = _choose_category(note, draft, folder, words)
    _, citations, more = _cite(replace(note, question=(), body=()), draft, words)
    problems = [*faults, *more]
    given = {"id": own.id, "covers": own.covers, "replaces": own.replaces, "unread": own.unread}
    for name, value in given.items():
        if value and name != "unread":
            message = f"{name}: the heading of a table of word pairs is not a note"
            hint = "write keys in a column 'key'"
            problems.append(Problem(where, message, hint, rule="pairs-heading"))
    others = [node for node in note.body if node.kind != "table"]
    tables = [node for node in note.body if node.kind == "table"]
    for node in (*others, *tables[1:]):
        place = Location(where.path, node.line or where.line)
        message = "this is not part of the table of word pairs"
        hint = "below a heading with .pairs, write one table and nothing else"
        problems.append(Problem(place, message, hint, rule="pairs-heading"))
    if not tables:
        message = "a heading with .pairs has no table under it"
        problems.append(Problem(where, message, rule="no-pairs"))
        return Pairs(problems=problems)
    defaults = PairDefaults(
        draft.path,
        category,
        both=(own.directions or front.directions or ("both" if words.both else "one")) == "both",
        difficulty=own.difficulty or front.difficulty or "",
        tags=tuple(_first(own.tags, front.tags)),
        citations=tuple(citations),
        checked=own.checked or front.checked,
        headed=True,
        told=True,
    )
    rows = [_split_row(row, note) for part in tables[0].children for row in part.children]
    found = read_pairs(rows, defaults, words, find_figure)
    return replace(found, problems=[*problems, *found.problems])


def _split_row(row: Node, note: NoteDraft) -> Row:
    """Return the cells of a row of a table as they are written."""
    line = note.markdown.split("\n")[row.line - note.where.line - 1]
    cells: list[Cell] = []
    at = len(line) - len(line.lstrip()) + line.lstrip().startswith("|")
    end = len(line.rstrip())
    # A row that is just begun, a bar alone, has an empty cell.
    while at < end or not cells:
        bar = _BAR.search(line, at)
        stop = bar.start() if bar else end
        text = line[at:stop]
        column = at + len(text) - len(text.lstrip()) + 1
        where = Location(note.where.path, row.line, column)
        cells.append(Cell(text.strip().replace("\\|", "|"), where))
        at = stop + 1
    return tuple(cells)


def _complete(
    note: NoteDraft,
    draft: CardDraft,
    folder: str,
    words: Vocabulary,
    evidence: tuple[Evidence, ...],
    images: Mapping[str, str],
) -> tuple[Note, Content, list[Problem]]:
    own, front, where = note.attributes, draft.front, note.where
    note, citations, problems = _cite(note, draft, words)
    kind, faults = _choose_kind(note, draft, words)
    problems += faults
    body = divide_body(note.body, kind, where, words.sections)
    if not note.underlined:
        problems += body.problems
    problems += check_content((*note.question, *note.body), draft.path, cloze=kind.cloze)
    if kind.cloze:
        rest = [node for part in body.sections.values() for node in part]
        rest += [*body.front, *body.details]
        problems += check_cloze(body.answer, note.question, rest, where)
    elif not own.kind and not front.kind and _may_hold_markers(note):
        problems += find_misspelt((*note.question, *note.body), draft.path)
        if has_marker(note.question):
            hint = "write holes in the text below it"
            problems.append(Problem(where, "a hole in the question", hint, rule="hole-in-question"))
    if own.directions and kind.name in words.kinds and "kind" not in note.unsure | draft.unsure:
        hint = "it is for the heading of a table of word pairs: {.pairs directions=one}"
        message = "directions has no effect on a note"
        problems.append(Problem(where, message, hint, rule="pairs-heading"))
    problems += find_unfilled(note.markdown, where, words.unfilled)
    if not shows_anything(note.question):
        problems.append(Problem(where, "the question is empty", rule="empty-question"))
    if front.term and len(draft.notes) > 1:
        place = draft.places.place(("term",))
        hint = 'give each note its own: # Question {#id term="..."}'
        problems.append(Problem(place, "one term for several notes", hint, rule="shared-term"))
    identity, faults = _identify(note, draft)
    category, more = _choose_category(note, draft, folder, words)
    content = Content(
        note.question,
        body.front,
        body.answer,
        body.details,
        body.sections,
        note.title,
        note.markdown.strip("\n"),
    )
    cloze = kind.cloze and kind.name in words.kinds
    made = Note(
        id=identity,
        kind=kind.name,
        category=category,
        question=name_question(note.question),
        front_key=key_of_front(content, images, cloze=cloze),
        where=where,
        answer_words=_count_words(body.answer),
        difficulty=own.difficulty or front.difficulty or "",
        term=own.term or front.term,
        importance=own.importance or front.importance or "",
        tags=tuple(sorted({tag.casefold(): tag for tag in _first(own.tags, front.tags)}.values())),
        evidence=evidence,
        citations=tuple(citations),
        checked=own.checked or front.checked,
        covers=tuple(_first(own.covers, front.covers)),
        replaces=tuple(_first(own.replaces, front.replaces)),
        images=images,
        id_from_file=not own.id and not front.id,
        language=own.language or front.language or "",
        tags_line=(draft.places.place(("tags",)) if own.tags is None else where).line,
    )
    return made, content, [*problems, *faults, *more]


def _count_words(answer: Sequence[Node]) -> int:
    """Count the words of the first paragraph of an answer; a formula is one word."""
    first = without_headings(answer)[:1]
    words = [node for node in first if node.kind not in ("table", "figure", "code_block")]
    if any(map(is_formula, walk(words))):
        words = _without_formulas(words)
    return len(plain_text(words).split())


def _without_formulas(nodes: Sequence[Node]) -> list[Node]:
    return [
        Node(
            node.kind,
            tuple(_without_formulas(node.children)),
            "x" if is_formula(node) else node.text,
            node.attrs,
        )
        for node in nodes
    ]


def _cite(
    note: NoteDraft, draft: CardDraft, words: Vocabulary
) -> tuple[NoteDraft, list[Citation], list[Problem]]:
    """Write out what claims cite, and gather all that the note leans on."""
    own, front = note.attributes, draft.front
    shared = own.sources is None
    sources = (front.sources if shared else own.sources) or []
    unread = (front.unread if own.unread is None else own.unread) or []
    wheres = [note.where] * len(sources)
    if shared:
        wheres = [draft.places.place(("sources", at)) for at in range(len(sources))]
    wheres.append(draft.places.place(("unread",)) if own.unread is None else note.where)
    listed, problems = cite_sources(sources, words.works, unread, wheres)
    if "[@" not in note.title and "[@" not in note.markdown:
        return note, merge_citations(listed, []), problems
    question, cited, faults = cite_claims(note.question, words.works, draft.path)
    body, more, others = cite_claims(note.body, words.works, draft.path)
    problems += [*faults, *others]
    if question is not note.question or body is not note.body:
        note = replace(note, question=question, body=body)
    return note, merge_citations(listed, [*cited, *more]), problems


def _choose_kind(
    note: NoteDraft, draft: CardDraft, words: Vocabulary
) -> tuple[Kind, list[Problem]]:
    marked = _may_hold_markers(note) and has_marker(note.body)
    name = note.attributes.kind or draft.front.kind or ("cloze" if marked else "basic")
    if name in words.kinds:
        return words.kinds[name], []
    shared = not note.attributes.kind and draft.front.kind
    place = draft.places.place(("kind",)) if shared else note.where
    problem = misnamed(place, f"unknown kind '{name}'", name, words.kinds, rule="unknown-kind")
    return Kind(name, "", cloze=marked), [problem]


def _may_hold_markers(note: NoteDraft) -> bool:
    """Say whether there are braces in a note at all, as they are or as an entity."""
    return any("{" in text or "&" in text for text in (note.title, note.markdown))


def _identify(note: NoteDraft, draft: CardDraft) -> tuple[str, list[Problem]]:
    if note.attributes.id:
        return note.attributes.id, []
    line, unreadable = note.where.line, "unreadable-attributes"
    if any(p.rule == unreadable and p.where.line == line for p in draft.problems):
        # The id may be among them: that is told already.
        return "", []
    if len(draft.notes) > 1:
        hint = "give each note its own, # Question {#id}; `deckpress check --fix` writes them"
        return "", [Problem(note.where, "the note has no id", hint, rule="missing-id")]
    stem = splitext(basename(draft.path))[0]
    if draft.front.id or _ID.match(stem) or "id" in draft.unsure:
        return draft.front.id or stem, []
    hint = "`deckpress check --fix` writes an id; or rename the file, in a-z, 0-9 and dashes"
    return stem, [Problem(note.where, f"'{stem}' cannot be an id", hint, rule="bad-id")]


def _choose_category(
    note: NoteDraft, draft: CardDraft, folder: str, words: Vocabulary
) -> tuple[str, list[Problem]]:
    slug = draft.front.category or folder
    if words.categories is None or slug in words.categories:
        return slug, []
    if note.where != draft.notes[0].where or "category" in draft.unsure:
        # All notes of a file have one category: it is told once.
        return slug, []
    place = draft.places.place(("category",)) if draft.front.category else note.where
    message, known = f"unknown category '{slug}'", words.categories
    hint = "list it in deck.yaml"
    if not slug:
        message, hint = "the notes have no category", "move the file into the folder of one"
    return slug, [misnamed(place, message, slug, known, rule="unknown-category", without=hint)]


def _first(own: list[str] | None, shared: list[str] | None) -> list[str]:
    return own if own is not None else shared or []
