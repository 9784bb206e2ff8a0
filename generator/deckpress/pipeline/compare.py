"""Decks to compare, read from packages, folders of cards and revisions of git."""

from __future__ import annotations

import io
import re
import subprocess
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import replace
from hashlib import sha256
from html import unescape
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from deckpress.anki.identity import VERSION_WORD
from deckpress.anki.note import RETIRED_TAG
from deckpress.decks.comparison import Comparison, DeckNote, DeckState, compare
from deckpress.decks.deck import date_of, version_of
from deckpress.decks.page_order import page_order
from deckpress.importing.html.text import html_text, html_words
from deckpress.importing.limits import damaged
from deckpress.importing.package import read_package
from deckpress.importing.source import Source
from deckpress.model.templates import NoteType
from deckpress.pipeline.load import read_release
from deckpress.schema.file_names import DECK_FILE
from deckpress.text.problem import CallError, Problem, SourceError

PACKAGES = (".apkg", ".colpkg")
Look = dict[str, dict[str, str]]
_MEDIA = re.compile(r'\bsrc="([^"]*)"|\[sound:([^\]]*)\]')
_VERSION = re.compile(rf"^{VERSION_WORD} (\S+)$", re.MULTILINE)
_HEIR = re.compile("“(.*)”")


def compare_decks(old: str, new: str) -> Comparison:
    """Read two states of a deck, and compare them.

    Args:
        old: what people have: a package, a folder of cards, or a revision of git, as REV or
            REV:folder. What lies on the disk under that name goes before a revision.
        new: what they get, likewise.

    Returns:
        What differs.

    Raises:
        CallError: there is no such file, folder or revision.
        SourceError: there is, but it is no deck of ours, or holds mistakes.
        OSError: something cannot be read.
    """
    folders = [name for name in (new, old) if Path(name).is_dir()]
    before, after = (_read(name, folders) for name in (old, new))
    return compare(before, after, html_text)


def _read(name: str, folders: Iterable[str]) -> DeckState:
    path = Path(name)
    if path.is_dir():
        return _read_folder(path, name)
    if path.exists():
        if path.suffix.lower() not in PACKAGES:
            hint = "a package (.apkg), a folder of cards, or a revision of git is one"
            raise damaged(path, "this file is not a deck", hint)
        return _read_package(path, name)
    if path.suffix.lower() in PACKAGES:
        raise CallError(f"there is no file '{name}'")
    return _read_revision(name, folders)


def _read_folder(folder: Path, name: str, committed: int = 0) -> DeckState:
    """Read a folder of cards; `committed` is when, if it is a revision (seconds since 1970)."""
    # Whether it could be released, by the rules of today, is not what was asked.
    # What was committed cannot be mended any more, so its ledger may lack its last line.
    release = read_release(folder, sealed=not committed)
    info, ledger = release.collection.info, release.reconciled.ledger
    media = _Hashes(release.collection.media)
    notes: dict[str, DeckNote] = {}
    ordered = page_order(release.collection.notes, release.collection)
    living = (release.notes[note.id] for note in ordered)
    for note in (*living, *release.reconciled.tombstones):
        guid = ledger.guid(note.id)
        note_type = release.collection.note_types[note.note_type]
        fields = {
            field.name: value
            for field, value in zip(note_type.fields, note.fields, strict=True)
            if not field.learner
        }
        made = _make_note(guid, fields, note.tags, media)
        notes[guid] = replace(made, position=ledger.notes[note.id].order)
    version = version_of(info, ledger)
    if committed and release.behind and not info.version:
        version = date_of(committed)
    look = _own_look(release.collection.note_types.values())
    return DeckState(name, info.title, version, notes, look, paged=True)


def _own_look(note_types: Iterable[NoteType]) -> Look:
    return {
        kind.name: _name_parts(kind.css, ((c.name, c.front, c.back) for c in kind.templates))
        for kind in note_types
    }


def _look(source: Source, used: Iterable[str]) -> Look:
    """Return the look of note types by their names without the deck's title."""
    kinds = {name.rpartition(": ")[2]: source.note_types[name] for name in sorted(used)}
    return {
        name: _name_parts(kind.css, ((c.name, c.front, c.back) for c in kind.templates))
        for name, kind in kinds.items()
    }


def _name_parts(css: str, cards: Iterable[tuple[str, str, str]]) -> dict[str, str]:
    parts = {"styling": css}
    for name, front, back in cards:
        parts |= {f"front of {name}": front, f"back of {name}": back}
    return parts


def _read_package(path: Path, name: str) -> DeckState:
    source = read_package(path)
    ours = {n: kind for n, kind in source.note_types.items() if {"Id", "Retired"} <= {*kind.fields}}
    media = _Hashes(source.media)
    notes: dict[str, DeckNote] = {}
    for note in source.notes:
        if note.note_type in ours:
            fields = dict(zip(ours[note.note_type].fields, note.fields, strict=False))
            made = _make_note(note.guid, fields, note.tags, media)
            notes[note.guid] = replace(made, position=note.due)
    if not notes:
        hint = "`deckpress import` turns other decks into card files"
        raise damaged(path, "no note in this package was made by deckpress", hint)
    found = [match[1] for text in source.descriptions.values() for match in _VERSION.finditer(text)]
    # A selection has no description, for it would replace that of the full deck.
    version = found[0] if found else date_of(max(note.mod for note in source.notes))
    used = {note.note_type for note in source.notes} & ours.keys()
    title = sorted(used)[0].rpartition(": ")[0]
    return DeckState(name, title or source.title, version, notes, _look(source, used))


