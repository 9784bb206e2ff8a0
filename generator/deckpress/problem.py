"""Mistakes of the author, as values: where, what, and how to mend it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

_BREAKS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


def one_line(text: str) -> str:
    """Keep a text to one line, whatever an author's key or the name of a file holds."""
    return _BREAKS.sub(" ", text)


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """A place in a source file.

    `path` is relative to the folder the command runs in, `line` and `column` count from 1.
    """

    path: str
    line: int = 1
    column: int = 1

    def __post_init__(self) -> None:
        object.__setattr__(self, "path", one_line(self.path))

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One mistake in the sources: its place, what is wrong, and a hint (may be empty)."""

    where: Location
    message: str
    hint: str = ""

    def __post_init__(self) -> None:
        for name in ("message", "hint"):
            object.__setattr__(self, name, one_line(getattr(self, name)))

    def __str__(self) -> str:
        return f"{self.where}: {self.message}" + (f" ({self.hint})" if self.hint else "")


class SourceError(Exception):
    """The sources hold mistakes; `problems` lists all of them, sorted by place."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(sorted(set(problems)))
        super().__init__("\n".join(map(str, self.problems)))


class CallError(Exception):
    """The call is wrong, or what it runs in; the text says what is."""


class SelectionError(CallError):
    """What was asked for on the command line does not exist; the text says what does."""


def suggest(word: str, options: Iterable[str], *, most: int = 12) -> str:
    """Say which of the options was probably meant, or list them.

    Args:
        word: what the author wrote.
        options: the words that would have been right.
        most: how many options are listed when none is near.

    Returns:
        A hint such as "did you mean 'google'?" or "one of: a, b"; empty without options.
    """
    known = sorted(set(options))
    near = get_close_matches(word.lower(), known, n=1, cutoff=0.6)
    if near:
        return f"did you mean '{near[0]}'?"
    if not known:
        return ""
    more = f", ... ({len(known)} in all)" if len(known) > most else ""
    return "one of: " + ", ".join(known[:most]) + more
