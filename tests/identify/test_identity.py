from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.identify import gate, identity
from crawler.protocols import Query
from crawler.resolve.outlets import OutletBook
from db.model import Candidate, Citation, Comparison, DateWindow, Identity, Outlet, Page
from db.words import Access, IdentityKind, PageState, ResolveStatus

TITLE = "Mayor of Northport resigns over the bridge contract"
DAY = date(2026, 1, 30)
HERALD = Outlet(
    name="The Example Herald", aliases=("TEH",), hosts=("www.herald.example",), source="s"
)
TIMES = Outlet(name="Northport Times", hosts=("www.times.example",), source="s")
BOOK = OutletBook([HERALD, TIMES])
SAME, DRIFTED, DIFFERS = IdentityKind.SAME, IdentityKind.DRIFTED, IdentityKind.DIFFERS
COPY, UNKNOWN = IdentityKind.COPY, IdentityKind.UNKNOWN


def a_query(title=TITLE, outlet="The Example Herald", on=DAY, url=None):
    citation = Citation(
        id="c",
        document_id="d",
        outlet=outlet,
        title=title,
        date=on.isoformat() if on else None,
        url=url,
    )
    window = DateWindow(first_on=on, last_on=on) if on else None
    return Query(
        citation=citation, outlet=BOOK.named(outlet), window=window, today=date(2026, 2, 1)
    )


def a_page(url="https://www.herald.example/2026/01/30/a-1", title=TITLE, on=DAY, **more):
    return Page(
        id="p",
        capture_id="x",
        url=url,
        body_sha256="0",
        extractor="made",
        extractor_version="1",
        state=PageState.LIVE,
        state_why="made for this test",
        access=Access.OPEN,
        title=title,
        published_on=on,
        **{"text": "The mayor of Northport resigns. Placeholder prose.", **more},
    )


def kinds(query, page):
    parts = identity(query, page, book=BOOK)
    return parts.outlet.kind, parts.title.kind, parts.date.kind


# -------------------------------------------------------------------------------------------- outlet


def test_outlet_headline_and_date_of_the_cited_page_are_the_same():
    assert kinds(a_query(), a_page()) == (SAME, SAME, SAME)


def test_another_known_outlet_differs():
    assert kinds(a_query(), a_page("https://www.times.example/a-1"))[0] is DIFFERS


def test_an_unknown_site_that_calls_itself_the_cited_outlet_differs_all_the_same():
    page = a_page("https://copycat.test/a-1", outlet="The Example Herald")
    assert kinds(a_query(), page)[0] is DIFFERS


COPIES = {
    "credit": {"credits": ("TEH",)},
    "byline": {"authors": ("The Example Herald",)},
    "byline with a name": {"authors": ("Jane Doe, Example Herald",)},
    "canonical": {"canonical_url": "https://www.herald.example/2026/01/30/a-1"},
}


@pytest.mark.parametrize("credit", COPIES.values(), ids=COPIES)
def test_a_reprint_that_credits_the_cited_outlet_is_a_copy(credit):
    assert kinds(a_query(), a_page("https://www.times.example/a-1", **credit))[0] is COPY


def test_a_canonical_that_points_to_the_home_page_credits_nobody():
    page = a_page("https://www.times.example/a-1", canonical_url="https://www.herald.example/")
    assert kinds(a_query(), page)[0] is DIFFERS


def test_an_outlet_that_no_seed_knows_is_told_by_the_pages_own_name_or_its_host():
    query = a_query(outlet="Harbour Gazette")
    assert kinds(query, a_page("https://hg.test/a-1", outlet="The Harbour Gazette"))[0] is SAME
    assert kinds(query, a_page("https://harbour-gazette.test/a-1"))[0] is SAME
    assert kinds(query, a_page("https://hg.test/a-1"))[0] is UNKNOWN
    assert kinds(query, a_page("https://www.times.example/a-1"))[0] is DIFFERS


def test_an_archived_page_belongs_to_the_outlet_it_was_taken_from():
    url = "https://web.archive.org/web/20260131000000id_/https://www.herald.example/2026/01/30/a-1"
    assert kinds(a_query(), a_page(url))[0] is SAME


# --------------------------------------------------------------------------------------------- title


def test_any_variant_of_the_headline_will_do_and_the_outlets_name_is_no_part_of_it():
    page = a_page(title="Northport news", titles=("Harbour", f"{TITLE} | The Example Herald"))
    parts = identity(a_query(), page, book=BOOK)
    assert (parts.title.kind, parts.title.found) == (SAME, f"{TITLE} | The Example Herald")


