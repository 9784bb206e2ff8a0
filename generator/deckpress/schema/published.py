"""The names of the files whose JSON Schema is published, for those who need no more of them."""

from __future__ import annotations

PUBLISHED = (
    "front-matter",
    "deck",
    "companies",
    "sources",
    "coverage",
    "bibliography",
    "export",
    "import",
)
