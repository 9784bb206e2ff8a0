"""Fixes that are read off the line of a problem: what is swapped, or deleted, in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from deckpress.text.fixes import Replacement
from deckpress.text.problem import Problem

_KEY = r"(?<![\w-])(?P<key>[\w-]+)"
_HAN = r"[\u3005-\u3007\u3400-\u9fff]"
_HOLE = r"\{\{c\d+::((?:(?!\}\}|::).)*)(?:::(?:(?!\}\}).)*)?\}\}"

SWAPS: tuple[tuple[str, str, str], ...] = (
    # What the text to write follows from.
    ("raw-dialect", r"(?:^|(?<=[\s\[(]))([A-Za-z][\w -]*)::(?=[ \t])", r"\1:"),
    ("raw-dialect", r"\(\([0-9a-f-]{4,}\)\)", ""),
    ("raw-dialect", r"\{\{(?!\s*[cC]?\d|[<%])[^{}\n]+\}\}", ""),
    ("raw-dialect", r"\b(?:TODO|DOING|NOW|LATER|WAITING|IN-PROGRESS)\b", "[ ]"),
    ("raw-dialect", r"\b(?:DONE|CANCELED|CANCELLED)\b", "[x]"),
    ("raw-dialect", r"\bdataview(?:js)?\b", "text"),
    ("raw-dialect", r"\[[^\] xX]\](?=[ \t])", "[ ]"),
    ("raw-dialect", r"\[\[(https?:[^\[\]]+)\]\[([^\[\]]+)\]\]", r"[\2](\1)"),
    ("raw-dialect", r"\(@[\w-]*\)", "(1)"),
    ("raw-dialect", r"\{\+ ?([^{}\n]+?) ?\+\}", r"<ins>\1</ins>"),
    ("raw-dialect", r"\{- ?([^{}\n]+?) ?-\}", r"~~\1~~"),
    ("raw-dialect", r"(?<![\w:`]):[a-z][\w+-]*:`([^`\n]+)`", r"`\1`"),
    ("raw-dialect", r"(?<![\w:`]):[a-z][\w+-]*:(?![\w:`])", r"`\g<0>`"),
    ("raw-dialect", rf"(?<!{_HAN})({_HAN}+)\[([\u3041-\u30ff]+)\]",
     r"<ruby>\1<rt>\2</rt></ruby>"),
    ("bad-value", r"\b(\d\d)\.(\d\d)\.(\d{4})\b", r"\3-\2-\1"),
    ("misspelt-hole", r"\{\{c0*(\d{1,3}),[\d,]*::", r"{{c\1::"),
    ("misspelt-hole", r"\{\{c(?:0{3,}\d*|\d{4,})::", "{{c1::"),
    ("misspelt-hole", r"(\{\{c\d{1,3}::(?:(?!\}\}).)*)$", r"\1}}"),
    ("unclosed-bold", r"(?<!_)__([^_\s][^_\n]*?)__(?!_)", r"**\1**"),
    ("raw-anki", r"\[(?:sound:[^\]\n]+)\]", r"`\g<0>`"),
    ("hole-in-question", _HOLE, r"\1"),
    ("hole-on-back", _HOLE, r"\1"),
    ("hole-in-image", _HOLE, r"\1"),
    ("nested-holes", r"(?<=.)\{\{c\d+::((?:(?!\}\}|\{\{).)*)\}\}(?=(?:(?!\{\{).)*\}\})", r"\1"),
    ("nested-holes", r"(?<=\{\{)(c\d+::)\{\{c\d+::((?:(?!\}\}).)*)\}\}", r"\1\2}}"),
    ("second-hint", r"(\{\{c\d+::(?:(?!::|\}\}).)+::(?:(?!::|\}\}).)+)::((?:(?!\}\}).)*\}\})",
     r"\1\\:\\:\2"),
    ("double-colon-in-hole", r"(\{\{c\d+::(?:(?!::|\}\}).)+)(::(?:(?!\}\}).)*)\}\}", r"\1}}\2"),
    ("attribute-twice", r"(\{[^{}]*\})[ \t]*\{[^{}]*\}", r"\1"),
    ("attribute-twice", r"(\{[^{}]*#[\w-]+[^{}]*?)[ \t]+#[\w-]+", r"\1"),
    ("attribute-twice", rf"(\{{[^{{}}]*{_KEY}=[^\s{{}}]+[^{{}}]*?)[ \t]+(?P=key)=[^\s{{}}]+",
     r"\1"),
    ("not-alike", r"\\color(?![A-Za-z])(?:\[[^\]]*\])?\{[^{}]*\}[ \t]?", ""),
    ("text-in-formula", r"(?<=[^\\])(\\[%#&_$]|~)(?=[^{}]*\})", r"}\1\\text{"),
    ("unreadable-formula", r"\\left[ \t]*<(.*?)\\right[ \t]*>", r"\\left\\langle\1\\right\\rangle"),
    ("unreadable-formula", r"\\left[ \t]*$", r"\\left."),
    ("unreadable-formula", r"\\ce\b[ \t]*(?=\{)", r"\\mathrm"),
    ("unreadable-formula", r"\\substack\{([^{}]*)\}", r"\\begin{array}{c}\1\\end{array}"),
    ("line-distance", r"(?<=\\\\)[ \t]*\[[^\]\n]*\]", ""),
    ("latex-in-text", r"(?<![\w:\\/])(?:\\begin\{(\w+\*?)\}.*?\\end\{\1\}"
     r"|\\[A-Za-z]+(?:\{[^{}]*\}|[_^](?:\{[^{}]*\}|\w))*)", r"$\g<0>$"),
    ("unclosed-mark", r"==([^\s=]+)", r"==\1=="),
    ("unclosed-mark", r"==(?=[^\s=])", "`==`"),
    ("unclosed-comment", r"[ \t]?%%", ""),
    ("dead-link", r"(?<!!)\[([^\[\]]*)\]\([^()]*\)", r"\1"),
    ("unreadable-link", r"\]\(([^()<>\n]* [^()<>\n]*)\)", r"](<\1>)"),
    ("unreadable-link", r"\]\(", r"\\]("),
    ("wiki-link", r"!\[\[[^\[\]\n]+\]\]", ""),
    ("unread-html", r"(?i)<(?:video|audio)\b[^<>]*?src=[\"']([^\"']+)[\"'][^<>]*>"
     r"(?:.*?</(?:video|audio)>)?", r"![what is seen](\1)"),
    ("unread-html", r"(?is)<(script|style|iframe|object)\b[^<>]*>.*?</\1>", ""),
    ("unread-html", r"(?i)<caption\b[^<>]*>.*?</caption>", ""),
    ("abbreviation", r"^\*\[[^\]\n]+\]:.*$", ""),
    ("markdown-in-html", r"^.*$", r"\n\g<0>"),
    ("unknown-retired", r"(?<![ \t])[ \t]*\breplaces=[^\s{}]+", ""),
    ("holes-without-cloze", r"[ \t]+cloze\b", ""),
    ("unreadable-lines", r"hl_lines=(?:\"[^\"]*\"|\S+)", r'hl_lines="1"'),
    ("too-many-lines", r"hl_lines=(?:\"[^\"]*\"|\S+)", r'hl_lines="1"'),
    ("unreadable-attributes", r"(?:(?<![ \t])[ \t]+)?(?<![\w-])[\w-]+=(?=[\s}])", ""),
    ("unreadable-attributes", r"(?:(?<![ \t])[ \t]+)?\{[^{}]*\}?[ \t]*$", ""),
    ("not-yaml", r"(?<=: )([^\s'\"\[{][^'\"]*: [^'\"]*)$", r'"\1"'),
    ("weak-evidence", r"\{[^{}]*\}[ \t]*,?", ""),
    ("weak-evidence", r"^[ \t]+[\w-]+:[ \t]*$", ""),
    ("unknown-key", r"^(?:\"[^\"]*\"|'[^']*'|[\w-]+):.*$", ""),
    ("text-before-question", r"^(?=\S)", "# "),
    ("no-question", r"^(?=\S)", "# "),
    ("question-lines", r"^(?:\*\*)?[QF]:(?:\*\*)?[ \t]*", "# "),
    ("nested-too-deep", r"^([ \t]*)(?:>[ \t]?)+", r"\1> "),
    # What only the author knows is left as words to write over.
    ("bad-value", r"(?<=date: )[^\s,}]+|(?<=checked: )\S+|(?<=date=)[^\s}]+", "2026-11-22"),
    ("bad-value", r"[A-Za-z]+:(?!//)[^\s,\]}\"']+", "https://example.org"),
    ("no-alt-text", r"!\[[ \t]*\](?=\()", "![what is seen]"),
    ("no-alt-text", r"(?i)<img\b(?![^<>]*\balt=[\"'][^\"'\s])", '<img alt="what is seen"'),
    ("named-by-file", r"!\[\[([^|\[\]\n]+)(?:\|\d+(?:x\d+)?)?\]\]", r"![[\1|what is seen]]"),
    ("empty-hole", r"(\{\{c\d+::)[ \t]*(?=\}\}|::)", r"\1words"),
    ("missing-address", r"\[([^\[\]]+)\]\[[^\[\]]*\]", r"[\1](https://example.org)"),
    ("no-holes", r"$", "\n\nText with {{c1::hidden words}}."),
    ("no-answer", r"$", "\n\nThe short answer."),
)  # fmt: skip
"""For each rule: what is looked for behind the problem's place, and what is written instead."""

