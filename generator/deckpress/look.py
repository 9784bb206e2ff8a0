"""The templates folder: kinds of notes and Anki note types, as their files describe them."""

from __future__ import annotations

import re
from importlib import resources
from pathlib import Path
from typing import Any, TypeVar

from deckpress.model import CardTemplate, Field, Kind, NoteType, Palette, Theme
from deckpress.problem import Location, Problem, suggest
from deckpress.schema import KindFile, NoteTypeFile, Shape, TokensFile, validate
from deckpress.source_text import decode_source
from deckpress.template import check_syntax
from deckpress.template_files import TemplateFiles
from deckpress.yaml_text import YamlText, read_yaml

S = TypeVar("S", bound=Shape)


def templates_folder() -> Path:
    """Return the folder of the templates that come with the program.

    In an installed package they lie inside it, in a checkout beside `generator/`.
    """
    inside = Path(str(resources.files("deckpress"))) / "templates"
    return inside if inside.is_dir() else Path(__file__).parents[2] / "templates"


def colour_properties(palette: Palette, *, dark: bool) -> str:
    """Return the colours of one mode as CSS declarations of custom properties."""
    named = {**palette.papers, **palette.inks, **palette.lines}
    return " ".join(f"--{name}: {pair[dark]};" for name, pair in named.items())


def measure_properties(theme: Theme) -> str:
    """Return sizes and fonts as CSS declarations: --size-<name> and --font-<name>."""
    sizes = [f"--size-{name}: {size};" for name, size in theme.sizes.items()]
    # What CSS calls by a word of its own, such as sans-serif, must not be quoted.
    fonts = [
        f"--font-{name}: "
        + ", ".join(f if re.fullmatch(r"-?[a-z-]+", f) else f'"{f}"' for f in families)
        + ";"
        for name, families in theme.fonts.items()
    ]
    return " ".join([*sizes, *fonts])


class Look:
    """Kinds and note types read from a templates folder; `problems` says what is wrong with them.

    `notes/<kind>/kind.yaml` describes a kind, and `style.css` beside it adds to the note type's
    look. `note_types/<type>/` holds `note_type.yaml` and for each template `<key>-front.html`,
    `<key>-back.html` and, for Anki's browser, `<key>-browser-front.html`, `...-back.html`. Shared
    look is `card.css`, of code `code.css`; colours, sizes and fonts are in `tokens.yaml`.
    """

    def __init__(self, folder: Path, own: Path | None = None) -> None:
        """Read a templates folder.

        Args:
            folder: the folder; its files are read once.
            own: the folder of a deck's own templates, which take the place of those of the same
                name; of `tokens.yaml`, what it gives. It need not exist.
        """
        self.problems: list[Problem] = []
        self.kinds: dict[str, Kind] = {}
        self.note_types: dict[str, NoteType] = {}
        self._files = TemplateFiles(folder, own)
        self.theme = self._read_theme()
        styles: dict[str, list[str]] = {}
        for name in self._files.names("note_types/*/note_type.yaml"):
            self._read_note_type(name.split("/")[1])
        for name in self._files.names("notes/*/kind.yaml"):
            self._read_kind(name.split("/")[1], styles)
        for slug, parts in styles.items():
            known = self.note_types[slug]
            css = "\n".join([known.css, *parts])
            self.note_types[slug] = NoteType(
                slug, known.name, known.cloze, known.fields, known.templates, css
            )
        for name, path in self._files.own.items():
            if name.startswith("sheet/"):
                self._text(path)  # for what is no text
        if not self.problems:
            self.problems += [self._unread(name) for name in self._files.unread()]

    def _read_theme(self) -> Theme:
        parts: dict[str, dict[str, Any]] = {part: {} for part in TokensFile.model_fields}
        for index, path in enumerate(self._files.layers("tokens.yaml")):
            shape, read = self._read(TokensFile, path)
            for part, known in parts.items():
                found = getattr(shape, part) if shape else {}
                for name in found if index else ():
                    if name not in known:
                        message, hint = f"{part}: there is no '{name}'", suggest(name, known)
                        self.problems.append(Problem(read.place((part, name)), message, hint))
                known.update(found)
        colours = [
            {name: (shade.light, shade.dark) for name, shade in parts[part].items()}
            for part in ("papers", "inks", "lines")
        ]
        return Theme(
            Palette(*colours),
            self._files.contents(),
            parts["sizes"],
            {name: tuple(families) for name, families in parts["fonts"].items()},
            {name: path.as_posix() for name, path in self._files.own.items()},
        )

    def _unread(self, name: str) -> Problem:
        where = Location(self._files.own[name].as_posix())
        return Problem(
            where, "no output is made with this file", suggest(name, self._files.known())
        )

    def _read_kind(self, slug: str, styles: dict[str, list[str]]) -> None:
        folder = f"notes/{slug}"
        style = self._text(self._files.path(f"{folder}/style.css"))
        shape, read = self._read(KindFile, self._files.path(f"{folder}/kind.yaml"))
        if shape is None:
            return
        note_type = self.note_types.get(shape.note_type)
        if note_type is None:
            message = f"unknown note type '{shape.note_type}'"
            hint = suggest(shape.note_type, self.note_types)
            self.problems.append(Problem(read.place(("note_type",)), message, hint))
            return
        if (shape.cloze == "yes") != note_type.cloze:
            message = "a cloze kind needs a cloze note type, and only that"
            self.problems.append(Problem(read.place(("cloze",)), message))
        self.kinds[slug] = Kind(
            slug,
            shape.note_type,
            tuple(shape.sections),
            shape.steps == "yes",
            shape.cloze == "yes",
            shape.flags,
        )
        styles.setdefault(shape.note_type, []).append(style)

    def _read_note_type(self, slug: str) -> None:
        folder = f"note_types/{slug}"
        shape, read = self._read(NoteTypeFile, self._files.path(f"{folder}/note_type.yaml"))
        if shape is None:
            return

        def text(name: str, *, needed: bool = False) -> str:
            return self._text(self._files.path(f"{folder}/{name}"), needed=needed)

        keys = [entry.key for entry in shape.fields]
        night = colour_properties(self.theme.palette, dark=True)
        for index, entry in enumerate(shape.templates):
            if entry.when and entry.when not in keys:
                where = read.place(("templates", index, "when"))
                message = f"unknown field '{entry.when}'"
                self.problems.append(Problem(where, message, suggest(entry.when, keys)))
        for index, field in enumerate(shape.fields):
            if fault := check_syntax(field.value):
                self.problems.append(Problem(read.place(("fields", index, "value")), fault))
        self.note_types[slug] = NoteType(
            slug=slug,
            name=shape.name,
            cloze=shape.cloze == "yes",
            fields=tuple(Field(e.key, e.name, e.value, e.description) for e in shape.fields),
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
                    f".card {{ {colour_properties(self.theme.palette, dark=False)} }}",
                    f".card.nightMode, .card.night_mode {{ {night} }}",
                    "".join(self._text(self._files.path(n)) for n in ("card.css", "code.css")),
                    text("style.css"),
                )
            ),
        )

    def _read(self, shape: type[S], path: Path) -> tuple[S | None, YamlText]:
        read = read_yaml(self._text(path, needed=True), path.as_posix())
        found, problems = validate(shape, read)
        self.problems += problems
        return found, read

    def _text(self, path: Path, *, needed: bool = False) -> str:
        if not path.is_file():
            if needed:
                self.problems.append(
                    Problem(Location(path.as_posix()), "this template file is missing")
                )
            return ""
        text, problems = decode_source(path.read_bytes(), path.as_posix())
        self.problems += problems
        return text.strip() + "\n"
