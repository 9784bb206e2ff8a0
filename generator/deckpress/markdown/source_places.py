"""Where in the source a piece of Markdown stands."""

from __future__ import annotations

from collections.abc import Sequence

_AHEAD = 40


class SourceCursor:
    """Finds columns, of which Markdown tokens know nothing.

    It searches the source for what a token was made of, onwards from the last thing found.
    """

    def __init__(self, lines: Sequence[str], first_line: int) -> None:
        """Stand at the beginning.

        Args:
            lines: the lines of the source.
            first_line: the number of the first of them in its file.
        """
        self._lines, self._first = lines, first_line
        self._line, self._column, self._last = 0, 0, len(lines)

    @property
    def line(self) -> int:
        """The current line's number in the file."""
        return self._first + self._line

    def enter(self, start: int, end: int) -> None:
        """Go to the lines of a block: indices from 0, the end not included."""
        self._line, self._column, self._last = start, 0, max(end, start + 1)

    def text(self) -> str:
        """Return the current line."""
        return self._lines[self._line] if self._line < len(self._lines) else ""

    def here(self) -> tuple[int, int]:
        """Return line and column of the first word on the current line."""
        text = self.text()
        return self.line, len(text) - len(text.lstrip()) + 1

    def find(self, piece: str) -> tuple[int, int]:
        """Return line and column of the next place of a piece, and go on behind it.

        What the block does not hold as written (an escaped bar in a table's cell) is placed at the
        current line's first word.
        """
        line, column = self._line, self._column
        # A long block must not be searched to its end for each piece that it does not hold.
        last = min(self._last, len(self._lines), line + _AHEAD) if piece else line
        while line < last:
            at = self._lines[line].find(piece, column)
            if at >= 0:
                self._line, self._column = line, at + len(piece)
                return self.line, at + 1
            line, column = line + 1, 0
        return self.here()
