"""Flashcards of Obsidian's spaced-repetition plugin: `::`, `:::`, `?`, `??`, and `==holes==`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatch

from deckpress.importing.obsidian_settings import HolePatterns, ObsidianSettings
from deckpress.importing.source import Remark, Source, SourceNote, SourceNoteType, SourceTemplate

BASIC = SourceNoteType("Obsidian basic", ("Front", "Back"))
REVERSED = SourceNoteType(
    "Obsidian reversed",
    ("Front", "Back"),
    (
        SourceTemplate("Forwards", "{{Front}}", "{{Back}}"),
        SourceTemplate("Backwards", "{{Back}}", "{{Front}}"),
    ),
)
CLOZE = SourceNoteType("Obsidian cloze", ("Text",), (), cloze=True)

_FENCE = re.compile(r"[\s>]*(`{3,}|~{3,})")
_SCHEDULE = re.compile(r"[ \t]?<!--SR:.*?-->", re.DOTALL)
_SCHEDULE_BOX = re.compile(r"(?m)^> \[!sr\|card-metadata\][^\n]*\n(?:>[^\n]*\n?)*")
_BLOCK_ID = re.compile(r"(?m)[ \t]+\^[\w-]+$|^\^[\w-]+$")
_COMMENT = re.compile(r"%%.*?%%|(?m:^)<!--(?!SR:).*?-->", re.DOTALL)
_CODE = re.compile(r"(?ms)^[ \t>]*(?P<fence>`{3,}|~{3,}).*?^[ \t>]*(?P=fence)[`~]*[ \t]*$")
_SHELTERED = re.compile(
    r"(?P<ticks>`+)(?!`).+?(?<!`)(?P=ticks)(?!`)|\$\$.*?\$\$|\$[^$\n]+\$|\[\[[^\]\n]*\]\]"
    r"|https?://[^\s)>]*[^\s)>;:?!.,]|\{\{c\d+::.*?\}\}"
)
_CODE_SPAN = re.compile(r"(?P<ticks>`+)(?!`).+?(?<!`)(?P=ticks)(?!`)")
_ANKI_HOLE = re.compile(r"\{\{c(\d+)::")
_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_TAG_KEY = re.compile(r"(?mi)^tags?:.*(?:\n[ \t]*-.*|\n[ \t]+\S.*)*")
_BEGINS = re.compile(r"\s*(?:(?:[-*+]|\d{1,3}[.)]|>|#{1,6})\s+(?:\[[ xX]\]\s+)?)*")
"""What may stand before the front of a card of one line: a list's, a quote's, a heading's mark."""


def looks_like_obsidian(text: str, settings: ObsidianSettings) -> int:
    """Return how many flashcards of the plugin a Markdown text holds."""
    return sum(1 for _ in _Reader("", text, settings).read())


def read_obsidian(files: Mapping[str, str], title: str, settings: ObsidianSettings) -> Source:
    """Read the flashcards of a vault, as the plugin finds them.

    Args:
        files: the text of each note by its path in the vault.
        title: the name of the vault.
        settings: what divides cards. Their tags mark notes with flashcards; where no note has one,
            all are read. What follows a tag behind a slash, or else the folder, is the deck.

    Returns:
        The deck. The plugin's own schedule is the learner's and is left behind.
    """
    remarks: list[Remark] = []
    readings: list[Remark] = []
    read = dict(_choose(files, settings, remarks, readings))
    notes: list[SourceNote] = []
    schedules = headings = 0
    for path, text in sorted(read.items()):
        schedules += len(_SCHEDULE.findall(text))
        reader = _Reader(path, text, settings)
        folder = path.rpartition("/")[0] or path.rpartition("/")[2].removesuffix(".md")
        for card in reader.read():
            own = () if settings.folders else card.decks
            decks = ["::".join(filter(None, (title, *d.split("/")))) for d in own or (folder,)]
            headings += card.headed
            notes.append(
                SourceNote(
                    guid="",
                    note_type=card.note_type.name,
                    fields=card.fields,
                    tags=card.tags,
                    deck=decks[0],
                    decks=tuple(dict.fromkeys(decks)),
                    place=f"{path}:{card.line}",
                    lost=card.lost,
                )
            )
        remarks += reader.remarks
    if schedules:
        remarks.append(
            Remark(f"{_count(schedules, 'schedule')} of the plugin, for the learner alone")
        )
    if headings and settings.context:
        what = f"the headings above {_count(headings, 'card')}, which the plugin shows as well"
        remarks.append(Remark(what))
    types = {found.name: found for found in (BASIC, REVERSED, CLOZE)}
    return Source(
        title, tuple(notes), types, {}, "markdown", tuple(remarks), readings=tuple(readings)
    )


