"""Whether a PNG, JPEG, GIF or WebP file is whole, by its own structure; its pixels are not read."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable

_PNG = b"\x89PNG\r\n\x1a\n"


def find_cut(suffix: str, data: bytes) -> str:
    """Say what is wrong with the structure of an image.

    Args:
        suffix: the file's ending, such as `.png`.
        data: its bytes, which begin as such a file does.

    Returns:
        What is wrong in words; empty when nothing is, and for other endings.
    """
    check = _CHECKS.get(suffix)
    return check(data) if check else ""


def _check_png(data: bytes) -> str:
    at, image = len(_PNG), b""
    size = (0, 0)
    while at + 12 <= len(data):
        (length,) = struct.unpack(">I", data[at : at + 4])
        kind = data[at + 4 : at + 8]
        end = at + 12 + length
        if end > len(data):
            break
        if struct.unpack(">I", data[end - 4 : end])[0] != zlib.crc32(data[at + 4 : end - 4]):
            return "is damaged"
        if kind == b"IHDR" and length >= 8:
            size = struct.unpack(">II", data[at + 8 : at + 16])
        if kind == b"IDAT":
            image += data[at + 8 : end - 4]
        if kind == b"IEND":
            return _check_pixels(image, size)
        at = end
    return "is cut off"


def _check_pixels(image: bytes, size: tuple[int, int]) -> str:
    if not all(0 < side <= 20_000 for side in size):
        return f"has {size[0]} × {size[1]} pixels"
    unpack = zlib.decompressobj()
    try:
        left, most = image, 8 * (size[0] + 8) * (size[1] + 8) + 1_000_000
        made = 0
        while left:
            made += len(unpack.decompress(left, 1_000_000))
            left = unpack.unconsumed_tail
            if made > most:
                return "holds more than its size says"
    except zlib.error:
        return "is damaged"
    return "" if unpack.eof else "is cut off"


def _check_jpeg(data: bytes) -> str:
    return "" if b"\xff\xd9" in data[-1024:] else "is cut off"


def _check_gif(data: bytes) -> str:
    return "" if data.rstrip(b"\0").endswith(b";") else "is cut off"


def _check_webp(data: bytes) -> str:
    if len(data) < 12 or data[8:12] != b"WEBP":
        return "is no WebP"
    (length,) = struct.unpack("<I", data[4:8])
    return "" if len(data) >= length + 8 else "is cut off"


_CHECKS: dict[str, Callable[[bytes], str]] = {
    ".png": _check_png,
    ".jpg": _check_jpeg,
    ".jpeg": _check_jpeg,
    ".gif": _check_gif,
    ".webp": _check_webp,
}
