"""One card file to drafts of its notes: a function of its bytes, with mistakes at their places."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from deckpress.markdown.allowances import Allowances, find_allowances
from deckpress.markdown.dialects.question_lines import read_question_lines
from deckpress.markdown.outline import Heading, Outline, read_outline
from deckpress.markdown.parser import read_blocks, read_inline
from deckpress.schema.front_matter import FrontMatter, HeadingAttributes
from deckpress.schema.validation import validate_partly
from deckpress.text.problem import Edit, Fix, Location, Problem
from deckpress.text.source_text import decode_source, divide_source, refuse_conflicts
from deckpress.text.yaml import YamlText, read_yaml
from deckpress.tree.node import Node

MOST_BRACKETS = 4_000
MOST_CHARACTERS, MOST_ASKED = 50_000, 5_000
"""How long a note may be in its source, and its question. Ten times the longest honest ones; what
sets a text is given no more, for its time may grow with the square."""


@dataclass(frozen=True, slots=True)
class NoteDraft:
    """A note as its file has it, not yet checked against the deck.

    `question` and `body` are trees, `title` and `markdown` the text they were read from,
    line by line;
    `underlined` says that a heading in it is underlined, which is a mistake that hides how the body
    is meant to be divided; `unsure` are the keys of its attributes that could not be read.
    """

    where: Location
    attributes: HeadingAttributes
    question: tuple[Node, ...]
    body: tuple[Node, ...]
    underlined: bool
    title: str = ""
    markdown: str = ""
    unsure: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class CardDraft:
    """A card file as it stands: front matter with its places, drafts of notes, mistakes.

    `allowed` says of which advice its comments want to hear nothing, `unsure` which keys of the
    front matter could not be read.
    """

    path: str
    front: FrontMatter
    places: YamlText
    notes: tuple[NoteDraft, ...]
    problems: tuple[Problem, ...]
    allowed: Allowances
    unsure: frozenset[str] = frozenset()


def read_card_file(data: bytes, path: str) -> CardDraft:
    """Read a card file.

    Args:
        data: the file's bytes.
        path: its name as problems print it.

    Returns:
        The drafts of its notes in their order, and the mistakes that its text alone shows.
    """
    text, problems = refuse_conflicts(*decode_source(data, path), path)
    source = divide_source(text, path)
    places = read_yaml(source.front_matter, path, first_line=2)
    front, unsure, faults = validate_partly(FrontMatter, places)
    found = [*problems, *source.problems, *faults]
    notes: tuple[NoteDraft, ...] = ()
    allowed = Allowances({})
    if not source.problems and (text or not problems):
        body, faults = read_question_lines(source.body)
        found += (fault.within(Location(path)) for fault in faults)
        outline = read_outline(body, path)
        notes, faults = _read_notes(body, path, outline)
        allowed = find_allowances(source.body.split("\n"), outline.code, path)
        found += [*faults, *allowed.problems]
    return CardDraft(path, front, places, notes, tuple(found), allowed, unsure)


def _read_notes(
    body: str, path: str, outline: Outline
) -> tuple[tuple[NoteDraft, ...], list[Problem]]:
    lines = body.split("\n")
    problems = [*outline.problems, *_check_outline(outline, path)]
    questions = [heading for heading in outline.headings if heading.level == 1]
    drafts: list[NoteDraft] = []
    for heading, after in zip_longest(questions, questions[1:]):
        end = after.line - 1 if after else len(lines)
        size = sum(map(len, lines[heading.line : end])) + end - heading.line
        table = "pairs" in heading.attributes.get("class", "").split()
        if (size > MOST_CHARACTERS and not table) or len(heading.text) > MOST_ASKED:
            where = Location(path, heading.line)
            message = f"a note of {max(size, len(heading.text)):,} characters"
            problems.append(Problem(where, message, "divide it", rule="note-too-long"))
            continue
        brackets = "\n".join(lines[heading.line - 1 : end]).count("[")
        if brackets > MOST_BRACKETS and not table:
            # Each is looked at again for every one before it, for it could begin a link.
            where = Location(path, heading.line)
            message = f"a note with {brackets:,} opening brackets"
            problems.append(Problem(where, message, "divide it", rule="note-too-long"))
            continue
        try:
            draft, faults = _read_note(heading, after, lines, outline, path)
        except RecursionError:
            problems.append(nested_too_deep(Location(path, heading.line)))
        else:
            drafts.append(draft)
            problems += faults
    return tuple(drafts), problems


def nested_too_deep(where: Location) -> Problem:
    """Say of a note that something in it nests beyond what Python can follow."""
    hint = "something in this note is nested within itself too many times"
    return Problem(where, "nested too deeply", hint, rule="nested-too-deep")


def _check_outline(outline: Outline, path: str) -> list[Problem]:
    problems: list[Problem] = []
    for heading in outline.headings:
        if heading.underlined:
            hint = (
                "write # or ## in front; put an empty line above a --- that separates front and "
                "back"
            )
            problems.append(
                Problem(
                    Location(path, heading.line),
                    "an underlined heading",
                    hint,
                    rule="underlined-heading",
                )
            )
    first = next((heading.line for heading in outline.headings if heading.level == 1), 0)
    where = Location(path, outline.first_line or 1)
    if not first:
        problems.append(
            Problem(
                where,
                "no question here",
                "a note begins with # and its question",
                rule="no-question",
            )
        )
    elif outline.first_line < first:
        hint = "every note begins with a heading: # question"
        problems.append(
            Problem(where, "text before the first question", hint, rule="text-before-question")
        )
    return problems


def _read_note(
    heading: Heading, after: Heading | None, lines: Sequence[str], outline: Outline, path: str
) -> tuple[NoteDraft, list[Problem]]:
    """Read a note, which goes on to the question after it."""
    references: Mapping[str, Any] = outline.references
    source, end = lines[heading.line - 1], after.line - 1 if after else len(lines)
    attributes, unsure, problems = _read_attributes(heading, source, path)
    markdown = "\n".join(lines[heading.line : end])
    tokens = outline.tokens[heading.end : after.end - 3 if after else None]
    body = read_blocks(tokens, path, lines, (heading.line, end), references)
    title = read_inline(heading.text, path, heading.line, source, references)
    underlined = any(
        heading.line < other.line <= end for other in outline.headings if other.underlined
    )
    where = Location(path, heading.line)
    draft = NoteDraft(
        where,
        attributes,
        title.nodes,
        body.nodes,
        underlined,
        heading.text,
        markdown.rstrip("\n"),
        unsure,
    )
    return draft, [*problems, *body.problems, *title.problems]


_NO_ATTRIBUTES = HeadingAttributes()


def _read_attributes(
    heading: Heading, source: str, path: str
) -> tuple[HeadingAttributes, frozenset[str], list[Problem]]:
    start = source.rfind("{")
    values: dict[str, object] = dict(heading.attributes)
    if not values:
        return _NO_ATTRIBUTES, frozenset(), []
    classes = str(values.pop("class", "")).split()
    if classes:
        values["kind"] = classes[0]
    read = YamlText(values, {(): Location(path, heading.line, start + 1)})
    for key in values:
        mark = {"kind": ".", "id": "#"}.get(key, key)
        read.places[(key,)] = Location(path, heading.line, max(source.find(mark, start), 0) + 1)
    found, unsure, problems = validate_partly(HeadingAttributes, read)
    if len(classes) > 1:
        hint = f"keep one of .{' .'.join(classes)}"
        fixes = tuple(
            Fix(f"keep .{kept}", tuple(Edit(f".{c}", "") for c in classes if c != kept))
            for kept in dict.fromkeys(classes)
        )
        problems.append(
            Problem(read.places[()], "a note has one kind", hint, rule="kind-twice", fixes=fixes)
        )
    if "id" in unsure:
        # What is wrong with it must not be told as the want of an id as well.
        found = found.model_copy(update={"id": str(values.get("id", ""))})
    return found, unsure, problems
