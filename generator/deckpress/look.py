"""The templates folder: kinds of notes and Anki note types, as their files describe them."""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import TypeVar

from deckpress.model import CardTemplate, Field, Kind, NoteType, Palette, Theme
from deckpress.problem import Location, Problem, suggest
from deckpress.schema import KindFile, NoteTypeFile, Shape, TokensFile, validate
from deckpress.source_text import decode_source
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


def _read_files(folder: Path) -> dict[str, bytes]:
    paths = sorted(path for part in ("sheet", "fonts") for path in (folder / part).glob("*"))
    paths += [path for path in [folder / "code.css"] if path.is_file()]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


class Look:
    """Kinds and note types read from a templates folder; `problems` says what is wrong with them.

    `notes/<kind>/kind.yaml` describes a kind, and `style.css` beside it adds to the note type's
    look. `note_types/<type>/` holds `note_type.yaml` and for each template `<key>-front.html`,
    `<key>-back.html` and, for Anki's browser, `<key>-browser-front.html`, `...-back.html`. Shared
    look is `card.css`, of code `code.css`; colours are in `tokens.yaml`.
    """

    def __init__(self, folder: Path) -> None:
        """Read a templates folder.

        Args:
            folder: the folder; its files are read once.
        """
        self.problems: list[Problem] = []
        self.kinds: dict[str, Kind] = {}
        self.note_types: dict[str, NoteType] = {}
        self._folder = folder
        self.theme = Theme(self._read_palette(folder / "tokens.yaml"), _read_files(folder))
        styles: dict[str, list[str]] = {}
        for path in sorted(folder.glob("note_types/*/note_type.yaml")):
            self._read_note_type(path)
        for path in sorted(folder.glob("notes/*/kind.yaml")):
            self._read_kind(path, styles)
        for slug, parts in styles.items():
            known = self.note_types[slug]
            css = "\n".join([known.css, *parts])
            self.note_types[slug] = NoteType(
                slug, known.name, known.cloze, known.fields, known.templates, css
            )

    def _read_palette(self, path: Path) -> Palette:
        shape, _ = self._read(TokensFile, path)
        if shape is None:
            return Palette()
        papers, inks, lines = (
            {name: (shade.light, shade.dark) for name, shade in part.items()}
            for part in (shape.papers, shape.inks, shape.lines)
        )
        return Palette(papers, inks, lines)

    def _read_kind(self, path: Path, styles: dict[str, list[str]]) -> None:
        shape, read = self._read(KindFile, path)
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
        self.kinds[path.parent.name] = Kind(
            path.parent.name,
            shape.note_type,
            tuple(shape.sections),
            shape.steps == "yes",
            shape.cloze == "yes",
            shape.flags,
        )
        styles.setdefault(shape.note_type, []).append(self._text(path.parent / "style.css"))

    def _read_note_type(self, path: Path) -> None:
        shape, read = self._read(NoteTypeFile, path)
        if shape is None:
            return
        keys = [entry.key for entry in shape.fields]
        night = colour_properties(self.theme.palette, dark=True)
        for index, entry in enumerate(shape.templates):
            if entry.when and entry.when not in keys:
                where = read.place(("templates", index, "when"))
                message = f"unknown field '{entry.when}'"
                self.problems.append(Problem(where, message, suggest(entry.when, keys)))
        self.note_types[path.parent.name] = NoteType(
            slug=path.parent.name,
            name=shape.name,
            cloze=shape.cloze == "yes",
            fields=tuple(Field(e.key, e.name, e.value, e.description) for e in shape.fields),
            templates=tuple(
                CardTemplate(
                    entry.key,
                    entry.name,
                    self._text(path.parent / f"{entry.key}-front.html", needed=True),
                    self._text(path.parent / f"{entry.key}-back.html", needed=True),
                    self._text(path.parent / f"{entry.key}-browser-front.html"),
                    self._text(path.parent / f"{entry.key}-browser-back.html"),
                    entry.when,
                )
                for entry in shape.templates
            ),
            css="\n".join(
                (
                    f".card {{ {colour_properties(self.theme.palette, dark=False)} }}",
                    f".card.nightMode, .card.night_mode {{ {night} }}",
                    self._text(self._folder / "card.css") + self._text(self._folder / "code.css"),
                    self._text(path.parent / "style.css"),
                )
            ),
        )

    def _read(self, shape: type[S], path: Path) -> tuple[S | None, YamlText]:
        read = read_yaml(self._text(path, needed=True), str(path))
        found, problems = validate(shape, read)
        self.problems += problems
        return found, read

    def _text(self, path: Path, *, needed: bool = False) -> str:
        if not path.is_file():
            if needed:
                self.problems.append(Problem(Location(str(path)), "this template file is missing"))
            return ""
        text, problems = decode_source(path.read_bytes(), str(path))
        self.problems += problems
        return text.strip() + "\n"
