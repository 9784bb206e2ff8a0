"""The shapes of the files in a templates folder."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, StringConstraints
from pydantic import Field as Entry

from deckpress.schema.words import Shape, Slug, Text


class KindFile(Shape):
    """`templates/notes/<kind>/kind.yaml`: how notes of a kind are laid out."""

    note_type: Slug
    sections: list[Text] = []
    steps: Literal["yes", "no"] = "no"
    cloze: Literal["yes", "no"] = "no"
    compact: Literal["yes", "no"] = "no"
    flags: dict[Slug, str] = {}


class FieldEntry(Shape):
    """A field: its key for ever, its name, and the template that fills it.

    `collapsed` shows only its name in Anki's editor; `learner` leaves it to whoever studies.
    """

    key: Slug
    name: Annotated[str, StringConstraints(pattern=r'^[^:{}"#^/\s][^:{}"]*$')]
    value: str = ""
    description: str = ""
    collapsed: Literal["yes", "no"] = "no"
    learner: Literal["yes", "no"] = "no"


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


def _written(pattern: str, hint: str) -> AfterValidator:
    """Return what refuses a text of another form, saying how it is written."""

    def check(text: str) -> str:
        if not re.fullmatch(pattern, text):
            raise ValueError(hint)
        return text

    return AfterValidator(check)


Colour = Annotated[str, _written("#[0-9a-f]{6}", "a colour is written #0550ae")]
Size = Annotated[str, _written(r"\d+(\.\d+)?(pt|mm|em)", "a size is written 7.9pt, 4mm or 0.8em")]
FontName = Annotated[str, _written("[A-Za-z0-9 ._-]+", "a font is named by letters and digits")]


class Shade(Shape):
    """A colour by day and by night."""

    light: Colour
    dark: Colour


class TokensFile(Shape):
    """`templates/tokens.yaml`: colours, sizes and fonts by name.

    All of it is optional: the file of a deck gives only what differs from the program's own.
    """

    papers: dict[Slug, Shade] = {}
    inks: dict[Slug, Shade] = {}
    lines: dict[Slug, Shade] = {}
    sizes: dict[Slug, Size] = {}
    fonts: dict[Slug, Annotated[list[FontName], Entry(min_length=1)]] = {}
