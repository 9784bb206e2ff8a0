"""Flashcards of Obsidian's spaced-repetition plugin: `::`, `:::`, `?`, `??`, and `==holes==`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from deckpress.importing.source import Source, SourceNote, SourceNoteType, SourceTemplate

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

_FENCE = re.compile(r"\s*(`{3,}|~{3,})")
_SCHEDULE = re.compile(r"<!--\s*SR:.*?-->", re.DOTALL)
_SHELTERED = re.compile(r"`[^`\n]*`|\$\$.*?\$\$|\$[^$\n]+\$|\[\[[^\]\n]*\]\]|https?://\S+")
_HOLE = re.compile(r"==(?P<text>[^=\n](?:[^\n]*?[^=\n])?)==(?:\^\[(?P<hint>[^\]\n]*)\])?")
_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)


def looks_like_obsidian(text: str) -> bool:
    """Say whether a Markdown text holds flashcards of the plugin."""
    return any(True for _ in _find_cards(text, "flashcards", all_=True))


def read_obsidian(files: Mapping[str, str], title: str, tag: str = "flashcards") -> Source:
    """Read the flashcards of a vault.

    Args:
        files: the text of each note by its path in the vault.
        title: the name of the vault.
        tag: the tag that marks notes with flashcards; where no note has it, all are read. What
            follows it behind a slash, or else the folder, is the deck.

    Returns:
        The deck. The plugin's own schedule is the learner's and is left behind.
    """
    marked = {
        path
        for path, text in files.items()
        if re.search(rf"(?<!\w)#?{re.escape(tag)}(?![\w-])", text)
    }
    notes: list[SourceNote] = []
    schedules = 0
    for path, text in sorted(files.items()):
        if marked and path not in marked:
            continue
        schedules += len(_SCHEDULE.findall(text))
        folder = path.rpartition("/")[0] or path.rpartition("/")[2].removesuffix(".md")
        for card in _find_cards(text, tag, all_=not marked or path in marked):
            deck = card.deck or folder
            deck = "::".join(part for part in (title, *deck.split("/")) if part)
            notes.append(
                SourceNote(
                    guid="",
                    note_type=card.note_type.name,
                    fields=card.fields,
                    deck=deck,
                    decks=(deck,),
                    place=f"{path}:{card.line}",
                )
            )
    remarks = (
        (f"{schedules} schedules of the plugin, which are the learner's",) if schedules else ()
    )
    types = {found.name: found for found in (BASIC, REVERSED, CLOZE)}
    return Source(title, tuple(notes), types, {}, "markdown", remarks)


@dataclass(slots=True)
class _Card:
    note_type: SourceNoteType
    fields: tuple[str, ...]
    line: int
    deck: str = ""


@dataclass(slots=True)
class _Block:
    """Lines without an empty one between them, but for those within a fence."""

    line: int
    lines: list[str] = field(default_factory=list)
    code: list[bool] = field(default_factory=list)


def _find_cards(text: str, tag: str, *, all_: bool) -> Iterator[_Card]:
    front = _FRONT_MATTER.match(text)
    deck = _deck_of(front[1], tag) if front else ""
    skipped = text.count("\n", 0, front.end()) if front else 0
    body = text[front.end() :] if front else text
    body = re.sub(r"%%.*?%%", lambda m: "\n" * m[0].count("\n"), body, flags=re.DOTALL)
    for block in _blocks(body):
        lines = [_SCHEDULE.sub("", line) for line in block.lines]
        if len(lines) == 1 and _is_tag_line(lines[0], tag):
            deck = _deck_of(lines[0], tag)
            continue
        yield from _read_block(block, lines, tag, deck, skipped)
        for line in lines:
            if _is_tag_line(line, tag):
                deck = _deck_of(line, tag)


def _blocks(body: str) -> Iterator[_Block]:
    block, fence = _Block(0), ""
    for number, line in enumerate(body.split("\n"), 1):
        opening = _FENCE.match(line)
        if not line.strip() and not fence:
            if block.lines:
                yield block
            block = _Block(0)
            continue
        block.line = block.line or number
        inside = bool(fence) or bool(opening)
        if opening:
            mark = opening[1]
            fence = "" if fence and mark.startswith(fence) else fence or mark
        block.lines.append(line)
        block.code.append(inside)
    if block.lines:
        yield block


def _is_tag_line(line: str, tag: str) -> bool:
    return bool(
        re.fullmatch(rf"\s*(?:#[^\s#]+\s*)*#{re.escape(tag)}(?:/\S*)?(?:\s+#[^\s#]+)*\s*", line)
    )


def _deck_of(text: str, tag: str) -> str:
    found = re.search(rf"(?<!\w)#?{re.escape(tag)}/([^\s,\]\"']+)", text)
    return found[1].strip("/") if found else ""


def _read_block(
    block: _Block, lines: list[str], tag: str, deck: str, skipped: int
) -> Iterator[_Card]:
    own = deck
    for at, line in enumerate(lines):
        found = re.match(rf"\s*#{re.escape(tag)}(/\S+)?\s+(?=\S)", line)
        if found and not block.code[at]:
            own = (found[1] or "").strip("/") or deck
            lines[at] = line[found.end() :]
    number = block.line + skipped
    for at, line in enumerate(lines):
        if not block.code[at] and line.strip() in ("?", "??") and 0 < at < len(lines) - 1:
            kind = BASIC if line.strip() == "?" else REVERSED
            front, back = (_clean(part) for part in (lines[:at], lines[at + 1 :]))
            if front and back:
                yield _Card(kind, (front, back), number, own)
            return
    rest: list[tuple[int, str]] = []
    for at, line in enumerate(lines):
        divided = None if block.code[at] else _divide(line)
        if divided:
            yield _Card(divided[0], divided[1:], number + at, own)
        else:
            rest.append((at, line))
    text = _clean([line for _, line in rest])
    sheltered = _SHELTERED.sub(lambda m: "\0" * len(m[0]), text)
    if rest and not any(block.code[at] for at, _ in rest) and _HOLE.search(sheltered):
        yield _Card(CLOZE, (_number_holes(text, sheltered),), number + rest[0][0], own)


def _divide(line: str) -> tuple[SourceNoteType, str, str] | None:
    """Divide a line at `::` or `:::` outside code, formulas and links."""
    sheltered = _SHELTERED.sub(lambda m: "\0" * len(m[0]), line)
    match = re.search(r"(?<!:):{2,3}(?!:)", sheltered)
    if not match or line.lstrip().startswith(("#", "|")):
        return None
    front = re.sub(r"^\s*(?:[-*+]|\d+[.)])\s+", "", line[: match.start()]).strip()
    back = line[match.end() :].strip()
    if not front or not back or front.startswith(("http", "|")):
        return None
    return (REVERSED if match[0] == ":::" else BASIC), front, back


def _number_holes(text: str, sheltered: str) -> str:
    out: list[str] = []
    start = 0
    for number, match in enumerate(_HOLE.finditer(sheltered), 1):
        inner = text[match.start("text") : match.end("text")]
        hint = text[match.start("hint") : match.end("hint")] if match["hint"] else ""
        out += [
            text[start : match.start()],
            f"{{{{c{number}::{inner}{'::' + hint if hint else ''}}}}}",
        ]
        start = match.end()
    return "".join((*out, text[start:]))


def _clean(lines: list[str]) -> str:
    text = "\n".join(lines)
    return re.sub(r"(?m)[ \t]+\^[\w-]+$", "", text).strip("\n").rstrip()
