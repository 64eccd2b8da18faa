"""The day that a page shows its readers, and the sources that are asked where it shows none."""

from datetime import UTC, date, datetime

import pytest

HEADLINE = "Board votes to rebuild the north pier"
PROSE = "<p>The board of the harbour met on Tuesday and voted for the pier.</p>" * 9
URL = "https://courier.example/pier"
DAY = date(2026, 1, 30)


def html(under="", head="", over="", below="", lang="en"):
    return (
        f"<html lang='{lang}'><head><title>{HEADLINE}</title>{head}</head><body>{over}"
        f"<article><h1>{HEADLINE}</h1>{under}{PROSE}</article>{below}</body></html>"
    )


def linked(fields):
    return f'<script type="application/ld+json">{{"@type":"NewsArticle",{fields}}}</script>'


@pytest.mark.parametrize(
    "under",
    [
        "<p>30 January 2026</p>",
        "<div><span>By Ada Brome</span> <span>30.01.2026, 12:00</span></div>",
        "<ul><li>Friday, January 30, 2026</li></ul>",
        "<p>30.01.26</p>",
        "<dl><dt>Date</dt><dd>30/01/2026</dd></dl>",
        "<div>Jan 30, 2026<span>5 mins</span></div>",
        "<p>Lower Quay</p><p>Published on 30 January 2026 by the office of the harbour board</p>",
        "<p>Notice vom 30. Januar 2026 | all who moor at the pier take heed. "
        + "It is closed. " * 20
        + "</p>",
    ],
)
def test_line_under_the_headline_dates_the_page(under, read):
    page = read(html(under), url=URL)
    assert (page.published_on, page.published_at, page.date_source) == (DAY, None, "text")


@pytest.mark.parametrize(
    "under",
    [
        "<p>Updated 30 January 2026</p>",
        "<p>Last updated:</p><p>30 January 2026</p>",
        "<p>© 30 January 2026 Courier</p>",
        "<p>The storm of 30 January 2026 carried off the northern half of it</p>",
        "<blockquote>Ada Brome, 30 January 2026</blockquote>",
        "<figure><img src=p.jpg><figcaption>The pier, 30 January 2026</figcaption></figure>",
    ],
)
def test_what_dates_something_else_is_passed_over(under, read):
    page = read(html(under + "<p>3 February 2026</p>"), url=URL)
    assert page.published_on == date(2026, 2, 3)


def test_todays_date_over_the_headline_is_not_the_pages(read):
    over = "<div class='date'>Monday, 23 November 2026</div>"
    assert read(html("<p>30 January 2026</p>", over=over), url=URL).published_on == DAY
    assert (
        read(html(over=f"<header>{over}</header>" + "<p>Menu</p>" * 5), url=URL).published_on
        is None
    )


def test_date_right_over_the_headline_dates_the_page(read):
    page = read(html(over="<p>30 January 2026</p>"), url=URL)
    assert page.published_on == DAY


@pytest.mark.parametrize(
    ("stated", "shown", "instant"),
    [
        ("2026-01-29T23:30:00Z", "30 January 2026", datetime(2026, 1, 29, 23, 30, tzinfo=UTC)),
        ("2026-01-31T03:30:00+00:00", "30 January 2026", datetime(2026, 1, 31, 3, 30, tzinfo=UTC)),
    ],
)
def test_day_is_the_readers_where_a_field_is_in_utc(stated, shown, instant, read):
    page = read(html(f"<p>{shown}</p>", head=linked(f'"datePublished":"{stated}"')))
    assert (page.published_on, page.published_at, page.date_source) == (DAY, instant, "json-ld")


def test_day_with_an_offset_of_its_own_is_the_readers_already(read):
    head = linked('"datePublished":"2026-01-29T23:30:00+01:00"')
    assert read(html("<p>30 January 2026</p>", head=head)).published_on == date(2026, 1, 29)


def test_page_that_appeared_anew_has_the_day_that_it_shows_and_keeps_its_first_instant(read):
    head = linked('"datePublished":"2020-05-01T08:00:00Z","dateModified":"2026-01-30T09:00:00Z"')
    page = read(html("<p>30 January 2026</p>", head=head))
    assert (page.published_on, page.published_at) == (DAY, datetime(2020, 5, 1, 8, tzinfo=UTC))


