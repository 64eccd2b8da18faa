"""Every word of Citehound as a frozen record: values in, values out, no behaviour but reading.

Rule: standard library only, no clock, no file. All instants (`*_at`) are aware UTC datetimes, all dates
(`*_on`) are dates, hashes are hexadecimal, scores lie in 0..1. Tuples keep their order. The closed sets
live in `db.words`. Annotations are kept readable at run time, because `db.rows` makes columns of them.
"""

from __future__ import annotations

from db.model.answers import (
    Attempt,
    Candidate,
    Comparison,
    Evidence,
    Facet,
    Finding,
    Identity,
    Page,
    Resolution,
    ResolverReport,
    Run,
    Save,
    Verdict,
)
from db.model.documents import (
    Citation,
    CitationMark,
    Claim,
    ClaimMark,
    DateWindow,
    DocumentVersion,
    Ingested,
    LearnedOutlet,
    Outlet,
    Unparsed,
)
from db.model.web import (
    BreakerRow,
    Capture,
    FetchFailure,
    Headers,
    Hop,
    Outcome,
    PaceRow,
    RobotsRow,
)

__all__ = [
    "Attempt",
    "BreakerRow",
    "Candidate",
    "Capture",
    "Citation",
    "CitationMark",
    "Claim",
    "ClaimMark",
    "Comparison",
    "DateWindow",
    "DocumentVersion",
    "Evidence",
    "Facet",
    "FetchFailure",
    "Finding",
    "Headers",
    "Hop",
    "Identity",
    "Ingested",
    "LearnedOutlet",
    "Outcome",
    "Outlet",
    "PaceRow",
    "Page",
    "Resolution",
    "ResolverReport",
    "RobotsRow",
    "Run",
    "Save",
    "Unparsed",
    "Verdict",
]
