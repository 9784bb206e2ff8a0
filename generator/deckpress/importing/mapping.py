"""Which field of a foreign note type becomes which part of a card: guessed, given, or asked for."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from deckpress.importing.header_row import BACK, COUNTING, FRONT, counts_rows
from deckpress.importing.source import SourceNote, SourceNoteType
from deckpress.schema.from_file import read_shape
from deckpress.schema.import_map import ImportMapFile
from deckpress.text.problem import Location, Problem, SourceError
from deckpress.text.suggestions import suggest
from deckpress.text.yaml import YamlText

KINDS = ("basic", "reversed", "cloze", "coding", "design")

_FIELD = re.compile(r"\{\{([^{}#^/!][^{}]*)\}\}")
_SPECIAL = {"frontside", "tags", "type", "deck", "subdeck", "card", "cardflag"}
_SECTIONS = {
    "hint": "## Hint", "hints": "## Hint", "pitfalls": "## Pitfalls", "follow-ups": "## Follow-ups",
    "followups": "## Follow-ups",
}  # fmt: skip
_ANSWERS = BACK | {
    "answers", "meanings", "definitions", "english", "maindefinition", "main definition",
}  # fmt: skip
_EXTRA = {"extra", "back extra", "notes", "note", "remarks", "details", "explanation"}
_USUAL = (
    {"Front": "question", "Back": "answer"},
    {"Front": "question", "Back": "answer", "Add Reverse": "reverse"},
    {"Text": "text", "Back Extra": "details"},
    {"Text": "text", "Extra": "details"},
    {"Text": "text"},
)
"""Note types that every Anki has; there is nothing to ask about them."""


@dataclass(frozen=True, slots=True)
class NoteTypeMap:
    """What becomes of the notes of a note type: kind, and the part of each field by its name."""

    name: str
    kind: str
    fields: Mapping[str, str]

    @property
    def usual(self) -> bool:
        """Whether there is nothing to ask about it."""
        return dict(self.fields) in _USUAL


def shown_fields(template: str, *, front: bool = False) -> list[str]:
    """Return the names of the fields that a template shows, in order, each once.

    Args:
        template: the HTML of a side.
        front: whether it is the front, where what is typed or called up is not to be seen.

    Returns:
        The names.
    """
    names: list[str] = []
    for match in _FIELD.finditer(template):
        *filters, name = (piece.strip() for piece in match[1].split(":"))
        if name.lower() not in _SPECIAL and not (front and {"type", "hint"} & {*filters}):
            names.append(name)
    return list(dict.fromkeys(names))


def _resolve(template: str, filled: Collection[str]) -> str:
    """Leave out of a template what most notes do not show."""
    pattern = re.compile(r"\{\{([#^])\s*([^{}]+?)\s*\}\}(.*?)\{\{/\s*\2\s*\}\}", re.DOTALL)
    for _ in range(10):
        template, number = pattern.subn(
            lambda m: m[3] if (m[2] in filled) == (m[1] == "#") else "", template
        )
        if not number:
            break
    return template


def guess_map(note_type: SourceNoteType, notes: Sequence[SourceNote] = ()) -> NoteTypeMap:
    """Guess from its templates what the fields of a note type are.

    What the first card shows in front is the question and more of it; what its back adds is the
    answer and sections of the fields' names. What no card shows is left out.

    Args:
        note_type: the note type.
        notes: its notes; what only few of them fill does not count as shown.

    Returns:
        The map.
    """
    if not note_type.templates and not note_type.cloze:
        return _guess_table(note_type, notes)
    front, back = _sides(note_type, notes)
    if note_type.cloze:
        return NoteTypeMap(note_type.name, "cloze", _guess_cloze(note_type, front, back))
    front = front or list(note_type.fields[:1])
    back = [name for name in back if name not in front]
    parts: dict[str, str] = {}
    for name in front:
        own = _SECTIONS.get(name.casefold())
        parts[name] = own or ("front" if "question" in parts.values() else "question")
    called = _called_up(note_type)
    for name in back:
        own = _SECTIONS.get(name.casefold()) or ("## Hint" if name in called else "")
        parts[name] = own or (f"## {name}" if "answer" in parts.values() else "answer")
    kind = "reversed" if _is_reversed(note_type, parts) else "basic"
    switch = _switch(note_type) if kind == "reversed" else ""
    fields = {
        name: parts.get(name, "reverse" if name == switch else "skip") for name in note_type.fields
    }
    return NoteTypeMap(note_type.name, kind, fields)


def _guess_table(note_type: SourceNoteType, notes: Sequence[SourceNote]) -> NoteTypeMap:
    """Guess what the columns of a table are: by their names, and by what they hold."""
    names = note_type.fields
    asked = [
        name
        for at, name in enumerate(names)
        if not counts_rows(name, [note.fields[at] for note in notes if at < len(note.fields)])
    ]
    plain = {name: name.casefold().rstrip(".:") for name in names}
    question = next(
        (name for name in names if plain[name] in FRONT), next(iter(asked), next(iter(names)))
    )
    rest = [name for name in names if name != question]
    answer = next(
        (name for name in rest if plain[name] in _ANSWERS),
        next((name for name in rest if name in asked), next(iter(rest), "")),
    )
    parts = {question: "question", answer: "answer"}
    fields = {
        name: parts.get(name)
        or _SECTIONS.get(plain[name])
        or ("skip" if plain[name] in COUNTING else f"## {name}")
        for name in names
    }
    return NoteTypeMap(note_type.name, "basic", fields)


def _sides(note_type: SourceNoteType, notes: Sequence[SourceNote]) -> tuple[list[str], list[str]]:
    if not note_type.templates:
        return [], []
    first = note_type.templates[0]
    fields = note_type.fields
    counts = [
        sum(bool(n.fields[at : at + 1] and n.fields[at].strip()) for n in notes)
        for at in range(len(fields))
    ]
    filled = {name for name, count in zip(fields, counts, strict=True) if 2 * count >= len(notes)}
    front, back = (
        [name for name in shown_fields(_resolve(side, filled), front=on_front) if name in fields]
        for side, on_front in ((first.front, True), (first.back, False))
    )
    # What only few notes fill still belongs somewhere.
    back += [name for name in shown_fields(first.front + first.back) if name in fields]
    back = list(dict.fromkeys(back))
    likely = next((name for name in back if name not in front and name.casefold() in _ANSWERS), "")
    return front, [likely, *(name for name in back if name != likely)] if likely else back


def _called_up(note_type: SourceNoteType) -> set[str]:
    """Return the fields that the front shows only to those who ask for them."""
    front = note_type.templates[0].front if note_type.templates else ""
    hidden = {name.strip() for name in re.findall(r"\{\{(?:[^{}:]*:)*hint:([^{}:]+)\}\}", front)}
    return hidden - set(shown_fields(front, front=True))


def _guess_cloze(note_type: SourceNoteType, front: list[str], back: list[str]) -> dict[str, str]:
    templates = "".join(template.front for template in note_type.templates)
    holed = [
        name
        for name in note_type.fields
        if re.search(rf"\{{\{{[^{{}}]*cloze:(?:[^{{}}]*:)?\s*{re.escape(name)}\s*\}}\}}", templates)
    ]
    holed = holed or list(note_type.fields[:1])
    parts = dict.fromkeys(holed, "text")
    whole = any(template.back for template in note_type.templates)
    for name in [*front, *back, *(() if whole else note_type.fields)]:
        if name in parts:
            continue
        usual = "details" if name.casefold() in _EXTRA else f"## {name}"
        above = name in front and "question" not in parts.values()
        parts[name] = _SECTIONS.get(name.casefold()) or ("question" if above else usual)
    return {name: parts.get(name, "skip") for name in note_type.fields}


def _is_reversed(note_type: SourceNoteType, parts: Mapping[str, str]) -> bool:
    """Say whether the second card asks for the question from the answer."""
    if len(note_type.templates) < 2:
        return False
    shown = [name for name in shown_fields(note_type.templates[1].front) if name in parts]
    return bool(shown) and parts[shown[0]] == "answer"


def _switch(note_type: SourceNoteType) -> str:
    """Return the field that must be filled for the second card."""
    match = re.match(r"\s*\{\{#([^{}]+)\}\}", note_type.templates[1].front)
    name = match[1].strip() if match else ""
    shown = {field for template in note_type.templates for field in shown_fields(template.front)}
    return name if name in note_type.fields and name not in shown else ""


@dataclass(frozen=True, slots=True)
class GivenMap:
    """What somebody's `import.yaml` says: the maps by the name of their note type, and its YAML."""

    maps: Mapping[str, NoteTypeMap]
    yaml: YamlText

    def place(self, name: str, *key: str) -> Location:
        """Return the place of the map of a note type, or of something in it."""
        return self.yaml.place(("note_types", [*self.maps].index(name), *key))