def test_update_that_is_called_one_does_not_redate_a_page(read):
    head = linked('"datePublished":"2020-05-01T08:00:00Z","dateModified":"2026-01-30T09:00:00Z"')
    page = read(html("<p>Updated 30 January 2026</p>", head=head))
    assert page.published_on == date(2020, 5, 1)


def test_day_that_nothing_else_states_does_not_correct_a_field(read):
    head = linked('"datePublished":"2020-05-01T08:00:00Z"')
    assert read(html("<p>30 January 2026</p>", head=head)).published_on == date(2020, 5, 1)


def test_ambiguous_day_that_may_be_the_fields_is_the_fields(read):
    head = linked('"datePublished":"2026-03-04T08:00:00Z","dateModified":"2026-04-03T08:00:00Z"')
    assert read(html("<p>03/04/2026</p>", head=head)).published_on == date(2026, 3, 4)


def test_vague_field_gives_way_to_what_is_shown(read):
    page = read(html("<p>30 January 2026</p>", head="<meta name='date' content='2026-02-02'>"))
    assert page.published_on == DAY


@pytest.mark.parametrize(
    "foreign",
    [
        "<ol class='comments'><li class='comment even'><time datetime='2026-02-02'>2 Feb</time></li></ol>",
        "<blockquote><time datetime='2026-02-02'>2 Feb</time></blockquote>",
    ],
)
def test_times_of_comments_and_quoted_posts_do_not_date_the_page(foreign, read):
    assert read(html(below=foreign), url=URL).published_on is None


def test_time_element_under_the_headline_gives_its_instant(read):
    under = "<time datetime='2026-01-30T09:15:00+01:00'>30 January 2026</time>"
    page = read(html(under, over="<time datetime='2026-02-02T08:00:00Z'>now</time>"), url=URL)
    assert (page.published_at, page.date_source) == (
        datetime(2026, 1, 30, 8, 15, tzinfo=UTC),
        "time",
    )


def test_canonical_url_dates_a_page_whose_own_address_does_not(read):
    head = "<link rel=canonical href='https://courier.example/2026/01/30/pier'>"
    page = read(html(head=head), url="file:///saved.html")
    assert (page.published_on, page.date_source) == (DAY, "url")


def test_scripts_date_a_page_where_they_agree(read):
    script = "<script>var page = {'published_at': '2026-01-30T09:15:00+01:00'}</script>"
    page = read(html(below=script), url=URL)
    assert (page.published_on, page.date_source) == (DAY, "script")
    other = script.replace("01-30", "02-02")
    assert read(html(below=script + other), url=URL).published_on is None


def test_end_of_the_title_dates_a_page(read):
    page = read(
        html(head="<meta property='og:title' content='Pier | Courier | 30.01.2026'>"), url=URL
    )
    assert page.published_on == DAY


def test_labelled_line_anywhere_dates_a_page(read):
    page = read(html(below="<div>Published on 30 January 2026 in Coast</div>"), url=URL)
    assert (page.published_on, page.date_source) == (DAY, "text")


def test_last_change_dates_a_page_only_where_nothing_else_does(read):
    below = "<div>This page was last edited on 30 January 2026.</div>"
    page = read(html(below=below), url=URL)
    assert (page.published_on, page.date_source) == (DAY, "modified")


def test_months_of_many_languages_and_the_digits_of_every_script_are_read(read):
    for line in (
        "30 يناير 2026",
        "३० जनवरी २०२६",
        "30 בינואר 2026",
        "2026. január 30.",
        "30 януари 2026",
    ):
        assert read(html(f"<p>{line}</p>"), url=URL).published_on == DAY, line


def test_american_order_is_read_on_american_pages_only(read):
    assert read(html("<p>02/03/2026</p>", lang="en-US"), url=URL).published_on == date(2026, 2, 3)
    assert read(html("<p>02/03/2026</p>", lang="en-GB"), url=URL).published_on == date(2026, 3, 2)


def test_first_line_that_is_only_a_date_dates_a_page_without_anything_better(read):
    page = read(html(below="<p>Coast</p>" * 3 + "<p>30.01.2026</p><p>02.02.2026</p>"), url=URL)
    assert (page.published_on, page.date_source) == (DAY, "text")
