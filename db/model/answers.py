"""What was concluded: pages, candidates, resolutions, findings, verdicts, and the runs that led to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from db.words import (
    Access,
    Coverage,
    FacetKind,
    FacetOutcome,
    IdentityKind,
    PageState,
    Reason,
    ResolveStatus,
    RunKind,
    RunState,
    SaveState,
    VerdictKind,
)

__all__ = [
    "Attempt",
    "Candidate",
    "Comparison",
    "Evidence",
    "Facet",
    "Finding",
    "Identity",
    "Page",
    "Resolution",
    "ResolverReport",
    "Run",
    "Save",
    "Verdict",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What extraction read in one capture. Offsets of evidence point into `text`."""

    id: str  #: digest("page", body_sha256, url, extractor, extractor_version)
    capture_id: str
    url: str
    body_sha256: str
    extractor: str
    extractor_version: str
    state: PageState
    state_why: str  #: the rule that decided, for a person
    access: Access
    text: str  #: main text, blocks separated by one blank line
    title: str | None = None
    titles: tuple[str, ...] = ()  #: every headline variant, best first, for the identity gate
    authors: tuple[str, ...] = ()
    published_at: datetime | None = None
    published_on: date | None = None  #: the calendar day as the page states it
    modified_at: datetime | None = None
    date_source: str | None = None  #: json-ld, article:published_time, time, url, …
    language: str | None = None
    outlet: str | None = None  #: the outlet that the page names (og:site_name, JSON-LD publisher)
    canonical_url: str | None = None
    credits: tuple[str, ...] = ()  #: outlets that byline, dateline or agency line credit
    noarchive: bool = False
    nosnippet: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A span of a page's text and the quote that it must equal (W3C Web Annotation TextQuoteSelector)."""

    page_id: str
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A URL that might be the cited work."""

    url: str
    title: str | None
    published_on: date | None
    via: str  #: the resolver that named it first
    score: float = 0.0
    features: Mapping[str, float] = field(default_factory=dict)  #: name → 0..1
    why: str = ""  #: why it won or lost, for a person


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolverReport:
    """What one resolver could say about one citation."""

    resolver: str
    coverage: Coverage
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One part of an identity: what was cited, what was found, and how they relate."""

    kind: IdentityKind
    cited: str | None
    found: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Whether the page is the cited work: a second answer, never mixed with the verdict."""

    outlet: Comparison
    title: Comparison
    date: Comparison


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """The candidate taken for a citation, or none, and by which rule. One row an attempt."""

    id: str  #: digest("resolution", citation_id, run_id)
    citation_id: str
    run_id: str
    resolved_at: datetime
    status: ResolveStatus
    reason: Reason | None  #: the unverifiable reason that follows, None when the page may be judged
    url: str | None
    archive_url: str | None
    via: str | None
    rule: str  #: for a person
    score: float
    identity: Identity | None
    page_id: str | None
    candidates: tuple[Candidate, ...]
    reports: tuple[ResolverReport, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Facet:
    """One thing in a claim that can be checked by itself, and what the page says of it."""

    kind: FacetKind
    text: str  #: as the claim has it
    start: int  #: characters into the claim's text
    end: int
    outcome: FacetOutcome
    detail: str = ""  #: for a person: what the page has instead
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What one verifier concluded of one claim on one page."""

    id: str  #: digest("finding", claim_id, page_id, verifier, version, config_digest)
    claim_id: str
    page_id: str
    verifier: str
    version: str
    config_digest: str
    verdict: VerdictKind
    reason: Reason
    score: (
        float | None
    )  #: P(this part of the claim is carried by the page) where the verifier can tell
    detail: str
    facets: tuple[Facet, ...] = ()
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The rolled-up answer for claim × citation, or for a claim (`citation_id` None) with several citations."""

    id: str  #: digest("verdict", claim_id, citation_id, run_id)
    claim_id: str
    citation_id: str | None
    run_id: str
    decided_at: datetime
    verdict: VerdictKind
    reason: Reason
    detail: str  #: for a person: the part that is silent, the figures that conflict
    score: (
        float | None
    )  #: calibrated P(the whole claim is supported); None when unverifiable or not yet calibrated
    confidence: float | None  #: calibrated P(this verdict is right); None where not yet calibrated
    retry_on: date | None
    page_id: str | None
    resolution_id: str | None
    finding_ids: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    cause: str | None = (
        None  #: source, claim, verifier or reachability, when this differs from the verdict before
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One try at one claim × citation in one run; a verdict row is added only when something differs."""

    run_id: str
    claim_id: str
    citation_id: str
    attempted_at: datetime
    resolution_id: str
    verdict_id: str  #: the verdict that stands after this attempt
    retry_on: date | None = None  #: when this is due again; None only in quarantine


@dataclass(frozen=True, slots=True, kw_only=True)
class Save:
    """What came of having an archive keep one page that verdicts of a run rest on."""

    id: str  #: digest("save", run_id, url)
    run_id: str
    page_id: str
    url: str
    asked_at: datetime
    state: SaveState
    archive_url: str | None  #: of the archive's copy, where one is known
    detail: str  #: for a person


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One pass, nightly or on demand (PROV activity)."""

    id: str
    kind: RunKind
    state: RunState
    started_at: datetime
    heartbeat_at: datetime
    holder: str = ""  #: host:pid of the process, so that a killed one on this host is known at once
    ended_at: datetime | None = None
    resumes: str | None = None  #: the killed run whose outcomes this one may replay
    detail: str = ""
    version: str = ""
    plugins: tuple[str, ...] = ()  #: "verifier quotation 1", in order
    config_digest: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)