_TITLES = {"no-answer": "add an answer to fill in", "no-holes": "add a hole to fill in"}
_COMPILED = tuple((rule, re.compile(old), new) for rule, old, new in SWAPS)
_IN_PLACE = frozenset({"raw-dialect", "weak-evidence"})
"""Rules whose lines hold other things that look alike: what stands at the place is meant."""

_EVERYWHERE = frozenset({"latex-in-text"})
"""Rules told once a line: all that is like it there is swapped."""

_BAD_TAG = re.compile(r"'(?P<tag>[^']+)'")
_NOT_IN_TAG = re.compile(r"[\s,\"'\[\]*{}]+")
_ATTRIBUTE = re.compile(r"^(?P<name>[\w-]+) of <(?P<tag>[\w-]+)>")


def line_fixes(
    problem: Problem, lines: Sequence[str]
) -> Iterator[tuple[str, tuple[Replacement, ...]]]:
    """Find what mends a problem within its line.

    Args:
        problem: the problem.
        lines: the lines of its file, which reach to it.

    Yields:
        Title and edits of each fix, the likeliest first.
    """
    index = problem.where.line - 1
    line = lines[index]
    made = [*_values(problem, line)] + [
        (line, old, new) for rule, old, new in _COMPILED if rule == problem.rule
    ]
    seen: set[tuple[Replacement, ...]] = set()
    nearest = problem.where.column - 1
    for text, old, new in made:
        match = old.search(text, nearest) or old.search(text)
        if problem.rule in _IN_PLACE:
            match = next((each for each in old.finditer(text) if _holds(each, nearest)), None)
        if match is None:
            continue
        matches = [*old.finditer(text)] if problem.rule in _EVERYWHERE else [match]
        written = match.expand(new)
        edits = tuple(Replacement(index + 1, *each.span(), each.expand(new)) for each in matches)
        if edits in seen or written == match[0]:
            continue
        seen.add(edits)
        said = (
            f"write {' '.join(written.split())}"
            if written.strip()
            else f"delete {match[0].strip()}"
        )
        yield _TITLES.get(problem.rule, said), edits


