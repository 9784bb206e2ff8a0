"""Hashes of bytes that are for a cache, or as Anki has them; the only door to blake3."""

from __future__ import annotations

from collections.abc import Iterable

from blake3 import blake3


def hash_of(data: bytes | memoryview) -> bytes:
    """Return the BLAKE3 hash of bytes, in 32 bytes; four times as fast as hashlib's."""
    return blake3(data).digest()


def hash_of_all(parts: Iterable[bytes]) -> bytes:
    """Return the hash of parts as if they were one; where each ends makes no difference."""
    found = blake3()
    for part in parts:
        found.update(part)
    return found.digest()
