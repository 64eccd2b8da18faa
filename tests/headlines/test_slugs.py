from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.slugs import dated_by_url, page_shape, slug_similarity, slug_words
from crawler.windows import days_outside, is_near
from db.model import DateWindow

TITLE = "Mayor of Northport resigns over the bridge contract"


@pytest.mark.parametrize(
    "url",
    [
        "https://h.example/2026/01/30/mayor-northport-resigns-over-bridge-contract-20571234.html",
        "https://h.example/news/mayor-of-northport-resigns-over-the-bridge-contract/",
        "https://h.example/mayor_northport_resigns_bridge_contract/articleshow/127761234.cms",
        "https://h.example/a1b2c3d4e5/Mayor-Northport-resigns-bridge-contract",
    ],
)
def test_a_slug_spells_its_headline(url):
    assert slug_similarity(TITLE, url) > 0.9


@pytest.mark.parametrize(
    "url",
    [
        "https://h.example/2026/01/30/council-passes-the-school-budget.html",
        "https://h.example/a/20571234",
        "https://h.example/",
        "not a url at all",
        "https://[broken",
    ],
)
def test_another_slug_or_none_does_not(url):
    assert slug_similarity(TITLE, url) < 0.3


def test_umlauts_are_the_same_however_they_are_written():
    title = "Mehr Züge für Münchens Süden beschlossen"
    assert (
        slug_similarity(title, "https://h.example/mehr-zuege-fuer-muenchens-sueden-beschlossen-1.2")
        > 0.9
    )


@pytest.mark.parametrize(
    ("url", "first", "last"),
    [
        ("https://h.example/2026/01/30/x", date(2026, 1, 30), date(2026, 1, 30)),
        ("https://h.example/world/2026-01-30-x", date(2026, 1, 30), date(2026, 1, 30)),
        ("https://h.example/2026/jan/30/x", date(2026, 1, 30), date(2026, 1, 30)),
        ("https://h.example/s.xml?yyyymmdd=20260130", date(2026, 1, 30), date(2026, 1, 30)),
        ("https://h.example/sitemap-2026-01.xml", date(2026, 1, 1), date(2026, 1, 31)),
        ("https://h.example/2025/12/x", date(2025, 12, 1), date(2025, 12, 31)),
    ],
)
def test_an_address_spells_a_day_or_a_month(url, first, last):
    assert dated_by_url(url) == DateWindow(first_on=first, last_on=last)


@pytest.mark.parametrize(
    "url", ["https://h.example/x-123456", "https://h.example/2026/99/99/x", ""]
)
def test_digits_that_are_no_date_spell_none(url):
    assert dated_by_url(url) is None


@pytest.mark.parametrize(
    ("url", "shape"),
    [
        ("https://h.example/", "home"),
        ("https://h.example", "home"),
        ("https://h.example/world", "section"),
        ("https://h.example/world/middle-east", "section"),
        ("https://h.example/tag/harbour-strike", "tag"),
        ("https://h.example/tag/harbour-strike/4", "tag"),
        ("https://h.example/author/jane-doe", "author"),
        ("https://h.example/category/news/europe", "section"),
        ("https://h.example/category/world-and-all-of-it/page/2", "section"),
        ("https://h.example/thema/harbour-strike/497533355", "article"),
        ("https://h.example/themen/detail/mayor.html", "article"),
        ("https://h.example/autoren/jane-doe/mayor-resigns-over-bridge", "article"),
        ("https://h.example/sections/port/2026/01/30/mayor-resigns-over-bridge", "article"),
        ("https://h.example/news/live/harbour-strike-1", "live"),
        ("https://h.example/search?q=x", "search"),
        ("https://h.example/media/photo.jpg", "file"),
        ("https://h.example/2026/01/30/mayor-resigns", "article"),
        ("https://h.example/articles/c0123abc", "article"),
        ("https://h.example/article.php?id=9", "article"),
    ],
)
def test_the_shape_of_an_address_tells_what_page_it_is(url, shape):
    assert page_shape(url) == shape


@given(st.text(max_size=300))
def test_any_text_can_be_read_as_an_address(text):
    for url in (text, f"https://h.example/{text}"):
        assert 0.0 <= slug_similarity(TITLE, url) <= 1.0
        assert isinstance(slug_words(url), tuple)
        assert page_shape(url)
        assert dated_by_url(url) is None or dated_by_url(url).first_on <= dated_by_url(url).last_on


@given(st.dates(), st.dates(), st.integers(min_value=0, max_value=400))
def test_a_day_is_near_a_window_exactly_when_few_days_outside(on, first, length):
    last = date.fromordinal(min(first.toordinal() + length, date.max.toordinal()))
    window = DateWindow(first_on=first, last_on=last)
    assert is_near(on, window, days=0) == (first <= on <= last)
    assert days_outside(on, window) >= 0
