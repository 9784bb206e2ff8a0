"""How the command line prints: tables, progress, problems; the only door to rich."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import lru_cache
from io import TextIOWrapper
from typing import TYPE_CHECKING

from deckpress.text.problem import Problem

if TYPE_CHECKING:  # rich is read when something is drawn; most runs print a line or two
    from rich.console import Console


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


@lru_cache(maxsize=2)
def _console(*, stderr: bool) -> Console:
    from rich.console import Console

    width = None if stderr or sys.stdout.isatty() else 160
    return Console(stderr=stderr, highlight=False, soft_wrap=True, width=width)


def say(text: str) -> None:
    """Print a line."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def complain(text: str) -> None:
    """Print a line to standard error."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def dump(value: object) -> None:
    """Print a value as JSON."""
    # A stream without UTF-8 gets JSON's own escapes, not Python's.
    wide = "utf" in (sys.stdout.encoding or "").lower()
    sys.stdout.write(json.dumps(value, ensure_ascii=not wide, indent=2) + "\n")
    sys.stdout.flush()


def show_problems(problems: Sequence[Problem], *, form: str = "text") -> None:
    """Print problems, one a line, or in a form that machines read.

    Args:
        problems: sorted by place.
        form: "text", "json", or "github" (annotations of a workflow run).
    """
    match form:
        case "json":
            dump([_as_json(problem) for problem in problems])
        case "github":
            for p in problems:
                text = p.message + (f" ({p.hint})" if p.hint else "")
                text = text.replace("%", "%25").replace("\n", "%0A").replace("\r", "%0D")
                at = f"file={p.where.path},line={p.where.line},col={p.where.column}"
                sys.stdout.write(f"::error {at}::{text}\n")
            sys.stdout.flush()
        case _:
            from rich.text import Text

            for problem in problems:
                line = Text(f"{problem.where}: ", style="bold")
                line.append(problem.message, style="not bold")
                line.append(f" ({problem.hint})" if problem.hint else "", style="not bold dim")
                _console(stderr=True).print(line)
            files = len({problem.where.path for problem in problems})
            complain(f"{count(len(problems), 'mistake')} in {count(files, 'file')}")


def _as_json(problem: Problem) -> dict[str, object]:
    where = problem.where
    return {
        "path": where.path,
        "line": where.line,
        "column": where.column,
        "message": problem.message,
        "hint": problem.hint,
    }


def show_table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a table; numbers stand right."""
    from rich.table import Table
    from rich.text import Text

    rows = [list(row) for row in rows]
    table = Table(box=None, pad_edge=False, header_style="bold")
    for index, name in enumerate(columns):
        numeric = all(isinstance(row[index], int) for row in rows)
        table.add_column(name, justify="right" if numeric else "left", overflow="fold")
    for row in rows:
        table.add_row(*(Text(str(cell)) for cell in row))
    _console(stderr=False).print(table, soft_wrap=False)


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
