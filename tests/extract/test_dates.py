from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extract.dates import day_in_text, day_in_url, stamp

DAY = date(2019, 11, 5)


@pytest.mark.parametrize(
    "text",
    [
        "2019-11-05",
        "2019/11/5",
        "20191105",
        "2019-11-05 10:00:00",
        "2019-11-05T10:00:00+02:00",
        "Tue, 05 Nov 2019 10:00:00 GMT",
        "November 5, 2019",
        "Nov. 5th, 2019",
        "5 November 2019",
        "5. November 2019",
        "5 de noviembre de 2019",
        "5 novembre 2019",
        "5 ноября 2019, 10:00",
        "5 kasım 2019",
        "05.11.2019",
        "2019年11月5日",
        "2019년 11월 5일",
        "1572948000",
        "1572948000000",
        "Published on 5 November 2019 at ten",
    ],
)
def test_day_is_read_however_it_is_written(text):
    assert stamp(text).day == DAY


def test_stated_offset_gives_the_instant_and_keeps_the_stated_day():
    read = stamp("2019-11-05T23:30:00-05:00")
    assert (read.day, read.instant) == (DAY, datetime(2019, 11, 6, 4, 30, tzinfo=UTC))


def test_time_without_an_offset_is_no_instant():
    assert stamp("2019-11-05T23:30:00").instant is None


@pytest.mark.parametrize(
    "text", ["", "yesterday", "1970-01-01", "2019-13-45", "31 February 2019", "12345", "9" * 120]
)
def test_what_is_no_date_is_refused(text):
    assert stamp(text) is None


def test_slashes_are_day_first_unless_the_page_is_american():
    assert day_in_text("3/4/2020") == date(2020, 4, 3)
    assert day_in_text("3/4/2020", month_first=True) == date(2020, 3, 4)
    assert day_in_text("11/19/2019") == date(2019, 11, 19)


def test_day_in_a_path_is_read_and_a_number_is_not():
    assert day_in_url("https://courier.example/2019/11/05/pier") == DAY
    assert day_in_url("https://courier.example/id/201911051") is None


@given(st.text(max_size=200))
def test_any_text_gives_a_stamp_or_none(text):
    read = stamp(text)
    assert read is None or 1990 <= read.day.year <= 2100


@given(
    st.datetimes(
        min_value=datetime.fromisoformat("1995-01-01"),
        max_value=datetime.fromisoformat("2090-01-01"),
        timezones=st.just(UTC),
    )
)
def test_iso_instants_come_back(instant):
    whole = instant.replace(microsecond=0)
    assert stamp(whole.isoformat()).instant == whole
