"""Markdown tokens to the document tree, with every mistake at its place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from deckpress.markdown.faults import count_cells, find_text_faults
from deckpress.markdown.fence_info import read_info
from deckpress.markdown.raw_html import read_html
from deckpress.markdown.source_places import SourceCursor
from deckpress.markdown.token import TokenLike
from deckpress.text.problem import Location, Problem
from deckpress.tree.cloze import OPENING
from deckpress.tree.node import Node, plain_text

_PAIRS = {
    "paragraph": "paragraph", "heading": "heading", "bullet_list": "bullet_list",
    "ordered_list": "ordered_list", "list_item": "list_item", "blockquote": "block_quote",
    "alert": "alert", "table": "table", "thead": "table_head", "tbody": "table_body",
    "tr": "table_row", "td": "table_cell", "th": "table_header", "dl": "definition_list",
    "dt": "term", "dd": "definition", "footnote_block": "footnotes", "footnote": "footnote",
    "em": "emphasis", "strong": "strong", "s": "strikethrough", "link": "link", "cloze": "cloze",
}  # fmt: skip
_LEAVES = {"hr": "thematic_break", "softbreak": "soft_break", "hardbreak": "hard_break"}
_FORMULAS = {
    "math_block": "math_block", "math_inline": "math", "math_inline_double": "math_display"
}  # fmt: skip
_DEEPEST = 60
"""How deep blocks and inlines may nest: below what Markdown drops and what writers can follow."""


@dataclass(slots=True)
class _Frame:
    kind: str
    attrs: tuple[tuple[str, str], ...] = ()
    line: int = 0
    column: int = 0
    html: bool = False
    children: list[Node] = field(default_factory=list)


class TreeBuilder:
    """Builds a tree from tokens, and gathers what is wrong in `problems`."""

    def __init__(
        self, path: str, lines: Sequence[str], first_line: int, part: tuple[int, int] | None = None
    ) -> None:
        """Begin a tree.

        Args:
            path: the file, for the places.
            lines: its lines, or some of them.
            first_line: the number of the first of them.
            part: which of them the tokens are made of, as indices; all when it is not given.
        """
        self.problems: list[Problem] = []
        self._path = path
        self._stack = [_Frame("document")]
        self._cursor = SourceCursor(lines, first_line)
        if part:
            self._cursor.enter(*part)
        self._columns = 0

    def add(self, tokens: Iterable[TokenLike]) -> None:
        """Add tokens to the tree, in order."""
        skipping = False
        for token in tokens:
            if token.type in ("alert_title_open", "alert_title_close"):
                skipping = token.nesting > 0
            elif not skipping and token.type != "footnote_anchor":
                self._add(token)

    def finish(self) -> tuple[Node, ...]:
        """Close what is still open, and return the tree's top nodes."""
        while len(self._stack) > 1:
            frame = self._stack[-1]
            if frame.html:
                self._report(frame.line, frame.column, f"<{frame.kind}> is not closed")
            self._pop()
        return tuple(self._stack[0].children)

    def _add(self, token: TokenLike) -> None:
        if token.map:
            self._cursor.enter(token.map[0], token.map[1])
        if token.type == "text":
            self._add_text(token)
            return
        name = token.type.removesuffix("_open").removesuffix("_close")
        if token.type == "inline":
            self.add(token.children or ())
        elif token.nesting > 0:
            self._push(self._frame(name, token))
        elif token.nesting < 0:
            self._close(_PAIRS[name], html=False)
        elif token.type in ("html_inline", "html_block"):
            self._add_html(token.content)
        elif token.type == "text_special":
            self._add_text(token)
        elif name in _LEAVES:
            mark = (("markup", token.markup[:1]),) if name == "hr" else ()
            self._append(Node(_LEAVES[name], attrs=mark, line=self._cursor.line))
        elif name in _FORMULAS:
            self._append(self._formula(name, token))
        elif name in ("fence", "code_block"):
            self._append(self._code_block(token))
        else:
            self._append(self._inline_leaf(token))

    def _frame(self, name: str, token: TokenLike) -> _Frame:
        attrs: dict[str, object] = {}
        line, column = self._cursor.find("{{c") if name == "cloze" else self._cursor.here()
        kind = "plain" if name == "paragraph" and token.hidden else _PAIRS[name]
        if name == "heading":
            attrs["level"] = token.tag[1]
        elif name == "ordered_list":
            attrs["start"] = token.attrs.get("start", 1)
        elif name == "list_item" and "checked" in token.meta:
            attrs["task"] = "done" if token.meta["checked"] else "open"
        elif name == "alert":
            attrs["type"] = str(token.meta["kind"]).lower()
        elif name == "table":
            self._columns = 0
        elif name == "tr":
            self._check_row(line)
        elif name in ("td", "th"):
            self._columns += name == "th"
            attrs["align"] = str(token.attrs.get("style", "")).removeprefix("text-align:")
        elif name == "footnote":
            attrs["number"] = token.meta["id"] + 1
        elif name == "link":
            attrs = {"href": token.attrs["href"], "title": token.attrs.get("title", "")}
            line, column = self._cursor.find("<" if token.info == "auto" else "[")
        elif name == "cloze":
            attrs = {"number": token.meta["number"], "hint": token.meta["hint"]}
            if token.meta["twice"]:
                self._report(
                    line,
                    column,
                    "a second '::' in a cloze",
                    "put it into backticks, or write \\:\\:",
                )
        found = tuple((key, str(value)) for key, value in attrs.items() if value != "")
        return _Frame(kind, found, line, column)

    def _check_row(self, line: int) -> None:
        """Refuse a row that has more cells than the head, for Markdown drops the rest of it."""
        cells = count_cells(self._cursor.text())
        if cells > self._columns > 0:
            message = f"this row has {cells} cells, the table {self._columns} columns"
            hint = "a bar within a cell is written \\|, in formulas \\mid or \\lvert ... \\rvert"
            self._report(line, 1, message, hint)

    def _formula(self, name: str, token: TokenLike) -> Node:
        line, column = self._cursor.find(token.markup)
        first = token.content.strip().split("\n")[0]
        line, column = self._cursor.find(first) if first else (line, column + len(token.markup))
        return Node(_FORMULAS[name], text=token.content.strip(), line=line, column=column)

    def _code_block(self, token: TokenLike) -> Node:
        line, column = self._cursor.here()
        info = read_info(token.info)
        if info.problems:
            where = Location(self._path, *self._cursor.find(token.info.strip()))
            self.problems += [fault.within(where) for fault in info.problems]
        found = tuple((key, value) for key, value in info.attrs.items() if value)
        text = token.content.removesuffix("\n")
        return Node("code_block", text=text, attrs=found, line=line, column=column)

    def _inline_leaf(self, token: TokenLike) -> Node:
        if token.type == "code_inline":
            line, column = self._cursor.find(token.markup)
            self._cursor.find(token.markup)
            return Node("code", text=token.content, line=line, column=column)
        if token.type == "image":
            line, column = self._cursor.find("![")
            title = str(token.attrs.get("title", ""))
            if OPENING.search(title) or _has_hole(token.children or ()):
                hint = "holes stand in the text; say what the image shows"
                self._report(line, column, "a hole in an image's alt text or title", hint)
            alt = plain_text(TreeBuilder._of(token.children or ()))
            found = {"src": str(token.attrs["src"]), "title": title}
            attrs = tuple((key, value) for key, value in found.items() if value)
            return Node("image", text=alt, attrs=attrs, line=line, column=column)
        if token.type == "citation":
            line, column = self._cursor.find(token.content)
            works = [
                Node("work", text=c.locator, attrs=(("key", c.key),)) for c in token.meta["cited"]
            ]
            return Node("citation", tuple(works), line=line, column=column)
        number = (("number", str(token.meta["id"] + 1)),)
        return Node("footnote_ref", attrs=number, line=self._cursor.line)

    def _add_text(self, token: TokenLike) -> None:
        """Add words; what is escaped comes as a token of its own and is joined to the rest."""
        if not token.content:
            return
        special = token.type == "text_special"
        line, column = self._cursor.find(token.markup if special else token.content)
        for fault in () if special else find_text_faults(token.content):
            self.problems.append(fault.within(Location(self._path, line, column)))
        if special and token.info == "entity" and token.content == "\ufffd":
            self._report(line, column, f"{token.markup} is no character", "delete it")
        before = self._stack[-1].children
        if before and before[-1].kind == "text" and before[-1].column:
            last = before[-1]
            text = last.text + token.content
            before[-1] = Node("text", text=text, line=last.line, column=last.column)
        else:
            self._append(Node("text", text=token.content, line=line, column=column))

    @staticmethod
    def _of(tokens: Iterable[TokenLike]) -> tuple[Node, ...]:
        builder = TreeBuilder("", [""], 1)
        builder.add(tokens)
        return builder.finish()

    def _add_html(self, content: str) -> None:
        for piece in read_html(content):
            if not piece.tag and not piece.problem:
                if piece.text.strip():
                    self._append(Node("text", text=piece.text, line=self._cursor.line))
                continue
            line, column = self._cursor.find(piece.text.split("\n")[0])
            if piece.problem:
                self._report(line, column, piece.problem.message, piece.problem.hint)
            if piece.tag == "br":
                self._append(Node("hard_break", line=line))
            elif piece.closes:
                self._close(piece.tag, html=True, line=line, column=column)
            elif piece.tag:
                self._push(_Frame(piece.tag, (), line, column, html=True))

    def _push(self, frame: _Frame) -> None:
        if len(self._stack) == _DEEPEST:
            self._report(frame.line, frame.column, "nested too deep", "divide it")
        self._stack.append(frame)

    def _pop(self) -> None:
        frame = self._stack.pop()
        kind, children = frame.kind, tuple(frame.children)
        solid = [node for node in children if node.kind != "soft_break"]
        if kind == "paragraph" and len(solid) == 1 and solid[0].kind == "image":
            kind, children = "figure", tuple(solid)
        self._append(Node(kind, children, "", frame.attrs, frame.line, frame.column))

    def _close(self, kind: str, *, html: bool, line: int = 0, column: int = 0) -> None:
        top = self._stack[-1]
        if top.kind == kind or (kind == "paragraph" and top.kind == "plain"):
            self._pop()
        elif html:
            self._report(line, column, f"</{kind}> closes nothing that is open here")
        else:
            what = {"cloze": "a cloze"}.get(top.kind, f"<{top.kind}>" if top.html else top.kind)
            self._report(
                top.line or 1,
                top.column or 1,
                f"{what} does not end where it began",
                "open and close it in the same paragraph, list item or cell, and nest it properly",
            )
            while len(self._stack) > 1 and self._stack[-1].kind not in (kind, "plain"):
                self._pop()
            if len(self._stack) > 1:
                self._pop()

    def _append(self, node: Node) -> None:
        self._stack[-1].children.append(node)

    def _report(self, line: int, column: int, message: str, hint: str = "") -> None:
        self.problems.append(Problem(Location(self._path, line, max(column, 1)), message, hint))


def _has_hole(tokens: Iterable[TokenLike]) -> bool:
    return any(t.type == "cloze_open" or _has_hole(t.children or ()) for t in tokens)
