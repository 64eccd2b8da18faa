"""What documents say: readings in, and out again as readings or as work to be done.

A reading is one ingest of one text. The newest reading of a document is its current version; marks belong to a
reading, claims and citations to the document. Where two readings spell a claim or citation differently but give it
the same id, the first spelling stays in its row and the newer one in the mark.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from db.connection import Connected, insert, json_list
from db.ids import body_sha256
from db.model import Citation, CitationMark, Claim, ClaimMark, DocumentVersion, Ingested, Unparsed
from db.results import Work
from db.rows import instant_text, json_text, record_of, row_of

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection, Iterable, Iterator
    from datetime import date, datetime

    from _typeshed import DataclassInstance

    from db.rows import SqlValue

__all__ = ["Documents"]

_CURRENT = """
SELECT v.ingest_id, v.document_id, v.document AS name, v.sha256, v.media_type, v.language
FROM current_versions v JOIN documents d ON d.id = v.document_id
WHERE :all OR v.document_id IN (SELECT value FROM json_each(:ids))
ORDER BY d.rowid
"""

_DUE = """
SELECT t.document_id, t.citation_id
FROM (
  SELECT v.document_id, v.ingest_id, k.citation_id, min(k.ordinal) AS ordinal
  FROM current_versions v JOIN citation_marks k ON k.ingest_id = v.ingest_id
  GROUP BY v.ingest_id, k.citation_id
) t JOIN documents d ON d.id = t.document_id
WHERE EXISTS (
    SELECT 1 FROM claim_citations b
    LEFT JOIN verdicts_latest l ON l.claim_id = b.claim_id AND l.citation_id = b.citation_id
    WHERE b.ingest_id = t.ingest_id AND b.citation_id = t.citation_id
      AND (l.verdict_id IS NULL OR l.retry_on <= :on)
  ) OR (
    NOT EXISTS (SELECT 1 FROM claim_citations b
                WHERE b.ingest_id = t.ingest_id AND b.citation_id = t.citation_id)
    AND NOT EXISTS (SELECT 1 FROM resolutions r WHERE r.citation_id = t.citation_id
                    AND (r.reason IS NULL OR substr(r.resolved_at, 1, 10) >= :on))
  )
ORDER BY d.rowid, t.ordinal
LIMIT :limit
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """All of a current version but its text, which may be megabytes."""

    row: sqlite3.Row
    claims: dict[str, Claim]  #: by id, in document order
    claim_marks: tuple[ClaimMark, ...]
    citations: dict[str, Citation]  #: by id, in the order of the reference list
    citation_marks: tuple[CitationMark, ...]


class Documents(Connected):
    """Documents, their versions, claims and citations."""

    def add_ingested(self, ingested: Ingested, *, at: datetime) -> None:
        """Store one reading whole. The reading that is current already adds nothing.

        Raises: ValueError where a claim or citation has no mark, which is the reader's fault.
        """
        _check(ingested)
        version, instant = ingested.version, instant_text(at)
        reading = _reading_row(ingested)
        with self._writing() as connection:
            if _is_current(connection, reading):
                return
            document = {"id": version.document_id, "name": version.name, "added_at": instant}
            insert(connection, "documents", [document])
            text = row_of(version, without=("name", "media_type", "language"))
            insert(connection, "document_versions", [{**text, "added_at": instant}])
            insert(connection, "ingests", [{**reading, "ingested_at": instant}])
            (ingest_id,) = connection.execute("SELECT last_insert_rowid()").fetchone()
            _insert_parts(connection, ingested, ingest_id=ingest_id)

    def ingested(self, document_id: str) -> Ingested | None:
        """The current version of a document, None for one that was never ingested."""
        with self._snapshot():
            for reading in self._readings((document_id,)):
                return self._whole(reading)
        return None

    def documents(self) -> tuple[tuple[str, str], ...]:
        """(id, name) of every document, in the order in which they came."""
        rows = self._rows("SELECT id, name FROM documents ORDER BY rowid")
        return tuple((row["id"], row["name"]) for row in rows)

    def citation(self, citation_id: str) -> Citation | None:
        """The citation of this id."""
        row = self._row("SELECT * FROM citations WHERE id = ?", (citation_id,))
        return record_of(Citation, row) if row else None

    def work(self, document_ids: Collection[str] | None = None) -> tuple[Work, ...]:
        """Every citation of the current versions, of all documents or of these.

        Documents come in the order of their first ingest, citations in that of the reference list.
        """
        with self._snapshot():
            readings = list(self._readings(document_ids))
        return tuple(work for reading in readings for work in _works(reading))

    def due(self, *, on: date, limit: int | None = None) -> tuple[Work, ...]:
        """The citations to take up on this day, in the order of `work`.

        Due is a citation with a claim that was never attempted or whose last attempt said `retry_on` this day or
        before, and a citation without claims that was never resolved, or resolved in vain on an earlier day.
        """
        with self._snapshot():
            limits: dict[str, SqlValue] = {
                "on": on.isoformat(),
                "limit": -1 if limit is None else limit,
            }
            due = {row["citation_id"]: row["document_id"] for row in self._rows(_DUE, limits)}
            readings = list(self._readings(set(due.values()))) if due else []
        works = (work for reading in readings for work in _works(reading))
        return tuple(work for work in works if work.citation.id in due)

    def _readings(self, document_ids: Collection[str] | None) -> Iterator[_Reading]:
        ids = json_list(sorted(document_ids or ()))
        for row in self._rows(_CURRENT, {"all": document_ids is None, "ids": ids}):
            yield self._reading(row)

    def _reading(self, row: sqlite3.Row) -> _Reading:
        ingest = (row["ingest_id"],)
        claim_rows = self._rows(
            "SELECT m.*, c.* FROM claim_marks m JOIN claims c ON c.id = m.claim_id"
            " WHERE m.ingest_id = ? ORDER BY m.ordinal",
            ingest,
        )
        citation_rows = self._rows(
            "SELECT k.*, c.* FROM citation_marks k JOIN citations c ON c.id = k.citation_id"
            " WHERE k.ingest_id = ? ORDER BY k.ordinal",
            ingest,
        )
        bonds = self._rows(
            "SELECT claim_ordinal, citation_id FROM claim_citations WHERE ingest_id = ?"
            " ORDER BY claim_ordinal, ordinal",
            ingest,
        )
        cited: defaultdict[int, tuple[str, ...]] = defaultdict(tuple)
        for bond in bonds:
            cited[bond["claim_ordinal"]] += (bond["citation_id"],)
        return _Reading(
            row=row,
            claims={each["claim_id"]: record_of(Claim, each) for each in claim_rows},
            claim_marks=tuple(
                record_of(ClaimMark, each, citation_ids=cited[each["ordinal"]])
                for each in claim_rows
            ),
            citations={each["citation_id"]: record_of(Citation, each) for each in citation_rows},
            citation_marks=tuple(record_of(CitationMark, each) for each in citation_rows),
        )

    def _whole(self, reading: _Reading) -> Ingested:
        row = reading.row
        text = self._row(
            "SELECT text FROM document_versions WHERE document_id = ? AND sha256 = ?",
            (row["document_id"], row["sha256"]),
        )
        unparsed = self._rows(
            "SELECT * FROM unparsed WHERE ingest_id = ? ORDER BY ordinal", (row["ingest_id"],)
        )
        return Ingested(
            version=record_of(DocumentVersion, row, text=text["text"] if text else ""),
            claims=tuple(reading.claims.values()),
            claim_marks=reading.claim_marks,
            citations=tuple(reading.citations.values()),
            citation_marks=reading.citation_marks,
            unparsed=tuple(record_of(Unparsed, each) for each in unparsed),
        )


