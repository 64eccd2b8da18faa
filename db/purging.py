"""Taking a source out: its bodies, the text of its pages and every quote of them.

What stays is the fact that it was read: captures, titles, verdicts and a tombstone with hash, date and reason. A
purged hash is never stored again. The freed bytes are overwritten (`secure_delete`), and the write-ahead log is
emptied, so that nothing is left in the file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from db.connection import Connected, insert, json_list
from db.exchanges import drop_bodies_of
from db.ids import folded
from db.rows import instant_text

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection, Iterator
    from datetime import datetime

    from db.rows import SqlValue

__all__ = ["Purging"]

_BY_URL = """
SELECT body_sha256 FROM captures
WHERE body_sha256 IS NOT NULL AND :url IN (url, requested_url, memento_of)
UNION SELECT body_sha256 FROM pages WHERE :url IN (url, canonical_url)
"""

#: Pages with what names their outlet: the page itself, and the citations that were resolved to it.
_PAGES_OF_OUTLETS = """
SELECT p.body_sha256, p.url, p.outlet FROM pages p
UNION
SELECT p.body_sha256, p.url, t.outlet FROM resolutions r
JOIN pages p ON p.id = r.page_id JOIN citations t ON t.id = r.citation_id
"""
_CAPTURES = (
    "SELECT body_sha256, url, requested_url, memento_of FROM captures WHERE body_sha256 IS NOT NULL"
)

_QUOTES = """
UPDATE evidence SET quote = '' WHERE page_id IN (
  SELECT id FROM pages WHERE body_sha256 IN (SELECT value FROM json_each(?)))
"""
_TEXTS = "UPDATE pages SET text = '' WHERE body_sha256 IN (SELECT value FROM json_each(?))"


#: How long emptying the log waits for readers.
CHECKPOINT_WAIT_MS = 1000


class Purging(Connected):
    """The one way in which history is taken out."""

    def purge(
        self,
        *,
        url: str | None = None,
        outlet: str | None = None,
        hosts: Collection[str] = (),
        reason: str,
        at: datetime,
    ) -> tuple[str, ...]:
        """The hashes of the bodies taken out: those of this URL, of this outlet, or at or below these hosts.

        An outlet's pages are those that name it, those that citations of it were resolved to, and those at `hosts`,
        which the caller knows from the seeds.

        Raises: ValueError where nothing was named.
        """
        if not (url or outlet or hosts):
            msg = "nothing named to purge"
            raise ValueError(msg)
        with self._translated():
            self._connection.execute("PRAGMA secure_delete = ON")
        try:
            with self._writing() as connection:
                sha256s = sorted(_matching(connection, url=url, outlet=outlet, hosts=hosts))
                facts = {"url": url, "outlet": outlet, "reason": reason}
                _take_out(connection, sha256s, {**facts, "purged_at": instant_text(at)})
        finally:
            self._connection.execute("PRAGMA secure_delete = OFF")
        self.checkpoint()
        return tuple(sha256s)

    def checkpoint(self) -> bool:
        """Whether the log was written back into the file and emptied; after each run.

        A reader of an older state, such as a long query in Datasette, keeps a part of it for the next time.
        """
        with self._translated():
            self._connection.execute(f"PRAGMA busy_timeout = {CHECKPOINT_WAIT_MS}")
            try:
                row = self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            finally:
                self._connection.execute(f"PRAGMA busy_timeout = {self.busy_timeout_s * 1000:.0f}")
        return bool(row[0] == 0)


def _matching(
    connection: sqlite3.Connection,
    *,
    url: str | None,
    outlet: str | None,
    hosts: Collection[str],
) -> Iterator[str]:
    found: set[str] = set()
    if url:
        found |= {row[0] for row in connection.execute(_BY_URL, {"url": url})}
    if outlet:
        rows = connection.execute(_PAGES_OF_OUTLETS)
        found |= {row["body_sha256"] for row in rows if folded(row["outlet"]) == folded(outlet)}
    if hosts:
        for sha256, *urls in connection.execute(_CAPTURES):
            if any(_is_at(each, hosts) for each in urls if each):
                found.add(sha256)
    yield from found


def _is_at(url: str, hosts: Collection[str]) -> bool:
    """Whether a URL's host is one of these or below one; False for what is no URL."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return False
    return any(host == each.lower() or host.endswith("." + each.lower()) for each in hosts)


def _take_out(
    connection: sqlite3.Connection, sha256s: list[str], facts: dict[str, SqlValue]
) -> None:
    insert(connection, "purges", [{"sha256": sha256, **facts} for sha256 in sha256s])
    drop_bodies_of(connection, sha256s, why="purge")
    connection.execute("INSERT INTO purging (why) VALUES ('purge')")
    for statement in (_QUOTES, _TEXTS):
        connection.execute(statement, (json_list(sha256s),))
    connection.execute("DELETE FROM purging")
