"""The result of a whole run, kept for the next one if nothing has changed.

As git does, a file is taken to be unchanged while size, times and inode are; of one that changed so
lately that its times could hide another change, the content is compared. Outputs are read and
compared, too: whatever is not exactly as it was left is made again.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deckpress.pipeline.cache import Cache, digest
from deckpress.pipeline.clock import latest_time
from deckpress.pipeline.fingerprint import fingerprint
from deckpress.pipeline.stamps import is_settled, settled_before, stamp_of
from deckpress.schema.file_names import (
    COVERAGE_NAME,
    DRAWN_NAME,
    MEDIA_NAME,
    MOST_LEDGER,
    TEMPLATES_NAME,
)
from deckpress.text.files import read_file
from deckpress.text.values import write_value

_READ_WHOLE = (COVERAGE_NAME, DRAWN_NAME, MEDIA_NAME, TEMPLATES_NAME)
"""The folders of a deck in which files count whose names begin with `_`."""
_MOST = MOST_LEDGER
"""The most bytes of a source that make a difference: of larger ones, none is read."""


@dataclass(frozen=True, slots=True)
class Stamps:
    """The state of every file of a deck; `fresh` holds digests of those that changed just now."""

    files: Mapping[str, str]
    fresh: Mapping[str, str]

    @property
    def digest(self) -> str:
        """A hash over all of it but the contents of fresh files."""
        lines = [f"{path}\0{stamp}" for path, stamp in sorted(self.files.items())]
        return digest("\n".join(lines).encode("utf-8", "surrogateescape")).hex()


def take_stamps(root: Path) -> Stamps:
    """Look at every file of a deck's folder that a run may read.

    What begins with `.` or `_` holds no cards. But templates, lists and the like may be called so,
    and a link may lead there.
    """
    files: dict[str, str] = {}
    fresh: dict[str, str] = {}
    before = settled_before()
    for entry in _walk(root, files):
        try:
            if entry.is_dir():
                files[entry.path] = str(Path(entry.path).readlink()) if entry.is_symlink() else ""
                continue
            found = entry.stat()
        except OSError:
            files[entry.path] = "gone"
            continue
        files[entry.path] = stamp_of(found)
        if not is_settled(found, before):
            fresh[entry.path] = _digest_of(Path(entry.path), _MOST)
    return Stamps(files, fresh)


def _walk(root: Path, closed: dict[str, str]) -> Iterator[os.DirEntry[str]]:
    """Yield what lies in a deck's folder; a folder that cannot be read is none that is empty."""
    inside = root.resolve()
    top = root.as_posix()
    followed: set[tuple[str, tuple[str, ...]]] = set()
    folders: list[tuple[str, tuple[str, ...]]] = [(top, (".", "_"))]
    while folders:
        folder, hidden = folders.pop()
        try:
            with os.scandir(folder) as entries:
                here = [entry for entry in entries if not entry.name.startswith(hidden)]
        except OSError as error:
            closed[f"{folder}/"] = str(error.errno)
            continue
        yield from here
        for entry in here:
            read_whole = folder == top and entry.name in _READ_WHOLE
            below = (".",) if read_whole else hidden
            if entry.is_dir(follow_symlinks=False):
                folders.append((entry.path, below))
            elif entry.is_symlink():
                # It may lead to what is passed over elsewhere, or round in circles.
                way = (_folder_behind(entry, inside), below)
                if way[0] and way not in followed:
                    followed.add(way)
                    folders.append((entry.path, below))


def _folder_behind(link: os.DirEntry[str], inside: Path) -> str:
    """Return the folder that a link leads to, if it lies in the deck's; others are not read."""
    target = Path(os.path.realpath(link.path))
    return str(target) if target.is_relative_to(inside) and target.is_dir() else ""


def _digest_of(path: Path, most: int = sys.maxsize) -> str:
    data, lacks = read_file(path, most=most)
    return "" if lacks else digest(data).hex()


class RunMemory:
    """Remembers one run: a command with all its options on a folder of cards."""

    def __init__(self, cache: Path, root: Path, asked: object) -> None:
        """Look at the sources as they are now, before anything of them is read.

        Args:
            cache: the folder of the cache.
            root: the folder of cards.
            asked: all that the result depends on beside the folder's files.
        """
        self._cache = Cache(cache)
        self._stamps = take_stamps(root)
        program = fingerprint(self._cache)
        self._key = digest(
            b"run", program, str(Path.cwd()).encode(), str(root).encode(), write_value(asked)
        )

    @property
    def seen(self) -> Mapping[str, str]:
        """The stamps of files, by path; of one that has just changed there is none."""
        return {p: s for p, s in self._stamps.files.items() if p not in self._stamps.fresh}

    def recall(self) -> Any:
        """Return the result of the same run before, if it would be the same now; else None."""
        data = self._cache.read([self._key]).get(self._key)
        self._cache.close()
        if data is None:
            return None
        try:
            known = json.loads(data)
            same = (
                known["stamps"] == self._stamps.digest
                and known["newest"] <= latest_time()
                and all(_digest_of(Path(path), _MOST) == w for path, w in known["fresh"].items())
                and all(_digest_of(Path(path)) == was for path, was in known["outputs"].items())
            )
            return known["value"] if same else None
        except (AttributeError, LookupError, TypeError, ValueError):
            return None  # it is no such result

    def keep(
        self,
        value: object,
        outputs: Mapping[Path, bytes],
        ledger: Mapping[Path, bytes],
        newest: int,
    ) -> None:
        """Keep the result of the run.

        Args:
            value: what the next one is to return, as JSON has it.
            outputs: the files that it wrote.
            ledger: the ledger, if it was written as well.
            newest: the newest time in the ledger, in seconds since 1970.
        """
        files, fresh = dict(self._stamps.files), dict(self._stamps.fresh)
        for path, data in ledger.items():
            try:
                files[path.as_posix()] = stamp_of(path.stat())
            except OSError:
                return
            fresh[path.as_posix()] = digest(data).hex()
        known = {
            "stamps": Stamps(files, fresh).digest,
            "fresh": fresh,
            "outputs": {str(path): digest(data).hex() for path, data in outputs.items()},
            "newest": newest,
            "value": value,
        }
        self._cache.write({self._key: write_value(known)})
        self._cache.close()