def _choose(
    files: Mapping[str, str],
    settings: ObsidianSettings,
    remarks: list[Remark],
    readings: list[Remark],
) -> Iterator[tuple[str, str]]:
    """Yield the notes that have flashcards by their tags and folders, and tell of the others."""
    marked = {path for path, text in files.items() if has_tag(text, settings.tags)}
    tags = " ".join(f"#{tag}" for tag in settings.tags)
    if settings.folders:
        marked = set(files)
    elif not marked and files:
        what = f"no note has the tag {tags}, so all of them were read (--tag names another)"
        readings.append(Remark(what))
        marked = set(files)
    for path, text in files.items():
        why = ""
        if path not in marked:
            why = f"it has no tag {tags}: name another with --tag"
        elif any(_lies_in(path, folder) for folder in settings.ignored_folders):
            why = "the plugin's settings exclude its folder (noteFoldersToIgnore)"
        elif has_tag(text, settings.ignored_tags):
            why = "the plugin's settings exclude its tag (flashcardTagsToIgnore)"
        if not why:
            yield path, text
        elif number := looks_like_obsidian(text, settings):
            remarks.append(
                Remark(f"a note that was not read: {_count(number, 'card')}; {why}", path)
            )


def _count(number: int, what: str) -> str:
    return f"{number} {what}" + ("" if number == 1 else "s")


def _lies_in(path: str, folder: str) -> bool:
    plain = folder.strip("/")
    return path.startswith(f"{plain}/") or fnmatch(path, plain) or fnmatch(f"/{path}", plain)


def has_tag(text: str, tags: Iterable[str]) -> bool:
    """Say whether a note has one of some tags, in its front matter or its text."""
    front = _FRONT_MATTER.match(text)
    body = _CODE.sub("", text[front.end() :] if front else text)
    listed = "\n".join(match[0] for match in _TAG_KEY.finditer(front[1])) if front else ""
    return any(
        re.search(rf"(?i)(?<![\w&#/])#{re.escape(tag)}(?![\w-])", body)
        or re.search(rf"(?i)(?<![\w/]){re.escape(tag)}(?![\w-])", listed)
        for tag in tags
    )


@dataclass(frozen=True, slots=True)
class _Card:
    note_type: SourceNoteType
    fields: tuple[str, ...]
    line: int
    decks: tuple[str, ...]
    tags: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    headed: bool = False


@dataclass(slots=True)
class _Open:
    """Lines that may become a card of several lines: the text so far, and what it is by now.

    `decks` are those that a line of tags above it names; `rest` says that a card of one line has
    ended one of several, so that these lines are what is left of it.
    """

    lines: list[str] = field(default_factory=list)
    code: list[bool] = field(default_factory=list)
    start: int = 0
    kind: str = ""
    decks: tuple[str, ...] | None = None
    rest: bool = False

    def add(self, number: int, line: str, *, code: bool) -> None:
        self.start = self.start or number
        self.lines.append(line)
        self.code.append(code)


