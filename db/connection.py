"""One connection to the file: how it is set, how it writes, and how its errors become ours.

Each write is one `BEGIN IMMEDIATE`: it waits for its turn at the start, never in the middle. Errors of SQLite are
translated here and nowhere else, by their primary result code (SQLite, "Result and Error Codes").
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeAlias

from db.errors import StoreBusyError, StoreCorruptError, StoreUnusableError
from db.rows import plain_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    from db.rows import SqlValue

_Parameters: TypeAlias = "Sequence[SqlValue] | Mapping[str, SqlValue]"

__all__ = ["BUSY_TIMEOUT_S", "Connected", "connected", "insert", "json_list", "translated"]

#: How long a write waits for another process.
BUSY_TIMEOUT_S = 30.0

_PRIMARY = 0xFF  # the low byte of an extended result code
_BUSY = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
_CORRUPT = frozenset({sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT})
_UNUSABLE = frozenset(
    {
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_FULL,
    }
)
#: FULL: a committed batch survives a power cut, and with batches of 100 costs little (0.94 of NORMAL, measured).
#: recursive_triggers: a REPLACE fires the triggers that guard history.
_PRAGMAS = (
    "PRAGMA foreign_keys = ON",
    "PRAGMA recursive_triggers = ON",
    "PRAGMA trusted_schema = OFF",
    "PRAGMA synchronous = FULL",
)


@contextmanager
def translated(path: str, *, busy_timeout_s: float) -> Iterator[None]:
    """SQLite's errors inside the block as ours.

    Raises: StoreBusyError, StoreCorruptError, StoreUnusableError; a broken constraint stays as
        it is, for it is our own fault.
    """
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", 0) & _PRIMARY
        if code in _BUSY:
            raise StoreBusyError(path, busy_timeout_s) from error
        if code in _CORRUPT:
            raise StoreCorruptError(path, str(error)) from error
        if code in _UNUSABLE:
            raise StoreUnusableError(path, str(error)) from error
        raise


def connected(path: Path, *, read_only: bool, busy_timeout_s: float) -> sqlite3.Connection:
    """A connection in autocommit mode, in WAL, with foreign keys on. May be used by one thread at a time."""
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={'ro' if read_only else 'rwc'}",
        uri=True,
        isolation_level=None,
        check_same_thread=False,
        timeout=busy_timeout_s,
    )
    try:
        connection.row_factory = sqlite3.Row
        for pragma in _PRAGMAS:
            connection.execute(pragma)
        if not read_only:
            connection.execute("PRAGMA journal_mode = WAL")
    except BaseException:
        connection.close()
        raise
    return connection


def insert(
    connection: sqlite3.Connection, table: str, rows: Sequence[Mapping[str, SqlValue]]
) -> int:
    """How many of `rows`, all with the same columns, were new; a row whose key exists is left as it is."""
    if not rows:
        return 0
    columns = ", ".join(f'"{name}"' for name in rows[0])
    values = ", ".join(f":{name}" for name in rows[0])
    sql = f'INSERT INTO "{table}" ({columns}) VALUES ({values}) ON CONFLICT DO NOTHING'  # noqa: S608 - our names
    return connection.executemany(sql, rows).rowcount


def json_list(values: Iterable[str]) -> str:
    """Values for `IN (SELECT value FROM json_each(?))`: one parameter, however many values."""
    return json.dumps(list(values))


class Connected:
    """What the parts of the store share: the connection and its three ways of use."""

    def __init__(
        self, connection: sqlite3.Connection, *, path: str, busy_timeout_s: float = BUSY_TIMEOUT_S
    ) -> None:
        self.path = path
        self.busy_timeout_s = busy_timeout_s
        self._connection = connection

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """One write transaction: committed whole at the end of the block, or not at all."""
        with self._transaction("BEGIN IMMEDIATE") as connection:
            yield connection

    @contextmanager
    def _snapshot(self) -> Iterator[None]:
        """Reads inside the block see one state of the database, whatever others write meanwhile."""
        if self._connection.in_transaction:
            yield
            return
        with self._transaction("BEGIN"):
            yield

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[sqlite3.Connection]:
        with self._translated():
            self._connection.execute(begin)
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                self._connection.rollback()
                raise

    def _rows(self, sql: str, parameters: _Parameters = ()) -> list[sqlite3.Row]:
        with self._translated():
            return self._connection.execute(sql, _bindable(parameters)).fetchall()

    def _row(self, sql: str, parameters: _Parameters = ()) -> sqlite3.Row | None:
        rows = self._rows(sql, parameters)
        return rows[0] if rows else None

    def _translated(self) -> AbstractContextManager[None]:
        return translated(self.path, busy_timeout_s=self.busy_timeout_s)


def _bindable(parameters: _Parameters) -> _Parameters:
    """What strangers wrote is asked for as it was stored."""
    if isinstance(parameters, Mapping):
        return {name: _plain(value) for name, value in parameters.items()}
    return tuple(_plain(value) for value in parameters)


def _plain(value: SqlValue) -> SqlValue:
    return plain_text(value) if isinstance(value, str) else value
