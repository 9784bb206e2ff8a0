"""Values of YAML files against their shapes, and the shapes as JSON Schema."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Any, TypeGuard, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails, from_json

from deckpress.schema.bibliography_file import BibliographyFile
from deckpress.schema.deck_files import CompaniesFile, CoverageFile, DeckFile, SourcesFile
from deckpress.schema.export_file import ExportFile
from deckpress.schema.front_matter import FrontMatter
from deckpress.schema.import_map import ImportMapFile
from deckpress.schema.words import SLUG, Shape
from deckpress.text.problem import Fix, Problem, replacing
from deckpress.text.suggestions import is_near, misnamed
from deckpress.text.yaml import YamlText

S = TypeVar("S", bound=Shape)

PUBLISHED: dict[str, type[Shape]] = {
    "front-matter": FrontMatter,
    "deck": DeckFile,
    "companies": CompaniesFile,
    "sources": SourcesFile,
    "coverage": CoverageFile,
    "bibliography": BibliographyFile,
    "export": ExportFile,
    "import": ImportMapFile,
}


FORMS = {
    "cards": "a number of up to three digits",
    "id": "letters, digits and any of _ : . + / -, and a letter, a digit or _ first",
    "language": "its code: two or three small letters, such as de, and perhaps more, as in pt-BR",
    "minutes": "a number, or two with a dash, such as 45 or 45-60",
    "name": 'words without any of : { } ", and none of # ^ / first',
    "number": "two digits and perhaps a letter, such as 03 or 03b, or none",
    "version": "letters, digits and any of . + _ -, such as 1.4; 40 at most",
}
"""How what has a form of its own is written, by key."""


def validate(shape: type[S], read: YamlText) -> tuple[S | None, list[Problem]]:
    """Check a read YAML text against a shape.

    Args:
        shape: the shape that is expected.
        read: the text as read, with the places of its values.

    Returns:
        The value, or None when something is wrong; and what is wrong, each at its place.
    """
    found, errors = _fit(shape, read)
    return found, [*read.problems, *(_problem(shape, detail, read) for detail in errors)]


def _fit(shape: type[S], read: YamlText) -> tuple[S | None, list[ErrorDetails]]:
    if read.problems:
        return None, []
    try:
        return shape.model_validate({} if read.value is None else read.value), []
    except ValidationError as error:
        return None, _each_once(error.errors())


def validate_partly(shape: type[S], read: YamlText) -> tuple[S, frozenset[str], list[Problem]]:
    """Check a read YAML text against a shape that demands no key, and keep what is right of it.

    Args:
        shape: the shape that is expected; no key of it looks at another.
        read: the text as read, with the places of its values.

    Returns:
        The keys whose values are right; the keys of which nobody knows what was meant, for their
        values are wrong, or they are missing beside one that is unknown and may be each of them;
        and what is wrong, each at its place.
    """
    found, errors = _fit(shape, read)
    if found is not None:
        return found, frozenset(), []
    problems = [*read.problems, *(_problem(shape, detail, read) for detail in errors)]
    known = frozenset(shape.model_fields)
    if not errors or not isinstance(read.value, dict):
        return shape(), known, problems
    wrong = {str(detail["loc"][0]) for detail in errors}
    right = {key: value for key, value in read.value.items() if key not in wrong}
    unsure = (known & wrong) | (known - set(read.value) if wrong - known else frozenset())
    return shape.model_validate(right), unsure, problems


def _each_once(errors: list[ErrorDetails]) -> list[ErrorDetails]:
    """Leave out that a key is missing, where another one beside it is that key misspelt."""
    beside: dict[tuple[str | int, ...], list[str]] = {}
    for detail in errors:
        if detail["type"] == "extra_forbidden":
            beside.setdefault(detail["loc"][:-1], []).append(str(detail["loc"][-1]))

    def is_misspelt(detail: ErrorDetails) -> bool:
        # What has no place, such as a text that is no mapping, is missing nowhere.
        *above, key = detail["loc"] or ("",)
        words = beside.get(tuple(above), ()) if detail["type"] == "missing" else ()
        return any(is_near(word, str(key)) for word in words)

    return [detail for detail in errors if not is_misspelt(detail)]


def fit_json(shape: type[S], text: str) -> S | None:
    """Return a JSON text in its shape; None, and not why, when it does not fit."""
    try:
        return shape.model_validate_json(text)
    except ValidationError:
        return None


def parse_json(text: str) -> Any:
    """Return what a JSON text says that is known to be right, in half of `json.loads`'s time."""
    return from_json(text)


