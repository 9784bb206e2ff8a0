"""The headings of a card file, before what stands between them is read."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from deckpress.markdown.allowances import COMMENT
from deckpress.markdown.faults import find_block_faults
from deckpress.markdown.parser import parse_attributes, parse_blocks
from deckpress.text.problem import Location, Problem

_BRACES = re.compile(r"\{\s*[#.][^{}]*\}\s*$")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of the outermost level, before its text is read.

    `line` counts from 1; `attributes` are those in braces at its end, `text` what is before them.
    `end` is the index of the token behind it.
    """

    level: int
    line: int
    text: str
    attributes: Mapping[str, str]
    underlined: bool
    end: int


@dataclass(slots=True)
class Outline:
    """The headings of a file, the first line that holds anything, and what is wrong.

    `tokens` are its blocks, whose words are not read yet.
    `code` are the numbers of the lines of its code blocks, fences included.
    """

    headings: list[Heading] = field(default_factory=list)
    first_line: int = 0
    references: dict[str, Any] = field(default_factory=dict)
    tokens: Sequence[Any] = ()
    code: set[int] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)


def read_outline(text: str, path: str) -> Outline:
    """Find the headings of a file, without reading what stands between them.

    Args:
        text: the whole file, its front matter blanked out so that lines keep their numbers.
        path: the file's name, for the places.

    Returns:
        The headings outside lists, quotes and fences, and the link references of the file.
    """
    tokens, env = parse_blocks(text)
    outline = Outline(references=env.get("references", {}), tokens=tokens)
    lines = text.split("\n")
    outline.problems += [f.within(Location(path)) for f in find_block_faults(tokens, lines)]
    for again in env.get("duplicate_refs", ()):
        first = outline.references[again["label"]]
        if (first["href"], first["title"]) != (again["href"], again["title"]):
            message = f"[{again['label'].lower()}] is already defined differently"
            hint = "all notes in a file share their references; choose another name"
            outline.problems.append(
                Problem(Location(path, again["map"][0] + 1), message, hint, rule="reference-twice")
            )
    for at, token in enumerate(tokens):
        if token.type in ("fence", "code_block") and token.map:
            outline.code.update(range(token.map[0] + 1, token.map[1] + 1))
        comment = token.type == "html_block" and COMMENT.fullmatch(token.content.strip())
        if token.level == 0 and token.map and not outline.first_line and not comment:
            outline.first_line = token.map[0] + 1
        if token.type != "heading_open" or token.level or not token.map:
            continue
        line, content = token.map[0], COMMENT.sub("", tokens[at + 1].content).rstrip()
        attributes, title = _split_attributes(content, lines[line], path, line + 1, outline)
        underlined = token.markup in ("=", "-")
        level = int(token.tag[1])
        outline.headings.append(Heading(level, line + 1, title, attributes, underlined, at + 3))
    return outline


def _split_attributes(
    title: str, source: str, path: str, line: int, outline: Outline
) -> tuple[dict[str, str], str]:
    start = title.rfind("{")
    braces = title[start:]
    if start < 0 or not re.match(r"\{\s*[#.]|\{\s*[\w-]+=", braces):
        return {}, title
    bare = re.sub(r'"[^"]*"', "", braces)
    names = re.findall(r"(?<=[{\s])(?:#|[\w-]+=)", bare)
    if len(names) > len(set(names)) or _BRACES.search(title[:start]):
        where = Location(path, line, source.rfind("{") + 1)
        message = "an attribute of the heading is given twice"
        outline.problems.append(
            Problem(where, message, "a note has one {...} and one id", rule="attribute-twice")
        )
        title = _BRACES.sub("", title[:start]).rstrip() + title[start:]
        start = title.rfind("{")
    # Bare values may hold commas and dots here: {covers=concept-01,concept-02}.
    quoted = re.sub(r'=([^\s"{}]+)', r'="\1"', braces)
    try:
        end, attributes = parse_attributes(quoted)
    except ValueError as error:
        outline.problems.append(
            Problem(
                Location(path, line, source.rfind("{") + 1),
                f"the heading's attributes cannot be read: {error}",
                "they look like {#id .kind difficulty=easy}",
                rule="unreadable-attributes",
            )
        )
        return {}, title[:start].rstrip()
    if quoted[end + 1 :].strip():
        return {}, title
    return dict(attributes), title[:start].rstrip()
