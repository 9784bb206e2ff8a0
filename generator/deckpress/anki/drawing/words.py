"""Texts as Anki's renderer treats them: trimmed, without tags, with and without entities."""

from __future__ import annotations

import re
from html.entities import name2codepoint

WHITE = "\t\n\x0b\x0c\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(
    map(chr, range(0x2000, 0x200B))
)
"""What Unicode calls white space; Python strips a few signs more."""

_TAGS = re.compile(
    r"<!--.*?-->|<style.*?>.*?</style>|<script.*?>.*?</script>|<.*?>", re.DOTALL | re.IGNORECASE
)
_NAMED = {**name2codepoint, "apos": 0x27}
_ENTITY = re.compile(r"&(?:#([0-9]+)|#x([0-9A-Fa-f]+)|([^#;][^;]*));")
_MOST = 0x10FFFF
_MINIMAL = {'"': "&quot;", "&": "&amp;", "'": "&#x27;", "<": "&lt;", ">": "&gt;"}


def trim(text: str) -> str:
    """Return a text without white space at its ends."""
    return text.strip(WHITE)


def strip_tags(html: str) -> str:
    """Return HTML without tags, comments, styles and scripts; entities stay."""
    return _TAGS.sub("", html)


def strip_html(html: str) -> str:
    """Return the words of HTML."""
    return decode_entities(strip_tags(html))


def decode_entities(html: str) -> str:
    """Return a text with its entities decoded; as it was, if one of them is none."""
    if "&" not in html:
        return html
    parts: list[str] = []
    at = 0
    while (start := html.find("&", at)) >= 0:
        match = _ENTITY.match(html, start)
        sign = match and _decode(match)
        if not match or sign is None:
            return html
        parts += (html[at:start], sign)
        at = match.end()
    return "".join((*parts, html[at:])).replace("\xa0", " ")


def _decode(match: re.Match[str]) -> str | None:
    decimal, digits, name = match.groups()
    if name is not None:
        return chr(_NAMED[name]) if name in _NAMED else None
    number = int(decimal) if decimal else int(digits, 16)
    return chr(number) if number <= _MOST and not 0xD800 <= number <= 0xDFFF else None


def encode_minimal(text: str) -> str:
    """Escape what has a meaning in HTML."""
    return "".join(_MINIMAL.get(sign, sign) for sign in text)


def encode_attribute(text: str) -> str:
    """Escape every sign below U+0100 that is neither a letter nor a digit of ASCII."""
    return "".join(
        _MINIMAL.get(sign)
        or (f"&#x{ord(sign):02X};" if ord(sign) < 256 and not _is_plain(sign) else sign)
        for sign in text
    )


def _is_plain(sign: str) -> bool:
    return sign.isascii() and sign.isalnum()
