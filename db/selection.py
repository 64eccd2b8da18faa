"""Exchanges by what they have to do with: everything, one document's, one address's, those since an instant.

What matches is first numbered and then read in pieces: however much there is, eight bytes for each are held, and no
other process waits.
"""

from __future__ import annotations

import json
from array import array
from typing import TYPE_CHECKING

from db.connection import Connected
from db.model import Capture, FetchFailure
from db.rows import instant_text, record_of

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator
    from datetime import datetime

    from db.rows import SqlValue

__all__ = ["Selection"]

#: Rows read at a time.
PIECE = 500

#: Every address that the answers for a document's citations name.
_ADDRESSES = """
cited AS (
  SELECT c.id, c.url FROM citations c JOIN documents d ON d.id = c.document_id WHERE d.name = :document
),
addresses(url) AS (
  SELECT url FROM cited WHERE url IS NOT NULL
  UNION SELECT r.url FROM resolutions r JOIN cited ON cited.id = r.citation_id WHERE r.url IS NOT NULL
  UNION SELECT r.archive_url FROM resolutions r JOIN cited ON cited.id = r.citation_id
    WHERE r.archive_url IS NOT NULL
  UNION SELECT a.url FROM candidates a JOIN resolutions r ON r.id = a.resolution_id
    JOIN cited ON cited.id = r.citation_id
  UNION SELECT p.url FROM pages p JOIN resolutions r ON r.page_id = p.id
    JOIN cited ON cited.id = r.citation_id
)
"""

_MATCHING = """
(:since IS NULL OR {at} >= :since)
AND (:url IS NULL OR :url IN (url, requested_url{copies}))
AND (:document IS NULL OR url IN addresses OR requested_url IN addresses{copied})
"""

#: A capture that only confirmed a stored body comes with the one that brought it, which was stored before.
_CAPTURES = f"""
WITH {_ADDRESSES},
matching AS (
  SELECT rowid AS n, revisit_of FROM captures
  WHERE {_MATCHING.format(at="captured_at", copies=", memento_of", copied=" OR memento_of IN addresses")}
),
wanted(n) AS (
  SELECT n FROM matching
  UNION SELECT c.rowid FROM captures c JOIN matching m ON m.revisit_of = c.id
)
SELECT n FROM wanted ORDER BY n
"""  # noqa: S608 - our own fragments

_FAILURES = f"""
WITH {_ADDRESSES}
SELECT rowid AS n FROM failures
WHERE {_MATCHING.format(at="failed_at", copies="", copied="")}
ORDER BY n
"""  # noqa: S608 - our own fragments


class Selection(Connected):
    """Reading exchanges in the order in which they were stored."""

    def captures(
        self, *, document: str | None = None, url: str | None = None, since: datetime | None = None
    ) -> Iterator[Capture]:
        """The captures that match all that is given, without their bodies; a confirmed one stands before its 304."""
        for row in self._pieces("captures", _CAPTURES, **_asked(document, url, since)):
            yield record_of(Capture, row, body=b"")

    def failures(
        self, *, document: str | None = None, url: str | None = None, since: datetime | None = None
    ) -> Iterator[FetchFailure]:
        """The failures that match all that is given."""
        for row in self._pieces("failures", _FAILURES, **_asked(document, url, since)):
            yield record_of(FetchFailure, row)

    def has_document(self, name: str) -> bool:
        """Whether a document of this name was ever ingested."""
        return self._row("SELECT 1 FROM documents WHERE name = ?", (name,)) is not None

    def is_purged(self, sha256: str) -> bool:
        """Whether the body of this hash was taken out on purpose, never to be stored again."""
        return self._row("SELECT 1 FROM purges WHERE sha256 = ?", (sha256,)) is not None

    def _pieces(self, table: str, matching: str, **asked: SqlValue) -> Iterator[sqlite3.Row]:
        with self._translated():
            numbers = array("q", (row[0] for row in self._connection.execute(matching, asked)))
        sql = (
            f"SELECT * FROM {table} WHERE rowid IN (SELECT value FROM json_each(?)) ORDER BY rowid"  # noqa: S608
        )
        for start in range(0, len(numbers), PIECE):
            piece = json.dumps(numbers[start : start + PIECE].tolist())
            yield from self._rows(sql, (piece,))


def _asked(document: str | None, url: str | None, since: datetime | None) -> dict[str, SqlValue]:
    at = None if since is None else instant_text(since)
    return {"document": document, "url": url, "since": at}
