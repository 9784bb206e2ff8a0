"""The shapes of the files in a templates folder."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field as Entry
from pydantic import StringConstraints

from deckpress.schema.shapes import Shape, Slug, Text


class KindFile(Shape):
    """`templates/notes/<kind>/kind.yaml`: how notes of a kind are laid out."""

    note_type: Slug
    sections: list[Text] = []
    steps: Literal["yes", "no"] = "no"
    cloze: Literal["yes", "no"] = "no"
    flags: dict[Slug, str] = {}


class FieldEntry(Shape):
    """A field: its key for ever, its name, and the template that fills it."""

    key: Slug
    name: Annotated[str, StringConstraints(pattern=r'^[^:{}"#^/\s][^:{}"]*$')]
    value: str = ""
    description: str = ""


class TemplateEntry(Shape):
    """A card template: its key for ever, its name, and the field that calls it up."""

    key: Slug
    name: Text
    when: Slug = ""


class NoteTypeFile(Shape):
    """`templates/note_types/<type>/note_type.yaml`: an Anki note type."""

    name: Text
    cloze: Literal["yes", "no"] = "no"
    fields: Annotated[list[FieldEntry], Entry(min_length=1)]
    templates: Annotated[list[TemplateEntry], Entry(min_length=1)]


class Shade(Shape):
    """A colour by day and by night."""

    light: Annotated[str, StringConstraints(pattern=r"^#[0-9a-f]{6}$")]
    dark: Annotated[str, StringConstraints(pattern=r"^#[0-9a-f]{6}$")]


Size = Annotated[str, StringConstraints(pattern=r"^\d+(\.\d+)?(pt|mm|em)$")]
FontName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9 ._-]+$")]


class TokensFile(Shape):
    """`templates/tokens.yaml`: colours, sizes and fonts by name.

    All of it is optional: the file of a deck gives only what differs from the program's own.
    """

    papers: dict[Slug, Shade] = {}
    inks: dict[Slug, Shade] = {}
    lines: dict[Slug, Shade] = {}
    sizes: dict[Slug, Size] = {}
    fonts: dict[Slug, Annotated[list[FontName], Entry(min_length=1)]] = {}
