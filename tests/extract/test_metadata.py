from datetime import UTC, date, datetime

import pytest

BODY = (
    "<article><h1>{title}</h1>"
    + "<p>The board of the harbour met on Tuesday and voted for the pier.</p>" * 9
    + "</article>"
)
HEADLINE = "Board votes to rebuild the north pier"


def html(head="", title=HEADLINE, body=None, lang="en"):
    return f"<html lang='{lang}'><head>{head}</head><body>{body or BODY.format(title=title)}</body></html>"


def linked(fields):
    return f'<script type="application/ld+json">{{"@type":"NewsArticle",{fields}}}</script>'


# ---------------------------------------------------------------------------------------------- titles


def test_outlet_is_cut_off_either_end_of_a_title(read):
    head = '<meta property="og:site_name" content="The Quay Courier">'
    for title in (
        f"{HEADLINE} | The Quay Courier",
        f"Courier - {HEADLINE}",
        f"{HEADLINE} – courier.example",
    ):
        assert read(html(f"<title>{title}</title>{head}", title="")).title == HEADLINE


def test_dash_inside_a_headline_stays(read):
    title = "Pier - a story of 14 supports"
    assert read(html(f"<title>{title} - Courier</title>", title=title)).title == title


def test_every_variant_is_kept_once_best_first(read):
    head = (
        "<title>Pier vote - Courier</title><meta property='og:title' content='The pier will stand again'>"
        + linked(f'"headline":"{HEADLINE}"')
    )
    page = read(html(head, title="BOARD VOTES TO REBUILD THE NORTH PIER"))
    assert page.titles == (
        "BOARD VOTES TO REBUILD THE NORTH PIER",
        "The pier will stand again",
        "Pier vote",
        "Pier vote - Courier",
    )


def test_title_is_none_where_nothing_is_called_one(read):
    assert read("<p>" + "Words without a headline stand here. " * 9).title is None


# ----------------------------------------------------------------------------------------------- dates


@pytest.mark.parametrize(
    ("head", "source"),
    [
        (linked('"datePublished":"2026-01-30T09:15:00+01:00"'), "json-ld"),
        (
            '<meta property="article:published_time" content="2026-01-30T09:15:00+01:00">',
            "article:published_time",
        ),
        (
            '<meta name="article:published_time" content="2026-01-30T09:15:00+01:00">',
            "article:published_time",
        ),
        ('<meta name="parsely-pub-date" content="2026-01-30T08:15:00Z">', "parsely-pub-date"),
        ('<meta name="DC.date.issued" content="2026-01-30T08:15:00Z">', "dc.date.issued"),
        ('<meta itemprop="datePublished" content="2026-01-30T08:15:00Z">', "datepublished"),
    ],
)
def test_date_is_read_with_its_source(head, source, read):
    page = read(html(head), url="https://courier.example/pier")
    assert (page.published_at, page.published_on, page.date_source) == (
        datetime(2026, 1, 30, 8, 15, tzinfo=UTC),
        date(2026, 1, 30),
        source,
    )


def test_day_is_the_one_that_the_page_states(read):
    page = read(html(linked('"datePublished":"2026-01-30T23:30:00-05:00"')))
    assert page.published_on == date(2026, 1, 30)
    assert page.published_at == datetime(2026, 1, 31, 4, 30, tzinfo=UTC)


def test_date_after_the_capture_is_refused_and_the_next_source_asked(read):
    head = linked('"datePublished":"2031-01-01"') + "<meta name='date' content='2026-01-30'>"
    page = read(html(head))
    assert (page.published_on, page.date_source) == (date(2026, 1, 30), "date")


def test_visible_date_line_is_read_where_no_field_has_one(read):
    body = BODY.format(title=HEADLINE).replace(
        "</h1>", "</h1><span class='post-date'>Posted 30 January 2026</span>"
    )
    page = read(html(body=body), url="https://courier.example/pier")
    assert (page.published_on, page.published_at, page.date_source) == (
        date(2026, 1, 30),
        None,
        "text",
    )


def test_url_dates_a_page_that_does_not(read):
    assert read(html()).date_source == "url"


def test_modified_instant_is_kept(read):
    page = read(html(linked('"dateModified":"2026-02-01T10:00:00Z"')))
    assert page.modified_at == datetime(2026, 2, 1, 10, tzinfo=UTC)


# --------------------------------------------------------------------------------------------- authors


