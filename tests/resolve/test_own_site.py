"""What is asked of the outlet's own site: the cited address, sitemaps, feeds. All exchanges are synthetic."""

import gzip
from datetime import date

import pytest

from crawler.resolve.builtin import resolvers
from crawler.resolve.direct import DirectResolver
from crawler.resolve.feeds import FeedsResolver
from crawler.resolve.sitemaps import REQUESTS, SitemapsResolver
from crawler.resolve.sitesearch import SitesearchResolver
from crawler.resolve.wordpress import WordpressResolver
from db.words import CapturePurpose, Coverage, FailureKind

TITLE = "Mayor of Northport resigns over the bridge contract"
SITE = "https://www.herald.example"
STORY = f"{SITE}/2026/01/30/mayor-northport-resigns-bridge-contract"


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


def test_a_dated_sitemap_that_tells_headlines_without_this_one_is_an_honest_empty(
    a_query, an_outlet, driven, synthetic
):
    outlet = an_outlet(sitemaps=("https://www.herald.example/maps/{YYYY}-{MM}.xml",))
    other = (f"{SITE}/2026/01/30/another-story-entirely", "Another story entirely", "2026-01-30")
    web = {"maps/2026-01.xml": synthetic(news_sitemap(other))}
    answer = driven(SitemapsResolver().resolve(a_query(outlet=outlet)), web).answer
    assert (answer.candidates, answer.coverage) == ((), Coverage.EMPTY)


@pytest.mark.parametrize(
    "listed",
    [
        sitemap(f"{SITE}/2026/01/30/quite-another-slug-for-a-story"),
        sitemap(f"{SITE}/id/4711"),
        sitemap(f"{SITE}/an-older-story-changed-later", lastmod="2026-03-01"),
        sitemap(f"{SITE}/2026/01/02/a-story-of-another-day", lastmod="2026-01-02"),
    ],
    ids=["another slug", "no slug", "changed later", "nothing of that day"],
)
def test_a_dated_sitemap_without_headlines_proves_nothing(
    a_query, an_outlet, driven, synthetic, listed
):
    outlet = an_outlet(sitemaps=("https://www.herald.example/maps/{YYYY}-{MM}.xml",))
    web = {"maps/2026-01.xml": synthetic(listed)}
    answer = driven(SitemapsResolver().resolve(a_query(outlet=outlet)), web).answer
    assert (answer.candidates, answer.coverage) == ((), Coverage.NOT_COVERED)


def test_a_neighbouring_month_is_read_only_where_the_cited_one_has_no_such_page(
    a_query, driven, synthetic
):
    months = [(f"{SITE}/sitemap-2026-{m:02d}.xml", "2026-03-01") for m in (1, 2, 3)]
    web = {
        "robots.txt": synthetic(f"Sitemap: {SITE}/index.xml"),
        "index.xml": synthetic(index(*months)),
        "2026-02": synthetic(sitemap(STORY)),
    }
    first = driven(SitemapsResolver().resolve(a_query(on=date(2026, 2, 1))), web)
    assert first.urls[-1] == f"{SITE}/sitemap-2026-02.xml"
    second = driven(SitemapsResolver().resolve(a_query(on=date(2026, 1, 31))), web)
    assert second.urls[-2:] == [f"{SITE}/sitemap-2026-01.xml", f"{SITE}/sitemap-2026-02.xml"]


def test_of_numbered_children_the_one_last_changed_soonest_after_the_day_is_read_first(
    a_query, driven, synthetic
):
    children = [
        (f"{SITE}/category-sitemap.xml", "2026-01-30"),
        (f"{SITE}/post-sitemap1.xml", "2024-05-01"),
        (f"{SITE}/post-sitemap2.xml", "2026-02-03"),
        (f"{SITE}/post-sitemap3.xml", "2026-07-01"),
    ]
    web = {
        "robots.txt": synthetic(f"Sitemap: {SITE}/sitemap_index.xml"),
        "sitemap_index.xml": synthetic(index(*children)),
        "post-sitemap2": synthetic(sitemap(STORY)),
    }
    done = driven(SitemapsResolver().resolve(a_query()), web)
    assert done.urls[2:] == [f"{SITE}/post-sitemap2.xml"]


@pytest.mark.parametrize(
    ("robots", "asked"),
    [
        ("User-agent: *", ["sitemap.xml", "sitemap_index.xml"]),
        ("Disallow: /wp-admin/", ["sitemap_index.xml", "wp-sitemap.xml"]),
        ("Sitemap: https://www.herald.example/video-sitemap.xml", ["video-sitemap.xml"]),
    ],
    ids=["nothing known", "WordPress", "one is listed"],
)
def test_the_usual_places_are_tried_only_where_robots_list_none(
    a_query, driven, synthetic, robots, asked
):
    done = driven(SitemapsResolver().resolve(a_query()), {"robots.txt": synthetic(robots)})
    assert done.urls[1:] == [f"{SITE}/{name}" for name in asked]


def test_the_second_usual_place_is_not_asked_once_the_first_has_answered(
    a_query, driven, synthetic
):
    web = {"/sitemap.xml": synthetic(sitemap(f"{SITE}/some-other-story"))}
    assert len(driven(SitemapsResolver().resolve(a_query()), web).requests) == 2


