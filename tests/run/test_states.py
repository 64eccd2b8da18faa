"""The table from state to answer is total, honest and unable to accuse."""

from datetime import UTC, date, datetime, timedelta

import pytest

from crawler.states import (
    FAILURES,
    RETRY_DAYS,
    STATES,
    PastAttempt,
    answer_to_failure,
    answer_to_state,
    gone_reason,
    retry_on,
)
from db.words import REASONS, FailureKind, PageState, Reason, ResolveStatus, VerdictKind

NOW = datetime(2026, 3, 10, 2, 17, tzinfo=UTC)
UNVERIFIABLE = REASONS[VerdictKind.UNVERIFIABLE]


def an_attempt(reason: Reason, *, hours_ago: float) -> PastAttempt:
    return PastAttempt(attempted_at=NOW - timedelta(hours=hours_ago), reason=reason)


def test_every_failure_kind_has_an_answer():
    assert set(FAILURES) == set(FailureKind)


def test_every_page_state_has_an_answer():
    assert set(STATES) == set(PageState)


def test_every_reason_has_a_retry_rule():
    assert set(RETRY_DAYS) == set(Reason)


def test_every_reason_belongs_to_exactly_one_verdict():
    assert sorted(reason for reasons in REASONS.values() for reason in reasons) == sorted(Reason)


@pytest.mark.parametrize("kind", FailureKind)
def test_a_failure_is_always_unverifiable(kind):
    assert answer_to_failure(kind).reason in UNVERIFIABLE


@pytest.mark.parametrize("archived", [False, True])
@pytest.mark.parametrize("state", PageState)
def test_only_live_and_teaser_pages_reach_a_verifier(state, archived):
    reason = answer_to_state(state, archived=archived).reason
    assert (reason is None) == (state in {PageState.LIVE, PageState.TEASER})
    assert reason is None or reason in UNVERIFIABLE


@pytest.mark.parametrize(
    ("kind", "status", "reason"),
    [
        (FailureKind.ROBOTS_DENIED, ResolveStatus.BLOCKED, Reason.ROBOTS_DENIED),
        (FailureKind.ROBOTS_UNREACHABLE, ResolveStatus.UNREACHABLE, Reason.UNREACHABLE),
        (FailureKind.RATE_LIMITED, ResolveStatus.BLOCKED, Reason.BLOCKED),
        (FailureKind.RATIO, ResolveStatus.UNREACHABLE, Reason.TOO_LARGE),
    ],
)
def test_failures_follow_the_design(kind, status, reason):
    answer = answer_to_failure(kind)
    assert (answer.status, answer.reason) == (status, reason)


def test_a_live_memento_is_found_archived():
    assert answer_to_state(PageState.LIVE, archived=True).status is ResolveStatus.FOUND_ARCHIVED


def test_one_gone_answer_is_unconfirmed():
    assert gone_reason((), now=NOW) is Reason.GONE_UNCONFIRMED


def test_three_gone_answers_over_three_days_are_dead():
    past = (
        an_attempt(Reason.GONE_UNCONFIRMED, hours_ago=72),
        an_attempt(Reason.GONE_UNCONFIRMED, hours_ago=24),
    )
    assert gone_reason(past, now=NOW) is Reason.DEAD


@pytest.mark.parametrize("hours", [1, 71.9])
def test_three_gone_answers_in_less_than_three_days_are_not_dead(hours):
    past = (
        an_attempt(Reason.GONE_UNCONFIRMED, hours_ago=hours),
        an_attempt(Reason.GONE_UNCONFIRMED, hours_ago=0.5),
    )
    assert gone_reason(past, now=NOW) is Reason.GONE_UNCONFIRMED


def test_a_success_between_starts_the_count_again():
    past = (
        an_attempt(Reason.GONE_UNCONFIRMED, hours_ago=200),
        an_attempt(Reason.GONE_UNCONFIRMED, hours_ago=150),
        an_attempt(Reason.UNSURE, hours_ago=100),
        an_attempt(Reason.GONE_UNCONFIRMED, hours_ago=90),
    )
    assert gone_reason(past, now=NOW) is Reason.GONE_UNCONFIRMED


@pytest.mark.parametrize("reason", [Reason.BLOCKED, Reason.ROBOTS_DENIED, Reason.UNREACHABLE])
def test_blocked_and_unreachable_answers_never_count_towards_dead(reason):
    past = (an_attempt(reason, hours_ago=100), an_attempt(reason, hours_ago=50))
    assert gone_reason(past, now=NOW) is Reason.GONE_UNCONFIRMED


@pytest.mark.parametrize("reason", Reason)
def test_only_quarantine_has_no_retry_date(reason):
    due = retry_on(reason, today=date(2026, 3, 10))
    assert (due is None) == (reason is Reason.QUARANTINED)
    assert due is None or due >= date(2026, 3, 10)
