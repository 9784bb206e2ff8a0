"""Markdown in which headings divide cards, as mdanki, md2anki and their like read it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from deckpress.importing.source import Remark, Source, SourceNote, SourceNoteType, SourceTemplate

CARD = SourceNoteType("Heading", ("Front", "Back"))
CLOZE = SourceNoteType(
    "Heading with holes",
    ("Question", "Text", "Extra"),
    (SourceTemplate("Cloze", "{{Question}}{{cloze:Text}}", "{{Question}}{{cloze:Text}}{{Extra}}"),),
    cloze=True,
)
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_HEADING = re.compile(r"(#{1,6})[ \t]+(.+?)[ \t]*#*[ \t]*$")
_TAGS = re.compile(r"(?:\[#([^\]\s]+)\]\([^)]*\)[ \t]*|(?<!\S)#([\w/-]+)[ \t]*)+$")
_ONE_TAG = re.compile(r"\[#([^\]\s]+)\]\([^)]*\)|(?<!\S)#([\w/-]+)")
_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_MATTER_TAGS = re.compile(r"(?mi)^tags?:[ \t]*(.*(?:\n[ \t]*-.*)*)")
_CODE = re.compile(r"(?ms)^ {0,3}(`{3,}|~{3,}).*?^ {0,3}\1|(`+)(?!`).+?(?<!`)\2(?!`)")
_HOLE = re.compile(r"\{\{c\d+::")
_FRONTS, _TEXTS, _BACKS = {"front", "question", "q"}, {"text", "cloze"}, {"back", "answer", "a"}


def read_headings(files: Mapping[str, str], title: str) -> Source:
    """Read files in which headings divide cards.

    A `##` heading and what stands above a line `%` is the front, what follows is the back, and `#`
    names the deck. In a file of nothing but `#`, these are the cards. Where headings are called
    Front and Back, or Text, what stands under them is that.

    Args:
        files: the text of each file by its path.
        title: the deck's name where a file gives none with a `#` heading.

    Returns:
        The deck.
    """
    reader = _Reader(title)
    for path, text in sorted(files.items()):
        if PurePosixPath(path).stem.upper() == "README" and len(files) > 1:
            reader.remarks.append(Remark("a file that tells of the deck and was not read", path))
            continue
        reader.read(path, text)
    types = {found.name: found for found in (CARD, CLOZE)}
    return Source(title, tuple(reader.notes), types, {}, "markdown", tuple(reader.remarks))


@dataclass(frozen=True, slots=True)
class _Part:
    """A heading, and the lines below it up to the next one of its kind."""

    level: int
    heading: str
    line: int
    body: list[str]


@dataclass(slots=True)
class _Reader:
    title: str
    notes: list[SourceNote] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)

    def read(self, path: str, text: str) -> None:
        """Read a file."""
        matter = _FRONT_MATTER.match(text)
        tags = _tags_of(matter[1]) if matter else []
        skipped = text.count("\n", 0, matter.end()) if matter else 0
        rows = (text[matter.end() :] if matter else text).split("\n")
        names = {part.heading.casefold() for part in _divide(rows, 6, skipped)}
        if (names & _FRONTS and names & _BACKS) or names & _TEXTS:
            self._read_named(path, rows, tags, skipped)
            return
        parts = list(_divide(rows, 2, skipped))
        level = 2 if any(part.level == 2 for part in parts) else 1
        one = level == 1 and sum(bool(part.level) for part in parts) < 2
        deck = self.title
        for part in parts:
            if part.level == level and not one:
                self._add(part.heading, part.body, deck, tags, f"{path}:{part.line}")
                continue
            if part.level == 1:
                deck = part.heading
            if any(row.strip() for row in part.body):
                what = "text that belongs to no card"
                self.remarks.append(Remark(what, f"{path}:{max(part.line, 1)}"))

    def _read_named(self, path: str, rows: list[str], tags: list[str], skipped: int) -> None:
        """Read a file whose headings say which side stands under them."""
        folder = str(PurePosixPath(path).parent)
        deck = "::".join([self.title, *(folder.split("/") if folder != "." else [])])
        sides: list[_Part] = []
        for part in [*_divide(rows, 6, skipped), None]:
            name = part.heading.casefold() if part else ""
            if sides and (part is None or name in _FRONTS | _TEXTS):
                self._add_named(sides, deck, tags, path)
                sides = []
            if part and (sides or name in _FRONTS | _TEXTS):
                sides.append(part)
            elif part and any(row.strip() for row in part.body):
                self.remarks.append(
                    Remark("text that belongs to no card", f"{path}:{max(part.line, 1)}")
                )

    def _add_named(self, sides: list[_Part], deck: str, tags: list[str], path: str) -> None:
        front = "\n".join(sides[0].body).strip("\n")
        back: list[str] = []
        for part in sides[1:]:
            text = "\n".join(part.body).strip("\n")
            plain = part.heading.casefold() in _BACKS | {"extra"}
            back.append(text if plain else f"## {part.heading}\n\n{text}")
        place = f"{path}:{sides[0].line}"
        self._take(front, "\n\n".join(filter(None, back)), deck, tags, place)

    def _add(self, front: str, body: list[str], deck: str, tags: list[str], place: str) -> None:
        own: list[str] = []
        body = list(body)
        while body and (not body[-1].strip() or _TAGS.fullmatch(body[-1].strip())):
            own += [a or b for a, b in _ONE_TAG.findall(body.pop())]
        at = next((at for at, row in enumerate(body) if row.strip() == "%"), -1)
        if at >= 0:
            front = "\n\n".join((front, "\n".join(body[:at]).strip("\n"))).strip()
            body = body[at + 1 :]
        self._take(front, "\n".join(body).strip("\n"), deck, [*tags, *own], place)

    def _take(self, front: str, back: str, deck: str, tags: list[str], place: str) -> None:
        holed = [bool(_HOLE.search(_CODE.sub("", side))) for side in (front, back)]
        name = CLOZE.name if any(holed) else CARD.name
        fields: tuple[str, ...] = (front, back)
        if any(holed):
            fields = ("", front, back) if holed[0] else (front, back, "")
        self.notes.append(
            SourceNote("", name, fields, tuple(tags), deck, decks=(deck,), place=place)
        )


def _divide(rows: list[str], deepest: int, skipped: int) -> Iterator[_Part]:
    """Divide lines at headings outside code; what stands above the first has level 0."""
    fence = ""
    part = _Part(0, "", 0, [])
    for number, row in enumerate(rows, 1 + skipped):
        opening = _FENCE.match(row)
        if opening:
            fence = "" if fence and opening[1].startswith(fence) else fence or opening[1]
        heading = None if fence or opening else _HEADING.match(row)
        if heading and len(heading[1]) <= deepest:
            yield part
            part = _Part(len(heading[1]), heading[2], number, [])
        else:
            part.body.append(row)
    yield part


def _tags_of(matter: str) -> list[str]:
    found = _MATTER_TAGS.search(matter)
    words = re.findall(r"[^\s,\[\]\"'-][^\s,\[\]\"']*", found[1]) if found else []
    return [word.lstrip("#").replace("/", "::") for word in words]
