"""The outlet's own searches: WordPress's API and the search for readers. All exchanges are synthetic."""

import json
from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest

from crawler.resolve.feeds import FeedsResolver
from crawler.resolve.sitesearch import SitesearchResolver
from crawler.resolve.wordpress import FOUND, WordpressResolver
from db.words import CapturePurpose, Coverage, FailureKind

TITLE = "Mayor of Northport resigns over the bridge contract"
HOME = "https://www.herald.example/"
STORY = f"{HOME}mayor-northport-resigns-bridge-contract"
WORDS = "Northport resigns bridge contract"
API = '<link rel="https://api.w.org/" href="/wp-json/">'
FORM = '<form action="/find" role="search"><input name="q"></form>'


def posts(*rows):
    return json.dumps([{"link": u, "date": d, "title": {"rendered": t}} for u, t, d in rows])


def asked(url):
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


def results(*stories, said=WORDS):
    items = "".join(f"<li><a href='{url}'>{title}</a></li>" for url, title in stories)
    return f"<title>Search: {said}</title><ul>{items}</ul>"


# ----------------------------------------------------------------------------------------- wordpress


def test_a_post_is_found_by_few_words_with_its_title_and_day(a_query, driven, synthetic):
    found = (
        STORY,
        "Mayor of Northport resigns over the bridge&#8217;s contract",
        "2026-01-30T23:30:00",
    )
    web = {"search=": synthetic(posts(found)), "herald": synthetic(API)}
    done = driven(WordpressResolver().resolve(a_query()), web)
    assert done.urls[0] == HOME
    assert asked(done.urls[1])["search"] == WORDS
    (candidate,) = done.answer.candidates
    assert (candidate.url, candidate.published_on) == (STORY, date(2026, 1, 30))
    assert candidate.title == "Mayor of Northport resigns over the bridge’s contract"
    assert done.answer.coverage is Coverage.ANSWERED


def test_words_that_find_nothing_are_followed_by_the_posts_of_the_cited_days(
    a_query, driven, synthetic
):
    edited = (STORY, "Northport's mayor quits over contract for bridge", "2026-01-30T08:00:00")
    web = {
        "search=": synthetic("[]"),
        "after=": synthetic(posts(edited)),
        "herald": synthetic(API),
    }
    done = driven(WordpressResolver().resolve(a_query()), web)
    fields = asked(done.urls[-1])
    assert (fields["after"], fields["before"]) == ("2026-01-28T00:00:00", "2026-02-01T23:59:59")
    assert [one.url for one in done.answer.candidates] == [STORY]


def test_no_such_post_in_a_whole_answer_is_an_honest_empty(a_query, driven, synthetic):
    web = {"search=": synthetic("[]"), "after=": synthetic("[]"), "herald": synthetic(API)}
    answer = driven(WordpressResolver().resolve(a_query()), web).answer
    assert (answer.candidates, answer.coverage) == ((), Coverage.EMPTY)


def test_more_posts_than_are_listed_prove_nothing(a_query, driven, synthetic):
    many = posts(
        *((f"{HOME}{n}", f"Another story {n}", "2025-01-01T00:00:00") for n in range(FOUND))
    )
    web = {"search=": synthetic(many, headers=(("X-WP-Total", "900"),)), "herald": synthetic(API)}
    answer = driven(WordpressResolver().resolve(a_query(on=None)), web).answer
    assert (answer.candidates, answer.coverage) == ((), Coverage.NOT_COVERED)


def test_the_days_of_a_cited_month_are_not_listed(a_query, driven, synthetic):
    query = a_query(on=date(2026, 1, 1), until=date(2026, 1, 31))
    done = driven(
        WordpressResolver().resolve(query), {"search=": synthetic("[]"), "herald": synthetic(API)}
    )
    assert [url for url in done.urls if "after=" in url] == []


def test_an_api_that_is_a_parameter_keeps_its_parameter(a_query, driven, synthetic):
    web = {
        "search=": synthetic("[]"),
        "herald": synthetic('<link rel="https://api.w.org/" href="/?rest_route=/">'),
    }
    done = driven(WordpressResolver().resolve(a_query(on=None)), web)
    assert asked(done.urls[-1])["rest_route"] == "/wp/v2/posts"
    assert asked(done.urls[-1])["search"] == WORDS