@pytest.mark.parametrize("month", ["<urlset/>", None], ids=["month without pages", "no month"])
def test_a_news_sitemap_is_the_last_resort_for_older_days(a_query, driven, synthetic, month):
    listed = "\n".join(f"Sitemap: {SITE}/{name}" for name in ("news.xml", "maps-2025-06.xml"))
    web = {
        "robots.txt": synthetic(listed),
        "maps-2025-06": synthetic(month) if month else synthetic(status=404),
        "news.xml": synthetic(news_sitemap((STORY, TITLE, "2025-06-12"))),
    }
    done = driven(SitemapsResolver().resolve(a_query(on=date(2025, 6, 12))), web)
    assert done.urls[1:] == [f"{SITE}/maps-2025-06.xml", f"{SITE}/news.xml"]
    assert done.answer.coverage is Coverage.ANSWERED


def test_a_month_that_lists_the_days_spares_the_news_sitemap(a_query, driven, synthetic):
    listed = "\n".join(f"Sitemap: {SITE}/{name}" for name in ("news.xml", "maps-2025-06.xml"))
    web = {
        "robots.txt": synthetic(listed),
        "maps-2025-06": synthetic(sitemap(f"{SITE}/some-other-story")),
    }
    done = driven(SitemapsResolver().resolve(a_query(on=date(2025, 6, 12))), web)
    assert f"{SITE}/news.xml" not in done.urls


def test_without_a_date_few_sitemaps_are_read(a_query, driven, synthetic):
    children = [(f"{SITE}/{year}.xml", f"{year}-12-31") for year in range(2000, 2026)]
    web = {
        "robots.txt": synthetic(f"Sitemap: {SITE}/index.xml"),
        "index.xml": synthetic(index(*children)),
        ".xml": synthetic(sitemap(f"{SITE}/some-other-story")),
    }
    done = driven(SitemapsResolver().resolve(a_query(on=None)), web)
    assert done.urls[2:] == [f"{SITE}/2025.xml", f"{SITE}/2024.xml"]


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
    "resolver",
    [SitemapsResolver(), FeedsResolver(), WordpressResolver(), SitesearchResolver()],
    ids=lambda one: one.name,
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


def test_a_pinned_old_entry_does_not_make_a_feed_cover_the_years_between(
    a_query, an_outlet, driven, synthetic
):
    feed = rss(
        (f"{SITE}/who-we-are-and-how-we-work", "Who we are", "Mon, 05 Jan 2015 08:00:00 GMT"),
        (f"{SITE}/a-story-of-rain", "A story of rain", "Sat, 31 Jan 2026 08:00:00 GMT"),
    )
    outlet = an_outlet(feeds=(f"{SITE}/feed",))
    answer = driven(
        FeedsResolver().resolve(a_query(outlet=outlet, on=date(2020, 6, 1))),
        {"feed": synthetic(feed)},
    ).answer
    assert answer.coverage is Coverage.NOT_COVERED


def test_for_an_old_citation_one_feed_is_read_and_not_all(a_query, an_outlet, driven, synthetic):
    outlet = an_outlet(feeds=tuple(f"{SITE}/{n}.rss" for n in range(3)))
    web = {"0.rss": synthetic(rss((STORY, TITLE, "Wed, 12 Jun 2024 08:00:00 GMT")))}
    done = driven(FeedsResolver().resolve(a_query(outlet=outlet, on=date(2024, 6, 12))), web)
    assert done.urls == [f"{SITE}/0.rss"]
    assert done.answer.coverage is Coverage.ANSWERED


def test_a_story_that_the_home_page_lists_is_offered_where_no_feed_is_announced(
    a_query, driven, synthetic
):
    home = (
        f"<li><a href='{STORY}'>{TITLE}</a><time datetime='2026-01-30'></time></li>"
        f"<li><a href='https://elsewhere.test/mayor'>{TITLE}</a></li>"
    )
    done = driven(FeedsResolver().resolve(a_query()), {"herald": synthetic(home)})
    assert [(one.url, one.title) for one in done.answer.candidates] == [(STORY, TITLE)]
    assert done.answer.coverage is Coverage.ANSWERED


def test_a_home_page_without_feed_and_story_covers_nothing(a_query, driven, synthetic):
    home = "<li><a href='/snow'>A story of snow</a><time datetime='2026-01-29'></time></li>"
    answer = driven(FeedsResolver().resolve(a_query()), {"herald": synthetic(home)}).answer
    assert (answer.candidates, answer.coverage) == ((), Coverage.NOT_COVERED)


def test_feeds_are_asked_at_most_three_times(a_query, an_outlet, driven):
    outlet = an_outlet(feeds=tuple(f"https://www.herald.example/{n}.rss" for n in range(9)))
    assert len(driven(FeedsResolver().resolve(a_query(outlet=outlet))).requests) == 3


# ------------------------------------------------------------------------------------------- builtin


def test_the_builtin_resolvers_stand_in_their_order_and_have_names_of_their_own():
    names = [one.name for one in resolvers(searxng_url="https://searx.example")]
    own = ["scholarly", "direct", "feeds", "wordpress", "sitemaps", "sitesearch"]
    assert names == [*own, "searxng", "gdelt", "cdx", "wikipedia"]
    assert "searxng" not in [one.name for one in resolvers(searxng_url=None)]