def read_map(path: Path) -> GivenMap:
    """Read a map that somebody gives.

    Args:
        path: the file, of the shape of `import.yaml`.

    Returns:
        The maps.

    Raises:
        SourceError: something is wrong in it.
    """
    found = read_shape(ImportMapFile, path)
    if found.value is None:
        raise SourceError(found.problems)
    problems = list(found.problems)
    maps: dict[str, NoteTypeMap] = {}
    for index, entry in enumerate(found.value.note_types):
        where = found.yaml.place(("note_types", index))
        if entry.name in maps:
            place = found.yaml.place(("note_types", index, "name"))
            message, hint = f"the note type '{entry.name}' has two maps", "leave one out"
            problems.append(Problem(place, message, hint, rule="import-map"))
        maps[entry.name] = NoteTypeMap(entry.name, entry.kind, entry.fields)
        if entry.kind not in KINDS:
            place = found.yaml.place(("note_types", index, "kind"))
            problems.append(
                Problem(
                    place,
                    f"unknown kind '{entry.kind}'",
                    suggest(entry.kind, KINDS),
                    rule="import-map",
                )
            )
        problems += _check_parts(maps[entry.name], where)
    if problems:
        raise SourceError(problems)
    return GivenMap(maps, found.yaml)


def _check_parts(mapped: NoteTypeMap, where: Location) -> list[Problem]:
    parts = set(mapped.fields.values())
    needed = "text" if mapped.kind == "cloze" else "question"
    if needed not in parts:
        hint = f"one of its fields must be the {needed}"
        return [Problem(where, f"'{mapped.name}' has no {needed}", hint, rule="import-map")]
    return []


