"""The closed sets of the design, as string enums: what a verdict, a failure, a state may be.

A member is added here only with a row in the design's tables; `crawler.states` must then map it, and a
test proves that table total. The string values are what rows, JSON and people see.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "REASONS",
    "Access",
    "CapturePurpose",
    "Coverage",
    "FacetKind",
    "FacetOutcome",
    "FailureKind",
    "IdentityKind",
    "PageState",
    "Reason",
    "ResolveStatus",
    "RunKind",
    "RunState",
    "SaveState",
    "VerdictKind",
]


class VerdictKind(StrEnum):
    """What the cited source does to the claim."""

    SUPPORTED = "supported"
    PARTIALLY_SUPPORTED = "partially_supported"
    NOT_SUPPORTED = "not_supported"  #: the page was read whole and does not say it
    CONTRADICTED = "contradicted"
    UNVERIFIABLE = "unverifiable"  #: nothing is said of the claim


class Reason(StrEnum):
    """Why a verdict is what it is; each belongs to exactly one verdict, see `REASONS`."""

    STATED = "stated"
    QUOTED = "quoted"
    STATED_BY_COPY = "stated_by_copy"
    PART_SILENT = "part_silent"
    VISIBLE_PART_ONLY = "visible_part_only"
    SILENT = "silent"
    QUOTATION_ABSENT = "quotation_absent"
    FIGURE_CONFLICT = "figure_conflict"
    DATE_CONFLICT = "date_conflict"
    QUOTATION_ALTERED = "quotation_altered"
    SPEAKER_CONFLICT = "speaker_conflict"
    NEGATED = "negated"
    STATEMENT_CONFLICT = "statement_conflict"
    NOT_FOUND = "not_found"
    AMBIGUOUS = "ambiguous"
    GONE_UNCONFIRMED = "gone_unconfirmed"
    DEAD = "dead"
    BLOCKED = "blocked"
    PAYWALLED = "paywalled"
    CONSENT_WALL = "consent_wall"
    UNREACHABLE = "unreachable"
    ROBOTS_DENIED = "robots_denied"
    NOT_AN_ARTICLE = "not_an_article"
    UNREADABLE = "unreadable"
    TOO_LARGE = "too_large"
    LANGUAGE = "language"
    UNSURE = "unsure"
    NOT_ATTEMPTED = "not_attempted"
    QUARANTINED = "quarantined"


_R = Reason

#: The reasons that each verdict may have.
REASONS: Final[Mapping[VerdictKind, frozenset[Reason]]] = {
    VerdictKind.SUPPORTED: frozenset({_R.STATED, _R.QUOTED, _R.STATED_BY_COPY}),
    VerdictKind.PARTIALLY_SUPPORTED: frozenset({_R.PART_SILENT, _R.VISIBLE_PART_ONLY}),
    VerdictKind.NOT_SUPPORTED: frozenset({_R.SILENT, _R.QUOTATION_ABSENT}),
    VerdictKind.CONTRADICTED: frozenset(
        {
            _R.FIGURE_CONFLICT,
            _R.DATE_CONFLICT,
            _R.QUOTATION_ALTERED,
            _R.SPEAKER_CONFLICT,
            _R.NEGATED,
            _R.STATEMENT_CONFLICT,
        }
    ),
    VerdictKind.UNVERIFIABLE: frozenset(
        {
            _R.NOT_FOUND,
            _R.AMBIGUOUS,
            _R.GONE_UNCONFIRMED,
            _R.DEAD,
            _R.BLOCKED,
            _R.PAYWALLED,
            _R.CONSENT_WALL,
            _R.UNREACHABLE,
            _R.ROBOTS_DENIED,
            _R.NOT_AN_ARTICLE,
            _R.UNREADABLE,
            _R.TOO_LARGE,
            _R.LANGUAGE,
            _R.UNSURE,
            _R.NOT_ATTEMPTED,
            _R.QUARANTINED,
        }
    ),
}


class ResolveStatus(StrEnum):
    """How the search for a cited work ended."""

    FOUND = "found"
    FOUND_ARCHIVED = "found_archived"
    AMBIGUOUS = "ambiguous"
    NOT_FOUND = "not_found"
    BLOCKED = "blocked"
    PAYWALLED = "paywalled"
    UNREACHABLE = "unreachable"


class FailureKind(StrEnum):
    """Why an exchange gave no answer to keep."""

    DNS = "dns"
    CONNECT = "connect"
    TLS = "tls"
    TIMEOUT = "timeout"
    TOO_LARGE = "too_large"
    RATIO = "ratio"
    REDIRECT_LOOP = "redirect_loop"
    BAD_SCHEME = "bad_scheme"
    PRIVATE_ADDRESS = "private_address"
    ROBOTS_DENIED = "robots_denied"
    ROBOTS_UNREACHABLE = "robots_unreachable"
    PROTOCOL = "protocol"
    RATE_LIMITED = "rate_limited"
    BREAKER_OPEN = "breaker_open"
    ARCHIVE_BLOCKED = "archive_blocked"


class PageState(StrEnum):
    """Status and page read together: what this capture is."""

    LIVE = "live"
    GONE = "gone"
    BLOCKED = "blocked"
    WALLED = "walled"  #: a login or hard paywall
    TEASER = "teaser"
    SOFT_404 = "soft_404"
    CONSENT = "consent"
    CHALLENGE = "challenge"
    NOT_AN_ARTICLE = "not_an_article"
    UNREADABLE = "unreadable"  #: a capture without usable text
    UNAVAILABLE = "unavailable"  #: a server error (5xx): nothing is known of the page


class Access(StrEnum):
    """How much of the article the page shows to everyone."""

    OPEN = "open"
    TEASER = "teaser"
    WALL = "wall"


class CapturePurpose(StrEnum):
    """Why we asked."""

    SOURCE = "source"
    ROBOTS = "robots"
    INDEX = "index"  #: a sitemap, a feed, a site's own search
    SERVICE = "service"  #: a search service or an archive's index


class Coverage(StrEnum):
    """What a resolver could say; `not_found` needs `answered` or `empty` from one that covers outlet and date."""

    ANSWERED = "answered"
    EMPTY = "empty"
    NOT_COVERED = "not_covered"
    DEGRADED = "degraded"
    QUOTA = "quota"
    AUTH = "auth"
    BLOCKED = "blocked"


class IdentityKind(StrEnum):
    """How a cited outlet, title or date relates to what was found."""

    SAME = "same"
    DRIFTED = "drifted"
    DIFFERS = "differs"
    COPY = "copy"
    UNKNOWN = "unknown"


class FacetKind(StrEnum):
    """What can be checked one by one in a claim."""

    QUOTATION = "quotation"
    FIGURE = "figure"
    DATE = "date"
    NAME = "name"
    STATEMENT = "statement"


class FacetOutcome(StrEnum):
    """What the page says of a facet."""

    STATED = "stated"
    CONFLICTING = "conflicting"
    SILENT = "silent"
    UNCHECKED = "unchecked"


class RunKind(StrEnum):
    """What started a run."""

    NIGHTLY = "nightly"
    ON_DEMAND = "on_demand"


class RunState(StrEnum):
    """Where a run stands."""

    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    OFFLINE = "offline"  #: it concluded that this machine has no network
    INTERRUPTED = "interrupted"  #: SIGINT or SIGTERM; what was in hand is committed
    KILLED = "killed"  #: reaped: its heartbeat expired without an end


class SaveState(StrEnum):
    """What came of having an archive keep a page that a verdict rests on."""

    HELD = "held"  #: it had a copy already, and was not asked
    SAVED = "saved"
    PENDING = "pending"  #: accepted; how it went will be seen in the archive's index
    REFUSED = "refused"  #: the archive does not want this page, or no more of ours
    FAILED = "failed"  #: nothing was learned: the archive or its index did not answer
