"""The filters of Anki's template language, such as `{{hint:Field}}`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from deckpress.anki.drawing.cloze import show_holes, show_only_holes
from deckpress.anki.drawing.words import strip_html, trim
from deckpress.text.hashes import hash_of

_READING = re.compile(r" ?([^ >]+?)\[(.+?)\]")


@dataclass(frozen=True, slots=True)
class Replacement:
    """What a filter is given beside its text: the field's name, the card's number, the side."""

    field: str
    number: int
    asked: bool


def apply_filters(text: str, names: Sequence[str], place: Replacement) -> str:
    """Apply filters to the text of a field.

    Args:
        text: the field's HTML.
        names: the filters in the order in which they act.
        place: where the field stands.

    Returns:
        The filtered text. With a filter that Anki does not know, which add-ons may, it ends.
    """
    if names and names[-1] == "type":
        names = _TYPED.get(tuple(names), ("type",))
    for name in names:
        if name.startswith("tts "):
            text = f"[anki:tts lang={name.removeprefix('tts ')}]{text}[/anki:tts]"
        elif name in _FILTERS:
            text = _FILTERS[name](text, place)
        elif name:
            break
    return text


_TYPED: Mapping[tuple[str, ...], tuple[str]] = {
    ("cloze", "type"): ("type-cloze",),
    ("nc", "type"): ("type-nc",),
}
"""What stands before `type` and is heeded; all else is not."""


def _hint(text: str, place: Replacement) -> str:
    if not trim(text):
        return text
    name = hash_of(f"{text}{place.field}".encode()).hex()[:16]
    return f"""
<a class=hint href="#"
onclick="this.style.display='none';
document.getElementById('hint{name}').style.display='block';
return false;" draggable=false>
{place.field}</a>
<div id="hint{name}" class=hint style="display: none">{text}</div>
"""


def _readings(write: Callable[[str, str], str]) -> Callable[[str, Replacement], str]:
    """Return a filter that writes each `word[reading]` in a way of its own; sounds are none."""

    def write_match(match: re.Match[str]) -> str:
        return match[0] if match[2].startswith("sound:") else write(match[1], match[2])

    return lambda text, place: _READING.sub(write_match, text.replace("&nbsp;", " "))


_FILTERS: Mapping[str, Callable[[str, Replacement], str]] = {
    "text": lambda text, place: strip_html(text),
    "furigana": _readings(lambda word, above: f"<ruby><rb>{word}</rb><rt>{above}</rt></ruby>"),
    "kanji": _readings(lambda word, above: word),
    "kana": _readings(lambda word, above: above),
    "hint": _hint,
    "type": lambda text, place: f"[[type:{place.field}]]",
    "type-cloze": lambda text, place: f"[[type:cloze:{place.field}]]",
    "type-nc": lambda text, place: f"[[type:nc:{place.field}]]",
    "cloze": lambda text, place: show_holes(text, place.number, asked=place.asked),
    "cloze-only": lambda text, place: show_only_holes(text, place.number, asked=place.asked),
}
