"""Markdown tokens to the document tree, with every mistake at its place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import takewhile

from deckpress.markdown.dialects.attributes import read_width
from deckpress.markdown.dialects.formulas import remove_numbers
from deckpress.markdown.dialects.obsidian import split_size
from deckpress.markdown.faults import count_cells, find_text_faults, join_words
from deckpress.markdown.fence_info import read_info
from deckpress.markdown.html_blocks import as_blocks, make_table, outside_cells
from deckpress.markdown.raw_html import KINDS, HtmlPiece, HtmlReader
from deckpress.markdown.simple_words import read_simple, split_simple
from deckpress.markdown.source_places import SourceCursor
from deckpress.markdown.token import TokenLike
from deckpress.text.problem import Edit, Fix, Location, Problem, replacing
from deckpress.tree.cloze import OPENING
from deckpress.tree.media import media_kind, said_endings
from deckpress.tree.node import INLINE_KINDS, MEDIA, Node, plain_text, walk

_PAIRS = {
    "paragraph": "paragraph", "heading": "heading", "bullet_list": "bullet_list",
    "ordered_list": "ordered_list", "list_item": "list_item", "blockquote": "block_quote",
    "alert": "alert", "table": "table", "thead": "table_head", "tbody": "table_body",
    "tr": "table_row", "td": "table_cell", "th": "table_header", "dl": "definition_list",
    "dt": "term", "dd": "definition", "footnote_block": "footnotes", "footnote": "footnote",
    "em": "emphasis", "strong": "strong", "s": "strikethrough", "link": "link", "cloze": "cloze",
    "mark": "mark", "sup": "sup", "sub": "sub", "callout_title": "alert_title",
}  # fmt: skip
_BARE = frozenset({"paragraph", "bullet_list", "list_item", "blockquote", "em", "s"})
"""What stands for itself, unless the parser noted something down."""
_LEAVES = {"hr": "thematic_break", "softbreak": "soft_break", "hardbreak": "hard_break"}
_FORMULAS = {
    "math_block": "math_block", "math_inline": "math", "math_inline_double": "math_display",
    "amsmath": "math_block",
}  # fmt: skip
_WORDS = frozenset({"paragraph", "plain", "heading", "term", "table_cell", "table_header"}) | (
    INLINE_KINDS | {"html_code", "html_paragraph", "list_item", "definition", "summary"}
)
"""Kinds of frames in which words stand."""

_DEEPEST = 60
"""How deep blocks and inlines may nest: below what Markdown drops and what writers can follow."""


@dataclass(slots=True)
class _Frame:
    kind: str
    attrs: tuple[tuple[str, str], ...] = ()
    line: int = 0
    column: int = 0
    html: str = ""
    children: list[Node] = field(default_factory=list)
    flat: bool = False
    """Whether it stands too deep, so that only what it holds is kept."""


class TreeBuilder:
    """Builds a tree from tokens, and gathers what is wrong in `problems`."""

    def __init__(
        self,
        path: str,
        lines: Sequence[str],
        first_line: int,
        part: tuple[int, int] | None = None,
        *,
        blocks: bool = False,
    ) -> None:
        """Begin a tree.

        Args:
            path: the file, for the places.
            lines: its lines, or some of them.
            first_line: the number of the first of them.
            part: which of them the tokens are made of, as indices; all when it is not given.
            blocks: whether the tree consists of blocks, so that loose words become paragraphs.
        """
        self._whole = blocks
        self.problems: list[Problem] = []
        self._path = path
        self._stack = [_Frame("document")]
        self._cursor = SourceCursor(lines, first_line)
        if part:
            self._cursor.enter(*part)
        self._columns = 0
        self._html = HtmlReader()
        self._inline = ""
        self._boxes = 0
        self._cut_line = 0
        self._crossed: list[str] = []

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
                self._report(
                    frame.line, frame.column, f"<{frame.html}> is not closed", rule="unclosed-html"
                )
            self._pop()
        return as_blocks(self._stack[0].children) if self._whole else tuple(self._stack[0].children)

    def _add(self, token: TokenLike) -> None:
        if token.map:
            self._cursor.enter(token.map[0], token.map[1])
        if token.type == "text":
            self._add_text(token)
            return
        name = token.type
        if name == "inline" and token.children is None:
            self.add_simple(token.content)
        elif name == "plain_paragraph":
            line = self._cursor.line
            words = tuple(read_simple(token.content, line, 1))
            self._append(Node("paragraph", words, "", (), line, 1))
        elif name == "plain_list":
            self._append(_plain_list(token.content, self._cursor.line))
        elif name == "inline":
            self._inline = "math" if _holds_formula(token) else "words"
            self.add(join_words(token.children or ()))
        elif token.nesting > 0:
            self._push(self._frame(name.removesuffix("_open"), token))
        elif token.nesting < 0:
            self._close(_PAIRS[name.removesuffix("_close")])
        elif name in ("html_inline", "html_block"):
            self._add_html(token.content)
        elif name == "text_special":
            self._add_text(token)
        elif name == "comment":
            return
        elif name in _LEAVES:
            mark = (("markup", token.markup[:1]),) if name == "hr" else ()
            self._append(Node(_LEAVES[name], attrs=mark, line=self._cursor.line))
        elif name in _FORMULAS:
            self._append(self._formula(name, token))
        elif name in ("fence", "code_block"):
            self._append(self._code_block(token))
        elif name == "gaping_formula":
            line, column = self._cursor.find("$$")
            hint = "delete the empty lines between the two $$, or write two formulas"
            self._report(
                line,
                column,
                "a formula cannot contain an empty line",
                hint,
                rule="blank-line-in-formula",
            )
        elif name == "attributes":
            self._take_attributes(token)
        elif name == "wiki_link":
            self._add_wiki_link(token)
        else:
            self._append(self._inline_leaf(token))

    def _frame(self, name: str, token: TokenLike) -> _Frame:
        if name in _BARE and not token.meta:
            kind = "plain" if token.hidden and name == "paragraph" else _PAIRS[name]
            return _Frame(kind, (), *self._cursor.here())
        attrs: dict[str, object] = {}
        line, column = self._cursor.find("{{c") if name == "cloze" else self._cursor.here()
        kind = "plain" if name == "paragraph" and token.hidden else _PAIRS[name]
        if name == "heading":
            attrs["level"] = token.tag[1]
            if "attributes" in token.meta:
                self._tell_dropped(str(token.meta["attributes"]))
                self._cursor.enter(*(token.map or (0, 1)))
        elif name == "ordered_list":
            attrs["start"] = token.attrs.get("start", 1)
        elif name == "list_item" and "checked" in token.meta:
            attrs["task"] = "done" if token.meta["checked"] else "open"
        elif name == "alert":
            attrs["type"] = str(token.meta["kind"]).lower()
            attrs["fold"] = str(token.meta.get("fold", ""))
        elif name == "table":
            self._columns = 0
        elif name == "tr":
            self._check_row(line)
        elif name in ("td", "th"):
            self._columns += name == "th"
            attrs["align"] = str(token.attrs.get("style", "")).removeprefix("text-align:")
        elif name == "footnote":
            attrs["number"] = token.meta["id"] + 1
        elif name == "strong" and token.markup == "__":
            attrs["markup"] = "__"
            line, column = self._cursor.find("__")
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
                    rule="second-hint",
                )
        found = tuple((key, str(value)) for key, value in attrs.items() if value != "")
        return _Frame(kind, found, line, column)

    def _check_row(self, line: int) -> None:
        """Tell of a row that cannot be meant: Markdown drops cells that the head has not.

        It takes every line up to an empty one for a row, and shows a bar alone as an empty row.
        """
        row = self._cursor.text()
        cells, column = count_cells(row), len(row) - len(row.lstrip(" \t>")) + 1
        if cells > self._columns > 0:
            message = f"this row has {cells} cells, the table {self._columns} columns"
            hint = "a bar within a cell is written \\|, in formulas \\mid or \\lvert ... \\rvert"
            self._report(line, 1, message, hint, rule="too-many-cells")
            self._cut_line = line
        elif "|" not in row and self._columns > 1:
            message = "this line becomes a row of the table above it"
            hint = "put an empty line before it"
            empty = "\n" + row[: column - 1].rstrip()
            fixes = (Fix("put an empty line before it", (Edit("", empty, below=-1),)),)
            self._report(line, column, message, hint, rule="stray-row", fixes=fixes)
        elif cells < self._columns and not row.strip(" \t>|"):
            empty = "|" + "  |" * self._columns
            message, hint = "a row that is only begun", f"an empty row is written {empty}"
            fixes = (replacing(row[column - 1 :].rstrip(), empty),)
            self._report(line, column, message, hint, rule="stray-row", fixes=fixes)

    def _formula(self, name: str, token: TokenLike) -> Node:
        line, column = self._cursor.find(token.markup)
        first = token.content.strip().split("\n")[0]
        line, column = self._cursor.find(first) if first else (line, column + len(token.markup))
        latex = remove_numbers(token.content.strip())
        return Node(_FORMULAS[name], text=latex, line=line, column=column)

    def _code_block(self, token: TokenLike) -> Node:
        line, column = self._cursor.here()
        if token.info.strip().strip("{}") == "math":
            latex = remove_numbers(token.content.strip())
            return Node("math_block", text=latex, line=line + 1, column=column)
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
            if "alt" in token.meta:
                return self._embed(token)
            line, column = self._cursor.find("![")
            title = str(token.attrs.get("title", ""))
            if OPENING.search(title) or _has_hole(token.children or ()):
                hint = "write holes in the text; here, describe what the image shows"
                self._report(
                    line,
                    column,
                    "a hole in an image's alt text or title",
                    hint,
                    rule="hole-in-image",
                )
            words = TreeBuilder._of(token.children or ())
            if any(node.kind in MEDIA for node in walk(words)):
                message = "an image or a sound in the alt text of an image"
                self._report(line, column, message, "put it beside it", rule="media-in-alt-text")
            alt, width = split_size(plain_text(words))
            found = {"src": str(token.attrs["src"]), "title": title, "width": width}
            attrs = tuple((key, value) for key, value in found.items() if value)
            return Node("image", text=alt, attrs=attrs, line=line, column=column)
        if token.type == "sound":
            return self._sound(token)
        if token.type == "citation":
            line, column = self._cursor.find(token.content)
            works = [
                Node("work", text=c.locator, attrs=(("key", c.key),)) for c in token.meta["cited"]
            ]
            return Node("citation", tuple(works), line=line, column=column)
        number = (("number", str(token.meta["id"] + 1)),)
        return Node("footnote_ref", attrs=number, line=self._cursor.line)

    def _sound(self, token: TokenLike) -> Node:
        line, column = self._cursor.find(token.content)
        src = str(token.meta["src"])
        found = media_kind(src)
        if found == "image":
            hint = f"sounds end in {said_endings('sound')}; an image is written ![...](...)"
            message = f"'{src}' is not a sound"
            self._report(line, column, message, hint, rule="unknown-media-format")
        kind = "video" if found == "video" else "sound"
        return Node(kind, attrs=(("src", src),), line=line, column=column)

    def _add_text(self, token: TokenLike) -> None:
        """Add words; what is escaped comes as a token of its own and is joined to the rest."""
        if not token.content:
            return
        special = token.type == "text_special"
        line, column = self._cursor.find(token.markup if special else token.content)
        for fault in (
            () if special else find_text_faults(token.content, with_formulas=self._inline == "math")
        ):
            if line != self._cut_line and not self._ends_box(token.content, fault):
                self.problems.append(fault.within(Location(self._path, line, column)))
        if special and token.info == "entity" and token.content == "\ufffd":
            message, fixes = (
                f"{token.markup} does not stand for a character",
                (replacing(token.markup, ""),),
            )
            self._report(line, column, message, "delete it", rule="no-character", fixes=fixes)
        self._append_text(token.content, line, column)

    def _append_text(self, text: str, line: int, column: int) -> None:
        before = self._stack[-1].children
        if before and before[-1].kind == "text" and before[-1].column:
            last = before[-1]
            before[-1] = Node("text", (), last.text + text, (), last.line, last.column)
        else:
            before.append(Node("text", (), text, (), line, column))

    def add_simple(self, text: str) -> None:
        """Add words that the parser was spared; they hold no fault."""
        for kind, piece in split_simple(text):
            if kind == "text":
                self._append_text(piece, *self._cursor.find(piece))
            elif kind == "soft_break":
                self._append(Node(kind, line=self._cursor.line))
            elif kind == "code":
                line, column = self._cursor.find("`")
                self._cursor.find("`")
                self._append(Node(kind, text=piece, line=line, column=column))
            else:
                outer, inner = self._cursor.here(), self._cursor.find(piece)
                words = Node("text", (), piece, (), *inner)
                self._append(Node(kind, (words,), "", (), *outer))

    def _ends_box(self, text: str, fault: Problem) -> bool:
        """Say whether a fault is the end of a box whose beginning was told."""
        if fault.rule != "raw-box":
            return False
        line = text.split("\n")[fault.where.line - 1][fault.where.column - 1 :]
        if line.strip(": \t"):
            self._boxes += 1
            return False
        self._boxes -= 1
        return self._boxes >= 0

    @staticmethod
    def _of(tokens: Iterable[TokenLike]) -> tuple[Node, ...]:
        builder = TreeBuilder("", [""], 1)
        builder.add(tokens)
        return builder.finish()

    def _embed(self, token: TokenLike) -> Node:
        """Make an image of Obsidian's embed; its name says what it shows when nothing else does."""
        line, column = self._cursor.find(str(token.meta["marker"]))
        if token.meta["named"] and media_kind(str(token.attrs["src"])) == "image":
            message = f"the image has only its file name '{token.meta['alt']}' as alt text"
            hint = "describe it: ![[file|what is seen]]"
            self._report(line, column, message, hint, rule="named-by-file")
        found = {"src": str(token.attrs["src"]), "width": str(token.meta.get("width", ""))}
        attrs = tuple((key, value) for key, value in found.items() if value)
        return Node("image", text=str(token.meta["alt"]), attrs=attrs, line=line, column=column)

    def _add_wiki_link(self, token: TokenLike) -> None:
        line, column = self._cursor.find(token.content)
        if token.meta["embed"]:
            hint = (
                "copy what should be shown into the card; for a figure, write the file name with "
                "its extension"
            )
            self._report(line, column, f"{token.content} shows nothing", hint, rule="wiki-link")
            return
        words = str(token.meta["words"])
        hint = f"write only the words: {words}"
        message = f"{token.content} leads nowhere from a card"
        fixes = (replacing(token.content, words),)
        self._report(line, column, message, hint, rule="wiki-link", fixes=fixes)
        self._append(Node("text", text=words, line=line, column=0))

    def _take_attributes(self, token: TokenLike) -> None:
        """Take a width for the image before it; tell of every other attribute."""
        items = dict(token.meta["items"])
        before = self._stack[-1].children
        if token.meta["behind"] and before and before[-1].kind == "image":
            width = read_width(items.pop("width", ""))
            items.pop("height", None)
            if width:
                kept = tuple(pair for pair in before[-1].attrs if pair[0] != "width")
                before[-1] = before[-1]._replace(attrs=(*kept, ("width", width)))
        if items:
            self._tell_dropped(token.content)

    def _tell_dropped(self, braces: str) -> None:
        line, column = self._cursor.find(braces)
        hint = "only the width of an image is read; delete other attributes"
        message, fixes = f"'{braces}' is ignored", (replacing(braces, ""),)
        self._report(line, column, message, hint, rule="dropped-attributes", fixes=fixes)

    def _add_html(self, content: str) -> None:
        for piece in self._html.read(content):
            if not piece.tag and not piece.problems:
                if piece.text.strip() or (piece.text and self._in_words()):
                    self._append(Node("text", text=piece.text, line=self._cursor.line))
                continue
            line, column = self._cursor.find(piece.text.split("\n")[0])
            for fault in piece.problems:
                self._report(
                    line, column, fault.message, fault.hint, rule=fault.rule, fixes=fault.fixes
                )
            if piece.tag == "br":
                self._append(Node("hard_break", line=line))
            elif piece.tag == "hr":
                self._append(Node("thematic_break", attrs=(("markup", "*"),), line=line))
            elif piece.tag == "img":
                self._append(_html_image(piece, line, column))
            elif piece.tag and piece.closes:
                self._close_html(piece.tag, line, column)
            elif piece.tag in KINDS:
                self._push(
                    _Frame(KINDS[piece.tag], _html_attrs(piece), line, column, html=piece.tag)
                )

    def _in_words(self) -> bool:
        """Say whether white space in HTML counts: between words, not between rows or items."""
        return self._stack[-1].kind in _WORDS and bool(self._stack[-1].children)

    def _push(self, frame: _Frame) -> None:
        if len(self._stack) == _DEEPEST:
            self._report(
                frame.line, frame.column, "nested too deeply", "divide it", rule="nested-too-deep"
            )
        frame.flat = len(self._stack) >= _DEEPEST
        self._stack.append(frame)

    def _pop(self) -> None:
        frame = self._stack.pop()
        kind, children = frame.kind, tuple(frame.children)
        if frame.flat:
            self._stack[-1].children.extend(children)
            return
        if frame.html:
            self._append_html(frame)
            return
        if kind == "paragraph":
            solid = tuple(node for node in children if node.kind != "soft_break")
            if not solid:
                return  # what it held is not shown: a block id, attributes, a comment
            if len(solid) == 1 and solid[0].kind in MEDIA:
                kind, children = "figure", solid
        if kind == "document":
            return
        self._append(Node(kind, children, "", frame.attrs, frame.line, frame.column))

    def _append_html(self, frame: _Frame) -> None:
        kind, children = frame.kind, tuple(frame.children)
        node = Node(kind, children, "", frame.attrs, frame.line, frame.column)
        match kind:
            case "dropped":
                return
            case "open":
                self._stack[-1].children.extend(children)
            case "html_code":
                if any(child.kind not in ("text", "soft_break") for child in children):
                    hint = "put code into backticks"
                    message = f"Markdown inside <{frame.html}> is still read as Markdown"
                    self._report(frame.line, frame.column, message, hint, rule="markdown-in-html")
                self._append(node._replace(kind="code", children=(), text=plain_text(children)))
            case "html_paragraph":
                inline = self._stack[-1].kind in _WORDS
                self._stack[-1].children.extend(children if inline else as_blocks(children))
            case "html_table":
                stray = next(outside_cells(children), None)
                if stray:
                    line, column = (stray.line, stray.column) if stray.line else (node.line, 0)
                    hint = "put it into <td>, or before or behind the table"
                    message = "what stands in a table but in no cell of it is not shown"
                    self._report(line, column, message, hint, rule="unread-html")
                self._append(make_table(node))
            case "link" if not node.get("href"):
                self._stack[-1].children.extend(children)
            case _:
                self._append(node)

    def _close_html(self, tag: str, line: int, column: int) -> None:
        top = self._stack[-1]
        if top.html == tag:
            self._pop()
            return
        if tag in self._crossed:
            self._crossed.remove(tag)
            return
        open_here = list(takewhile(lambda frame: frame.html, reversed(self._stack)))
        if tag in (frame.html for frame in open_here):
            self._report(
                top.line,
                top.column,
                f"<{top.html}> begins within <{tag}> and ends after it",
                "close what was opened last first",
                rule="crossed-markup",
            )
            while self._stack[-1].html != tag:
                self._crossed.append(self._stack[-1].html)
                self._pop()
            self._pop()
            return
        self._report(
            line, column, f"</{tag}> closes nothing that is open here", rule="unopened-html"
        )

    def _close(self, kind: str) -> None:
        top = self._stack[-1]
        if not top.html and (top.kind == kind or (kind == "paragraph" and top.kind == "plain")):
            self._pop()
        else:
            what = {"cloze": "a cloze"}.get(top.kind, f"<{top.html}>" if top.html else top.kind)
            self._report(
                top.line or 1,
                top.column or 1,
                f"{what} does not end where it began",
                "open and close it in the same paragraph, list item or cell, and nest it properly",
                rule="crossed-markup",
            )
            while len(self._stack) > 1 and self._stack[-1].kind not in (kind, "plain"):
                self._pop()
            if len(self._stack) > 1:
                self._pop()

    def _append(self, node: Node) -> None:
        self._stack[-1].children.append(_as_media(node) if node.kind == "image" else node)

    def _report(
        self,
        line: int,
        column: int,
        message: str,
        hint: str = "",
        *,
        rule: str,
        fixes: tuple[Fix, ...] = (),
    ) -> None:
        where = Location(self._path, line, max(column, 1))
        self.problems.append(Problem(where, message, hint, rule=rule, fixes=fixes))


