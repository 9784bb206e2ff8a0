"""The holes of a cloze note, wherever in its tree they stand."""

from __future__ import annotations

from collections.abc import Iterable

from deckpress.tree.cloze import OPENING, Piece, split_markers
from deckpress.tree.node import Node, has_code_holes, hole_number, is_formula, walk


def hole_numbers(nodes: Iterable[Node]) -> tuple[int, ...]:
    """Return the numbers of all holes, sorted: Anki makes one card for each."""
    return tuple(sorted({number for node in walk(nodes) for number in _holes_of(node)}))


def has_marker(nodes: Iterable[Node]) -> bool:
    """Say whether there is a cloze marker outside code."""
    return any(
        node.kind == "cloze" or (is_formula(node) and OPENING.search(node.text))
        for node in walk(nodes)
    )


def _holes_of(node: Node) -> list[int]:
    if node.kind == "cloze":
        return [hole_number(node)]
    return [piece.number for piece in _pieces_of(node) if piece.number]


def _pieces_of(node: Node) -> tuple[Piece, ...]:
    if is_formula(node):
        return split_markers(node.text, braces=True)
    if has_code_holes(node):
        return split_markers(node.text)
    return ()
