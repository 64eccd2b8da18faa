"""What people ask first, as views: each one a name, a sentence and a query.

A new question is a new entry here and its columns in `db/datasette/descriptions.toml`. Views hold no data, so they
are no migrations: opening the store writes anew those whose text differs. Rule: no view shows a page's whole text,
and none shows a quote of a page that asked for no snippets.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3

__all__ = ["VIEWS", "View", "views_differ", "write_views"]

#: Characters of the page shown on each side of a quote: about a paragraph.
CONTEXT_CHARACTERS = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """One question and the query that answers it."""

    name: str
    description: str
    query: str

    @property
    def sql(self) -> str:
        """The statement that makes it."""
        return f"CREATE VIEW {self.name} AS{self.query.rstrip()}"


VIEWS: tuple[View, ...] = (
    View(
        name="current_versions",
        description="The newest reading of each document.",
        query="""
SELECT i.document_id, d.name AS document, i.id AS ingest_id, i.sha256, i.media_type, i.language,
       i.ingested_at
FROM documents d
JOIN ingests i ON i.id = (SELECT max(id) FROM ingests WHERE document_id = d.id)
""",
    ),
    View(
        name="latest_verdicts",
        description="What stands of each claim and each citation it leans on, in the current version.",
        query="""
SELECT v.document,
       (SELECT n FROM citation_marks k WHERE k.ingest_id = v.ingest_id AND k.citation_id = t.id
        ORDER BY k.ordinal LIMIT 1) AS n,
       t.outlet, t.title, t.date AS cited_date, c.text AS claim,
       ifnull(x.verdict, 'unverifiable') AS verdict, ifnull(x.reason, 'not_attempted') AS reason,
       x.detail, r.status, ifnull(r.url, t.url) AS url,
       ifnull(r.archive_url, (SELECT s.archive_url FROM saves s
                              WHERE s.url = r.url AND s.archive_url IS NOT NULL
                              ORDER BY s.rowid DESC LIMIT 1)) AS archive_url,
       x.score, x.confidence,
       l.retry_on, x.decided_at, l.attempted_at, x.cause, m.heading, m.start, m."end",
       v.document_id, c.id AS claim_id, t.id AS citation_id, x.id AS verdict_id,
       l.resolution_id, ifnull(x.page_id, r.page_id) AS page_id
FROM current_versions v
JOIN claim_marks m ON m.ingest_id = v.ingest_id
JOIN claim_citations b ON b.ingest_id = m.ingest_id AND b.claim_ordinal = m.ordinal
JOIN claims c ON c.id = m.claim_id
JOIN citations t ON t.id = b.citation_id
LEFT JOIN verdicts_latest l ON l.claim_id = c.id AND l.citation_id = t.id
LEFT JOIN verdicts x ON x.id = l.verdict_id
LEFT JOIN resolutions r ON r.id = l.resolution_id
""",
    ),
    View(
        name="funnel",
        description="How far the citations of each document came; each stage counts a part of the one before.",
        query="""
WITH stages AS (
  SELECT v.document_id, t.citation_id,
         r.url IS NOT NULL AS has_url, r.page_id IS NOT NULL AS has_page,
         ifnull(p.state IN ('live', 'teaser'), 0) AS was_read,
         ifnull(max(x.verdict <> 'unverifiable'), 0) AS was_verified,
         ifnull(max(x.verdict IN ('not_supported', 'contradicted')), 0) AS was_flagged
  FROM current_versions v
  JOIN (SELECT DISTINCT ingest_id, citation_id FROM citation_marks) t ON t.ingest_id = v.ingest_id
  LEFT JOIN resolutions r
    ON r.rowid = (SELECT max(rowid) FROM resolutions WHERE citation_id = t.citation_id)
  LEFT JOIN pages p ON p.id = r.page_id
  LEFT JOIN claim_citations b ON b.ingest_id = v.ingest_id AND b.citation_id = t.citation_id
  LEFT JOIN verdicts_latest l ON l.claim_id = b.claim_id AND l.citation_id = b.citation_id
  LEFT JOIN verdicts x ON x.id = l.verdict_id
  GROUP BY v.document_id, t.citation_id
)
SELECT v.document,
       count(s.citation_id)
         + (SELECT count(*) FROM unparsed u WHERE u.ingest_id = v.ingest_id) AS cited,
       count(s.citation_id) AS parsed,
       ifnull(sum(s.has_url OR s.has_page OR s.was_read OR s.was_verified), 0) AS resolved,
       ifnull(sum(s.has_page OR s.was_read OR s.was_verified), 0) AS fetched,
       ifnull(sum(s.was_read OR s.was_verified), 0) AS read,
       ifnull(sum(s.was_verified), 0) AS verified,
       ifnull(sum(s.was_flagged), 0) AS flagged,
       v.document_id
FROM current_versions v
LEFT JOIN stages s ON s.document_id = v.document_id
GROUP BY v.document_id
""",
    ),
    View(
        name="unverifiable_by_reason",
        description="Why claims could not be checked, per document, most frequent reasons first.",
        query="""
SELECT document, reason, count(*) AS claims, count(DISTINCT citation_id) AS citations,
       min(retry_on) AS next_retry_on, document_id
