"""What `check --fix` fixes: missing ids, and slips that have exactly one safe fix."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path, PurePosixPath

from deckpress.pipeline.load import load, read_ledger_file
from deckpress.reading.card_file import CardDraft, read_card_file
from deckpress.reading.card_work import is_table
from deckpress.reading.deck_file import read_deck_file
from deckpress.reading.folder import find_card_files
from deckpress.reading.note import PAIRS
from deckpress.reading.template_files import overlay, templates_folder
from deckpress.schema.file_names import LEDGER_NAME, TEMPLATES_NAME
from deckpress.schema.words import SLUG
from deckpress.text.files import read_file, write_files
from deckpress.text.fixes import Replacement, apply_replacements, place_fix, split_lines
from deckpress.text.names import plain_letters
from deckpress.text.problem import Location, Problem, SourceError
from deckpress.tree.node import plain_text

_MOST_ROUNDS = 5
"""How often a folder is read again: a mistake may hide others behind it."""

_LONGEST = 50
"""The longest id that is made of a question, in characters."""

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|$)")
_END = re.compile(
    r"[ \t]*(?P<closing>[ \t]#+)?[ \t]*(?P<comment><!--(?:(?!-->).)*-->)?[ \t]*(?P<end>[\r\n]*)$"
)
_ATTRIBUTES = re.compile(r"\{(?=[ \t]*(?:[.]|[\w-]+=)[^{}]*\}[ \t]*(?:<!--.*-->)?[ \t]*$)")


@dataclass(frozen=True, slots=True)
class WrittenId:
    """An id that was written: at which heading, and what it is."""

    where: Location
    id: str


@dataclass(frozen=True, slots=True)
class Mended:
    """A problem that was fixed: at which place, and how."""

    where: Location
    title: str
    rule: str


def write_safe_fixes(root: Path) -> tuple[Mended, ...]:
    """Make all safe fixes: those where nothing else can have been meant.

    Every other byte of the files stays as it is; what is allowed is left alone.

    Args:
        root: the folder of cards.

    Returns:
        What was mended, in the order of the files.

    Raises:
        OSError: a file cannot be written; none was.
    """
    mended: list[Mended] = []
    for _ in range(_MOST_ROUNDS):
        found = _mend(find_problems(root))
        if not found:
            break
        mended += found
    return tuple(mended)


def find_problems(root: Path) -> tuple[Problem, ...]:
    """Return all mistakes and all advice of a folder of cards, sorted by place."""
    try:
        release = load(root)
    except SourceError as error:
        return tuple(sorted([*error.problems, *error.advice]))
    return tuple(sorted([*release.collection.advice, *release.reconciled.changes.advice]))


def _mend(problems: Iterable[Problem]) -> list[Mended]:
    """Make the safe fixes of problems, all of them or, when a file cannot be written, none."""
    mended: list[Mended] = []
    texts: dict[Path, tuple[str, str]] = {}
    lines: dict[Path, list[str]] = {}
    edits: dict[Path, list[Replacement]] = {}
    for problem in problems:
        fix = next((fix for fix in problem.fixes if fix.safe), None)
        path = Path(problem.where.path)
        if fix is None or not _is_text(path, texts):
            continue
        if path not in lines:
            lines[path] = split_lines(texts[path][1])
        placed = place_fix(lines[path], problem.where, fix)
        if placed:
            edits.setdefault(path, []).extend(placed)
            mended.append(Mended(problem.where, fix.title, problem.rule))
    write_files(
        {
            path: (texts[path][0] + apply_replacements(texts[path][1], found)).encode("utf-8")
            for path, found in edits.items()
        }
    )
    return mended


def _is_text(path: Path, texts: dict[Path, tuple[str, str]]) -> bool:
    """Read a file into byte-order mark and text, unless it was read; say whether it is text."""
    if path not in texts:
        data, lacks = read_file(path)
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError:
            return False
        if lacks:
            return False
        mark = "\ufeff" if text.startswith("\ufeff") else ""
        texts[path] = (mark, text.removeprefix(mark))
    return True


def write_missing_ids(root: Path) -> tuple[WrittenId, ...]:
    """Give each note that needs an id and has none an id made from its question.

    Every other byte of the files stays as it is.

    Args:
        root: the folder of cards.

    Returns:
        What was written, in the order of the files.

    Raises:
        SourceError: the ledger cannot be read, so nobody knows which ids are free.
        OSError: a file cannot be written; none was.
    """
    found_files, _ = find_card_files(root)
    paths = [Path(path) for path in found_files if not is_table(path)]
    contents = {path: read_file(path)[0] for path in paths}
    drafts = {path: read_card_file(data, path.as_posix()) for path, data in contents.items()}
    taken = {name for draft in drafts.values() for name in _given(draft)}
    if os.path.lexists(root / LEDGER_NAME):
        taken |= set(read_ledger_file(root / LEDGER_NAME).notes)
    info, _ = read_deck_file(root, overlay(templates_folder(), root / TEMPLATES_NAME))
    free = FreeIds(taken, info.language if info else "")
    written: list[WrittenId] = []
    files: dict[Path, bytes] = {}
    for path, draft in drafts.items():
        found = []
        for note in draft.notes:
            if PAIRS in (note.attributes.kind, draft.front.kind):
                continue  # the heading of a table, whose rows are the notes
            if note.attributes.id or (len(draft.notes) == 1 and _given(draft)):
                continue
            found.append(WrittenId(note.where, free.take(plain_text(note.question))))
        if found:
            files[path] = _insert(contents[path], found)
            written += found
    write_files(files)
    return tuple(written)


def _given(draft: CardDraft) -> list[str]:
    """Return the ids that the notes of a file have."""
    ids = [note.attributes.id for note in draft.notes if note.attributes.id]
    if len(draft.notes) == 1 and not ids:
        stem = draft.front.id or PurePosixPath(draft.path).stem
        return [stem] if re.match(SLUG, stem) else []
    return ids


class FreeIds:
    """Ids that no note has, made of questions; none is given twice."""

    def __init__(self, taken: Iterable[str], language: str = "") -> None:
        """Begin with the ids that are taken, in a deck of a language."""
        self._taken = set(taken)
        self._language = language
        self._numbers: dict[str, int] = {}

    def take(self, question: str) -> str:
        """Return an id made of a question in plain words."""
        name = _make_id(question, self._language)
        number = self._numbers.get(name, 1)
        while (made := f"{name}-{number}" if number > 1 else name) in self._taken:
            number += 1
        self._numbers[name] = number
        self._taken.add(made)
        return made


def write_id(line: str, identity: str) -> str:
    """Return the line of a heading with an id in its attributes; it has none yet."""
    return _insert(line.encode("utf-8"), [WrittenId(Location("", 1), identity)]).decode("utf-8")


def _make_id(question: str, language: str) -> str:
    text = plain_letters(question, language)
    words = re.findall(r"[a-z0-9]+", text.replace("'", ""))
    while len(words) > 1 and len("-".join(words)) > _LONGEST:
        words.pop()
    made = "-".join(words)[:_LONGEST].strip("-")
    # Of a question in another script hardly a letter is left.
    shown = sum(character.isalnum() for character in question)
    if len(made) < 2 or len(made) * 2 < min(shown, _LONGEST):
        return f"card-{sha256(question.encode()).hexdigest()[:8]}"
    return made


def _insert(data: bytes, found: Iterable[WrittenId]) -> bytes:
    lines = _LINE.findall(data.decode("utf-8"))
    for each in found:
        at = each.where.line - 1
        braces = _ATTRIBUTES.search(lines[at].rstrip("\r\n"))
        if braces:
            place = braces.end()
            lines[at] = f"{lines[at][:place]}#{each.id} {lines[at][place:].lstrip(' ')}"
            continue
        end = _END.search(lines[at])
        if end:
            comment = f" {end['comment']}" if end["comment"] else ""
            lines[at] = f"{lines[at][: end.start()]} {{#{each.id}}}{comment}{end['end']}"
    return "".join(lines).encode("utf-8")