def test_posts_at_other_hosts_are_left_out(a_query, driven, synthetic):
    web = {
        "search=": synthetic(posts(("https://elsewhere.test/x", TITLE, "2026-01-30T08:00:00"))),
        "herald": synthetic(API),
    }
    assert driven(WordpressResolver().resolve(a_query(on=None)), web).answer.candidates == ()


@pytest.mark.parametrize(
    ("answer", "coverage"),
    [
        ({"status": 401, "body": '{"code":"rest_not_logged_in"}'}, Coverage.AUTH),
        ({"status": 404, "body": '{"code":"rest_no_route"}'}, Coverage.NOT_COVERED),
        ({"status": 200, "body": "<html>Just a moment</html>"}, Coverage.DEGRADED),
        ({"status": 200, "body": '{"code":"x"}'}, Coverage.DEGRADED),
        ({"status": 500, "body": ""}, Coverage.DEGRADED),
    ],
    ids=["closed", "switched off", "no json", "no list", "error"],
)
def test_an_api_that_does_not_answer_is_never_empty(a_query, driven, synthetic, answer, coverage):
    web = {"search=": synthetic(answer["body"], status=answer["status"]), "herald": synthetic(API)}
    found = driven(WordpressResolver().resolve(a_query()), web).answer
    assert (found.candidates, found.coverage) == ((), coverage)


def test_a_site_without_the_api_is_asked_for_its_home_page_only(a_query, driven, synthetic):
    done = driven(WordpressResolver().resolve(a_query()), {"herald": synthetic("<p>Hello</p>")})
    assert (done.urls, done.answer.coverage) == ([HOME], Coverage.NOT_COVERED)


# -------------------------------------------------------------------------------------- site search


def test_a_form_of_the_home_page_is_filled_in_once(a_query, driven, synthetic):
    web = {"/find": synthetic(results((STORY, TITLE))), "herald": synthetic(FORM)}
    done = driven(SitesearchResolver().resolve(a_query()), web)
    assert done.urls == [HOME, f"{HOME}find?q=Northport+resigns+bridge+contract"]
    assert [one.url for one in done.answer.candidates] == [STORY]
    assert done.answer.coverage is Coverage.ANSWERED


def test_a_description_is_read_where_the_home_page_has_no_form(a_query, driven, synthetic):
    home = '<link rel="search" type="application/opensearchdescription+xml" href="/os.xml">'
    described = '<O><Url type="text/html" template="/find?w={searchTerms}"/></O>'
    web = {
        "/find": synthetic(results((STORY, TITLE))),
        "os.xml": synthetic(described),
        "herald": synthetic(home),
    }
    done = driven(SitesearchResolver().resolve(a_query()), web)
    assert asked(done.urls[-1]) == {"w": WORDS}
    assert done.answer.coverage is Coverage.ANSWERED


def test_a_common_path_is_asked_without_words_and_gives_its_form(a_query, driven, synthetic):
    web = {
        "/find": synthetic(results((STORY, TITLE))),
        "/search": synthetic(FORM),
        "herald": synthetic("<p>Hello</p>"),
    }
    done = driven(SitesearchResolver().resolve(a_query()), web)
    assert done.urls[:2] == [HOME, f"{HOME}search"]
    assert done.answer.coverage is Coverage.ANSWERED


def test_a_wordpress_search_is_asked_only_where_the_api_is_closed(a_query, driven, synthetic):
    opened = {"wp-json": synthetic("[]"), "herald": synthetic(API)}
    done = driven(SitesearchResolver().resolve(a_query()), opened)
    assert (done.answer.coverage, len(done.urls)) == (Coverage.NOT_COVERED, 2)
    closed = {
        "wp-json": synthetic("{}", status=401),
        "?s=": synthetic(results((STORY, TITLE))),
        "herald": synthetic(API),
    }
    done = driven(SitesearchResolver().resolve(a_query()), closed)
    assert asked(done.urls[-1]) == {"s": WORDS}
    assert done.answer.coverage is Coverage.ANSWERED


