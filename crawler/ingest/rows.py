"""What `citehound ingest` prints: the row shapes of DESIGN section 4, one dictionary a row."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from db.model import CitationMark, ClaimMark, Ingested

__all__ = ["rows"]


def rows(ingested: Ingested) -> Iterator[dict[str, object]]:
    """Rows of kind citation, claim, uncited and unparsed, in this order, each in the order of the document.

    `cites` holds the markers as a person sees them; where a citation has none (a link in running text), its id.
    """
    name = ingested.version.name
    citations = {citation.id: citation for citation in ingested.citations}
    marks: defaultdict[str, list[CitationMark]] = defaultdict(list)
    for mark in ingested.citation_marks:
        marks[mark.citation_id].append(mark)
        citation = citations[mark.citation_id]
        yield {
            "kind": "citation",
            "id": citation.id,
            "document": name,
            "n": mark.n,
            "outlet": citation.outlet,
            "title": citation.title,
            "date": citation.date,
            "url": citation.url,
            "doi": citation.doi,
            "start": mark.start,
            "end": mark.end,
            "raw": mark.raw,
        }
    yield from _claims(ingested, marks, is_cited=True)
    yield from _claims(ingested, marks, is_cited=False)
    for each in ingested.unparsed:
        yield {
            "kind": "unparsed",
            "document": name,
            "n": each.n,
            "reason": each.reason,
            "detail": each.detail,
            "start": each.start,
            "end": each.end,
            "raw": each.raw,
        }


def _claims(
    ingested: Ingested, marks: dict[str, list[CitationMark]], *, is_cited: bool
) -> Iterator[dict[str, object]]:
    claims = {claim.id: claim for claim in ingested.claims}
    for mark in ingested.claim_marks:
        if bool(mark.citation_ids) is not is_cited:
            continue
        claim = claims[mark.claim_id]
        yield {
            "kind": "claim" if is_cited else "uncited",
            "id": claim.id,
            "document": ingested.version.name,
            "claim": claim.text,
            "cites": [_n(mark, marks[citation_id]) for citation_id in mark.citation_ids],
            "citations": list(mark.citation_ids),
            "start": mark.start,
            "end": mark.end,
            "heading": mark.heading,
            "context": mark.context,
        }


def _n(claim: ClaimMark, marks: list[CitationMark]) -> str:
    """The marker of the citation: the one that stands in the claim, else the first in the list."""
    inside = (mark for mark in marks if claim.start <= mark.start < claim.end)
    mark = next(inside, marks[0])
    return mark.n or mark.citation_id
