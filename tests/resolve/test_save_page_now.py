"""Having an archive keep a page. All exchanges are synthetic."""

import json
from urllib.parse import parse_qsl

import pytest

from crawler.resolve.save_page_now import POLLS, SaveKeys, saved
from db.words import FailureKind, SaveState

URL = "https://www.herald.example/2026/01/30/mayor-resigns?x=1"
KEYS = SaveKeys(access="AccessKey", secret="s3cr3t")
JOB = "spn2-0123abcd"
STAMP = "20260201101112"


@pytest.fixture
def submitted(driven, synthetic):
    """Submit `URL`: what the submission is answered, then each poll; what is no outcome is JSON."""

    def outcome(answer):
        is_outcome = isinstance(answer, FailureKind) or (
            isinstance(answer, dict) and "memento_at" in answer
        )
        return answer if is_outcome else synthetic(json.dumps(answer))

    def submit(first, *polls, url=URL):
        web = {f"/status/{JOB}#{turn}": outcome(poll) for turn, poll in enumerate(polls, start=1)}
        return driven(saved(url, keys=KEYS), {**web, "/save": outcome(first)})

    return submit


ACCEPTED = {"url": URL, "job_id": JOB}
DONE = {"status": "success", "timestamp": STAMP, "original_url": URL, "job_id": JOB}
PENDING = {"status": "pending", "job_id": JOB}
TOO_MANY = {"status": "error", "status_ext": "error:too-many-requests", "message": "Later."}


def test_a_page_is_submitted_as_a_form_under_the_operators_keys(submitted):
    request = submitted(ACCEPTED, DONE).requests[0]
    assert (request.method, request.url) == ("POST", "https://web.archive.org/save")
    assert parse_qsl(request.body.decode()) == [("url", URL)]
    headers = dict(request.headers)
    assert headers["Accept"] == "application/json"
    assert headers["Authorization"] == "LOW AccessKey:s3cr3t"
    assert headers["Content-Type"] == "application/x-www-form-urlencoded"


def test_every_request_is_the_services_and_follows_no_redirect(submitted):
    requests = submitted(ACCEPTED, PENDING, DONE).requests
    assert [(one.service, one.follow, one.check_robots) for one in requests] == [
        ("save_page_now", False, False)
    ] * 3


def test_a_copy_that_was_made_is_named(submitted):
    done = submitted(ACCEPTED, DONE)
    assert done.answer.state is SaveState.SAVED
    assert done.answer.archive_url == f"https://web.archive.org/web/{STAMP}/{URL}"
    assert len(done.requests) == 2


def test_each_poll_is_a_question_of_its_own(submitted):
    requests = submitted(ACCEPTED, *[PENDING] * POLLS).requests
    assert len({one.key for one in requests}) == len(requests) == 1 + POLLS


def test_a_job_that_takes_long_is_left_pending(submitted):
    done = submitted(ACCEPTED, *[PENDING] * (POLLS + 2))
    assert (done.answer.state, done.answer.archive_url) == (SaveState.PENDING, None)
    assert len(done.requests) == 1 + POLLS


def test_too_many_requests_under_200_closes_the_service(submitted):
    done = submitted(TOO_MANY)
    assert (done.answer.state, done.answer.closes) == (SaveState.REFUSED, True)
    assert "too-many-requests" in done.answer.detail
    assert len(done.requests) == 1


def test_too_many_requests_while_polling_closes_it_too(submitted):
    done = submitted(ACCEPTED, TOO_MANY, DONE)
    assert (done.answer.state, done.answer.closes) == (SaveState.PENDING, True)
    assert len(done.requests) == 2


@pytest.mark.parametrize("status", [401, 402, 429])
def test_keys_or_quota_that_are_refused_close_the_service(submitted, synthetic, status):
    done = submitted(synthetic(status=status))
    assert (done.answer.state, done.answer.closes) == (SaveState.REFUSED, True)
    assert len(done.requests) == 1


def test_a_page_that_the_archive_will_not_take_closes_nothing(submitted):
    answer = submitted({"status": "error", "status_ext": "error:blocked-url"}).answer
    assert (answer.state, answer.closes) == (SaveState.REFUSED, False)


def test_a_job_that_failed_is_a_refusal(submitted):
    done = submitted(ACCEPTED, {"status": "error", "status_ext": "error:not-found"}, DONE)
    assert done.answer.state is SaveState.REFUSED
    assert len(done.requests) == 2


@pytest.mark.parametrize(
    "first",
    [
        [1, 2],
        "text",
        {},
        {"job_id": 7},
        {"job_id": "../../evil?x=1"},
        {"job_id": ""},
        FailureKind.TIMEOUT,
        FailureKind.BREAKER_OPEN,
    ],
)
def test_an_answer_without_a_job_is_a_failure_and_nothing_is_polled(submitted, first):
    done = submitted(first)
    assert (done.answer.state, done.answer.closes) == (SaveState.FAILED, False)
    assert len(done.requests) == 1


def test_html_instead_of_json_is_a_failure(submitted, synthetic):
    assert submitted(synthetic("<html>Sign in</html>")).answer.state is SaveState.FAILED


@pytest.mark.parametrize(
    "poll",
    [
        [],
        {},
        {"status": "success"},
        {"status": "success", "timestamp": "yesterday"},
        FailureKind.TIMEOUT,
    ],
)
def test_what_was_accepted_stays_pending_whatever_a_poll_says(submitted, poll):
    assert submitted(ACCEPTED, *[poll] * POLLS).answer.state is SaveState.PENDING


def test_a_poll_that_failed_is_not_the_last(submitted):
    assert submitted(ACCEPTED, FailureKind.TIMEOUT, DONE).answer.state is SaveState.SAVED


def test_what_the_archive_says_is_kept_short_and_on_one_line(submitted):
    answer = submitted(
        {"status": "error", "status_ext": "error:x", "message": "a\n\x1b[31m" * 9999}
    ).answer
    assert len(answer.detail) <= 200
    assert answer.detail.isprintable()


def test_what_is_no_web_address_is_not_submitted(submitted):
    done = submitted(ACCEPTED, url="javascript:alert(1)")
    assert (done.requests, done.answer.state) == ([], SaveState.FAILED)


def test_keys_do_not_show_themselves():
    assert "s3cr3t" not in repr(KEYS)
    assert "AccessKey" not in repr(KEYS)
