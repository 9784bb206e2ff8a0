"""YAML text to plain values with their places; the only door to PyYAML.

Every scalar stays the string its author wrote (`no`, `1.10`, `2026-11-22`), so nothing is guessed;
a key given twice is a mistake; anchors and aliases are refused, for a few lines of them can expand
to gigabytes.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import yaml

from deckpress.text.characters import find_forbidden
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


class _Loader(yaml.SafeLoader):
    """PyYAML's safe reader, of which only the node tree is used."""


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
    result = YamlText(places={(): Location(path, first_line, 1)})
    loader = _Loader(text)
    try:
        _refuse_aliases(text)
        node = loader.get_single_node()
        if node is not None:
            result.places[()] = _place(node.start_mark, path, first_line)
            result.value = _plain(node, (), path, first_line, result)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = _place(mark, path, first_line) if mark else Location(path, first_line)
        result.problems.append(
            Problem(
                where,
                f"this is not YAML: {error.problem}",
                _hint(error.problem or ""),
                rule="not-yaml",
            )
        )
    except yaml.reader.ReaderError as error:
        before = text[: error.position]
        where = Location(path, first_line + before.count("\n"), error.position - before.rfind("\n"))
        result.problems.append(
            Problem(where, "a character that YAML does not allow", rule="not-yaml")
        )
    except (ValueError, OverflowError):
        # PyYAML trips over escapes beyond Unicode and directives with endless numbers.
        hint = "look for an escape such as \\U00110000, or a line that begins with %"
        where = Location(path, first_line)
        result.problems.append(
            Problem(where, "a number here is out of range", hint, rule="not-yaml")
        )
    finally:
        loader.dispose()
    return result


def _refuse_aliases(text: str) -> None:
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise _Refusal("anchors and aliases are not read here", event.start_mark)
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > NESTING:
            raise _Refusal("nested too deep", event.start_mark)


def _hint(problem: str) -> str:
    if "mapping values are not allowed" in problem:
        return "put a value that holds ': ' into quotes"
    if "found character '\\t'" in problem:
        return "indent with spaces"
    if "cannot start any token" in problem or "expected <block end>" in problem:
        return "put the value into quotes, and check the indentation"
    return ""


def _place(mark: yaml.Mark, path: str, first_line: int) -> Location:
    return Location(path, first_line + mark.line, mark.column + 1)


def _plain(
    node: yaml.Node, at: tuple[Key, ...], path: str, first_line: int, result: YamlText
) -> object:
    if isinstance(node, yaml.ScalarNode):
        _check_characters(node, path, first_line, result)
        empty = node.style is None and node.value in ("", "~", "null")
        return None if empty else str(node.value)
    if isinstance(node, yaml.SequenceNode):
        items: list[object] = []
        for index, child in enumerate(node.value):
            result.places[(*at, index)] = _place(child.start_mark, path, first_line)
            item = _plain(child, (*at, index), path, first_line, result)
            # In a list, `null` is a word like others: a tag, say.
            items.append("null" if item is None and child.value == "null" else item)
        return items
    entries: dict[str, object] = {}
    for key_node, child in node.value:
        where = _place(key_node.start_mark, path, first_line)
        if not isinstance(key_node, yaml.ScalarNode):
            result.problems.append(Problem(where, "a key must be a word", rule="not-yaml"))
            continue
        _check_characters(key_node, path, first_line, result)
        key = str(key_node.value)
        if key in entries:
            result.problems.append(
                Problem(where, f"the key '{key}' is given twice", rule="key-twice")
            )
            continue
        result.places[(*at, key)] = where
        entries[key] = _plain(child, (*at, key), path, first_line, result)
    return entries


def _check_characters(node: yaml.ScalarNode, path: str, first_line: int, result: YamlText) -> None:
    """Look for what an escape such as `"\\x1f"` brought in: the source's text was clean."""
    where = _place(node.start_mark, path, first_line)
    for fault in find_forbidden(str(node.value), "delete it")[:1]:
        result.problems.append(replace(fault, where=where))
