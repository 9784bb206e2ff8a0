"""Markdown text to document trees; the only door to markdown-it-py and its plugins."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from mdit_py_plugins.attrs.parse import ParseError, parse
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.dollarmath.index import math_inline_dollar
from mdit_py_plugins.footnote import footnote_plugin

from deckpress.cloze import OPENING
from deckpress.document import Node
from deckpress.markdown_faults import find_block_faults, find_unused_footnotes
from deckpress.problem import Location, Problem
from deckpress.tokens import TreeBuilder


def _cloze_rule(state: StateInline, silent: bool) -> bool:
    """Read `{{c1::...}}`; code spans and formulas inside it are skipped whole, as a link's are."""
    opening = OPENING.match(state.src, state.pos)
    if not opening or opening.end() > _last_end(state.src):
        return False
    start, end, most, hint = state.pos, -1, state.posMax, -1
    state.pos = opening.end()
    while state.pos < most:
        if state.src.startswith("}}", state.pos):
            end = state.pos
            break
        if state.src.startswith("::", state.pos):
            hint = state.pos if hint < 0 else most
            state.pos += 2
            continue
        state.md.inline.skipToken(state)
    if end < 0:
        state.pos = start
        return False
    if not silent:
        state.pos, state.posMax = opening.end(), hint if 0 <= hint < end else end
        token = state.push("cloze_open", "", 1)
        token.meta = {
            "number": opening[1],
            "hint": state.src[hint + 2 : end] if 0 <= hint < end else "",
            "twice": hint == most,
        }
        state.md.inline.tokenize(state)
        state.push("cloze_close", "", -1)
    state.pos, state.posMax = end + 2, most
    return True


@lru_cache(maxsize=4)
def _last_end(text: str) -> int:
    return text.rfind("}}")


_DOLLARS = math_inline_dollar(allow_space=False, allow_digits=False, allow_double=True)


def _formula_rule(state: StateInline, silent: bool) -> bool:
    """Read `$...$`, but never across a backtick: code binds tighter than formulas."""
    start = state.pos + (2 if state.src.startswith("$$", state.pos) else 1)
    end = state.src.find("$", start)
    while end > 0 and state.src[end - 1] == "\\":
        end = state.src.find("$", end + 1)
    return "`" not in state.src[start : max(end, start)] and _DOLLARS(state, silent)


class _PlainLinks(MarkdownIt):
    def normalizeLink(self, url: str) -> str:
        """Keep addresses as written, for Anki looks media up by the plain name."""
        return url


def _parser() -> MarkdownIt:
    md = _PlainLinks("commonmark", {"tasklists": True, "alerts": True, "maxNesting": 100})
    md.enable(["table", "strikethrough"])
    md.use(footnote_plugin, inline=False).use(deflist_plugin)
    md.use(
        dollarmath_plugin,
        allow_labels=False,
        allow_space=False,
        allow_digits=False,
        allow_blank_lines=False,
        double_inline=True,
    )
    md.inline.ruler.at("math_inline", _formula_rule)
    # What is escaped stays apart, so that it is found where it stands and never taken for markup.
    md.disable("text_join")
    md.inline.ruler.before("emphasis", "cloze", _cloze_rule)
    return md


