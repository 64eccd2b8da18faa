"""What is asked of services: SearXNG, Brave, GDELT, the archive's index. All exchanges are synthetic."""

import json
from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.resolve.brave import BraveResolver
from crawler.resolve.cdx import CdxResolver
from crawler.resolve.gdelt import GdeltResolver
from crawler.resolve.searxng import SearxngResolver
from db.words import CapturePurpose, Coverage, FailureKind

TITLE = "Mayor of Northport resigns over the bridge contract"
STORY = "https://www.herald.example/2026/01/30/mayor-northport-resigns-bridge-contract"
SERVICES = {
    "searxng": SearxngResolver("https://searx.example/"),
    "brave": BraveResolver("token"),
    "gdelt": GdeltResolver(),
    "wayback_cdx": CdxResolver(),
}


def fields(url):
    return parse_qs(urlsplit(url).query)


def results(*urls, title=TITLE, **more):
    return json.dumps({"results": [{"url": url, "title": title} for url in urls], **more})


def cdx(*urls):
    return json.dumps([["timestamp", "original"], *(["20260130120000", url] for url in urls)])


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_is_asked_as_one_without_robots_or_redirects(a_query, driven, service):
    (request, *_more) = driven(SERVICES[service].resolve(a_query())).requests
    assert (request.purpose, request.service) == (CapturePurpose.SERVICE, service)
    assert (request.check_robots, request.follow) == (False, False)


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("kind", list(FailureKind))
def test_a_service_that_fails_is_never_answered_or_empty(a_query, driven, service, kind):
    answer = driven(SERVICES[service].resolve(a_query()), {"": kind}).answer
    assert answer.coverage in {Coverage.DEGRADED, Coverage.QUOTA, Coverage.BLOCKED}
    assert answer.candidates == ()


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("status", [301, 400, 404, 500, 503])
def test_a_service_that_answers_with_an_error_is_never_answered_or_empty(
    a_query, driven, synthetic, service, status
):
    answer = driven(SERVICES[service].resolve(a_query()), {"": synthetic(status=status)}).answer
    assert answer.coverage not in {Coverage.ANSWERED, Coverage.EMPTY}


@pytest.mark.parametrize("service", SERVICES)
def test_a_hit_is_offered_with_its_resolver(a_query, driven, synthetic, service):
    bodies = {
        "searxng": results(STORY),
        "brave": json.dumps(
            {"type": "search", "web": {"results": [{"url": STORY, "title": TITLE}]}}
        ),
        "gdelt": json.dumps(
            {
                "articles": [
                    {"url": STORY, "title": "Mayor of Northport resigns over the bridge contract ,"}
                ]
            }
        ),
        "wayback_cdx": cdx(STORY),
    }
    resolver = SERVICES[service]
    answer = driven(resolver.resolve(a_query()), {"": synthetic(bodies[service])}).answer
    assert answer.coverage is Coverage.ANSWERED
    assert [(one.url, one.via) for one in answer.candidates] == [(STORY, resolver.name)]


# ------------------------------------------------------------------------------------------- searxng


def test_searxng_is_held_to_the_outlets_host(a_query, driven):
    done = driven(SERVICES["searxng"].resolve(a_query(title="‘Personal’ request: mayor’s call")))
    assert done.urls[0].startswith("https://searx.example/search?")
    assert fields(done.urls[0])["q"] == ["site:herald.example Personal request mayor's call"]
    assert fields(done.urls[0])["format"] == ["json"]


def test_searxng_with_its_engines_down_is_asked_once_more_of_others(a_query, driven, synthetic):
    down = synthetic(results(unresponsive_engines=[["news", "CAPTCHA"]]))
    done = driven(SERVICES["searxng"].resolve(a_query()), {"": down})
    assert done.answer.coverage is Coverage.DEGRADED
    assert "CAPTCHA" in done.answer.detail
    assert [fields(url)["categories"] for url in done.urls] == [["general,news"], ["general"]]


def test_searxngs_other_engines_may_have_it(a_query, driven, synthetic):
    down = synthetic(results(unresponsive_engines=[["news", "CAPTCHA"]]))
    web = {"general%2Cnews": down, "": synthetic(results(STORY))}
    answer = driven(SERVICES["searxng"].resolve(a_query()), web).answer
    assert answer.coverage is Coverage.ANSWERED


def test_some_of_searxngs_engines_down_is_no_trouble(a_query, driven, synthetic):
    web = {"": synthetic(results(STORY, unresponsive_engines=[["news", "timeout"]]))}
    done = driven(SERVICES["searxng"].resolve(a_query()), web)
    assert (len(done.requests), done.answer.coverage) == (1, Coverage.ANSWERED)


def test_searxng_is_asked_at_the_outlet_then_everywhere_then_for_the_outlet(
    a_query, driven, synthetic
):
    done = driven(SERVICES["searxng"].resolve(a_query()), {"": synthetic(results())})
    assert [fields(url)["q"][0] for url in done.urls] == [
        f"site:herald.example {TITLE}",
        "mayor northport resigns bridge contract",
        "site:herald.example",
    ]
    assert done.answer.coverage is Coverage.NOT_COVERED


def test_searxng_without_json_says_what_to_enable(a_query, driven, synthetic):
    answer = driven(SERVICES["searxng"].resolve(a_query()), {"": synthetic(status=403)}).answer
    assert (answer.coverage, answer.closes) == (Coverage.AUTH, ("searxng",))
    assert "search.formats" in answer.detail


