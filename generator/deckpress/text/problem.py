"""Mistakes of the author, and advice, as values: where, what, and how to mend it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from deckpress.text.rules import RULES, Severity

_BREAKS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


def one_line(text: str) -> str:
    """Keep a text to one line, whatever an author's key or the name of a file holds."""
    return text if text.isprintable() else _BREAKS.sub(" ", text)


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """A place in a source file, or in a piece of text that stands somewhere in one.

    `path` is relative to the folder the command runs in; it is empty in a piece of text. `line` and
    `column` count from 1.
    """

    path: str = ""
    line: int = 1
    column: int = 1

    def __post_init__(self) -> None:
        if not self.path.isprintable():
            object.__setattr__(self, "path", one_line(self.path))

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}"

    def within(self, outer: Location) -> Location:
        """Return this place in a piece of text as one in the file that holds it at `outer`."""
        column = outer.column + self.column - 1 if self.line == 1 else self.column
        return Location(outer.path, outer.line + self.line - 1, column)


def location_in(text: str, offset: int, path: str = "") -> Location:
    """Return the place of a character, by its offset from 0, in a text."""
    line = text.count("\n", 0, offset) + 1
    return Location(path, line, offset - text.rfind("\n", 0, offset))


def offset_of(text: str, where: Location) -> int:
    """Return the offset, from 0, of a place in a text."""
    lines = text.split("\n")[: where.line - 1]
    return sum(len(line) + 1 for line in lines) + where.column - 1


@dataclass(frozen=True, slots=True)
class Edit:
    """A piece of source text, and what comes in its place.

    `old` is the first of its kind at a problem's place or behind it, `below` lines further down,
    and within `lines` lines; it is whole words. Empty, it is the end of that line.
    """

    old: str
    new: str
    below: int = 0
    lines: int = 1


@dataclass(frozen=True, slots=True)
class Fix:
    """What mends a problem: its edits, and how it is called.

    It is `safe` when nothing else can have been meant, so that it may be made unasked.
    """

    title: str
    edits: tuple[Edit, ...]
    safe: bool = False


def replacing(old: str, new: str, *, lines: int = 1, safe: bool = False) -> Fix:
    """Return the fix that writes one text for another, or deletes it where there is no other."""
    title = one_line(f"write {new}" if new else f"delete {old.strip()}")
    return Fix(title, (Edit(old, new, lines=lines),), safe)


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One mistake in the sources, or advice: its place, what is wrong, and a hint (may be empty).

    `rule` is the name of the rule that found it, a key of `RULES`, which knows how grave it is.
    `fixes` are what mends it, each by itself, the likeliest first.
    What reads a piece of text gives places in that piece; `within` moves them into the file.
    """

    where: Location
    message: str
    hint: str = ""
    rule: str = field(kw_only=True)
    fixes: tuple[Fix, ...] = field(default=(), kw_only=True, compare=False)

    def __post_init__(self) -> None:
        if self.rule not in RULES:
            raise ValueError(f"no rule is called '{self.rule}'")
        for name in ("message", "hint"):
            object.__setattr__(self, name, one_line(getattr(self, name)))

    def __str__(self) -> str:
        grave = "" if self.severity == "mistake" else f"{self.severity}: "
        return f"{self.where}: {grave}{self.words}"

    @property
    def words(self) -> str:
        """The message and the hint, for where the place says nothing."""
        return f"{self.message} ({self.hint})" if self.hint else self.message

    @property
    def severity(self) -> Severity:
        """How grave it is: a mistake fails, advice is told."""
        return RULES[self.rule].severity

    def within(self, outer: Location) -> Problem:
        """Return the same mistake in the file that the piece of text, begun at `outer`, is of."""
        return replace(self, where=self.where.within(outer))


class SourceError(Exception):
    """The sources hold mistakes; `problems` lists all of them, `advice` the rest, sorted by place.

    Where advice is taken strictly, it stands among the problems.
    """

    def __init__(self, problems: Iterable[Problem], *, strict: bool = False) -> None:
        found = sorted(set(problems))
        self.problems: tuple[Problem, ...] = tuple(
            p for p in found if strict or p.severity == "mistake"
        )
        self.advice: tuple[Problem, ...] = tuple(
            p for p in found if not strict and p.severity != "mistake"
        )
        super().__init__("\n".join(map(str, self.problems)))


class CallError(Exception):
    """The call is wrong, or what it runs in; the text says what is."""


class SelectionError(CallError):
    """What was asked for on the command line does not exist; the text says what does."""
