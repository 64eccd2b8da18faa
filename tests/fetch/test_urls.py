import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.urls import (
    BadUrl,
    absolute_url,
    canonical_url,
    checked_url,
    host_of,
    origin_of,
    pacing_key,
    port_of,
    same_site,
    target_of,
)

hostile = st.one_of(
    st.text(),
    st.text(alphabet="http://[]@:%#?&=./\\ab0\u00e9\u3002\ud800\n\x00"),
    st.builds(
        "{}://{}{}{}".format,
        st.sampled_from(["http", "HTTPS", "ftp", ""]),
        st.text(alphabet="aB1.-_:@[]%é\u3002", max_size=20),
        st.text(alphabet="/.%2eE~ é?&=#;", max_size=30),
        st.sampled_from(["", "?utm_source=x&a=b", "#top", "?a=%zz", "?&&", "?q=ä b"]),
    ),
)


@given(hostile)
def test_canonical_url_is_idempotent(url):
    assert canonical_url(canonical_url(url)) == canonical_url(url)


@given(hostile)
def test_checked_url_is_idempotent_and_ascii(url):
    checked = checked_url(url)
    if isinstance(checked, str):
        assert checked.isascii()
        assert checked_url(checked) == checked


@given(hostile)
def test_no_function_of_a_url_raises(url):
    parts = (host_of(url), origin_of(url), pacing_key(url), target_of(url), absolute_url(url, url))
    assert all(isinstance(part, str) for part in parts)
    assert 0 <= port_of(url) <= 65535


@given(hostile)
def test_origin_and_target_make_the_checked_url(url):
    checked = checked_url(url)
    if isinstance(checked, str):
        assert origin_of(url) + target_of(url) == checked


@given(hostile, hostile)
def test_same_site_is_symmetric(one, other):
    assert same_site(one, other) == same_site(other, one)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("HTTP://News.Example:80/A", "http://news.example/A"),
        ("https://news.example:443", "https://news.example/"),
        ("https://news.example:8443/a", "https://news.example:8443/a"),
        ("https://user:secret@news.example/a", "https://news.example/a"),
        ("https://news.example./a", "https://news.example/a"),
        ("https://news.example/a#part", "https://news.example/a"),
        ("https://news.example/a/./b/../c", "https://news.example/a/c"),
        ("https://news.example/a/..", "https://news.example/"),
        ("https://news.example/../../a", "https://news.example/a"),
        ("https://news.example/%7euser/%c3%a9", "https://news.example/~user/%C3%A9"),
        ("https://news.example/100%", "https://news.example/100%25"),
        ("https://news.example/a b", "https://news.example/a%20b"),
        ("https://news.example/ü", "https://news.example/%C3%BC"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/"),
        ("https://ＮＥＷＳ.example/", "https://news.example/"),
        ("https://[2606:4700:0:0::1111]/", "https://[2606:4700::1111]/"),
        ("https://news.example/a?utm_source=x&id=7&fbclid=y", "https://news.example/a?id=7"),
        ("https://news.example/a?UTM_Medium=x", "https://news.example/a"),
        ("https://news.example/a//b", "https://news.example/a//b"),
        ("  https://news.example/a\n", "https://news.example/a"),
        (
            "https://web.archive.org/web/20260131id_/https://news.example/a?utm_source=x",
            "https://web.archive.org/web/20260131id_/https://news.example/a?utm_source=x",
        ),
    ],
)
def test_canonical_url_names_the_page(url, expected):
    assert canonical_url(url) == expected


def test_checked_url_keeps_what_the_page_was_asked_with():
    assert (
        checked_url("https://news.example/a?utm_source=x") == "https://news.example/a?utm_source=x"
    )


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("ftp://news.example/", "scheme"),
        ("file:///etc/passwd", "scheme"),
        ("javascript:alert(1)", "scheme"),
        ("gopher://news.example/", "scheme"),
        ("news.example/a", "scheme"),
        ("", "scheme"),
        ("https:///a", "host"),
        ("https://", "host"),
        ("https://[::1", "host"),
        ("https://[fe80::1%25eth0]/", "host"),
        ("https://news..example/", "host"),
        ("https://-news.example/", "host"),
        ("https://news.example\\@evil.example/", "host"),
        ("https://%6eews.example/", "host"),
        ("https://" + "a" * 64 + ".example/", "host"),
        ("https://" + "a." * 127 + "example/", "host"),
        ("https://news.example:0/", "port"),
        ("https://news.example:99999/", "port"),
        ("https://news.example:8o/", "port"),
        ("https://news.example:８０/", "port"),
        ("https://news.example/a\nb", "characters"),
        ("https://news.example/a\x00", "characters"),
        ("https://news.example/" + "a" * 8000, "length"),
        ("https://news.example/" + "é" * 2000, "length"),
    ],
)
def test_what_cannot_be_asked_says_why(url, reason):
    checked = checked_url(url)
    assert isinstance(checked, BadUrl)
    assert checked.reason == reason


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://www.news.example/a", "www.news.example"),
        ("https://one.wordpress.com/", "wordpress.com"),
        ("https://deep.one.blogspot.com/", "blogspot.com"),
        ("https://substack.com/", "substack.com"),
        ("https://notsubstack.com/", "notsubstack.com"),
        ("https://[2606:4700::1111]/", "2606:4700::1111"),
        ("nonsense", ""),
    ],
)
def test_pacing_key_is_the_host_or_the_shared_platform(url, key):
    assert pacing_key(url) == key


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("https://news.example/", "http://www.news.example/a", True),
        ("https://feeds.news.example/", "https://news.example/", True),
        ("https://news.example/", "https://othernews.example/", False),
        ("https://one.wordpress.com/", "https://two.wordpress.com/", False),
        ("https://wordpress.com/", "https://two.wordpress.com/", False),
        ("https://com/", "https://news.com/", False),
        ("nonsense", "nonsense", False),
    ],
)
def test_same_site(one, other, expected):
    assert same_site(one, other) is expected
