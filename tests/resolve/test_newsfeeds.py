"""What the news feeds of Bing and Google are asked and what they prove. All exchanges are synthetic."""

from datetime import date
from html import escape
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.resolve.newsfeeds import BingNewsResolver, GoogleNewsResolver
from db.words import Coverage

TITLE = "Mayor of Northport resigns over the bridge contract"
STORY = "https://www.herald.example/2026/01/30/mayor-northport-resigns-bridge-contract"
WRAPPED = (
    f"http://www.bing.com/news/apiclick.aspx?ref=FexRss&tid=0A&url={quote(STORY, safe='')}&c=7"
)
UNWRAPPABLE = "http://www.bing.com/news/apiclick.aspx?ref=FexRss&aid=&tid=0A&c=1&mkt=en-us"
OPAQUE = "https://news.google.com/rss/articles/CBMiAU_yqL0?oc=5"
WHEN = "Fri, 30 Jan 2026 08:00:00 GMT"


def bing(*links, title=TITLE, source="The Example Herald"):
    items = "".join(
        f"<item><title>{escape(title)}</title><link>{escape(link)}</link><pubDate>{WHEN}</pubDate>"
        f"<News:Source>{source}</News:Source></item>"
        for link in links
    )
    space = "https://www.bing.com/news/search?q=anything&amp;format=rss"
    return f'<?xml version="1.0"?><rss version="2.0" xmlns:News="{space}"><channel>{items}</channel></rss>'


def google(title=TITLE, source="The Example Herald", url="https://www.herald.example"):
    return (
        '<?xml version="1.0"?><rss version="2.0"><channel><item>'
        f"<title>{escape(title)} - {source}</title><link>{OPAQUE}</link>"
        f'<guid isPermaLink="false">CBMi</guid><pubDate>{WHEN}</pubDate>'
        f'<source url="{url}">{source}</source></item></channel></rss>'
    )


@pytest.mark.parametrize(
    ("resolver", "endpoint", "fields"),
    [
        (BingNewsResolver(), "https://www.bing.com/news/search", {"format": ["rss"]}),
        (
            GoogleNewsResolver(),
            "https://news.google.com/rss/search",
            {"hl": ["en-US"], "gl": ["US"], "ceid": ["US:en"]},
        ),
    ],
)
def test_a_feed_is_asked_once_at_the_outlets_host(a_query, driven, resolver, endpoint, fields):
    done = driven(resolver.resolve(a_query()))
    (request,) = done.requests
    assert request.url.startswith(f"{endpoint}?")
    assert parse_qs(urlsplit(request.url).query) == {
        "q": [f"site:herald.example {TITLE}"],
        **fields,
    }
    assert (request.service, request.check_robots, request.follow) == (resolver.name, False, False)
    assert driven(resolver.resolve(a_query(title=""))).requests == []


@pytest.mark.parametrize("link", [WRAPPED, STORY])
def test_bings_link_is_unwrapped_without_being_asked_for(a_query, driven, synthetic, link):
    done = driven(BingNewsResolver().resolve(a_query()), {"": synthetic(bing(link))})
    assert len(done.requests) == 1
    (found,) = done.answer.candidates
    assert (found.url, found.published_on, found.via) == (STORY, date(2026, 1, 30), "bingnews")
    assert done.answer.coverage is Coverage.ANSWERED


@pytest.mark.parametrize(
    ("resolver", "body"),
    [(BingNewsResolver(), bing(UNWRAPPABLE)), (GoogleNewsResolver(), google())],
)
def test_a_headline_without_an_address_is_attested_and_no_candidate(
    a_query, driven, synthetic, resolver, body
):
    answer = driven(resolver.resolve(a_query()), {"": synthetic(body)}).answer
    assert answer.candidates == ()
    assert answer.coverage is Coverage.NOT_COVERED
    assert answer.attests.published_on == date(2026, 1, 30)
    assert answer.attests.detail == "it lists this headline at The Example Herald, 2026-01-30"


@pytest.mark.parametrize(
    "body",
    [
        google(title="Mayor of Southport resigns over the bridge contract"),
        google(source="Other Paper", url="https://other.example"),
        bing(UNWRAPPABLE, source="Other Paper"),
        bing(),
    ],
)
@pytest.mark.parametrize("resolver", [BingNewsResolver(), GoogleNewsResolver()])
def test_another_headline_or_outlet_attests_nothing_and_silence_proves_nothing(
    a_query, driven, synthetic, resolver, body
):
    answer = driven(resolver.resolve(a_query()), {"": synthetic(body)}).answer
    assert answer.attests is None
    assert answer.coverage is Coverage.NOT_COVERED


def test_a_headline_with_a_dash_keeps_it(a_query, driven, synthetic):
    title = "Mayor of Northport resigns - council to meet on the bridge"
    query = a_query(title=title)
    assert driven(
        GoogleNewsResolver().resolve(query), {"": synthetic(google(title))}
    ).answer.attests


def test_the_outlet_is_known_by_its_address_where_its_name_is_another(a_query, driven, synthetic):
    web = {"": synthetic(google(source="Herald Online"))}
    assert driven(GoogleNewsResolver().resolve(a_query()), web).answer.attests


def test_googles_consent_page_is_no_answer(a_query, driven, synthetic):
    answer = driven(GoogleNewsResolver().resolve(a_query()), {"": synthetic(status=302)}).answer
    assert answer.coverage is Coverage.DEGRADED
    assert "consent" in answer.detail


def test_a_page_instead_of_a_feed_is_no_answer(a_query, driven, synthetic):
    web = {"": synthetic("<!doctype html><title>Bing</title>")}
    assert driven(BingNewsResolver().resolve(a_query()), web).answer.coverage is Coverage.DEGRADED


@pytest.mark.parametrize("resolver", [BingNewsResolver(), GoogleNewsResolver()])
def test_a_feed_that_wants_no_more_questions_is_closed(a_query, driven, synthetic, resolver):
    answer = driven(resolver.resolve(a_query()), {"": synthetic(status=429)}).answer
    assert (answer.coverage, answer.closes) == (Coverage.QUOTA, (resolver.name,))


@pytest.mark.parametrize("resolver", [BingNewsResolver(), GoogleNewsResolver()])
def test_any_feed_gives_an_answer(resolver, a_query, driven, synthetic):
    pieces = st.sampled_from(
        [
            "<rss>",
            "</rss>",
            "<item>",
            "<link>http://[",
            "<title>",
            "&#0;",
            "<!DOCTYPE a [",
            "]>",
            "x",
        ]
    )

    @given(st.lists(pieces, max_size=30).map("".join) | st.binary(max_size=200))
    def gives_an_answer(body):
        answer = driven(resolver.resolve(a_query()), {"": synthetic(body)}).answer
        assert answer.coverage in {Coverage.NOT_COVERED, Coverage.DEGRADED}

    gives_an_answer()


def test_an_entity_is_never_expanded(a_query, driven, synthetic):
    body = (
        f'<!DOCTYPE rss [<!ENTITY headline "{TITLE}">]><rss><channel><item>'
        "<title>&headline;</title><link>https://www.herald.example/a/9</link></item></channel></rss>"
    )
    answer = driven(BingNewsResolver().resolve(a_query()), {"": synthetic(body)}).answer
    assert answer.candidates == ()