@pytest.mark.parametrize(
    "head",
    [
        linked('"author":{"@type":"Person","name":"Ada Brome"}'),
        linked('"author":["Ada Brome"]'),
        linked('"author":"By Ada Brome, Harbour Correspondent"'),
        '<meta name="author" content="By Ada Brome">',
        '<meta name="article:author" content="https://a.example/ada"><meta name="byl" content="Ada Brome">',
        '<meta name="citation_author" content="Ada Brome">',
    ],
)
def test_author_is_a_bare_name(head, read):
    assert read(html(head)).authors == ("Ada Brome",)


def test_several_authors_are_told_apart(read):
    page = read(html(linked('"author":"Ada Brome, Tom Ferrel and Una Holt"')))
    assert page.authors == ("Ada Brome", "Tom Ferrel", "Una Holt")


def test_byline_is_read_where_no_field_names_an_author(read):
    body = BODY.format(title=HEADLINE).replace("</h1>", "</h1><p class='byline'>By Ada Brome</p>")
    assert read(html(body=body)).authors == ("Ada Brome",)


# --------------------------------------------------------------------------------------------- credits


def with_opening(text):
    return html(body=BODY.format(title=HEADLINE).replace("<p>", f"<p>{text}</p><p>", 1))


@pytest.mark.parametrize(
    ("source", "credit"),
    [
        (
            with_opening(
                "LOWER QUAY, Jan 30 (Reuters) - The board of the harbour voted for a new pier."
            ),
            "Reuters",
        ),
        (
            with_opening("LONDON (AP) — The board of the harbour voted for a new pier on Tuesday."),
            "Associated Press",
        ),
        (
            with_opening("(AFP) – The board of the harbour voted for a new pier on Tuesday."),
            "Agence France-Presse",
        ),
        (
            with_opening("Berlin/dpa - The board of the harbour voted for a new pier."),
            "Deutsche Presse-Agentur",
        ),
        (
            with_opening(
                "This article was originally published by The Island Gazette on 3 May 2026."
            ),
            "The Island Gazette",
        ),
        (with_opening("This story first appeared in Pier Monthly."), "Pier Monthly"),
        (with_opening("Republished with permission from Pier Monthly."), "Pier Monthly"),
        (with_opening("Source: Harbour News"), "Harbour News"),
        (html('<meta name="author" content="By Associated Press">'), "Associated Press"),
        (html(linked('"author":"Reuters Staff"')), "Reuters"),
        (html(linked('"sourceOrganization":{"name":"Island Gazette"}')), "Island Gazette"),
        (html(linked('"isBasedOn":"https://www.gazette.example/pier"')), "gazette.example"),
    ],
)
def test_credited_outlet_is_named(source, credit, read):
    assert credit in read(source).credits


def test_own_outlet_and_people_are_no_credits(read):
    head = linked(
        '"copyrightHolder":{"name":"The Quay Courier"},"publisher":{"name":"The Quay Courier"},"author":"Ada Brome"'
    )
    page = read(html(head))
    assert (page.outlet, page.credits) == ("The Quay Courier", ())


def test_agency_in_running_text_is_no_credit(read):
    assert (
        read(
            with_opening("The mayor told Reuters (AP also asked) that the pier would stand.")
        ).credits
        == ()
    )


# ------------------------------------------------------------------------------------- the other fields


@pytest.mark.parametrize(
    ("lang", "expected"),
    [("en", "en"), ("en_us", "en-US"), ("ZH-hant-tw", "zh-Hant-TW"), ("", None), ("<x>", None)],
)
def test_language_is_a_tag_or_nothing(lang, expected, read):
    assert read(html(lang=lang)).language == expected


def test_canonical_url_is_resolved_against_the_base(read):
    head = "<base href='https://www.courier.example/en/'><link rel='canonical' href='pier'>"
    assert read(html(head)).canonical_url == "https://www.courier.example/en/pier"


def test_canonical_url_is_read_from_the_link_header(read):
    headers = (("Link", '<https://courier.example/pier>; rel="canonical"'),)
    assert read(html(), headers=headers).canonical_url == "https://courier.example/pier"


@pytest.mark.parametrize("stated", ["javascript:alert(1)", "http://[", "mailto:a@b.example"])
def test_broken_canonical_url_is_none(stated, read):
    assert read(html(f"<link rel=canonical href='{stated}'>")).canonical_url is None


def test_canonical_link_is_found_after_a_tracking_image_in_the_head(read):
    head = "<noscript><img src='https://t.example/p.gif'></noscript><link rel=canonical href='https://courier.example/p'>"
    assert read(html(head)).canonical_url == "https://courier.example/p"


def test_wishes_of_meta_and_header_are_kept(read):
    page = read(
        html("<meta name=robots content='noarchive'>"), headers=(("X-Robots-Tag", "nosnippet"),)
    )
    assert (page.noarchive, page.nosnippet) == (True, True)
