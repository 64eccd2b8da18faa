"""Every word of Citehound as a frozen record: values in, values out, no behaviour but reading.

Rule: standard library only, no clock, no file. All instants (`*_at`) are aware UTC datetimes, all dates
(`*_on`) are dates, hashes are hexadecimal, scores lie in 0..1. Tuples keep their order. The closed sets
live in `db.words`. Annotations are kept readable at run time, because `db.rows` makes columns of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeAlias

from db.words import (
    Access,
    CapturePurpose,
    Coverage,
    FacetKind,
    FacetOutcome,
    FailureKind,
    IdentityKind,
    PageState,
    Reason,
    ResolveStatus,
    RunKind,
    RunState,
    VerdictKind,
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
    "Outcome",
    "Outlet",
    "PaceRow",
    "Page",
    "Resolution",
    "ResolverReport",
    "RobotsRow",
    "Run",
    "Unparsed",
    "Verdict",
]

#: Raw header fields in the order received, names as received, duplicates kept.
Headers: TypeAlias = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DateWindow:
    """The days that a date as cited may mean: `Jan 30, 2026` is one day, `December 2025` is 31."""

    first_on: date
    last_on: date  #: inclusive; never before `first_on`


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """Who publishes. Hosts are hints that resolving must confirm unless `source` says they were checked."""

    name: str
    aliases: tuple[str, ...] = ()
    hosts: tuple[
        str, ...
    ] = ()  #: lower case, without scheme; a page of the outlet lives at one of them or below
    former_hosts: tuple[str, ...] = ()
    feeds: tuple[str, ...] = ()  #: URLs of RSS or Atom feeds
    sitemaps: tuple[str, ...] = ()
    news_sitemaps: tuple[str, ...] = ()
    kind: str = "news"  #: news, agency, government, think_tank, journal, other
    country: str | None = None  #: ISO 3166-1 alpha-2, lower case
    languages: tuple[str, ...] = ()  #: BCP 47
    source: str = ""  #: where these facts come from


# ------------------------------------------------------------------------------- what a document says


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentVersion:
    """One text of a document. A document is its name; each new text adds a version."""

    document_id: str  #: digest("document", name)
    name: str  #: URL, path or `--name`
    sha256: str  #: of the UTF-8 text
    text: str
    media_type: str  #: text/markdown, text/plain, text/html, text/x-wiki, application/jsonl
    language: str | None  #: BCP 47 primary subtag where known


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A checkable assertion. The id survives renumbering and moved paragraphs."""

    id: str  #: digest("claim", document_id, folded(text), occurrence)
    document_id: str
    text: str  #: the sentence without its citation markers
    occurrence: int  #: 0 for the first sentence of this folded text in the document, 1 for the next
    language: str | None = None
    succeeds: str | None = (
        None  #: id of the claim that this one replaced at the same citation: "claim changed"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimMark:
    """Where one version of a document makes a claim, and which citations it leans on there."""

    claim_id: str
    start: int  #: characters into the version's text
    end: int  #: exclusive; text[start:end] is the sentence as written, markers included
    heading: str | None
    context: str  #: the sentences around it, as written, at most 600 characters
    citation_ids: tuple[str, ...]  #: in the order of their markers; empty for an uncited claim


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """A reference as cited, never corrected."""

    id: str  #: digest("citation", document_id, folded outlet, title, date, url, doi)
    document_id: str
    outlet: str | None
    title: str | None
    date: str | None  #: as written
    url: str | None = None
    doi: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CitationMark:
    """Where one version of a document lists a citation."""

    citation_id: str
    n: str  #: the marker as written between its brackets ("1", "smith2020"); "" where there is none
    start: int
    end: int
    raw: str  #: the reference as written, at most 2,000 characters


@dataclass(frozen=True, slots=True, kw_only=True)
class Unparsed:
    """Something that looked like a reference or a marker and could not be used; kept and counted."""

    n: str
    start: int
    end: int
    raw: str
    reason: str  #: no_outlet_or_title, marker_without_source, source_without_marker, duplicate_marker, …
    detail: str  #: one sentence for a person


@dataclass(frozen=True, slots=True, kw_only=True)
class Ingested:
    """All that one version of a document says: what ingest gives and the store takes, whole."""

    version: DocumentVersion
    claims: tuple[Claim, ...]
    claim_marks: tuple[ClaimMark, ...]  #: in document order
    citations: tuple[Citation, ...]
    citation_marks: tuple[CitationMark, ...]  #: in the order of the reference list
    unparsed: tuple[Unparsed, ...] = ()


# --------------------------------------------------------------------------------------- the web


@dataclass(frozen=True, slots=True, kw_only=True)
class Hop:
    """One redirect that was followed before the capture."""

    url: str
    status: int
    location: str
    headers: Headers = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """One HTTP exchange of ours that the server answered, whatever the status (ISO 28500 response)."""

    id: str  #: digest("capture", request_key, captured_at)
    request_key: str  #: digest(method, URL asked, SHA-256 of the request body)
    requested_url: str
    url: str  #: after redirects
    method: str
    purpose: CapturePurpose
    captured_at: datetime
    duration_s: float
    status: int
    http_version: str
    headers: Headers
    hops: tuple[Hop, ...] = ()
    remote_address: str | None = None
    media_type: str | None = None  #: lower case, without parameters
    charset: str | None = None  #: from Content-Type only
    body: bytes = field(
        default=b"", repr=False
    )  #: decoded; b"" when read from the store without its body
    body_sha256: str | None = (
        None  #: of the decoded body; None where no body was kept (HEAD, 304 without a stored one)
    )
    body_bytes: int = 0
    wire_sha256: str | None = None
    wire_bytes: int = 0
    truncated: bool = False  #: the body ended before its Content-Length
    revisit_of: str | None = None  #: capture whose stored body a 304 confirmed
    memento_of: str | None = None  #: original URL, when this is an archive's copy (RFC 7089)
    memento_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchFailure:
    """An exchange that gave no answer to keep, and why."""

    id: str  #: digest("failure", request_key, failed_at)
    request_key: str
    requested_url: str
    url: str  #: where it failed, after redirects
    method: str
    purpose: CapturePurpose
    kind: FailureKind
    detail: str  #: one sentence for a person
    failed_at: datetime
    duration_s: float
    hops: tuple[Hop, ...] = ()
    status: int | None = None  #: where the server answered before we gave up
    retry_after_s: float | None = None


Outcome: TypeAlias = Capture | FetchFailure


@dataclass(frozen=True, slots=True, kw_only=True)
class RobotsRow:
    """What is remembered of one origin's robots.txt (RFC 9309: rules are per scheme, host and port)."""

    origin: str  #: scheme://host[:port]
    status: str  #: rules, unavailable (4xx: all is allowed), unreachable (all is disallowed)
    http_status: int | None  #: None where no answer came
    text: str  #: "" unless status is rules
    fetched_at: datetime
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaceRow:
    """What is remembered of the waits owed to one pacing key."""

    key: str
    next_allowed_at: datetime
    gap_s: float  #: start to start, slowed down by 429 and 503, recovering after


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakerRow:
    """A circuit breaker for one pacing key or service."""

    key: str
    failures: int
    open_until: datetime | None
    detail: str


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


# ------------------------------------------------------------------------------------- resolving


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


# ------------------------------------------------------------------------------------- verifying


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
