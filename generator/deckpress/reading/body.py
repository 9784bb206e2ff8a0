"""The parts of a note's body: front, short answer, details, named sections."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from deckpress.model.templates import Kind
from deckpress.text.characters import is_blank
from deckpress.text.problem import Location, Problem, replacing
from deckpress.text.suggestions import nearest
from deckpress.tree.node import MEDIA, Node, heading_level, plain_text, walk

_ABOVE = ("heading", "thematic_break")
"""Blocks that may stand above the short answer and are no answer themselves."""

_BELONGS = ("math_block", "table", "figure")
"""Blocks that belong to the short answer when they stand right after its first paragraph."""


@dataclass(slots=True)
class Anatomy:
    """A note's body in its parts, and what is wrong with the division."""

    front: tuple[Node, ...] = ()
    answer: tuple[Node, ...] = ()
    details: tuple[Node, ...] = ()
    sections: Mapping[str, tuple[Node, ...]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def divide_body(
    nodes: Sequence[Node],
    kind: Kind,
    where: Location,
    spoken: Mapping[str, str] = MappingProxyType({}),
) -> Anatomy:
    """Divide the body of a note.

    The line `---` ends the front; of a cloze note what stands before it is the text with its holes,
    and without it all is. One at the end divides nothing. H2 headings that the kind declares open
    sections, which end at the next H2. The first block of what remains that is no heading is the
    short answer, with the headings above it and a formula, table or figure that follows it at once;
    the rest is details, folded at its H2 headings if the kind has steps.

    Args:
        nodes: the blocks of the body.
        kind: the kind of the note.
        where: the note's place.
        spoken: names of sections by what they are called in the deck's language.

    Returns:
        The parts. Footnotes go with the part that refers to them.
    """
    anatomy = Anatomy()
    notes = {
        n.get("number"): n for block in nodes if block.kind == "footnotes" for n in block.children
    }
    blocks = [node for node in nodes if node.kind != "footnotes"]
    front, back = _split_at_rule(blocks)
    sections, rest = _take_sections(back, kind, where, anatomy, spoken)
    if kind.cloze:
        early, front = _take_sections(front, kind, where, anatomy, spoken)
        for name in early.keys() & sections.keys():
            place = Location(where.path, sections[name][0].line if sections[name] else where.line)
            anatomy.problems.append(
                Problem(place, f"a second section '## {name}'", rule="section-twice")
            )
        sections = {**early, **sections}
        answer, details = (front, rest) if front else (rest, [])
        front = []
    else:
        for node in front:
            title = plain_text(node.children).strip() if node.kind == "heading" else ""
            if title in kind.sections:
                place = Location(where.path, node.line, 1)
                message = f"the section '## {title}' before '---'"
                anatomy.problems.append(
                    Problem(place, message, "move it below the line", rule="section-on-front")
                )
        # Headings above the short answer go with it, so that nothing changes its place.
        start = next((at for at, node in enumerate(rest) if node.kind not in _ABOVE), len(rest))
        pair = [node.kind in _BELONGS for node in rest[start : start + 2]]
        size = 1 + (pair == [False, True])
        answer, details = rest[: start + size], rest[start + size :]
    if not shows_anything(answer):
        anatomy.problems.append(_no_answer(blocks, front, where))
    if kind.steps:
        details = _fold_steps(details)
    anatomy.front, anatomy.answer, anatomy.details = (
        _with_footnotes(part, notes) for part in (front, answer, details)
    )
    anatomy.sections = {name: _with_footnotes(part, notes) for name, part in sections.items()}
    return anatomy


def shows_anything(nodes: Sequence[Node]) -> bool:
    """Say whether trees show or play anything: words, formulas, code, a file."""
    return not is_blank(plain_text(nodes)) or any(node.kind in MEDIA for node in walk(nodes))


def _no_answer(blocks: Sequence[Node], front: Sequence[Node], where: Location) -> Problem:
    rule = next((node for node in blocks if _divides(node)), None)
    if rule and front:
        place = Location(where.path, rule.line or where.line)
        hint = "what is above it is on the front; write the answer below it"
        return Problem(place, "nothing follows '---'", hint, rule="no-answer")
    hint = "write it under the question: first what you would say in 30 seconds"
    return Problem(where, "the note has no answer", hint, rule="no-answer")


def _divides(node: Node) -> bool:
    return node.kind == "thematic_break" and node.get("markup") == "-"


def _split_at_rule(blocks: list[Node]) -> tuple[list[Node], list[Node]]:
    # A line at the end divides the note from the next one, as many files have it.
    while blocks and _divides(blocks[-1]):
        blocks = blocks[:-1]
    for index, node in enumerate(blocks):
        if _divides(node):
            return blocks[:index], blocks[index + 1 :]
    return [], blocks


def _take_sections(
    blocks: list[Node],
    kind: Kind,
    where: Location,
    anatomy: Anatomy,
    spoken: Mapping[str, str],
) -> tuple[dict[str, tuple[Node, ...]], list[Node]]:
    sections: dict[str, tuple[Node, ...]] = {}
    rest: list[Node] = []
    current = ""
    for node in blocks:
        if 1 <= heading_level(node) <= 2:
            title = plain_text(node.children).strip()
            place = Location(where.path, node.line, 1)
            current = title if title in kind.sections else ""
            if current in sections:
                anatomy.problems.append(
                    Problem(place, f"a second section '## {title}'", rule="section-twice")
                )
            if current:
                sections[current] = ()
                continue
            meant = spoken.get(title, "")
            near = nearest(title, kind.sections, cutoff=0.8)
            if meant in kind.sections and meant != title:
                near = meant
            if near:
                hint = f"did you mean '## {near}'?"
                if near == meant:
                    hint = f"write '## {meant}', in every language; the card says '{title}'"
                message = f"unknown section '## {title}'"
                safe = title.casefold() == near.casefold()
                fixes = (replacing(title, near, safe=safe),)
                anatomy.problems.append(
                    Problem(place, message, hint, rule="unknown-section", fixes=fixes)
                )
        if current:
            sections[current] = (*sections[current], node)
        else:
            rest.append(node)
    for name, part in sections.items():
        if not part:
            anatomy.problems.append(
                Problem(where, f"the section '## {name}' is empty", rule="empty-section")
            )
    return sections, rest


def _fold_steps(blocks: Sequence[Node]) -> list[Node]:
    folded: list[Node] = []
    number = 0
    for node in blocks:
        if heading_level(node) == 2:
            number += 1
            summary = node._replace(kind="summary", attrs=())
            attrs = (("number", str(number)),)
            folded.append(Node("step", (summary,), attrs=attrs, line=node.line, column=node.column))
        elif folded and folded[-1].kind == "step":
            folded[-1] = folded[-1].with_children((*folded[-1].children, node))
        else:
            folded.append(node)
    return folded


def _with_footnotes(part: Sequence[Node], notes: Mapping[str, Node]) -> tuple[Node, ...]:
    if not notes:
        return tuple(part)
    wanted: dict[str, Node] = {}
    ahead: list[Node] = list(part)
    while ahead:
        numbers = [node.get("number") for node in walk(ahead) if node.kind == "footnote_ref"]
        new = {n: notes[n] for n in numbers if n in notes and n not in wanted}
        wanted |= new
        ahead = list(new.values())
    found = list(wanted.values())
    return (*part, Node("footnotes", tuple(found))) if found else tuple(part)
