"""Frozen values as bytes, and back: as JSON what is hashed or small, else as Python's own marshal.

Neither can hold more than words, numbers, tuples and mappings by words. Records (dataclasses and
named tuples) become lists of their fields; when they are read back, their types say which.
"""

from __future__ import annotations

import json
import marshal
import types
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from functools import lru_cache
from operator import attrgetter
from typing import Any, Union, get_args, get_origin, get_type_hints

_Step = Callable[[Any], Any]


class UnreadableError(ValueError):
    """Bytes hold no value of the type that is asked for."""


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
    """Write a value as JSON: the same bytes for the same value."""
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


def pack_value(value: Any, kind: Any) -> bytes:
    """Pack a value for this Python on this machine, in half the time of JSON.

    Args:
        value: the value; its words are `str` where its type says so, and no type of their own.
        kind: its type.

    Returns:
        Bytes that are not the same for the same value, and that only `unpack_value` reads.
    """
    write = _writer(kind)
    return marshal.dumps(write(value) if write else value)


def unpack_value(data: bytes | memoryview, kind: Any) -> Any:
    """Return the value that `pack_value` packed; what follows it in the bytes is not read.

    Raises:
        UnreadableError: the bytes were cut short, or are something else.
    """
    try:
        found = marshal.loads(data)
        read = _unpacker(kind)
        if read:
            return read(found)
    except Exception as error:  # of other bytes, each step raises whatever it happens to
        raise UnreadableError(str(error)) from error
    if isinstance(kind, type) and kind is not Any and not isinstance(found, kind):
        raise UnreadableError(f"this is no {kind.__name__}")
    return found


@lru_cache(maxsize=256)
def _reader(kind: Any) -> _Step | None:
    """Return what makes a value of a type out of plain ones; None when it is plain itself."""
    return _step(kind, _reader, _record_reader)


@lru_cache(maxsize=256)
def _unpacker(kind: Any) -> _Step | None:
    """Return what makes a value of what was packed."""
    return _step(kind, _unpacker, lambda record: _record_reader(record, _of_packed_record))


def _of_packed_record(kind: Any) -> _Step | None:
    """Return what makes a field of a record, whose tuples and mappings were packed as they are."""
    step = _unpacker(kind)
    return None if step in (tuple, dict) else step


@lru_cache(maxsize=256)
def _writer(kind: Any) -> _Step | None:
    """Return what makes a value of a type plain; None when it is already."""
    return _step(kind, _writer, _record_writer)


def _step(
    kind: Any, inner: Callable[[Any], _Step | None], record: Callable[[Any], _Step]
) -> _Step | None:
    origin, inside = get_origin(kind), get_args(kind)
    if _is_record(kind):
        return record(kind)
    if origin is tuple and inside[-1] is Ellipsis:
        return _each_of(inner(inside[0]))
    if origin is tuple:
        steps = [inner(one) or _same for one in inside]
        return lambda found: tuple([s(v) for s, v in zip(steps, found, strict=True)])
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return _each_value_of(inner(inside[1]))
    if origin in (Union, types.UnionType):
        (step,) = {inner(one) for one in inside if one is not type(None)}
        return _optional(step) if step else None
    # Words of a kind of their own, such as HTML that is right as it is.
    own = isinstance(kind, type) and issubclass(kind, str) and kind is not str
    return (str if record is _record_writer else kind) if own else None


def _is_record(kind: Any) -> bool:
    return isinstance(kind, type) and (is_dataclass(kind) or _is_named(kind))


def _is_named(kind: Any) -> bool:
    return issubclass(kind, tuple) and hasattr(kind, "_fields")


def _same(found: Any) -> Any:
    return found


def _each_of(step: _Step | None) -> _Step:
    return (lambda found: tuple([step(one) for one in found]) if found else ()) if step else tuple


def _each_value_of(step: _Step | None) -> _Step:
    return (lambda found: {k: step(v) for k, v in found.items()}) if step else dict


def _optional(step: _Step) -> _Step:
    return lambda found: None if found is None else step(found)


def _steps(kind: Any, inner: Callable[[Any], _Step | None]) -> list[tuple[int, _Step]]:
    """Return what is to be done with which fields of a record."""
    hints = get_type_hints(kind)
    steps = [(at, inner(hints[name])) for at, name in enumerate(_names(kind))]
    return [(at, step) for at, step in steps if step]


def _names(kind: Any) -> list[str]:
    return list(kind._fields) if _is_named(kind) else [field.name for field in fields(kind)]


def _record_reader(kind: Any, inner: Callable[[Any], _Step | None] | None = None) -> _Step:
    needed, make = _steps(kind, inner or _reader), _maker(kind)
    if not needed:
        return make

    def read_record(found: Any) -> Any:
        values = [*found]
        for at, read in needed:
            values[at] = read(values[at])
        return make(values)

    return read_record


def _maker(kind: Any) -> _Step:
    """Return what makes a record of its values."""
    if _is_named(kind):
        make: _Step = kind._make
        return make
    if any(field.kw_only for field in fields(kind)):
        names = _names(kind)
        return lambda found: kind(**dict(zip(names, found, strict=True)))
    return lambda found: kind(*found)


def _record_writer(kind: Any) -> _Step:
    needed = _steps(kind, _writer)
    values_of: Callable[[Any], Any] = list if _is_named(kind) else _values_of(kind)

    def write_record(value: Any) -> list[Any]:
        values = [*values_of(value)]
        for at, write in needed:
            values[at] = write(values[at])
        return values

    return write_record
