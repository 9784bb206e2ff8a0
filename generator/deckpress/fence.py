"""The line that opens a code fence: language, stressed lines, and what the code is for."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from deckpress.highlight import is_language, known_languages
from deckpress.problem import suggest

_WORD = re.compile(r"""hl_lines=(?:"([^"]*)"|'([^']*)'|(\S+))|\S+""")

MOST_LINES = 1000


@dataclass(frozen=True, slots=True)
class FenceInfo:
    """What a fence says of itself: attributes of its node, and faults as (message, hint)."""

    attrs: dict[str, str] = field(default_factory=dict)
    faults: tuple[tuple[str, str], ...] = ()


def read_info(info: str) -> FenceInfo:
    """Read the words behind the three backticks.

    Args:
        info: such as `python hl_lines="1 3-4" test`.

    Returns:
        Attributes `language`, `lines` (numbers, separated by spaces), `test` and `cloze` ("yes").
    """
    attrs: dict[str, str] = {}
    faults: list[tuple[str, str]] = []
    language, _, rest = info.strip().partition(" ")
    if language and not is_language(language):
        faults.append((f"unknown language '{language}'", suggest(language, known_languages())))
    attrs["language"] = language
    for word in _WORD.finditer(rest.replace("{", " ").replace("}", " ")):
        if word[0] in ("test", "cloze"):
            attrs[word[0]] = "yes"
        elif word[0].startswith("hl_lines="):
            lines = _read_lines(word[1] or word[2] or word[3] or "")
            attrs["lines"] = " ".join(map(str, lines))
            if len(lines) > MOST_LINES:
                faults.append((f"over {MOST_LINES:,} lines to stress", "name those that matter"))
                attrs["lines"] = ""
            elif not lines:
                faults.append((f"lines to stress cannot be read: {word[0]}", 'hl_lines="1 3-4"'))
        else:
            options = ("test", "cloze", "hl_lines=")
            faults.append((f"unknown word '{word[0]}' behind the fence", suggest(word[0], options)))
    return FenceInfo(attrs, tuple(faults))


def _read_lines(text: str) -> list[int]:
    lines: list[int] = []
    for part in re.split(r"[\s,]+", text.strip("[] ")):
        match = re.fullmatch(r"([1-9]\d{0,3})(?:-([1-9]\d{0,3}))?", part)
        if not match:
            return []
        lines.extend(range(int(match[1]), int(match[2] or match[1]) + 1))
        if len(lines) > MOST_LINES:
            break
    return lines
