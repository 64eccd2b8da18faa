"""Pages that verdicts rest on, and what came of having an archive keep them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from db.connection import Connected, insert, json_list
from db.results import Unsaved
from db.rows import record_of, row_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from db.model import Save

__all__ = ["Saves"]

#: Only what everyone may read, was read live, and neither asked not to be archived nor was taken out here.
_UNSAVED = """
SELECT min(p.id) AS page_id, p.url
FROM resolutions r
JOIN pages p ON p.id = r.page_id
JOIN attempts a ON a.citation_id = r.citation_id AND a.resolution_id = r.id
JOIN verdicts v ON v.id = a.verdict_id
WHERE r.run_id IN (SELECT value FROM json_each(:runs))
  AND v.verdict <> 'unverifiable' AND r.status = 'found' AND r.reason IS NULL
  AND p.state = 'live' AND p.access = 'open' AND NOT p.noarchive
  AND NOT EXISTS (SELECT 1 FROM purges x WHERE x.sha256 = p.body_sha256)
  AND NOT EXISTS (SELECT 1 FROM saves s WHERE s.url = p.url AND s.archive_url IS NOT NULL)
GROUP BY p.url ORDER BY p.url
"""

_KEPT = """
SELECT url, archive_url FROM saves
WHERE archive_url IS NOT NULL AND url IN (SELECT value FROM json_each(?)) ORDER BY rowid
"""


class Saves(Connected):
    """The rows of `saves`, and what is due for one."""

    def unsaved(self, run_ids: Collection[str]) -> tuple[Unsaved, ...]:
        """The live pages that verdicts of these runs rest on and of which no archive's copy is known, by URL.

        A verdict that says nothing of its claim rests on no page.
        """
        rows = self._rows(_UNSAVED, {"runs": json_list(run_ids)})
        return tuple(record_of(Unsaved, row) for row in rows)

    def add_save(self, save: Save) -> None:
        """Store what came of one page in one run; storing it again adds nothing."""
        with self._writing() as connection:
            insert(connection, "saves", [row_of(save)])

    def _kept_at(self, urls: Collection[str]) -> dict[str, str]:
        """The address of the archive's copy, by URL, where one was noted or made."""
        rows = self._rows(_KEPT, (json_list(sorted(urls)),))
        return {row["url"]: row["archive_url"] for row in rows}
