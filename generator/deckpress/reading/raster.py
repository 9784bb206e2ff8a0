"""Whether a PNG, JPEG, GIF or WebP file is whole and not too large, by its own structure.

Its pixels are not read.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable

_PNG = b"\x89PNG\r\n\x1a\n"
_MOST_SIDE, _MOST_PIXELS = 16_000, 50_000_000
"""The largest images that are taken: Typst reads no JPEG with longer sides, and a browser needs
four bytes a pixel."""


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
    at, image = len(_PNG), bytearray()
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
            return _check_size(size) or _check_pixels(bytes(image), size)
        at = end
    return "is cut off"


def _check_size(size: tuple[int, int]) -> str:
    width, height = size
    if all(0 < side <= _MOST_SIDE for side in size) and width * height <= _MOST_PIXELS:
        return ""
    most = f"{_MOST_SIDE:,} a side and {_MOST_PIXELS // 1_000_000} million in all are the most"
    return f"has {width} × {height} pixels; {most}"


def _check_pixels(image: bytes, size: tuple[int, int]) -> str:
    unpack = zlib.decompressobj()
    try:
        left, most = image, 8 * (size[0] + 8) * (size[1] + 8) + 1_000_000
        made = 0
        while left:
            made += len(unpack.decompress(left, 16_000_000))
            left = unpack.unconsumed_tail
            if made > most:
                return "holds more than its size says"
    except zlib.error:
        return "is damaged"
    return "" if unpack.eof else "is cut off"


def _check_jpeg(data: bytes) -> str:
    if b"\xff\xd9" not in data[-1024:]:
        return "is cut off"
    at = 2
    while at + 9 <= len(data):
        if data[at] != 0xFF:
            return "is damaged"
        kind = data[at + 1]
        if kind == 0xFF or 0xD0 <= kind <= 0xD8 or kind == 0x01:
            at += 1 if kind == 0xFF else 2
            continue
        (length,) = struct.unpack(">H", data[at + 2 : at + 4])
        if 0xC0 <= kind <= 0xCF and kind not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return _check_size((width, height))
        if kind in (0xD9, 0xDA):
            break
        at += 2 + max(length, 2)
    return "is damaged"


def _check_gif(data: bytes) -> str:
    if len(data) < 13 or not data.rstrip(b"\0").endswith(b";"):
        return "is cut off"
    return _check_size(struct.unpack("<HH", data[6:10]))


def _check_webp(data: bytes) -> str:
    if len(data) < 30 or data[8:12] != b"WEBP":
        return "is no WebP"
    (length,) = struct.unpack("<I", data[4:8])
    if len(data) < length + 8:
        return "is cut off"
    kind, held = data[12:16], data[20:30]
    if kind == b"VP8X":
        wide, high = held[4:7] + b"\0", held[7:10] + b"\0"
        size = struct.unpack("<I", wide)[0] + 1, struct.unpack("<I", high)[0] + 1
    elif kind == b"VP8L":
        (bits,) = struct.unpack("<I", held[1:5])
        size = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    elif kind == b"VP8 ":
        wide, high = struct.unpack("<HH", held[6:10])
        size = wide & 0x3FFF, high & 0x3FFF
    else:
        return "is damaged"
    return _check_size(size)


_CHECKS: dict[str, Callable[[bytes], str]] = {
    ".png": _check_png,
    ".jpg": _check_jpeg,
    ".jpeg": _check_jpeg,
    ".gif": _check_gif,
    ".webp": _check_webp,
}
