"""A file or folder of somebody's deck to a source: which reader, and what bounds."""

from __future__ import annotations

import os
import re
import stat
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from deckpress.importing.delimited_text import read_delimited
from deckpress.importing.heading_cards import BOOK_MARK, read_headings
from deckpress.importing.limits import MOST_ENTRIES, MOST_MEDIUM, MOST_TEXT, damaged
from deckpress.importing.obsidian import has_tag, looks_like_obsidian, read_obsidian
from deckpress.importing.obsidian_settings import (
    SETTINGS_FILE,
    ObsidianSettings,
    find_settings,
    read_settings,
)
from deckpress.importing.own_folder import find_own_deck
from deckpress.importing.own_notes import know_own_rows
from deckpress.importing.package import read_package
from deckpress.importing.source import Remark, Source
from deckpress.text.characters import MOST_MARKS, heaped_marks
from deckpress.text.files import read_file, unreadable
from deckpress.text.problem import CallError

_SHEET = (
    "web pages and PDFs, such as a deck's sheet, are not read",
    "import the deck's package (.apkg), or a table (.csv)",
)
_WORKBOOK = "a workbook is not read", "save its sheet as CSV, in UTF-8"
_WORKBOOKS = (".xls", ".xlsx", ".ods", ".numbers")
_OLE, _ZIP = b"\xd0\xcf\x11\xe0", b"PK\x03\x04"
_IN_WORKBOOK = b"[Content_Types].xml", b"mimetypeapplication/vnd.oasis"
_PAGE = re.compile(r"\s*(?:<\?xml\b[^<]*)?<(?:!doctype\s+html|html)\b", re.IGNORECASE)
_NOT_READ = {
    ".json": (
        "JSON is not read",
        "import the package (.apkg) of the deck; JSON of CrowdAnki goes into Anki by that add-on, "
        "which can export .apkg then",
    ),
    **dict.fromkeys((".html", ".htm", ".pdf"), _SHEET),
    **dict.fromkeys((".yaml", ".yml"), ("YAML is not read", "name a deck, or a folder of notes")),
}
"""Files that are no decks of cards, what is said of them, and what to import instead."""

_HEAPED = f"a letter in it has more than {MOST_MARKS} accents or other marks"


def read_source(
    path: Path,
    *,
    form: str = "auto",
    media: Path | None = None,
    named: bool | None = None,
    tags: Sequence[str] = (),
    obsidian: Sequence[str] = (),
) -> Source:
    """Read somebody's deck.

    Args:
        path: a package, a text file, a Markdown file, or a folder of Markdown files.
        form: one of `formats.FORMATS`; "auto" goes by the file's ending and content.
        media: a folder with the media of a text file; by default those beside it are found.
        named: whether the first row of a table names its columns, if somebody says so.
        tags: the tags of flashcards in Obsidian, instead of those in the vault's settings.
        obsidian: settings of the plugin, each KEY=VALUE, instead of those of the vault.

    Returns:
        The deck.

    Raises:
        SourceError: it cannot be read.
        CallError: something is said of it that concerns decks of another kind.
    """
    ending = path.suffix.lower()
    if form == "auto" and path.is_file():
        form = {".apkg": "anki", ".colpkg": "anki", ".md": form, ".markdown": form}.get(
            ending, "text"
        )
    if form == "text" and ending in _NOT_READ:
        raise damaged(path, *_NOT_READ[ending])
    if form == "auto" and (deck := find_own_deck(path)):
        what = "this is a folder of cards already"
        if not deck.samefile(path):
            what = f"this belongs to the deck in the folder '{deck.name}' already"
        hint = "`deckpress build` builds it; --from headings imports it anyway"
        raise damaged(path, f"{what}: it needs no import", hint)
    if form == "text" or form == "anki":
        if tags or obsidian:
            raise CallError(
                f"'{path}' is not an Obsidian vault: --tag and --obsidian have no effect"
            )
        if form == "text":
            data = _read_bytes(path)
            if told := _find_other(data, ending):
                raise damaged(path, *told)
            found = know_own_rows(read_delimited(_decode(data, path), path, named=named))
            return replace(found, media=_Folder.of(media or path.parent, deep=media is not None))
    if named is not None:
        raise CallError(f"'{path}' is not a table, so no first row can name its columns")
    if form == "anki":
        read = read_package(path)
        if any(heaped_marks(field) for note in read.notes for field in note.fields):
            raise damaged(path, _HEAPED, "delete most of them in Anki, and export it again")
        return read
    found = _read_notes(path, form, tags, obsidian)
    root = media or (path if path.is_dir() else path.parent)
    return replace(found, media=_Folder.of(root, deep=True, own=found.media))


