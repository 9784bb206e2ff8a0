"""The line that opens a code fence: language, stressed lines, and what the code is for."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from deckpress.text.problem import Fix, Location, Problem, replacing
from deckpress.text.suggestions import fixes_of, suggest
from deckpress.tree.code import is_language, known_languages

_WORD = re.compile(r"""hl_lines=(?:"([^"]*)"|'([^']*)'|(\S+))|[\w-]+=(?:"[^"]*"|'[^']*')|\S+""")

_LINES = re.compile(r"\d+(?:-\d+)?(?:,\d+(?:-\d+)?)*")
_PLAIN = {
    "plaintext": "text", "plain": "text", "txt": "text", "none": "text", "no-highlight": "text",
    "nohighlight": "text", "raw": "text", "ascii": "text", "dataview": "text",
    "dataviewjs": "text", "tasks": "text", "shell-session":
    "console", "golang": "go", "c++": "cpp", "c#": "csharp", "py3": "python3", "node": "js",
    "jsonc": "json5", "assembly": "asm", "vb": "vb.net",
}  # fmt: skip
"""What others call languages that have another name here."""

_WORDS = ("test", "cloze", "hl_lines=")
"""What may stand behind the language."""

_QUERIES = frozenset({"dataview", "dataviewjs", "tasks"})
_DIAGRAMS = frozenset({"mermaid", "plantuml", "puml", "graphviz", "ditaa", "d2", "nomnoml"})

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

    def say(at: int, message: str, hint: str, *, rule: str, fixes: tuple[Fix, ...] = ()) -> None:
        where = Location("", 1, at + 1)
        problems.append(Problem(where, message, hint, rule=rule, fixes=fixes))

    words = list(_WORD.finditer(_without_braces(info)))
    language = ""
    if words and not words[0][0].startswith("hl_lines=") and not _LINES.fullmatch(words[0][0]):
        first = words.pop(0)
        language = _PLAIN.get(first[0].lower(), first[0])
        if first[0].lower() in _QUERIES:
            hint = "write its answer; to show the query itself, call the language text"
            message = f"the query of {first[0]} is shown as code"
            say(first.start(), message, hint, rule="raw-dialect")
        elif language.lower() in _DIAGRAMS:
            hint = "draw it, save it as SVG, and write ![what is seen](file.svg)"
            say(first.start(), f"{language} is not drawn as a figure", hint, rule="diagram-code")
        elif not is_language(language):
            hint = suggest(language, known_languages(), most=0)
            hint = hint if hint.startswith("did") else "write text, or leave the language out"
            say(
                first.start(),
                f"unknown language '{language}'",
                hint,
                rule="unknown-language",
                fixes=fixes_of(language, known_languages()) or (replacing(language, "text"),),
            )
    attrs["language"] = language
    for word in words:
        at = word.start()
        if word[0] in ("test", "cloze"):
            attrs[word[0]] = "yes"
        elif word[0].startswith("hl_lines=") or _LINES.fullmatch(word[0]):
            lines = _read_lines(word[1] or word[2] or word[3] or word[0])
            attrs["lines"] = " ".join(map(str, lines))
            if len(lines) > MOST_LINES:
                say(
                    at,
                    f"more than {MOST_LINES:,} lines to highlight",
                    "name those that matter",
                    rule="too-many-lines",
                )
                attrs["lines"] = ""
            elif not lines:
                message = f"the lines to highlight cannot be read: {word[0]}"
                say(at, message, 'hl_lines="1 3-4"', rule="unreadable-lines")
        else:
            hint = suggest(word[0], _WORDS)
            near = hint.startswith("did")
            fixes = fixes_of(word[0], _WORDS) if near else (replacing(word[0], ""),)
            hint = hint if near else "delete it; only test, cloze and hl_lines= have an effect"
            message = f"unknown word '{word[0]}' after the fence"
            say(at, message, hint, rule="unknown-fence-word", fixes=fixes)
    return FenceInfo(attrs, tuple(problems))


def _without_braces(info: str) -> str:
    """Blank the braces of `{python}`, `{.python .x}`, `{1,3}`; places stay as they are."""
    text = re.sub(
        r"\{([^{}]*)\}", lambda m: f" {m[1].replace(', ', ',')} ".ljust(len(m[0])), info.strip()
    )
    return re.sub(r"(?<!\S)\.(?=[A-Za-z])", " ", text)


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
