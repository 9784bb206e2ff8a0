"""What was made of card files, kept in sheaves: an entry of the cache holds a dozen neighbours."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from deckpress.pipeline.cache import Cache, digest
from deckpress.text.values import UnreadableError, pack_value, unpack_value

Made = tuple[bytes, bytes]
"""A card, and what a writing made of its notes, both packed."""
_EVERY = 16
"""How many files a sheaf has, on average."""
_MANY = 16
"""Entries that are written at a time."""


def bind_sheaves(names: Sequence[str]) -> list[range]:
    """Divide files into sheaves of neighbours.

    Where one ends depends on the name of its last file alone, so that a file more or less changes
    one or two of them.

    Args:
        names: the files, in their order.

    Returns:
        The positions of each sheaf's files, in their order.
    """
    folded = [zlib.crc32(name.encode("utf-8", "surrogateescape")) for name in names]
    ends = [at for at, number in enumerate(folded, 1) if number % _EVERY == 0]
    starts = [0, *ends]
    return [range(a, b) for a, b in zip(starts, [*ends, len(names)], strict=True) if a < b]


def sheaf_name(keys: Iterable[bytes]) -> bytes:
    """Return the name of a sheaf: a hash over its files' keys."""
    return digest(b"sheaf", *keys)


@dataclass(slots=True)
class KeptCards:
    """The card files of a deck in a cache.

    A file's key is a hash over all that its card is made from. A sheaf's name only says where to
    look: one of an earlier build still holds the files that have not changed.
    """

    cache: Cache
    _open: dict[bytes, dict[str, dict[bytes, Made]]] = field(default_factory=dict)
    _new: dict[bytes, set[str]] = field(default_factory=dict)
    _fresh: dict[bytes, bytes] = field(default_factory=dict)

    def open(
        self,
        sheaves: Mapping[bytes, Sequence[bytes]],
        earlier: Iterable[bytes],
        writings: Sequence[str],
    ) -> dict[str, dict[bytes, Made]]:
        """Look up sheaves, which can then be added to until they are closed.

        Args:
            sheaves: the keys of their files, by name.
            earlier: the names of others in which some of the files may be.
            writings: the names of the writings that are asked for.

        Returns:
            By writing, what is kept of files, by their keys; also of some that were not asked for.
        """
        # What lies under the name of today was written last.
        names = [*dict.fromkeys(name for name in earlier if name not in sheaves), *sheaves]
        values = self.cache.read([_place(name, w) for w in writings for name in names])
        there: dict[bytes, dict[bytes, Made]] = {}
        for place, data in values.items():
            with suppress(UnreadableError):
                there[place] = unpack_value(data, dict)
        kept: dict[str, dict[bytes, Made]] = {}
        for writing in writings:
            found = kept[writing] = {}
            for name in names:
                found.update(there.get(_place(name, writing), {}))
        for name, keys in sheaves.items():
            here = {w: {k: found[k] for k in keys if k in found} for w, found in kept.items()}
            self._open[name] = here
            self._new[name] = {w for w in writings if here[w] and _place(name, w) not in there}
        return kept

    def add(self, name: bytes, key: bytes, made: Mapping[str, Made]) -> None:
        """Add what was made of a file to its sheaf, by the names of writings."""
        for writing, one in made.items():
            self._open[name][writing][key] = one
            self._new[name].add(writing)

    def close(self, names: Iterable[bytes]) -> None:
        """Close sheaves; what is new in them is written some time."""
        for name in names:
            made, new = self._open.pop(name), self._new.pop(name)
            for writing in new:
                self._fresh[_place(name, writing)] = pack_value(made[writing], dict)
        if len(self._fresh) >= _MANY:
            self._write()

    def close_all(self) -> None:
        """Close what is open, and write what is new."""
        self.close([*self._open])
        self._write()

    def _write(self) -> None:
        self.cache.write(self._fresh)
        self._fresh.clear()


def _place(name: bytes, writing: str) -> bytes:
    return name + writing.encode()
