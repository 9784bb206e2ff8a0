"""The holes of a cloze note as Anki shows them: asked, revealed, and counted."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from deckpress.anki.drawing.words import encode_attribute, strip_tags
from deckpress.text.closed import find_closed

_MARK = re.compile(r"\{\{c([0-9,]*)::|\}\}")
_FORMULA = re.compile(r"(\\[(\[])(.*?)(\\[\])])", re.DOTALL)
_FORMULA_BEGINS = re.compile(r"\\[(\[]")
_DEEPEST = 10
"""How deep holes may lie in each other; a marker that is deeper is dropped."""
_MOST = 0xFFFF
_AREA = "image-occlusion:"
_SHAPES = ("rect", "ellipse", "polygon", "text")
_PROPERTY = re.compile(r":([^=]+)=((?:[^\\:]+|\\[\\:])*)")
_PLAIN = ("left", "top", "angle", "fill")
_MEASURES = ("width", "height", "rx", "ry", "scale")


@dataclass(slots=True)
class _Hole:
    """A hole: the numbers of its cards, what it hides, its hint."""

    numbers: tuple[int, ...]
    inside: list[_Hole | str] = field(default_factory=list)
    hint: str | None = None

    @property
    def asked(self) -> str:
        return "..." if self.hint is None else self.hint

    @property
    def hidden(self) -> str:
        return "".join(part if isinstance(part, str) else part.hidden for part in self.inside)

    @property
    def area(self) -> str | None:
        """What it says of an area of an image, if it hides one."""
        first = self.inside[0] if self.inside else None
        if isinstance(first, str) and first.startswith(_AREA):
            return first.removeprefix(_AREA)
        return None

    @property
    def ordinals(self) -> str:
        return ",".join(map(str, self.numbers))


_Parts = Sequence[_Hole | str]


def show_holes(text: str, number: int, *, asked: bool) -> str:
    """Write a text with its holes, as the filter `cloze` does.

    Args:
        text: the HTML of a field.
        number: that of the card, from 1: its holes are asked, the others are open.
        asked: whether it is the front, where they are shut.

    Returns:
        HTML; empty when no hole of that number is in the text.
    """
    parts = _divide(text)
    if not any(number in hole.numbers for hole in _all_shown(parts)):
        return ""
    shown = "".join(_show(part, number, asked=asked) for part in parts)
    # MathJax would not read a formula with tags in it.
    written: list[str] = []
    start = 0
    for found in find_closed(_FORMULA, _FORMULA_BEGINS, shown):
        written += [shown[start : found.start(2)], strip_tags(found[2])]
        start = found.end(2)
    return "".join((*written, shown[start:]))


def show_only_holes(text: str, number: int, *, asked: bool) -> str:
    """Write the holes of a card and nothing else, as the filter `cloze-only` does."""
    found = (hole for hole in _all(_divide(text)) if number in hole.numbers)
    return ", ".join(hole.asked if asked else hole.hidden for hole in found)


def hole_numbers(texts: Iterable[str]) -> set[int]:
    """Return the numbers of all holes in some texts; 0 is none."""
    return {n for text in texts for hole in _all(_divide(text)) for n in hole.numbers if n}


def _divide(text: str) -> list[_Hole | str]:
    """Divide a text into holes and what stands between them."""
    top: list[_Hole | str] = []
    open_: list[_Hole] = []

    def put_text(piece: str) -> None:
        if not piece:
            return
        if not open_:
            top.append(piece)
            return
        hole = open_[-1]
        if "::" in piece and not piece.startswith(_AREA):
            piece, _, hole.hint = piece.partition("::")
        hole.inside.append(piece)

    at = 0
    for mark in _MARK.finditer(text):
        opens = mark[0] != "}}"
        numbers = _numbers(mark[1]) if opens else ()
        if opens and not numbers:
            continue
        put_text(text[at : mark.start()])
        at = mark.end()
        if opens:
            if len(open_) < _DEEPEST:
                open_.append(_Hole(numbers))
        elif open_:
            hole = open_.pop()
            (open_[-1].inside if open_ else top).append(hole)
        else:
            top.append("}}")
    put_text(text[at:])
    return top


def _numbers(digits: str) -> tuple[int, ...]:
    found = {int(part) for part in digits.split(",") if part}
    return tuple(sorted(number for number in found if number <= _MOST))


def _all(parts: _Parts) -> Iterator[_Hole]:
    for part in parts:
        if isinstance(part, _Hole):
            yield part
            yield from _all(part.inside)


def _all_shown(parts: _Parts) -> Iterator[_Hole]:
    """Yield all holes but those in an area of an image, whose inside is never looked at."""
    for part in parts:
        if isinstance(part, _Hole):
            yield part
            if part.area is None:
                yield from _all_shown(part.inside)


def _show(part: _Hole | str, number: int, *, asked: bool) -> str:
    if isinstance(part, str):
        return part
    active = number in part.numbers
    if part.area is not None:
        return _show_area(part, part.area, active=active, asked=asked)
    inner = "".join(_show(each, number, asked=asked) for each in part.inside)
    if active and asked:
        hidden = encode_attribute(inner)
        start = f'<span class="cloze" data-cloze="{hidden}" data-ordinal="{part.ordinals}">'
        return f"{start}[{part.asked}]</span>"
    kind = "cloze" if active else "cloze-inactive"
    return f'<span class="{kind}" data-ordinal="{part.ordinals}">{inner}</span>'


def _show_area(hole: _Hole, area: str, *, active: bool, asked: bool) -> str:
    kind = "cloze-highlight" if active else "cloze-inactive"
    if (asked and active) or 0 in hole.numbers:
        kind = "cloze"
    return f'<div class="{kind}" data-ordinal="{hole.ordinals}" {_describe_area(area)}></div>'


def _describe_area(area: str) -> str:
    """Write the properties of an area as attributes, each with a space behind it."""
    shape, colon, _ = area.partition(":")
    if not colon:
        return ""
    written = f'data-shape="{shape}" ' if shape in _SHAPES else ""
    at = len(shape)
    while match := _PROPERTY.match(area, at):
        at = match.end()
        name, value = match[1], re.sub(r"\\([\\:])", r"\1", match[2])
        written += _describe_property(name, value)
    return written


def _describe_property(name: str, value: str) -> str:
    if not value or (name in _MEASURES and value == "0"):
        return ""
    if name in _PLAIN or name in _MEASURES:
        return f'data-{name}="{value}" '
    match name:
        case "points":
            pairs = (pair.partition(",") for pair in value.split(" ") if "," in pair)
            points = " ".join(f"{x},{y}" for x, _, y in pairs)
            return f'data-points="{points}" ' if points else ""
        case "oi":
            return f'data-occludeInactive="{value}" '
        case "text":
            return f'data-text="{encode_attribute(value)}" '
        case "fs":
            return f'data-font-size="{value}" '
    return ""
