import gzip
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.resolve.markup import (
    Entry,
    read_feed,
    read_sitemap,
    robots_sitemaps,
)
from crawler.resolve.payload import json_value
from crawler.resolve.stamps import archive_instant, stated_day

BASE = "https://www.herald.example/"


def test_a_sitemap_tells_addresses_and_changes():
    body = b"<urlset><url><loc>https://h.example/a?x=1&amp;y=2</loc><lastmod>2026-01-30T23:30:00-05:00</lastmod></url></urlset>"
    assert read_sitemap(body).pages == (
        Entry(url="https://h.example/a?x=1&y=2", changed_on=date(2026, 1, 30)),
    )


def test_a_pictures_title_is_no_headline():
    body = (
        b'<urlset xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"><url><loc>https://h.example/a</loc>'
        b"<image:image><image:title>A picture</image:title></image:image></url></urlset>"
    )
    assert read_sitemap(body).pages[0].title is None


def test_a_gzipped_sitemap_is_told_by_its_magic_bytes():
    body = gzip.compress(b"<urlset><url><loc>https://h.example/a</loc></url></urlset>")
    assert [page.url for page in read_sitemap(body).pages] == ["https://h.example/a"]


def test_a_text_sitemap_lists_one_address_a_line():
    body = b"https://h.example/a\r\nnonsense\nhttps://h.example/b\n"
    assert [page.url for page in read_sitemap(body).pages] == [
        "https://h.example/a",
        "https://h.example/b",
    ]


def test_a_sitemap_that_breaks_off_is_read_up_to_there():
    body = b"<urlset><url><loc>https://h.example/a</loc></url><url><loc>https://h.exa"
    assert read_sitemap(body).pages[0].url == "https://h.example/a"


@pytest.mark.parametrize(
    "body", [b"", b"<html><body>Not found</body></html>", b"\x1f\x8bbroken", b"%PDF-1.7"]
)
def test_what_is_no_sitemap_is_not_readable(body):
    assert not read_sitemap(body).is_readable


def test_entities_are_neither_expanded_nor_fetched():
    body = (
        b'<!DOCTYPE u [<!ENTITY a "aaaaaaaaaa"><!ENTITY f SYSTEM "file:///etc/hostname">]>'
        b"<urlset><url><loc>https://h.example/&a;&f;</loc></url></urlset>"
    )
    assert [page.url for page in read_sitemap(body).pages] in ([], ["https://h.example/"])


def test_a_gzip_bomb_is_read_up_to_the_limit_only():
    bomb = gzip.compress(
        b"<urlset>" + b" " * (60 << 20) + b"<url><loc>https://h.example/a</loc></url></urlset>"
    )
    assert read_sitemap(bomb).pages == ()


def test_rss_and_atom_give_the_same_entry():
    rss = (
        b"<rss><channel><item><title>Snow</title><link>/snow</link><guid isPermaLink='false'>9</guid>"
        b"<pubDate>Fri, 30 Jan 2026 08:00:00 GMT</pubDate></item></channel></rss>"
    )
    atom = (
        b'<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>Snow</title><link rel="self" href="/api"/>'
        b'<link href="/snow"/><id>urn:9</id><published>2026-01-30T08:00:00Z</published></entry></feed>'
    )
    expected = Entry(url=f"{BASE}snow", title="Snow", published_on=date(2026, 1, 30))
    assert read_feed(rss, base_url=BASE).pages == (expected,)
    assert read_feed(atom, base_url=BASE).pages == (expected,)


def test_a_feed_in_a_legacy_encoding_is_decoded_by_its_declaration():
    body = "<?xml version='1.0' encoding='windows-1251'?><rss><item><title>Снег</title><link>https://h.example/a</link></item></rss>"
    assert read_feed(body.encode("windows-1251"), base_url=BASE).pages[0].title == "Снег"


def test_robots_lists_sitemaps_in_any_case_and_each_once():
    body = b"User-agent: *\nSITEMAP: https://h.example/a.xml\nSitemap:https://h.example/a.xml\nSitemap: /relative\n"
    assert robots_sitemaps(body) == ("https://h.example/a.xml",)


@pytest.mark.parametrize(
    ("stamp", "day"),
    [
        ("2026-01-30", date(2026, 1, 30)),
        ("2026-01-30T23:59:59-11:00", date(2026, 1, 30)),
        ("Fri, 30 Jan 2026 23:00:00 -0500", date(2026, 1, 30)),
        ("20260130T120000Z", date(2026, 1, 30)),
        ("20260130120000", date(2026, 1, 30)),
        ("2026-02-30", None),
        ("soon", None),
        ("", None),
        (None, None),
    ],
)
def test_a_stamp_states_its_own_day(stamp, day):
    assert stated_day(stamp) == day


@given(st.text(max_size=80))
def test_any_stamp_is_a_day_or_none(stamp):
    assert stated_day(stamp) is None or isinstance(stated_day(stamp), date)
    assert archive_instant(stamp) is None or archive_instant(stamp).tzinfo is not None


MARKUP = st.binary(max_size=200) | st.lists(
    st.sampled_from(
        [
            b"<urlset>",
            b"<url>",
            b"<loc>",
            b"https://h.example/a",
            b"</loc>",
            b"</url>",
            b"<item>",
            b"<link>",
            b"<!DOCTYPE",
            b"<![CDATA[",
            b"]]>",
            b"&amp;",
            b"&x;",
            b"<?xml",
            b"\x00",
            b"\xff\xfe",
            b"Sitemap: ",
            b"http://[",
            b"\n",
            b"\x1f\x8b\x08",
        ]
    ),
    max_size=25,
).map(b"".join)


@given(MARKUP)
def test_any_bytes_can_be_read(body):
    listed = (*read_sitemap(body).pages, *read_feed(body, base_url=BASE).pages)
    assert all(entry.url.startswith(("http://", "https://")) for entry in listed)
    assert isinstance(robots_sitemaps(body), tuple)


@pytest.mark.parametrize("body", [b"[" * 100_000, b"9" * 10_000, b"\\" * 1000, b'{"a": "\\' * 200])
def test_json_that_means_harm_is_no_value(body):
    assert json_value(body, scrub=True) is None