FROM latest_verdicts
WHERE verdict = 'unverifiable'
GROUP BY document_id, reason
ORDER BY claims DESC, document, reason
""",
    ),
    View(
        name="flagged",
        description="Claims whose source contradicts them or, read whole, does not say them, with the evidence.",
        query="""
SELECT v.document, v.n, v.outlet, v.title, v.claim, v.verdict, v.reason, v.detail,
       CASE WHEN p.nosnippet THEN NULL ELSE
         (SELECT e.quote FROM evidence e WHERE e.verdict_id = v.verdict_id
          ORDER BY e.ordinal LIMIT 1) END AS quote,
       v.url, v.archive_url, v.confidence, v.decided_at, v.document_id, v.claim_id, v.citation_id,
       v.verdict_id
FROM latest_verdicts v
LEFT JOIN pages p ON p.id = v.page_id
WHERE v.verdict IN ('not_supported', 'contradicted')
""",
    ),
    View(
        name="evidence_shown",
        description="Each quote that a verdict rests on, with about a paragraph of the page around it.",
        query=f"""
SELECT x.verdict, x.reason, c.text AS claim,
       substr(p.text, max(e.start - {CONTEXT_CHARACTERS}, 0) + 1,
              e.start - max(e.start - {CONTEXT_CHARACTERS}, 0)) AS before,
       e.quote,
       substr(p.text, e."end" + 1, {CONTEXT_CHARACTERS}) AS after,
       p.url, p.outlet, p.title, p.body_sha256, k.captured_at, e.start, e."end", p.extractor,
       p.extractor_version, x.id AS verdict_id, c.id AS claim_id, x.citation_id
FROM evidence e
JOIN verdicts x ON x.id = e.verdict_id
JOIN claims c ON c.id = x.claim_id
JOIN pages p ON p.id = e.page_id
JOIN captures k ON k.id = p.capture_id
WHERE NOT p.nosnippet AND e.quote <> ''
""",  # noqa: S608 - our own number
    ),
    View(
        name="verdict_history",
        description="Every verdict that ever stood, and what the change from the one before was due to.",
        query="""
SELECT x.decided_at, d.name AS document, t.outlet, t.title, c.text AS claim, x.verdict, x.reason,
       x.detail, x.cause, x.id = l.verdict_id AS stands, x.run_id, x.claim_id, x.citation_id,
       x.id AS verdict_id
FROM verdicts x
JOIN claims c ON c.id = x.claim_id
JOIN documents d ON d.id = c.document_id
LEFT JOIN citations t ON t.id = x.citation_id
LEFT JOIN verdicts_latest l ON l.claim_id = x.claim_id AND l.citation_id IS x.citation_id
""",
    ),
    View(
        name="uncited_claims",
        description="Checkable sentences that lean on no citation, in the current version.",
        query="""
SELECT v.document, m.heading, c.text AS claim, m.context, m.start, m."end", v.document_id,
       c.id AS claim_id
FROM current_versions v
JOIN claim_marks m ON m.ingest_id = v.ingest_id
JOIN claims c ON c.id = m.claim_id
WHERE NOT EXISTS (SELECT 1 FROM claim_citations b
                  WHERE b.ingest_id = m.ingest_id AND b.claim_ordinal = m.ordinal)
""",
    ),
    View(
        name="pages_read",
        description="What was read where: pages without their text.",
        query="""
SELECT p.url, p.outlet, p.title, p.published_on, p.language, p.state, p.state_why, p.access,
       length(p.text) AS characters, k.captured_at, k.status, k.memento_of, k.memento_at,
       p.body_sha256, p.extractor, p.extractor_version, p.id AS page_id, p.capture_id
FROM pages p
JOIN captures k ON k.id = p.capture_id
""",
    ),
    View(
        name="captures_log",
        description="Every exchange with the web, answered or not, without headers and bodies.",
        query="""
SELECT captured_at AS at, purpose, method, url, CAST(status AS TEXT) AS outcome, media_type,
       body_bytes, duration_s, '' AS detail, run_id, id AS outcome_id
FROM captures
UNION ALL
SELECT failed_at, purpose, method, url, kind, NULL, NULL, duration_s, detail, run_id, id
FROM failures
""",
    ),
    View(
        name="runs_log",
        description="Each run and what it did.",
        query="""
SELECT r.started_at, r.kind, r.state, r.detail, r.ended_at, r.heartbeat_at,
       (SELECT count(*) FROM resolutions o WHERE o.run_id = r.id) AS citations,
       (SELECT count(*) FROM captures k WHERE k.run_id = r.id) AS captures,
       (SELECT count(*) FROM failures f WHERE f.run_id = r.id) AS failures,
       (SELECT count(*) FROM verdicts x WHERE x.run_id = r.id) AS verdicts,
       r.version, r.plugins, r.resumes, r.id AS run_id
FROM runs r
""",
    ),
)


def views_differ(connection: sqlite3.Connection) -> bool:
    """Whether the file's views are others than `VIEWS`."""
    return _written(connection) != {view.name: view.sql for view in VIEWS}


def write_views(connection: sqlite3.Connection) -> None:
    """Replace every view of the file by those here; inside the caller's transaction."""
    for name in _written(connection):
        connection.execute(f'DROP VIEW "{name}"')
    for view in VIEWS:
        connection.execute(view.sql)


def _written(connection: sqlite3.Connection) -> dict[str, str]:
    return dict(connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'view'"))