def _check(ingested: Ingested) -> None:
    marked = {mark.claim_id for mark in ingested.claim_marks}
    marked |= {mark.citation_id for mark in ingested.citation_marks}
    ids = [claim.id for claim in ingested.claims] + [each.id for each in ingested.citations]
    stray = [id_ for id_ in ids if id_ not in marked]
    if stray:
        msg = f"{ingested.version.name}: no mark for {', '.join(stray)}"
        raise ValueError(msg)


def _reading_row(ingested: Ingested) -> dict[str, str | None]:
    """What tells two readings apart; not `succeeds`, which depends on the reading before."""
    claims = tuple(replace(claim, succeeds=None) for claim in ingested.claims)
    content = json_text(replace(ingested, claims=claims))
    version = ingested.version
    return {
        "document_id": version.document_id,
        "sha256": version.sha256,
        "media_type": version.media_type,
        "language": version.language,
        "reading_sha256": body_sha256(content.encode()),
    }


def _is_current(connection: sqlite3.Connection, reading: dict[str, str | None]) -> bool:
    newest = connection.execute(
        "SELECT reading_sha256 FROM ingests WHERE document_id = ? ORDER BY id DESC LIMIT 1",
        (reading["document_id"],),
    ).fetchone()
    return newest is not None and newest["reading_sha256"] == reading["reading_sha256"]


def _insert_parts(connection: sqlite3.Connection, ingested: Ingested, *, ingest_id: int) -> None:
    insert(connection, "claims", [row_of(claim) for claim in ingested.claims])
    insert(connection, "citations", [row_of(citation) for citation in ingested.citations])
    marks: tuple[tuple[str, Iterable[DataclassInstance]], ...] = (
        ("claim_marks", ingested.claim_marks),
        ("citation_marks", ingested.citation_marks),
        ("unparsed", ingested.unparsed),
    )
    for table, records in marks:
        rows = [
            {"ingest_id": ingest_id, "ordinal": ordinal, **row_of(each, without=("citation_ids",))}
            for ordinal, each in enumerate(records)
        ]
        insert(connection, table, rows)
    bonds: list[dict[str, SqlValue]] = [
        {
            "ingest_id": ingest_id,
            "claim_ordinal": claim_ordinal,
            "ordinal": ordinal,
            "claim_id": mark.claim_id,
            "citation_id": citation_id,
        }
        for claim_ordinal, mark in enumerate(ingested.claim_marks)
        for ordinal, citation_id in enumerate(mark.citation_ids)
    ]
    insert(connection, "claim_citations", bonds)


def _works(reading: _Reading) -> Iterator[Work]:
    leaning: defaultdict[str, list[tuple[Claim, ClaimMark]]] = defaultdict(list)
    for mark in reading.claim_marks:
        for citation_id in mark.citation_ids:
            leaning[citation_id].append((reading.claims[mark.claim_id], mark))
    for citation in reading.citations.values():
        yield Work(
            citation=citation,
            claims=tuple(leaning[citation.id]),
            document=reading.row["name"],
            media_type=reading.row["media_type"],
            language=reading.row["language"],
        )