def _holds(match: re.Match[str], place: int) -> bool:
    """Say whether what was found stands at a place, or begins a bracket behind it."""
    return match.start() - 3 <= place < match.end()


def _values(problem: Problem, line: str) -> Iterator[tuple[str, re.Pattern[str], str]]:
    """Yield what is to be swapped that the message names."""
    if problem.rule == "bad-value" and problem.hint.startswith("a tag"):
        named = _BAD_TAG.search(problem.message)
        tag = named["tag"] if named else ""
        clean = _NOT_IN_TAG.sub("-", tag).strip(":-")
        if clean:
            yield line, re.compile(re.escape(tag)), clean.replace("\\", r"\\")
    if problem.rule in {"dropped-attributes", "html-attributes"}:
        found = _ATTRIBUTE.match(problem.message)
        name = re.escape(found["name"]) if found else "(?:col|row)span"
        value = r"=(?:\"[^\"]*\"|'[^']*'|[^\s>]+)"
        yield line, re.compile(rf"(?i)[ \t]+{name}{value}"), ""
    if problem.rule == "forbidden-character":
        code = re.search(r"U\+([0-9A-F]+)", problem.message)
        if code:
            digits = code[1].lstrip("0")
            escape = rf"(?i)&#x0*{digits};|&#0*{int(code[1], 16)};|\\[xu]0*{digits}"
            yield line, re.compile(escape), ""
    if problem.rule == "not-alike":
        command = re.search(r"(\\[A-Za-z]+)", problem.message)
        if command and command[1] != "\\color":
            yield line, re.compile(re.escape(command[1]) + r"(?![A-Za-z])"), ""
    if problem.rule == "unknown-value" and problem.hint.startswith("one of: "):
        for value in problem.hint.removeprefix("one of: ").split(", "):
            yield line, re.compile(r"(?<=: )\S.*$"), value.replace("\\", r"\\")
