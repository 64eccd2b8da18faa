"""The table from state to answer: what a page's state or a failed fetch means for a citation.

This module alone holds the design's table (section 2, "From state to answer"), the wait before a citation is
asked again, and the rule for calling a page dead. A test proves each table total over its enum. Pure.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from db.words import FailureKind, PageState, Reason, ResolveStatus

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = [
    "ARCHIVED_INSTEAD",
    "ARCHIVED_INSTEAD_OF_FAILURES",
    "ARCHIVED_INSTEAD_OF_WALLS",
    "FAILURES",
    "RETRY_DAYS",
    "STATES",
    "Answer",
    "PastAttempt",
    "answer_to_failure",
    "answer_to_state",
    "gone_reason",
    "retry_on",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What is said of a citation whose best candidate is in some state."""

    status: ResolveStatus
    reason: Reason | None  #: None when a verifier may judge the page


_UNREACHABLE: Final = Answer(status=ResolveStatus.UNREACHABLE, reason=Reason.UNREACHABLE)
_TOO_LARGE: Final = Answer(status=ResolveStatus.UNREACHABLE, reason=Reason.TOO_LARGE)
_BLOCKED: Final = Answer(status=ResolveStatus.BLOCKED, reason=Reason.BLOCKED)
_GONE: Final = Answer(status=ResolveStatus.UNREACHABLE, reason=Reason.GONE_UNCONFIRMED)

#: What a failed exchange at the candidate's URL means.
FAILURES: Final[Mapping[FailureKind, Answer]] = {
    FailureKind.DNS: _UNREACHABLE,
    FailureKind.CONNECT: _UNREACHABLE,
    FailureKind.TLS: _UNREACHABLE,
    FailureKind.TIMEOUT: _UNREACHABLE,
    FailureKind.PROTOCOL: _UNREACHABLE,
    FailureKind.REDIRECT_LOOP: _UNREACHABLE,
    FailureKind.BAD_SCHEME: _UNREACHABLE,
    FailureKind.PRIVATE_ADDRESS: _UNREACHABLE,
    FailureKind.ROBOTS_UNREACHABLE: _UNREACHABLE,
    FailureKind.BREAKER_OPEN: _UNREACHABLE,
    FailureKind.ARCHIVE_BLOCKED: _UNREACHABLE,
    FailureKind.TOO_LARGE: _TOO_LARGE,
    FailureKind.RATIO: _TOO_LARGE,
    FailureKind.RATE_LIMITED: _BLOCKED,
    FailureKind.ROBOTS_DENIED: Answer(status=ResolveStatus.BLOCKED, reason=Reason.ROBOTS_DENIED),
}

#: What the state of the candidate's page means. `not_an_article` holds only where the URL itself was cited;
#: anywhere else such a candidate loses before this table is asked.
STATES: Final[Mapping[PageState, Answer]] = {
    PageState.LIVE: Answer(status=ResolveStatus.FOUND, reason=None),
    PageState.TEASER: Answer(status=ResolveStatus.PAYWALLED, reason=None),
    PageState.WALLED: Answer(status=ResolveStatus.PAYWALLED, reason=Reason.PAYWALLED),
    PageState.BLOCKED: _BLOCKED,
    PageState.CHALLENGE: _BLOCKED,
    PageState.CONSENT: Answer(status=ResolveStatus.BLOCKED, reason=Reason.CONSENT_WALL),
    PageState.GONE: _GONE,
    PageState.SOFT_404: _GONE,
    PageState.NOT_AN_ARTICLE: Answer(status=ResolveStatus.FOUND, reason=Reason.NOT_AN_ARTICLE),
    PageState.UNREADABLE: Answer(status=ResolveStatus.FOUND, reason=Reason.UNREADABLE),
    PageState.UNAVAILABLE: _UNREACHABLE,
}