def test_a_search_that_robots_deny_is_blocked_and_says_so(a_query, driven, synthetic):
    web = {"/find": FailureKind.ROBOTS_DENIED, "herald": synthetic(FORM)}
    answer = driven(SitesearchResolver().resolve(a_query()), web).answer
    assert (answer.candidates, answer.coverage) == ((), Coverage.BLOCKED)
    assert "robots_denied" in answer.detail


@pytest.mark.parametrize(
    ("page", "coverage"),
    [
        (f"<title>{WORDS}</title><p>No results were found</p>", Coverage.EMPTY),
        (f"<title>{WORDS}</title><p>Keine passenden Treffer</p>", Coverage.EMPTY),
        (results((f"{HOME}news/snow-in-the-old-town", "Snow in the old town")), Coverage.EMPTY),
        (results((f"{HOME}on-the-home-page-anyway", "Rain")), Coverage.DEGRADED),
        (
            results(*((f"{HOME}news/story-of-day-{n}", f"Story {n}") for n in range(10))),
            Coverage.NOT_COVERED,
        ),
        (f"<title>{WORDS}</title><div id='app'></div>", Coverage.DEGRADED),
        ("<title>The Example Herald</title><p>No results</p>", Coverage.DEGRADED),
        ("", Coverage.DEGRADED),
    ],
    ids=[
        "says nothing found",
        "in another language",
        "a few other stories",
        "the home page's stories",
        "a full page of others",
        "drawn by a script",
        "another page",
        "an empty page",
    ],
)
def test_only_a_page_of_results_without_the_story_is_empty(
    a_query, driven, synthetic, page, coverage
):
    home = f"{FORM}<a href='/on-the-home-page-anyway'>Rain</a>"
    web = {"/find": synthetic(page), "herald": synthetic(home)}
    assert driven(SitesearchResolver().resolve(a_query()), web).answer.coverage is coverage


def test_too_few_words_are_no_ground_for_an_empty_answer(a_query, driven, synthetic):
    web = {
        "/find": synthetic("<title>Budget vote</title><p>No results</p>"),
        "herald": synthetic(FORM),
    }
    answer = driven(SitesearchResolver().resolve(a_query(title="The budget vote")), web).answer
    assert answer.coverage is Coverage.NOT_COVERED


def test_results_at_other_hosts_are_left_out(a_query, driven, synthetic):
    page = results(("https://elsewhere.test/mayor-northport-resigns-bridge-contract", TITLE))
    web = {"/find": synthetic(page), "herald": synthetic(FORM)}
    assert driven(SitesearchResolver().resolve(a_query()), web).answer.candidates == ()


@pytest.mark.parametrize(
    ("kind", "coverage"),
    [
        (FailureKind.TIMEOUT, Coverage.DEGRADED),
        (FailureKind.ROBOTS_DENIED, Coverage.BLOCKED),
        (FailureKind.RATE_LIMITED, Coverage.QUOTA),
    ],
)
@pytest.mark.parametrize("resolver", [WordpressResolver(), SitesearchResolver()])
def test_a_home_page_that_does_not_answer_is_told(a_query, driven, resolver, kind, coverage):
    answer = driven(resolver.resolve(a_query()), {"herald": kind}).answer
    assert (answer.candidates, answer.coverage) == ((), coverage)


@pytest.mark.parametrize("resolver", [WordpressResolver(), SitesearchResolver()])
def test_without_a_title_nobody_is_asked(a_query, driven, resolver):
    done = driven(resolver.resolve(a_query(title=None)))
    assert (done.requests, done.answer.coverage) == ([], Coverage.NOT_COVERED)


def test_all_that_read_the_home_page_ask_for_it_with_one_request(a_query, driven):
    asking = (FeedsResolver(), WordpressResolver(), SitesearchResolver())
    first = [driven(one.resolve(a_query())).requests[0] for one in asking]
    assert {request.key for request in first} == {first[0].key}
    assert {(one.purpose, one.check_robots) for one in first} == {(CapturePurpose.INDEX, True)}
