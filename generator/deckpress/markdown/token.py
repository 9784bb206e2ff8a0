"""What is read of the tokens of a Markdown parser, whichever it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol


class TokenLike(Protocol):
    """What is read of a Markdown token."""

    type: str
    tag: str
    content: str
    info: str
    markup: str
    hidden: bool
    level: int
    map: list[int] | None
    meta: dict[Any, Any]
    attrs: dict[str, str | int | float]

    @property
    def nesting(self) -> int:
        """1 opens, -1 closes, 0 stands alone."""

    @property
    def children(self) -> Sequence[TokenLike] | None:
        """The tokens of an inline token."""