_MARKDOWN = _parser()
_BLOCKS = _parser().disable(["inline", "footnote_tail"])


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of the outermost level, before its text is read.

    `line` counts from 1; `attributes` are those in braces at its end, `text` what is before them.
    """

    level: int
    line: int
    text: str
    attributes: Mapping[str, str]
    underlined: bool


@dataclass(slots=True)
class Outline:
    """The headings of a file, the first line that holds anything, and what is wrong."""

    headings: list[Heading] = field(default_factory=list)
    first_line: int = 0
    references: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def read_outline(text: str, path: str) -> Outline:
    """Find the headings of a file, without reading what stands between them.

    Args:
        text: the whole file, its front matter blanked out so that lines keep their numbers.
        path: the file's name, for the places.

    Returns:
        The headings outside lists, quotes and fences, and the link references of the file.
    """
    env: dict[str, Any] = {}
    tokens = _BLOCKS.parse(text, env)
    outline = Outline(references=env.get("references", {}))
    lines = text.split("\n")
    for fault in find_block_faults(tokens, lines):
        column = lines[fault.line - 1].find(fault.piece) + 1
        where = Location(path, fault.line, max(column, 1))
        outline.problems.append(Problem(where, fault.message, fault.hint))
    for again in env.get("duplicate_refs", ()):
        first = outline.references[again["label"]]
        if (first["href"], first["title"]) != (again["href"], again["title"]):
            message = f"[{again['label'].lower()}] is defined otherwise before"
            hint = "a file shares its references; choose another name"
            outline.problems.append(Problem(Location(path, again["map"][0] + 1), message, hint))
    # The last token has no follower, and an empty file no tokens at all.
    for token, content in zip(tokens, [*tokens[1:], Token("", "", 0)], strict=False):
        if token.level == 0 and token.map and not outline.first_line:
            outline.first_line = token.map[0] + 1
        if token.type != "heading_open" or token.level or not token.map:
            continue
        line = token.map[0]
        attributes, title = _split_attributes(content.content, lines[line], path, line + 1, outline)
        outline.headings.append(
            Heading(int(token.tag[1]), line + 1, title, attributes, token.markup in ("=", "-"))
        )
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
    if len(names) > len(set(names)) or re.search(r"\{\s*[#.][^{}]*\}\s*$", title[:start]):
        where = Location(path, line, source.rfind("{") + 1)
        message = "an attribute of the heading is given twice"
        outline.problems.append(Problem(where, message, "a note has one {...} and one id"))
    # Bare values may hold commas and dots here: {covers=concept-01,concept-02}.
    quoted = re.sub(r'=([^\s"{}]+)', r'="\1"', braces)
    try:
        end, attributes = parse(quoted)
    except ParseError as error:
        message, _, _position = str(error).rpartition(" at position ")
        outline.problems.append(
            Problem(
                Location(path, line, source.rfind("{") + 1),
                f"the heading's attributes cannot be read: {message.lower()}",
                "they look like {#id .kind difficulty=easy}",
            )
        )
        return {}, title[:start].rstrip()
    if quoted[end + 1 :].strip():
        return {}, title
    return dict(attributes), title[:start].rstrip()


@dataclass(frozen=True, slots=True)
class Reading:
    """A piece of Markdown, read: its tree, and what is wrong with it."""

    nodes: tuple[Node, ...]
    problems: tuple[Problem, ...]


def read_blocks(
    text: str, path: str, first_line: int = 1, references: Mapping[str, Any] | None = None
) -> Reading:
    """Read Markdown blocks.

    Args:
        text: the Markdown.
        path: the file it stands in, for the places.
        first_line: the line of that file on which the text begins.
        references: link references that stand elsewhere in the file.

    Returns:
        The tree and its problems, with lines and columns of the file.
    """
    env: dict[str, Any] = {"references": dict(references or {})}
    builder = TreeBuilder(path, text.split("\n"), first_line)
    builder.add(_MARKDOWN.parse(text, env))
    nodes = builder.finish()
    refs = env.get("footnotes", {}).get("refs", {})
    unused = (
        Problem(Location(path, first_line + fault.line - 1), fault.message, fault.hint)
        for fault in find_unused_footnotes(refs, text.split("\n"))
    )
    return Reading(nodes, (*builder.problems, *unused))


def read_inline(
    text: str, path: str, line: int, source: str, references: Mapping[str, Any] | None = None
) -> Reading:
    """Read one line of Markdown, such as the text of a heading.

    Args:
        text: the Markdown.
        path: the file it stands in.
        line: the line it stands on.
        source: that whole line, for the columns.
        references: link references that stand elsewhere in the file.

    Returns:
        Inline nodes, and what is wrong.
    """
    builder = TreeBuilder(path, [source], line)
    (token,) = _MARKDOWN.parseInline(text, {"references": dict(references or {})})
    token.map = [0, 1]
    builder.add([token])
    return Reading(builder.finish(), tuple(builder.problems))
