"""What pages for people say to a resolver: a home page's ways in, a page of results, a search's description."""

import dataclasses
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.protocols import FetchRequest, Query
from crawler.resolve.homepage import home_of
from crawler.resolve.listings import listing_of
from crawler.resolve.opensearch import search_address
from crawler.resolve.search_words import search_words
from db.model import Capture, Citation
from db.words import CapturePurpose

HOME = "https://www.herald.example/"


# ------------------------------------------------------------------------------------------ home page


def test_announced_feeds_are_made_absolute(a_page):
    body = (
        '<link rel="ALTERNATE home" type="application/atom+xml" href="feed.atom">'
        '<link rel="stylesheet" type="text/css" href="x.css">'
        '<link rel="alternate" type="application/rss+xml" href="javascript:x">'
    )
    assert home_of(a_page(body)).feeds == (f"{HOME}feed.atom",)


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        ('<link rel="https://api.w.org/" href="/blog/api/">', ()),
        ("", (("Link", f'<{HOME}x>; rel="next", <{HOME}blog/api/>; rel="https://api.w.org/"'),)),
    ],
    ids=["link", "header"],
)
def test_the_wordpress_api_is_where_the_page_or_its_header_says(a_page, body, headers):
    assert home_of(a_page(body, headers=headers)).rest_root == f"{HOME}blog/api/"


@pytest.mark.parametrize(
    ("form", "address"),
    [
        ('<form role="search"><input name="query"></form>', "?query={searchTerms}"),
        (
            '<form action="/find" method="GET"><input type="search" name="x"></form>',
            "find?x={searchTerms}",
        ),
        (
            '<form action="/suche?old=1#top"><input type=hidden name="lang" value="de &"><input name="z"></form>',
            "suche?lang=de+%26&z={searchTerms}",
        ),
        (
            '<form action="https://search.herald.example/"><input type=text name=q></form>',
            None,
        ),
    ],
    ids=["role", "type", "hidden", "subdomain"],
)
def test_a_search_form_gives_the_address_of_the_search(a_page, form, address):
    expected = f"{HOME}{address}" if address else "https://search.herald.example/?q={searchTerms}"
    assert home_of(a_page(form)).searches == (expected,)


@pytest.mark.parametrize(
    "form",
    [
        '<form method="post" action="/search"><input type="search" name="q"></form>',
        '<form action="https://elsewhere.test/search"><input type="search" name="q"></form>',
        '<form action="/newsletter"><input type="email" name="q"></form>',
        '<form action="/search"><input name="q"><input name="place"></form>',
        '<form action="/login"><input name="user"><input type="password" name="word"></form>',
        '<form action="/weather"><input name="town"></form>',
        '<form action="/search"><input type="search"></form>',
    ],
    ids=["post", "elsewhere", "email", "two fields", "login", "no search", "no name"],
)
def test_other_forms_are_no_search(a_page, form):
    assert home_of(a_page(form)).searches == ()


def test_a_search_action_gives_the_address_of_the_search(a_page):
    body = (
        '<script type="application/ld+json">{"@type":"WebSite","potentialAction":{"@type":"SearchAction","target":'
        '{"@type":"EntryPoint","urlTemplate":"https:\\/\\/www.herald.example\\/find?w={search_term_string}&n=1"}}}</script>'
    )
    assert home_of(a_page(body)).searches == (f"{HOME}find?w={{searchTerms}}&n=1",)


# --------------------------------------------------------------------------------------- description


@pytest.mark.parametrize(
    ("urls", "address"),
    [
        (
            '<Url type="text/html" template="/s?q={searchTerms}&amp;p={startPage?}&amp;n={count}"/>',
            f"{HOME}s?q={{searchTerms}}&p=&n=20",
        ),
        (
            (
                '<Url type="application/json" template="/j?q={searchTerms}"/>'
                '<Url type="text/html" template="/s?q={searchTerms}"/>'
            ),
            f"{HOME}s?q={{searchTerms}}",
        ),
        ('<Url type="text/html" method="post" template="/s?q={searchTerms}"/>', ""),
        ('<Url type="text/html" template="/s?q={searchTerms}&amp;t={time:start}"/>', ""),
        ('<Url type="text/html" template="https://elsewhere.test/s?q={searchTerms}"/>', ""),
        ('<Url type="text/html" template="/s"/>', ""),
        ("<Url", ""),
    ],
)
def test_a_description_gives_the_address_of_its_own_html_results(a_page, urls, address):
    body = f'<OpenSearchDescription xmlns="http://a9.com/-/spec/opensearch/1.1/">{urls}</OpenSearchDescription>'
    assert search_address(a_page(body, url=f"{HOME}opensearch.xml")) == address


# ------------------------------------------------------------------------------------------ listings