def _plain_list(text: str, first: int) -> Node:
    """Make a list of lines that begin with `- `, the first of which has the number `first`."""
    items: list[Node] = []
    for line, item in enumerate(text[2:].split("\n- "), first):
        words = Node("plain", tuple(read_simple(item, line, 3)), "", (), line, 1)
        items.append(Node("list_item", (words,), "", (), line, 1))
    return Node("bullet_list", tuple(items), "", (), first, 1)


def _holds_formula(token: TokenLike) -> bool:
    return any(child.type.startswith("math_inline") for child in token.children or ())


def _html_image(piece: HtmlPiece, line: int, column: int) -> Node:
    found = {name: piece.attrs.get(name, "") for name in ("src", "title")}
    found["width"] = read_width(piece.attrs.get("width", ""))
    attrs = tuple((key, value) for key, value in found.items() if value)
    return Node("image", text=piece.attrs.get("alt", ""), attrs=attrs, line=line, column=column)


def _html_attrs(piece: HtmlPiece) -> tuple[tuple[str, str], ...]:
    if KINDS[piece.tag] == "heading":
        return (("level", piece.tag[1]),)
    known = {"a": ("href", "title"), "ol": ("start",), "td": ("align",), "th": ("align",)}
    found = {name: piece.attrs.get(name, "") for name in known.get(piece.tag, ())}
    if piece.tag == "ol":
        found["start"] = found["start"] if found["start"].isdecimal() else "1"
    return tuple((name, value) for name, value in found.items() if value)


def _has_hole(tokens: Iterable[TokenLike]) -> bool:
    return any(t.type == "cloze_open" or _has_hole(t.children or ()) for t in tokens)


def _as_media(image: Node) -> Node:
    """Make of an image what the ending of its file promises: its alt text labels the player."""
    kind = media_kind(image.get("src"))
    if kind == "image":
        return image
    found = {"src": image.get("src"), "label": image.text.strip(), "title": image.get("title")}
    attrs = tuple((key, value) for key, value in found.items() if value)
    return Node(kind, attrs=attrs, line=image.line, column=image.column)
