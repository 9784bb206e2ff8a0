"""Files of `Q:` and `A:` lines, read as questions and answers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from deckpress.text.problem import Location, Problem

_MARK = r"(?:\*\*|__)?(?:{})(?:[ \t]*\d{{1,4}})?[ \t]*[:.](?:\*\*|__)?[ \t]+(?=\S)"
_QUESTION = re.compile(_MARK.format("Q|Question"))
_ANY_QUESTION = re.compile(f"^{_QUESTION.pattern}", re.MULTILINE)
_ANSWER = re.compile(_MARK.format("A|Answer"))
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_MOST_INDENT = 3
"""More spaces than these make code of a line."""


def read_question_lines(text: str) -> tuple[str, list[Problem]]:
    """Write questions behind `Q:` as headings, and take `A:` from the answers.

    Args:
        text: a card file without its front matter; with headings of the first level it is one of
            the usual kind, and stays as it is.

    Returns:
        The text with the same lines, what was meant on each of them in the same column as far as
        can be; and what cannot be read so.
    """
    if "Q" not in text or not _ANY_QUESTION.search(text):
        return text, []
    lines = text.split("\n")
    marks = list(_marks(lines))
    kinds = [kind for _, kind, _ in marks]
    if "Q" not in kinds or "A" not in kinds:
        return text, []
    problems: list[Problem] = []
    if "#" in kinds:
        hint = "write every question as # question, or remove the # headings from the file"
        problems += (
            Problem(
                Location("", at + 1), "'Q:' does not begin a note here", hint, rule="question-lines"
            )
            for at, kind, _ in marks
            if kind == "Q"
        )
        return text, problems
    question = -1
    for at, kind, length in marks:
        line = lines[at]
        if kind == "Q":
            lines[at] = "#" + " " * (length - 1) + line[length:]
            question = at
        elif question >= 0:
            between = [n for n in range(question + 1, at) if lines[n].strip()]
            if between:
                hint = "write the question on one line"
                where = Location("", between[0] + 1)
                message = "the question continues here"
                problems.append(Problem(where, message, hint, rule="question-lines"))
            lines[at] = " " * min(length, _MOST_INDENT) + line[length:]
            question = -1
    return "\n".join(lines), problems


def _marks(lines: Sequence[str]) -> Iterator[tuple[int, str, int]]:
    """Yield the lines outside fences that begin with a mark or a #, with the length of it."""
    fence = ""
    for at, line in enumerate(lines):
        bar = _FENCE.match(line)
        if bar and not fence:
            fence = bar[1]
        elif fence:
            fence = "" if bar and bar[1].startswith(fence) else fence
        elif re.match(r"#[ \t]", line):
            yield at, "#", 1
        elif match := _QUESTION.match(line):
            yield at, "Q", match.end()
        elif match := _ANSWER.match(line):
            yield at, "A", match.end()
