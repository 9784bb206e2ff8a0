"""Small files of every format that cards show or play, made here."""

from __future__ import annotations

import io
import math
import struct
import wave

MP3 = (b"\xff\xfb\x90\x00" + bytes(413)) * 8
"""Eight frames of silence."""

FILES = {
    "a.mp3": MP3,
    "tagged.mp3": b"ID3\x04" + bytes(30),
    "a.ogg": b"OggS" + bytes(24) + b"\x01vorbis",
    "a.opus": b"OggS" + bytes(24) + b"OpusHead",
    "a.m4a": bytes(3) + b"\x20ftypM4A ",
    "a.mp4": bytes(3) + b"\x20ftypisom",
    "a.webm": b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm",
    "a.gif": b"GIF89a" + b"\x01\x00\x01\x00\x80\x00\x00\xff\xff\xff\x00\x00\x00"
    b",\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;",
    "a.webp": bytes.fromhex("524946461a000000574542505650384c0e0000002f00000000071011fd0f4444ff03"),
}


def make_wav(hertz: int = 440, seconds: float = 0.2) -> bytes:
    """Return a tone as a WAV file."""
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        tone = (math.sin(2 * math.pi * hertz * at / 8000) for at in range(int(8000 * seconds)))
        file.writeframes(b"".join(struct.pack("<h", int(9000 * value)) for value in tone))
    return buffer.getvalue()
