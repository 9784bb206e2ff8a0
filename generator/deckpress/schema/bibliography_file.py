"""The shape of a bibliography in CSL-YAML, as Pandoc reads it and Zotero writes it."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AliasChoices, BeforeValidator, ConfigDict, StringConstraints
from pydantic import Field as Entry

from deckpress.schema.words import Address, LateShape, Text


def _year(value: Any) -> Any:
    """Take the year out of the forms that CSL has for a date."""
    if isinstance(value, dict):
        parts = value.get("date-parts") or value.get("literal") or value.get("raw")
        return _year([value]) if "year" in value else _year(parts)
    while isinstance(value, list) and value:
        value = value[0].get("year", "") if isinstance(value[0], dict) else value[0]
    return str(value or "")[:4]


class _Open(LateShape):
    """A mapping of CSL, which has many keys that nothing here reads."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class NameEntry(_Open):
    """A person, or a body by its `literal` name."""

    family: str = ""
    given: str = ""
    particle: str = Entry("", validation_alias=AliasChoices("non-dropping-particle", "particle"))
    literal: str = ""


class ReferenceEntry(_Open):
    """A work."""

    id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_][\w:.+/-]*$")]
    title: Text
    author: list[NameEntry] = []
    editor: list[NameEntry] = []
    year: Annotated[str, BeforeValidator(_year)] = Entry(
        "", validation_alias=AliasChoices("issued", "year")
    )
    container: str = Entry("", validation_alias=AliasChoices("container-title", "container"))
    publisher: str = ""
    edition: str = ""
    url: Address = Entry("", validation_alias=AliasChoices("URL", "url"))
    doi: str = Entry("", validation_alias=AliasChoices("DOI", "doi"))


class BibliographyFile(_Open):
    """`bibliography.yaml`: the works that cards cite by key."""

    references: list[ReferenceEntry]