def _read_notes(path: Path, form: str, tags: Sequence[str], obsidian: Sequence[str]) -> Source:
    """Read Markdown: flashcards of Obsidian, or a card for each heading."""
    files = _read_markdown(path)
    title = unicodedata.normalize("NFC", path.resolve().stem)
    file = find_settings(path)
    given = [*(f"flashcardTags={tag}" for tag in tags), *obsidian]
    settings = read_settings(file if form != "headings" else None, given)
    readings: list[Remark] = []
    ours = [name for name, text in files.items() if text.rstrip().endswith(BOOK_MARK)]
    aside: list[Remark] = []
    if form == "auto" and len(ours) < len(files):
        passed = "a book that deckpress wrote, which was not read (--from headings reads it)"
        aside = [Remark(passed, name) for name in ours]
        files = {name: text for name, text in files.items() if name not in ours}
    elif form == "auto" and ours:
        hint = (
            "import the deck's package (.apkg) or table (.csv) instead; --from headings makes "
            "cards of what the book says"
        )
        what = (
            "this is a book that deckpress wrote: it has no ids, tags, holes or tests, and no line "
            "between front and back"
        )
        raise damaged(path / ours[0] if path.is_dir() else path, what, hint)
    if form == "auto":
        form = _guess_form(files, settings, vault=bool(file or given))
        other = "headings" if form == "obsidian" else "obsidian"
        what = "flashcards of Obsidian" if form == "obsidian" else "cards that headings divide"
        readings.append(Remark(f"read as {what} (--from {other} reads it otherwise)"))
    if form == "headings" and given:
        raise CallError(f"'{path}' is not an Obsidian vault: --tag and --obsidian have no effect")
    if form == "obsidian" and file:
        readings.append(Remark(f"the separators are those in {SETTINGS_FILE}: {_say(settings)}"))
    found = (
        read_obsidian(files, title, settings) if form == "obsidian" else read_headings(files, title)
    )
    if not found.notes:
        told = [f"{r.place}: {r.what}" for r in found.remarks if r.place]
        usual = (
            "Obsidian separates cards with front::back or a line '?', mdanki begins them with "
            "'##'; "
            "Q: and A: lines, and tables of word pairs, need no import: see docs/cards.md"
        )
        hint = told[0] if told and form == "obsidian" else usual
        raise damaged(path, "there is no flashcard here", hint)
    return replace(found, remarks=(*aside, *found.remarks), readings=(*readings, *found.readings))


def _guess_form(files: Mapping[str, str], settings: ObsidianSettings, *, vault: bool) -> str:
    """Say whether Markdown holds flashcards of Obsidian: by the vault's own files, or by number."""
    if vault or any(has_tag(text, settings.tags) for text in files.values()):
        return "obsidian"
    headings = read_headings(files, "").notes
    answered = sum(bool(note.fields[1].strip()) for note in headings)
    cards = sum(looks_like_obsidian(text, settings) for text in files.values())
    return "obsidian" if cards > answered else "headings"


def _say(settings: ObsidianSettings) -> str:
    marks = (settings.line, settings.line_reversed, settings.lines, settings.lines_reversed)
    said = [f"'{mark}'" for mark in marks if mark]
    said += [f"holes {' '.join(settings.holes)}"] if settings.holes else []
    said += [f"'{settings.end}' at the end"] if settings.end else []
    return ", ".join(said)