def check_map(given: GivenMap, note_types: Iterable[SourceNoteType]) -> list[Problem]:
    """Hold a map against the note types of the notes to import.

    Args:
        given: the map.
        note_types: the note types that a map is for.

    Returns:
        Fields that a note type does not have, or that its map leaves open; and, if a note type has
        no map, the maps that belong to none: one of these is probably meant for it.
    """
    found = {note_type.name: note_type for note_type in note_types}
    problems: list[Problem] = []
    for name in found.keys() & given.maps.keys():
        problems += _check_fields(given, name, found[name].fields)
    open_types = found.keys() - given.maps.keys()
    for name in given.maps if open_types else ():
        if name not in found:
            message = f"no note to import has the note type '{name}'"
            hint = suggest(name, open_types)
            problems.append(Problem(given.place(name, "name"), message, hint, rule="import-map"))
    return sorted(problems, key=lambda problem: problem.where)


def _check_fields(given: GivenMap, name: str, fields: Sequence[str]) -> Iterator[Problem]:
    mapped = given.maps[name].fields
    for field in mapped:
        if field not in fields:
            where, hint = given.place(name, "fields", field), suggest(field, fields)
            yield Problem(where, f"'{name}' has no field '{field}'", hint, rule="import-map")
    for field in fields:
        if field not in mapped:
            where, hint = (
                given.place(name, "fields"),
                f"write {_quoted(field)}: skip to leave it out",
            )
            message = f"the map does not mention '{field}' of '{name}'"
            yield Problem(where, message, hint, rule="import-map")


def write_map(maps: Iterable[NoteTypeMap]) -> str:
    """Write maps as YAML, which `--map` reads again."""
    lines = [
        "# How each note type was imported. To change it, edit this file and import again with "
        "--map.",
        "# A field is the question, front (more of it), text (with holes), answer, details, tags,",
        "# reverse (filled: a second card), a section ('## Title'), or is left out (skip).",
        "note_types:",
    ]
    for mapped in maps:
        lines += [f"  - name: {_quoted(mapped.name)}", f"    kind: {mapped.kind}", "    fields:"]
        lines += [f"      {_quoted(name)}: {_quoted(part)}" for name, part in mapped.fields.items()]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return (
        text if re.fullmatch(r"[A-Za-z][A-Za-z ]*", text) else json.dumps(text, ensure_ascii=False)
    )
