"""What was concluded: pages, resolutions, findings, verdicts and the attempts that led to them.

All that one attempt at one citation concluded is one transaction, so that a killed run has either the whole answer or
none. Rows are found by id: storing an answer again adds nothing.
"""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from typing import TYPE_CHECKING

from db.connection import Connected, insert, json_list
from db.model import (
    Attempt,
    Candidate,
    Evidence,
    Facet,
    Finding,
    Page,
    Resolution,
    ResolverReport,
    Verdict,
)
from db.results import PastAttempt
from db.rows import record_of, row_of

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection, Iterable, Sequence

    from db.rows import SqlValue

__all__ = ["Answers"]

_STANDING = """
SELECT verdict_id FROM verdicts_latest WHERE claim_id = ? AND citation_id IS ?
"""

_UNCOLLECTED = """
WITH current AS (
  SELECT claim_id, citation_id, claim_ordinal, ordinal FROM claim_citations
  WHERE ingest_id IN (SELECT max(id) FROM ingests GROUP BY document_id)
),
several AS (SELECT claim_id FROM current GROUP BY claim_id HAVING count(DISTINCT citation_id) > 1)
SELECT claim_id, citation_id FROM current c
WHERE claim_id IN (SELECT claim_id FROM several) AND EXISTS (
  SELECT 1 FROM verdicts v WHERE v.claim_id = c.claim_id AND v.citation_id IS NOT NULL
  AND v.decided_at >= coalesce(
    (SELECT max(t.decided_at) FROM verdicts t WHERE t.claim_id = c.claim_id AND t.citation_id IS NULL), ''))
ORDER BY claim_id, claim_ordinal, ordinal
"""

_PAST = """
SELECT r.run_id, r.resolved_at AS attempted_at, r.status, r.reason, r.url, p.state,
       (SELECT kind FROM failures f WHERE f.run_id = r.run_id AND f.requested_url = r.url
        ORDER BY f.rowid DESC LIMIT 1) AS failure
FROM resolutions r LEFT JOIN pages p ON p.id = r.page_id
WHERE r.citation_id = ? ORDER BY r.rowid
"""


