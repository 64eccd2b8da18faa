"""Pages made to hurt: each must end in bounded time, as a page."""

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawler.extract import page_of
from crawler.protocols import ExtractionTask
from db.model import Page

LIMIT_S = 5.0  #: CPU seconds; each takes well under 2 on the machine it was measured on

FLOODS = {
    "nested-div": "<div>" * 100_000 + "x",
    "nested-and-closed-wrongly": "<div></x>" * 100_000 + "x",
    "nested-unknown": "<xyz>" * 100_000,
    "nested-table": "<table><tr><td>" * 60_000,
    "nested-list": "<ul><li>" * 60_000,
    "nested-bold": "<b>" * 100_000 + "x",
    "bold-and-paragraphs": "<b><p>" * 50_000,
    "open-fonts": "<p>"
    + "".join(f"<font size={i}>" for i in range(3_000))
    + "</p>"
    + "<p>x" * 3_000,
    "open-fonts-just-below-the-scan": "<p>"
    + "".join(f"<font a={i}>" for i in range(1_000))
    + "</p>"
    + "<p>x" * 1_000,
    "links-and-tables": "<a><table>" * 20_000,
    "attributes": "<div " + " ".join(f"a{i}=1" for i in range(100_000)) + ">x",
    "attributes-by-slashes": "<div " + "/".join(f"a{i}" for i in range(100_000)) + ">x",
    "attributes-without-spaces": "<div " + "".join(f'a{i}="1"' for i in range(100_000)) + ">x",
    "sentences-below-the-headline": "<title>Pier</title><h1>Pier</h1>"
    + f"<p>{'The board voted for the pier. ' * 3}</p>" * 30_000
    + f"<article><p>{'x. ' * 400_000}</p></article>",
    "nested-hidden": "<div hidden><p>x" * 40_000,
    "entities": "&amp;" * 1_000_000,
    "numeric-entities": "&#x41;" * 500_000,
    "controls": "\x00\x01\x02\x1b\x7f" * 200_000,
    "flat-paragraphs": "<p>a b c." * 500_000,
    "one-word": "a" * 5_000_000,
    "many-breaks": "x<br>" * 500_000,
    "unclosed-comment": "<!--" * 500_000,
    "unclosed-script": "<script>" + "x<" * 500_000,
    "many-metas": "<meta name=a content=b>" * 100_000,
    "many-h1": "<h1>Pier</h1>" * 50_000,
    "many-times": "<time>1</time>" * 50_000,
    "linked-data-nest": '<script type="application/ld+json">' + "[" * 500_000 + "</script>",
    "linked-data-commas": '<script type="application/ld+json">{' + ", " * 500_000 + "</script>",
    "linked-data-many": '<script type="application/ld+json">{"@type":"Article"}</script>' * 20_000,
    "long-title": "<title>" + "a - b | " * 200_000 + "</title>",
    "long-class": f"<div class='{'a-b ' * 200_000}'><p>x</p></div>",
    "long-canonical": f"<link rel=canonical href='https://{'a' * 500_000}/'>",
    "long-byline": "<p class=byline>" + "By and by and " * 100_000,
    "spaces": " " * 5_000_000,
    "less-than": "<" * 2_000_000,
    "greater-than": ">" * 2_000_000,
    "doctype-only": "<!doctype html>",
    "frameset": "<frameset><frame src=x></frameset>",
    "select-nest": "<select><option>" * 50_000,
    "svg-nest": "<svg><g>" * 50_000,
    "template-nest": "<template>" * 20_000,
}


@pytest.mark.parametrize("name", sorted(FLOODS))
def test_flood_ends_in_bounded_time(name, read):
    start = time.process_time()
    page = read(FLOODS[name])
    assert isinstance(page, Page)
    assert time.process_time() - start < LIMIT_S


def test_prose_after_too_many_open_formats_is_kept(read):
    flood = "".join(f"<font size={i}>" for i in range(3_000))
    page = read(
        "<article>" + flood + "<p>The board of the harbour voted for the pier on Tuesday.</p>" * 9
    )
    assert "The board of the harbour" in page.text


def test_long_value_of_an_attribute_is_no_flood(read):
    page = read(
        f"<article data-state='{'{&quot;a b&quot;: 1} ' * 5_000}'>"
        + "<p>The board of the harbour voted for the pier on Tuesday.</p>" * 9
        + "</article>"
    )
    assert len(page.text.split("\n\n")) == 9


@pytest.mark.parametrize("share", range(0, 100, 7))
def test_page_cut_anywhere_is_still_a_page(share, read):
    whole = (
        "<html><head><title>Pier</title></head><body><article>"
        + "<p>The board voted “for” the pier.</p>" * 30
    )
    page = read(whole.encode()[: len(whole) * share // 100])
    assert isinstance(page, Page)


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    body=st.binary(max_size=400),
    charset=st.none() | st.text(max_size=12),
    media=st.sampled_from([None, "text/html", "text/plain", "application/pdf", "x/y"]),
    status=st.integers(100, 599),
)
def test_any_bytes_give_a_page_that_can_be_stored(body, charset, media, status, capture_of):
    page = page_of(
        ExtractionTask(capture=capture_of(body, charset=charset, media_type=media, status=status))
    )
    assert page.text.encode().decode() == page.text


PIECES = (
    "<p> </p> <div class='a'> </div> <article> <table> <tr> <td> <br> <a href=x> </a> <h1> <li> <b> "
    "<script> </script> <!-- --> <time datetime=2020> <meta property=og:title content=x> <![CDATA[ "
    "&lt; text 2020-01-01 (AP) By"
)
MARKUP = st.lists(st.sampled_from(PIECES.split(" ")), max_size=60)


@settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    pieces=MARKUP,
    url=st.sampled_from(["https://a.example/x", "http://[", "", "::", "https://a.example/"]),
)
def test_any_markup_at_any_address_gives_a_page(pieces, url, capture_of):
    page = page_of(ExtractionTask(capture=capture_of(" ".join(pieces), url=url, requested_url=url)))
    assert page.text == "\n\n".join(page.text.split("\n\n"))
    assert all(block == " ".join(block.split()) for block in page.text.split("\n\n"))
