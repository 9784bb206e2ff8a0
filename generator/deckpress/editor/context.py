"""Where in a text a position is: in front matter, a heading, the words of a card, a YAML file."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Region = Literal["front matter", "heading", "body", "code", "yaml"]

_FENCE = re.compile(r"[ >]*(`{3,}|~{3,})")
_KEY = re.compile(r"(?P<indent>[ \t]*(?:- +)?)\"?(?P<key>[\w-]+)\"?\s*:(?:\s|$)")
_INNER = re.compile(r"[{,]\s*\"?(?P<key>[\w-]+)\"?\s*:\s+(?:\[[^\[\]]*|[^,{}\[\]]*)$")
_WORD = re.compile(r"[\w:./+-]*$")
_ATTRIBUTE = re.compile(r"(?P<key>[\w-]+)=(?:\"[^\"]*|[^\s\"{}]*)$")


@dataclass(frozen=True, slots=True)
class Context:
    """A position in a text, and what stands around it.

    `keys` are the keys of YAML, or the attribute of a heading, whose value stands there, from the
    outermost; `word` is the word before the position, as far as it is written, and `start` its
    offset from 0 in the line. `names_key` says that a key could stand there.
    """

    region: Region
    line: str
    before: str
    word: str
    start: int
    keys: tuple[str, ...] = ()
    names_key: bool = False


def context_at(lines: Sequence[str], line: int, offset: int, *, card: bool) -> Context:
    """Say where a position is.

    Args:
        lines: the lines of the text.
        line: the number of the line, from 0.
        offset: the offset in it, from 0.
        card: whether the text is a card file in Markdown, not YAML.

    Returns:
        What stands around it.
    """
    here = lines[line] if line < len(lines) else ""
    before = here[:offset]
    match = _WORD.search(before)
    word = match[0] if match else ""
    start = len(before) - len(word)
    if not card:
        keys, names = _yaml_keys(lines, line, before, 0)
        return Context("yaml", here, before, word, start, keys, names)
    end = _front_matter_end(lines)
    if 0 < line < end:
        keys, names = _yaml_keys(lines, line, before, 1)
        return Context("front matter", here, before, word, start, keys, names)
    if _in_code(lines, end, line):
        return Context("code", here, before, word, start)
    if re.match(r"#{1,6}[ \t]", here):
        return _heading(here, before, word, start)
    return Context("body", here, before, word, start)


def _front_matter_end(lines: Sequence[str]) -> int:
    """Return the index of the line that ends front matter; 0 without any."""
    if not lines or lines[0].rstrip() != "---":
        return 0
    ends = (at for at, line in enumerate(lines[1:], 1) if line.rstrip() in ("---", "..."))
    return next(ends, len(lines))


def _in_code(lines: Sequence[str], start: int, line: int) -> bool:
    fence = ""
    for each in lines[start:line]:
        match = _FENCE.match(each)
        if not match:
            continue
        if not fence:
            fence = match[1]
        elif match[1].startswith(fence) and not each[match.end() :].strip():
            fence = ""
    return bool(fence)


def _heading(here: str, before: str, word: str, start: int) -> Context:
    opening = before.rfind("{")
    if not re.match(r"#[ \t]", here) or opening < 0 or "}" in before[opening:]:
        return Context("body", here, before, word, start)
    attribute = _ATTRIBUTE.search(before[opening:])
    if attribute:
        value = attribute[0].partition("=")[2].lstrip('"')
        written = re.split(r"[,;]\s*", value)[-1]
        start = len(before) - len(written)
        return Context("heading", here, before, written, start, (attribute["key"],))
    return Context("heading", here, before, word, start, (), names_key=True)


def _yaml_keys(
    lines: Sequence[str], line: int, before: str, first: int
) -> tuple[tuple[str, ...], bool]:
    """Return the keys that a position in YAML stands under, and whether it may be in a key."""
    keys: list[str] = []
    inner = _INNER.search(before)
    own = _KEY.match(before)
    if inner:
        keys.append(inner["key"])
    names = bool(re.fullmatch(r"[ \t]*(?:- +)?[\w-]*", before)) or bool(
        re.search(r"[{,]\s*[\w-]*$", before) and "{" in before
    )
    if own:
        keys.append(own["key"])
        depth = len(own["indent"])
    else:
        depth = len(before) - len(before.lstrip(" \t"))
        # A list may stand as far left as its key.
        depth += before.lstrip().startswith("-")
    for each in reversed(lines[first:line]):
        match = _KEY.match(each)
        if match and len(match["indent"]) < depth:
            keys.append(match["key"])
            depth = len(each) - len(each.lstrip(" \t"))
            depth += each.lstrip().startswith("-")
            if depth == 0:
                break
    return tuple(reversed(keys)), names
