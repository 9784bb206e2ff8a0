"""The one way from a file to a checked shape: bytes, text, YAML, values."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from deckpress.schema.validation import validate
from deckpress.schema.words import Shape
from deckpress.text.problem import Problem
from deckpress.text.source_text import decode_source, read_text, refuse_conflicts
from deckpress.text.yaml import YamlText, read_yaml

S = TypeVar("S", bound=Shape)


@dataclass(frozen=True, slots=True)
class ShapedFile(Generic[S]):
    """A YAML file, read: its value (None when something is wrong), the places in it, mistakes."""

    value: S | None
    yaml: YamlText
    problems: tuple[Problem, ...]


def read_shape(shape: type[S], path: Path) -> ShapedFile[S]:
    """Read a YAML file and check it against a shape.

    Args:
        shape: the shape that is expected.
        path: the file, as problems print it.

    Returns:
        The value with its places, and every mistake.
    """
    text, problems = read_text(path)
    return _read_shape(shape, text, problems, path.as_posix())


def read_shape_in(shape: type[S], data: bytes, path: str) -> ShapedFile[S]:
    """Check the bytes of a YAML file against a shape.

    Args:
        shape: the shape that is expected.
        data: the file's bytes.
        path: the file, as problems print it.

    Returns:
        The value with its places, and every mistake.
    """
    return _read_shape(shape, *decode_source(data, path), path)


def _read_shape(
    shape: type[S], text: str, problems: tuple[Problem, ...], path: str
) -> ShapedFile[S]:
    text, problems = refuse_conflicts(text, problems, path)
    read = read_yaml(text, path)
    if not text and problems:
        return ShapedFile(None, read, problems)
    value, faults = validate(shape, read)
    return ShapedFile(value, read, (*problems, *faults))
