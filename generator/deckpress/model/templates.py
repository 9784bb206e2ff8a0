"""What the templates describe: kinds of notes, Anki note types, colours, sizes, fonts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of every output by name, as #rrggbb: (light, dark).

    `inks` are drawn on `papers`; `lines` are neither, so nothing is read off them.
    """

    papers: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    inks: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    lines: Mapping[str, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Theme:
    """What every printed or interactive output is made with.

    `files` holds by path (such as `sheet/sheet.css`) what lies in the templates' folders `sheet`
    and `fonts`, and `code.css`; what the deck replaced, under `shipped/`. `sizes` are lengths and
    `fonts` families by name; `own` gives the paths of the deck's own templates in the sources.
    """

    palette: Palette
    files: Mapping[str, bytes] = field(default_factory=dict)
    sizes: Mapping[str, str] = field(default_factory=dict)
    fonts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    own: Mapping[str, str] = field(default_factory=dict)


STYLE_MARKER = "/* Below this line the style is yours: see docs/updates.md of deckpress. */"
"""The last line of the style of every note type; what a learner writes below it is not ours."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field of an Anki note type.

    `key` is its identity for ever, `name` what Anki shows, `value` the template that fills it. A
    field that is `collapsed` shows only its name in Anki's editor; one that is the `learner`'s is
    written by nobody else.
    """

    key: str
    name: str
    value: str = ""
    description: str = ""
    collapsed: bool = False
    learner: bool = False


@dataclass(frozen=True, slots=True)
class CardTemplate:
    """A card of a note type: front and back in Anki's own template language.

    `when` names the key of the field that must be filled for the card to exist; empty: always.
    """

    key: str
    name: str
    front: str
    back: str
    browser_front: str = ""
    browser_back: str = ""
    when: str = ""


@dataclass(frozen=True, slots=True)
class NoteType:
    """An Anki note type; fields and templates are frozen once released."""

    slug: str
    name: str
    cloze: bool
    fields: tuple[Field, ...]
    templates: tuple[CardTemplate, ...]
    css: str

    @property
    def content_fields(self) -> tuple[Field, ...]:
        """The fields that are the deck's: all that stand before the learner's own."""
        return tuple(field for field in self.fields if not field.learner)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of note: which note type holds it and how its answer is laid out.

    `sections` are the H2 headings that become fields; `steps` folds every other H2; `cloze` shows
    the body on the front with its holes; `compact` prints it in a line or two, as a row of a list
    of words; `flags` are values that templates ask for.
    """

    name: str
    note_type: str
    sections: tuple[str, ...] = ()
    steps: bool = False
    cloze: bool = False
    compact: bool = False
    flags: Mapping[str, str] = field(default_factory=dict)
