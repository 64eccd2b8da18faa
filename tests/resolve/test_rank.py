from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.resolve.rank import certain, page_key, plausible, ranked
from db.model import Candidate

TITLE = "Mayor of Northport resigns over the bridge contract"
DAY = date(2026, 1, 30)


def a_candidate(
    url="https://www.herald.example/2026/01/30/mayor-resigns", title=TITLE, on=DAY, via="sitemaps"
):
    return Candidate(url=url, title=title, published_on=on, via=via)


def test_the_page_at_the_outlet_with_headline_and_date_comes_first(a_query):
    right = a_candidate()
    wrong = [
        a_candidate(url="https://aggregator.example/2026/01/30/mayor-resigns"),
        a_candidate(url="https://www.herald.example/2025/06/01/mayor-resigns", on=date(2025, 6, 1)),
        a_candidate(url="https://www.herald.example/tag/northport"),
        a_candidate(
            url="https://www.herald.example/2026/01/30/b-1", title="Bridge contract: what is next"
        ),
    ]
    order = ranked(a_query(), [*wrong, right])
    assert order[0].url == right.url
    assert certain(order[0], a_query())


LOSERS = {
    "at aggregator.example, not at The Example Herald": a_candidate(
        "https://aggregator.example/2026/01/30/mayor"
    ),
    "dated 2025-06-01, cited 2026-01-30": a_candidate(
        "https://www.herald.example/a/1", on=date(2025, 6, 1)
    ),
    "a tag page, no article": a_candidate("https://www.herald.example/tag/mayor"),
    "another headline (likeness 0.00)": a_candidate(
        "https://www.herald.example/a/2", title="Snow falls"
    ),
    "a live page": a_candidate("https://www.herald.example/live/mayor-1"),
}


@pytest.mark.parametrize(("why", "loser"), LOSERS.items(), ids=LOSERS)
def test_each_loser_is_told_why_in_plain_words(a_query, why, loser):
    assert ranked(a_query(), [a_candidate(), loser])[1].why == why


def test_candidates_of_one_page_are_merged(a_query):
    order = ranked(
        a_query(),
        [
            a_candidate(
                "http://herald.example/2026/01/30/mayor-resigns/?utm_source=x",
                title=None,
                via="cdx",
            ),
            a_candidate(on=None, via="gdelt"),
            a_candidate(title=None, via="sitemaps"),
        ],
    )
    (only,) = order
    assert (only.via, only.title, only.published_on) == ("sitemaps", TITLE, DAY)


def test_a_cited_address_is_certain_and_plausible_whatever_it_looks_like(a_query):
    url = "https://www.herald.example/"
    query = a_query(url=url)
    (only,) = ranked(query, [a_candidate(url, title=None, on=None, via="direct")])
    assert certain(only, query)
    assert plausible(only, query)


def test_a_copy_elsewhere_is_plausible_and_never_certain(a_query):
    (copy,) = ranked(a_query(), [a_candidate("https://aggregator.example/2026/01/30/mayor")])
    assert plausible(copy, a_query())
    assert not certain(copy, a_query())


def test_another_date_is_never_certain(a_query):
    (other,) = ranked(
        a_query(), [a_candidate("https://www.herald.example/a/1", on=date(2026, 3, 1))]
    )
    assert plausible(other, a_query())
    assert not certain(other, a_query())


def test_another_headline_is_not_worth_a_request(a_query):
    (other,) = ranked(
        a_query(), [a_candidate("https://www.herald.example/a/2", title="Snow falls")]
    )
    assert not plausible(other, a_query())


def test_a_day_of_another_time_zone_is_the_same_day(a_query):
    (only,) = ranked(
        a_query(), [a_candidate("https://www.herald.example/a/1", on=date(2026, 1, 31))]
    )
    assert only.features["date"] == 1.0


def test_ranking_what_was_ranked_changes_nothing(a_query):
    once = ranked(a_query(), [a_candidate(), *LOSERS.values()])
    assert ranked(a_query(), once) == once


CANDIDATES = st.lists(
    st.builds(
        Candidate,
        url=st.sampled_from(
            ["https://www.herald.example", "http://herald.example", "https://other.example"]
        ).flatmap(
            lambda site: st.sampled_from(
                ["/", "/a", "/2026/01/30/mayor-northport-resigns", "/tag/x", "/a/?utm_source=x"]
            ).map(lambda path: site + path)
        )
        | st.text(max_size=30),
        title=st.none() | st.sampled_from([TITLE, TITLE.upper(), "Snow"]) | st.text(max_size=40),
        published_on=st.none()
        | st.sampled_from([DAY, date(2026, 1, 31), date(2020, 1, 1)])
        | st.dates(),
        via=st.sampled_from(["direct", "sitemaps", "gdelt", "cdx", "somebody"]),
    ),
    max_size=8,
)


def test_the_order_of_ranking_does_not_depend_on_the_order_of_finding(a_query):
    @given(CANDIDATES, st.randoms(use_true_random=False))
    def is_independent(candidates, shuffled):
        other = list(candidates)
        shuffled.shuffle(other)
        order = ranked(a_query(), candidates)
        assert ranked(a_query(), other) == order
        assert len({page_key(one.url) for one in order}) == len(order)
        assert all(0.0 <= one.score <= 1.0 and one.why for one in order)

    is_independent()
