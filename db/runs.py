"""Runs and their leases: who works now, who was killed, and what a next run may take up.

These rows may change: a run's heartbeat says that it lives, a lease that nobody else may run by its name.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from db.connection import Connected, insert, json_list
from db.errors import LeaseHeldError
from db.model import Run
from db.rows import instant_text, record_of, row_of

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection
    from datetime import datetime

    from db.words import RunKind

__all__ = ["Runs"]

_END = """
UPDATE runs SET state = :state, heartbeat_at = :heartbeat_at, ended_at = :ended_at, detail = :detail,
                counts = :counts
WHERE id = :id
"""

_REAP = """
UPDATE runs SET state = 'killed'
WHERE state = 'running'
  AND (heartbeat_at < :limit OR holder IN (SELECT value FROM json_each(:gone)))
RETURNING *
"""

#: The newest run of a kind where it was killed, and the killed runs that it resumed in turn.
_RESUMABLE = """
WITH RECURSIVE chain(id, resumes, step) AS (
  SELECT id, resumes, 0 FROM runs
  WHERE state = 'killed' AND rowid = (SELECT max(rowid) FROM runs WHERE kind = ?)
  UNION
  SELECT r.id, r.resumes, c.step + 1 FROM chain c JOIN runs r ON r.id = c.resumes
  WHERE r.state = 'killed'
)
SELECT id FROM chain ORDER BY step
"""

_TAKE = """
INSERT INTO leases (name, holder, taken_at, expires_at) VALUES (:name, :holder, :now, :expires_at)
ON CONFLICT (name) DO UPDATE SET
  taken_at = CASE WHEN leases.holder = excluded.holder THEN leases.taken_at ELSE excluded.taken_at END,
  holder = excluded.holder, expires_at = excluded.expires_at
"""


class Runs(Connected):
    """Runs and leases."""

    def start_run(self, run: Run) -> None:
        """Store a run at its start."""
        with self._writing() as connection:
            insert(connection, "runs", [row_of(run)])

    def heartbeat(self, run_id: str, *, at: datetime) -> None:
        """Say that this run lives; one that was taken for dead meanwhile lives again."""
        with self._writing() as connection:
            connection.execute(
                "UPDATE runs SET heartbeat_at = ?, state = 'running'"
                " WHERE id = ? AND state IN ('running', 'killed')",
                (instant_text(at), run_id),
            )

    def end_run(self, run: Run) -> None:
        """Store how a run ended: its state, end, detail and counts."""
        with self._writing() as connection:
            connection.execute(_END, row_of(run))

    def reap(
        self, now: datetime, *, older_than_s: float, gone: Collection[str] = ()
    ) -> tuple[Run, ...]:
        """The runs whose last heartbeat is older than this, or whose holder is among the `gone`.

        They are `killed` from now on, and what leases they or their holders had are free.
        """
        limit = instant_text(now - timedelta(seconds=older_than_s))
        with self._writing() as connection:
            found = connection.execute(_REAP, {"limit": limit, "gone": json_list(gone)}).fetchall()
            killed = tuple(record_of(Run, row) for row in found)
            holders = {name for run in killed for name in (run.id, run.holder) if name}
            connection.execute(
                "DELETE FROM leases WHERE holder IN (SELECT value FROM json_each(?))",
                (json_list(sorted(holders)),),
            )
        return killed

    def run(self, run_id: str) -> Run | None:
        """The run of this id."""
        row = self._row("SELECT * FROM runs WHERE id = ?", (run_id,))
        return record_of(Run, row) if row else None

    def runs(self) -> tuple[Run, ...]:
        """Every run, oldest first."""
        return tuple(record_of(Run, row) for row in self._rows("SELECT * FROM runs ORDER BY rowid"))

    def resumable(self, kind: RunKind) -> tuple[str, ...]:
        """Ids of the killed runs whose outcomes a new run of this kind may replay, newest first.

        Empty when the newest run of this kind came to an end.
        """
        return tuple(row["id"] for row in self._rows(_RESUMABLE, (kind.value,)))

    def take_lease(self, name: str, *, holder: str, now: datetime, ttl_s: float) -> None:
        """Become or stay the one that runs by this name, until `now` + `ttl_s` unless renewed.

        Raises: LeaseHeldError while another's has not expired.
        """
        with self._writing() as connection:
            _refuse_other(connection, name, holder=holder, now=now)
            instants = {
                "now": instant_text(now),
                "expires_at": instant_text(now + timedelta(seconds=ttl_s)),
            }
            connection.execute(_TAKE, {"name": name, "holder": holder, **instants})

    def renew_lease(self, name: str, *, holder: str, now: datetime, ttl_s: float) -> None:
        """Hold it for another `ttl_s`, also when it has expired and nobody took it.

        Raises: LeaseHeldError where another took it meanwhile.
        """
        self.take_lease(name, holder=holder, now=now, ttl_s=ttl_s)

    def release_lease(self, name: str, *, holder: str) -> None:
        """Give it back; another's is left alone."""
        with self._writing() as connection:
            connection.execute("DELETE FROM leases WHERE name = ? AND holder = ?", (name, holder))


def _refuse_other(connection: sqlite3.Connection, name: str, *, holder: str, now: datetime) -> None:
    row = connection.execute(
        "SELECT holder, expires_at FROM leases WHERE name = ? AND holder <> ? AND expires_at > ?",
        (name, holder, instant_text(now)),
    ).fetchone()
    if row is not None:
        raise LeaseHeldError(name, row["holder"], row["expires_at"])