class Answers(Connected):
    """Pages, resolutions, findings, verdicts and attempts."""

    def page(self, page_id: str) -> Page | None:
        """The page of this id; its text is "" once purged."""
        row = self._row("SELECT * FROM pages WHERE id = ?", (page_id,))
        return record_of(Page, row) if row else None

    def add_answer(
        self,
        *,
        resolution: Resolution,
        pages: Sequence[Page] = (),
        findings: Sequence[Finding] = (),
        verdicts: Sequence[Verdict] = (),
        attempts: Sequence[Attempt] = (),
    ) -> None:
        """Store all that one attempt at one citation concluded; verdicts only where they differ.

        The captures that the pages were read in are stored already. Of a page whose body was purged neither text
        nor quotes are stored again.
        """
        with self._writing() as connection:
            insert(connection, "pages", [row_of(page) for page in _purged_pages(connection, pages)])
            _insert_resolution(connection, resolution)
            for finding in findings:
                _insert_finding(connection, finding)
            for verdict in verdicts:
                _insert_verdict(connection, verdict)
            insert(connection, "attempts", [row_of(attempt) for attempt in attempts])

    def add_verdict(self, verdict: Verdict) -> None:
        """Store one verdict by itself: that on a claim whose citations were answered one by one."""
        with self._writing() as connection:
            _insert_verdict(connection, verdict)

    def latest_verdict(self, claim_id: str, *, citation_id: str | None) -> Verdict | None:
        """The verdict that stands for claim × citation, or for the claim (None)."""
        with self._snapshot():
            row = self._row(_STANDING, (claim_id, citation_id))
            return self._verdicts([row["verdict_id"]])[row["verdict_id"]] if row else None

    def attempted(self, run_ids: Collection[str]) -> frozenset[str]:
        """The ids of the citations that these runs have answered: a resumed run passes them over."""
        rows = self._rows(
            "SELECT DISTINCT citation_id FROM resolutions"
            " WHERE run_id IN (SELECT value FROM json_each(?))",
            (json_list(run_ids),),
        )
        return frozenset(row["citation_id"] for row in rows)

    def attempted_pairs(self, run_ids: Collection[str]) -> frozenset[tuple[str, str]]:
        """(claim id, citation id) of every attempt of these runs."""
        rows = self._rows(
            "SELECT claim_id, citation_id FROM attempts"
            " WHERE run_id IN (SELECT value FROM json_each(?))",
            (json_list(run_ids),),
        )
        return frozenset((row["claim_id"], row["citation_id"]) for row in rows)

    def uncollected(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Claims of current versions with several citations, one of which was judged since they were rolled up.

        Each with the ids of its citations in the order of their markers.
        """
        of_claim: defaultdict[str, list[str]] = defaultdict(list)
        for row in self._rows(_UNCOLLECTED):
            if row["citation_id"] not in of_claim[row["claim_id"]]:
                of_claim[row["claim_id"]].append(row["citation_id"])
        return tuple((claim_id, tuple(ids)) for claim_id, ids in of_claim.items())

    def attempts_of(self, citation_id: str) -> tuple[PastAttempt, ...]:
        """Every try at a citation, oldest first."""
        return tuple(record_of(PastAttempt, row) for row in self._rows(_PAST, (citation_id,)))

    def resolution(self, resolution_id: str) -> Resolution | None:
        """The resolution of this id, with its candidates and reports."""
        with self._snapshot():
            return self._resolutions([resolution_id]).get(resolution_id)

    def _resolutions(self, ids: Collection[str]) -> dict[str, Resolution]:
        wanted = json_list(ids)
        candidates = _grouped(
            self._rows(
                "SELECT * FROM candidates WHERE resolution_id IN (SELECT value FROM json_each(?))"
                " ORDER BY resolution_id, rank",
                (wanted,),
            ),
            by="resolution_id",
        )
        reports = _grouped(
            self._rows(
                "SELECT * FROM resolver_reports"
                " WHERE resolution_id IN (SELECT value FROM json_each(?))"
                " ORDER BY resolution_id, ordinal",
                (wanted,),
            ),
            by="resolution_id",
        )
        rows = self._rows(
            "SELECT * FROM resolutions WHERE id IN (SELECT value FROM json_each(?))", (wanted,)
        )
        return {
            row["id"]: record_of(
                Resolution,
                row,
                candidates=tuple(record_of(Candidate, each) for each in candidates[row["id"]]),
                reports=tuple(record_of(ResolverReport, each) for each in reports[row["id"]]),
            )
            for row in rows
        }

    def _verdicts(self, ids: Collection[str]) -> dict[str, Verdict]:
        wanted = json_list(ids)
        evidence = _grouped(
            self._rows(
                "SELECT * FROM evidence WHERE verdict_id IN (SELECT value FROM json_each(?))"
                " ORDER BY verdict_id, ordinal",
                (wanted,),
            ),
            by="verdict_id",
        )
        bonds = _grouped(
            self._rows(
                "SELECT * FROM verdict_findings"
                " WHERE verdict_id IN (SELECT value FROM json_each(?))"
                " ORDER BY verdict_id, ordinal",
                (wanted,),
            ),
            by="verdict_id",
        )
        rows = self._rows(
            "SELECT * FROM verdicts WHERE id IN (SELECT value FROM json_each(?))", (wanted,)
        )
        return {
            row["id"]: record_of(
                Verdict,
                row,
                evidence=_evidence(evidence[row["id"]]),
                finding_ids=tuple(each["finding_id"] for each in bonds[row["id"]]),
            )
            for row in rows
        }

    def _findings(self, ids: Collection[str]) -> dict[str, Finding]:
        wanted = json_list(ids)
        evidence = _grouped(
            self._rows(
                "SELECT * FROM evidence WHERE finding_id IN (SELECT value FROM json_each(?))"
                " ORDER BY finding_id, facet_ordinal, ordinal",
                (wanted,),
            ),
            by="finding_id",
        )
        facets = _grouped(
            self._rows(
                "SELECT * FROM facets WHERE finding_id IN (SELECT value FROM json_each(?))"
                " ORDER BY finding_id, ordinal",
                (wanted,),
            ),
            by="finding_id",
        )
        rows = self._rows(
            "SELECT * FROM findings WHERE id IN (SELECT value FROM json_each(?))", (wanted,)
        )
        return {row["id"]: _finding(row, facets[row["id"]], evidence[row["id"]]) for row in rows}


def _purged_pages(connection: sqlite3.Connection, pages: Sequence[Page]) -> list[Page]:
    """The pages, those whose body was purged without their text."""
    hashes = json_list({page.body_sha256 for page in pages})
    rows = connection.execute(
        "SELECT sha256 FROM purges WHERE sha256 IN (SELECT value FROM json_each(?))", (hashes,)
    )
    purged = {row["sha256"] for row in rows}
    return [
        dataclasses.replace(page, text="") if page.body_sha256 in purged else page for page in pages
    ]


def _insert_evidence(connection: sqlite3.Connection, rows: list[dict[str, SqlValue]]) -> None:
    """Store evidence, without the quotes of pages whose body was purged."""
    ids = json_list({str(row["page_id"]) for row in rows})
    found = connection.execute(
        "SELECT id FROM pages WHERE id IN (SELECT value FROM json_each(?))"
        " AND body_sha256 IN (SELECT sha256 FROM purges)",
        (ids,),
    )
    purged = {row["id"] for row in found}
    shown = [{**row, "quote": "" if row["page_id"] in purged else row["quote"]} for row in rows]
    insert(connection, "evidence", shown)


def _insert_resolution(connection: sqlite3.Connection, resolution: Resolution) -> None:
    row = row_of(resolution, without=("candidates", "reports"))
    if not insert(connection, "resolutions", [row]):
        return
    candidates = [
        {"resolution_id": resolution.id, "rank": rank, **row_of(candidate)}
        for rank, candidate in enumerate(resolution.candidates, start=1)
    ]
    reports = [
        {"resolution_id": resolution.id, "ordinal": ordinal, **row_of(report)}
        for ordinal, report in enumerate(resolution.reports)
    ]
    insert(connection, "candidates", candidates)
    insert(connection, "resolver_reports", reports)


def _insert_finding(connection: sqlite3.Connection, finding: Finding) -> None:
    if not insert(connection, "findings", [row_of(finding, without=("facets", "evidence"))]):
        return
    facets = [
        {"finding_id": finding.id, "ordinal": ordinal, **row_of(facet, without=("evidence",))}
        for ordinal, facet in enumerate(finding.facets)
    ]
    insert(connection, "facets", facets)
    _insert_evidence(connection, _evidence_rows(finding.evidence, finding_id=finding.id))
    for ordinal, facet in enumerate(finding.facets):
        rows = _evidence_rows(facet.evidence, finding_id=finding.id, facet_ordinal=ordinal)
        _insert_evidence(connection, rows)


def _insert_verdict(connection: sqlite3.Connection, verdict: Verdict) -> None:
    row = row_of(verdict, without=("finding_ids", "evidence"))
    if not insert(connection, "verdicts", [row]):
        return
    bonds: list[dict[str, SqlValue]] = [
        {"verdict_id": verdict.id, "ordinal": ordinal, "finding_id": finding_id}
        for ordinal, finding_id in enumerate(verdict.finding_ids)
    ]
    insert(connection, "verdict_findings", bonds)
    _insert_evidence(connection, _evidence_rows(verdict.evidence, verdict_id=verdict.id))


def _evidence_rows(evidence: Iterable[Evidence], **owner: SqlValue) -> list[dict[str, SqlValue]]:
    return [{**owner, "ordinal": ordinal, **row_of(each)} for ordinal, each in enumerate(evidence)]


def _evidence(rows: Iterable[sqlite3.Row]) -> tuple[Evidence, ...]:
    return tuple(record_of(Evidence, row) for row in rows)


def _finding(row: sqlite3.Row, facets: list[sqlite3.Row], evidence: list[sqlite3.Row]) -> Finding:
    of_facet = _grouped(evidence, by="facet_ordinal")
    return record_of(
        Finding,
        row,
        facets=tuple(
            record_of(Facet, facet, evidence=_evidence(of_facet[facet["ordinal"]]))
            for facet in facets
        ),
        evidence=_evidence(of_facet[None]),
    )


def _grouped(rows: Iterable[sqlite3.Row], *, by: str) -> defaultdict[object, list[sqlite3.Row]]:
    groups: defaultdict[object, list[sqlite3.Row]] = defaultdict(list)
    for row in rows:
        groups[row[by]].append(row)
    return groups
