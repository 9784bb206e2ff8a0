"""The rules for the content of a note, so that it holds nothing that an output cannot show."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from deckpress.math.gate import find_fault
from deckpress.reading.body import shows_anything
from deckpress.schema.words import LONGEST_ADDRESS
from deckpress.text.characters import FORBIDDEN, find_forbidden
from deckpress.text.problem import Location, Problem, replacing
from deckpress.tree.cloze import ALMOST, MOST, find_joints, strip_markers
from deckpress.tree.code import is_slow
from deckpress.tree.holes import _holes_of, _pieces_of, hole_numbers
from deckpress.tree.node import FORMULAS, Node, has_code_holes, is_displayed, plain_text, walk

_CHECKED = frozenset({*FORMULAS, "code_block", "link", "image", "cloze", "strong"})
_MARKED = re.compile(
    r"(?<![\w$])\$(?=[\w\\({|-])[^$]*(?<=[^\s(])\$(?![\w$])"
    r"|(?<!`)(`+)(?=[^\s`])[^`]*(?<=\S)\1(?!`)"
    r"|(?<![\w*])(\*{1,3})(?=[^\s*])[^*]+(?<=\S)\2(?![\w*])"
    r"|(?<!\w)_(?=[^\W_]{2}|\*)[^_]+(?<=\S)_(?!\w)"
    r"|(?<!\w)__(?=[^\W_]|\*)[^_]*\s[^_]*(?<=\S)__(?!\w)"
    r"|(?<![\w~])~~(?=[^\s~])[^~]+(?<=\S)~~(?!~)"
    r"|(?<![\w=])==(?=[^\s=])[^=]+(?<=\S)==(?![\w=])"
    r"|(?<!\w)!?\[[^\]]*\]\([^)]*\)"
    r"|\\\(.*?\\\)"
    r"|(?<!\w)</?(?:b|br|code|em|i|img|span|strong|sub|sup|u)\b[^>]*>"
)
"""What a reader of Markdown takes for more than words.

