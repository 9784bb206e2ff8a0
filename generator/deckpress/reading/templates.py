"""The templates folder: kinds of notes and Anki note types, as their files describe them.

`notes/<kind>/kind.yaml` describes a kind, and `style.css` beside it adds to the note type's look.
`note_types/<type>/` holds `note_type.yaml` and for each template `<key>-front.html`,
`<key>-back.html` and, for Anki's browser, `<key>-browser-front.html`, `...-back.html`. Shared look
is `card.css`, of code `code.css`; colours, sizes and fonts are in `tokens.yaml`.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

from deckpress.markup.css import colour_properties
from deckpress.markup.jinja import check_syntax
from deckpress.markup.spoken import put_deck, put_words, unknown_words
from deckpress.model.templates import (
    STYLE_MARKER,
    CardTemplate,
    Field,
    Kind,
    NoteType,
    Palette,
    Theme,
)
from deckpress.model.words import Words
from deckpress.reading.template_files import TemplateFiles, overlay, read_contents
from deckpress.reading.words import ENGLISH, read_words
from deckpress.schema.from_file import ShapedFile, read_shape
from deckpress.schema.template_files import KindFile, NoteTypeFile, TokensFile
from deckpress.schema.words import Shape
from deckpress.text.files import read_file
from deckpress.text.problem import Location, Problem
from deckpress.text.source_text import read_text, refuse_conflicts
from deckpress.text.suggestions import misnamed, suggest

S = TypeVar("S", bound=Shape)


@dataclass(frozen=True, slots=True)
class Templates:
    """What a templates folder holds: kinds, note types, theme, and what is wrong with its files."""

    kinds: Mapping[str, Kind]
    note_types: Mapping[str, NoteType]
    theme: Theme
    problems: tuple[Problem, ...]


@dataclass(slots=True)
class _Reading:
    """Reads files of a templates folder; gathers mistakes and the names that were asked for."""

    files: TemplateFiles
    folder: Path
    words: Words
    language: str
    problems: list[Problem] = field(default_factory=list)
    read: set[str] = field(default_factory=set)

    def text(self, name: str, *, needed: bool = False) -> str:
        self.read.add(name)
        path = self.files.path(name)
        if path is None:
            if needed:
                self._miss(name)
            return ""
        text, problems = refuse_conflicts(*read_text(path), path.as_posix())
        self.problems += problems
        text = text.strip() + "\n"
        faults = unknown_words(text, self.words)
        self.problems += (fault.within(Location(path.as_posix())) for fault in faults)
        if faults:
            return text
        text = put_words(text, self.words, css=name.endswith(".css"))
        return put_deck(text, self.language, self.words)

    def shape(self, shape: type[S], name: str) -> ShapedFile[S]:
        self.read.add(name)
        path = self.files.path(name)
        if path is None:
            self._miss(name)
            path = self.folder / name
        return self.layer(shape, path)

    def layer(self, shape: type[S], path: Path) -> ShapedFile[S]:
        found = read_shape(shape, path)
        self.problems += found.problems
        return found

    def _miss(self, name: str) -> None:
        where = Location((self.folder / name).as_posix())
        self.problems.append(
            Problem(where, "this template file is missing", rule="missing-template")
        )


def read_templates(
    folder: Path, own: Path | None = None, words: Words | None = None, language: str = ENGLISH
) -> Templates:
    """Read a templates folder.

    Args:
        folder: the folder of the program's own templates; each file is read once.
        own: the folder of a deck's templates, which take the place of those of the same name; of
            `tokens.yaml`, what it gives. It need not exist.
        words: what cards say, in the deck's language; without them English.
        language: that language.

    Returns:
        Kinds, note types and theme, with every mistake of the files.
    """
    files = overlay(folder, own)
    if words is None:
        words, _ = read_words(files, ENGLISH)
    reading = _Reading(files, folder, words, language)
    reading.read.add(f"words/{words.language}.yaml")
    theme = _read_theme(reading)
    note_types: dict[str, NoteType] = {}
    for name in reading.files.names("note_types/*/note_type.yaml"):
        found = _read_note_type(name.split("/")[1], theme.palette, reading)
        if found:
            note_types[found.slug] = found
    kinds: dict[str, Kind] = {}
    styles: dict[str, list[str]] = {}
    for name in reading.files.names("notes/*/kind.yaml"):
        slug = name.split("/")[1]
        style = reading.text(f"notes/{slug}/style.css")
        kind = _read_kind(slug, note_types, reading)
        if kind:
            kinds[slug] = kind
            styles.setdefault(kind.note_type, []).append(style)
    for slug, note_type in note_types.items():
        css = "\n".join([note_type.css, *styles.get(slug, ()), STYLE_MARKER, ""])
        note_types[slug] = replace(note_type, css=css)
    for name, path in reading.files.own.items():
        if name.startswith("sheet/"):
            reading.problems += read_text(path)[1]  # for what is no text
    if not reading.problems:
        reading.problems += _unread(reading)
    return Templates(kinds, note_types, theme, tuple(reading.problems))


def _read_theme(reading: _Reading) -> Theme:
    parts: dict[str, dict[str, Any]] = {part: {} for part in TokensFile.model_fields}
    reading.read.add("tokens.yaml")
    for index, path in enumerate(reading.files.layers("tokens.yaml")):
        found = reading.layer(TokensFile, path)
        for part, known in parts.items():
            given = getattr(found.value, part) if found.value else {}
            for name in given if index else ():
                if name not in known:
                    message = f"{part}: there is no '{name}'"
                    where = found.yaml.place((part, name))
                    reading.problems.append(
                        misnamed(where, message, name, known, rule="unknown-token")
                    )
            known.update(given)
    colours = [
        {name: (shade.light, shade.dark) for name, shade in parts[part].items()}
        for part in ("papers", "inks", "lines")
    ]
    contents, problems = read_contents(reading.files)
    reading.problems += problems
    reading.read |= set(contents)
    return Theme(
        Palette(*colours),
        contents,
        parts["sizes"],
        {name: tuple(families) for name, families in parts["fonts"].items()},
        {name: path.as_posix() for name, path in reading.files.own.items()},
    )


def _unread(reading: _Reading) -> list[Problem]:
    """Find files of the deck that no output is made with."""
    problems: list[Problem] = []
    for name, path in reading.files.own.items():
        if name in reading.read:
            continue
        if not os.path.exists(path):  # noqa: PTH110  # Path.exists raises where it may not look
            problems += read_file(path)[1]
            continue
        message, hint = "no output is made with this file", suggest(name, reading.files.shipped)
        where = Location(path.as_posix())
        problems.append(Problem(where, message, hint, rule="unused-template"))
    return problems


def _read_kind(slug: str, note_types: Mapping[str, NoteType], reading: _Reading) -> Kind | None:
    found = reading.shape(KindFile, f"notes/{slug}/kind.yaml")
    shape = found.value
    if shape is None:
        return None
    note_type = note_types.get(shape.note_type)
    if note_type is None:
        message = f"unknown note type '{shape.note_type}'"
        where = found.yaml.place(("note_type",))
        reading.problems.append(
            misnamed(where, message, shape.note_type, note_types, rule="unknown-note-type")
        )
        return None
    if (shape.cloze == "yes") != note_type.cloze:
        message = "a cloze kind needs a cloze note type, and only that"
        reading.problems.append(
            Problem(found.yaml.place(("cloze",)), message, rule="cloze-mismatch")
        )
    return Kind(
        slug,
        shape.note_type,
        tuple(shape.sections),
        shape.steps == "yes",
        shape.cloze == "yes",
        shape.compact == "yes",
        shape.flags,
    )


def _read_note_type(slug: str, palette: Palette, reading: _Reading) -> NoteType | None:
    folder = f"note_types/{slug}"
    found = reading.shape(NoteTypeFile, f"{folder}/note_type.yaml")
    shape = found.value
    if shape is None:
        return None
    reading.problems += _check_note_type(shape, found)

    def text(name: str, *, needed: bool = False) -> str:
        return reading.text(f"{folder}/{name}", needed=needed)

    night = colour_properties(palette, dark=True)
    return NoteType(
        slug=slug,
        name=shape.name,
        cloze=shape.cloze == "yes",
        fields=tuple(
            Field(
                entry.key,
                entry.name,
                entry.value,
                put_words(entry.description, reading.words, plain=True),
                entry.collapsed == "yes",
                entry.learner == "yes",
            )
            for entry in shape.fields
        ),
        templates=tuple(
            CardTemplate(
                entry.key,
                entry.name,
                text(f"{entry.key}-front.html", needed=True),
                text(f"{entry.key}-back.html", needed=True),
                text(f"{entry.key}-browser-front.html"),
                text(f"{entry.key}-browser-back.html"),
                entry.when,
            )
            for entry in shape.templates
        ),
        css="\n".join(
            (
                f".card {{ {colour_properties(palette, dark=False)} }}",
                f".card.nightMode, .card.night_mode {{ {night} }}",
                "".join(reading.text(name) for name in ("card.css", "code.css")),
                text("style.css"),
            )
        ),
    )


def _check_note_type(shape: NoteTypeFile, found: ShapedFile[NoteTypeFile]) -> list[Problem]:
    problems: list[Problem] = []
    keys = [entry.key for entry in shape.fields]
    learners = [index for index, entry in enumerate(shape.fields) if entry.learner == "yes"]
    for index in learners:
        if shape.fields[index].value:
            where = found.yaml.place(("fields", index, "value"))
            problems.append(
                Problem(
                    where, "the learner's field cannot be filled by the deck", rule="learner-field"
                )
            )
    for index, later in enumerate(shape.fields):
        if later.learner == "no" and learners and index > learners[0]:
            message = f"the field '{later.name}' comes after the learner's"
            hint = "the update file reaches only the fields before the learner's: put it there"
            where = found.yaml.place(("fields", index))
            problems.append(Problem(where, message, hint, rule="learner-field"))
    for index, entry in enumerate(shape.templates):
        if entry.when and entry.when not in keys:
            where = found.yaml.place(("templates", index, "when"))
            message = f"unknown field '{entry.when}'"
            problems.append(misnamed(where, message, entry.when, keys, rule="unknown-field"))
    for index, entry_ in enumerate(shape.fields):
        where = found.yaml.place(("fields", index, "value"))
        problems += [fault.within(where) for fault in check_syntax(entry_.value)]
    return problems