def _find_other(data: bytes, ending: str) -> tuple[str, str] | None:
    """Say what a file holds in place of a table, whatever it is called, and what to import.

    Many programs give a table the ending of a workbook, so that a spreadsheet opens it.
    """
    head = data[:1000]
    zipped = head.startswith(_ZIP)
    if head.startswith(_OLE) or (zipped and any(word in head for word in _IN_WORKBOOK)):
        return _WORKBOOK
    if ending in _WORKBOOKS and (zipped or _first_letters(head).startswith("<")):
        return _WORKBOOK
    return _SHEET if head.startswith(b"%PDF-") or _PAGE.match(_first_letters(head)) else None


def _first_letters(head: bytes) -> str:
    return head.decode(_encoding(head), "replace").lstrip()


def _encoding(data: bytes) -> str:
    return "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"


def _read_text(path: Path) -> str:
    return _decode(_read_bytes(path), path)


def _read_bytes(path: Path, most: int = MOST_TEXT) -> bytes:
    data, lacks = read_file(path, most=most)
    for lack in lacks:
        raise damaged(path, lack.message, lack.hint)
    return data


def _decode(data: bytes, path: Path) -> str:
    try:
        text = data.decode(_encoding(data))
    except UnicodeDecodeError as error:
        raise damaged(
            path, f"this is not UTF-8, at byte {error.start}", "save it as UTF-8"
        ) from None
    if heaped_marks(text):
        raise damaged(path, _HEAPED, "delete most of them")
    text = unicodedata.normalize("NFC", text)
    return text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\0")


def _read_markdown(path: Path) -> dict[str, str]:
    if path.is_file():
        return {path.name: _read_text(path)}
    files: dict[str, str] = {}
    size = 0
    for file in _walk(path, whole=True):
        if file.suffix.lower() not in (".md", ".markdown"):
            continue
        text = _read_text(file)
        size += len(text)
        if size > MOST_TEXT:
            raise damaged(
                path, "there is too much text here", f"{MOST_TEXT // 1_000_000} MB at most"
            )
        files[file.relative_to(path).as_posix()] = text
    return files


def _walk(root: Path, *, whole: bool) -> Iterator[Path]:
    """Yield the plain files below a folder; links and what begins with a dot are passed over.

    Where something cannot be read, whoever wants the `whole` is told.
    """

    def complain(error: OSError) -> None:
        if whole:
            path = Path(error.filename)
            raise damaged(path, unreadable(path, error).message, "") from error

    count = 0
    for folder, folders, names in os.walk(root, onerror=complain):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if name.startswith("."):
                continue
            file = Path(folder, name)
            try:
                plain = stat.S_ISREG(file.lstat().st_mode)
            except OSError as error:
                complain(error)
                continue
            if not plain:
                continue
            count += 1
            if count > MOST_ENTRIES:
                raise damaged(root, f"over {MOST_ENTRIES:,} files here", "name a smaller folder")
            yield file


@dataclass(frozen=True)
class _Folder(Mapping[str, bytes]):
    """The media of a folder by path and by name; nothing outside it is ever read.

    `own` are those that stand in the text itself.
    """

    files: Mapping[str, Path]
    own: Mapping[str, bytes]

    @classmethod
    def of(cls, root: Path, *, deep: bool, own: Mapping[str, bytes] | None = None) -> _Folder:
        files: dict[str, Path] = {}
        if deep:
            found = list(_walk(root, whole=False))
        else:
            places = [root, root / "media", root / "collection.media"]
            found = [f for p in places if p.is_dir() for f in sorted(p.iterdir()) if f.is_file()]
        for file in found:
            path = unicodedata.normalize("NFC", file.relative_to(root).as_posix())
            files[path] = file
            files.setdefault(PurePosixPath(path).name, file)
        return cls(files, own or {})

    def __getitem__(self, name: str) -> bytes:
        if name in self.own:
            return self.own[name]
        return _read_bytes(self.files[name], MOST_MEDIUM)

    def __iter__(self) -> Iterator[str]:
        return iter({**self.files, **self.own})

    def __len__(self) -> int:
        return len({**self.files, **self.own})
