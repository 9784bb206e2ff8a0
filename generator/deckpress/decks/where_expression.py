"""The language of `--where`: one boolean expression in the style of Anki's own search."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Literal

from deckpress.text.problem import SelectionError
from deckpress.text.suggestions import suggest

_TOKEN = re.compile(
    r"""\s*(?:(?P<open>\()|(?P<close>\))|(?P<minus>-(?=[^\s]))
    |(?P<term>(?:[a-z]+:)?"[^"]*"|[^\s()"]+))""",
    re.VERBOSE,
)

_DEEPEST = 100

YES, NO = "yes", "no"
FLAGS = frozenset({"core"})
"""The keys that a note has or has not: `core:no` is `-core:yes`."""

Facts = Mapping[str, Iterable[str]]
"""What a condition may ask of a note: the values under each key, and its words under "text"."""


@dataclass(frozen=True, slots=True)
class Term:
    """A condition that one value meets, or for the key "text", words of the question.

    The value of a `pattern` may hold `*`; any other is spelt as it exists.
    """

    key: str
    value: str
    pattern: bool = False

    def holds(self, facts: Facts) -> bool:
        """Say whether a note meets it."""
        if self.key == "text":
            return any(self.value in text for text in facts["text"])
        found = (known.casefold() for known in facts[self.key])
        if self.pattern:
            return any(fnmatchcase(known, self.value) for known in found)
        return self.value.casefold() in found

    def __str__(self) -> str:
        """Write it as an expression."""
        if self.key != "text":
            return f"{self.key}:{_quote(self.value, _BLANK_OR_BRACKET)}"
        return _quote(self.value, _NO_WORD)


@dataclass(frozen=True, slots=True)
class Not:
    """The condition that a term is not met."""

    term: Term

    def holds(self, facts: Facts) -> bool:
        """Say whether a note meets it."""
        return not self.term.holds(facts)

    def __str__(self) -> str:
        """Write it as an expression."""
        return f"-{self.term}"


@dataclass(frozen=True, slots=True)
class Group:
    """Several conditions, each once, in an order of their own; all hold, or any of them.

    A group has no group of its own kind in it; one of all without a part holds always.
    """

    kind: Literal["all", "any"]
    parts: tuple[Condition, ...]

    def holds(self, facts: Facts) -> bool:
        """Say whether a note meets it."""
        held = (part.holds(facts) for part in self.parts)
        return all(held) if self.kind == "all" else any(held)

    def __str__(self) -> str:
        """Write it as an expression."""
        if self.kind == "any":
            return " or ".join(map(str, self.parts))
        return " ".join(f"({p})" if isinstance(p, Group) else str(p) for p in self.parts)


Condition = Term | Not | Group


def join(kind: Literal["all", "any"], conditions: Iterable[Condition]) -> Condition:
    """Join conditions into one that is the same in whatever order and however often they are told.

    Args:
        kind: whether all must hold, or any of them.
        conditions: the conditions; of any there is at least one.

    Returns:
        The condition.
    """
    parts: set[Condition] = set()
    for condition in conditions:
        if isinstance(condition, Group) and condition.kind == kind:
            parts.update(condition.parts)
        else:
            parts.add(condition)
    if len(parts) == 1:
        return parts.pop()
    return Group(kind, tuple(sorted(parts, key=_rank)))


def _rank(condition: Condition) -> tuple[int, str]:
    """Sort what a note has before what it has not."""
    return (Term, Group, Not).index(type(condition)), str(condition)


def negate(condition: Condition) -> Condition:
    """Return the condition that holds where another does not; only terms are negated in it."""
    if isinstance(condition, Group):
        return join("any" if condition.kind == "all" else "all", map(negate, condition.parts))
    return condition.term if isinstance(condition, Not) else Not(condition)


_BLANK_OR_BRACKET = re.compile(r"[\s()]|^$")
_NO_WORD = re.compile(rf"{_BLANK_OR_BRACKET.pattern}|:|^-|^(?:and|or)$")
"""What would not be read as a value, or as a word of the question, without quotes."""


def _quote(text: str, odd: re.Pattern[str]) -> str:
    return f'"{text}"' if odd.search(text) else text


class WhereError(SelectionError):
    """The `expression` cannot be read; `said` tells why, `column` where, counted from 1."""

    def __init__(self, expression: str, column: int, message: str, hint: str = "") -> None:
        self.expression, self.column = expression, column
        self.said = f"--where, column {column}: {message}" + (f" ({hint})" if hint else "")
        super().__init__(f"{self.said}\n  {expression}\n  {' ' * (column - 1)}^")


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    column: int


def read_where(expression: str, vocabulary: Mapping[str, Iterable[str]]) -> Condition:
    """Read an expression.

    Terms are `key:value` or a word of the question; values may hold `*`. Terms side by side must
    all hold, `or` joins alternatives, `-` negates, parentheses group; `and` may be written.

    Args:
        expression: such as `company:netflix -category:behavioral (tag:ranking or difficulty:hard)`.
        vocabulary: the keys that may be asked for and the values that exist; that of a flag is
            `YES`, where a note has it.

    Returns:
        The condition, the same for every way of writing that differs only in order, repetition,
        case, blanks, quotes and parentheses, or in where the sign of negation stands.

    Raises:
        WhereError: the expression has no meaning; it points at the column.
    """
    return _Parser(expression, vocabulary).parse()


def spellings(known: Iterable[str]) -> dict[str, str]:
    """Return values as they are spelt, by what they are however they are written."""
    return {word.casefold(): word for word in known}


class _Parser:
    def __init__(self, expression: str, vocabulary: Mapping[str, Iterable[str]]) -> None:
        self._expression, self._vocabulary = expression, vocabulary
        self._tokens = self._split()
        self._at = self._depth = 0

    def parse(self) -> Condition:
        condition = self._alternatives()
        if self._next.kind != "end":
            raise self._error(self._next, "this parenthesis closes nothing")
        return condition

    def _split(self) -> list[_Token]:
        tokens: list[_Token] = []
        at, end = 0, len(self._expression.rstrip())
        while at < end:
            match = _TOKEN.match(self._expression, at)
            if not match:
                column = at + len(self._expression[at:]) - len(self._expression[at:].lstrip()) + 1
                raise WhereError(self._expression, column, "a quote that is never closed")
            kind = str(match.lastgroup)
            tokens.append(_Token(kind, match[kind], match.start(kind) + 1))
            at = match.end()
        return [*tokens, _Token("end", "", end + 1)]

    @property
    def _next(self) -> _Token:
        return self._tokens[self._at]

    def _is_word(self, word: str) -> bool:
        return self._next.kind == "term" and self._next.text.lower() == word

    def _alternatives(self) -> Condition:
        parts = [self._all()]
        while self._is_word("or"):
            self._at += 1
            parts.append(self._all())
        return join("any", parts)

    def _all(self) -> Condition:
        parts = [self._one()]
        while self._next.kind not in ("end", "close") and not self._is_word("or"):
            if self._is_word("and"):
                self._at += 1
            parts.append(self._one())
        return join("all", parts)

    def _one(self) -> Condition:
        token = self._next
        if self._depth == _DEEPEST:
            raise self._error(token, "nested too deeply")
        self._depth += 1
        condition = self._read_one(token)
        self._depth -= 1
        return condition

    def _read_one(self, token: _Token) -> Condition:
        self._at += 1
        match token.kind:
            case "minus":
                return negate(self._one())
            case "open":
                inner = self._alternatives()
                if self._next.kind != "close":
                    raise self._error(token, "this parenthesis is never closed")
                self._at += 1
                return inner
            case "term" if token.text.lower() not in ("or", "and", "-"):
                return self._term(token)
            case _:
                raise self._error(token, "a term is expected here", "such as difficulty:hard")

    def _term(self, token: _Token) -> Condition:
        key, colon, value = token.text.partition(":")
        # What is quoted as a whole is a word of the question, whatever it holds.
        if not colon or token.text.startswith('"'):
            return Term("text", token.text.strip('"').lower())
        if key not in self._vocabulary:
            raise self._error(token, f"unknown key '{key}'", suggest(key, self._vocabulary))
        value = value.strip('"').casefold()
        if key in FLAGS:
            return self._flag(key, value, token)
        spelt = spellings(self._vocabulary[key])
        if value in spelt:
            return Term(key, spelt[value])
        if not any(fnmatchcase(known, value) for known in spelt):
            column = token.column + len(key) + 1
            message = f"no note has the {key} '{value}'" if value else f"{key}: of what?"
            hint = suggest(value, list(self._vocabulary[key]))
            raise WhereError(self._expression, column, message, hint)
        return Term(key, value, pattern=True)

    def _flag(self, key: str, value: str, token: _Token) -> Condition:
        if value not in (YES, NO):
            column = token.column + len(key) + 1
            hint = f"{key}:{YES} or {key}:{NO}"
            raise WhereError(self._expression, column, f"{key}: yes or no?", hint)
        if YES not in self._vocabulary[key]:
            hint = f"deck.yaml lists their ids under {key}:"
            raise self._error(token, f"the deck has no {key}", hint)
        return Term(key, YES) if value == YES else Not(Term(key, YES))

    def _error(self, token: _Token, message: str, hint: str = "") -> WhereError:
        return WhereError(self._expression, token.column, message, hint)