def test_searxng_with_other_results_only_is_empty(a_query, driven, synthetic):
    body = results(*(f"https://www.herald.example/{n}/snow-falls" for n in range(3)), title="Snow")
    answer = driven(SERVICES["searxng"].resolve(a_query()), {"": synthetic(body)}).answer
    assert answer.coverage is Coverage.EMPTY


# --------------------------------------------------------------------------------------------- gdelt


def test_gdelt_is_asked_for_a_few_words_the_domain_and_the_days(a_query, driven):
    asked = fields(driven(GdeltResolver().resolve(a_query(title=TITLE * 9))).urls[0])
    (query,) = asked["query"]
    assert len(query) < 250
    assert query.endswith("domainis:herald.example")
    assert asked["startdatetime"] == ["20260129000000"]
    assert asked["enddatetime"] == ["20260203235959"]


def test_gdelt_without_hits_is_empty(a_query, driven, synthetic):
    assert (
        driven(GdeltResolver().resolve(a_query()), {"": synthetic("{}")}).answer.coverage
        is Coverage.EMPTY
    )


@pytest.mark.parametrize(
    ("text", "coverage"),
    [
        ("Please limit requests to one every 5 seconds or contact us.", Coverage.QUOTA),
        ("The specified domain is too short or too long.", Coverage.DEGRADED),
        ("Invalid/Unsupported Country.", Coverage.NOT_COVERED),
        ("Your query was too short or too long.", Coverage.DEGRADED),
        ("<html>anything else</html>", Coverage.DEGRADED),
        ("", Coverage.DEGRADED),
        ("[1, 2]", Coverage.DEGRADED),
    ],
)
def test_gdelts_plain_texts_are_told_apart(a_query, driven, synthetic, text, coverage):
    assert (
        driven(GdeltResolver().resolve(a_query()), {"": synthetic(text)}).answer.coverage
        is coverage
    )


def test_gdelt_calling_a_query_too_long_is_asked_once_more_with_fewer_words(
    a_query, driven, synthetic
):
    web = {"": synthetic("Your query was too short or too long.")}
    title = f"{TITLE} for ferries and harbour trains"
    first, second = driven(GdeltResolver().resolve(a_query(title=title)), web).urls
    assert len(fields(second)["query"][0]) < len(fields(first)["query"][0])


def test_gdelt_without_hits_at_the_domain_is_asked_everywhere_with_fewer_words(
    a_query, driven, synthetic
):
    elsewhere = "https://other.example/mayor-northport-resigns-bridge-contract"
    body = json.dumps({"articles": [{"url": elsewhere, "title": TITLE}]})
    web = {"domainis": synthetic("{}"), "": synthetic(body)}
    done = driven(GdeltResolver().resolve(a_query()), web)
    assert [fields(url)["query"][0] for url in done.urls] == [
        "mayor northport resigns bridge contract domainis:herald.example",
        "northport resigns bridge contract",
    ]
    assert [one.url for one in done.answer.candidates] == [elsewhere]
    assert done.answer.coverage is Coverage.EMPTY


def test_gdelt_is_not_asked_everywhere_for_what_others_have_seen(a_query, driven, synthetic):
    query = a_query(known=("https://other.example/mayor-northport-resigns",))
    assert len(driven(GdeltResolver().resolve(query), {"": synthetic("{}")}).requests) == 1


def test_gdelts_trouble_with_the_second_question_leaves_the_first_ones_answer(
    a_query, driven, synthetic
):
    web = {"domainis": synthetic("{}"), "": synthetic(status=503)}
    assert driven(GdeltResolver().resolve(a_query()), web).answer.coverage is Coverage.EMPTY


def test_gdelts_control_characters_and_broken_escapes_are_scrubbed(a_query, driven, synthetic):
    body = '{"articles": [{"url": "%s", "title": "Mayor of\x01 Northport resigns \\x over the bridge contract"}]}'
    answer = driven(GdeltResolver().resolve(a_query()), {"": synthetic(body % STORY)}).answer
    assert answer.candidates[0].url == STORY


@pytest.mark.parametrize(("on", "asked"), [(date(2016, 5, 1), 0), (date(2020, 5, 1), 2), (None, 2)])
def test_gdelts_silence_about_what_it_may_not_hold_is_not_covered(
    a_query, driven, synthetic, on, asked
):
    done = driven(GdeltResolver().resolve(a_query(on=on)), {"": synthetic("{}")})
    assert done.answer.coverage is Coverage.NOT_COVERED
    assert len(done.requests) == asked


# ------------------------------------------------------------------------------------------- hostile

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["results", "articles", "url", "title", "x"]), inner, max_size=4
        )
    ),
    max_leaves=12,
)
BODIES = st.binary(max_size=300) | JSON.map(lambda value: json.dumps(value).encode())


@pytest.mark.parametrize("service", SERVICES)
def test_any_body_gives_an_answer(service, a_query, driven, synthetic):
    @given(BODIES)
    def gives_an_answer(body):
        answer = driven(SERVICES[service].resolve(a_query()), {"": synthetic(body)}).answer
        assert answer.coverage in Coverage
        assert answer.candidates == ()

    gives_an_answer()
