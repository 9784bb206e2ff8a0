"""The tree that Markdown is read into and every output is written from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

BLOCK_KINDS = frozenset(
    {
        "paragraph", "plain", "heading", "bullet_list", "ordered_list", "list_item", "block_quote",
        "alert", "code_block", "thematic_break", "math_block", "figure", "table", "table_head",
        "table_body", "table_row", "table_cell", "table_header", "definition_list", "term",
        "definition", "footnotes", "footnote", "details", "summary", "step", "alert_title",
    }
)  # fmt: skip
"""Kinds of block nodes; `plain` is the paragraph of a tight list item, `step` a folded section."""

INLINE_KINDS = frozenset(
    {
        "text", "code", "math", "math_display", "emphasis", "strong", "strikethrough", "link",
        "image", "soft_break", "hard_break", "footnote_ref", "cloze", "sub", "sup", "kbd", "mark",
        "citation", "work", "underline", "small", "ruby", "ruby_text", "sound", "video",
    }
)  # fmt: skip
"""Kinds of inline nodes; the content of code and math is their `text`."""


class Node(NamedTuple):
    """A piece of a document: a kind, children or text, attributes, and its place in the source.

    Attributes by kind: heading `level`; ordered_list `start`; list_item `task` ("done"/"open");
    alert `type`, `fold` ("+" open, "-" shut; its first child may be an alert_title); code_block
    `language`, `lines` (highlighted, "1 3"), `test`, `cloze`; table `listed` (each row a list),
    its cells `align`; thematic_break `markup` ("-", "*" or "_"); link `href`, `title`; image
    `src`, `title`, `width` (pixels, or hundredths of the line; alt text is `text`); sound and
    video `src`, `title`, `label` (no words of what is said, hence no `text`); footnote,
    footnote_ref and step `number`; cloze `number`, `hint`; work, a child of citation, `key`:
    its text is the place in the work, and in a note that was held against the deck all that is
    shown. `line` and `column` count from 1; 0 is unknown.
    """

    # A tuple is made in a third of the time that a frozen dataclass takes, and a card has dozens.
    kind: str
    children: tuple[Node, ...] = ()
    text: str = ""
    attrs: tuple[tuple[str, str], ...] = ()
    line: int = 0
    column: int = 0

    def get(self, name: str, default: str = "") -> str:
        """Return the attribute called `name`, or the default."""
        for key, value in self.attrs:
            if key == name:
                return value
        return default

    def with_children(self, children: Iterable[Node]) -> Node:
        """Return a copy that has other children."""
        return Node(self.kind, tuple(children), self.text, self.attrs, self.line, self.column)


FORMULAS = frozenset({"math", "math_block", "math_display"})
"""Kinds of nodes whose text is LaTeX."""


def is_formula(node: Node) -> bool:
    """Say whether a node is a formula, among words or on lines of its own."""
    return node.kind in FORMULAS


def is_displayed(node: Node) -> bool:
    """Say whether a formula stands on lines of its own."""
    return node.kind != "math"


def heading_level(node: Node) -> int:
    """Return the level of a heading, from 1; 0 of any other node."""
    return int(node.get("level", "0"))


def list_start(node: Node) -> int:
    """Return the number that a list begins with."""
    return int(node.get("start", "1"))


def hole_number(node: Node) -> int:
    """Return the number of a cloze, from 1; 0 of any other node."""
    return int(node.get("number", "0")) if node.kind == "cloze" else 0


def is_hidden_test(node: Node) -> bool:
    """Say whether a node is code that only `verify` sees."""
    return bool(node.get("test"))


def has_code_holes(node: Node) -> bool:
    """Say whether markers in the code of a node are holes."""
    return node.kind == "code_block" and bool(node.get("cloze")) and not is_hidden_test(node)


def stressed_lines(node: Node) -> list[int]:
    """Return the numbers of the stressed lines of a code block, from 1."""
    return [int(number) for number in node.get("lines").split()]


MEDIA = frozenset({"image", "sound", "video"})
"""Kinds of nodes that show or play a file, which their `src` names."""

PLAYED = frozenset({"sound", "video"})
"""Kinds of nodes that play a file; they have no words."""


def walk(nodes: Iterable[Node]) -> Iterator[Node]:
    """Return every node of the trees, parents before children, in reading order."""
    found: list[Node] = []
    _gather(nodes, found)
    return iter(found)


def _gather(nodes: Iterable[Node], found: list[Node]) -> None:
    # A list is filled in half the time that generators within generators take.
    for node in nodes:
        found.append(node)
        if node.children:
            _gather(node.children, found)


def without_headings(nodes: Iterable[Node]) -> tuple[Node, ...]:
    """Return the blocks that are no headings."""
    return tuple(node for node in nodes if node.kind != "heading")


def plain_text(nodes: Iterable[Node]) -> str:
    """Return the words of the trees without markup.

    Formulas are LaTeX, images their alt text; readings stand in brackets behind what they read.
    """
    parts: list[str] = []
    for node in nodes:
        if node.kind in ("soft_break", "hard_break"):
            parts.append(" ")
        parts.append("" if is_hidden_test(node) else node.text)
        inner = plain_text(node.children)
        parts.append(f"({inner})" if inner and node.kind == "ruby_text" else inner)
        if node.kind in BLOCK_KINDS:
            parts.append("\n")
    return "".join(parts)
