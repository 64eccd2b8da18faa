"""What fetching and resolving remember between runs and share with other processes.

The sync twin of `crawler.protocols.FetchMemory`: robots by origin, waits and breakers by pacing key. A slot is taken
in one write transaction, so that no two processes get the same one.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from db.connection import Connected
from db.model import BreakerRow, LearnedOutlet, Outlet, PaceRow, RobotsRow
from db.rows import columns_of, record_of, row_of

if TYPE_CHECKING:
    import sqlite3
    from datetime import datetime

    from _typeshed import DataclassInstance

__all__ = ["Memory"]

_PACE = "SELECT * FROM paces WHERE key = ?"


class Memory(Connected):
    """Robots, paces, breakers, and the outlets that an operator added or that were learned."""

    def robots(self, origin: str) -> RobotsRow | None:
        """The remembered robots.txt of this origin, however old."""
        row = self._row("SELECT * FROM robots WHERE origin = ?", (origin,))
        return record_of(RobotsRow, row) if row else None

    def keep_robots(self, row: RobotsRow) -> None:
        """Remember it."""
        self._keep("robots", row)

    def take_slot(
        self, key: str, *, gap_s: float, now: datetime, missed: datetime | None = None
    ) -> datetime:
        """The instant, `now` or later, at which the caller may start its request to `key`.

        The next one is the larger of `gap_s` and the remembered gap later. `missed` is a slot that the caller took
        before and comes too late for; it is moved to `now` unless somebody has the one after it.
        """
        with self._writing() as connection:
            row = self._row(_PACE, (key,))
            pace = (
                record_of(PaceRow, row) if row else PaceRow(key=key, next_allowed_at=now, gap_s=0)
            )
            gap = timedelta(seconds=max(gap_s, pace.gap_s))
            is_last = missed is not None and pace.next_allowed_at <= missed + gap
            start = now if is_last else max(now, pace.next_allowed_at)
            after = start + gap
            _keep(connection, "paces", PaceRow(key=key, next_allowed_at=after, gap_s=pace.gap_s))
        return start

    def postpone(self, key: str, *, until: datetime, gap_s: float | None = None) -> None:
        """No request to `key` starts before `until`; `gap_s` replaces the remembered gap."""
        with self._writing() as connection:
            row = self._row(_PACE, (key,))
            pace = (
                record_of(PaceRow, row) if row else PaceRow(key=key, next_allowed_at=until, gap_s=0)
            )
            later = max(until, pace.next_allowed_at)
            gap = pace.gap_s if gap_s is None else gap_s
            _keep(connection, "paces", PaceRow(key=key, next_allowed_at=later, gap_s=gap))

    def pace(self, key: str) -> PaceRow | None:
        """What is remembered of the waits owed to this key."""
        row = self._row(_PACE, (key,))
        return record_of(PaceRow, row) if row else None

    def breaker(self, key: str) -> BreakerRow | None:
        """The breaker of this key, None when it never tripped."""
        row = self._row("SELECT * FROM breakers WHERE key = ?", (key,))
        return record_of(BreakerRow, row) if row else None

    def keep_breaker(self, row: BreakerRow) -> None:
        """Remember it."""
        self._keep("breakers", row)

    def outlets(self) -> tuple[Outlet, ...]:
        """What the operator added to the seeds, by name."""
        rows = self._rows("SELECT * FROM outlets ORDER BY name")
        return tuple(record_of(Outlet, row) for row in rows)

    def keep_outlet(self, outlet: Outlet) -> None:
        """Add an outlet, or replace the one of this name."""
        self._keep("outlets", outlet)

    def drop_outlet(self, name: str) -> bool:
        """Whether the operator had added an outlet of this name, which is now taken out."""
        with self._writing() as connection:
            return connection.execute("DELETE FROM outlets WHERE name = ?", (name,)).rowcount > 0

    def learned_outlet(self, key: str) -> LearnedOutlet | None:
        """What came of looking for the outlet of this folded name, however long ago."""
        row = self._row("SELECT * FROM learned_outlets WHERE key = ?", (key,))
        return record_of(LearnedOutlet, row) if row else None

    def learned_outlets(self) -> tuple[LearnedOutlet, ...]:
        """Every name that was looked for, by name."""
        rows = self._rows("SELECT * FROM learned_outlets ORDER BY name, key")
        return tuple(record_of(LearnedOutlet, row) for row in rows)

    def keep_learned_outlet(self, row: LearnedOutlet) -> None:
        """Remember it, instead of what was learned before."""
        self._keep("learned_outlets", row)

    def _keep(self, table: str, record: DataclassInstance) -> None:
        with self._writing() as connection:
            _keep(connection, table, record)


def _keep(connection: sqlite3.Connection, table: str, record: DataclassInstance) -> None:
    """Insert or replace, for operational tables only: history would refuse."""
    values = ", ".join(f":{name}" for name in columns_of(type(record)))
    columns = ", ".join(f'"{name}"' for name in columns_of(type(record)))
    sql = f'REPLACE INTO "{table}" ({columns}) VALUES ({values})'  # noqa: S608 - our names
    connection.execute(sql, row_of(record))
