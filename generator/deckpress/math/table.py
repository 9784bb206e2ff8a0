"""Matrices, cases, arrays and aligned equations as Typst math."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from xml.etree.ElementTree import Element

from deckpress.math.mathml import MathError
from deckpress.math.typst_code import (
    ALIGN,
    EMPTY,
    Math,
    in_math,
    matrix,
    number,
    option,
    record,
    row_of,
    spaced,
)


def write_table(element: Element, write_cell: Callable[[Element], Math]) -> Math:
    """Write rows and columns.

    Args:
        element: the `<mtable>`.
        write_cell: writes what stands in a cell.

    Returns:
        A matrix without delimiters; the two sides of an equation are one column in it, with an
        alignment mark between them.

    Raises:
        MathError: it holds numbers of equations.
    """
    rows = [[cell for cell in row if "width:" not in _style(cell)] for row in element]
    if any("width:" in _style(cell) and len(cell) for row in element for cell in row):
        raise MathError("a numbered equation cannot be typeset")
    display = element.get("displaystyle") == "true"
    written = [_row(row, write_cell, display=display) for row in rows]
    down, across = (0.6, 2) if display else (0.25, 1)
    options = [
        option("delim", None),
        option("row-gap", number(down, "em")),
        option("column-gap", number(across, "em")),
        *_rules(rows),
    ]
    # Typst would shrink what stands in a matrix in a line of text; LaTeX does not.
    return in_math("display", matrix(options, written))


def _row(cells: Sequence[Element], write_cell: Callable[[Element], Math], *, display: bool) -> Math:
    columns: list[Math] = []
    for index, cell in enumerate(cells):
        written = write_cell(cell)
        written = in_math("display", written) if display and written else written
        if index and _is_right_side(cells[index - 1], cell):
            columns[-1] = spaced(columns[-1], written)
        elif "text-align: right" in _style(cell):
            columns.append(spaced(written, ALIGN))
        elif "text-align: left" in _style(cell):
            columns.append(spaced(ALIGN, written))
        else:
            columns.append(written or EMPTY)
    return row_of(columns)


def _is_right_side(left: Element, right: Element) -> bool:
    """Say whether two cells are the sides of one equation of `aligned`."""
    return "padding-right: 0" in _style(left) and "padding-left: 0" in _style(right)


def _style(element: Element) -> str:
    return element.get("style", "")


def _rules(rows: Sequence[Sequence[Element]]) -> list[Math]:
    """Write the rules of an array, which are borders of cells in MathML."""
    across = {
        index + (side == "bottom")
        for index, row in enumerate(rows)
        for side in ("top", "bottom")
        if any(f"border-{side}" in _style(cell) for cell in row)
    }
    down = {
        index + (side == "right")
        for row in rows
        for index, cell in enumerate(row)
        for side in ("left", "right")
        if f"border-{side}" in _style(cell)
    }
    if not across and not down:
        return []
    lines, bars = sorted(across), sorted(down)
    rules = record(hline=[*lines], vline=[*bars], stroke=number(0.05, "em"))
    return [option("augment", rules)]