Underscores of what may be a name of Python or a blank to fill in are left alone: `__init__`, `_a_`.
"""
_HINT = 1000
"""Letters of a hint that are looked through; an end that is missing is sought from each place."""
_APART = "give the parts their own holes side by side"


def check_content(nodes: Sequence[Node], path: str, *, cloze: bool) -> Iterator[Problem]:
    """Check characters, formulas, links, images and, in a cloze note, markers.

    Args:
        nodes: the trees of one note or of a part of it.
        path: the file they come from.
        cloze: whether the note is a cloze note, so that markers in formulas are live.

    Yields:
        Every mistake at its place.
    """
    for node in walk(nodes):
        bad: list[str] = []
        if node.attrs or not (node.text.isascii() and node.text.isprintable()):
            texts = [node.text, *(value for _, value in node.attrs)]
            bad = [text for text in texts if FORBIDDEN.search(text)]
        if not bad and node.kind not in _CHECKED:
            continue
        where = Location(path, max(node.line, 1), max(node.column, 1))
        for text in bad:
            for fault in find_forbidden(text, "it is written as an entity, such as &#xE000;")[:1]:
                yield replace(fault, where=where)
        if node.kind == "code_block":
            yield from _check_colours(node, where)
        match node.kind:
            case "math" | "math_block" | "math_display":
                yield from _check_formula(node, where, cloze=cloze)
                if cloze:
                    yield from _check_pieces(node, where, "a formula")
            case "code_block" if has_code_holes(node):
                if cloze:
                    yield from _check_pieces(node, where, "code")
                else:
                    hint = "give the note the kind .cloze, or remove the word 'cloze'"
                    yield Problem(
                        where,
                        "code with holes in a note that is not a cloze note",
                        hint,
                        rule="holes-without-cloze",
                    )
            case "link":
                yield from _check_link(node, where)
            case "image" if not node.text.strip():
                yield Problem(
                    where,
                    "the image has no alt text",
                    "describe it: ![...](...)",
                    rule="no-alt-text",
                )
            case "cloze":
                yield from _check_hole(node, where)
            case "strong" if _is_dunder(node):
                name = plain_text(node.children)
                message = f"'__{name}__' is read as a bold '{name}'"
                hint = f"write `__{name}__` if it is code, otherwise **{name}**"
                fixes = tuple(
                    replacing(f"__{name}__", new) for new in (f"`__{name}__`", f"**{name}**")
                )
                yield Problem(where, message, hint, rule="double-underscore", fixes=fixes)


def _is_dunder(node: Node) -> bool:
    """Say whether a bold word stood between underscores, as names of Python do."""
    return node.get("markup") == "__" and bool(re.fullmatch(r"[a-z]\w*", plain_text([node])))


def check_cloze(
    text: Sequence[Node], question: Sequence[Node], rest: Sequence[Node], where: Location
) -> Iterator[Problem]:
    """Check that a cloze note has its holes, all of them where they can be filled.

    Args:
        text: what the front shows with its holes.
        question: what stands above it.
        rest: everything else of the note, where holes have no effect.
        where: the note's place.

    Yields:
        Every mistake at its place; markers that are misspelt, too.
    """
    if not hole_numbers(text):
        hint = "hide something: {{c1::...}}"
        yield Problem(where, "the cloze note has nothing to fill in", hint, rule="no-holes")
    yield from find_misspelt((*text, *question, *rest), where.path)
    if hole_numbers(question):
        place, hint = _first_hole(question, where), "write holes in the text below it"
        yield Problem(place, "a hole in the question", hint, rule="hole-in-question")
    if hole_numbers(rest):
        place = _first_hole(rest, where)
        hint = "write holes before '---' and outside sections; here, write out the hidden words"
        yield Problem(place, "a hole on the back of a cloze note", hint, rule="hole-on-back")


def _first_hole(nodes: Sequence[Node], where: Location) -> Location:
    first = next(node for node in walk(nodes) if _holes_of(node))
    return Location(where.path, first.line or where.line, max(first.column, 1))


def find_misspelt(nodes: Iterable[Node], path: str) -> Iterator[Problem]:
    """Find words that look like the beginning of a hole, and are none.

    Args:
        nodes: trees of a note.
        path: the file they come from.

    Yields:
        A problem at each of them.
    """
    for node in walk(nodes):
        if node.kind != "text" or "{{" not in node.text:
            continue
        for almost in ALMOST.finditer(node.text):
            where = Location(path, max(node.line, 1), max(node.column, 1) + almost.start())
            yield _misspelt(almost[0], where)


def _misspelt(opening: str, where: Location) -> Problem:
    shown = opening if len(opening) <= 20 else f"{opening[:20]}..."
    message = f"'{shown}' does not open a cloze, or it never closes"
    number = re.fullmatch(r"\{\{\s*[cC]?\s*(\d{1,3})\s*:{1,2}", opening)
    written = f"{{{{c{int(number[1])}::" if number and int(number[1]) else opening
    fixes = (replacing(opening, written),) if written != opening else ()
    hint = "write {{c1::hidden}} or {{c1::hidden::hint}}"
    return Problem(where, message, hint, rule="misspelt-hole", fixes=fixes)


def _check_colours(node: Node, where: Location) -> Iterator[Problem]:
    """Give up on code whose lexer would hold up the build."""
    language = node.get("language") or "text"
    if is_slow(strip_markers(node.text) if has_code_holes(node) else node.text, language):
        message = f"colouring this as {language} does not finish"
        hint = "shorten it, close its quotes, or write 'text' after the fence"
        yield Problem(where, message, hint, rule="slow-colouring")


def _check_formula(node: Node, where: Location, *, cloze: bool) -> Iterator[Problem]:
    if cloze and (joined := list(_check_joints(node, where))):
        yield from joined
        return
    latex = strip_markers(node.text, braces=True) if cloze else node.text
    fault = find_fault(latex, display=is_displayed(node))
    if fault:
        yield replace(fault.within(where), message=f"formula: {fault.message}")


def _check_joints(node: Node, where: Location) -> Iterator[Problem]:
    for before, name, letters in find_joints(_pieces_of(node)):
        message = f"formula: with its holes filled, '{name}' becomes '{name}{letters}'"
        end = ("::" if before.hint else "}}") if before.number else "{{"
        lines = node.text.count("\n") + 2
        fix = replacing(name + end, f"{name} {end}", lines=lines, safe=True)
        hint = f"write a space behind {name}"
        yield Problem(where, message, hint, rule="unreadable-formula", fixes=(fix,))


def _check_pieces(node: Node, where: Location, what: str) -> Iterator[Problem]:
    line, column = where.line + (node.kind == "code_block"), where.column
    for piece in _pieces_of(node):
        place = Location(where.path, line, column)
        if not piece.number:
            for almost in ALMOST.finditer(piece.text):
                before = piece.text[: almost.start()]
                yield _misspelt(almost[0], Location(where.path, line + before.count("\n"), column))
            line += piece.text.count("\n")
            continue
        yield from _check_number(piece.number, place)
        if piece.hint and what == "code" and "{{" not in piece.text:
            how = "code with '::' cannot be hidden in part: hide what stands on one side of it"
            yield _scoped(piece.hint, place, how)
        if not piece.text.strip():
            yield Problem(
                place,
                f"an empty hole in {what}",
                "put the words to recall into it",
                rule="empty-hole",
            )
        if ALMOST.search(f"{piece.text}::{piece.hint}"):
            yield Problem(place, f"a cloze within a cloze in {what}", _APART, rule="nested-holes")
        line += (piece.text + piece.hint).count("\n")


_NAMESPACES = frozenset(
    [
        "std",
        "self",
        "super",
        "crate",
        "core",
        "alloc",
        "boost",
        "Self",
        "Vec",
        "String",
        "Option",
        "Result",
        "Box",
        "Rc",
        "Arc",
        "RefCell",
        "HashMap",
        "HashSet",
        "BTreeMap",
        "tokio",
        "serde",
        "chrono",
        "ActiveRecord",
        "Rails",
        "parent",
        "static",
        "node",
        "fmt",
        "io",
        "env",
        "thread",
        "mem",
        "collections",
        "torch",
        "cv",
        "Eigen",
        "Qt",
        "System",
    ]
)
_CODE = re.compile(r"[<>()\[\]{}&*;=_]|\w\.\w|[a-z][A-Z]")


def _looks_scoped(hidden: str, hint: str) -> bool:
    """Say whether `hidden::hint` may be a name in a namespace instead, as in `std::chrono`."""
    if not re.fullmatch(r"[A-Za-z_]\w*", hidden.strip()) or not re.match(r"~?[A-Za-z_]\w*", hint):
        return False
    single = " " not in hint.strip()
    return hidden.strip() in _NAMESPACES or (single and bool(_CODE.search(hint)))


def _scoped(hint: str, where: Location, how: str) -> Problem:
    message = f"'{hint}' after '::' is the hint of the hole, and is on no back"
    return Problem(where, message, how, rule="double-colon-in-hole")


def _check_number(number: int, where: Location) -> Iterator[Problem]:
    if not 1 <= number <= MOST:
        yield Problem(where, f"a cloze number is 1 to {MOST}, not {number}", rule="hole-number")


def _check_link(node: Node, where: Location) -> Iterator[Problem]:
    href = node.get("href")
    if not href.startswith(("https://", "http://", "mailto:")):
        hint = "a card can link only to https:// addresses; an image is written ![alt](file)"
        if href.startswith("#") or href.partition("#")[0].endswith(".md"):
            hint = "a card cannot lead to another, which a learner may see years apart: say it here"
        yield Problem(where, f"the link '{href}' leads nowhere from a card", hint, rule="dead-link")
    elif len(href.encode()) > LONGEST_ADDRESS:
        message = f"the link has {len(href.encode()):,} characters"
        hint = f"no more than {LONGEST_ADDRESS:,} work everywhere"
        yield Problem(where, message, hint, rule="bad-value")


def _check_hole(node: Node, where: Location) -> Iterator[Problem]:
    yield from _check_number(int(node.get("number")), where)
    if not shows_anything(node.children):
        yield Problem(where, "an empty cloze", "put the words to recall into it", rule="empty-hole")
    if any(child.kind == "cloze" for child in walk(node.children)):
        yield Problem(where, "a cloze within a cloze", _APART, rule="nested-holes")
    hint = node.get("hint")
    hidden = plain_text(node.children)
    if hint and _looks_scoped(hidden, hint):
        how = f"if '{hidden}::{hint}' is to be hidden, put it into backticks, or write \\:\\:"
        both = f"{hidden}::{hint}"
        fixes = (replacing(both, f"`{both}`"), replacing(both, f"{hidden}\\:\\:{hint}"))
        yield replace(_scoped(hint, where, how), fixes=fixes)
    if "{{" in hint or "}}" in hint:
        yield Problem(where, "braces in the hint of a cloze", rule="braces-in-hint")
    elif found := _MARKED.search(hint[:_HINT]):
        message = f"'{found[0]}' is shown as typed in the hint of a cloze"
        how = "a hint is plain text: say it in words"
        yield Problem(where, message, how, rule="markup-in-hint")
