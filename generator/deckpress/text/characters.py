"""Characters that can stand in no card, however they are written, or that nobody sees."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # who only prints needs no problem
    from deckpress.text.problem import Problem

FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ue000-\uf8ff\ufeff\ufffe\uffff]"
)
"""Control characters (Anki separates fields by U+001F), halves of a pair, which no encoding holds,
private-use ones, which mark places while a note is written, and the byte-order mark, which no PDF
may hold."""

MOST_MARKS = 100
"""How many marks a letter may have: to put very many in order takes Python for ever."""

# Marks are no letters, and none comes before them; what else is found here is looked at.
_SIGNS = re.compile(rf"[^\w\s\x00-\u02ff]{{{MOST_MARKS + 1},}}")

_MOST_TOLD = 100

_COMMANDS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
"""What a terminal may take for a command: control characters but for tabs and line breaks."""


def show_plainly(text: str) -> str:
    """Write the control characters of a text as Python does, so that a terminal only shows them."""
    if text.isprintable():
        return text
    return _COMMANDS.sub(lambda match: f"\\x{ord(match[0]):02x}", text)


def composed(text: str) -> str:
    """Return a text in the form in which files are read: what Unicode composes is one character."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def heaped_marks(text: str) -> list[tuple[int, int]]:
    """Find marks that are heaped on one letter, such as accents: beyond those that it may have.

    Args:
        text: a text that was not composed yet.

    Returns:
        The first and the last offset of those that are too many, heap by heap.
    """
    found: list[tuple[int, int]] = []
    for run in _SIGNS.finditer(text) if not text.isascii() else ():
        start = run.start()
        for at in range(run.start(), run.end() + 1):
            if at < run.end() and unicodedata.combining(text[at]):
                continue
            if at - start > MOST_MARKS:
                found.append((start + MOST_MARKS, at))
            start = at + 1
    return found


def find_forbidden(text: str, hint: str = "delete it; it may be invisible") -> list[Problem]:
    """Find the characters that no card may hold, each at its place in the text.

    Of very many the first hundred are told one by one, and the last tells how many more there are.
    """
    found: list[Problem] = []
    # What is forbidden counts as no printable character.
    if text.replace("\n", "").isprintable():
        return found
    from dataclasses import replace

    from deckpress.text.problem import Location, Problem, replacing

    line, start, at, more = 1, 0, 0, 0
    for match in FORBIDDEN.finditer(text):
        if len(found) == _MOST_TOLD:
            more += 1
            continue
        breaks = text.count("\n", at, match.start())
        if breaks:
            line, start = line + breaks, text.rfind("\n", at, match.start()) + 1
        at = match.start()
        where = Location("", line, at - start + 1)
        message = f"the character U+{ord(match[0]):04X} is not allowed in a card"
        meant = _meant(match[0])
        fix = replacing(match[0], meant)
        said = f"write {meant}" if meant else hint
        found.append(Problem(where, message, said, rule="forbidden-character", fixes=(fix,)))
    if more:
        last = found[-1]
        found[-1] = replace(last, message=f"{last.message}, and neither are {more:,} more after it")
    return found


def _meant(character: str) -> str:
    """Say what was probably meant: Windows' own encoding read as if it were Latin-1."""
    if not "\x80" <= character <= "\x9f":
        return ""
    meant = character.encode("latin-1").decode("cp1252", errors="ignore")
    return meant if meant.isprintable() else ""


def strings_in(value: object) -> Iterator[str]:
    """Yield every string in lists and mappings, the keys of mappings included."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from strings_in(key)
            yield from strings_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from strings_in(inner)


def is_blank(text: str) -> bool:
    """Say whether nothing of a text can be seen: spaces of any kind, marks without width."""
    return all(unicodedata.category(character)[0] in "ZC" for character in text)


_AFTER_SECTION = re.compile(r"(?<=§) (?=[0-9IVXivx])")
_IN_FRENCH = re.compile(r" (?=[;:?!»](?:[\s)\]\"”»,.]|$))|(?<=«) ")


def tie_signs(text: str, language: str) -> str:
    """Return a text in which no line ends between a sign and what it belongs to.

    Args:
        text: the text.
        language: the tag of its language.

    Returns:
        The text, with spaces that do not break after §, and in French beside its own signs.
    """
    if "§" in text:
        text = _AFTER_SECTION.sub("\u00a0", text)
    return _IN_FRENCH.sub("\u00a0", text) if language.partition("-")[0] == "fr" else text
