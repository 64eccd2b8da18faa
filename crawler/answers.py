"""The rows that `verify` and `check` print: what stands in the database, in the design's shape.

Others build on these field names; they change only together with the design. Pure.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from db.words import Reason, ResolveStatus, VerdictKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date, datetime

    from db.model import Citation, Evidence, Finding, Identity, Resolution, Verdict
    from db.store import Source, Standing

__all__ = ["FLAGS", "answer_rows", "identity_row", "instant"]

#: The verdicts that somebody will act on.
FLAGS = frozenset({VerdictKind.NOT_SUPPORTED.value, VerdictKind.CONTRADICTED.value})


def answer_rows(
    standings: Iterable[Standing], unused: Iterable[tuple[Citation, Resolution | None]] = ()
) -> Iterator[dict[str, object]]:
    """One row of kind `citation` for each claim × citation, one of kind `claim` for each claim with several.

    `unused` are citations that no claim leans on; their rows have no claim, and say whether the source exists.
    """
    for standing in standings:
        yield _claim_row(standing) if standing.citation is None else _citation_row(standing)
    for citation, resolution in unused:
        yield _unused_row(citation, resolution)


def instant(at: datetime | None) -> str | None:
    """ISO 8601 with Z."""
    return at.isoformat().replace("+00:00", "Z") if at else None


def _citation_row(one: Standing) -> dict[str, object]:
    verdict, source = one.verdict, one.source
    return {
        "kind": "citation",
        "id": f"{one.claim.id}:{one.citation.id if one.citation else ''}",
        "document": one.document,
        "claim_id": one.claim.id,
        "citation_id": one.citation.id if one.citation else None,
        "n": one.citation_mark.n if one.citation_mark else "",
        "claim": one.claim.text,
        "start": one.mark.start,
        "end": one.mark.end,
        "citation": _cited(one.citation),
        **_found(one.resolution, archive_url=one.archive_url),
        "captured_at": instant(source.captured_at) if source else None,
        **_verdict(verdict, one.retry_on),
        "evidence": [_evidence(span, source) for span in (verdict.evidence if verdict else ())],
        "findings": [_finding(finding) for finding in one.findings],
    }


def _claim_row(one: Standing) -> dict[str, object]:
    return {
        "kind": "claim",
        "id": one.claim.id,
        "document": one.document,
        "claim_id": one.claim.id,
        "claim": one.claim.text,
        "start": one.mark.start,
        "end": one.mark.end,
        "citations": list(one.mark.citation_ids),
        **_verdict(one.verdict, one.retry_on),
    }


def _unused_row(citation: Citation, resolution: Resolution | None) -> dict[str, object]:
    return {
        "kind": "citation",
        "id": f":{citation.id}",
        "document": None,
        "claim_id": None,
        "citation_id": citation.id,
        "n": "",
        "claim": None,
        "start": None,
        "end": None,
        "citation": _cited(citation),
        **_found(resolution, archive_url=resolution.archive_url if resolution else None),
        "captured_at": None,
        **_verdict(None, None),
        "detail": "no claim in the document leans on it",
        "evidence": [],
        "findings": [],
    }


def _cited(citation: Citation | None) -> dict[str, object]:
    return {
        name: getattr(citation, name, None) for name in ("outlet", "title", "date", "url", "doi")
    }


def _found(resolution: Resolution | None, *, archive_url: str | None) -> dict[str, object]:
    return {
        "status": resolution.status.value if resolution else ResolveStatus.UNREACHABLE.value,
        "url": resolution.url if resolution else None,
        "archive_url": archive_url,
        "identity": identity_row(resolution.identity) if resolution else None,
    }


def _finding(finding: Finding) -> dict[str, object]:
    return {
        "verifier": finding.verifier,
        "version": finding.version,
        "verdict": finding.verdict.value,
        "reason": finding.reason.value,
        "score": finding.score,
    }


def _verdict(verdict: Verdict | None, retry_on: date | None) -> dict[str, object]:
    return {
        "verdict": verdict.verdict.value if verdict else VerdictKind.UNVERIFIABLE.value,
        "reason": verdict.reason.value if verdict else Reason.NOT_ATTEMPTED.value,
        "detail": verdict.detail if verdict else "no run has come to it yet",
        "retry_on": retry_on.isoformat() if retry_on else None,
        "score": verdict.score if verdict else None,
        "confidence": verdict.confidence if verdict else None,
    }


def identity_row(identity: Identity | None) -> dict[str, object] | None:
    """Outlet, title and date, each with what was cited, what was found, and how they relate."""
    if identity is None:
        return None
    parts = {"outlet": identity.outlet, "title": identity.title, "date": identity.date}
    return {
        name: {"verdict": part.kind.value, "cited": part.cited, "found": part.found}
        for name, part in parts.items()
    }


def _evidence(span: Evidence, source: Source | None) -> dict[str, object]:
    """A quote and where it stands; a page that asks for no snippets shows none."""
    hidden = source is not None and source.nosnippet
    return {
        "quote": None if hidden else span.quote,
        "start": span.start,
        "end": span.end,
        "url": source.captured_url if source else None,
        "sha256": source.body_sha256 if source else None,
    }
