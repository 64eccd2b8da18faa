import sqlite3
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from enum import Enum
from typing import get_args, get_origin, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db import model
from db.rows import columns_of, instant_text, json_text, record_of, row_of

RECORDS = [getattr(model, name) for name in model.__all__]
RECORDS = [record for record in RECORDS if isinstance(record, type)]

SCALARS = {
    str: st.text(),
    bool: st.booleans(),
    int: st.integers(-(2**63), 2**63 - 1),
    float: st.floats(allow_nan=False, allow_infinity=False),
    bytes: st.binary(),
    date: st.dates(),
    datetime: st.datetimes(timezones=st.just(UTC)),
}


def values(annotation):  # noqa: PLR0911 - one a shape
    """Everything that a field of this annotation may hold."""
    if annotation in SCALARS:
        return SCALARS[annotation]
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return st.sampled_from(list(annotation))
    if annotation is type(None):
        return st.none()
    arguments = get_args(annotation)
    if get_origin(annotation) is tuple:
        if arguments[-1] is Ellipsis:
            return st.lists(values(arguments[0]), max_size=2).map(tuple)
        return st.tuples(*map(values, arguments))
    if get_origin(annotation) is Mapping:
        return st.dictionaries(values(arguments[0]), values(arguments[1]), max_size=2)
    if arguments:
        return st.one_of(*map(values, arguments))
    return records(annotation)


def records(kind):
    return st.builds(kind, **{name: values(hint) for name, hint in get_type_hints(kind).items()})


@pytest.mark.parametrize("kind", RECORDS, ids=lambda kind: kind.__name__)
@given(data=st.data())
def test_each_record_comes_back_from_its_row(kind, data):
    record = data.draw(records(kind))

    assert record_of(kind, row_of(record)) == record


@pytest.mark.parametrize("kind", RECORDS, ids=lambda kind: kind.__name__)
@given(data=st.data())
def test_each_row_passes_through_a_strict_table(kind, data):
    record = data.draw(records(kind))
    row = row_of(record)
    columns = ", ".join(f'"{name}" {column.type}' for name, column in columns_of(kind).items())
    connection = sqlite3.connect(":memory:")
    connection.row_factory = sqlite3.Row
    connection.execute(f"CREATE TABLE t ({columns}) STRICT")
    connection.execute(f"INSERT INTO t VALUES ({', '.join('?' * len(row))})", tuple(row.values()))
    stored = connection.execute("SELECT * FROM t").fetchone()
    connection.close()

    assert record_of(kind, stored) == record


@given(st.datetimes(timezones=st.just(UTC)), st.datetimes(timezones=st.just(UTC)))
def test_the_order_of_instants_is_the_order_of_their_text(one, other):
    assert (one < other) == (instant_text(one) < instant_text(other))


def test_an_instant_is_utc_with_microseconds_and_z():
    instant = datetime(2026, 1, 2, 3, 4, 5, tzinfo=timezone(timedelta(hours=2)))

    assert instant_text(instant) == "2026-01-02T01:04:05.000000Z"


def test_a_naive_instant_is_refused():
    with pytest.raises(ValueError, match="without a time zone"):
        instant_text(datetime(2026, 1, 2))  # noqa: DTZ001 - the trap itself


def test_a_lone_surrogate_becomes_one_replacement_character():
    row = row_of(
        model.RobotsRow(
            origin="https://a.example",
            status="rules",
            http_status=200,
            text="a\ud800b",
            fetched_at=datetime(2026, 1, 1, tzinfo=UTC),
        )
    )

    assert row["text"] == "a\ufffdb"


def test_a_lone_surrogate_within_json_is_replaced_too():
    assert json_text((("X", "\udfff"),)) == '[["X","\ufffd"]]'


def test_json_refuses_what_json_does_not_know():
    with pytest.raises(ValueError, match="JSON compliant"):
        json_text({"score": float("nan")})


def test_a_field_kept_elsewhere_is_given_by_hand():
    hop = model.Hop(url="https://a.example", status=301, location="/b", headers=(("A", "b"),))
    row = row_of(hop, without=("headers",))

    assert "headers" not in row
    assert record_of(model.Hop, row, headers=hop.headers) == hop
