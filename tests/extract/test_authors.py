"""Who wrote a page."""

import pytest

HEADLINE = "Board votes to rebuild the north pier"
PROSE = "<p>The board of the harbour met on Tuesday and voted for the pier.</p>" * 9


def html(under="", head="", below=""):
    return (
        f"<html lang='en'><head><title>{HEADLINE}</title>"
        f"<meta property='og:site_name' content='The Quay Courier'>{head}</head><body>"
        f"<article><h1>{HEADLINE}</h1>{under}{PROSE}</article>{below}</body></html>"
    )


def linked(fields, more=""):
    node = f'{{"@type":"NewsArticle",{fields}}}'
    return f'<script type="application/ld+json">{{"@graph":[{node}{more}]}}</script>'


@pytest.mark.parametrize(
    "under",
    [
        "<p>By Ada Brome</p>",
        "<p>Von Ada Brome</p>",
        "<p>Par Ada Brome</p>",
        "<p>Author:</p><p>Ada Brome</p>",
        "<address>Ada Brome</address>",
        "<span class='author vcard'><a rel=author href='/ada'>Ada Brome</a></span>",
        "<div class='byline'>Published by <a href='/ada'>Ada Brome</a> on 30 January 2026</div>",
        "<div class='post-author'><span>Written by</span> <a href='/ada'>Ada Brome</a></div>",
    ],
)
def test_author_is_read_where_no_field_names_one(under, read):
    assert read(html(under)).authors == ("Ada Brome",)


@pytest.mark.parametrize(
    "head",
    [
        linked('"author":{"@id":"#ada"}', ',{"@type":"Person","@id":"#ada","name":"Ada Brome"}'),
        linked('"headline":"Pier"', ',{"@type":"Person","name":"Ada Brome"}'),
        "<meta name='twitter:label1' content='Written by'><meta name='twitter:data1' content='Ada Brome'>",
        "<meta name='author' content='Ada Brome @adabrome'>",
        "<meta name='author' content='The Quay Courier - Ada Brome'>",
        "<meta name='author' content='Ada Brome | ada@courier.example'>",
    ],
)
def test_author_is_read_from_fields_however_they_are_written(head, read):
    assert read(html(head=head)).authors == ("Ada Brome",)


@pytest.mark.parametrize(
    "head",
    [
        "<meta property='article:author' content='https://social.example/quaycourier'>",
        "<meta name='twitter:label1' content='Reading time'><meta name='twitter:data1' content='Five minutes'>",
        "<meta name='author' content='admin'>",
        "<meta name='author' content='The Quay Courier'>",
    ],
)
def test_what_names_no_person_leaves_the_byline_to_be_asked(head, read):
    assert read(html("<p class='byline'>By Ada Brome</p>", head)).authors == ("Ada Brome",)


def test_addresses_are_no_names(read):
    head = "<meta property='article:author' content='https://social.example/quaycourier'>"
    assert read(html(head=head)).authors == ()


def test_organisation_is_one_name_and_stands_where_no_person_is_named(read):
    name = "Institute for Piers and Harbours"
    head = linked(f'"author":{{"@type":"Organization","name":"{name}"}}')
    assert read(html(head=head)).authors == (name,)


def test_site_that_names_itself_is_the_author_of_last_resort(read):
    head = "<meta name='author' content='The Quay Courier'>"
    assert read(html(head=head)).authors == ("The Quay Courier",)
    assert read(html("<p>By Reuters</p>", head)).authors == ("Reuters",)


def test_byline_that_names_others_too_completes_a_field(read):
    head = linked('"author":{"name":"Ada Brome"}')
    page = read(html("<p class='byline'>By Ada Brome and Tom Ferrel</p>", head))
    assert page.authors == ("Ada Brome", "Tom Ferrel")


def test_commenters_and_quoted_people_are_no_authors(read):
    below = "<ol><li class='comment'><cite class='fn author'>Una Holt</cite></li></ol>"
    quote = "<blockquote class='author'>Tom Ferrel</blockquote>"
    assert read(html(quote, below=below)).authors == ()


@pytest.mark.parametrize("text", ["Posted on", "Leave a comment", "Read more", "Name", "3 posts"])
def test_words_around_a_name_are_no_name(text, read):
    assert read(html(f"<div class='author-box'>{text}</div>")).authors == ()


def test_tags_in_a_byline_are_no_authors(read):
    tags = "".join(
        f"<a href='/{tag}'>{tag}</a> " for tag in "Coast Harbour Pier Council Sea Town".split()
    )
    page = read(html(f"<div class='byline'>by <a href='/ada'>Ada Brome</a> in {tags}</div>"))
    assert "Coast" not in page.authors


def test_initials_and_handles_that_a_field_states_are_kept(read):
    assert read(html(head="<meta name='author' content='freeman84'>")).authors == ("freeman84",)
