"""Fixes that reach over the lines around a problem: boxes, tables, footnotes, sections, tags."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from deckpress.markdown.faults import count_cells
from deckpress.text.fixes import Replacement
from deckpress.text.problem import Problem

Found = Iterator[tuple[str, tuple[Replacement, ...]]]

_INDENT = re.compile(r"[ \t]*")
_HEADING = re.compile(r"#[ \t]")
_FOOTNOTE = re.compile(r"[ \t>]*\[\^[^\]]+\]:")
_FORMULA = re.compile(r"\$(?:\\.|[^$\\])+\$")
_ITEM = re.compile(r"[ \t]*\(?(?:[A-Za-z]{1,4}|\d{1,2})\)[ \t]")


def block_fixes(problem: Problem, lines: Sequence[str]) -> Found:
    """Find what mends a problem over several lines.

    Args:
        problem: the problem.
        lines: the lines of its file, which reach to it.

    Yields:
        Title and edits of each fix, the likeliest first.
    """
    find = _BY_RULE.get(problem.rule)
    if find:
        yield from find(problem, lines, problem.where.line - 1)


def _rewrite(
    lines: Sequence[str], first: int, end: int, new: Sequence[str]
) -> tuple[Replacement, ...]:
    """Write other lines over some; what is left of the old ones becomes empty."""
    rows = list(new) + [""] * (end - first - len(new))
    rows[end - first - 1 :] = ["\n".join(rows[end - first - 1 :])]
    return tuple(
        Replacement(first + at + 1, 0, len(lines[first + at]), row)
        for at, row in enumerate(rows)
        if row != lines[first + at]
    )


def _while(lines: Sequence[str], first: int, belongs: Callable[[str], object]) -> int:
    """Return where the lines that belong together end."""
    end = first
    while end < len(lines) and belongs(lines[end]):
        end += 1
    return end


def _note_end(lines: Sequence[str], index: int) -> int:
    """Return the last line of the note around a line that holds anything."""
    end = _while(lines, index + 1, lambda line: not _HEADING.match(line))
    while end - 1 > index and not lines[end - 1].strip():
        end -= 1
    return end - 1


def _quoted(head: str, rows: Sequence[str]) -> list[str]:
    return [head] * bool(head) + [f"> {row.strip()}".rstrip() for row in rows]


def _boxes(_: Problem, lines: Sequence[str], index: int) -> Found:
    line = lines[index].strip()
    closing = ":::" if line.startswith(":::") else ">>>" if line == ">>>" else ""
    if closing:
        end = _while(lines, index + 1, lambda row: row.strip() != closing)
        kind = re.sub(r"\W", "", line) or "note"
        head = f"> [!{kind.upper()}]" if closing == ":::" else ""
        stop = min(end + 1, len(lines))
        if end < len(lines):
            yield (
                "write it with >",
                _rewrite(lines, index, stop, _quoted(head, lines[index + 1 : end])),
            )
        elif closing == ">>>":
            yield "delete >>>", (Replacement(index + 1, 0, len(lines[index]), ""),)
        return
    opened = re.match(r"(?:!!!|\?\?\?\+?)[ \t]+([A-Za-z]+)[ \t]*\"?([^\"]*)\"?", line)
    if opened:
        end = _while(lines, index + 1, lambda row: row.startswith(("    ", "\t")))
        head = f"> [!{opened[1].upper()}] {opened[2]}".rstrip()
        yield "write it with >", _rewrite(lines, index, end, _quoted(head, lines[index + 1 : end]))


def _dialect(problem: Problem, lines: Sequence[str], index: int) -> Found:
    line = lines[index]
    if "a tag" in problem.message:
        yield from _moved_tags(problem, lines, index)
    directive = re.match(r"\.\. ([\w-]+)::[ \t]*(.*)", line)
    if directive:
        end = _while(lines, index + 1, lambda row: not row.strip() or row[:1] in " \t")
        inside = [row for row in lines[index + 1 : end] if row.strip()]
        if directive[1] in {"code", "code-block", "sourcecode"}:
            made = [f"```{directive[2]}", *inside, "```"]
        else:
            made = _quoted(
                f"> [!{directive[1].upper()}]", [directive[2]] * bool(directive[2]) + inside
            )
        while end - 1 > index and not lines[end - 1].strip():
            end -= 1
        yield "write it in Markdown", _rewrite(lines, index, end, made)
    script = re.search(r"([~^])((?:[^~^\s\\]|\\ )+)\1", line[problem.where.column - 1 :])
    if script and "superscript" in problem.message:
        start = problem.where.column - 1 + script.start()
        tag, words = "sub" if script[1] == "~" else "sup", script[2].replace("\\ ", " ")
        new = f"<{tag}>{words}</{tag}>"
        yield f"write {new}", (Replacement(index + 1, start, start + len(script[0]), new),)
    org = re.match(r"(?i)#\+begin_(\w+)[ \t]*(\S*)", line)
    if org:
        end = _while(lines, index + 1, lambda row: not row.lower().startswith("#+end_"))
        closed = end < len(lines)
        stop = end if closed else _while(lines, index + 1, lambda row: row.strip())
        rows = lines[index + 1 : stop]
        quote = org[1].lower() == "quote"
        made = _quoted("", rows) if quote else [f"```{org[2] or 'text'}", *rows, "```"]
        yield "write it in Markdown", _rewrite(lines, index, stop + closed, made)


def _moved_tags(problem: Problem, lines: Sequence[str], index: int) -> Found:
    """Write the tags of a line behind the question of its note."""
    start = problem.where.column - 1
    found = re.compile(r"(?:#[^\W\d][\w/-]*[ \t]*)+").search(lines[index], start)
    head = next((at for at in range(index, -1, -1) if _HEADING.match(lines[at])), None)
    if not found or head is None:
        return
    tags = ",".join(word.replace("/", "::") for word in re.findall(r"#([\w/-]+)", found[0]))
    braces = re.search(r"\}[ \t]*$", lines[head])
    known = re.search(r"\btags=[^\s}]+", lines[head])
    place = known.end() if known else braces.start() if braces else len(lines[head])
    new = f",{tags}" if known else f" tags={tags}" if braces else f" {{tags={tags}}}"
    yield (
        f"move it behind the question: tags={tags}",
        (
            Replacement(head + 1, place, place, new),
            Replacement(index + 1, *found.span(), ""),
        ),
    )


def _table(problem: Problem, lines: Sequence[str], index: int) -> Found:
    if "after '|'" in problem.message:
        end = _while(lines, index, lambda row: row.lstrip().startswith("|"))
        rows = [row.strip().lstrip("|").strip() for row in lines[index:end]]
        made = [f"{row}\\" for row in rows[:-1]] + rows[-1:]
        yield "end each line with a backslash", _rewrite(lines, index, end, made)
    elif lines[index].startswith("+"):
        end = _while(lines, index, lambda row: row[:1] in ("+", "|") and row)
        rows = [row for row in lines[index:end] if row.startswith("|")]
        if rows:
            made = [rows[0], "|" + "---|" * count_cells(rows[0]), *rows[1:]]
            yield "write it as a table", _rewrite(lines, index, end, made)
    elif re.fullmatch(r"[ \t]*-{2,}(?:[ \t]+-{2,})+[ \t]*", lines[index]):
        first = index - 1 if index and lines[index - 1].strip() else index
        end = _while(lines, index, str.strip)
        cells = [re.split(r"[ \t]{2,}", row.strip()) for row in lines[first:end]]
        made = ["| " + " | ".join(row) + " |" for row in cells]
        made[index - first] = "|" + "---|" * len(cells[0])
        yield "write it as a table", _rewrite(lines, first, end, made)
    else:
        rule = re.compile(r"[ \t>]*\|[-:| \t]+$")
        at = index if rule.match(lines[index]) else index - 1
        if at >= 1 and rule.match(lines[at]):
            width = count_cells(lines[at - 1])
            indent = lines[at][: lines[at].index("|")]
            new = f"{indent}|{'---|' * width}"
            yield f"write {new.strip()}", (Replacement(at + 1, 0, len(lines[at]), new),)
        else:
            at = index - 1 if index and "|" in lines[index - 1] else index
            row = lines[at][lines[at].index("|") :] if "|" in lines[at] else ""
            left = lines[at].index("|") if row else 0
            new = f"\n{' ' * left}|{'---|' * count_cells(row)}"
            end = len(lines[at])
            yield f"write {new.strip()} below the first row", (Replacement(at + 1, end, end, new),)


def _cells(problem: Problem, lines: Sequence[str], index: int) -> Found:
    line = lines[index]
    bare = re.compile(r"(?<!\\)\|")
    inside = [m.start() + b.start() for m in _FORMULA.finditer(line) for b in bare.finditer(m[0])]
    if inside:
        made = [Replacement(index + 1, at, at + 1, r"\vert ") for at in inside]
        yield r"write \vert for each bar in a formula", tuple(made)
        return
    columns = re.search(r"the table (\d+) column", problem.message)
    bars = [m.start() for m in bare.finditer(line)]
    over = bars[int(columns[1]) :] if columns else []
    if line.strip().endswith("|"):
        over = over[:-1]
    if over:
        yield (
            r"write \| for the bars that are too many",
            tuple(Replacement(index + 1, at, at + 1, r"\|") for at in over),
        )


def _list(problem: Problem, lines: Sequence[str], index: int) -> Found:
    line = lines[index]
    if "margin" in problem.hint:
        indent = _INDENT.match(line)
        width = len(indent[0]) if indent else 0
        yield "start a list here", (Replacement(index + 1, 0, width, "\n"),)
        return
    end = _while(lines, index, _ITEM.match)
    made = [(at, len(lines[at])) for at in range(max(index - 1, 0), end - 1)]
    yield "end each line with a backslash", tuple(Replacement(at + 1, e, e, "\\") for at, e in made)


def _blank_lines(_: Problem, lines: Sequence[str], index: int) -> Found:
    indent = " " * max(lines[index].find("$$"), 0)
    end = _while(lines, index + 1, lambda row: not row.strip().endswith("$$"))
    blank = [at for at in range(index + 1, end) if not lines[at].strip()]
    if end < len(lines):
        new = f"{indent}$$\n\n{indent}$$"
        yield (
            "write two formulas",
            tuple(Replacement(at + 1, 0, len(lines[at]), new) for at in blank),
        )


def _crossed(problem: Problem, lines: Sequence[str], index: int) -> Found:
    line = lines[index]
    both = re.match(r"<(\w+)> begins within <(\w+)>", problem.message)
    if both:
        inner, outer = both[1], both[2]
        at = problem.where.column - 1
        first = line.find(f"</{outer}>", at)
        last = line.find(f"</{inner}>", first)
        if 0 <= first < last:
            end = first + len(outer) + 3
            close, shut = f"</{inner}></{outer}><{inner}>", f"close <{inner}> first"
            yield shut, (Replacement(index + 1, first, end, close),)
        return
    tag = re.match(r"<(\w+)", line[problem.where.column - 1 :])
    if tag:
        pieces = re.compile(rf"<{tag[1]}\b[^<>]*>|</{tag[1]}>").finditer(
            line, problem.where.column - 1
        )
        made = [Replacement(index + 1, *piece.span(), "") for piece in pieces][:2]
        yield f"delete <{tag[1]}>", tuple(made)


def _footnote(problem: Problem, lines: Sequence[str], index: int) -> Found:
    line = lines[index]
    if problem.rule == "missing-footnote":
        label = problem.message.removeprefix("there is no footnote ")
        last = _note_end(lines, index)
        end = len(lines[last])
        yield (
            f"add [^{label}]: to fill in",
            (Replacement(last + 1, end, end, f"\n\n[^{label}]: Its text."),),
        )
    elif problem.rule == "inline-footnote":
        found = re.compile(r"\^\[([^\]\n]+)\]").search(line, problem.where.column - 1)
        text = "\n".join(lines)
        label = next(str(n) for n in range(1, len(lines) + 9) if f"[^{n}]" not in text)
        last = _note_end(lines, index)
        end = len(lines[last])
        if found:
            yield (
                f"write [^{label}]",
                (
                    Replacement(index + 1, *found.span(), f"[^{label}]"),
                    Replacement(last + 1, end, end, f"\n\n[^{label}]: {found[1]}"),
                ),
            )
    else:
        label = problem.message.removeprefix("nothing refers to the footnote ")
        above = range(index - 1, -1, -1)
        said = (at for at in above if lines[at].strip(" \t>") and not _FOOTNOTE.match(lines[at]))
        at = next(said, None)
        if at is not None:
            end = len(lines[at].rstrip())
            yield f"refer to it: [^{label}]", (Replacement(at + 1, end, end, f"[^{label}]"),)
        opening = re.compile(rf"[ \t>]*\[\^{re.escape(label)}\]:")
        own = [at for at in range(index, _note_end(lines, index) + 1) if opening.match(lines[at])]
        yield "delete it", tuple(Replacement(at + 1, 0, len(lines[at]), "") for at in own)


def _heading_lines(problem: Problem, lines: Sequence[str], index: int) -> Found:
    """Mend what is spread over two lines, or underlined."""
    if problem.rule == "underlined-heading":
        if index + 1 < len(lines) and re.match(r"[ \t]*[-=]+[ \t]*$", lines[index + 1]):
            under = len(lines[index + 1])
            sign = "## "
            yield f"write {sign}", (
                Replacement(index + 1, 0, 0, sign), Replacement(index + 2, 0, under, "")
            )  # fmt: skip
            if "-" in lines[index + 1]:
                yield "put an empty line above ---", (Replacement(index + 2, 0, 0, "\n"),)
    elif index and "one line" in problem.hint:
        joined = f"{lines[index - 1].rstrip()} {lines[index].strip()}"
        yield "write it on one line", _rewrite(lines, index - 1, index + 1, [joined])


def _fence(problem: Problem, lines: Sequence[str], index: int) -> Found:
    found = re.compile(r"`{3,}|~{3,}").search(lines[index], problem.where.column - 1)
    if found:
        indent = " " * found.start()
        inside = _while(lines, index + 1, lambda row: row.startswith(indent) and row.strip())
        end = len(lines[inside - 1])
        yield f"close it with {found[0]}", (Replacement(inside, end, end, f"\n{indent}{found[0]}"),)


def _section(_: Problem, lines: Sequence[str], index: int) -> Found:
    line = _while(lines, index, lambda row: row.strip() != "---" and not _HEADING.match(row))
    if line < len(lines) and lines[line].strip() == "---":
        end = _note_end(lines, index) + 1
        made = [*lines[line:end], "", *lines[index:line]]
        yield "move it below the line", _rewrite(lines, index, end, _trimmed(made))


def _trimmed(rows: list[str]) -> list[str]:
    while rows and not rows[-1].strip():
        rows.pop()
    return rows


def _reference(problem: Problem, lines: Sequence[str], index: int) -> Found:
    label = re.match(r"\[([^\]]+)\]", problem.message)
    if label:
        start = next((at for at in range(index, -1, -1) if _HEADING.match(lines[at])), 0)
        old, new = f"[{label[1]}]", f"[{label[1]}-2]"
        made = [
            Replacement(at + 1, m.start(), m.end(), new)
            for at in range(start, _note_end(lines, index) + 1)
            for m in re.finditer(re.escape(old), lines[at])
        ]
        yield f"call it {new} in this note", tuple(made)


def _html(problem: Problem, lines: Sequence[str], index: int) -> Found:
    """Write <pre> as a fence; delete other tags, and keep what they hold."""
    tag = re.search(r"<(\w+)[^<>]*>", problem.message)
    if not tag:
        return
    closing = f"</{tag[1]}>"
    end = _while(lines, index, lambda row: closing not in row)
    if tag[1] == "pre" and end < len(lines) and lines[index].strip() == "<pre>":
        made = ["```text", *lines[index + 1 : end], "```"]
        yield "write it as a fence", _rewrite(lines, index, end + 1, made)


_BY_RULE: Mapping[str, Callable[[Problem, Sequence[str], int], Found]] = {
    "raw-box": _boxes,
    "raw-dialect": _dialect,
    "no-table": _table,
    "too-many-cells": _cells,
    "no-list": _list,
    "blank-line-in-formula": _blank_lines,
    "crossed-markup": _crossed,
    "missing-footnote": _footnote,
    "inline-footnote": _footnote,
    "unused-footnote": _footnote,
    "underlined-heading": _heading_lines,
    "question-lines": _heading_lines,
    "unclosed-fence": _fence,
    "section-on-front": _section,
    "reference-twice": _reference,
    "unread-html": _html,
}
