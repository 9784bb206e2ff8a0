"""The shapes of the YAML files and of the ledger; the only door to pydantic.

One declaration checks the files and makes the JSON Schema by which editors complete them.
"""

from __future__ import annotations

from deckpress.schema.files import CompaniesFile, CoverageFile, DeckFile, SourcesFile
from deckpress.schema.ledger_lines import HeadLine, LedgerLine, NoteLine, NoteTypeLine
from deckpress.schema.shapes import SLUG, Fact, FrontMatter, HeadingAttributes, Shape
from deckpress.schema.templates import KindFile, NoteTypeFile, TokensFile
from deckpress.schema.validation import PUBLISHED, json_schema, validate

__all__ = [
    "PUBLISHED",
    "SLUG",
    "CompaniesFile",
    "CoverageFile",
    "DeckFile",
    "Fact",
    "FrontMatter",
    "HeadLine",
    "HeadingAttributes",
    "KindFile",
    "LedgerLine",
    "NoteLine",
    "NoteTypeFile",
    "NoteTypeLine",
    "Shape",
    "SourcesFile",
    "TokensFile",
    "json_schema",
    "validate",
]
