"""Which of its names is a page's headline."""

import pytest

HEADLINE = "Board votes to rebuild the north pier"
PROSE = "<p>The board of the harbour met on Tuesday and voted for the pier.</p>" * 9


def html(head="", top=""):
    return f"<html lang='en'><head>{head}</head><body>{top}<article>{PROSE}</article></body></html>"


def linked(fields):
    return f'<script type="application/ld+json">{{"@type":"NewsArticle",{fields}}}</script>'


def test_heading_is_the_headline_though_no_field_repeats_it(read):
    head = "<title>How the north pier was saved | The Quay Courier</title>"
    page = read(html(head, f"<h1>{HEADLINE}</h1>"))
    assert page.title == HEADLINE
    assert "How the north pier was saved | The Quay Courier" in page.titles


@pytest.mark.parametrize("site", ["The Quay Courier", "Quay Courier", "courier.example"])
def test_heading_that_is_the_name_of_the_site_is_no_headline(site, read):
    head = (
        "<meta property='og:site_name' content='The Quay Courier'>"
        "<link rel=canonical href='https://www.courier.example/p'>"
        f"<meta property='og:title' content='{HEADLINE}'><title>{HEADLINE} - {site}</title>"
    )
    assert read(html(head, f"<h1>{site}</h1>")).title == HEADLINE


def test_lone_heading_that_has_nothing_to_do_with_the_page_is_no_headline(read):
    head = f"<meta property='og:title' content='{HEADLINE}'>"
    assert read(html(head, "<h1>Main menu</h1>")).title == HEADLINE


def test_heading_that_repeats_a_field_goes_before_an_earlier_one_that_begins_alike(read):
    head = f"<meta property='og:title' content='{HEADLINE}'><title>Harbour: {HEADLINE}</title>"
    assert read(html(head, f"<h1>Harbour</h1><h1>{HEADLINE}</h1>")).title == HEADLINE


@pytest.mark.parametrize(
    "heading",
    [
        f"<h1><span class='article__kicker'>Harbour</span> <span>{HEADLINE}</span></h1>",
        f"<h1><small>Harbour</small><br>{HEADLINE}</h1>",
        f"<h1><span><span class='topline'>Harbour</span><span> – </span>{HEADLINE}</span></h1>",
    ],
)
def test_kicker_inside_a_heading_is_no_part_of_the_headline(heading, read):
    page = read(html("<title>The pier, and what became of it</title>", heading))
    assert page.title == HEADLINE
    assert any(title.startswith("Harbour") and title != HEADLINE for title in page.titles)


def test_kicker_stays_where_a_field_has_it_too(read):
    head = f"<meta property='og:title' content='Harbour: {HEADLINE}'>"
    heading = f"<h1><span class='kicker'>Harbour: </span><span>{HEADLINE}</span></h1>"
    assert read(html(head, heading)).title == f"Harbour: {HEADLINE}"


def test_words_before_a_field_in_a_heading_are_cut_off(read):
    head = f"<meta property='og:title' content='{HEADLINE}'>"
    assert read(html(head, f"<h1>On the coast {HEADLINE}</h1>")).title == HEADLINE


def test_outlet_is_known_by_the_canonical_host(read):
    head = (
        "<link rel=canonical href='https://www.quaycourier.example/pier'>"
        f"<meta property='og:title' content='{HEADLINE} | Quay Courier'>"
    )
    assert read(html(head)).title == HEADLINE


def test_last_parts_of_a_lone_title_are_cut_off(read):
    page = read(html(f"<title>{HEADLINE} | Coast | Forum</title>"))
    assert (page.title, page.titles[-1]) == (HEADLINE, f"{HEADLINE} | Coast | Forum")


@pytest.mark.parametrize(
    "title", ["Piers | The winds of change", "The pier – a story of fourteen supports"]
)
def test_short_beginning_of_a_lone_title_is_no_headline_by_itself(title, read):
    assert read(html(f"<title>{title}</title>")).title == title


def test_headline_with_the_name_of_the_outlet_in_it_is_a_headline(read):
    head = (
        "<meta property='og:site_name' content='Pier'>"
        "<meta property='og:title' content='Save the coast with us'>"
    )
    assert (
        read(html(head, "<h1>Pier asks its readers for help</h1>")).title
        == "Pier asks its readers for help"
    )


def test_title_of_a_saved_page_is_read_from_value(read):
    assert read(html(f"<meta name='og:title' value='{HEADLINE}'>")).title == HEADLINE
