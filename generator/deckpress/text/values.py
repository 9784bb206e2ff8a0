"""Frozen values as JSON, and back: dataclasses become lists of their fields, types say which."""

from __future__ import annotations

import json
import types
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from functools import lru_cache
from operator import attrgetter
from typing import Any, Union, get_args, get_origin, get_type_hints

_Reader = Callable[[Any], Any]


@lru_cache(maxsize=256)
def _values_of(kind: Any) -> Callable[[object], object]:
    """Return what takes the values of a dataclass out of it, as one tuple."""
    names = [field.name for field in fields(kind)]
    return attrgetter(*names) if len(names) > 1 else lambda value: [getattr(value, names[0])]


def _fields_of(value: object) -> object:
    kind: Any = type(value)
    if is_dataclass(value):
        return _values_of(kind)(value)
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} is not written as JSON")


_WRITE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_fields_of).encode


_READ = json.JSONDecoder().decode


def write_value(value: object) -> bytes:
    """Write a value: words, numbers, tuples, mappings by words, and dataclasses of those."""
    return _WRITE(value).encode("utf-8", "surrogatepass")


def read_value(data: bytes, kind: Any) -> Any:
    """Read a value back.

    Args:
        data: what `write_value` wrote.
        kind: the value's type, such as `Note` or `tuple[str, ...]`.

    Returns:
        A value that is equal to the one that was written.
    """
    found = _READ(str(data, "utf-8", "surrogatepass"))
    read = _reader(kind)
    return read(found) if read else found


@lru_cache(maxsize=256)
def _reader(kind: Any) -> _Reader | None:
    """Return what makes a value of a type out of JSON; None when JSON has it already."""
    origin, inside = get_origin(kind), get_args(kind)
    if isinstance(kind, type) and is_dataclass(kind):
        return _dataclass_reader(kind)
    if origin is tuple and inside[-1] is Ellipsis:
        return _tuple_reader(inside[0])
    if origin is tuple:
        readers = [_reader(one) or _same for one in inside]
        return lambda found: tuple(r(v) for r, v in zip(readers, found, strict=True))
    if origin in (dict, Mapping):
        return _mapping_reader(inside[1])
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return _reader(dict[inside[0], inside[1]])  # type: ignore[valid-type]
    if origin in (Union, types.UnionType):
        (read,) = {_reader(one) for one in inside if one is not type(None)}
        return _optional_reader(read) if read else None
    # Words of a kind of their own, such as HTML that is right as it is.
    own = isinstance(kind, type) and issubclass(kind, str) and kind is not str
    return kind if own else None


def _same(found: Any) -> Any:
    return found


def _mapping_reader(inner: Any) -> _Reader | None:
    read = _reader(inner)
    return None if read is None else lambda found: {k: read(v) for k, v in found.items()}


def _optional_reader(read: _Reader) -> _Reader:
    return lambda found: None if found is None else read(found)


def _tuple_reader(inner: Any) -> _Reader:
    read = _reader(inner)
    return (lambda found: tuple(map(read, found))) if read else tuple


def _dataclass_reader(kind: Any) -> _Reader:
    hints = get_type_hints(kind)
    readers = [(at, _reader(hints[field.name])) for at, field in enumerate(fields(kind))]
    needed = [(at, read) for at, read in readers if read]
    named = [field.name for field in fields(kind) if field.kw_only]
    least = len(readers) - len(named)

    def read_dataclass(found: Any) -> Any:
        for at, read in needed:
            found[at] = read(found[at])
        if named:
            return kind(*found[:least], **dict(zip(named, found[least:], strict=True)))
        return kind(*found)

    return read_dataclass
