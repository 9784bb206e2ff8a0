"""The text of a source file: read, decoded, freed of what no target can hold, divided."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from deckpress.text.characters import FORBIDDEN, MOST_MARKS, find_forbidden, heaped_marks
from deckpress.text.files import MOST_BYTES, read_file
from deckpress.text.problem import Edit, Fix, Location, Problem

_MOST_HEAPS = 100
"""How many letters with too many marks are told."""

_FENCE = re.compile(r"---[ \t]*$", re.MULTILINE)
_END = re.compile(r"^(?:---|\.\.\.)[ \t]*$", re.MULTILINE)
CONFLICT_MARKER = re.compile(r"^(<<<<<<<|\|\|\|\|\|\|\||=======|>>>>>>>)(?: .*)?$", re.MULTILINE)
"""A line by which git divides what it could not merge."""

_ENTRY = re.compile(r"[\w-]+:(?: |$)|[ \t]+\S|- ")


@dataclass(frozen=True, slots=True)
class SourceText:
    """A decoded file.

    `front_matter` begins on line 2 of the file; `body` has as many empty lines in its place, so
    that every line keeps its number.
    """

    front_matter: str
    body: str
    problems: tuple[Problem, ...] = ()


def decode_source(data: bytes, path: str) -> tuple[str, tuple[Problem, ...]]:
    """Decode a source file.

    Args:
        data: the file's bytes: UTF-8, with or without a byte-order mark, any line ends.
        path: the file's name, for the places.

    Returns:
        The text in Unicode's composed form (Anki composes it anyway), and what is wrong with it.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        column = error.start - before.rfind(b"\n")
        where = Location(path, before.count(b"\n") + 1, column)
        return "", (Problem(where, "this is not UTF-8", "save the file as UTF-8", rule="not-utf8"),)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    heaps = heaped_marks(text)
    heaped = tuple(_heaped(text, start, path) for start, _ in heaps[:_MOST_HEAPS])
    for start, end in reversed(heaps[:_MOST_HEAPS]):
        text = text[:start] + text[end:]
    if len(heaps) > _MOST_HEAPS:
        return "", heaped  # the rest could not be put in order either
    text = unicodedata.normalize("NFC", text)
    problems = tuple(fault.within(Location(path)) for fault in find_forbidden(text))
    return FORBIDDEN.sub("", text) if problems else text, heaped + problems


def _heaped(text: str, start: int, path: str) -> Problem:
    message = f"a letter has more than {MOST_MARKS} accents or other marks"
    before = text.rfind("\n", 0, start) + 1
    where = Location(path, text.count("\n", 0, start) + 1, start - before - MOST_MARKS + 1)
    return Problem(where, message, "delete most of them", rule="forbidden-character")


def refuse_conflicts(
    text: str, problems: tuple[Problem, ...], path: str
) -> tuple[str, tuple[Problem, ...]]:
    """Find what git could not merge: nothing else in such a text means what it says.

    Args:
        text: a decoded file of the sources, other than the ledger, which a build merges.
        problems: what is wrong with it so far.
        path: the file's name, for the places.

    Returns:
        The text, which is empty when git's markers are in it, and what is wrong.
    """
    if "<<<<<<<" not in text:
        return text, problems
    found: list[Problem] = []
    opened, seen = 0, ""
    for marker in CONFLICT_MARKER.finditer(text):
        sign = marker[1][0]
        seen = sign if sign == "<" else (seen + sign)[:4]
        if sign == "<":
            opened = marker.start()
        elif seen in ("<=>", "<|=>"):
            hint = (
                "write what is right, and delete the lines <<<<<<<, ======= and >>>>>>>; "
                "if they are an example, indent them"
            )
            where = Location(path, text.count("\n", 0, opened) + 1)
            message = "git could not merge the lines from here on"
            found.append(Problem(where, message, hint, rule="unfinished-merge"))
    return ("", (*problems, *found)) if found else (text, problems)


def read_text(path: Path, *, most: int = MOST_BYTES) -> tuple[str, tuple[Problem, ...]]:
    """Read and decode a file of the sources.

    Args:
        path: the file.
        most: the largest size, in bytes.

    Returns:
        Its text, and what is wrong; the text is empty when the file cannot be read.
    """
    data, lacks = read_file(path, most=most)
    if lacks:
        return "", lacks
    return decode_source(data, path.as_posix())


def _closing(text: str) -> Edit:
    """Put the missing dashes below the last line that can be front matter."""
    lines = text.split("\n")
    last = 0
    while last + 1 < len(lines) and _ENTRY.match(lines[last + 1]):
        last += 1
    return Edit("", "\n---", below=last)


def divide_source(text: str, path: str) -> SourceText:
    """Divide a card file into front matter and body.

    Args:
        text: the decoded file.
        path: the file's name, for the places.

    Returns:
        Both parts; the front matter is empty when the file has none.
    """
    opening = _FENCE.match(text)
    if not opening:
        return SourceText("", text)
    ending = _END.search(text, opening.end() + 1)
    if not ending:
        hint = "close it with a line of three dashes"
        return SourceText(
            "",
            "",
            (
                Problem(
                    Location(path),
                    "the front matter is never closed",
                    hint,
                    rule="unclosed-front-matter",
                    fixes=(Fix("close it with ---", (_closing(text),)),),
                ),
            ),
        )
    front = text[opening.end() + 1 : ending.start()]
    blank = "\n" * text.count("\n", 0, ending.end())
    return SourceText(front, blank + text[ending.end() :])
