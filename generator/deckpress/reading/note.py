"""Drafts of notes held against the deck: its kinds, categories, companies and figures."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from deckpress.markdown.allowances import Allowances
from deckpress.model.note import Citation, Content, Note
from deckpress.model.templates import Kind
from deckpress.reading.body import divide_body, shows_anything
from deckpress.reading.card_file import CardDraft, NoteDraft, nested_too_deep
from deckpress.reading.checks import check_cloze, check_content, find_misspelt
from deckpress.reading.citations import cite_claims, cite_sources, merge_citations
from deckpress.reading.company_evidence import Vocabulary, read_evidence
from deckpress.reading.figures import Figure
from deckpress.schema.words import SLUG
from deckpress.text.problem import Location, Problem
from deckpress.text.suggestions import suggest
from deckpress.tree.holes import has_marker
from deckpress.tree.node import Node, is_formula, plain_text, walk, without_headings

FindFigure = Callable[[str], Figure | Problem]


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
        images, faults = _find_figures((*note.question, *note.body), draft.path, find_figure)
        problems += faults
        figures |= {figure.name: figure.data for figure in images.values()}
        try:
            made, content, faults = _complete(note, draft, folder, vocabulary)
        except RecursionError:
            problems.append(nested_too_deep(note.where))
            continue
        problems += faults
        names = {src: figure.name for src, figure in images.items()}
        key = _front_key(content, names, cloze=_is_cloze(made, vocabulary))
        made = replace(made, evidence=evidence, images=names, front_key=key)
        notes.append((made, content))
    return CompletedFile(tuple(notes), figures, tuple(problems), draft.allowed)


def _complete(
    note: NoteDraft, draft: CardDraft, folder: str, words: Vocabulary
) -> tuple[Note, Content, list[Problem]]:
    own, front, where = note.attributes, draft.front, note.where
    note, citations, problems = _cite(note, draft, words)
    kind, faults = _choose_kind(note, draft, words)
    problems += faults
    body = divide_body(note.body, kind, where)
    if not note.underlined:
        problems += body.problems
    problems += check_content((*note.question, *note.body), draft.path, cloze=kind.cloze)
    if kind.cloze:
        rest = [node for part in body.sections.values() for node in part]
        rest += [*note.question, *body.front, *body.details]
        problems += check_cloze(body.answer, rest, where)
    elif not own.kind and not front.kind:
        problems += find_misspelt((*note.question, *note.body), draft.path)
        if has_marker(note.question):
            hint = "holes stand in the text under it"
            problems.append(Problem(where, "a hole in the question", hint, rule="hole-in-question"))
    if not shows_anything(note.question):
        problems.append(Problem(where, "the question is empty", rule="empty-question"))
    identity, faults = _identify(note, draft)
    category, more = _choose_category(note, draft, folder, words)
    made = Note(
        id=identity,
        kind=kind.name,
        category=category,
        question=" ".join(plain_text(note.question).split()),
        front_key="",
        where=where,
        answer_words=_count_words(body.answer),
        difficulty=own.difficulty or front.difficulty or "",
        tags=tuple(sorted({tag.casefold(): tag for tag in _first(own.tags, front.tags)}.values())),
        citations=tuple(citations),
        checked=own.checked or front.checked,
        covers=tuple(_first(own.covers, front.covers)),
        replaces=tuple(_first(own.replaces, front.replaces)),
    )
    content = Content(
        note.question,
        body.front,
        body.answer,
        body.details,
        body.sections,
        note.title,
        note.markdown,
    )
    return made, content, [*problems, *faults, *more]


def _is_cloze(note: Note, words: Vocabulary) -> bool:
    return note.kind in words.kinds and words.kinds[note.kind].cloze


def _front_key(content: Content, images: Mapping[str, str], *, cloze: bool) -> str:
    """Return what tells a front from others: its words and figures; of a cloze note its text."""
    question = " ".join(plain_text(content.question).split()).casefold()
    shown = (*content.front, *(content.answer if cloze else ()))
    figures = [
        images.get(node.get("src"), "")
        for node in walk((*content.question, *shown))
        if node.kind == "image"
    ]
    rest = " ".join(plain_text(map(_show_holes, shown)).split())
    return "\n".join(part for part in (question, rest, *figures) if part)


def _show_holes(node: Node) -> Node:
    """Write into a tree which of its words a hole hides."""
    inner = tuple(map(_show_holes, node.children))
    if node.kind == "cloze":
        inner = (Node("text", text=f"{{{node.get('number')}"), *inner, Node("text", text="}"))
    return node.with_children(inner)


def _count_words(answer: Sequence[Node]) -> int:
    """Count the words of the first paragraph of an answer; a formula is one word."""
    first = without_headings(answer)[:1]
    words = [node for node in first if node.kind not in ("table", "figure", "code_block")]
    return len(plain_text(_without_formulas(words)).split())


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
    where = draft.places.place(("sources",)) if shared else note.where
    sources = (front.sources if shared else own.sources) or []
    unread = (front.unread if own.unread is None else own.unread) or []
    listed, problems = cite_sources(sources, words.works, unread, where)
    question, cited, faults = cite_claims(note.question, words.works, draft.path)
    body, more, others = cite_claims(note.body, words.works, draft.path)
    problems += [*faults, *others]
    note = replace(note, question=question, body=body)
    return note, merge_citations(listed, [*cited, *more]), problems


def _choose_kind(
    note: NoteDraft, draft: CardDraft, words: Vocabulary
) -> tuple[Kind, list[Problem]]:
    marked = has_marker(note.body)
    name = note.attributes.kind or draft.front.kind or ("cloze" if marked else "basic")
    if name in words.kinds:
        return words.kinds[name], []
    shared = not note.attributes.kind and draft.front.kind
    place = draft.places.place(("kind",)) if shared else note.where
    problem = Problem(
        place, f"unknown kind '{name}'", suggest(name, words.kinds), rule="unknown-kind"
    )
    return Kind(name, "", cloze=marked), [problem]


def _identify(note: NoteDraft, draft: CardDraft) -> tuple[str, list[Problem]]:
    if note.attributes.id:
        return note.attributes.id, []
    if len(draft.notes) > 1:
        hint = "give each note its own, # Question {#id}; `deckpress check --fix` writes them"
        return "", [Problem(note.where, "the note has no id", hint, rule="missing-id")]
    stem = PurePosixPath(draft.path).stem
    if draft.front.id or re.match(SLUG, stem):
        return draft.front.id or stem, []
    hint = "`deckpress check --fix` writes an id; or rename the file, in a-z, 0-9 and dashes"
    return stem, [Problem(note.where, f"'{stem}' cannot be an id", hint, rule="bad-id")]


def _choose_category(
    note: NoteDraft, draft: CardDraft, folder: str, words: Vocabulary
) -> tuple[str, list[Problem]]:
    slug = draft.front.category or folder
    if words.categories is None or slug in words.categories:
        return slug, []
    place = draft.places.place(("category",)) if draft.front.category else note.where
    hint = suggest(slug, words.categories)
    return slug, [Problem(place, f"unknown category '{slug}'", hint, rule="unknown-category")]


def _find_figures(
    nodes: Iterable[Node], path: str, find: FindFigure
) -> tuple[dict[str, Figure], list[Problem]]:
    figures: dict[str, Figure] = {}
    problems: list[Problem] = []
    for node in walk(nodes):
        if node.kind != "image":
            continue
        found = find(node.get("src"))
        if isinstance(found, Problem):
            problems.append(replace(found, where=Location(path, node.line, node.column)))
        else:
            figures[node.get("src")] = found
    return figures, problems


def _first(own: list[str] | None, shared: list[str] | None) -> list[str]:
    return own if own is not None else shared or []
