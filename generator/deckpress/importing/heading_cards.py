"""Markdown in which headings divide cards, as mdanki, md2anki and their like read it."""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from deckpress.importing.own_notes import all_words
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
_DEFINITION = re.compile(
    r"^ {0,3}\[([^\]^\n][^\]\n]*)\]:[ \t]*<?([^\s<>]+)>?(?:[ \t]+\"([^\"\n]*)\")?[ \t]*$"
)
_DATA = re.compile(r"data:[\w.+/-]*;base64,([A-Za-z0-9+/=]*)")
_PAIR = re.compile(r"- \*\*(.+?)\*\*: ([^\n]*(?:\n\n  [^\n]*)*)")
_REFERENCE = re.compile(r"\[([^\[\]\n]*)\]\[([^\[\]\n]*)\]")
_WORDS_AND_CODE = re.compile(r"(`+[^`]*`+)")
_PLAYED = re.compile(r"\[▶ ?([^\[\]\n]*)\]\[([^\[\]\n]+)\]")

BOOK_MARK = "<!-- a book that deckpress wrote -->"
"""The last line of such a book, which is made to be read: cards are more than it says."""

_FRONTS, _TEXTS, _BACKS = {"front", "question", "q"}, {"text", "cloze"}, {"back", "answer", "a"}


def read_headings(files: Mapping[str, str], title: str) -> Source:
    """Read files in which headings divide cards.

    A `##` heading and what stands above a line `%` is the front, what follows is the back, and `#`
    names the deck. In a file of nothing but `#`, these are the cards; in one whose `##` are only
    titles above `###`, those are. Where headings are called Front and Back, or Text, what stands
    under them is that. What a reference names may be defined anywhere in the file.

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
    told = tuple(reader.remarks)
    readings = tuple(reader.readings)
    return Source(
        title, tuple(reader.notes), types, reader.media, "markdown", told, readings=readings
    )


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
    readings: list[Remark] = field(default_factory=list)
    media: dict[str, bytes] = field(default_factory=dict)

    def read(self, path: str, text: str) -> None:
        """Read a file."""
        matter = _FRONT_MATTER.match(text)
        tags = _tags_of(matter[1]) if matter else []
        skipped = text.count("\n", 0, matter.end()) if matter else 0
        rows = (text[matter.end() :] if matter else text).split("\n")
        own = BOOK_MARK in rows
        rows = self._put_references([row for row in rows if row != BOOK_MARK])
        names = {part.heading.casefold() for part in _divide(rows, 6, skipped)}
        if (names & _FRONTS and names & _BACKS) or names & _TEXTS:
            self._read_named(path, rows, tags, skipped)
            return
        if own or _has_chapters(list(_divide(rows, 3, skipped))):
            self._read_chapters(path, rows, tags, skipped, own=own)
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

    def _put_references(self, rows: list[str]) -> list[str]:
        """Write what references name at their places, and take up the files that stand in it."""
        known: dict[str, str] = {}
        left: list[str] = []
        for row, code in _rows_with_code(rows):
            found = None if code else _DEFINITION.match(row)
            left.append("" if found else row)
            if found and (data := _DATA.fullmatch(found[2])):
                known[found[1].casefold()] = found[1]
                with suppress(ValueError):
                    self.media[found[1]] = b64decode(data[1], validate=True)
            elif found:
                title = f' "{found[3]}"' if found[3] else ""
                known[found[1].casefold()] = f"<{found[2]}>{title}"

        def put(match: re.Match[str]) -> str:
            address = known.get((match[2] or match[1]).casefold())
            return f"[{match[1]}]({address})" if address else match[0]

        def play(match: re.Match[str]) -> str:
            name = known.get(match[2].casefold(), "")
            return f"[sound:{name}]" if name in self.media else match[0]

        if not known:
            return rows
        written: list[str] = []
        for row, code in _rows_with_code(left):
            pieces = [] if code else _WORDS_AND_CODE.split(row)
            # The odd ones are code.
            pieces[::2] = [_REFERENCE.sub(put, _PLAYED.sub(play, words)) for words in pieces[::2]]
            written.append(row if code else "".join(pieces))
        return written

    def _read_chapters(
        self, path: str, rows: list[str], tags: list[str], skipped: int, *, own: bool
    ) -> None:
        """Read a file whose `##` are chapters, each a deck, and whose `###` are cards."""
        what = "each ### is a card, because each ## is only the title of some"
        self.readings.append(Remark(what, path))
        book = deck = self.title
        for part in _divide(rows, 3, skipped):
            place = f"{path}:{max(part.line, 1)}"
            body, pairs = _part_pairs(part) if own else (part.body, [])
            if part.level == 3:
                body = _part_sources(body) if own else body
                self._add(part.heading, list(_raised(body)), deck, tags, place)
            elif part.level == 2:
                deck = f"{book}::{part.heading.replace('::', '-')}"
            elif part.level == 1:
                book = deck = part.heading
            if part.level < 3 and any(row.strip() for row in body):
                self.remarks.append(Remark("text that belongs to no card", place))
            for front, back in pairs:
                self._take(front, back, deck, tags, place)

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


def _has_chapters(parts: list[_Part]) -> bool:
    """Say whether each `##` is followed by a `###` and has no words of its own."""
    chapters = [at for at, part in enumerate(parts) if part.level == 2]
    return bool(chapters) and all(
        not any(row.strip() for row in parts[at].body)
        and [part.level for part in parts[at + 1 : at + 2]] == [3]
        for at in chapters
    )


def _part_pairs(part: _Part) -> tuple[list[str], list[tuple[str, str]]]:
    """Part the word pairs, a list behind a rule or below a chapter, from what goes before them."""
    rows = part.body
    begins = [at + 1 for at, row in enumerate(rows) if row == "***"]
    begins += [0] if part.level == 2 else []
    for at in begins:
        blocks = re.split(r"\n\n(?=- )", "\n".join(rows[at:]).strip("\n"))
        found = [_PAIR.fullmatch(block) for block in blocks]
        if all(found):
            before = rows[: at - 1] if at else []
            return before, [(m[1], re.sub(r"(?m)^  ", "", m[2])) for m in found if m]
    return rows, []


def _part_sources(rows: list[str]) -> list[str]:
    """Part the sources at the end of a card from the section before them, in a book of ours."""
    words = {f"{words.say('sources')}:" for words in all_words()}
    at = next((at for at, row in enumerate(rows) if row in words), len(rows))
    if all(row.startswith("- ") for row in rows[at + 1 :] if row.strip()):
        return [*rows[:at], *(f"#### {row[:-1]}" for row in rows[at : at + 1]), *rows[at + 1 :]]
    return rows


def _raised(rows: list[str]) -> Iterator[str]:
    """Yield the lines of a card of the third level with their headings as high as others'."""
    for row, code in _rows_with_code(rows):
        deep = not code and re.match(r"####+(?=[ \t])", row)
        yield row[2:] if deep else row


def _rows_with_code(rows: list[str]) -> Iterator[tuple[str, bool]]:
    """Yield lines, each with whether it belongs to a fence."""
    fence = ""
    for row in rows:
        opening = _FENCE.match(row)
        yield row, bool(fence or opening)
        if opening:
            fence = "" if fence and opening[1].startswith(fence) else fence or opening[1]


def _divide(rows: list[str], deepest: int, skipped: int) -> Iterator[_Part]:
    """Divide lines at headings outside code; what stands above the first has level 0."""
    part = _Part(0, "", 0, [])
    for number, (row, code) in enumerate(_rows_with_code(rows), 1 + skipped):
        heading = None if code else _HEADING.match(row)
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
