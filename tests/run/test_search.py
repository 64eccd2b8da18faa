"""What one resolver may know of the others, and what an attested headline changes."""

from datetime import date

import pytest

from crawler.choice import chosen
from crawler.protocols import Attestation, Query, ResolverAnswer
from crawler.search import Search
from db.model import Candidate, Citation, DateWindow, Outlet
from db.words import Coverage, ResolveStatus

DAY = date(2026, 1, 30)
HERALD = Outlet(name="Herald", hosts=("herald.example",), source="made up for tests")
ATTESTED = Attestation(detail="it lists this headline at Herald, 2026-01-30", published_on=DAY)


def a_search(window=None):
    citation = Citation(
        id="c1", document_id="d1", outlet="Herald", title="Mayor resigns over bridge", date=None
    )
    query = Query(citation=citation, outlet=HERALD, window=window, today=date(2026, 2, 1))
    return Search(query), query


def answer(coverage=Coverage.NOT_COVERED, *urls, **more):
    found = tuple(Candidate(url=url, title=None, published_on=None, via="x") for url in urls)
    return ResolverAnswer(candidates=found, coverage=coverage, **more)


def test_the_next_resolver_knows_what_was_offered_and_whether_the_outlet_is_covered():
    search, _ = a_search()
    assert (search.question().known, search.question().covered) == ((), False)
    search.take("sitemaps", answer(Coverage.EMPTY, "https://herald.example/world/a-b"))
    assert search.question().known == ("https://herald.example/world/a-b",)
    assert search.question().covered is True


@pytest.mark.parametrize("coverage", sorted(set(Coverage) - {Coverage.EMPTY, Coverage.ANSWERED}))
def test_a_resolver_that_says_nothing_covers_nothing(coverage):
    search, _ = a_search()
    search.take("gdelt", answer(coverage))
    assert search.question().covered is False


def test_an_attested_day_stands_in_for_a_date_that_is_not_cited():
    search, _ = a_search()
    search.take("googlenews", answer(attests=ATTESTED))
    assert search.question().window == DateWindow(first_on=DAY, last_on=DAY)


def test_a_cited_date_is_never_replaced():
    cited = DateWindow(first_on=date(2025, 5, 1), last_on=date(2025, 5, 1))
    search, _ = a_search(cited)
    search.take("googlenews", answer(attests=ATTESTED))
    assert search.question().window == cited


def test_a_headline_that_is_attested_is_never_not_found():
    search, query = a_search()
    search.take("sitemaps", answer(Coverage.EMPTY))
    search.take("googlenews", answer(attests=ATTESTED))
    without = chosen(query, (), search.reports, ())
    told = chosen(query, (), search.reports, (), attested=search.attested)
    assert (without.status, told.status) == (ResolveStatus.NOT_FOUND, ResolveStatus.UNREACHABLE)
    assert told.rule == (
        "it exists (it lists this headline at Herald, 2026-01-30), but nobody gives its address "
        "(sitemaps: empty; googlenews: not_covered)"
    )