def test_an_edited_headline_drifted_where_the_page_speaks_of_the_same():
    page = a_page(title="Northport mayor quits over bridge contract after long council night")
    cited = a_query(title="Northport mayor resigns over bridge contract after council night")
    assert kinds(cited, page)[1] is DRIFTED


def test_a_swapped_name_is_another_headline_even_in_title_case():
    cited = a_query(title="Mayor of Northport Meets Lindqvist in Geneva for Talks on Harbour Grain")
    page = a_page(
        title="Mayor of Northport Meets Ortega in Geneva for Talks on Harbour Grain",
        text="The mayor met Ortega in Geneva.",
    )
    assert kinds(cited, page)[1] is DIFFERS


def test_an_address_that_keeps_the_cited_headline_makes_it_drifted():
    page = a_page(
        "https://www.herald.example/2026/01/30/mayor-of-northport-resigns-over-the-bridge-contract",
        title="What the bridge affair means now",
    )
    assert kinds(a_query(), page)[1] is DRIFTED


def test_another_headline_differs():
    assert kinds(a_query(), a_page(title="Snow falls on harbour"))[1] is DIFFERS


def test_no_headline_cited_or_shown_is_unknown():
    assert kinds(a_query(title=None), a_page())[1] is UNKNOWN
    assert kinds(a_query(), a_page(title=None))[1] is UNKNOWN


# ---------------------------------------------------------------------------------------------- date


@pytest.mark.parametrize(
    ("page", "kind"),
    [
        (a_page(on=date(2026, 1, 31)), SAME),
        (a_page(on=None, published_at=datetime(2026, 1, 29, 23, tzinfo=UTC)), SAME),
        (a_page(on=date(2026, 2, 3)), DIFFERS),
        (a_page(on=date(2026, 1, 20), modified_at=datetime(2026, 1, 30, tzinfo=UTC)), DRIFTED),
        (a_page(on=None), UNKNOWN),
    ],
    ids=["other time zone", "instant only", "days later", "updated on the cited day", "undated"],
)
def test_the_pages_date_is_compared_with_the_cited_days(page, kind):
    assert kinds(a_query(), page)[2] is kind


def test_without_a_cited_date_the_date_is_unknown():
    assert kinds(a_query(on=None), a_page())[2] is UNKNOWN


# ---------------------------------------------------------------------------------------------- gate


def passing(query, page, *rivals):
    return gate(query, identity(query, page, book=BOOK), rivals=rivals)


def a_rival(url="https://www.herald.example/2026/01/30/b-2", title=TITLE, on=DAY):
    return Candidate(url=url, title=title, published_on=on, via="sitemaps")


def test_the_cited_page_passes():
    assert passing(a_query(), a_page()).status is ResolveStatus.FOUND


def test_a_wrong_date_passes_and_is_named_where_nothing_else_fits():
    result = passing(a_query(), a_page(on=date(2025, 3, 1)), a_rival(on=date(2024, 1, 1)))
    assert (result.passed, result.status) == (True, ResolveStatus.FOUND)
    assert result.rule == "outlet and headline; the date differs"


def test_a_wrong_date_is_ambiguous_where_another_candidate_has_the_cited_one():
    result = passing(a_query(), a_page(on=date(2025, 3, 1)), a_rival())
    assert (result.passed, result.status) == (False, ResolveStatus.AMBIGUOUS)


@pytest.mark.parametrize(
    "rival",
    [a_rival(title="Snow falls"), a_rival("https://www.herald.example/tag/northport")],
    ids=["another headline", "a tag page"],
)
def test_a_rival_that_is_no_such_article_does_not_make_it_ambiguous(rival):
    assert passing(a_query(), a_page(on=date(2025, 3, 1)), rival).passed


def test_the_headline_at_another_outlet_is_ambiguous_never_found():
    result = passing(a_query(), a_page("https://www.times.example/a-1"))
    assert (result.passed, result.status) == (False, ResolveStatus.AMBIGUOUS)


def test_a_copy_that_credits_the_outlet_passes():
    result = passing(a_query(), a_page("https://www.times.example/a-1", credits=("TEH",)))
    assert (result.passed, result.status) == (True, ResolveStatus.FOUND)


def test_another_headline_loses():
    result = passing(a_query(), a_page(title="Snow falls on harbour"))
    assert (result.passed, result.status) == (False, ResolveStatus.NOT_FOUND)


