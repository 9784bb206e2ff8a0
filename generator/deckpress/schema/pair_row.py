"""The shape of what a row of word pairs says beside its words."""

from __future__ import annotations

from typing import Literal

from deckpress.schema.words import LateShape, Slug, Tags


class PairRow(LateShape):
    """The cells of a row that are no text: its key for ever, and where it belongs."""

    key: Slug | None = None
    tags: Tags | None = None
    difficulty: Literal["easy", "medium", "hard"] | None = None
    category: Slug | None = None
    directions: Literal["both", "one"] | None = None
