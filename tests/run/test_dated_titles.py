"""A headline that ends in a day names the day to look for."""

from datetime import date

import pytest

from crawler.dates import dated_title


@pytest.mark.parametrize(
    ("title", "on"),
    [
        ("The President’s Evening Address, March 9, 2026", date(2026, 3, 9)),
        ("Minutes of the board (9 March 2026)", date(2026, 3, 9)),
        ("Lagebericht vom 9. März 2026", date(2026, 3, 9)),
    ],
)
def test_a_day_at_the_end_is_the_day(title, on):
    window = dated_title(title)
    assert window is not None
    assert (window.first_on, window.last_on) == (on, on)


@pytest.mark.parametrize(
    "title",
    [
        "What March 9, 2026 changed for the harbour",
        "The year in barges: 2026",
        "Outlook for March 2026",
        "Pier 9",
        "",
        None,
    ],
)
def test_any_other_headline_names_none(title):
    assert dated_title(title) is None
