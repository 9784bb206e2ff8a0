"""The few messages of Protocol Buffers that a package of Anki holds, by number of field."""

from __future__ import annotations

from collections.abc import Iterator

Value = int | bytes


def read_message(data: bytes) -> Iterator[tuple[int, Value]]:
    """Read a message without its schema.

    Args:
        data: the message's bytes.

    Yields:
        The number of each field with its value: numbers as int, everything else as bytes.

    Raises:
        ValueError: this is no message, or it ends too early.
    """
    at = 0
    while at < len(data):
        key, at = _varint(data, at)
        match key & 7:
            case 0:
                value, at = _varint(data, at)
                yield key >> 3, value
            case 1 | 5 as wire:
                size = 8 if wire == 1 else 4
                yield key >> 3, _take(data, at, size)
                at += size
            case 2:
                size, at = _varint(data, at)
                yield key >> 3, _take(data, at, size)
                at += size
            case wire:
                raise ValueError(f"a field of unknown kind {wire}")


def _take(data: bytes, at: int, size: int) -> bytes:
    if at + size > len(data):
        raise ValueError("a message ends too early")
    return data[at : at + size]


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = 0
    for shift in range(0, 70, 7):
        if at >= len(data):
            raise ValueError("a message ends too early")
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
    raise ValueError("a number that never ends")
