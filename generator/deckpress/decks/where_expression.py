"""The language of `--where`: one boolean expression in the style of Anki's own search."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase

from deckpress.text.problem import SelectionError
from deckpress.text.suggestions import suggest

_TOKEN = re.compile(
    r"""\s*(?:(?P<open>\()|(?P<close>\))|(?P<minus>-(?=[^\s]))
    |(?P<term>(?:[a-z]+:)?"[^"]*"|[^\s()"]+))""",
    re.VERBOSE,
)

_DEEPEST = 100

Facts = Mapping[str, Iterable[str]]
Test = Callable[[Facts], bool]


class WhereError(SelectionError):
    """The expression cannot be read; `column` counts from 1."""

    def __init__(self, expression: str, column: int, message: str, hint: str = "") -> None:
        self.column = column
        text = f"--where, column {column}: {message}" + (f" ({hint})" if hint else "")
        super().__init__(f"{text}\n  {expression}\n  {' ' * (column - 1)}^")


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    column: int


def read_where(expression: str, vocabulary: Mapping[str, Iterable[str]]) -> Test:
    """Read an expression.

    Terms are `key:value` or a word of the question; values may hold `*`. Terms side by side must
    all hold, `or` joins alternatives, `-` negates, parentheses group; `and` may be written.

    Args:
        expression: such as `company:netflix -category:behavioral (tag:ranking or difficulty:hard)`.
        vocabulary: the keys that may be asked for and the values that exist; a key without values
            takes any.

    Returns:
        A test of a note's facts: the values it has under each key, and its words under "text".

    Raises:
        WhereError: the expression has no meaning; it points at the column.
    """
    return _Parser(expression, vocabulary).parse()


def only_term(expression: str, vocabulary: Mapping[str, Iterable[str]]) -> tuple[str, str]:
    """Return the key and the value of an expression that only asks for a value that exists.

    Args:
        expression: an expression that can be read.
        vocabulary: the keys that may be asked for and the values that exist.

    Returns:
        The key, and the value as it is spelt there; two empty texts for any other expression.
    """
    tokens = _Parser(expression, vocabulary).tokens
    key, colon, value = tokens[0].text.partition(":")
    if len(tokens) == 2 and tokens[0].kind == "term" and colon:
        value = value.strip('"').casefold()
        for known in vocabulary.get(key, ()):
            if known.casefold() == value:
                return key, known
    return "", ""


class _Parser:
    def __init__(self, expression: str, vocabulary: Mapping[str, Iterable[str]]) -> None:
        self._expression, self._vocabulary = expression, vocabulary
        self.tokens = self._split()
        self._at = self._depth = 0

    def parse(self) -> Test:
        test = self._alternatives()
        if self._next.kind != "end":
            raise self._error(self._next, "this parenthesis closes nothing")
        return test

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
        return self.tokens[self._at]

    def _is_word(self, word: str) -> bool:
        return self._next.kind == "term" and self._next.text.lower() == word

    def _alternatives(self) -> Test:
        tests = [self._all()]
        while self._is_word("or"):
            self._at += 1
            tests.append(self._all())
        return tests[0] if len(tests) == 1 else lambda facts: any(t(facts) for t in tests)

    def _all(self) -> Test:
        tests = [self._one()]
        while self._next.kind not in ("end", "close") and not self._is_word("or"):
            if self._is_word("and"):
                self._at += 1
            tests.append(self._one())
        return tests[0] if len(tests) == 1 else lambda facts: all(t(facts) for t in tests)

    def _one(self) -> Test:
        token = self._next
        if self._depth == _DEEPEST:
            raise self._error(token, "nested too deeply")
        self._depth += 1
        test = self._read_one(token)
        self._depth -= 1
        return test

    def _read_one(self, token: _Token) -> Test:
        self._at += 1
        match token.kind:
            case "minus":
                inner = self._one()
                return lambda facts: not inner(facts)
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

    def _term(self, token: _Token) -> Test:
        key, colon, value = token.text.partition(":")
        # What is quoted as a whole is a word of the question, whatever it holds.
        if not colon or token.text.startswith('"'):
            word = token.text.strip('"').lower()
            return lambda facts: any(word in text for text in facts["text"])
        if key not in self._vocabulary:
            raise self._error(token, f"unknown key '{key}'", suggest(key, self._vocabulary))
        value = value.strip('"').casefold()
        known = list(self._vocabulary[key])
        if not any(fnmatchcase(word.casefold(), value) for word in known):
            column = token.column + len(key) + 1
            message = f"no note has the {key} '{value}'" if value else f"{key}: of what?"
            raise WhereError(self._expression, column, message, suggest(value, known))
        return lambda facts: any(fnmatchcase(word.casefold(), value) for word in facts[key])

    def _error(self, token: _Token, message: str, hint: str = "") -> WhereError:
        return WhereError(self._expression, token.column, message, hint)
