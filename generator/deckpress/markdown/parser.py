"""Markdown text to document trees; the only door to markdown-it-py and its plugins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from mdit_py_plugins.attrs.parse import ParseError, parse
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.dollarmath.index import math_inline_dollar
from mdit_py_plugins.footnote import footnote_plugin

from deckpress.markdown.builder import TreeBuilder
from deckpress.markdown.citations import CITATION, read_cited
from deckpress.markdown.faults import find_unused_footnotes
from deckpress.text.problem import Location, Problem
from deckpress.tree.cloze import OPENING
from deckpress.tree.node import Node


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


def _citation_rule(state: StateInline, silent: bool) -> bool:
    """Read `[@key, place]`, unless brackets or a parenthesis behind it make it a link."""
    match = CITATION.match(state.src, state.pos)
    if not match or state.src[match.end() : match.end() + 1] in ("(", "["):
        return False
    cited = read_cited(match[1])
    if not cited:
        return False
    if not silent:
        token = state.push("citation", "", 0)
        token.content = match[0]
        token.meta = {"cited": cited}
    state.pos = match.end()
    return True


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
    md.inline.ruler.before("link", "citation", _citation_rule)
    return md


_MARKDOWN = _parser()
_BLOCKS = _parser().disable(["inline", "footnote_tail"])
_WORDS = _parser().disable(["normalize", "block"])


def parse_blocks(text: str) -> tuple[Sequence[Token], dict[str, Any]]:
    """Parse a file into block tokens, without reading the words in them.

    Returns:
        The tokens, and what the parser notes down: `references`, `duplicate_refs`.
    """
    env: dict[str, Any] = {}
    return _BLOCKS.parse(text, env), env


def parse_attributes(braces: str) -> tuple[int, dict[str, str]]:
    """Parse attributes in braces, in Pandoc's syntax.

    Args:
        braces: a text that begins with `{`.

    Returns:
        The offset of the closing brace, and the attributes by name (`id`, `class`, others).

    Raises:
        ValueError: the text holds no attributes; it says why.
    """
    try:
        return parse(braces)
    except ParseError as error:
        message, _, _position = str(error).rpartition(" at position ")
        raise ValueError(message.lower()) from None


@dataclass(frozen=True, slots=True)
class Reading:
    """A piece of Markdown, read: its tree, and what is wrong with it."""

    nodes: tuple[Node, ...]
    problems: tuple[Problem, ...]


def read_blocks(
    tokens: Sequence[Token],
    path: str,
    lines: Sequence[str],
    part: tuple[int, int],
    references: Mapping[str, Any],
) -> Reading:
    """Read the words in blocks, and make a tree of all.

    Args:
        tokens: block tokens of a part of a file, which are used up.
        path: the file, for the places.
        lines: its lines.
        part: the first line of the part, and the first behind it, from 0.
        references: the link references of the file.

    Returns:
        The tree and its problems, with lines and columns of the file.
    """
    labels = [token.meta["label"] for token in tokens if token.type == "footnote_reference_open"]
    env: dict[str, Any] = {"references": references}
    refs: dict[str, int] = {f":{label}": -1 for label in labels}
    if refs:
        env["footnotes"] = {"refs": refs, "list": {}}
    state = StateCore("", _WORDS, env, list(tokens))
    _WORDS.core.process(state)
    builder = TreeBuilder(path, lines, 1, part)
    builder.add(state.tokens)
    nodes = builder.finish()
    start = Location(path, part[0] + 1)
    unused = (fault.within(start) for fault in find_unused_footnotes(refs, lines[slice(*part)]))
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
    builder = TreeBuilder(path, (source,), line)
    (token,) = _MARKDOWN.parseInline(text, {"references": dict(references or {})})
    token.map = [0, 1]
    builder.add([token])
    return Reading(builder.finish(), tuple(builder.problems))
