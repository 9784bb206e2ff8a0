"""What the content of a note must keep to, so that no target meets anything it cannot show."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from deckpress.characters import describe_forbidden
from deckpress.cloze import ALMOST, MOST, OPENING, split_markers, strip_markers
from deckpress.document import Node, plain_text, walk
from deckpress.latex import find_fault
from deckpress.problem import Location, Problem


def check_content(nodes: Sequence[Node], path: str, *, cloze: bool) -> Iterator[Problem]:
    """Check formulas, links, images and, in a cloze note, markers.

    Args:
        nodes: the trees of one note or of a part of it.
        path: the file they come from.
        cloze: whether the note is a cloze note, so that markers in formulas are live.

    Yields:
        Every mistake at its place.
    """
    for node in walk(nodes):
        where = Location(path, max(node.line, 1), max(node.column, 1))
        for text in (node.text, *(value for _, value in node.attrs)):
            if fault := describe_forbidden(text):
                yield Problem(where, fault, "it is written as an entity, such as &#xE000;")
        match node.kind:
            case "math" | "math_block" | "math_display":
                yield from _check_formula(node, where, cloze=cloze)
            case "link":
                yield from _check_link(node, where)
            case "image" if not node.text.strip():
                yield Problem(where, "the image has no alt text", "say what is seen: ![...](...)")
            case "cloze":
                yield from _check_hole(node, where)


def check_cloze(text: Sequence[Node], rest: Sequence[Node], where: Location) -> Iterator[Problem]:
    """Check that a cloze note has its holes, all of them where they can be filled.

    Args:
        text: what the front shows with its holes.
        rest: everything else of the note, where holes have no effect.
        where: the note's place.

    Yields:
        Every mistake at its place; markers that are misspelt, too.
    """
    if not hole_numbers(text):
        hint = "hide something: {{c1::...}}"
        yield Problem(where, "the cloze note has nothing to fill in", hint)
    for node in walk([*text, *rest]):
        for almost in ALMOST.finditer(node.text) if node.kind == "text" else ():
            place = Location(where.path, node.line, node.column + almost.start())
            message = f"'{almost[0]}' does not open a cloze, or it never closes"
            yield Problem(place, message, "write {{c1::hidden}} or {{c1::hidden::hint}}")
    if hole_numbers(rest):
        hint = "holes stand before '---' and outside sections; show the filler there instead"
        first = next(node for node in walk(rest) if _holes_of(node))
        place = Location(where.path, first.line or where.line, max(first.column, 1))
        yield Problem(place, "a hole on the back of a cloze note", hint)


def hole_numbers(nodes: Iterable[Node]) -> tuple[int, ...]:
    """Return the numbers of all holes, sorted: Anki makes one card for each."""
    return tuple(sorted({number for node in walk(nodes) for number in _holes_of(node)}))


def has_marker(nodes: Iterable[Node]) -> bool:
    """Say whether there is a cloze marker outside code."""
    return any(
        node.kind == "cloze" or (node.kind.startswith("math") and OPENING.search(node.text))
        for node in walk(nodes)
    )


def _holes_of(node: Node) -> list[int]:
    if node.kind == "cloze":
        return [int(node.get("number"))]
    if node.kind.startswith("math"):
        return [piece.number for piece in split_markers(node.text, braces=True) if piece.number]
    if node.kind == "code_block" and node.get("cloze"):
        return [piece.number for piece in split_markers(node.text) if piece.number]
    return []


def _check_formula(node: Node, where: Location, *, cloze: bool) -> Iterator[Problem]:
    latex = strip_markers(node.text, braces=True) if cloze else node.text
    fault = find_fault(latex, display=node.kind != "math")
    if fault:
        before = latex[: fault.offset]
        line = where.line + before.count("\n")
        column = (
            fault.offset - before.rfind("\n") if "\n" in before else where.column + fault.offset
        )
        yield Problem(Location(where.path, line, column), f"formula: {fault.message}", fault.hint)
    if (
        cloze
        and node.kind.startswith("math")
        and any(
            piece.number and not piece.text.strip()
            for piece in split_markers(node.text, braces=True)
        )
    ):
        yield Problem(where, "an empty hole in a formula", "put what is to be recalled into it")


def _check_link(node: Node, where: Location) -> Iterator[Problem]:
    href = node.get("href")
    if not href.startswith(("https://", "http://", "mailto:")):
        hint = "a card leads only to https:// addresses; an image is written ![alt](file)"
        yield Problem(where, f"the link '{href}' leads nowhere from a card", hint)


def _check_hole(node: Node, where: Location) -> Iterator[Problem]:
    number = int(node.get("number"))
    if not 1 <= number <= MOST:
        yield Problem(where, f"a cloze's number is 1 to {MOST}, not {number}")
    if not plain_text(node.children).strip():
        yield Problem(where, "an empty cloze", "put what is to be recalled into it")
    if any(child.kind == "cloze" for child in walk(node.children)):
        yield Problem(
            where, "a cloze within a cloze", "give the parts their own holes side by side"
        )
    hint = node.get("hint")
    if "{{" in hint or "}}" in hint:
        yield Problem(where, "braces in the hint of a cloze")
