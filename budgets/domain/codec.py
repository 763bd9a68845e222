"""Plain values to JSON values and back, by their declared types. Fields that keep their default are left out."""

import types
import typing
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
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin in (typing.Union, types.UnionType):
        if data is None:
            return None
        return decode(_fitting([a for a in arguments if a is not types.NoneType], data), data)
    if origin is tuple:
        if len(arguments) == 2 and arguments[1] is Ellipsis:
            return tuple(decode(arguments[0], item) for item in data)
        return tuple(decode(a, item) for a, item in zip(arguments, data, strict=True))
    if origin is dict:
        return {decode(arguments[0], k): decode(arguments[1], v) for k, v in data.items()}
    if is_dataclass(kind):
        known = {f.name: hint for f, hint in _typed_fields(typing.cast(type, kind))}
        if unknown := data.keys() - known.keys():
            raise TypeError(f"{kind} has no field {sorted(unknown)}")
        return typing.cast(Any, kind)(**{name: decode(known[name], v) for name, v in data.items()})
    if kind is date:
        return date.fromisoformat(data)
    if isinstance(kind, type) and issubclass(kind, Decimal | Enum):
        return kind(data)
    return data


def _fitting(kinds: list[Any], data: Any) -> Any:
    """The one of several dataclasses that has every field of `data`."""
    if len(kinds) == 1:
        return kinds[0]
    fits = (k for k in kinds if is_dataclass(k) and data.keys() <= {f.name for f in fields(k)})
    if (kind := next(fits, None)) is None:
        raise TypeError(f"none of {kinds} has the fields {sorted(data)}")
    return kind
