"""Text that divides notes by lines and fields by signs: Anki's export, CSV, TSV."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from deckpress.importing.header_row import (
    DECK,
    GUID,
    NOTE_TYPE,
    TAGS,
    counts_rows,
    is_column_name,
    names_columns,
    plain_name,
)
from deckpress.importing.limits import MOST_FIELD, damaged
from deckpress.importing.source import (
    Form,
    Remark,
    Source,
    SourceNote,
    SourceNoteType,
    SourceTemplate,
)

_SEPARATORS = {
    "comma": ",", "semicolon": ";", "tab": "\t", "space": " ", "pipe": "|", "colon": ":"
}  # fmt: skip
_HEADER = re.compile(r"#([\w ]+?):(.*)$")
_EXCEL = re.compile(r'"?sep=(.)"?\r?$')
"""The line by which Excel is told the separator."""

_SAMPLE = 200
"""How many lines the separator is guessed from."""

_DECIMAL = re.compile(r"(?<=\d),(?=\d)")
_TAG = re.compile(r"<(?:br|div|p|b|i|u|img|span|ul|ol|li|sub|sup|pre|code|table|a)\b[^<>]*>|&\w+;")
_HOLE = re.compile(r"\{\{c\d+::")


@dataclass(slots=True)
class _Header:
    """What the lines with # at the top say; columns count from 1, 0 is none.

    `names` is the line that names the columns, `columns` are these names.
    """

    separator: str = ""
    html: bool | None = None
    names: str = ""
    columns: list[str] = field(default_factory=list)
    places: dict[str, int] = field(default_factory=dict)
    fixed: dict[str, str] = field(default_factory=dict)
    lines: int = 0
    skipped: int = 0
    unknown: list[Remark] = field(default_factory=list)


def read_delimited(text: str, path: Path, *, named: bool | None = None) -> Source:
    """Read a text export of Anki, or a table.

    Args:
        text: the file's text. Lines at its top that begin with # say how it is divided; without
            them the first row may name the columns.
        path: its name, for messages and the deck's title.
        named: whether the first row names the columns, if somebody says so.

    Returns:
        The deck; notes without a note type of their own are of one called "Table".

    Raises:
        SourceError: no note can be read.
    """
    header = _read_header(text, path.name)
    top = header.lines + header.skipped
    separator, doubted = header.separator, ""
    if not separator:
        separator, doubted = _guess_separator(text, path, header)
    _take_columns(header, separator)
    rows = list(_read_rows(text, separator, top, path))
    if header.lines:
        kept = []
        lines = text.split("\n")
        for line, row in rows:
            if lines[line - 1].startswith("#"):
                what = f"a line with #, which Anki passes over: {lines[line - 1][:80]}"
                header.unknown.append(Remark(what, f"{path.name}:{line}"))
            else:
                kept.append((line, row))
        rows = kept
    if not rows:
        raise damaged(path, "there is no note in this file", "each line is a note")
    readings: list[Remark] = []
    if doubted:
        what = f"the cells are taken to be separated by '{separator}', as in: {doubted[:60]}"
        at = f"{path.name}:{top + 1}"
        readings.append(Remark(f"{what} (a first line such as sep=, says otherwise)", at))
    if named or (named is None and not header.lines and names_columns([row for _, row in rows])):
        line, row = rows.pop(0)
        _take_names(row, header)
        what = f"the first row names the columns: {', '.join(header.columns)}"
        readings.append(Remark(f"{what} (--no-header makes a note of it)", f"{path.name}:{line}"))
        if not rows:
            hint = "its only row names the columns: with --no-header it is a note"
            raise damaged(path, "there is no note in this file", hint)
    if not header.lines and not header.columns and max(len(row) for _, row in rows) < 2:
        hint = (
            "each line needs a question and an answer, separated by a tab, a comma or a semicolon"
        )
        raise damaged(path, "no line of this file has a separator", hint)
    own = {place - 1: what for what, place in header.places.items() if place > 0}
    notes = [_note(row, f"{path.name}:{line}", own, header) for line, row in rows]
    html = header.html
    if html is None:
        html = any(_TAG.search(value) for _, row in rows[:1000] for value in row)
    form: Form = "html" if html else "plain"
    names = [name for at, name in enumerate(header.columns) if at not in own]
    types = {
        name: _note_type(name, [note for note in notes if note.note_type == name], names)
        for name in dict.fromkeys(note.note_type for note in notes)
    }
    return Source(
        path.stem, tuple(notes), types, {}, form, tuple(header.unknown), readings=tuple(readings)
    )


def _read_header(text: str, name: str) -> _Header:
    header = _Header()
    for line in text.split("\n"):
        told = _EXCEL.match(line) if not header.lines else None
        if told:
            header.separator, header.skipped = told[1], 1
            break
        match = _HEADER.match(line)
        if not match:
            break
        header.lines += 1
        key, value = match[1].strip().lower(), match[2].rstrip("\r")
        words = key.removesuffix(" column")
        if key == "separator":
            header.separator = _SEPARATORS.get(value.strip().lower(), value[:1])
        elif key == "html":
            header.html = value.strip().lower() == "true"
        elif key == "columns":
            header.names = value
        elif key.endswith(" column") and value.strip().isdecimal():
            header.places[words] = int(value)
        elif key in ("deck", "notetype", "tags"):
            header.fixed[key] = value.strip()
        elif key != "if matches":
            what = "a line with #, which Anki passes over"
            header.unknown.append(Remark(f"{what}: {line[:80]}", f"{name}:{header.lines}"))
    return header


def _guess_separator(text: str, path: Path, header: _Header) -> tuple[str, str]:
    """Choose the sign that divides all lines, or most of them, most evenly.

    Returns:
        The sign, and the first line of the table if another sign divides all lines as evenly.
    """
    if path.suffix.lower() == ".tsv":
        return "\t", ""
    top = header.lines + header.skipped
    lines = [line for line in text.split("\n")[top : top + _SAMPLE] if line.strip()]
    lines = [header.names, *lines] if header.names else lines
    signs = "\t,;|" if path.suffix.lower() == ".csv" else "\t;,|"
    fits = {sign: _fit(lines, sign) for sign in signs}
    if any(fits[sign].even for sign in signs if sign != ",") and _are_decimal(lines):
        signs = signs.replace(",", "")
    best = max(signs, key=fits.__getitem__)
    # Words have no tabs in them, so a tab leaves no doubt.
    rivals = [sign for sign in signs if sign != best and fits[sign].even and not fits[sign].names]
    doubtful = best != "\t" and fits[best].even and not fits[best].names and rivals
    return best, lines[0] if doubtful else ""


def _are_decimal(lines: list[str]) -> bool:
    """Say whether each comma stands within a number, as in most of Europe."""
    commas = sum(line.count(",") for line in lines)
    return commas > 0 and commas == sum(len(_DECIMAL.findall(line)) for line in lines)


class _Fit(NamedTuple):
    """How well a sign divides lines, what says most first.

    `names` counts the usual names of columns that it divides the first line into; `even` says that
    all rows have the same number of fields, at least two; `usual` counts the rows with the usual
    number, `divided` those that it divides at all, `close` says that no blank follows it, as one
    does within a sentence.
    """

    names: int
    even: bool
    usual: int
    divided: int
    close: bool


def _fit(lines: list[str], sign: str) -> _Fit:
    try:
        rows = [row for row in csv.reader((f"{x}\n" for x in lines), delimiter=sign) if row]
    except csv.Error:
        rows = [line.split(sign) for line in lines]
    widths = [len(row) for row in rows]
    # The sample may end within a cell of several lines.
    full = widths[:-1] if len(lines) >= _SAMPLE else widths
    divided = [width for width in widths if width > 1]
    if not divided:
        return _Fit(0, False, 0, 0, False)
    names = sum(is_column_name(cell) for cell in rows[0])
    return _Fit(
        names if names > 1 else 0,
        len({*full}) == 1 and full[0] > 1,
        Counter(divided).most_common(1)[0][1],
        len(divided),
        not any(cell.startswith(" ") for row in rows for cell in row[1:]),
    )


def _read_rows(text: str, separator: str, skip: int, path: Path) -> Iterator[tuple[int, list[str]]]:
    lines = text.split("\n")[skip:]
    csv.field_size_limit(MOST_FIELD)
    reader = csv.reader((f"{line}\n" for line in lines), delimiter=separator)
    line = skip + 1
    try:
        for row in reader:
            values = [value.replace("\r", "").strip("\n") for value in row]
            if any(value.strip() for value in values) and not values[0].startswith("#!"):
                yield line, values
            line = skip + reader.line_num + 1
    except csv.Error as error:
        raise damaged(
            path, f"line {line} cannot be read: {error}", "look for an unmatched quote"
        ) from error


def _take_columns(header: _Header, separator: str) -> None:
    """Take the names of the columns from the line that Anki has for them."""
    if header.names:
        _take_names(next(csv.reader([header.names], delimiter=separator)), header)


def _take_names(row: list[str], header: _Header) -> None:
    header.columns = []
    for at, value in enumerate(row, 1):
        name = " ".join(value.split()) or f"Column {at}"
        while name in header.columns:
            name += "+"
        header.columns.append(name)
    roles = (("tags", TAGS), ("deck", DECK), ("guid", GUID), ("notetype", NOTE_TYPE))
    for what, words in roles:
        if what in header.places:
            continue
        taken = header.places.values()
        at = next(
            (at for at, name in enumerate(row, 1) if plain_name(name) in words and at not in taken),
            0,
        )
        if at:
            header.places[what] = at


def _note(row: list[str], place: str, own: dict[int, str], header: _Header) -> SourceNote:
    told = dict(header.fixed)
    fields: list[str] = []
    for at, value in enumerate(row):
        if at in own:
            told[own[at]] = value.strip()
        else:
            fields.append(value)
    if "tags" in header.fixed:
        told["tags"] = f"{header.fixed['tags']} {told['tags']}".strip()
    deck = told.get("deck", "")
    holed = any(map(_HOLE.search, fields))
    return SourceNote(
        guid=told.get("guid", ""),
        note_type=told.get("notetype") or ("Cloze table" if holed else "Table"),
        fields=tuple(fields),
        tags=tuple(re.split(r"[\s,;]+", told["tags"])) if told.get("tags") else (),
        deck=deck,
        decks=(deck,) if deck else (),
        place=place,
    )


def _note_type(name: str, notes: list[SourceNote], names: list[str]) -> SourceNoteType:
    width = max(len(note.fields) for note in notes)
    columns = [[n.fields[at] for n in notes if at < len(n.fields)] for at in range(width)]
    holed = [at for at, values in enumerate(columns) if any(map(_HOLE.search, values))]
    usual = ["Text", "Back Extra"] if holed else ["Front", "Back"]
    if width > 2 and not holed and counts_rows("", columns[0]):
        usual = ["Number", *usual]
    fields = names or usual
    fields = [*fields, *(f"Field {at}" for at in range(len(fields) + 1, width + 1))]
    fields = fields[: max(width, len(names))]
    # A template says which of the fields has the holes.
    cloze = (SourceTemplate("Cloze", f"{{{{cloze:{fields[holed[0]]}}}}}", ""),) if holed else ()
    return SourceNoteType(name, tuple(fields), cloze, cloze=bool(holed))
