"""A look at whether anything is on record of a request, by whoever must not wait for the store's thread.

Most requests of a run are new. Handing that question to another thread costs more than the four look-ups in an index
that answer it, so it has a connection of its own, which only reads and never waits for a writer (WAL).
"""

from __future__ import annotations

from pathlib import Path
from typing import Self

from db.connection import BUSY_TIMEOUT_S, Connected, connected, translated

__all__ = ["Glance"]

_KNOWN = """
SELECT EXISTS (SELECT 1 FROM captures WHERE request_key = :key)
  OR EXISTS (SELECT 1 FROM failures WHERE request_key = :key)
  OR EXISTS (SELECT 1 FROM captures WHERE url = :url)
  OR EXISTS (SELECT 1 FROM captures WHERE requested_url = :url) AS known
"""


class Glance(Connected):
    """One reading connection to the database that a `Store` has opened."""

    @classmethod
    def at(cls, path: str, *, busy_timeout_s: float = BUSY_TIMEOUT_S) -> Self:
        """A glance at the database in this file; errors as `Store.open` raises them."""
        with translated(path, busy_timeout_s=busy_timeout_s):
            connection = connected(Path(path), read_only=True, busy_timeout_s=busy_timeout_s)
        return cls(connection, path=path, busy_timeout_s=busy_timeout_s)

    def is_known(self, request_key: str, url: str) -> bool:
        """Whether an outcome of this request, or a capture of this URL, is committed."""
        row = self._row(_KNOWN, {"key": request_key, "url": url})
        return row is not None and bool(row["known"])

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()
