"""YAML text to plain values with their places; the only door to PyYAML.

Every scalar stays the string its author wrote (`no`, `1.10`, `2026-11-22`), so nothing is guessed;
a key given twice is a mistake; anchors and aliases are refused, for a few lines of them can expand
to gigabytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

import yaml

from deckpress.text.characters import FORBIDDEN, find_forbidden
from deckpress.text.problem import Location, Problem

Key = str | int
NESTING = 40
"""How deep a file may nest; far above any honest use, far below Python's own limit."""


@dataclass(slots=True)
class YamlText:
    """A read YAML text.

    `value` holds strings, lists, dicts and None only. `places` gives for the path of keys and
    indices to each value where it stands; the place of a dict's entry is that of its key.
    """

    value: object = None
    places: dict[tuple[Key, ...], Location] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def place(self, path: tuple[Key, ...]) -> Location:
        """Return the place of the nearest known part of a path.

        Parts that the text does not have (names of a schema's own) are passed over.
        """
        known: tuple[Key, ...] = ()
        for part in path:
            if (*known, part) in self.places:
                known = (*known, part)
        return self.places[known]


_READERS: tuple[Any, ...] = (yaml.SafeLoader,)
if yaml.__with_libyaml__:
    _READERS = (yaml.CSafeLoader, yaml.SafeLoader)
"""What turns text into events: libyaml, ten times as fast; and PyYAML, which has the last word on
what is wrong, so that messages and places do not depend on what is installed."""
_BEGINS = r"(?:^|[\[{,]|[\"']:|[:?-](?=[ \n]))[ \n]*"
"""Where a value may begin."""
_UNLIKE = re.compile(
    r"[^\n\x20-\x7e\xa0-\ud7ff\uf900-\ufffd]|^%|\\(?![\"\\])|[?:-](?=[,\[\]{}])"
    rf"|{_BEGINS}(?:!|[|>](?!-?\n))",
    re.MULTILINE,
)
"""What the two readers may take differently; PyYAML reads texts that hold any of it."""
_NAMED = re.compile(rf"{_BEGINS}[&*]", re.MULTILINE)
"""Where an anchor or an alias may stand, which nodes do not tell of."""
_EMPTY = frozenset({"", "~", "null"})
_BRACKETS = re.compile(r"[\[{][^\[\]{}?]*[\]}]")
_QUOTED = re.compile(r'"[^"\n]*"')


class _Doubt(Exception):
    """Something may be wrong: let the other reader say what."""


class _Refusal(yaml.MarkedYAMLError):
    def __init__(self, problem: str, mark: Any) -> None:
        super().__init__(problem=problem, problem_mark=mark)


def read_yaml(text: str, path: str, first_line: int = 1) -> YamlText:
    """Read one YAML document.

    Args:
        text: the document.
        path: the file's name, for the places.
        first_line: the line of the file on which the text begins.

    Returns:
        The values with their places; what is wrong stands in `problems`.
    """
    unlike = _is_unlike(text)
    if _Composer and not unlike and len(text) <= _SHORT and not _NAMED.search(text):
        quick = _read_quickly(text, path, first_line)
        if quick:
            return quick
    readers = _READERS[-1:] if unlike else _READERS
    for reader in readers[:-1]:
        result = _read(text, path, first_line, reader)
        # Of a document that is empty they give different places.
        if not result.problems and result.value is not None:
            return result
    return _read(text, path, first_line, readers[-1])


def _is_unlike(text: str) -> bool:
    if _UNLIKE.search(text):
        return True
    # A question mark in words between brackets, which only one of them takes.
    if "?" not in text or not re.search(r"[\[{]", text):
        return False
    rest, count = _QUOTED.sub("", text), 1
    while count and "?" in rest:
        rest, count = _BRACKETS.subn("", rest)
    return "?" in rest and bool(re.search(r"[\[\]{}]", rest))


