"""The store: one SQLite file, the only door to it, and the memory of everything that was concluded.

`Store` is made of one part a subject: `db.documents`, `db.exchanges`, `db.selection`, `db.answers`, `db.saves`,
`db.standing`, `db.runs`, `db.memory`, `db.purging`. It is synchronous, has one connection and no lock: one thread
at a time uses it. Between processes SQLite keeps order: WAL, one short `BEGIN IMMEDIATE` a write.
Source: https://www.sqlite.org/wal.html.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from db.connection import BUSY_TIMEOUT_S, connected, translated
from db.errors import StoreCorruptError
from db.exchanges import Exchanges
from db.memory import Memory
from db.migrations import migrate, missing_steps
from db.purging import Purging
from db.results import PastAttempt, Source, Standing, Unsaved, Work
from db.runs import Runs
from db.selection import Selection
from db.standing import FUNNEL, Standings
from db.views import views_differ

if TYPE_CHECKING:
    import os
    import sqlite3
    from types import TracebackType
    from typing import Self

__all__ = ["FUNNEL", "PastAttempt", "Source", "Standing", "Store", "Unsaved", "Work"]


class Store(Standings, Exchanges, Selection, Runs, Memory, Purging):
    """The database of Citehound; see the methods of its parts."""

    @classmethod
    def open(
        cls,
        path: str | os.PathLike[str],
        *,
        read_only: bool = False,
        busy_timeout_s: float = BUSY_TIMEOUT_S,
    ) -> Self:
        """The store in this file, which is made and brought up to date where needed.

        Raises: StoreTooNewError where a newer Citehound wrote it; StoreCorruptError where it is not a Citehound
        database or, with `read_only`, one that must be brought up to date first; StoreBusyError where another
        process writes for longer than `busy_timeout_s`.
        """
        with translated(str(path), busy_timeout_s=busy_timeout_s):
            connection = connected(Path(path), read_only=read_only, busy_timeout_s=busy_timeout_s)
            try:
                _bring_up_to_date(connection, path=str(path), read_only=read_only)
            except BaseException:
                connection.close()
                raise
        return cls(connection, path=str(path), busy_timeout_s=busy_timeout_s)

    def integrity(self) -> tuple[str, ...]:
        """What SQLite finds wrong with the file, one line each; empty for a sound one."""
        damage = [row[0] for row in self._rows("PRAGMA integrity_check") if row[0] != "ok"]
        loose = self._rows("PRAGMA foreign_key_check")
        return (*damage, *(f"{row['table']} points at a missing {row['parent']}" for row in loose))

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()


def _bring_up_to_date(connection: sqlite3.Connection, *, path: str, read_only: bool) -> None:
    missing = missing_steps(connection, path=path)
    if read_only and missing:
        raise StoreCorruptError(path, "of an older Citehound, and opened for reading only")
    if not read_only and (missing or views_differ(connection)):
        migrate(connection, path=path)
