"""Plain values to JSON values and back, by their declared types. Fields that keep their default are left out."""

import types
import typing
from collections.abc import Callable
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Any


@cache
def _typed_fields(kind: type) -> tuple[tuple[Field[Any], Any], ...]:
    hints = typing.get_type_hints(kind)
    return tuple((f, hints[f.name]) for f in fields(kind))


def _default(f: Field[Any]) -> Any:
    return f.default_factory() if f.default_factory is not MISSING else f.default


def encode(value: Any) -> Any:
    """A JSON value: dataclasses as objects, amounts and dates as text, enums by value."""
    if is_dataclass(value) and not isinstance(value, type):
        pairs = ((f, getattr(value, f.name)) for f, _ in _typed_fields(type(value)))
        return {f.name: encode(v) for f, v in pairs if v != _default(f)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Decimal | date):
        return str(value)
    if isinstance(value, dict):
        return {str(k): encode(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [encode(v) for v in value]
    return value


def decode(kind: Any, data: Any) -> Any:
    """The value of type `kind` that `encode` gave `data` for. Raises KeyError or TypeError for another shape."""
    return _decoder(kind)(data)


@cache
def _decoder(kind: Any) -> Callable[[Any], Any]:
    """What decodes values of a type: looked up once for each type, for a payload has tens of thousands of values."""
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin in (typing.Union, types.UnionType):
        return _one_of([a for a in arguments if a is not types.NoneType])
    if origin is tuple:
        return _items(arguments)
    if origin is dict:
        key, value = map(_decoder, arguments)
        return lambda data: {key(k): value(v) for k, v in data.items()}
    if is_dataclass(kind):
        return _record(typing.cast(type, kind))
    if kind is date:
        return date.fromisoformat
    if isinstance(kind, type) and issubclass(kind, Decimal | Enum):
        return kind
    return lambda data: data


def _items(arguments: tuple[Any, ...]) -> Callable[[Any], Any]:
    if len(arguments) == 2 and arguments[1] is Ellipsis:
        each = _decoder(arguments[0])
        return lambda data: tuple([each(item) for item in data])
    places = [_decoder(a) for a in arguments]
    return lambda data: tuple([place(item) for place, item in zip(places, data, strict=True)])


def _record(kind: type) -> Callable[[Any], Any]:
    hints = {f.name: hint for f, hint in _typed_fields(kind)}
    known: dict[str, Callable[[Any], Any]] = {}  # filled as fields are met: a type may hold its own kind

    def read(data: Any) -> Any:
        values = {}
        for name, value in data.items():
            if name not in known:
                if name not in hints:
                    raise TypeError(f"{kind} has no field {name}")
                known[name] = _decoder(hints[name])
            values[name] = known[name](value)
        return kind(**values)

    return read


def _one_of(kinds: list[Any]) -> Callable[[Any], Any]:
    """The only one, or the first of several dataclasses that has every field of the data; None stays None."""
    if len(kinds) == 1:
        only = _decoder(kinds[0])
        return lambda data: None if data is None else only(data)
    named = [(_record(typing.cast(type, k)), {f.name for f in fields(k)}) for k in kinds if is_dataclass(k)]

    def read(data: Any) -> Any:
        if data is None:
            return None
        fitting = next((record for record, names in named if data.keys() <= names), None)
        if fitting is None:
            raise TypeError(f"none of {kinds} has the fields {sorted(data)}")
        return fitting(data)

    return read
