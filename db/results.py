"""What the store answers with, where no record of `db.model` says it: joined, read-only, frozen.

Annotations are kept readable at run time, because `db.rows` makes some of these from rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime  # noqa: TC003 - db.rows reads the annotations

from db.model import (  # noqa: TC001 - likewise
    Citation,
    CitationMark,
    Claim,
    ClaimMark,
    Finding,
    Resolution,
    Verdict,
)
from db.words import (  # noqa: TC001 - likewise
    Access,
    FailureKind,
    PageState,
    Reason,
    ResolveStatus,
)

__all__ = ["Latest", "PastAttempt", "Source", "Standing", "Unsaved", "Work"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """One citation of a current version and every claim that leans on it there."""

    citation: Citation
    claims: tuple[tuple[Claim, ClaimMark], ...]  #: in document order; empty where nobody uses it
    document: str  #: the document's name
    media_type: str
    language: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PastAttempt:
    """How one try at a citation ended: what *dead* and quarantine are counted from."""

    run_id: str
    attempted_at: datetime
    status: ResolveStatus
    reason: Reason | None
    url: str | None
    state: PageState | None  #: of the page that was read, None where none was
    failure: FailureKind | None  #: of the last failed exchange with `url` in that run, if any


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsaved:
    """A live page that a verdict rests on and of which no archive's copy is known."""

    page_id: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Latest:
    """Which verdict stands for a claim × citation, and when it was last tried."""

    claim_id: str
    citation_id: str | None
    verdict_id: str
    resolution_id: str | None
    attempted_at: datetime
    retry_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """The page that an answer rests on, without its text, and the capture it was read in."""

    id: str  #: of the page
    capture_id: str
    url: str
    outlet: str | None
    title: str | None
    body_sha256: str
    state: PageState
    access: Access
    nosnippet: bool  #: its quotes are not shown
    captured_at: datetime
    captured_url: str  #: where the bytes came from: the archive's URL where `memento_of` is set
    memento_of: str | None
    memento_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What stands of one claim × citation, or (`citation` None) of a claim with several citations."""

    document: str  #: the document's name
    claim: Claim
    mark: ClaimMark
    citation: Citation | None
    citation_mark: CitationMark | None  #: the first, where the reference list has it twice
    verdict: Verdict | None  #: None before the first attempt
    resolution: Resolution | None  #: of the last attempt, which may be newer than the verdict's
    archive_url: str | None  #: of the resolution, else of the copy that an archive keeps
    source: Source | None
    attempted_at: datetime | None
    retry_on: date | None  #: as the last attempt said; None before it, and in quarantine
    findings: tuple[Finding, ...]  #: those that the verdict names
