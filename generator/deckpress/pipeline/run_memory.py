"""The result of a whole run, kept for the next one if nothing has changed.

As git does, a file is taken to be unchanged while size, times and inode are; of one that changed so
lately that its times could hide another change, the content is compared. Outputs are read and
compared, too: whatever is not exactly as it was left is made again.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deckpress.pipeline.cache import Cache, digest
from deckpress.pipeline.clock import latest_time
from deckpress.pipeline.fingerprint import fingerprint
from deckpress.pipeline.stamps import is_settled, settled_before, stamp_of
from deckpress.text.values import write_value


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
    """Look at every file below a folder, but for what begins with `.` or `_`, which holds none."""
    files: dict[str, str] = {}
    fresh: dict[str, str] = {}
    before = settled_before()
    for entry in _walk(root.as_posix()):
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
            fresh[entry.path] = _digest_of(Path(entry.path))
    return Stamps(files, fresh)


def _walk(folder: str) -> Iterator[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            here = [entry for entry in entries if not entry.name.startswith((".", "_"))]
    except OSError:
        return
    for entry in here:
        yield entry
        if entry.is_dir(follow_symlinks=False):
            yield from _walk(entry.path)


def _digest_of(path: Path) -> str:
    try:
        return digest(path.read_bytes()).hex()
    except OSError:
        return ""


class RunMemory:
    """Remembers one run: a command with all its options on a folder of cards."""

    def __init__(self, cache: Path, root: Path, asked: object) -> None:
        """Look at the sources as they are now, before anything of them is read.

        Args:
            cache: the folder of the cache.
            root: the folder of cards.
            asked: all that the result depends on beside the folder's files.
        """
        self._cache = cache
        self._stamps = take_stamps(root)
        self._key = digest(
            b"run", fingerprint(), str(Path.cwd()).encode(), str(root).encode(), write_value(asked)
        )

    def recall(self) -> Any:
        """Return the result of the same run before, if it would be the same now; else None."""
        cache = Cache(self._cache)
        data = cache.read([self._key]).get(self._key)
        cache.close()
        if data is None:
            return None
        known = json.loads(data)
        same = (
            known["stamps"] == self._stamps.digest
            and known["newest"] <= latest_time()
            and all(_digest_of(Path(path)) == was for path, was in known["fresh"].items())
            and all(_digest_of(Path(path)) == was for path, was in known["outputs"].items())
        )
        return known["value"] if same else None

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
        cache = Cache(self._cache)
        cache.write({self._key: write_value(known)})
        cache.close()