def json_schema(name: str) -> dict[str, Any]:
    """Return the JSON Schema of one of the `PUBLISHED` files, for editors."""
    schema = PUBLISHED[name].model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def _problem(shape: type[Shape], detail: ErrorDetails, read: YamlText) -> Problem:
    path = tuple(part for part in detail["loc"] if part != "function-after")
    where, key = read.place(path), str(path[-1]) if path else ""
    got, context = detail["input"], detail.get("ctx", {})
    match detail["type"]:
        case "missing":
            return Problem(where, f"the key '{key}' is missing", rule="missing-key")
        case "extra_forbidden":
            known = _keys(shape, path)
            return misnamed(where, f"unknown key '{key}'", key, known, rule="unknown-key")
        case "literal_error":
            options = str(context["expected"]).split("'")[1::2]
            message = f"unknown {key} '{got}'"
            return misnamed(where, message, str(got), options, rule="unknown-value")
        case "string_pattern_mismatch" if context.get("pattern") == SLUG:
            return Problem(
                where,
                f"'{got}' is not a slug",
                "lower-case letters, digits and dashes only",
                rule="not-a-slug",
                fixes=_as_slug(got),
            )
        case "string_pattern_mismatch":
            return Problem(
                where, f"{key}: '{got}' is not allowed", FORMS.get(key, ""), rule="bad-value"
            )
        case "value_error":
            return Problem(
                where, f"'{got}' is not allowed here", str(context["error"]), rule="bad-value"
            )
        case "list_type" | "tuple_type" | "dict_type" | "model_type" | "string_type":
            wanted = {"list": "a list", "tuple": "a list", "string": "a word"}.get(
                detail["type"].split("_")[0], "a mapping of keys to values"
            )
            hint = ""
            if got is None and detail["type"] == "string_type":
                # What the author wrote is not known any more: all three come as nothing.
                hint = (
                    "YAML reads null, ~ and an empty value as nothing; to write the word, "
                    'put it in quotes: "null"'
                )
            at = f"entry {path[-1] + 1} of '{path[-2]}'" if _is_entry(path) else f"'{key}'"
            return Problem(
                where,
                f"{wanted} is expected {f'for {at}' if key else 'here'}",
                hint,
                rule="wrong-shape",
            )
        case _:
            return Problem(
                where, f"{key}: {detail['msg']}" if key else detail["msg"], rule="bad-value"
            )


def _is_entry(path: tuple[str | int, ...]) -> TypeGuard[tuple[str, int]]:
    """Say whether a path ends at an entry of a list that has a name."""
    return len(path) > 1 and isinstance(path[-1], int) and isinstance(path[-2], str)


def keys_of(name: str, path: Iterable[str]) -> list[str]:
    """Return the keys that may stand in one of the `PUBLISHED` files.

    Args:
        name: which file.
        path: the keys that lead to the place, from the outermost; none at the top.

    Returns:
        The keys of the mapping there, in the order of the shape.
    """
    return _keys(PUBLISHED[name], (*path, ""))


def _as_slug(got: object) -> tuple[Fix, ...]:
    slug = re.sub(r"[^a-z0-9]+", "-", str(got).lower()).strip("-")
    return (replacing(str(got), slug),) if slug and str(got).isascii() else ()


@cache
def _schema_of(shape: type[Shape]) -> dict[str, Any]:
    """Return the JSON Schema of a shape, which takes milliseconds to make."""
    return shape.model_json_schema(mode="serialization")


def _keys(shape: type[Shape], path: Iterable[object]) -> list[str]:
    """Return the keys that are allowed where the path ends."""
    schema = _schema_of(shape)
    here: Any = schema
    for part in list(path)[:-1]:
        if isinstance(part, int):
            continue
        here = here["properties"].get(part, {}) if "properties" in here else here
        while isinstance(here, dict) and "properties" not in here:
            inner = here.get("items") or here.get("additionalProperties")
            if "$ref" in here:
                inner = schema["$defs"][here["$ref"].rsplit("/", 1)[1]]
            if not inner:
                break
            here = inner
    return list(here.get("properties", {})) if isinstance(here, dict) else []
