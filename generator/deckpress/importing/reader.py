"""A file or folder of somebody's deck to a source: which reader, and what bounds."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from deckpress.importing.delimited_text import read_delimited
from deckpress.importing.heading_cards import read_headings
from deckpress.importing.limits import MOST_ENTRIES, MOST_MEDIUM, MOST_TEXT, damaged
from deckpress.importing.obsidian import looks_like_obsidian, read_obsidian
from deckpress.importing.package import read_package
from deckpress.importing.source import Source

FORMATS = ("auto", "anki", "text", "obsidian", "headings")


def read_source(
    path: Path, *, form: str = "auto", tag: str = "flashcards", media: Path | None = None
) -> Source:
    """Read somebody's deck.

    Args:
        path: a package, a text file, a Markdown file, or a folder of Markdown files.
        form: one of `FORMATS`; "auto" goes by the file's ending and content.
        tag: the tag of flashcards in Obsidian.
        media: a folder with the media of a text file; by default those beside it are found.

    Returns:
        The deck.

    Raises:
        SourceError: it cannot be read.
    """
    ending = path.suffix.lower()
    if form == "auto" and path.is_file():
        form = {".apkg": "anki", ".colpkg": "anki", ".md": "", ".markdown": ""}.get(ending, "text")
    if form == "anki":
        return read_package(path)
    if form == "text":
        found = read_delimited(_read_text(path), path)
        return replace(found, media=_Folder.of(media or path.parent, deep=media is not None))
    files = _read_markdown(path)
    if form not in ("obsidian", "headings"):
        obsidian = any(looks_like_obsidian(text) for text in files.values())
        form = "obsidian" if obsidian else "headings"
    title = unicodedata.normalize("NFC", path.resolve().stem)
    found = read_obsidian(files, title, tag) if form == "obsidian" else read_headings(files, title)
    if not found.notes:
        hint = "front::back and a line '?' divide cards of Obsidian, '##' begins one of mdanki"
        raise damaged(path, "there is no flashcard here", hint)
    root = media or (path if path.is_dir() else path.parent)
    return replace(found, media=_Folder.of(root, deep=True))


def _read_text(path: Path) -> str:
    size = path.stat().st_size
    if not path.is_file():
        raise damaged(path, "this is no file", "only plain files are read")
    if size > MOST_TEXT:
        raise damaged(
            path, f"this has {size // 1_000_000} MB", f"{MOST_TEXT // 1_000_000} MB at most"
        )
    data = path.read_bytes()
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise damaged(
            path, f"this is not UTF-8, at byte {error.start}", "save it as UTF-8"
        ) from None
    text = unicodedata.normalize("NFC", text)
    return text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\0")


def _read_markdown(path: Path) -> dict[str, str]:
    if path.is_file():
        return {path.name: _read_text(path)}
    files: dict[str, str] = {}
    size = 0
    for file in _walk(path):
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


def _walk(root: Path) -> Iterator[Path]:
    """Yield the plain files below a folder; links and what begins with a dot are passed over."""
    count = 0
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            file = Path(folder, name)
            if name.startswith(".") or file.is_symlink() or not file.is_file():
                continue
            count += 1
            if count > MOST_ENTRIES:
                raise damaged(root, f"over {MOST_ENTRIES:,} files here", "name a smaller folder")
            yield file


@dataclass(frozen=True)
class _Folder(Mapping[str, bytes]):
    """The media of a folder by path and by name; nothing outside it is ever read."""

    files: Mapping[str, Path]

    @classmethod
    def of(cls, root: Path, *, deep: bool) -> _Folder:
        files: dict[str, Path] = {}
        if deep:
            found = list(_walk(root))
        else:
            places = [root, root / "media", root / "collection.media"]
            found = [f for p in places if p.is_dir() for f in sorted(p.iterdir()) if f.is_file()]
        for file in found:
            path = unicodedata.normalize("NFC", file.relative_to(root).as_posix())
            files[path] = file
            files.setdefault(PurePosixPath(path).name, file)
        return cls(files)

    def __getitem__(self, name: str) -> bytes:
        file = self.files[name]
        if file.stat().st_size > MOST_MEDIUM:
            raise damaged(
                file, "this is too large for a card", f"{MOST_MEDIUM // 10**6} MB at most"
            )
        return file.read_bytes()

    def __iter__(self) -> Iterator[str]:
        return iter(self.files)

    def __len__(self) -> int:
        return len(self.files)
