"""The line that opens a code fence: language, stressed lines, and what the code is for."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from deckpress.text.problem import Location, Problem
from deckpress.text.suggestions import suggest
from deckpress.tree.code import is_language, known_languages

_WORD = re.compile(r"""hl_lines=(?:"([^"]*)"|'([^']*)'|(\S+))|\S+""")

MOST_LINES = 1000


@dataclass(frozen=True, slots=True)
class FenceInfo:
    """What a fence says of itself: attributes of its node, and mistakes at places in the words."""

    attrs: dict[str, str] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


def read_info(info: str) -> FenceInfo:
    """Read the words behind the three backticks.

    Args:
        info: such as `python hl_lines="1 3-4" test`.

    Returns:
        Attributes `language`, `lines` (numbers, separated by spaces), `test` and `cloze` ("yes").
    """
    attrs: dict[str, str] = {}
    problems: list[Problem] = []

    def say(at: int, message: str, hint: str, *, rule: str) -> None:
        problems.append(Problem(Location("", 1, at + 1), message, hint, rule=rule))

    language, _, rest = info.strip().partition(" ")
    if language and not is_language(language):
        say(
            0,
            f"unknown language '{language}'",
            suggest(language, known_languages()),
            rule="unknown-language",
        )
    attrs["language"] = language
    for word in _WORD.finditer(rest.replace("{", " ").replace("}", " ")):
        at = len(language) + 1 + word.start()
        if word[0] in ("test", "cloze"):
            attrs[word[0]] = "yes"
        elif word[0].startswith("hl_lines="):
            lines = _read_lines(word[1] or word[2] or word[3] or "")
            attrs["lines"] = " ".join(map(str, lines))
            if len(lines) > MOST_LINES:
                say(
                    at,
                    f"over {MOST_LINES:,} lines to stress",
                    "name those that matter",
                    rule="too-many-lines",
                )
                attrs["lines"] = ""
            elif not lines:
                say(
                    at,
                    f"lines to stress cannot be read: {word[0]}",
                    'hl_lines="1 3-4"',
                    rule="unreadable-lines",
                )
        else:
            options = ("test", "cloze", "hl_lines=")
            say(
                at,
                f"unknown word '{word[0]}' behind the fence",
                suggest(word[0], options),
                rule="unknown-fence-word",
            )
    return FenceInfo(attrs, tuple(problems))


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
