"""Fonts that a deck names for the characters that the program's own fonts lack."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path, PurePosixPath

from deckpress.markup.typesetter import (
    FONT_ENDINGS,
    find_installed,
    font_families,
    installed_families,
)
from deckpress.model.templates import Theme
from deckpress.text.files import read_file
from deckpress.text.problem import Location, Problem
from deckpress.text.suggestions import suggest

MOST_FONT = 100_000_000
"""The largest font file that is read; those of all of Chinese, Japanese and Korean have 20 MB."""

_PLACES = {"print-text": 1, "print-code": 3}
"""Where they stand in the lists of the theme: in text before the fonts inside Typst, whose letters
of other scripts are few and plain; in code behind all, which have the letters of one width."""


def add_fonts(
    theme: Theme, named: Mapping[str, Location], root: Path
) -> tuple[Theme, list[Problem]]:
    """Put fonts behind those of the theme, for what is set on paper.

    Args:
        theme: the theme.
        named: the fonts as `deck.yaml` names them, each with its place: a file, relative to the
            deck's folder, or the family of fonts that are installed on this machine.
        root: the deck's folder.

    Returns:
        The theme with the fonts, and what is wrong with them.
    """
    files: dict[str, bytes] = {}
    families: dict[str, None] = {}
    problems: list[Problem] = []
    for index, (name, where) in enumerate(named.items()):
        found, paths, fault = _find(name, root)
        if fault:
            problems.append(Problem(where, *fault, rule="missing-font"))
            continue
        for path in paths:
            data, faults = read_file(path, most=MOST_FONT)
            problems += faults
            files[f"fonts/deck-{index}-{path.name}"] = data
            if not found and not faults:
                added = font_families(path.name, data) if _is_whole(data) else []
                families |= dict.fromkeys(added)
                if not added:
                    message = f"the font '{name}' cannot be read"
                    problems.append(Problem(where, message, rule="missing-font"))
        families |= dict.fromkeys([found] if found else [])
    if not files:
        return theme, problems
    fonts = dict(theme.fonts)
    for name, place in _PLACES.items():
        listed = fonts[name]
        more = tuple(family for family in families if family not in listed)
        fonts[name] = (*listed[:place], *more, *listed[place:])
    return replace(theme, files={**theme.files, **files}, fonts=fonts), problems


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:
        return False  # a name that no disk can have


def _is_whole(data: bytes) -> bool:
    """Say whether the tables of a font file lie in it, and that of its characters is one.

    Typst looks for a billion fonts in a collection that says it has them, and sets text in a font
    that has no list of characters.
    """
    try:
        return all(_has_tables(data, start) for start in _starts(data))
    except struct.error:
        return False


def _starts(data: bytes) -> tuple[int, ...]:
    if data[:4] != b"ttcf":
        return (0,)
    (count,) = struct.unpack_from(">I", data, 8)
    if not 0 < count <= len(data) // 12:
        return (len(data),)
    return struct.unpack_from(f">{count}I", data, 12)


def _has_tables(data: bytes, start: int) -> bool:
    (count,) = struct.unpack_from(">H", data, start + 4)
    entries = [struct.unpack_from(">4s4xII", data, start + 12 + 16 * n) for n in range(count)]
    if any(at + length > len(data) for _, at, length in entries):
        return False
    places = {tag: (at, length) for tag, at, length in entries}
    at, length = places.get(b"cmap", (0, 0))
    if length < 4:
        return False
    (lists,) = struct.unpack_from(">H", data, at + 2)
    offsets = [struct.unpack_from(">4xI", data, at + 4 + 8 * n)[0] for n in range(lists)]
    return bool(offsets) and all(4 + 8 * lists <= offset < length for offset in offsets)


def _find(name: str, root: Path) -> tuple[str, list[Path], tuple[str, str] | None]:
    """Find a font: its family if it is installed, its files, and else what is wrong."""
    if name.lower().endswith(FONT_ENDINGS):
        path = PurePosixPath(name)
        if path.is_absolute() or ".." in path.parts:
            hint = "put it beside deck.yaml, or name an installed font by its family"
            return "", [], (f"the font '{name}' is outside the deck's folder", hint)
        if not _is_file(root / path):
            near = [
                file.relative_to(root).as_posix()
                for ending in FONT_ENDINGS
                for file in sorted(root.rglob(f"*{ending}"))
            ]
            return "", [], (f"there is no font file '{name}'", suggest(name, near))
        if not (root / path).resolve().is_relative_to(root.resolve()):
            hint = "copy it into the folder"
            return "", [], (f"the font '{name}' is a link out of the deck's folder", hint)
        return "", [root / path], None
    family, paths = find_installed(name)
    if paths:
        return family, paths, None
    hint = suggest(name, installed_families())
    hint = hint or "install it, or put its file beside deck.yaml and name the file"
    return "", [], (f"no font of the family '{name}' is installed on this machine", hint)