def test_a_listed_story_has_its_longest_text_and_the_day_in_its_item(a_page):
    body = (
        "<ul><li><a href='/a'><img alt=''></a><time datetime='2026-01-30T08:00:00Z'>x</time>"
        "<a href='/a'>Snow in <b>Northport</b></a><time datetime='2026-02-01'>changed</time></li>"
        "<li><a href='/b'>Rain in Southport</a></li></ul><a href='#top'>Top</a><a href='mailto:x@y.z'>Mail</a>"
    )
    told = [(one.url, one.title, one.published_on) for one in listing_of(a_page(body)).entries]
    assert told == [
        (f"{HOME}a", "Snow in Northport", date(2026, 1, 30)),
        (f"{HOME}b", "Rain in Southport", None),
        (HOME, "Top", None),
    ]


def test_text_in_scripts_is_no_text_of_a_listing(a_page):
    body = "<title>Search</title><script>bridge</script><p>No  results</p>"
    assert listing_of(a_page(body)).text == "Search No results"


@pytest.mark.parametrize("in_header", [True, False], ids=["header", "meta"])
def test_a_page_of_results_is_read_in_its_own_charset(a_page, in_header):
    body = '<meta charset="windows-1251"><a href="/s">Снег</a>'.encode("windows-1251")
    page = a_page(body if not in_header else body.partition(b">")[2])
    page = dataclasses.replace(page, charset="windows-1251" if in_header else None)
    assert listing_of(page).entries[0].title == "Снег"


MARKUP = st.lists(
    st.sampled_from(
        [
            "<a href='",
            "/story'>",
            "<li>",
            "</li>",
            "<time datetime='2026-01-30'>",
            "<form action='",
            "<input name='q' type='search'>",
            "<link rel='https://api.w.org/' href='",
            '<script type="application/ld+json">"SearchAction" "target": "https://www.herald.example/{q}"',
            "<Url type='text/html' template='{searchTerms}",
            "http://[",
            "https://www.herald.example",
            "'>",
            "\x00",
            "{searchTerms}",
        ]
    ),
    max_size=25,
).map("".join)


@given(markup=MARKUP)
def test_any_page_can_be_read(markup):
    request = FetchRequest(url=HOME, purpose=CapturePurpose.INDEX)
    page = Capture(
        id="x",
        request_key=request.key,
        requested_url=HOME,
        url=HOME,
        method="GET",
        purpose=CapturePurpose.INDEX,
        captured_at=datetime(2026, 2, 1, tzinfo=UTC),
        duration_s=0.1,
        status=200,
        http_version="1.1",
        headers=(),
        body=markup.encode(),
    )
    home, listing = home_of(page), listing_of(page)
    for url in (*home.feeds, *home.searches, *home.descriptions, *(e.url for e in listing.entries)):
        assert url.startswith(("http://", "https://"))
    assert isinstance(search_address(page), str)


# --------------------------------------------------------------------------------------------- words


@pytest.mark.parametrize(
    ("title", "words"),
    [
        (
            "Mayor of Northport resigns over the bridge contract",
            ("Northport", "resigns", "bridge", "contract"),
        ),
        (
            "&#8220;No choice&#8221;: Trump&#039;s allies in Oslo…",
            ("choice", "Trump", "allies"),
        ),
        ("Zahl der Unfälle in München steigt um 1.500", ("Unfälle", "München", "steigt")),
        ("What redis6 and the G20 told us of keycloak", ("told", "keycloak")),
        ("Stalled talks with the unions end…", ("Stalled", "talks", "unions")),
        ("Long talks over pay with unions", ("talks", "unions")),
        ("of the and", ()),
        ("", ()),
    ],
)
def test_few_words_that_tell_the_headline_are_sent(a_query, title, words):
    assert search_words(a_query(title=title)) == words


def test_words_of_other_letters_stay_out_where_enough_are_left(a_query):
    title = "Zahl der Unfälle in München steigt wieder"
    assert "München" not in search_words(a_query(title=title), prefer_ascii=True)
    assert search_words(a_query(title="Снег в Москве"), prefer_ascii=True) == ("Снег", "Москве")


def test_scripts_without_spaces_give_the_beginning_of_a_clause(a_query):
    assert search_words(a_query(title="首相が辞任を表明しました、橋の契約をめぐり")) == (
        "首相が辞任を表明",
        "橋の契約をめぐり",
    )


@given(title=st.text(max_size=200))
def test_what_is_sent_holds_no_quotes_and_no_spaces(title):
    citation = Citation(
        id="c", document_id="d", outlet=None, title=title, date=None, url=None, doi=None
    )
    query = Query(citation=citation, outlet=None, window=None, today=date(2026, 2, 1))
    words = search_words(query)
    assert len(words) <= 4
    assert not any(char in "\"'’‘“”&<> " for word in words for char in word)
