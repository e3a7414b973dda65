"""Copies of entities: `dataclasses.replace` for those with forty fields, of which one differs.

A push makes three such copies of every finding, and `replace` reads and writes each field by name, in Python.
"""

from itertools import repeat
from operator import attrgetter
from typing import Any, TypeVar

T = TypeVar("T")
_FIELDS: "dict[type[Any], tuple[tuple[str, ...], attrgetter[tuple[object, ...]]]]" = {}


def copied(entity: T, **changes: object) -> T:
    """As `replace(entity, **changes)`. Nothing is checked anew, so only for what needs no checking."""
    kind = type(entity)
    names, values = _FIELDS.get(kind) or _fields(kind)
    copy = object.__new__(kind)
    any(map(object.__setattr__, repeat(copy), names, values(entity)))  # each says None
    for name, value in changes.items():
        object.__setattr__(copy, name, value)
    return copy


def _fields(kind: type[Any]) -> "tuple[tuple[str, ...], attrgetter[tuple[object, ...]]]":
    names = tuple(kind.__dataclass_fields__)
    _FIELDS[kind] = names, attrgetter(*names)
    return _FIELDS[kind]
