"""The archive's copy of a page. All exchanges are synthetic."""

import json
from datetime import UTC, date, datetime

import pytest

from crawler.resolve.mementos import REPLAYS, memento_known, memento_of
from db.words import CapturePurpose, Coverage, FailureKind

URL = "https://www.herald.example/2026/01/30/mayor-resigns?x=1"
TODAY = date(2026, 3, 1)


def index(*stamps):
    return json.dumps([["timestamp", "original"], *([stamp, URL] for stamp in stamps)])


def a_memento(synthetic, stamp, **changes):
    at = datetime.strptime(stamp, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    return synthetic("<p>Placeholder prose.</p>", memento_at=at, **changes)


STAMPS = ("20260130120000", "20260210120000", "20260220120000")


def test_the_capture_nearest_to_the_cited_day_is_replayed_raw(driven, synthetic):
    web = {"cdx": synthetic(index(*STAMPS)), STAMPS[1]: a_memento(synthetic, STAMPS[1])}
    done = driven(memento_of(URL, around=date(2026, 2, 9), today=TODAY), web)
    assert done.urls[1] == f"https://web.archive.org/web/{STAMPS[1]}id_/{URL}"
    assert done.answer.coverage is Coverage.ANSWERED
    assert done.answer.captures_known == 3
    assert done.answer.capture.memento_at.date() == date(2026, 2, 10)


def test_without_a_day_the_latest_capture_is_replayed(driven, synthetic):
    web = {"cdx": synthetic(index(*STAMPS)), STAMPS[2]: a_memento(synthetic, STAMPS[2])}
    done = driven(memento_of(URL, around=None, today=TODAY), web)
    assert f"/{STAMPS[2]}id_/" in done.urls[1]
    assert done.answer.capture is not None


def test_index_and_replay_are_asked_under_their_services(driven, synthetic):
    web = {"cdx": synthetic(index(*STAMPS)), "id_": a_memento(synthetic, STAMPS[0])}
    requests = driven(memento_of(URL, around=date(2026, 1, 30), today=TODAY), web).requests
    assert [(one.service, one.purpose) for one in requests] == [
        ("wayback_cdx", CapturePurpose.SERVICE),
        ("wayback_replay", CapturePurpose.SOURCE),
    ]


def test_an_answer_without_memento_datetime_is_no_memento(driven, synthetic):
    web = {
        "cdx": synthetic(index(STAMPS[0])),
        "id_": synthetic("<p>A page of the archive itself.</p>"),
    }
    answer = driven(memento_of(URL, around=None, today=TODAY), web).answer
    assert (answer.capture, answer.coverage) == (None, Coverage.DEGRADED)
    assert "Memento-Datetime" in answer.detail


def test_a_copy_far_from_the_one_asked_for_is_not_taken(driven, synthetic):
    web = {"cdx": synthetic(index(STAMPS[0])), "id_": a_memento(synthetic, "20200101000000")}
    assert driven(memento_of(URL, around=None, today=TODAY), web).answer.capture is None


def test_an_archived_404_is_passed_over_for_the_next_capture(driven, synthetic):
    web = {
        "cdx": synthetic(index(*STAMPS)),
        STAMPS[2]: a_memento(synthetic, STAMPS[2], status=404),
        STAMPS[1]: a_memento(synthetic, STAMPS[1]),
    }
    answer = driven(memento_of(URL, around=None, today=TODAY), web).answer
    assert answer.capture.memento_at.date() == date(2026, 2, 10)


def test_the_search_is_given_up_after_three_replays(driven, synthetic):
    days = [f"202602{day:02d}120000" for day in range(1, 20)]
    done = driven(memento_of(URL, around=None, today=TODAY), {"cdx": synthetic(index(*days))})
    assert len(done.requests) == 1 + REPLAYS
    assert done.answer.captures_known == 19


@pytest.mark.parametrize("body", ["[]", "", '[["timestamp","original"]]'])
def test_no_capture_is_empty(driven, synthetic, body):
    answer = driven(memento_of(URL, around=None, today=TODAY), {"cdx": synthetic(body)}).answer
    assert (answer.capture, answer.coverage) == (None, Coverage.EMPTY)


@pytest.mark.parametrize(
    ("kind", "coverage"),
    [
        (FailureKind.CONNECT, Coverage.DEGRADED),
        (FailureKind.RATE_LIMITED, Coverage.QUOTA),
        (FailureKind.ARCHIVE_BLOCKED, Coverage.BLOCKED),
    ],
)
def test_an_archive_that_does_not_answer_is_never_empty(driven, kind, coverage):
    answer = driven(memento_of(URL, around=None, today=TODAY), {"cdx": kind}).answer
    assert (answer.capture, answer.coverage) == (None, coverage)


def test_an_excluded_site_is_not_asked_for_again(driven, synthetic):
    web = {"cdx": synthetic(index(*STAMPS)), "id_": FailureKind.ARCHIVE_BLOCKED}
    done = driven(memento_of(URL, around=None, today=TODAY), web)
    assert len(done.requests) == 2
    assert done.answer.coverage is Coverage.BLOCKED


def test_what_is_no_web_address_is_not_asked_for(driven):
    done = driven(memento_of("javascript:alert(1)", around=None, today=TODAY))
    assert (done.requests, done.answer.coverage) == ([], Coverage.NOT_COVERED)


def test_a_known_copy_is_named_without_being_asked_for(driven, synthetic):
    web = {"cdx": synthetic(index(*STAMPS))}
    done = driven(memento_known(URL, around=date(2026, 2, 9), today=TODAY), web)
    assert done.answer.address == f"https://web.archive.org/web/{STAMPS[1]}/{URL}"
    assert (done.answer.capture, done.answer.captures_known) == (None, 3)
    assert [one.service for one in done.requests] == ["wayback_cdx"]


@pytest.mark.parametrize(
    ("answer", "coverage"),
    [("[]", Coverage.EMPTY), (FailureKind.RATE_LIMITED, Coverage.QUOTA)],
)
def test_an_archive_that_names_no_copy_gives_no_address(driven, synthetic, answer, coverage):
    cdx = answer if isinstance(answer, FailureKind) else synthetic(answer)
    known = driven(memento_known(URL, around=None, today=TODAY), {"cdx": cdx}).answer
    assert (known.address, known.coverage) == (None, coverage)
