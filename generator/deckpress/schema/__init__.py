"""The shapes of the YAML files; the only door to pydantic.

One declaration checks the files and makes the JSON Schema by which editors complete them.
"""

from __future__ import annotations

from deckpress.schema.shapes import (
    SLUG,
    CompaniesFile,
    CoverageFile,
    DeckFile,
    FrontMatter,
    HeadingAttributes,
    KindFile,
    NoteTypeFile,
    Shape,
    SourcesFile,
    TokensFile,
)
from deckpress.schema.validation import PUBLISHED, json_schema, validate

__all__ = [
    "PUBLISHED",
    "SLUG",
    "CompaniesFile",
    "CoverageFile",
    "DeckFile",
    "FrontMatter",
    "HeadingAttributes",
    "KindFile",
    "NoteTypeFile",
    "Shape",
    "SourcesFile",
    "TokensFile",
    "json_schema",
    "validate",
]
