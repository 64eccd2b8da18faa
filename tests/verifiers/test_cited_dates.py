"""What days a date as cited may mean."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.dates import cited_window


@pytest.mark.parametrize(
    "cited",
    [
        "Jan 30, 2026",
        "30 January 2026",
        "2026-01-30",
        "30.01.2026",
        "01/30/2026",
        "30/01/26",
        "20260130",
        "2026-01-30T10:15:00Z",
        "Friday, January 30th, 2026 10:15 GMT",
        "30. Januar 2026",
        "le 30 janvier 2026",
        "30 de enero de 2026",
        "30 gennaio 2026",
        "30 de janeiro de 2026",
        "30 januari 2026",
        "30 stycznia 2026 r.",
        "30 січня 2026 року",
        "30 января 2026 г.",
        "2026年1月30日",
        "Published 30 January 2026, updated 2 February 2026",
    ],
)
def test_a_day_is_read_in_every_form(cited):
    window = cited_window(cited)
    assert (window.first_on, window.last_on) == (date(2026, 1, 30), date(2026, 1, 30))


@pytest.mark.parametrize(
    ("cited", "first", "last"),
    [
        ("January 2026", (2026, 1, 1), (2026, 1, 31)),
        ("December 2025", (2025, 12, 1), (2025, 12, 31)),
        ("2026-01", (2026, 1, 1), (2026, 1, 31)),
        ("2025", (2025, 1, 1), (2025, 12, 31)),
        ("2024-2025", (2024, 1, 1), (2025, 12, 31)),
        ("3-5 January 2026", (2026, 1, 3), (2026, 1, 5)),
        ("Jan 3 – Feb 5, 2026", (2026, 1, 3), (2026, 2, 5)),
        ("Dec 30 - Jan 2, 2026", (2025, 12, 30), (2026, 1, 2)),
        ("November–December 2025", (2025, 11, 1), (2025, 12, 31)),
        ("01/02/2026", (2026, 1, 2), (2026, 2, 1)),
    ],
)
def test_a_vague_date_covers_all_its_days(cited, first, last):
    window = cited_window(cited)
    assert (window.first_on, window.last_on) == (date(*first), date(*last))


@pytest.mark.parametrize(
    "cited", [None, "", "n.d.", "undated", "99/99/9999", "January 30", "1 2 3"]
)
def test_what_is_no_date_has_no_window(cited):
    assert cited_window(cited) is None


@given(st.dates(date(1600, 1, 1), date(2199, 12, 31)))
def test_an_iso_date_is_its_own_window(day):
    window = cited_window(day.isoformat())
    assert (window.first_on, window.last_on) == (day, day)


@given(st.text(max_size=300))
def test_any_text_gives_an_ordered_window_or_none(text):
    window = cited_window(text)
    assert window is None or window.first_on <= window.last_on


@given(
    st.lists(
        st.sampled_from(["30", "Jan", "2026", "-", "/", ".", "May", "to", "31", "0", " "]),
        max_size=12,
    )
)
def test_pieces_of_dates_never_raise(pieces):
    window = cited_window("".join(pieces))
    assert window is None or window.first_on <= window.last_on
