"""How the command line prints: tables, progress, problems; the only door to rich."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import lru_cache
from io import TextIOWrapper
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from deckpress.text.characters import show_plainly

if TYPE_CHECKING:  # what draws is read when something is drawn; most runs print a line or two
    from rich.console import Console
    from rich.text import Text

    from deckpress.text.problem import Problem


def _mend_streams() -> None:
    """Make the standard streams take any text: also when closed, or of a narrow encoding."""
    # The null device is no file of ours to close, and stays open as long as the program runs: hence
    # neither `with` nor a Path (the two rules that are silenced).
    sys.stdout = sys.stdout or open(os.devnull, "w")  # noqa: SIM115, PTH123
    sys.stderr = sys.stderr or open(os.devnull, "w")  # noqa: SIM115, PTH123
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


_mend_streams()


def _console(*, stderr: bool, elsewhere: int = sys.maxsize) -> Console:
    """Return what draws on a stream, `elsewhere` than on a terminal with so many columns."""
    stream = sys.stderr if stderr else sys.stdout
    # Rich itself takes COLUMNS=0 at its word and shows nothing, and any file for a terminal of 80
    # columns, where colours are asked for.
    return _draws(stderr, _width(stream) if stream.isatty() else elsewhere)


@lru_cache(maxsize=8)
def _draws(stderr: bool, width: int) -> Console:
    from rich.console import Console

    return Console(stderr=stderr, highlight=False, soft_wrap=True, width=width, height=25)


_TWO_COLUMNS = 72
"""The narrowest terminal that shows two texts side by side."""


def say(text: str) -> None:
    """Print a line, on a terminal as several that break between words."""
    _print(text, sys.stdout)


def complain(text: str) -> None:
    """Print a line to standard error, on a terminal as several."""
    _print(text, sys.stderr)


def complain_at(text: str, line: str, column: int) -> None:
    """Print what is wrong with a line that was typed, and the line with a mark under the place.

    Args:
        text: what is wrong.
        line: what was typed; of a long one, a terminal shows the part around the place.
        column: the place, from 1.
    """
    complain(text)
    room = max(20, _width(sys.stderr) - 3) if sys.stderr.isatty() else sys.maxsize
    shown, mark = _part_around(line, column, room)
    sys.stderr.write(f"  {shown}\n  {mark}\n")
    sys.stderr.flush()


def _print(text: str, stream: TextIO) -> None:
    lines = _as_shown(text, stream).split("\n")
    if stream.isatty():
        lines = [_wrap(line, _width(stream)) for line in lines]
    stream.write("\n".join(lines) + "\n")
    stream.flush()


def _as_shown(text: str, stream: TextIO) -> str:
    """Return a text as a stream shows it: what it has no letters for is written as Python does."""
    text = show_plainly(text)
    if text.isascii():
        return text
    encoding = getattr(stream, "encoding", None) or "utf-8"
    return text.encode(encoding, "backslashreplace").decode(encoding)


def _width(stream: TextIO) -> int:
    """Return the number of columns of the terminal that a stream goes to."""
    told = os.environ.get("COLUMNS", "")
    if told.isdecimal() and int(told):
        return int(told)
    try:
        return os.get_terminal_size(stream.fileno()).columns or 80
    except (OSError, ValueError):
        return 80


def _cells(text: str) -> int:
    """Return how many columns a text takes."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)


def _wrap(line: str, width: int) -> str:
    """Break a line between words, and indent what follows."""
    if _cells(line) <= width:
        return line
    indent = _continued(line)
    starts = [0, *_starts(line, width), len(line)]
    lines = [line[start:end].rstrip() for start, end in pairwise(starts)]
    return f"\n{indent}".join(lines)


def _continued(line: str) -> str:
    """Return what a line that is broken goes on after."""
    return line[: len(line) - len(line.lstrip())] + "  "


def _starts(line: str, width: int) -> Iterator[int]:
    """Yield at which words a line is broken; one that is longer than a line stays whole."""
    indent, start = "", 0
    for word in re.finditer(r"\S+", line):
        if line[start : word.start()].strip() and _cells(indent + line[start : word.end()]) > width:
            indent, start = _continued(line), word.start()
            yield start


def write(text: str) -> None:
    """Print a text as it is, for another program."""
    sys.stdout.write(text)
    sys.stdout.flush()


def fit(cells: Sequence[tuple[str, int]], rest: str) -> str:
    """Lay out a line for the width of the terminal; elsewhere nothing is cut.

    Args:
        cells: texts with the width that each is given; a longer one takes what it needs.
        rest: the last text, which is cut where the line would break.

    Returns:
        The line.
    """
    from rich.cells import cell_len, set_cell_size

    shown = [(_as_shown(text, sys.stdout), width) for text, width in cells]
    rest = _as_shown(rest, sys.stdout)
    head = "".join(set_cell_size(t, max(w, cell_len(t))) + "  " for t, w in shown)
    if not sys.stdout.isatty():
        return head + rest
    room = _width(sys.stdout) - cell_len(head)
    if cell_len(rest) <= room:
        return head + rest
    more = "…" if len(_as_shown("…", sys.stdout)) == 1 else "..."
    kept = set_cell_size(rest, max(room - len(more), 1))
    if rest[len(kept) : len(kept) + 1] not in ("", " "):
        kept = kept.rpartition(" ")[0] or kept
    return f"{head}{kept.rstrip()}{more}"


