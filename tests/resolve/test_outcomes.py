"""When a service is told apart that wants no more questions from one whose turn we did not get."""

from datetime import UTC, datetime

import pytest

from crawler.resolve.outcomes import read_or_trouble
from db.model import FetchFailure
from db.words import CapturePurpose, Coverage, FailureKind


@pytest.mark.parametrize(("status", "is_for_good"), [(429, True), (None, False), (503, False)])
def test_a_rate_limit_counts_for_good_where_the_service_itself_named_it(status, is_for_good):
    failure = FetchFailure(
        id="f",
        request_key="k",
        requested_url="https://api.example/",
        url="https://api.example/",
        method="GET",
        purpose=CapturePurpose.SERVICE,
        kind=FailureKind.RATE_LIMITED,
        detail="synthetic",
        failed_at=datetime(2026, 2, 1, tzinfo=UTC),
        duration_s=0.1,
        status=status,
    )
    trouble = read_or_trouble(failure)
    assert (trouble.coverage, trouble.is_for_good) == (Coverage.QUOTA, is_for_good)
