"""Reading for output: what stands of each claim and citation, and how far the citations came.

Two questions with one snapshot each; the store's other parts write, this one only reads.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from db.answers import Answers
from db.connection import json_list
from db.documents import Documents
from db.results import Latest, Source, Standing
from db.rows import record_of
from db.saves import Saves

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from db.model import Citation, ClaimMark, Ingested, Resolution, Verdict

__all__ = ["FUNNEL", "Standings"]

#: The stages of the funnel, in order; each counts a part of the one before.
FUNNEL = ("cited", "parsed", "resolved", "fetched", "read", "verified", "flagged")

_LATEST = """
SELECT claim_id, citation_id, verdict_id, resolution_id, attempted_at, retry_on
FROM verdicts_latest WHERE claim_id IN (SELECT value FROM json_each(?))
"""

#: For citations that no claim leans on, which have resolutions but no verdict.
_LAST_RESOLUTION = """
SELECT citation_id, id FROM resolutions
WHERE rowid IN (SELECT max(rowid) FROM resolutions
                WHERE citation_id IN (SELECT value FROM json_each(?)) GROUP BY citation_id)
"""

_SOURCES = """
SELECT p.id, p.capture_id, p.url, p.outlet, p.title, p.body_sha256, p.state, p.access, p.nosnippet,
       k.captured_at, k.url AS captured_url, k.memento_of, k.memento_at
FROM pages p JOIN captures k ON k.id = p.capture_id
WHERE p.id IN (SELECT value FROM json_each(?))
"""


class Standings(Documents, Answers, Saves):
    """What documents and answers say together."""

    def standing(self, document_id: str) -> tuple[Standing, ...]:
        """One row per claim × citation of the current version, in document order.

        A claim with several citations is followed by a row for the claim itself. Uncited claims have no row, an
        unknown document none at all.
        """
        with self._snapshot():
            ingested = self.ingested(document_id)
            return tuple(self._standings(ingested)) if ingested else ()

    def unused(self, document_id: str) -> tuple[tuple[Citation, Resolution | None], ...]:
        """The citations of the current version that no claim leans on, each with its last resolution."""
        with self._snapshot():
            spare = [work.citation for work in self.work((document_id,)) if not work.claims]
            rows = self._rows(_LAST_RESOLUTION, (json_list(each.id for each in spare),))
            last = {row["citation_id"]: row["id"] for row in rows}
            resolutions = self._resolutions(tuple(last.values()))
        return tuple((each, resolutions.get(last.get(each.id, ""))) for each in spare)

    def funnel(self, document_id: str) -> Mapping[str, int]:
        """Counts of citations by stage, in the order of `FUNNEL`; all 0 for an unknown document."""
        row = self._row("SELECT * FROM funnel WHERE document_id = ?", (document_id,))
        return {stage: row[stage] if row else 0 for stage in FUNNEL}

    def _standings(self, ingested: Ingested) -> Iterator[Standing]:
        pairs = list(_pairs(ingested.claim_marks))
        latest = self._latest({mark.claim_id for mark, _ in pairs})
        verdicts = self._verdicts([each.verdict_id for each in latest.values()])
        resolutions = self._resolutions(
            [each.resolution_id for each in latest.values() if each.resolution_id]
        )
        findings = self._findings([id_ for each in verdicts.values() for id_ in each.finding_ids])
        sources = self._sources([*verdicts.values(), *resolutions.values()])
        kept_at = self._kept_at({each.url for each in resolutions.values() if each.url})
        claims = {claim.id: claim for claim in ingested.claims}
        citations = {citation.id: citation for citation in ingested.citations}
        marks = {mark.citation_id: mark for mark in reversed(ingested.citation_marks)}
        for mark, citation_id in pairs:
            last = latest.get((mark.claim_id, citation_id))
            verdict = verdicts.get(last.verdict_id) if last else None
            resolution = resolutions.get(last.resolution_id or "") if last else None
            page_id = (verdict and verdict.page_id) or (resolution and resolution.page_id)
            yield Standing(
                document=ingested.version.name,
                claim=claims[mark.claim_id],
                mark=mark,
                citation=citations.get(citation_id or ""),
                citation_mark=marks.get(citation_id or ""),
                verdict=verdict,
                resolution=resolution,
                archive_url=_archive_url(resolution, kept_at),
                source=sources.get(page_id or ""),
                attempted_at=last.attempted_at if last else None,
                retry_on=last.retry_on if last else None,
                findings=tuple(findings[id_] for id_ in (verdict.finding_ids if verdict else ())),
            )

    def _latest(self, claim_ids: Iterable[str]) -> dict[tuple[str, str | None], Latest]:
        rows = [record_of(Latest, row) for row in self._rows(_LATEST, (json_list(claim_ids),))]
        return {(row.claim_id, row.citation_id): row for row in rows}

    def _sources(self, answers: Iterable[Verdict | Resolution]) -> dict[str, Source]:
        page_ids = {answer.page_id for answer in answers if answer.page_id}
        rows = self._rows(_SOURCES, (json_list(sorted(page_ids)),))
        return {row["id"]: record_of(Source, row) for row in rows}


def _archive_url(resolution: Resolution | None, kept_at: Mapping[str, str]) -> str | None:
    if resolution is None:
        return None
    return resolution.archive_url or kept_at.get(resolution.url or "")


def _pairs(marks: Iterable[ClaimMark]) -> Iterator[tuple[ClaimMark, str | None]]:
    """Each mark with each of its citations, and with None after several."""
    for mark in marks:
        for citation_id in mark.citation_ids:
            yield mark, citation_id
        if len(mark.citation_ids) > 1:
            yield mark, None