def dump(value: object) -> None:
    """Print a value as JSON."""
    import json

    # A stream without UTF-8 gets JSON's own escapes, not Python's.
    wide = "utf" in (sys.stdout.encoding or "").lower()
    sys.stdout.write(json.dumps(value, ensure_ascii=not wide, indent=2) + "\n")
    sys.stdout.flush()


def show_problems(
    problems: Sequence[Problem], advice: Sequence[Problem] = (), *, form: str = "text"
) -> None:
    """Print mistakes and advice, one a line, or in a form that machines read.

    Args:
        problems: what fails, sorted by place.
        advice: what does not.
        form: "text" (on a terminal with the line of each place), "json", "sarif", or "github"
            (annotations of a workflow run).
    """
    found = sorted([*problems, *advice])
    match form:
        case "json":
            lines = _read_lines(found)
            dump([as_json(problem, lines.get(problem.where.path, ())) for problem in found])
        case "github":
            for p in found:
                sys.stdout.write(f"{_annotation(p, fails=p in problems)}\n")
            sys.stdout.flush()
        case "sarif":
            strict = [problem for problem in problems if problem.severity == "advice"]
            from deckpress.cli.sarif import as_sarif

            dump(as_sarif(found, _read_lines(found), strict=strict))
        case _:
            from rich.text import Text

            error, shows_lines = _console(stderr=True), sys.stderr.isatty()
            for problem in found:
                line = _line(problem)
                if shows_lines:
                    first, *more = line.divide(_starts(line.plain, error.width))
                    for part in (first, *(Text("  ") + part for part in more)):
                        part.rstrip()
                        error.print(part)
                    _show_excerpt(problem)
                else:
                    error.print(line)
            files = len({problem.where.path for problem in found})
            mistakes = sum(problem.severity == "mistake" for problem in found)
            counts = [count(mistakes, "mistake")] if mistakes else []
            counts += (
                [f"{count(len(found) - mistakes, 'piece')} of advice"]
                if len(found) > mistakes
                else []
            )
            complain(f"{', '.join(counts)} in {count(files, 'file')}")


def _read_lines(problems: Iterable[Problem]) -> dict[str, list[str]]:
    """Return the lines of the files that problems are in; none of what is no text."""
    from deckpress.text.fixes import split_lines
    from deckpress.text.source_text import read_text

    paths = sorted({problem.where.path for problem in problems})
    return {path: split_lines(read_text(Path(path))[0]) for path in paths if Path(path).is_file()}


def _annotation(problem: Problem, *, fails: bool) -> str:
    """Return the command by which a workflow of GitHub shows a problem at its line."""
    from deckpress.cli.sarif import path_in_checkout

    values = {
        "file": path_in_checkout(problem.where.path),
        "line": str(problem.where.line),
        "col": str(problem.where.column),
        "title": problem.rule,
    }
    said = ",".join(f"{name}={_escape(value, ':,')}" for name, value in values.items())
    text = problem.message + (f" ({problem.hint})" if problem.hint else "")
    return f"::{'error' if fails else 'warning'} {said}::{_escape(text)}"


def _escape(text: str, more: str = "") -> str:
    for sign in f"%\r\n{more}":
        text = text.replace(sign, f"%{ord(sign):02X}")
    return text


def _line(problem: Problem) -> Text:
    from rich.text import Text

    colour = "yellow" if problem.severity == "advice" else "red"
    where, message, hint = (
        _as_shown(text, sys.stderr) for text in (str(problem.where), problem.message, problem.hint)
    )
    line = Text(f"{where}: ", style="bold")
    if problem.severity == "advice":
        line.append("advice: ", style=colour)
    line.append(message, style=f"not bold {colour}")
    line.append(f" ({hint})" if hint else "", style="not bold")
    line.append(f" [{problem.rule}]", style="not bold dim")
    return line


def _show_excerpt(problem: Problem) -> None:
    """Print the line of the source with a mark under the place, as compilers do."""
    from rich.text import Text

    from deckpress.text.source_text import read_text

    error = _console(stderr=True)
    text, _ = read_text(Path(problem.where.path))
    lines = text.split("\n")
    if not 0 < problem.where.line <= len(lines) or not lines[problem.where.line - 1].strip():
        return
    number = str(problem.where.line)
    bar = " " * len(number) + " | "
    room = max(20, error.width - len(bar) - 1)
    shown, mark = _part_around(lines[problem.where.line - 1], problem.where.column, room)
    error.print(Text(f"{number} | ", style="blue") + Text(shown))
    error.print(Text(bar, style="blue") + Text(mark, style="bold"))


