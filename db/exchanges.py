"""What was asked of the web and what came back: captures with their bodies, and failures.

A body lies once under its SHA-256; its row and its captures are written in one transaction, so that a capture never
points at a body that is not there. A dropped body leaves its row, and comes back when it is captured again.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from db.bodies import packed, unpacked
from db.connection import Connected, insert, json_list
from db.errors import StoreCorruptError
from db.model import Capture, FetchFailure, Outcome
from db.rows import instant_text, record_of, row_of
from db.words import CapturePurpose

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from db.rows import SqlValue

__all__ = ["REPLAY", "Exchanges"]

#: Bodies dropped in one transaction, so that other writers wait little.
DROP_BATCH = 500

_IN_RUNS = "run_id IN (SELECT value FROM json_each(:runs))"
_OUTCOME = f"""
SELECT 'capture' AS what, id, captured_at AS at, rowid AS row FROM captures
WHERE request_key = :key AND {_IN_RUNS}
UNION ALL
SELECT 'failure', id, failed_at, rowid FROM failures WHERE request_key = :key AND {_IN_RUNS}
ORDER BY at DESC, row DESC LIMIT 1
"""  # noqa: S608 - our own fragment

#: How the detail of a run starts that was answered by a recording. What it stored, and what was imported, says
#: nothing of the web of today: a forged body must not be confirmed by a real ETag.
REPLAY = "replay"
_LIVE = """c.run_id NOT IN (SELECT id FROM runs WHERE detail LIKE 'replay %')"""

_FRESH = f"""
SELECT c.* FROM captures c JOIN bodies b ON b.sha256 = c.body_sha256 AND b.dropped = 0
WHERE c.request_key = ? AND c.captured_at >= ? AND c.status IN (200, 404, 410) AND {_LIVE}
ORDER BY c.captured_at DESC, c.rowid DESC LIMIT 1
"""  # noqa: S608 - our own fragment

_LATEST = f"""
SELECT c.* FROM captures c JOIN bodies b ON b.sha256 = c.body_sha256 AND b.dropped = 0
WHERE (c.url = :url OR c.requested_url = :url) AND c.purpose = 'source' AND c.status = 200
  AND {_LIVE}
ORDER BY c.captured_at DESC, c.rowid DESC LIMIT 1
"""  # noqa: S608 - our own fragment

#: Bodies all of whose captures are of the purposes to drop, and old enough.
_EXPIRED = """
SELECT DISTINCT c.body_sha256 FROM captures c
JOIN bodies b ON b.sha256 = c.body_sha256 AND b.dropped = 0
WHERE c.captured_at < :before AND c.purpose IN (SELECT value FROM json_each(:purposes))
  AND NOT EXISTS (
    SELECT 1 FROM captures k WHERE k.body_sha256 = c.body_sha256
    AND NOT (k.captured_at < :before AND k.purpose IN (SELECT value FROM json_each(:purposes))))
LIMIT :batch
"""

#: Bodies of pages that asked not to be archived, once no run that captured them is under way.
_NOARCHIVE = """
SELECT DISTINCT p.body_sha256 FROM pages p
JOIN bodies b ON b.sha256 = p.body_sha256 AND b.dropped = 0
WHERE p.noarchive AND NOT EXISTS (
  SELECT 1 FROM captures k JOIN runs r ON r.id = k.run_id
  WHERE k.body_sha256 = p.body_sha256 AND r.state = 'running')
