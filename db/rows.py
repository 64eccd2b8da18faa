"""Record ↔ row: every column is a field of a record, by the same name.

Instants become fixed-width ISO 8601 text with Z, so that the order of the text is the order of time; dates ISO
text; enums their value; tuples, mappings and records within a record JSON text. A lone surrogate, which no UTF-8
file can hold, becomes U+FFFD: one character for one, so that offsets stay right. Rule: pure, no SQL; the only
file of the packages that may `cast`, because annotations are read here at run time.
"""

from __future__ import annotations

import json
import re
import types
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import UTC, date, datetime
from enum import Enum
from functools import cache
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias, TypeVar, Union, cast
from typing import get_args as arguments_of
from typing import get_origin as origin_of
from typing import get_type_hints as hints_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from _typeshed import DataclassInstance

__all__ = [
    "Column",
    "Row",
    "SqlValue",
    "columns_of",
    "instant_text",
    "json_text",
    "plain_text",
    "record_of",
    "row_of",
]

SqlValue: TypeAlias = str | int | float | bytes | None
_Record = TypeVar("_Record")
_SURROGATE = re.compile("[\ud800-\udfff]")


class Row(Protocol):
    """Values by column name: a `sqlite3.Row` or a mapping."""

    def __getitem__(self, name: str, /) -> Any:
        """The value of this column."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """How one field lies in a STRICT table."""

    type: str  #: TEXT, INTEGER, REAL or BLOB
    nullable: bool
    encode: Callable[[Any], SqlValue]
    decode: Callable[[Any], Any]


def row_of(record: DataclassInstance, *, without: Collection[str] = ()) -> dict[str, SqlValue]:
    """The row of a record, without the fields that live in another table."""
    return {
        name: column.encode(getattr(record, name))
        for name, column in columns_of(type(record)).items()
        if name not in without
    }


def record_of(kind: type[_Record], row: Row, **given: object) -> _Record:
    """The record that `row` holds; fields that live in another table are `given`."""
    stored = {
        name: column.decode(row[name])
        for name, column in columns_of(kind).items()  # type: ignore[arg-type] # a class is hashable
        if name not in given
    }
    return kind(**stored, **given)


@cache
def columns_of(kind: type[Any]) -> Mapping[str, Column]:
    """Field name → column, in the order of the fields."""
    hints = hints_of(kind)
    record = cast("type[DataclassInstance]", kind)
    return {field.name: _column(hints[field.name]) for field in fields(record)}


def instant_text(instant: datetime) -> str:
    """An aware instant as `2026-11-23T22:31:05.000000Z`.

    Raises: ValueError for a naive one, our own fault.
    """
    if instant.tzinfo is None:
        msg = f"an instant without a time zone: {instant}"
        raise ValueError(msg)
    return instant.astimezone(UTC).isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"


def json_text(value: object) -> str:
    """A record, tuple or mapping as JSON text, readable in the `sqlite3` shell.

    Raises: ValueError for NaN and infinities, which JSON does not know (RFC 8259, section 6).
    """
    plain = _jsonable(value)
    return json.dumps(plain, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def plain_text(text: str) -> str:
    """The text as UTF-8 can hold it, as long as before."""
    return text if text.isascii() else _SURROGATE.sub("\ufffd", text)


def _same(value: Any) -> Any:
    return value


_SCALARS: Mapping[type, tuple[str, Callable[[Any], SqlValue], Callable[[Any], Any]]] = {
    str: ("TEXT", plain_text, _same),
    bool: ("INTEGER", int, bool),
    int: ("INTEGER", _same, _same),
    float: ("REAL", float, float),
    bytes: ("BLOB", _same, _same),
    datetime: ("TEXT", instant_text, datetime.fromisoformat),
    date: ("TEXT", date.isoformat, date.fromisoformat),
}


def _column(annotation: Any) -> Column:
    inner, nullable = _unwrapped(annotation)
    type_, encode, decode = _codec(inner)
    if not nullable:
        return Column(type=type_, nullable=False, encode=encode, decode=decode)
    return Column(
        type=type_, nullable=True, encode=_unless_none(encode), decode=_unless_none(decode)
    )


def _codec(annotation: Any) -> tuple[str, Callable[[Any], SqlValue], Callable[[Any], Any]]:
    if annotation in _SCALARS:
        return _SCALARS[annotation]
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return "TEXT", _enum_value, annotation
    return "TEXT", json_text, lambda text: _typed(annotation, json.loads(text))


def _enum_value(member: Enum) -> SqlValue:
    return cast("SqlValue", member.value)


def _unless_none(function: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: None if value is None else function(value)


def _unwrapped(annotation: Any) -> tuple[Any, bool]:
    """`X | None` as (X, True), anything else as (itself, False)."""
    if origin_of(annotation) not in (Union, types.UnionType):
        return annotation, False
    inner = [argument for argument in arguments_of(annotation) if argument is not types.NoneType]
    return inner[0], True


def _jsonable(value: Any) -> Any:
    # Most of what is stored is text; asking that first makes a row of header fields a third as dear.
    if type(value) is str:
        return plain_text(value)
    if type(value) is tuple:
        return [_jsonable(item) for item in value]
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: _jsonable(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {plain_text(str(key)): _jsonable(item) for key, item in value.items()}
    if isinstance(value, Enum):
        return value.value
    scalar = _SCALARS.get(type(value))
    return value if scalar is None or isinstance(value, bool) else scalar[1](value)


def _typed(annotation: Any, value: Any) -> Any:
    """`value` as JSON gave it, as the annotation wants it."""
    inner, nullable = _unwrapped(annotation)
    if nullable and value is None:
        return None
    origin = origin_of(inner)
    if origin is tuple:
        return _typed_tuple(arguments_of(inner), value)
    if origin is Mapping:
        of_value = arguments_of(inner)[1]
        return {key: _typed(of_value, item) for key, item in value.items()}
    if is_dataclass(inner):
        hints = hints_of(inner)
        return cast("type", inner)(
            **{name: _typed(hints[name], item) for name, item in value.items()}
        )
    return _codec(inner)[2](value)


def _typed_tuple(items: tuple[Any, ...], value: list[Any]) -> tuple[Any, ...]:
    if items[-1] is Ellipsis:
        return tuple(_typed(items[0], item) for item in value)
    return tuple(_typed(of_item, item) for of_item, item in zip(items, value, strict=True))
