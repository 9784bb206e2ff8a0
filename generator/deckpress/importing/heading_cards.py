"""Markdown in which each `##` is a card, as mdanki and md2anki read it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from deckpress.importing.source import Source, SourceNote, SourceNoteType

CARD = SourceNoteType("Heading", ("Front", "Back"))
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_HEADING = re.compile(r"(#{1,2})[ \t]+(.+?)[ \t]*#*[ \t]*$")
_TAGS = re.compile(r"(?:\[#([^\]\s]+)\]\([^)]*\)[ \t]*|(?<!\S)#([\w/-]+)[ \t]*)+$")
_ONE_TAG = re.compile(r"\[#([^\]\s]+)\]\([^)]*\)|(?<!\S)#([\w/-]+)")


def read_headings(files: Mapping[str, str], title: str) -> Source:
    """Read files of mdanki or md2anki.

    Args:
        files: the text of each file by its path.
        title: the deck's name where a file gives none with a `#` heading.

    Returns:
        The deck: a `##` heading and what stands above a line `%` is the front.
    """
    notes = [note for path, text in sorted(files.items()) for note in _read(path, text, title)]
    return Source(title, tuple(notes), {CARD.name: CARD}, {}, "markdown")


def _read(path: str, text: str, title: str) -> Iterator[SourceNote]:
    deck, front, line, fence = title, "", 0, ""
    body: list[str] = []
    for number, row in enumerate((*text.split("\n"), "# "), 1):
        opening = _FENCE.match(row)
        if opening:
            fence = "" if fence and opening[1].startswith(fence) else fence or opening[1]
        heading = None if fence or opening else _HEADING.match(row)
        end = row == "# " and number == text.count("\n") + 2
        if not heading and not end:
            body.append(row)
            continue
        if front:
            yield _note(front, body, deck, f"{path}:{line}")
        front, body = "", []
        if heading and heading[1] == "#":
            deck = heading[2]
        elif heading:
            front, line = heading[2], number


def _note(front: str, body: list[str], deck: str, place: str) -> SourceNote:
    tags: list[str] = []
    while body and (not body[-1].strip() or _TAGS.fullmatch(body[-1].strip())):
        tags += [a or b for a, b in _ONE_TAG.findall(body.pop())]
    at = next((at for at, row in enumerate(body) if row.strip() == "%"), -1)
    if at >= 0:
        front = "\n\n".join((front, "\n".join(body[:at]).strip("\n"))).strip()
        body = body[at + 1 :]
    back = "\n".join(body).strip("\n")
    return SourceNote("", CARD.name, (front, back), tuple(tags), deck, decks=(deck,), place=place)