LIMIT :batch
"""


class Exchanges(Connected):
    """Captures, failures and bodies."""

    def add_outcomes(self, pairs: Sequence[tuple[Outcome, str]]) -> frozenset[str]:
        """Store outcomes, each with the id of its run, in one transaction; at most 100 keep it short.

        An id that is stored already adds nothing; those that another run had stored are given back. A capture with
        `body_sha256` None stores no body.
        """
        bodies = self._body_rows([outcome for outcome, _ in pairs])
        elsewhere: set[str] = set()
        with self._writing() as connection:
            _insert_bodies(connection, bodies)
            for kind, group in groupby(pairs, key=lambda pair: type(pair[0])):
                rows = [
                    {**row_of(outcome, without=("body",)), "run_id": run} for outcome, run in group
                ]
                table = "captures" if kind is Capture else "failures"
                if insert(connection, table, rows) < len(rows):
                    elsewhere |= _of_other_runs(connection, table, rows)
        return frozenset(elsewhere)

    def outcome(self, request_key: str, *, run_ids: Collection[str]) -> Outcome | None:
        """What the newest exchange of these runs gave, with its body; None where it must be asked again."""
        found = self._row(_OUTCOME, {"key": request_key, "runs": json_list(run_ids)})
        return self.outcome_of(found["id"]) if found else None

    def outcome_of(self, outcome_id: str) -> Outcome | None:
        """The outcome of this id, of whichever run, with its body; None where none was stored."""
        row = self._row("SELECT * FROM captures WHERE id = ?", (outcome_id,))
        if row:
            return self._with_body(row)
        row = self._row("SELECT * FROM failures WHERE id = ?", (outcome_id,))
        return record_of(FetchFailure, row) if row else None

    def fresh_outcome(self, request_key: str, *, since: datetime) -> Capture | None:
        """The newest capture of this request at or after `since`, of any run, whose body is still here.

        Only an answer that stands for a while counts (200, 404, 410): a service that was down is asked again.
        """
        row = self._row(_FRESH, (request_key, instant_text(since)))
        return self._with_body(row) if row else None

    def latest_capture(self, url: str) -> Capture | None:
        """The newest source capture of this URL, asked or arrived at, with status 200, with its body."""
        row = self._row(_LATEST, {"url": url})
        return self._with_body(row) if row else None

    def capture(self, capture_id: str) -> Capture | None:
        """The capture of this id, without its body: `body` has that."""
        row = self._row("SELECT * FROM captures WHERE id = ?", (capture_id,))
        return record_of(Capture, row, body=b"") if row else None

    def body(self, sha256: str) -> bytes | None:
        """The body of this hash, None where it was never kept, dropped or purged.

        Raises: StoreCorruptError where what lies under the hash is not what was stored.
        """
        row = self._row("SELECT zstd FROM bodies WHERE sha256 = ? AND dropped = 0", (sha256,))
        if row is None:
            return None
        try:
            return unpacked(row["zstd"], sha256=sha256)
        except ValueError as error:
            raise StoreCorruptError(self.path, str(error)) from error

    def drop_bodies(self, purposes: Collection[CapturePurpose], *, before: datetime) -> int:
        """How many bodies captured before this instant, and only for these purposes, were dropped.

        Raises: ValueError for purpose source, whose bodies are kept.
        """
        if CapturePurpose.SOURCE in purposes:
            msg = "bodies of purpose source are kept; purge takes them out"
            raise ValueError(msg)
        limits: dict[str, SqlValue] = {
            "before": instant_text(before),
            "purposes": json_list(purposes),
            "batch": DROP_BATCH,
        }
        return self._drop(_EXPIRED, limits)

    def drop_noarchive(self) -> int:
        """How many bodies of pages that asked not to be archived were dropped; after each run."""
        return self._drop(_NOARCHIVE, {"batch": DROP_BATCH})

    def _drop(self, expired: str, limits: dict[str, SqlValue]) -> int:
        dropped = 0
        while True:
            with self._writing() as connection:
                batch = [row[0] for row in connection.execute(expired, limits)]
                drop_bodies_of(connection, batch, why="expired")
            dropped += len(batch)
            if len(batch) < DROP_BATCH:
                return dropped

    def _body_rows(self, outcomes: Sequence[Outcome]) -> list[dict[str, SqlValue]]:
        """The rows of those bodies that are not stored yet; packed here, before anything is locked."""
        captures = {
            outcome.body_sha256: outcome
            for outcome in sorted(outcomes, key=lambda outcome: len(getattr(outcome, "body", b"")))
            if isinstance(outcome, Capture) and outcome.body_sha256 is not None
        }
        stored = self._rows(
            "SELECT sha256 FROM bodies WHERE dropped = 0"
            " AND sha256 IN (SELECT value FROM json_each(?))",
            (json_list(sha256 for sha256 in captures if sha256),),
        )
        known = {row["sha256"] for row in stored}
        return [_body_row(capture) for sha256, capture in captures.items() if sha256 not in known]

    def _with_body(self, row: sqlite3.Row) -> Capture | None:
        if row["body_sha256"] is None:
            return record_of(Capture, row, body=b"")
        body = self.body(row["body_sha256"])
        return None if body is None else record_of(Capture, row, body=body)


def drop_bodies_of(connection: sqlite3.Connection, sha256s: Collection[str], *, why: str) -> None:
    """Take these bodies out and leave their rows; inside the caller's write transaction."""
    if not sha256s:
        return
    connection.execute("INSERT INTO purging (why) VALUES (?)", (why,))
    connection.execute(
        "UPDATE bodies SET zstd = NULL, dropped = 1"
        " WHERE sha256 IN (SELECT value FROM json_each(?))",
        (json_list(sha256s),),
    )
    connection.execute("DELETE FROM purging")


def _body_row(capture: Capture) -> dict[str, SqlValue]:
    is_here = bool(capture.body) or capture.body_bytes == 0
    return {
        "sha256": capture.body_sha256,
        "zstd": packed(capture.body) if is_here else None,
        "body_bytes": len(capture.body) or capture.body_bytes,
        "dropped": int(not is_here),
    }


def _of_other_runs(
    connection: sqlite3.Connection, table: str, rows: Sequence[dict[str, SqlValue]]
) -> set[str]:
    found = (
        connection.execute(
            f'SELECT id FROM "{table}" WHERE id = :id AND run_id <> :run_id',  # noqa: S608 - our names
            {"id": row["id"], "run_id": row["run_id"]},
        ).fetchone()
        for row in rows
    )
    return {row[0] for row in found if row}


def _insert_bodies(connection: sqlite3.Connection, rows: Sequence[dict[str, SqlValue]]) -> None:
    """Bodies that are new, and those that come back; one that was purged stays out."""
    if insert(connection, "bodies", rows) == len(rows):
        return
    connection.executemany(
        "UPDATE bodies SET zstd = :zstd, dropped = 0 WHERE sha256 = :sha256 AND dropped = 1"
        " AND :zstd IS NOT NULL AND NOT EXISTS (SELECT 1 FROM purges WHERE sha256 = :sha256)",
        rows,
    )