@dataclass(slots=True)
class _Reader:
    """Reads the cards of one note, line by line; `remarks` tell of what looked like a card."""

    path: str
    text: str
    settings: ObsidianSettings
    remarks: list[Remark] = field(default_factory=list)
    decks: tuple[str, ...] = ()
    headed: bool = False
    holes: HolePatterns = field(init=False)

    def __post_init__(self) -> None:
        self.holes = HolePatterns(self.settings.holes)

    def read(self) -> Iterator[_Card]:
        front = _FRONT_MATTER.match(self.text)
        skipped = self.text.count("\n", 0, front.end()) if front else 0
        body = self.text[front.end() :] if front else self.text
        if front:
            self.decks = self._decks_of(front[1])
        body = _SCHEDULE_BOX.sub(lambda m: "\n" * m[0].count("\n"), body)
        body = self._drop_comments(body, skipped)
        block, fence = _Open(), ""
        for number, line in enumerate(body.split("\n"), 1 + skipped):
            plain = _SCHEDULE.sub("", line)
            opening = _FENCE.match(plain)
            if fence or opening:
                mark = opening[1] if opening else ""
                fence = ("" if fence and mark.startswith(fence) else fence) or (
                    mark if not fence else ""
                )
                block.add(number, plain, code=True)
                continue
            if self._ends(plain, block):
                yield from self._close(block)
                block = _Open()
                continue
            if line.strip() and not plain.strip():
                continue
            yield from self._take(block, number, plain)
        yield from self._close(block)

    def _drop_comments(self, body: str, skipped: int) -> str:
        def drop(match: re.Match[str]) -> str:
            number = match.string.count("\n", 0, match.start()) + 1 + skipped
            inside = _Reader(self.path, match[0].strip("%<>!-"), self.settings)
            if cards := sum(1 for _ in inside.read()):
                self._tell(f"a comment with {_count(cards, 'card')}", number)
            return "\n" * match[0].count("\n")

        # Places are counted in the whole text, so code is only hidden while comments are sought.
        hidden = _CODE.sub(lambda m: re.sub(r"[^\n]", "\0", m[0]), body)
        out: list[str] = []
        start = 0
        for match in _COMMENT.finditer(hidden):
            out += [body[start : match.start()], drop(match)]
            start = match.end()
        return "".join((*out, body[start:]))

    def _ends(self, line: str, block: _Open) -> bool:
        empty = not line.strip()
        end = self.settings.end
        return (empty and (not end or not block.kind)) or bool(end and line.strip() == end)

    def _take(self, block: _Open, number: int, line: str) -> Iterator[_Card]:
        """Take a line up, and yield the card that it is, or that it ends."""
        settings = self.settings
        text = line.strip()
        tags = self._leading_tags(text)
        if tags and not text[tags[1] :]:
            # A line of tags: the deck of the cards below it, or of the one that it begins.
            if any(map(self._is_deck, tags[0])):
                block.decks = self._decks_of(text)
            if block.lines:
                block.add(number, line, code=False)
            return
        if re.match(r"#{1,6}\s", text):
            self.headed = True
        if divided := self._divide(line):
            rest = bool(block.kind)
            if block.kind:
                yield from self._close(block)
            self.decks = self.decks if block.decks is None else block.decks
            block.lines, block.code, block.start, block.kind = [], [], 0, ""
            block.decks, block.rest = None, rest
            yield self._card(*divided, number, self.decks)
            return
        block.add(number, line, code=False)
        if text and text in (settings.lines, settings.lines_reversed):
            if len(block.lines) > 1:
                block.kind = "lines" if text == settings.lines else "lines_reversed"
            else:
                self._tell(f"a line '{text}' without a question above it", number)
        elif not block.kind and (_ANKI_HOLE.search(line) or self.holes.find(_shelter(line))):
            block.kind = "cloze"

    def _separates(self, line: str) -> bool:
        text = line.strip()
        return bool(text) and text in (self.settings.lines, self.settings.lines_reversed)

    def _close(self, block: _Open) -> Iterator[_Card]:
        """Yield the card that the lines are, if they are one."""
        for line, code in zip(block.lines, block.code, strict=True):
            if not code and self._separates(line.lstrip("> ")) and not self._separates(line):
                self._tell("a question and an answer in a quote", block.start)
        if not block.kind:
            self.decks = self.decks if block.decks is None else block.decks
            self._tell_of(block)
            return
        decks = self.decks if block.decks is None else block.decks
        if block.kind == "cloze":
            text = _clean(block.lines)
            sheltered = _shelter(text)
            holed, lost = self._number_holes(text, sheltered)
            yield self._card(CLOZE, holed, "", block.start, decks, lost)
            return
        kind, mark = (
            (BASIC, self.settings.lines)
            if block.kind == "lines"
            else (REVERSED, self.settings.lines_reversed)
        )
        at = next(
            at
            for at, line in enumerate(block.lines)
            if not block.code[at] and line.strip() == mark and at
        )
        lost = [
            f"a line '{line.strip()}' within a card, which perhaps should begin another one: "
            f"line {block.start + index}; an empty line is missing above its question"
            for index, line in enumerate(block.lines)
            if index != at and not block.code[index] and self._separates(line)
        ]
        sides = [block.lines[:at], block.lines[at + 1 :]]
        if mark.startswith(">") and all(
            line.lstrip().startswith(">") for side in sides for line in side if line.strip()
        ):
            # Cards that stand in quotes, for the look: their words are no quotations.
            sides = [[re.sub(r"^\s*> ?", "", line) for line in side] for side in sides]
        front, back = map(_clean, sides)
        yield self._card(kind, front, back, block.start, decks, lost)

    def _tell_of(self, block: _Open) -> None:
        """Tell of lines that no card has although they look like one."""
        if block.rest and any(line.strip() for line in block.lines):
            what = "lines of a card that one of one line has ended: no card has them"
            self._tell(what, block.start)
        marks = (self.settings.line, self.settings.line_reversed)
        for at, line in enumerate(block.lines):
            words = _CODE_SPAN.sub("", line)
            if not block.code[at] and any(mark and mark in words for mark in marks):
                mark = next(mark for mark in marks if mark and mark in words)
                self._tell(f"a line with '{mark}' that was not read as a card", block.start + at)

    def _card(
        self,
        kind: SourceNoteType,
        front: str,
        back: str,
        line: int,
        decks: tuple[str, ...],
        lost: Iterable[str] = (),
    ) -> _Card:
        """Make a card; tags at its start are its own, and those of flashcards are its decks."""
        found = self._leading_tags(front)
        own: tuple[str, ...] = ()
        if found:
            own = tuple(tag.replace("/", "::") for tag in found[0] if not self._is_deck(tag))
            if any(map(self._is_deck, found[0])):
                decks = self._decks_of(front[: found[1]])
            front = front[found[1] :].lstrip()
        ends = re.search(r"[.?!:。？！：][*_]*$", front.partition("\n")[0].rstrip())
        front = _break_lines(front) if ends or kind is CLOZE else front
        fields = (front,) if kind is CLOZE else (front, _break_lines(back))
        return _Card(kind, fields, line, decks, own, tuple(lost), self.headed)

    def _leading_tags(self, text: str) -> tuple[tuple[str, ...], int] | None:
        match = re.match(r"\s*(?:#[^\s#]*[^\s#\d][^\s#]*(?:\s+|$))+", text)
        return (tuple(re.findall(r"#([^\s#]+)", match[0])), match.end()) if match else None

    def _is_deck(self, tag: str) -> bool:
        plain = tag.casefold()
        return any(
            plain == own.casefold() or plain.startswith(f"{own.casefold()}/")
            for own in self.settings.tags
        )

    def _decks_of(self, text: str) -> tuple[str, ...]:
        """Return the decks that tags of flashcards name behind a slash."""
        names = "|".join(map(re.escape, self.settings.tags)) or "(?!)"
        found = re.findall(rf"(?i)(?<![\w/])#?(?:{names})/([^\s,\]\"']+)", text)
        return tuple(dict.fromkeys(filter(None, (deck.strip("/") for deck in found))))

    def _divide(self, line: str) -> tuple[SourceNoteType, str, str] | None:
        """Divide a line at a separator outside code, formulas and links."""
        settings = self.settings
        sheltered = _shelter(line)
        pairs = [(settings.line, BASIC), (settings.line_reversed, REVERSED)]
        for mark, kind in sorted(pairs, key=lambda pair: -len(pair[0])):
            at = sheltered.find(mark) if mark else -1
            if at < 0:
                continue
            front, back = line[:at].strip(), _clean([line[at + len(mark) :].strip()])
            front = _BEGINS.sub("", front, count=1) or front
            if not front or front.startswith("|"):
                return None
            return kind, front, back
        return None

    def _number_holes(self, text: str, sheltered: str) -> tuple[str, list[str]]:
        """Write holes as Anki has them; say what of theirs it cannot have."""
        holes = self.holes.find(sheltered)
        lost: list[str] = []
        numbers: dict[str, int] = {}
        # Holes that are written as Anki writes them keep their numbers.
        taken = max((int(match[1]) for match in _ANKI_HOLE.finditer(text)), default=0)
        out: list[str] = []
        start = 0
        if any(hole.group.isdecimal() for hole in holes):
            for number in sorted({int(hole.group) for hole in holes}):
                numbers[str(number)] = taken + len(numbers) + 1
        for count, hole in enumerate(holes, taken + 1):
            number = numbers[str(int(hole.group))] if hole.group.isdecimal() else count
            if hole.group and not hole.group.isdecimal():
                number = taken + hole.group.find("a") + 1 if "a" in hole.group else 0
                lost.append("which holes hide one another: Anki hides one, and shows the rest")
            inner = text[slice(*hole.answer)]
            hint = text[slice(*hole.hint)] if hole.hint else ""
            out.append(text[start : hole.start])
            written = f"{{{{c{number}::{inner}{'::' + hint if hint else ''}}}}}"
            out.append(written if number else inner)
            start = hole.end
        return "".join((*out, text[start:])), list(dict.fromkeys(lost))

    def _tell(self, what: str, line: int) -> None:
        self.remarks.append(Remark(what, f"{self.path}:{line}"))


