"""Results of earlier builds, in the user's cache folder, under the hash of all they depend on.

A cache can be lost at any time, and never decides what comes out: each entry is sealed with a hash
over its key and its value, so that one which was damaged, cut short or put in the place of another
is as good as none. SQLite keeps two builds at once apart, and a build that is killed.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from deckpress.text.hashes import hash_of, hash_of_all

MOST_BYTES = 500_000_000
"""How large the cache grows; what was not used for longest goes first."""
_NAME = "cache-1.sqlite"
_PART = 500
_SCHEMA = (
    "CREATE TABLE IF NOT EXISTS entries "
    "(key BLOB PRIMARY KEY, value BLOB NOT NULL, seal BLOB NOT NULL, used INTEGER NOT NULL)"
)


def cache_folder() -> Path:
    """Return the folder for caches: `DECKPRESS_CACHE`, or what the system has for it.

    Raises:
        CallError: there is none, for nobody knows of a home folder.
    """
    return find_cache_folder() or home_folder()


def find_cache_folder() -> Path | None:
    """Return the folder for caches; None where nobody knows of one."""
    named = os.environ.get("DECKPRESS_CACHE")
    if named:
        return Path(named)
    if sys.platform == "win32":
        named, below = os.environ.get("LOCALAPPDATA"), "AppData/Local"
    elif sys.platform == "darwin":
        named, below = None, "Library/Caches"
    else:
        named, below = os.environ.get("XDG_CACHE_HOME"), ".cache"
    home = None if named else _find_home()
    base = Path(named) if named else home and home / below
    return base and base / "deckpress"


def _find_home() -> Path | None:
    try:
        return Path.home()
    except RuntimeError:
        return None


def home_folder() -> Path:
    """Return the user's home folder.

    Raises:
        CallError: nobody knows of one, as in a container with a user of no name.
    """
    home = _find_home()
    if home is None:
        from deckpress.text.problem import CallError

        raise CallError("this user has no home folder (set HOME or XDG_CACHE_HOME)")
    return home


def digest(*parts: bytes) -> bytes:
    """Return a hash over parts, which cannot run into each other."""
    lengths = ",".join([str(len(part)) for part in parts]).encode()
    return hash_of(b"".join((lengths, b":", *parts)))[:16]


def _seal(key: bytes, value: bytes) -> bytes:
    """Return a hash over an entry, whose key has 255 bytes at most."""
    return hash_of_all((bytes([len(key)]), key, value))[:16]


def cache_size(folder: Path) -> int:
    """Return how many bytes a cache takes on the disk."""
    path = folder / _NAME
    return path.stat().st_size if path.exists() else 0


def clear_cache(folder: Path) -> int:
    """Delete a cache, and return how many bytes it had."""
    size = 0
    for path in (folder / _NAME, folder / f"{_NAME}-journal"):
        with contextlib.suppress(FileNotFoundError):
            size += path.stat().st_size
            path.unlink()
    return size


_PASSING = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_INTERRUPT,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_PROTOCOL,
        sqlite3.SQLITE_READONLY,
    }
)
"""Errors that say nothing of what is in the cache."""


def _is_damage(error: sqlite3.Error) -> bool:
    """Say whether a cache that fails so would fail next time as well: a table or a value is odd."""
    code: int | None = getattr(error, "sqlite_errorcode", None)
    # The low byte says what it is, the others more of it; a value that is no text has no code.
    return code is None or code & 0xFF not in _PASSING


class Cache:
    """Values by key, as far as the disk allows; any error only makes it forget.

    It opens when it is asked, and after `close` again.
    """

    def __init__(self, folder: Path, *, most: int = MOST_BYTES) -> None:
        """Open a cache.

        Args:
            folder: where it lies; made when missing.
            most: how large it grows, in bytes.
        """
        self._folder, self._most = folder, most
        self._database: sqlite3.Connection | None = None
        self._useless = False
        self._day = int(time.time()) // 86400

    def read(self, keys: Sequence[bytes]) -> dict[bytes, bytes]:
        """Return the values that are there and whole, by key."""
        found: dict[bytes, bytes] = {}
        old: list[tuple[int, bytes]] = []
        with self._careful():
            for at in range(0, len(keys), _PART):
                part = keys[at : at + _PART]
                marks = ",".join("?" * len(part))
                query = f"SELECT key, value, seal, used FROM entries WHERE key IN ({marks})"
                for key, value, seal, used in self._execute(query, part):
                    if isinstance(value, bytes) and _seal(key, value) == seal:
                        found[key] = value
                        if used != self._day:
                            old.append((self._day, key))
            if old:
                self._write("UPDATE entries SET used = ? WHERE key = ?", old)
        return found

    def write(self, values: Mapping[bytes, bytes]) -> None:
        """Keep values by key."""
        if not values:
            return
        rows = [(key, value, _seal(key, value), self._day) for key, value in values.items()]
        with self._careful():
            self._write("INSERT OR REPLACE INTO entries VALUES (?, ?, ?, ?)", rows)

    def close(self) -> None:
        """Close the cache; forget what was not used for longest, if it has grown too large."""
        with self._careful():
            if self._database and self._size() > self._most:
                self._shrink()
        if self._database:
            self._database.close()
            self._database = None

    def _shrink(self) -> None:
        entries = list(self._execute("SELECT key, length(value) FROM entries ORDER BY used, rowid"))
        excess = self._size() - self._most * 3 // 4
        gone: list[tuple[bytes]] = []
        for key, size in entries:
            if excess <= 0:
                break
            excess -= size
            gone.append((key,))
        self._write("DELETE FROM entries WHERE key = ?", gone)

    def _size(self) -> int:
        (pages,), (free,), (size,) = (
            next(iter(self._execute(f"PRAGMA {name}")))
            for name in ("page_count", "freelist_count", "page_size")
        )
        return int((pages - free) * size)

    def _execute(self, query: str, values: Sequence[bytes] = ()) -> Iterable[tuple[Any, ...]]:
        database = self._open()
        return database.execute(query, values) if database else ()

    def _write(self, statement: str, rows: Sequence[tuple[object, ...]]) -> None:
        database = self._open()
        if database is None:
            return
        database.execute("BEGIN IMMEDIATE")
        try:
            database.executemany(statement, rows)
        except BaseException:
            database.execute("ROLLBACK")
            raise
        database.execute("COMMIT")

    def _open(self) -> sqlite3.Connection | None:
        if self._database is None and not self._useless:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._database = sqlite3.connect(self._folder / _NAME, timeout=5, isolation_level=None)
            # Lost power may cost the cache, and no more.
            self._database.execute("PRAGMA synchronous = OFF")
            # Of a new one: on the usual pages of 4,096 bytes, much room stays empty.
            self._database.execute("PRAGMA page_size = 16384")
            self._database.execute(_SCHEMA)
        return self._database

    @contextlib.contextmanager
    def _careful(self) -> Iterator[None]:
        """Do without the cache when it fails; delete it when it is damaged."""
        try:
            yield
        except (OSError, sqlite3.Error) as error:
            self._useless = True
            if self._database:
                with contextlib.suppress(sqlite3.Error):
                    self._database.close()
                self._database = None
            if isinstance(error, sqlite3.Error) and _is_damage(error):
                with contextlib.suppress(OSError):
                    clear_cache(self._folder)