class _Hashes:
    """The hashes of media files, each made when it is first asked for."""

    def __init__(self, media: Mapping[str, bytes]) -> None:
        self._media = media
        self._known: dict[str, str] = {}

    def of(self, fields: Iterable[str]) -> dict[str, str]:
        """Return a hash for each file that fields show or play."""
        found = (match for field in fields for match in _MEDIA.finditer(field))
        names = sorted({unescape(match[1] or match[2] or "") for match in found})
        for name in names:
            if name not in self._known and name in self._media:
                self._known[name] = sha256(self._media[name]).hexdigest()[:16]
        return {name: self._known[name] for name in names if name in self._known}


def _make_note(
    guid: str, fields: Mapping[str, str], tags: Iterable[str], media: _Hashes
) -> DeckNote:
    """Read a note of ours from its fields, the same way from a package as from a folder."""
    heads = dict(tag.partition("::")[::2] for tag in tags if "::" in tag)
    heir = _HEIR.search(html_words(fields.get("Retired", "")))
    return DeckNote(
        guid=guid,
        id=html_words(fields.get("Id", "")) or guid,
        question=" ".join(html_text(fields.get("Question", "")).split()),
        category=heads.get("category", ""),
        category_name=html_words(fields.get("Category", "")),
        fields=fields,
        tags=tuple(sorted(tags)),
        media=media.of(fields.values()),
        retired=RETIRED_TAG in tags,
        heir=heir[1] if heir else "",
    )


def _read_revision(name: str, folders: Iterable[str]) -> DeckState:
    """Read the deck of a revision, REV or REV:folder, from a temporary folder."""
    revision, colon, inner = name.partition(":")
    found = _resolve(revision)
    if not found:
        raise CallError(
            f"'{name}' is not a deck: there is no such file or folder, and no such revision of git "
            "(a deck is a package .apkg, a folder of cards, REV or REV:folder)"
        )
    top = Path(_git("rev-parse", "--show-toplevel").decode().strip())
    if colon:
        # As git reads it, from the top of the repository; then as a shell would complete it.
        places = [_inside(top, top / inner), _inside(top, Path(inner))]
    else:
        # Without a folder, the one it is compared with, or that of most decks.
        places = [_inside(top, Path(folder)) for folder in (*folders, "cards", ".")]
    # A folder may lie in another repository, and then has no place in this one.
    known = [place for place in places if place and _holds_deck(found, place)]
    if not known:
        where = f"the folder '{inner}' of {revision}" if colon else revision
        raise CallError(f"'{name}' is not a deck: there is no {DECK_FILE} in {where}")
    tree = found if known[0] == "." else f"{found}:{known[0]}"
    committed = int(_git("show", "-s", "--format=%ct", found))
    with TemporaryDirectory() as temporary:
        folder = Path(temporary) / "deck"
        with zipfile.ZipFile(io.BytesIO(_git("archive", "--format=zip", tree, at=top))) as archive:
            archive.extractall(folder)
        try:
            return _read_folder(folder, name, committed)
        except SourceError as error:
            shown = f"{revision}:{known[0]}"
            problems = [_rename(each, folder, shown) for each in (*error.problems, *error.advice)]
            raise SourceError(problems) from error


def _inside(top: Path, folder: Path) -> str:
    """Return the place of a folder in a repository; empty when it lies outside."""
    folder = folder.resolve()
    top = top.resolve()
    return folder.relative_to(top).as_posix() if folder.is_relative_to(top) else ""


def _rename(problem: Problem, folder: Path, shown: str) -> Problem:
    """Tell a mistake in the temporary folder at its place in the revision."""
    path = PurePosixPath(problem.where.path)
    if not path.is_relative_to(folder.as_posix()):
        return problem
    inner = path.relative_to(folder.as_posix()).as_posix()
    return replace(problem, where=replace(problem.where, path=f"{shown}/{inner}"))


def _resolve(revision: str) -> str:
    """Return the hash of the commit that a revision names; empty when there is none."""
    if not revision or revision.startswith("-"):
        return ""
    try:
        return _git("rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}").decode().strip()
    except CallError:
        return ""


def _holds_deck(commit: str, place: str) -> bool:
    path = DECK_FILE if place == "." else f"{place}/{DECK_FILE}"
    try:
        _git("cat-file", "-e", f"{commit}:{path}")
    except CallError:
        return False
    return True


def _git(*arguments: str, at: Path = Path()) -> bytes:
    try:
        done = subprocess.run(["git", *arguments], cwd=at, capture_output=True, check=False)
    except FileNotFoundError as error:
        raise CallError("there is no git on this machine") from error
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip()
        raise CallError(said or f"git {arguments[0]} failed")
    return done.stdout