_SHORT = 2000
"""Up to how many characters libyaml may make nodes of a text: it nests as deep as the text does."""
_Composer: Any = None
if yaml.__with_libyaml__:

    class _Words(yaml.CSafeLoader):
        """Makes nodes without tags, for every scalar stays a word.

        It is asked for the tag of each node, and told where it stands: an empty text takes all of
        that without a line of Python.
        """

        resolve = descend_resolver = ascend_resolver = "".format  # type: ignore[assignment]

    _Composer = _Words


def _read_quickly(text: str, path: str, first_line: int) -> YamlText | None:
    """Read what nothing is wrong with; None when something may be."""
    reader = _Composer(text)
    places: dict[tuple[Key, ...], Location] = {(): Location(path, first_line, 1)}

    def take(node: Any, at: tuple[Key, ...]) -> object:
        if isinstance(node, yaml.ScalarNode):
            value = str(node.value)
            if FORBIDDEN.search(value):
                raise _Doubt
            if value not in _EMPTY or node.style not in (None, ""):
                return value
            # In a list, `null` is a word like others: a tag, say.
            listed = bool(at) and isinstance(at[-1], int)
            return value if value == "null" and listed else None
        if len(at) >= NESTING:
            raise _Doubt
        if isinstance(node, yaml.SequenceNode):
            values: list[object] = []
            for number, item in enumerate(node.value):
                places[*at, number] = _place(item.start_mark, path, first_line)
                values.append(take(item, (*at, number)))
            return values
        found: dict[str, object] = {}
        for word, inner in node.value:
            key = word.value
            if not isinstance(word, yaml.ScalarNode) or key in found or FORBIDDEN.search(key):
                raise _Doubt
            places[*at, key] = _place(word.start_mark, path, first_line)
            found[key] = take(inner, (*at, key))
        return found

    try:
        root = reader.get_single_node()
        if root is None:
            return YamlText(None, places)
        places[()] = _place(root.start_mark, path, first_line)
        value = take(root, ())
        return None if value is None else YamlText(value, places)
    except (yaml.YAMLError, _Doubt, ValueError, OverflowError):
        return None
    finally:
        reader.dispose()


def _read(text: str, path: str, first_line: int, reader: Any) -> YamlText:
    result = YamlText(places={(): Location(path, first_line, 1)})
    try:
        _Document(path, first_line, result).read(yaml.parse(text, Loader=reader))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = _place(mark, path, first_line) if mark else Location(path, first_line)
        message = f"this is not YAML: {error.problem}"
        fault = Problem(where, message, _hint(error.problem or ""), rule="not-yaml")
        result = YamlText(places={(): Location(path, first_line, 1)}, problems=[fault])
    except yaml.reader.ReaderError as error:
        before = text[: error.position]
        where = Location(path, first_line + before.count("\n"), error.position - before.rfind("\n"))
        fault = Problem(where, "a character that YAML does not allow", rule="not-yaml")
        result = YamlText(places={(): Location(path, first_line, 1)}, problems=[fault])
    except (ValueError, OverflowError):
        # PyYAML trips over escapes beyond Unicode and directives with endless numbers.
        hint = "look for an escape such as \\U00110000, or a line that begins with %"
        where = Location(path, first_line)
        fault = Problem(where, "a number here is out of range", hint, rule="not-yaml")
        result = YamlText(places={(): Location(path, first_line, 1)}, problems=[fault])
    return result


@dataclass(slots=True)
class _Open:
    """A collection that has begun: its value, its path, and the key that waits for a value.

    `skips` says that the current entry is passed over: its key is no word, or given twice.
    """

    value: list[object] | dict[str, object]
    at: tuple[Key, ...]
    key: str = ""
    awaits_value: bool = False
    skips: bool = False


