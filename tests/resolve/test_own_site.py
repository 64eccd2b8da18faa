"""What is asked of the outlet's own site: the cited address, sitemaps, feeds. All exchanges are synthetic."""

import gzip
from datetime import date

import pytest

from crawler.resolve.builtin import resolvers
from crawler.resolve.direct import DirectResolver
from crawler.resolve.feeds import FeedsResolver
from crawler.resolve.sitemaps import REQUESTS, SitemapsResolver
from db.words import CapturePurpose, Coverage, FailureKind

TITLE = "Mayor of Northport resigns over the bridge contract"
STORY = "https://www.herald.example/2026/01/30/mayor-northport-resigns-bridge-contract"


def news_sitemap(*entries):
    body = "".join(
        f"<url><loc>{url}</loc><news:news><news:publication_date>{day}T08:00:00+01:00"
        f"</news:publication_date><news:title>{title}</news:title></news:news></url>"
        for url, title, day in entries
    )
    return (
        '<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
        f'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">{body}</urlset>'
    )


def sitemap(*urls, lastmod="2026-01-30"):
    return (
        "<urlset>"
        + "".join(f"<url><loc>{u}</loc><lastmod>{lastmod}</lastmod></url>" for u in urls)
        + "</urlset>"
    )


def index(*children):
    return (
        "<sitemapindex>"
        + "".join(f"<sitemap><loc>{u}</loc><lastmod>{m}</lastmod></sitemap>" for u, m in children)
        + "</sitemapindex>"
    )


def rss(*entries):
    items = "".join(
        f"<item><title>{title}</title><link>{url}</link><pubDate>{day}</pubDate></item>"
        for url, title, day in entries
    )
    return f'<rss version="2.0"><channel><title>H</title>{items}</channel></rss>'


# -------------------------------------------------------------------------------------------- direct


def test_a_cited_url_and_doi_are_offered_without_asking_anyone(a_query, driven):
    query = a_query(url="https://www.herald.example/a b/../x?y=1#part", doi="doi:10.1234/ab(c).5.")
    done = driven(DirectResolver().resolve(query))
    assert done.requests == []
    assert done.answer.coverage is Coverage.ANSWERED
    assert [one.url for one in done.answer.candidates][1] == "https://doi.org/10.1234/ab(c).5"


@pytest.mark.parametrize(
    "url", [None, "ftp://x.example/a", "javascript:alert(1)", "http://", "x" * 9000]
)
def test_an_address_that_cannot_be_asked_for_is_not_covered(a_query, driven, url):
    answer = driven(DirectResolver().resolve(a_query(url=url))).answer
    assert (answer.candidates, answer.coverage) == ((), Coverage.NOT_COVERED)


# ------------------------------------------------------------------------------------------ sitemaps


def test_a_fresh_headline_is_found_in_the_news_sitemap(a_query, an_outlet, driven, synthetic):
    outlet = an_outlet(news_sitemaps=("https://www.herald.example/news.xml",))
    web = {"news.xml": synthetic(news_sitemap((STORY, TITLE, "2026-01-30")))}
    done = driven(SitemapsResolver().resolve(a_query(outlet=outlet)), web)
    assert done.urls == ["https://www.herald.example/news.xml"]
    assert done.answer.coverage is Coverage.ANSWERED
    assert done.answer.candidates[0].published_on == date(2026, 1, 30)


def test_a_news_sitemap_is_not_asked_about_what_is_older_than_it_reaches(
    a_query, an_outlet, driven
):
    outlet = an_outlet(news_sitemaps=("https://www.herald.example/news.xml",))
    done = driven(SitemapsResolver().resolve(a_query(outlet=outlet, on=date(2025, 6, 1))))
    assert "https://www.herald.example/news.xml" not in done.urls


def test_robots_lists_the_index_and_the_cited_month_chooses_its_child(a_query, driven, synthetic):
    children = [
        (f"https://www.herald.example/sitemap-2025-{m:02d}.xml.gz", f"2025-{m:02d}-28")
        for m in range(1, 13)
    ]
    june = sitemap("https://www.herald.example/mayor-northport-resigns-bridge-contract")
    web = {
        "robots.txt": synthetic("User-agent: *\nSitemap: https://www.herald.example/index.xml\n"),
        "index.xml": synthetic(index(*children)),
        "2025-06": synthetic(gzip.compress(june.encode())),
    }
    done = driven(SitemapsResolver().resolve(a_query(on=date(2025, 6, 12))), web)
    assert done.urls[-1] == "https://www.herald.example/sitemap-2025-06.xml.gz"
    assert done.answer.coverage is Coverage.ANSWERED


def test_robots_is_asked_as_robots_and_the_rest_as_index(a_query, driven, synthetic):
    web = {"robots.txt": synthetic("Sitemap: https://www.herald.example/a.xml")}
    done = driven(SitemapsResolver().resolve(a_query()), web)
    purposes = {request.url.rsplit("/", 1)[-1]: request.purpose for request in done.requests}
    assert purposes == {"robots.txt": CapturePurpose.ROBOTS, "a.xml": CapturePurpose.INDEX}


def test_a_date_in_a_seeds_address_is_filled_in(a_query, an_outlet, driven, synthetic):
    outlet = an_outlet(sitemaps=("https://www.herald.example/maps/{YYYY}/{MM}.xml",))
    web = {"maps/2025/06.xml": synthetic(sitemap(STORY))}
    done = driven(SitemapsResolver().resolve(a_query(outlet=outlet, on=date(2025, 6, 12))), web)
    assert done.urls == ["https://www.herald.example/maps/2025/06.xml"]
    assert done.answer.candidates[0].url == STORY


