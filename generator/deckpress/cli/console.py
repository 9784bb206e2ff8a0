"""How the command line prints: tables, progress, problems; the only door to rich."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from io import TextIOWrapper

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table
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
_WIDTH = None if sys.stdout.isatty() else 160
_OUT = Console(highlight=False, soft_wrap=True, width=_WIDTH)
_ERROR = Console(stderr=True, highlight=False, soft_wrap=True)


def say(text: str) -> None:
    """Print a line."""
    _OUT.print(Text(text))


def complain(text: str) -> None:
    """Print a line to standard error."""
    _ERROR.print(Text(text))


def dump(value: object) -> None:
    """Print a value as JSON."""
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
        form: "text", "json", or "github" (annotations of a workflow run).
    """
    found = sorted([*problems, *advice])
    match form:
        case "json":
            dump([as_json(problem) for problem in found])
        case "github":
            for p in found:
                text = p.message + (f" ({p.hint})" if p.hint else "")
                text = text.replace("%", "%25").replace("\n", "%0A").replace("\r", "%0D")
                at = f"file={p.where.path},line={p.where.line},col={p.where.column},title={p.rule}"
                level = "error" if p in problems else "warning"
                sys.stdout.write(f"::{level} {at}::{text}\n")
            sys.stdout.flush()
        case _:
            for problem in found:
                line = Text(f"{problem.where}: ", style="bold")
                line.append("advice: " if problem.severity == "advice" else "", style="not bold")
                line.append(problem.message, style="not bold")
                line.append(f" ({problem.hint})" if problem.hint else "", style="not bold dim")
                line.append(f" [{problem.rule}]", style="not bold dim")
                _ERROR.print(line)
            files = len({problem.where.path for problem in found})
            mistakes = sum(problem.severity == "mistake" for problem in found)
            counts = [count(mistakes, "mistake")] if mistakes else []
            counts += (
                [f"{count(len(found) - mistakes, 'piece')} of advice"]
                if len(found) > mistakes
                else []
            )
            complain(f"{', '.join(counts)} in {count(files, 'file')}")


def advice_line(number: int) -> str:
    """Return the line by which other commands than `check` tell of advice."""
    return f"advice: {number} (`deckpress check` lists it)"


def as_json(problem: Problem) -> dict[str, object]:
    """Return a problem as JSON has it."""
    where = problem.where
    return {
        "path": where.path,
        "line": where.line,
        "column": where.column,
        "severity": problem.severity,
        "rule": problem.rule,
        "message": problem.message,
        "hint": problem.hint,
    }


def show_table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a table; numbers stand right."""
    rows = [list(row) for row in rows]
    table = Table(box=None, pad_edge=False, header_style="bold")
    for index, name in enumerate(columns):
        numeric = all(isinstance(row[index], int) for row in rows)
        table.add_column(name, justify="right" if numeric else "left", overflow="fold")
    for row in rows:
        table.add_row(*(Text(str(cell)) for cell in row))
    _OUT.print(table, soft_wrap=False)


@contextmanager
def progress(what: str, *, quiet: bool) -> Iterator[Callable[[int, int], None]]:
    """Show a bar on a terminal, and nothing elsewhere or when asked to be quiet."""
    if quiet or not _ERROR.is_terminal or os.environ.get("TERM") == "dumb":
        yield lambda done, all_: None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=_ERROR, transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, all_: bar.update(task, completed=done, total=all_)


def count(number: int, noun: str) -> str:
    """Return a number with its noun: "1 note", "2 notes"."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def size(number: int) -> str:
    """Return a number of bytes in kB or MB."""
    return f"{number / 1e6:.1f} MB" if number >= 1e6 else f"{max(number / 1e3, 0.1):.1f} kB"