class _Document:
    """Takes in the events of one document, and puts values and places into a result."""

    def __init__(self, path: str, first_line: int, result: YamlText) -> None:
        self._path, self._first, self._result = path, first_line, result
        self._open: list[_Open] = []
        self._passed = 0
        """How many collections are open within one that is passed over."""

    def read(self, events: Iterable[Any]) -> None:
        documents, depth, second = 0, 0, None
        for event in events:
            if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
                raise _Refusal("anchors and aliases are not supported here", event.start_mark)
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                second = event.start_mark if documents == 2 else second
            elif isinstance(event, yaml.CollectionStartEvent):
                depth += 1
                if depth > NESTING:
                    raise _Refusal("nested too deeply", event.start_mark)
                if documents == 1:
                    self._start(event)
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
                if documents == 1:
                    self._end()
            elif isinstance(event, yaml.ScalarEvent) and documents == 1:
                self._scalar(event)
        if second is not None:
            raise _Refusal("but found another document", second)

    def _start(self, event: Any) -> None:
        if self._passed or (self._open and self._open[-1].skips):
            self._passed += 1
            return
        if self._is_key():
            fault = Problem(self._place(event), "a key must be a word", rule="not-yaml")
            self._result.problems.append(fault)
            self._open[-1].skips = True
            self._passed = 1
            return
        at = self._enter(event)
        value: list[object] | dict[str, object]
        value = [] if isinstance(event, yaml.SequenceStartEvent) else {}
        self._put(value)
        self._open.append(_Open(value, at))

    def _end(self) -> None:
        if self._passed:
            self._passed -= 1
            if not self._passed:
                self._after_passed()
        else:
            self._open.pop()

    def _after_passed(self) -> None:
        """Go on behind a key that is no word, or behind a value that is passed over."""
        top = self._open[-1]
        if not top.awaits_value:
            top.awaits_value = True
        else:
            top.awaits_value = top.skips = False

    def _scalar(self, event: Any) -> None:
        if self._passed:
            return
        if self._open and self._open[-1].skips:
            self._after_passed()
            return
        if not self._is_key():
            self._enter(event)
            self._check_characters(event)
            empty = event.style in (None, "") and event.value in _EMPTY
            # In a list, `null` is a word like others: a tag, say.
            listed = self._open and isinstance(self._open[-1].value, list)
            word = event.value == "null" and listed
            self._put(None if empty and not word else str(event.value))
            return
        self._check_characters(event)
        top, key = self._open[-1], str(event.value)
        top.awaits_value = True
        if key in top.value:
            message = f"the key '{key}' is given twice"
            self._result.problems.append(Problem(self._place(event), message, rule="key-twice"))
            top.skips = True
            return
        top.key = key
        self._result.places[(*top.at, key)] = self._place(event)

    def _is_key(self) -> bool:
        top = self._open[-1] if self._open else None
        return top is not None and isinstance(top.value, dict) and not top.awaits_value

    def _enter(self, event: Any) -> tuple[Key, ...]:
        """Note down where a value stands; the place of a mapping's entry is that of its key."""
        if not self._open:
            self._result.places[()] = self._place(event)
            return ()
        top = self._open[-1]
        if isinstance(top.value, dict):
            return (*top.at, top.key)
        at = (*top.at, len(top.value))
        self._result.places[at] = self._place(event)
        return at

    def _put(self, value: object) -> None:
        if not self._open:
            self._result.value = value
            return
        top = self._open[-1]
        if isinstance(top.value, dict):
            top.value[top.key] = value
            top.awaits_value = False
        else:
            top.value.append(value)

    def _place(self, event: Any) -> Location:
        return _place(event.start_mark, self._path, self._first)

    def _check_characters(self, event: Any) -> None:
        """Look for what an escape such as `"\\x1f"` brought in: the source's text was clean."""
        for fault in find_forbidden(str(event.value), "delete it")[:1]:
            self._result.problems.append(replace(fault, where=self._place(event)))


def _hint(problem: str) -> str:
    if "mapping values are not allowed" in problem:
        return "put a value that contains ': ' into quotes"
    if "found character '\\t'" in problem:
        return "indent with spaces"
    if "cannot start any token" in problem or "expected <block end>" in problem:
        return "put the value into quotes, and check the indentation"
    return ""


def _place(mark: yaml.Mark, path: str, first_line: int) -> Location:
    return Location(path, first_line + mark.line, mark.column + 1)