def _shelter(text: str) -> str:
    """Hide what divides and hides nothing: code, formulas, links."""
    text = _CODE.sub(lambda m: re.sub(r"[^\n]", "\0", m[0]), text)
    return _SHELTERED.sub(lambda m: "\0" * len(m[0]), text)


def _clean(lines: list[str]) -> str:
    return _BLOCK_ID.sub("", "\n".join(lines)).strip("\n").rstrip()


def _break_lines(text: str) -> str:
    """End lines of words as Obsidian shows them: where they end in the source."""
    lines = text.split("\n")
    hidden = _shelter_blocks(text).split("\n")
    out: list[str] = []
    for at, line in enumerate(lines):
        below = hidden[at + 1] if at + 1 < len(lines) else ""
        within = "\0" in hidden[at] or "\0" in below
        if within or not below.strip() or not line.strip():
            out.append(line)
        elif _BLOCK_LINE.match(below) or _NO_WORDS.match(line) or line.endswith("\\"):
            out.append(line.rstrip() if not line.endswith("  ") else line)
        else:
            out.append(line.rstrip() + "\\")
    return "\n".join(out)


_BLOCK_LINE = re.compile(
    r"\s*(?:[-*+]\s|\d{1,9}[.)]\s|>|#{1,6}\s|\||-{2,}\s*$|={2,}\s*$|\*{3,}\s*$|<|\[\^)"
)
_NO_WORDS = re.compile(r"\s*(?:#{1,6}\s|\||-{3,}\s*$|\*{3,}\s*$|>\s*\[!|<[a-z]+[^>]*>\s*$)")


def _shelter_blocks(text: str) -> str:
    """Hide the lines of code and of formulas that stand between lines."""
    hide = re.compile(r"[^\n]+")
    text = _CODE.sub(lambda m: hide.sub("\0", m[0]), text)
    return re.sub(r"\$\$.*?\$\$", lambda m: hide.sub("\0", m[0]), text, flags=re.DOTALL)
