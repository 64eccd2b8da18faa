"""What Brave is asked and what its answers mean. All exchanges are synthetic, in the documented shape."""

import json
from urllib.parse import parse_qs, urlsplit

import pytest

from crawler.resolve.brave import BraveResolver
from crawler.resolve.engines import SHOWN
from db.words import Coverage, FailureKind

TITLE = "Mayor of Northport resigns over the bridge contract"
STORY = "https://www.herald.example/2026/01/30/mayor-northport-resigns-bridge-contract"
BRAVE = BraveResolver("s3cr3t")


def hits(*urls, title=TITLE, **more):
    rows = [{"type": "search_result", "url": url, "title": title, **more} for url in urls]
    return json.dumps({"type": "search", "query": {}, "web": {"type": "search", "results": rows}})


def others(count):
    return hits(*(f"https://herald.example/{n}/snow-falls" for n in range(count)), title="Snow")


def refused(code):
    return json.dumps({"type": "ErrorResponse", "error": {"code": code, "detail": "no"}})


def question(url):
    return parse_qs(urlsplit(url).query)["q"][0]


def test_the_token_travels_in_a_header_and_nowhere_else(a_query, driven):
    done = driven(BRAVE.resolve(a_query()))
    for request in done.requests:
        assert dict(request.headers)["X-Subscription-Token"] == "s3cr3t"
        assert "s3cr3t" not in request.url
        assert request.follow is False
    assert "s3cr3t" not in repr(BRAVE)
    assert "s3cr3t" not in repr(done.answer)


def test_one_question_is_held_to_the_outlets_host(a_query, driven, synthetic):
    done = driven(BRAVE.resolve(a_query()), {"": synthetic(hits())})
    assert [question(url) for url in done.urls] == [f"site:herald.example {TITLE}"]


def test_an_outlet_without_hosts_is_named_then_left_out(a_query, an_outlet, driven, synthetic):
    done = driven(BRAVE.resolve(a_query(outlet=an_outlet(hosts=()))), {"": synthetic(hits())})
    assert [question(url) for url in done.urls] == [
        f"{TITLE} The Example Herald",
        "mayor northport resigns bridge contract",
    ]


def test_a_headline_at_the_outlet_ends_the_questions(a_query, driven, synthetic):
    body = hits(STORY, page_age="2026-01-30T08:00:00")
    done = driven(BRAVE.resolve(a_query()), {"": synthetic(body)})
    assert len(done.requests) == 1
    (found,) = done.answer.candidates
    assert (found.url, found.published_on.isoformat(), found.via) == (STORY, "2026-01-30", "brave")


@pytest.mark.parametrize(
    "title",
    [
        "<strong>Mayor</strong> of Northport resigns over the bridge contract",
        "Mayor of Northport resigns over the bridge contract - The Example Herald",
        "Mayor of Northport resigns over the bridge contract | Herald",
        "Mayor of Northport resigns over the bridge ...",
        "Mayor of Northport resigns over the bridge contract &amp; more",
    ],
)
def test_marked_framed_and_cut_titles_are_still_the_headline(a_query, driven, synthetic, title):
    address = "https://www.herald.example/a/17"
    web = {"": synthetic(hits(address, title=title))}
    answer = driven(BRAVE.resolve(a_query()), web).answer
    assert answer.coverage is Coverage.ANSWERED
    assert [one.url for one in answer.candidates] == [address]
    assert "<" not in answer.candidates[0].title


def test_the_headline_elsewhere_is_offered_and_proves_nothing_of_the_outlet(
    a_query, driven, synthetic
):
    elsewhere = "https://other.example/mayor-northport-resigns-bridge-contract"
    answer = driven(BRAVE.resolve(a_query()), {"": synthetic(hits(elsewhere))}).answer
    assert [one.url for one in answer.candidates] == [elsewhere]
    assert answer.coverage is Coverage.NOT_COVERED


@pytest.mark.parametrize(
    ("shown", "coverage"),
    [
        (0, Coverage.NOT_COVERED),
        (SHOWN - 1, Coverage.NOT_COVERED),
        (SHOWN, Coverage.EMPTY),
    ],
)
def test_its_silence_counts_only_where_it_knows_the_outlet(
    a_query, driven, synthetic, shown, coverage
):
    answer = driven(BRAVE.resolve(a_query()), {"": synthetic(others(shown))}).answer
    assert (answer.coverage, answer.candidates) == (coverage, ())


def test_silence_about_an_outlet_without_hosts_proves_nothing(
    a_query, an_outlet, driven, synthetic
):
    query = a_query(outlet=an_outlet(hosts=()))
    answer = driven(BRAVE.resolve(query), {"": synthetic(others(9))}).answer
    assert answer.coverage is Coverage.NOT_COVERED


@pytest.mark.parametrize(
    ("status", "body", "coverage"),
    [
        (401, "", Coverage.AUTH),
        (402, "", Coverage.QUOTA),
        (422, refused("SUBSCRIPTION_TOKEN_INVALID"), Coverage.AUTH),
        (422, "no json", Coverage.AUTH),
        (429, refused("RATE_LIMITED"), Coverage.QUOTA),
    ],
)
def test_a_refused_token_or_a_spent_plan_closes_the_way(
    a_query, driven, synthetic, status, body, coverage
):
    done = driven(BRAVE.resolve(a_query()), {"": synthetic(body, status=status)})
    assert (done.answer.coverage, done.answer.closes) == (coverage, ("brave",))
    assert len(done.requests) == 1


def test_a_turn_that_we_did_not_get_closes_nothing(a_query, driven):
    answer = driven(BRAVE.resolve(a_query()), {"": FailureKind.RATE_LIMITED}).answer
    assert (answer.coverage, answer.closes) == (Coverage.QUOTA, ())


def test_a_question_that_it_does_not_understand_closes_nothing(a_query, driven, synthetic):
    web = {"": synthetic(refused("VALIDATION"), status=422)}
    answer = driven(BRAVE.resolve(a_query()), web).answer
    assert (answer.coverage, answer.closes) == (Coverage.DEGRADED, ())
    assert answer.detail == "HTTP 422: VALIDATION"


def test_what_was_found_before_the_trouble_is_kept(a_query, an_outlet, driven, synthetic):
    near = hits(
        "https://www.herald.example/a/9", title="Mayor of Southport resigns over a contract"
    )
    web = {"Herald": synthetic(near), "": synthetic(status=429)}
    answer = driven(BRAVE.resolve(a_query(outlet=an_outlet(hosts=()))), web).answer
    assert answer.coverage is Coverage.QUOTA
    assert len(answer.candidates) == 1


def test_without_a_title_it_is_not_asked(a_query, driven):
    done = driven(BRAVE.resolve(a_query(title="")))
    assert (done.requests, done.answer.coverage) == ([], Coverage.NOT_COVERED)


def test_a_question_keeps_to_the_services_bounds(a_query, an_outlet, driven):
    query = a_query(title="northport " * 300, outlet=an_outlet(hosts=(), name="herald " * 300))
    for url in driven(BRAVE.resolve(query)).urls:
        assert len(question(url)) <= 400
        assert len(question(url).split()) <= 50


def test_operators_in_a_headline_are_words(a_query, driven):
    done = driven(BRAVE.resolve(a_query(title='Trick OR treat -Northport site:evil.example "x"')))
    assert (
        question(done.urls[0]) == "site:herald.example Trick or treat Northport site evil example x"
    )
