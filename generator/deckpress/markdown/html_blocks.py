"""HTML elements as the blocks that Markdown would have made: paragraphs, tables of plain cells."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from deckpress.text.characters import is_blank
from deckpress.tree.node import INLINE_KINDS, Node, plain_text, walk

_NOT_STRAY = ("table_cell", "table_header", "soft_break", "hard_break")


def as_blocks(nodes: Iterable[Node]) -> tuple[Node, ...]:
    """Put runs of inline nodes into paragraphs; an image alone is a figure."""
    blocks: list[Node] = []
    run: list[Node] = []
    for node in [*nodes, Node("end")]:
        if node.kind in INLINE_KINDS:
            run.append(node)
            continue
        blocks += _paragraph(run)
        run = []
        if node.kind != "end":
            blocks.append(node)
    return tuple(blocks)


def _paragraph(run: Sequence[Node]) -> list[Node]:
    solid = [node for node in run if node.kind != "soft_break" and not _is_space(node)]
    if not solid:
        return []
    kind = "figure" if len(solid) == 1 and solid[0].kind == "image" else "paragraph"
    first = solid[0]
    children = tuple(solid) if kind == "figure" else tuple(run)
    return [Node(kind, children, line=first.line, column=first.column)]


def _is_space(node: Node) -> bool:
    return node.kind == "text" and not node.text.strip()


def outside_cells(nodes: Iterable[Node]) -> Iterator[Node]:
    """Yield what stands in an HTML table, or in a row of one, that is no cell but can be seen."""
    for node in nodes:
        if node.kind == "table_row":
            yield from outside_cells(node.children)
        elif node.kind not in _NOT_STRAY and not _is_space(node):
            yield node


def make_table(table: Node) -> Node:
    """Lay an HTML table out as Markdown's: a head, which may be empty, and rows as long as it."""
    rows = [node.children for node in walk(table.children) if node.kind == "table_row"]
    cells = [[c for c in row if c.kind in ("table_cell", "table_header")] for row in rows]
    cells = [row for row in cells if row]
    width = max((len(row) for row in cells), default=0)
    headed = bool(cells) and all(cell.kind == "table_header" for cell in cells[0])
    head = cells[0] if headed else []
    body = cells[1:] if headed else cells
    empty = Node("table_header", line=table.line)
    first = [cell._replace(kind="table_header") for cell in head]
    parts = [Node("table_head", (_row([*first, *[empty] * (width - len(first))]),))]
    if body:
        blank = Node("table_cell", line=table.line)
        filled = [_row([*row, *[blank] * (width - len(row))]) for row in body]
        parts.append(Node("table_body", tuple(filled)))
    attrs = () if headed else (("headless", "yes"),)
    return table._replace(kind="table", children=tuple(parts), attrs=attrs)


def _row(cells: Iterable[Node]) -> Node:
    return Node("table_row", tuple(map(_flat, cells)))


def _flat(cell: Node) -> Node:
    """Take the paragraphs of a cell apart: it holds words only."""
    inner: list[Node] = []
    for child in cell.children:
        if child.kind in INLINE_KINDS:
            inner.append(child)
        else:
            inner += [Node("hard_break", line=child.line)] if inner else []
            inner += child.children
    while inner and is_blank(plain_text(inner[-1:])) and inner[-1].kind == "text":
        inner.pop()
    return cell._replace(children=tuple(inner))
