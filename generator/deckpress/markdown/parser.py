"""Markdown text to document trees; the only door to markdown-it-py and its plugins."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Literal

from markdown_it import MarkdownIt
from markdown_it.ruler import RuleOptionsType
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline, emphasis, strikethrough
from markdown_it.token import Token
from mdit_py_plugins.amsmath import amsmath_plugin
from mdit_py_plugins.attrs.parse import ParseError, parse
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.subscript import sub_plugin
from mdit_py_plugins.superscript import superscript_plugin

from deckpress.markdown.builder import TreeBuilder
from deckpress.markdown.citations import CITATION, read_cited
from deckpress.markdown.dialects.attributes import read_attributes, take_heading_attributes
from deckpress.markdown.dialects.emphasis import SUBSCRIPT, SUPERSCRIPT, scan_run
from deckpress.markdown.dialects.formulas import (
    read_bracket_block,
    read_brackets,
    read_dollars,
    read_gaping_block,
)
from deckpress.markdown.dialects.obsidian import (
    drop_block_ids,
    read_callouts,
    read_comment,
    read_comment_block,
    read_mark,
    read_wiki,
)
from deckpress.markdown.faults import find_unused_footnotes, may_be_misread
from deckpress.markdown.rule_choice import STOPS, choose_block_rules, choose_inline_rules
from deckpress.markdown.simple_blocks import SimpleBlock, split_blocks
from deckpress.markdown.simple_words import is_simple
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


_Rule = Callable[[StateInline, bool], bool]


def _beside_wide(rule: _Rule) -> _Rule:
    """Let a rule judge runs of marks as scripts without spaces need it."""

    def read(state: StateInline, silent: bool) -> bool:
        def scan(start: int, within_words: bool) -> object:
            return scan_run(state.src, start, state.posMax, within_words=within_words)

        # The parser makes its states itself, so the judge can only be changed in them.
        object.__setattr__(state, "scanDelims", scan)
        return rule(state, silent)

    return read


def _only_where(mark: str, pattern: re.Pattern[str]) -> _Rule:
    """Keep a mark from the rules that follow, except where a pattern matches."""

    def read(state: StateInline, silent: bool) -> bool:
        if not state.src.startswith(mark, state.pos) or pattern.match(state.src, state.pos):
            return False
        if not silent:
            state.append_pending(mark)
        state.pos += len(mark)
        return True

    return read


_SOUND = re.compile(r"\[sound:([^\[\]\n]+)\]")


def _sound_rule(state: StateInline, silent: bool) -> bool:
    """Read `[sound:file]`, as Anki writes what a card plays."""
    match = _SOUND.match(state.src, state.pos)
    if not match:
        return False
    if not silent:
        token = state.push("sound", "", 0)
        token.content = match[0]
        token.meta = {"src": match[1].strip()}
    state.pos = match.end()
    return True


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


def _read_words(state: StateCore) -> None:
    """Read the words in blocks, but for those that need no parser, which stay without children."""
    for token in state.tokens:
        if token.type == "inline":
            token.children = None if is_simple(token.content) else []
            if token.children is not None:
                state.md.inline.parse(token.content, state.md, state.env, token.children)


class _PlainLinks(MarkdownIt):
    def normalizeLink(self, url: str) -> str:
        """Keep addresses as written, for Anki looks media up by the plain name."""
        return url


def _parser(*disabled: str) -> MarkdownIt:
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
    md.inline.ruler.at("math_inline", read_dollars)
    # What is escaped stays apart, so that it is found where it stands and never taken for markup.
    md.disable("text_join")
    md.inline.ruler.before("emphasis", "cloze", _cloze_rule)
    md.inline.ruler.before("link", "citation", _citation_rule)
    md.inline.ruler.before("link", "sound", _sound_rule)
    _add_dialects(md)
    md.disable(disabled)
    _ask_few(md)
    return md


def _ask_few(md: MarkdownIt) -> None:
    """Have rules asked only where they may find something; see `rule_choice`."""
    block, inline = md.block.ruler, md.inline.ruler
    words = choose_inline_rules(inline.get_active_rules(), inline.getRules())
    md.inline.terminator_re = STOPS
    names = dict(zip(block.getRules(), block.get_active_rules(), strict=True))

    @cache
    def ask_block(chain: str = "") -> list[Any]:
        rules = block_rules(chain)
        return [choose_block_rules([names[rule] for rule in rules], rules)]

    # Methods of these two rulers alone are replaced, which the type checker does not foresee.
    block_rules, block.getRules = block.getRules, ask_block  # type: ignore[method-assign]
    inline.getRules = lambda chain="": [words]  # type: ignore[method-assign, assignment]


def _add_dialects(md: MarkdownIt) -> None:
    interrupting: RuleOptionsType = {
        "alt": ["paragraph", "reference", "blockquote", "list", "footnote_def"]
    }
    md.use(amsmath_plugin).use(superscript_plugin).use(sub_plugin)
    md.block.ruler.after("math_block", "gaping_formula", read_gaping_block, interrupting)
    md.block.ruler.before("blockquote", "bracket_block", read_bracket_block, interrupting)
    md.block.ruler.before("blockquote", "comment_block", read_comment_block, interrupting)
    md.core.ruler.before("inline", "callouts", read_callouts)
    md.core.ruler.before("inline", "block_ids", drop_block_ids)
    md.core.ruler.before("inline", "heading_attributes", take_heading_attributes)
    md.core.ruler.at("inline", _read_words)
    md.inline.ruler.before("escape", "bracket_formula", read_brackets)
    md.inline.ruler.at("emphasis", _beside_wide(emphasis.tokenize))
    md.inline.ruler.at("strikethrough", _beside_wide(strikethrough.tokenize))
    md.inline.ruler.before("sup", "sup_only", _only_where("^", SUPERSCRIPT))
    md.inline.ruler.before("sub", "sub_only", _only_where("~", SUBSCRIPT))
    md.inline.ruler.before("emphasis", "mark", read_mark)
    md.inline.ruler.before("emphasis", "comment", read_comment)
    md.inline.ruler.before("emphasis", "attributes", read_attributes)
    md.inline.ruler.before("citation", "wiki_link", read_wiki)


_MARKDOWN = _parser()
_BLOCKS = _parser("inline", "footnote_tail", "callouts", "block_ids", "heading_attributes")
_WORDS = _parser("normalize", "block")


def parse_blocks(text: str) -> tuple[Sequence[Token], dict[str, Any]]:
    """Parse a file into block tokens, without reading the words in them.

    Returns:
        The tokens, and what the parser notes down: `references`, `duplicate_refs`.
    """
    env: dict[str, Any] = {}
    blocks = split_blocks(text)
    if blocks is None:
        return _BLOCKS.parse(text, env), env
    return _tokens_of(blocks, text.count("\n") + (not text.endswith("\n"))), env


def _is_plain(text: str) -> bool:
    """Say whether nothing can be read into the words of a block, or be wrong with them."""
    return is_simple(text) and not may_be_misread(text)


def _tokens_of(blocks: Sequence[SimpleBlock], lines: int) -> list[Token]:
    """Make the parser's tokens of blocks that it was spared, in a text of so many lines.

    A paragraph and a list whose words are plain are one token, which the parser does not have.
    """
    tokens: list[Token] = []

    def put(
        name: str, tag: str, level: int, place: list[int], words: str = "", mark: str = ""
    ) -> None:
        """Put a block that holds words, which may be hidden: those of an item."""
        hidden = level > 0
        opening, inner = Token(f"{name}_open", tag, 1), Token("inline", "", 0)
        closing = Token(f"{name}_close", tag, -1)
        for token, deep in ((opening, level), (inner, level + 1), (closing, level)):
            token.block, token.level = True, deep
        opening.markup = closing.markup = mark
        opening.hidden = closing.hidden = hidden
        opening.map, inner.map = place, place.copy()
        inner.content, inner.children = words, []
        tokens.extend((opening, inner, closing))

    def stand(
        name: str,
        tag: str,
        nesting: Literal[-1, 0, 1],
        level: int,
        place: list[int] | None,
        mark: str,
    ) -> Token:
        token = Token(name, tag, nesting)
        token.block, token.level, token.map, token.markup = True, level, place, mark
        tokens.append(token)
        return token

    for at, block in enumerate(blocks):
        start, text = block.line, block.text
        end = start + text.count("\n")
        if block.kind == "paragraph" and _is_plain(text[:-1]):
            stand("plain_paragraph", "p", 0, 0, [start, end], "").content = text[:-1]
        elif block.kind == "paragraph":
            put("paragraph", "p", 0, [start, end], text[:-1])
        elif block.kind == "heading":
            marks, _, words = text.partition(" ")
            put("heading", f"h{len(marks)}", 0, [start, end], words[:-1], marks)
        elif block.kind == "bullet_list":
            # A list goes on to the next block.
            last = blocks[at + 1].line if at + 1 < len(blocks) else lines
            if all(map(_is_plain, text[2:-1].split("\n- "))):
                stand("plain_list", "ul", 0, 0, [start, last], "-").content = text[:-1]
                continue
            stand("bullet_list_open", "ul", 1, 0, [start, last], "-")
            for line, item in enumerate(text[:-1].split("\n"), start):
                stand(
                    "list_item_open", "li", 1, 1, [line, line + 1 if line + 1 < end else last], "-"
                )
                put("paragraph", "p", 2, [line, line + 1], item[2:])
                stand("list_item_close", "li", -1, 1, None, "-")
            stand("bullet_list_close", "ul", -1, 0, None, "-")
        elif block.kind == "hr":
            # The parser counts one mark too many.
            stand("hr", "hr", 0, 0, [start, end], "----")
        elif block.kind == "fence":
            info, _, code = text[3:].partition("\n")
            token = stand("fence", "code", 0, 0, [start, end], "```")
            token.info, token.content = info, code[: -len("```\n")]
        else:
            token = stand("math_block", "math", 0, 0, [start, end], "$$")
            token.content = text[2:-3]
    return tokens


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
    builder = TreeBuilder(path, lines, 1, part, blocks=True)
    builder.add(state.tokens)
    nodes = builder.finish()
    start = Location(path, part[0] + 1)
    unused = (fault.within(start) for fault in find_unused_footnotes(refs, lines[slice(*part)]))
    return Reading(nodes, (*builder.problems, *unused))


def read_markdown(text: str, path: str = "") -> Reading:
    """Read Markdown that is no part of a file: its blocks, and the words in them."""
    tokens, env = parse_blocks(text)
    lines = text.split("\n")
    return read_blocks(tokens, path, lines, (0, len(lines)), env.get("references", {}))


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
    if is_simple(text):
        builder.add_simple(text)
        return Reading(builder.finish(), ())
    (token,) = _MARKDOWN.parseInline(text, {"references": dict(references or {})})
    token.map = [0, 1]
    builder.add([token])
    return Reading(builder.finish(), tuple(builder.problems))