def test_a_cited_address_that_shows_another_headline_is_ambiguous():
    page = a_page(title="Snow falls on harbour")
    assert passing(a_query(url=page.url), page).status is ResolveStatus.AMBIGUOUS


def test_a_work_cited_by_its_address_alone_is_judged_by_it():
    page = a_page()
    assert passing(a_query(title=None, outlet=None, on=None, url=page.url), page).passed


def test_a_site_that_nothing_ties_to_the_cited_outlet_is_ambiguous_unless_its_address_is_cited():
    page = a_page("https://hg.test/a-1")
    assert passing(a_query(outlet="Harbour Gazette"), page).status is ResolveStatus.AMBIGUOUS
    assert passing(a_query(outlet="Harbour Gazette", url=page.url), page).passed


DRIFTED_TITLE = "Northport mayor quits over bridge contract after long council night"
DRIFTED_QUERY = "Northport mayor resigns over bridge contract after council night"


@pytest.mark.parametrize(
    ("on", "passed", "status"),
    [
        (DAY, True, ResolveStatus.FOUND),
        (date(2025, 3, 1), False, ResolveStatus.NOT_FOUND),
        (None, False, ResolveStatus.AMBIGUOUS),
    ],
    ids=["same date", "another date", "no date"],
)
def test_a_drifted_headline_needs_the_date(on, passed, status):
    result = passing(a_query(title=DRIFTED_QUERY), a_page(title=DRIFTED_TITLE, on=on))
    assert (result.passed, result.status) == (passed, status)


def test_a_headline_cited_in_part_needs_the_date():
    """Whatever goes on where it was cut may be another piece: a second part, a follow-up."""
    whole = "Northport mayor resigns over bridge contract after long council night (part 2)"
    query = a_query(title="Northport mayor resigns over bridge contract after…")
    assert passing(query, a_page(title=whole)).passed
    other_day = passing(query, a_page(title=whole, on=date(2025, 3, 1)))
    assert other_day.status is ResolveStatus.AMBIGUOUS
    assert other_day.rule == "the headline is not quite the cited one, and the date differs"


def test_a_drifted_headline_is_ambiguous_beside_the_headline_as_cited():
    query = a_query(title=DRIFTED_QUERY)
    result = passing(query, a_page(title=DRIFTED_TITLE), a_rival(title=DRIFTED_QUERY))
    assert result.status is ResolveStatus.AMBIGUOUS


def test_a_piece_that_says_more_is_no_rival_of_the_headline_as_cited():
    rival = a_rival(title=f"{TITLE}, officials confirm", on=None)
    assert passing(a_query(on=None), a_page(), rival).passed
    assert not passing(a_query(on=None), a_page(), a_rival(title=f"{TITLE} | TEH", on=None)).passed


def test_an_undated_page_is_ambiguous_beside_a_dated_one():
    assert not passing(a_query(), a_page(on=None), a_rival()).passed
    assert passing(a_query(), a_page(on=None)).passed


COMPARED = st.builds(
    Comparison, kind=st.sampled_from(IdentityKind), cited=st.none() | st.just("A"), found=st.none()
)


@given(
    outlet=COMPARED,
    title=COMPARED,
    on=COMPARED,
    url=st.none() | st.just("https://www.herald.example/x"),
    rivals=st.lists(st.just(a_rival()) | st.just(a_rival(title="Snow", on=None)), max_size=3),
)
def test_no_identity_with_a_differing_outlet_or_headline_ever_passes(
    outlet, title, on, url, rivals
):
    result = gate(a_query(url=url), Identity(outlet=outlet, title=title, date=on), rivals=rivals)
    assert result.passed == (result.status is ResolveStatus.FOUND)
    assert not (result.passed and DIFFERS in {outlet.kind, title.kind})


@given(
    st.text(max_size=60),
    st.lists(st.text(max_size=40), max_size=3),
    st.text(max_size=60),
    st.text(max_size=80),
)
def test_no_page_at_another_outlet_passes_without_crediting_the_cited_one(
    title, credits_, site, url
):
    page = a_page(
        "https://www.times.example/a-1",
        title=title or None,
        outlet=site,
        canonical_url=url,
        credits=tuple(credits_),
    )
    parts = identity(a_query(), page, book=BOOK)
    assert parts.outlet.kind in {DIFFERS, COPY}
    assert parts.outlet.kind is COPY or not gate(a_query(), parts).passed
