"""A citation to be resolved by itself, and the row that `resolve` prints for it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from crawler.answers import identity_row
from db.ids import digest, folded
from db.model import Citation

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crawler.choice import Resolved
    from db.model import Candidate

__all__ = ["Sought", "resolved_row", "sought_citation"]

_FIELDS = ("outlet", "title", "date", "url", "doi")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """One row of the question, with the id that its answer carries."""

    id: str
    citation: Citation


def sought_citation(row_id: str, row: Mapping[str, object]) -> Sought:
    """The citation that a row of outlet, title, date, url and doi means; anything but text counts as absent."""
    cited = {
        name: value if isinstance(value := row.get(name), str) and value else None
        for name in _FIELDS
    }
    parts = [folded(cited[name]) for name in _FIELDS]
    return Sought(
        id=row_id,
        citation=Citation(
            id=digest("citation", "sought", *parts),
            document_id="sought",
            outlet=cited["outlet"],
            title=cited["title"],
            date=cited["date"],
            url=cited["url"],
            doi=cited["doi"],
        ),
    )


def resolved_row(sought: Sought, resolved: Resolved) -> dict[str, object]:
    """The design's `resolve` row, with the rule that decided and who was asked."""
    captured = resolved.captured
    taken = resolved.taken
    original = captured.memento_of if captured else None
    live = resolved.page.url if resolved.page else None
    return {
        "id": sought.id,
        "status": resolved.status.value,
        "url": original or live or (taken.url if taken else None),
        "archive_url": resolved.archive_url,
        "via": taken.via if taken else None,
        "score": taken.score if taken else None,
        "rule": resolved.rule,
        "identity": identity_row(resolved.identity),
        "candidates": [_candidate_row(one) for one in resolved.candidates],
        "asked": [
            {"resolver": one.resolver, "coverage": one.coverage.value, "detail": one.detail}
            for one in resolved.reports
        ],
    }


def _candidate_row(one: Candidate) -> dict[str, object]:
    return {
        "url": one.url,
        "title": one.title,
        "date": one.published_on.isoformat() if one.published_on else None,
        "score": round(one.score, 4),
        "features": dict(one.features),
        "why": one.why,
    }
