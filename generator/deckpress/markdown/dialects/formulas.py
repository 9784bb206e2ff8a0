"""Formulas in the notations of others: loose dollars, GitLab's, Anki's own, numbered equations."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

_COMMAND = re.compile(r"\\(?:[A-Za-z]+|.)", re.DOTALL)
_WORDS = re.compile(r"\\(?:text\w*|math\w+|operatorname\*?|begin|end)\s*\{[^{}]*\}")
_SIGN = re.compile(r"[\\^_=]")
_SHORT = re.compile(r"-?[^\W\d_]['′]*(?:\s*[-+*/<>|,;()\[\]]\s*|\w(?!\w\w)|\d)*")
_MONEY = re.compile(r"\d[\d.,]*(?:\s*[kKmMbB])?\s+[a-z]+\b.*\d|[A-Z_]{3,}\b[;:,.]?\s", re.DOTALL)
"""What stands between the dollars of two prices, or behind the name of a shell's variable."""

_GITLAB = re.compile(r"\$`([^`]+)`\$")
_OPENING = re.compile(r"(\\\\?)([(\[])")
_BRACKETS = {"(": ")", "[": "]"}
_NUMBERED = re.compile(r"\\(begin|end)(\s*\{)(align|equation|gather|multline)\}")
_LIKE_ALIGN = re.compile(
    r"\\(?P<side>begin|end)\s*\{(?:flalign|alignat)\*?\}(?:(?<=\})\s*\{\d+\})?"
)
_NUMBERS = re.compile(r"\\(?:nonumber|notag)(?![A-Za-z])\s*|\\label\s*\{[^{}]*\}\s*")


def looks_like_formula(text: str) -> bool:
    """Say whether what stands between loose delimiters is LaTeX, not words or money."""
    bare = _COMMAND.sub(" ", _WORDS.sub(" ", text)).strip()
    if re.search(r"[^\W\d_]{3,}", bare):
        return False
    if _SIGN.search(text):
        return not re.match(r"[\d.,]+\s*(?:[^\\^_=\d\s]|$)", text) or "\\" in text
    return bool(_SHORT.fullmatch(text.strip()))


def remove_numbers(latex: str) -> str:
    """Turn environments that number equations into those that do not: no card has numbers."""
    unlike = _LIKE_ALIGN.sub(r"\\\g<side>{align*}", latex)
    if unlike == latex and not _NUMBERED.search(latex):
        return latex
    return _NUMBERS.sub("", _NUMBERED.sub(r"\\\1\2\3*}", unlike))


def read_dollars(state: Any, silent: bool) -> bool:
    """Read `$...$`, `$$...$$` among words, and GitLab's $`...`$.

    Spaces inside the dollars and digits beside them make a formula only of what looks like one;
    otherwise they are prices. No formula goes across a backtick: code binds tighter.
    """
    source, start = state.src, state.pos
    if not source.startswith("$", start):
        return False
    gitlab = _GITLAB.match(source, start)
    if gitlab:
        return _push(state, gitlab[1], "$`", gitlab.end(), silent)
    mark = "$$" if source.startswith("$$", start) else "$"
    end = _find_end(source, start + len(mark), mark)
    content = source[start + len(mark) : end]
    if end < 0 or not content.strip() or "`" in content:
        return False
    if mark == "$" and _MONEY.match(content) and not _SIGN.search(content):
        return False
    if mark == "$" and not looks_like_formula(content):
        before, after = source[start - 1 : start], source[end + 1 : end + 2]
        if content != content.strip() or before.isdigit() or after.isdigit():
            return False
    return _push(state, content, mark, end + len(mark), silent)


def read_brackets(state: Any, silent: bool) -> bool:
    r"""Read Anki's own `\(...\)` and `\[...\]`, also with doubled backslashes.

    What is no formula is an escaped bracket, as in CommonMark.
    """
    source, start = state.src, state.pos
    opening = _OPENING.match(source, start)
    if not opening or source[start - 1 : start] == "\\":
        return False
    closing = opening[1] + _BRACKETS[opening[2]]
    if opening.end() > _last(source, closing):
        return False
    end = source.find(closing, opening.end())
    while end > 0 and source[end - 1] == "\\":
        end = source.find(closing, end + 1)
    content = source[opening.end() : end]
    index = opening[2] == "[" and source[start - 1 : start].isalnum()
    if end < 0 or not content.strip() or "`" in content or index or "\n\n" in content:
        return False
    if not looks_like_formula(content) and not ("\\" in content and "{" in content):
        return False
    display = opening[2] == "["
    return _push(state, content, opening[0], end + len(closing), silent, display=display)


@lru_cache(maxsize=16)
def _last(text: str, mark: str) -> int:
    """Return where a mark stands last, so that not each of many beginnings is searched for."""
    return text.rfind(mark)


def _find_end(source: str, start: int, mark: str) -> int:
    end = source.find(mark, start)
    while end > 0:
        before = source[start:end]
        if (len(before) - len(before.rstrip("\\"))) % 2 == 0:
            return end
        end = source.find(mark, end + 1)
    return -1


def _push(
    state: Any, content: str, mark: str, end: int, silent: bool, *, display: bool = False
) -> bool:
    if not silent:
        double = display or mark == "$$"
        token = state.push("math_inline_double" if double else "math_inline", "math", 0)
        token.content, token.markup = content, mark
    state.pos = end
    return True


def read_bracket_block(state: Any, first: int, last: int, silent: bool) -> bool:
    r"""Read a formula on lines of its own between `\[` and `\]`."""
    start = state.bMarks[first] + state.tShift[first]
    opening = _OPENING.match(state.src, start)
    if not opening or opening[2] == "(" or state.sCount[first] - state.blkIndent >= 4:
        return False
    closing = opening[1] + "]"
    for line in range(first, last):
        text = state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]
        if not text.strip() or (line > first and text.startswith(opening[0])):
            return False
        if text.rstrip().endswith(closing) and (line > first or len(text.strip()) > 4):
            break
    else:
        return False
    lines = state.getLines(first, line + 1, state.blkIndent, False).strip()
    content = lines[len(opening[0]) : -len(closing)]
    if closing in content or not content.strip():
        return False
    if line == first and not looks_like_formula(content) and "\\" not in content:
        return False
    if silent:
        return True
    state.line = line + 1
    token = state.push("math_block", "math", 0)
    token.block, token.markup, token.map = True, opening[0], [first, line + 1]
    token.content = content
    return True


def read_gaping_block(state: Any, first: int, last: int, silent: bool) -> bool:
    """Read a formula between `$$` that empty lines cut up, so that it is told once, and whole."""
    start = state.bMarks[first] + state.tShift[first]
    text = state.src[start : state.eMarks[first]].rstrip()
    if not text.startswith("$$") or text.count("$$") > 1 or state.sCount[first] < state.blkIndent:
        return False
    for line in range(first + 1, last):
        text = state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]].rstrip()
        if re.match(r"#{1,6}\s|`{3}|~{3}", text) or "$" in text.removesuffix("$$"):
            return False
        if text.endswith("$$"):
            break
    else:
        return False
    if silent:
        return True
    state.line = line + 1
    token = state.push("gaping_formula", "math", 0)
    token.block, token.markup, token.map = True, "$$", [first, line + 1]
    return True