#: States for which an archive's copy is read instead.
ARCHIVED_INSTEAD: Final = frozenset(
    {
        PageState.GONE,
        PageState.SOFT_404,
        PageState.BLOCKED,
        PageState.CHALLENGE,
        PageState.CONSENT,
        PageState.UNAVAILABLE,
    }
)
#: Failures for which it is: the page cannot be had from its host, and nobody has forbidden us to read it.
ARCHIVED_INSTEAD_OF_FAILURES: Final = frozenset(
    {
        FailureKind.DNS,
        FailureKind.CONNECT,
        FailureKind.TLS,
        FailureKind.TIMEOUT,
        FailureKind.PROTOCOL,
        FailureKind.REDIRECT_LOOP,
        FailureKind.PRIVATE_ADDRESS,
        FailureKind.ROBOTS_UNREACHABLE,
        FailureKind.RATE_LIMITED,
        FailureKind.TOO_LARGE,
        FailureKind.RATIO,
    }
)
#: The same where the operator answers for reading what a publisher keeps behind a wall (`archives.read_paywalled`).
#: Otherwise it is only noted that the archive holds a copy of such a page (ground rules).
ARCHIVED_INSTEAD_OF_WALLS: Final = ARCHIVED_INSTEAD | {PageState.WALLED}

#: Days until the same question is worth asking again. A judged page is looked at monthly, because sources are
#: edited; a wall seldom falls; a host that was down is asked the next night.
RETRY_DAYS: Final[Mapping[Reason, int | None]] = {
    Reason.STATED: 30,
    Reason.QUOTED: 30,
    Reason.STATED_BY_COPY: 30,
    Reason.PART_SILENT: 30,
    Reason.VISIBLE_PART_ONLY: 30,
    Reason.SILENT: 14,
    Reason.QUOTATION_ABSENT: 14,
    Reason.FIGURE_CONFLICT: 14,
    Reason.DATE_CONFLICT: 14,
    Reason.QUOTATION_ALTERED: 14,
    Reason.SPEAKER_CONFLICT: 14,
    Reason.NEGATED: 14,
    Reason.STATEMENT_CONFLICT: 14,
    Reason.NOT_FOUND: 7,
    Reason.AMBIGUOUS: 14,
    Reason.GONE_UNCONFIRMED: 2,
    Reason.DEAD: 90,
    Reason.BLOCKED: 7,
    Reason.PAYWALLED: 30,
    Reason.CONSENT_WALL: 7,
    Reason.UNREACHABLE: 1,
    Reason.ROBOTS_DENIED: 30,
    Reason.NOT_AN_ARTICLE: 30,
    Reason.UNREADABLE: 30,
    Reason.TOO_LARGE: 30,
    Reason.LANGUAGE: 30,
    Reason.UNSURE: 30,
    Reason.NOT_ATTEMPTED: 0,
    Reason.QUARANTINED: None,
}

#: Dead is 404, 410 or a soft 404 on this many attempts …
DEAD_ATTEMPTS: Final = 3
#: … the first and the last at least this far apart, with no success between and no memento.
DEAD_SPAN: Final = timedelta(hours=72)


@dataclass(frozen=True, slots=True, kw_only=True)
class PastAttempt:
    """What an earlier attempt at a citation ended with."""

    attempted_at: datetime
    reason: Reason | None  #: None where a page was judged


def answer_to_failure(kind: FailureKind) -> Answer:
    """What a failure of this kind at the candidate's URL means for the citation."""
    return FAILURES[kind]


def answer_to_state(state: PageState, *, archived: bool) -> Answer:
    """What a page in this state means for the citation; `archived` when it was read in an archive's copy."""
    answer = STATES[state]
    if archived and answer.reason is None:
        return Answer(status=ResolveStatus.FOUND_ARCHIVED, reason=None)
    return answer


def gone_reason(past: Sequence[PastAttempt], *, now: datetime) -> Reason:
    """`dead` when this gone answer and the unbroken row of gone ones before it satisfy the rule, newest last.

    Blocked, robots and connection outcomes neither count nor break the row; any other answer breaks it.
    """
    streak = [now]
    for attempt in reversed(past):
        if attempt.reason in {Reason.GONE_UNCONFIRMED, Reason.DEAD}:
            streak.append(attempt.attempted_at)
        elif attempt.reason not in {Reason.BLOCKED, Reason.ROBOTS_DENIED, Reason.UNREACHABLE}:
            break
    dead = len(streak) >= DEAD_ATTEMPTS and streak[0] - streak[-1] >= DEAD_SPAN
    return Reason.DEAD if dead else Reason.GONE_UNCONFIRMED


def retry_on(reason: Reason, *, today: date) -> date | None:
    """The day on which this answer is due again; None only in quarantine."""
    days = RETRY_DAYS[reason]
    return None if days is None else today + timedelta(days=days)