def _part_around(line: str, column: int, room: int) -> tuple[str, str]:
    """Return as much of a line as there is room for around a place, and the mark to stand below.

    Args:
        line: the line.
        column: the place, from 1.
        room: how many columns there are.
    """
    # No letter that is further away has room.
    first = max(0, column - 1 - room)
    before, after = (
        _as_shown(re.sub(r"[\t\n\r]", " ", part), sys.stderr)
        for part in (line[first : column - 1], line[column - 1 :][:room])
    )
    start = 0
    if _cells(before + after) > room:
        wanted = max(room // 2, room - _cells(after))
        while _cells(before[start:]) > wanted:
            start += 1
    shown = before[start:] + after
    while _cells(shown) > room:
        shown = shown[:-1]
    return shown, " " * _cells(before[start:]) + "^"


def advice_line(number: int) -> str:
    """Return the line with which commands other than `check` mention advice."""
    return f"advice: {number} (`deckpress check` lists it)"


def as_json(problem: Problem, lines: Sequence[str] = ()) -> dict[str, object]:
    """Return a problem as JSON has it, with what the lines of its file show there."""
    from deckpress.text.fixes import place_fix
    from deckpress.text.rules import RULES

    where = problem.where
    placed = [(fix, place_fix(lines, where, fix)) for fix in problem.fixes]
    return {
        "path": where.path,
        "line": where.line,
        "column": where.column,
        "severity": problem.severity,
        "rule": problem.rule,
        "message": problem.message,
        "hint": problem.hint,
        "why": RULES[problem.rule].why,
        "excerpt": lines[where.line - 1] if 0 < where.line <= len(lines) else "",
        "fixes": [
            {
                "title": fix.title,
                "safe": fix.safe,
                "edits": [
                    {"line": e.line, "column": e.start + 1, "end_column": e.end + 1, "new": e.new}
                    for e in edits
                ],
            }
            for fix, edits in placed
            if edits
        ],
    }


def show_table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a table, with numbers aligned right."""
    from rich.table import Table
    from rich.text import Text

    rows = [list(row) for row in rows]
    table = Table(box=None, pad_edge=False, header_style="bold")
    for index, name in enumerate(columns):
        numeric = all(isinstance(row[index], int) for row in rows)
        table.add_column(name, justify="right" if numeric else "left", overflow="fold")
    for row in rows:
        table.add_row(*(Text(_as_shown(str(cell), sys.stdout)) for cell in row))
    _console(stderr=False).print(table, soft_wrap=False)


def show_sides(pieces: Iterable[tuple[str, str]], *, indent: int) -> None:
    """Print two texts side by side, or on a narrow terminal one above the other.

    Args:
        pieces: runs of both in order, with "=" of both, "-" of the left, "+" of the right one.
            Where there are no colours, the latter two stand in [-...-] and {+...+}, as git has it.
        indent: the number of spaces before the left one.
    """
    from rich.table import Table
    from rich.text import Text

    out = _console(stderr=False, elsewhere=160)
    styles = {"-": "red strike", "+": "green bold"}
    plain = out.color_system is None
    marks = {"-": ("[-", "-]"), "+": ("{+", "+}")} if plain else {}
    found = list(pieces)
    sides: list[Text] = []
    for sign in styles:
        side = Text()
        for of, text in found:
            if of in ("=", sign):
                before, after = marks.get(of, ("", ""))
                shown = _as_shown(text, sys.stdout)
                side.append(before + shown + after, style=styles.get(of, ""))
        sides.append(side)
    wide = out.width >= _TWO_COLUMNS
    table = Table.grid(padding=(0, 2, 0, 0), expand=wide)
    table.add_column(width=max(indent - 2, 0))
    if not wide:
        table.add_column(overflow="fold")
        for sign, side in zip(styles, sides, strict=True):
            table.add_row("", Text(f"{sign} ") + side)
    else:
        for _ in sides:
            table.add_column(ratio=1, overflow="fold")
        table.add_row("", *sides)
    out.print(table, soft_wrap=False)


@contextmanager
def progress(what: str, *, quiet: bool) -> Iterator[Callable[[int, int], None]]:
    """Show a bar on a terminal, and nothing elsewhere or when asked to be quiet."""
    if quiet or not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        yield lambda done, all_: None
        return
    with ExitStack() as opened:
        bars: list[Callable[[int, int], None]] = []

        def report(done: int, all_: int) -> None:
            # Not before there is something to wait for.
            if not bars:
                bars.append(_open_bar(what, opened))
            bars[0](done, all_)

        yield report


def _open_bar(what: str, opened: ExitStack) -> Callable[[int, int], None]:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    bar = opened.enter_context(Progress(*columns, console=_console(stderr=True), transient=True))
    task = bar.add_task(what, total=None)
    return lambda done, all_: bar.update(task, completed=done, total=all_)


def count(number: int, noun: str) -> str:
    """Return a number with its noun: "1 note", "2 notes"."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def size(number: int) -> str:
    """Return a number of bytes in kB or MB."""
    return f"{number / 1e6:.1f} MB" if number >= 1e6 else f"{max(number / 1e3, 0.1):.1f} kB"