def test_a_dated_sitemap_without_the_headline_is_an_honest_empty(
    a_query, an_outlet, driven, synthetic
):
    outlet = an_outlet(sitemaps=("https://www.herald.example/maps/{YYYY}-{MM}.xml",))
    web = {
        "maps/2026-01.xml": synthetic(
            sitemap("https://www.herald.example/2026/01/30/another-story-entirely")
        )
    }
    answer = driven(SitemapsResolver().resolve(a_query(outlet=outlet)), web).answer
    assert (answer.candidates, answer.coverage) == ((), Coverage.EMPTY)


def test_a_news_sitemap_that_begins_after_the_cited_day_covers_nothing(
    a_query, an_outlet, driven, synthetic
):
    outlet = an_outlet(news_sitemaps=("https://www.herald.example/news.xml",))
    other = (
        "https://www.herald.example/2026/01/31/some-other-story",
        "Some other story",
        "2026-01-31",
    )
    web = {"news.xml": synthetic(news_sitemap(other))}
    answer = driven(SitemapsResolver().resolve(a_query(outlet=outlet)), web).answer
    assert answer.coverage is Coverage.NOT_COVERED


@pytest.mark.parametrize(
    ("kind", "coverage"),
    [
        (FailureKind.TIMEOUT, Coverage.DEGRADED),
        (FailureKind.ROBOTS_DENIED, Coverage.BLOCKED),
        (FailureKind.RATE_LIMITED, Coverage.QUOTA),
    ],
)
def test_a_site_that_does_not_answer_is_never_empty(a_query, driven, kind, coverage):
    answer = driven(SitemapsResolver().resolve(a_query()), {"herald": kind}).answer
    assert (answer.candidates, answer.coverage) == ((), coverage)


def test_sitemaps_that_point_in_circles_end_after_few_requests(a_query, driven, synthetic):
    circle = index(*((f"https://www.herald.example/{n}.xml", "2026-01-30") for n in range(50)))
    web = {
        "robots.txt": synthetic("Sitemap: https://www.herald.example/0.xml"),
        ".xml": synthetic(circle),
    }
    done = driven(SitemapsResolver().resolve(a_query()), web)
    assert len(done.requests) <= REQUESTS
    assert len(set(done.urls)) == len(done.urls)


@pytest.mark.parametrize(
    "resolver", [SitemapsResolver(), FeedsResolver()], ids=lambda one: one.name
)
def test_an_outlet_without_known_hosts_is_not_covered(a_query, an_outlet, driven, resolver):
    for outlet in (None, an_outlet(hosts=())):
        done = driven(resolver.resolve(a_query(outlet=outlet)))
        assert (done.requests, done.answer.coverage) == ([], Coverage.NOT_COVERED)


# --------------------------------------------------------------------------------------------- feeds


def test_feeds_announced_on_the_home_page_are_read(a_query, driven, synthetic):
    home = (
        '<html><head><link rel="alternate" type="application/rss+xml" href="/feed"></head></html>'
    )
    web = {
        "/feed": synthetic(rss((STORY, TITLE, "Fri, 30 Jan 2026 08:00:00 GMT"))),
        "herald": synthetic(home),
    }
    done = driven(FeedsResolver().resolve(a_query()), web)
    assert done.urls == ["https://www.herald.example/", "https://www.herald.example/feed"]
    assert done.answer.coverage is Coverage.ANSWERED
    assert done.answer.candidates[0].via == "feeds"


def test_feeds_of_another_site_on_the_home_page_are_left_alone(a_query, driven, synthetic):
    home = '<link rel="alternate" type="application/rss+xml" href="https://elsewhere.test/feed">'
    done = driven(FeedsResolver().resolve(a_query()), {"herald": synthetic(home)})
    assert done.urls == ["https://www.herald.example/"]


def test_a_feed_that_spans_the_day_without_the_headline_is_empty(
    a_query, an_outlet, driven, synthetic
):
    feed = rss(
        (
            "https://www.herald.example/a-story-of-snow",
            "A story of snow",
            "Mon, 26 Jan 2026 08:00:00 GMT",
        ),
        (
            "https://www.herald.example/a-story-of-rain",
            "A story of rain",
            "Sat, 31 Jan 2026 08:00:00 GMT",
        ),
    )
    outlet = an_outlet(feeds=("https://www.herald.example/feed",))
    answer = driven(
        FeedsResolver().resolve(a_query(outlet=outlet)), {"feed": synthetic(feed)}
    ).answer
    assert answer.coverage is Coverage.EMPTY


def test_a_feed_that_begins_after_the_day_does_not_cover_it(a_query, an_outlet, driven, synthetic):
    feed = rss(
        (
            "https://www.herald.example/a-story-of-rain",
            "A story of rain",
            "Sat, 31 Jan 2026 08:00:00 GMT",
        )
    )
    outlet = an_outlet(feeds=("https://www.herald.example/feed",))
    answer = driven(
        FeedsResolver().resolve(a_query(outlet=outlet)), {"feed": synthetic(feed)}
    ).answer
    assert answer.coverage is Coverage.NOT_COVERED


def test_feeds_are_asked_at_most_three_times(a_query, an_outlet, driven):
    outlet = an_outlet(feeds=tuple(f"https://www.herald.example/{n}.rss" for n in range(9)))
    assert len(driven(FeedsResolver().resolve(a_query(outlet=outlet))).requests) == 3


# ------------------------------------------------------------------------------------------- builtin


def test_the_builtin_resolvers_stand_in_their_order_and_have_names_of_their_own():
    names = [one.name for one in resolvers(searxng_url="https://searx.example")]
    own = ["scholarly", "direct", "sitemaps", "feeds"]
    assert names == [*own, "searxng", "gdelt", "cdx", "wikipedia"]
    assert "searxng" not in [one.name for one in resolvers(searxng_url=None)]
