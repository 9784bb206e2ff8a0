"""Sounds, videos and spoken texts of a drawn card: taken out, with a mark where each is played."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from deckpress.anki.drawing.words import decode_entities

PLAY = re.compile(r"\[anki:play:([qa]):([0-9]+)\]")
"""The mark where something is played: the side, and its number on it."""

_SOUND = re.compile(r"\[sound:([^\]]+)\]")
_NAME = re.compile(r"\[anki:([^\] \t\r\n]+)")
_OPTION = re.compile(r'([^\] \t\r\n=]+)=("[^"]*"|[^\] \t\r\n"]*)[ \t\r\n]*')
_BLANK = re.compile(r"[ \t\r\n]*")
_NO_LANGUAGE = "[Error in directive '\u2068anki:tts\u2069': \u2068'\u2068lang\u2069' not set\u2069]"
_SPACED = frozenset("] \t\r\n")


@dataclass(frozen=True, slots=True)
class Drawn:
    """A side of a card: its HTML, and by their numbers the files that it plays.

    What is spoken is an empty name: only Anki has a voice for it.
    """

    html: str
    played: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Directive:
    name: str
    options: dict[str, str]
    content: str


def take_sounds(html: str, side: str) -> Drawn:
    """Take what is played out of a drawn side.

    Args:
        html: the side.
        side: "q" of a front, "a" of a back.

    Returns:
        The side with marks, and what they play.
    """
    played: list[str] = []
    written: list[str] = []
    changed = False
    for part in _divide(html):
        if isinstance(part, str):
            written.append(part)
            continue
        changed = True
        if isinstance(part, _Directive):
            if part.name != "tts":
                written.append(_write(part))
                continue
            if not part.options.get("lang"):
                written.append(_NO_LANGUAGE)
                continue
        written.append(f"[anki:play:{side}:{len(played)}]")
        played.append("" if isinstance(part, _Directive) else decode_entities(part[0]))
    return Drawn("".join(written), tuple(played)) if changed else Drawn(html)


def _divide(html: str) -> Iterator[str | tuple[str] | _Directive]:
    """Divide a text into words, names of sounds, and directives."""
    at = start = 0
    while (bracket := html.find("[", at)) >= 0:
        sound = _SOUND.match(html, bracket)
        found, end = _read_directive(html, bracket) if not sound else (None, 0)
        at = bracket + 1
        if sound or found:
            yield html[start:bracket]
            if sound:
                yield (sound[1],)
            elif found:
                yield found
            at = start = sound.end() if sound else end
    yield html[start:]


def _read_directive(html: str, at: int) -> tuple[_Directive | None, int]:
    named = _NAME.match(html, at)
    if not named:
        return None, at
    blank = _BLANK.match(html, named.end())
    at = blank.end() if blank else named.end()
    options: dict[str, str] = {}
    while option := _OPTION.match(html, at):
        at = option.end()
        value = option[2]
        options[option[1]] = value[1:-1] if value.startswith('"') else value
    closing = f"[/anki:{named[1]}]"
    end = html.find(closing, at + 1)
    if not html.startswith("]", at) or end < 0:
        return None, at
    return _Directive(named[1], options, html[at + 1 : end]), end + len(closing)


def _write(directive: _Directive) -> str:
    """Write a directive that only an add-on reads, as Anki writes it again."""
    options = "".join(
        f' {name}="{value}"' if _SPACED & set(value) else f" {name}={value}"
        for name, value in directive.options.items()
    )
    return f"[anki:{directive.name}{options}]{directive.content}[/anki:{directive.name}]"
