"""Secrets and what is none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.fetch.redaction import redacted, redacted_body, redacted_headers

PIECES = st.lists(
    st.sampled_from(
        [
            "https://",
            "a.example",
            "/",
            "?",
            "&",
            "#",
            "key=",
            "token=",
            "x",
            "@",
            ":",
            "API_KEY=",
            " ",
        ]
    )
).map("".join)


@given(PIECES | st.text())
def test_redacting_twice_changes_nothing_more(text):
    assert redacted(redacted(text)) == redacted(text)


@pytest.mark.parametrize(
    "plain",
    [
        "https://paper.example/keynote?keyword=a&monkey=b&tokens=3",
        "https://paper.example/@author/a:b@c",
        "https://paper.example/?q=token&id=key",
    ],
)
def test_ordinary_urls_stay(plain):
    assert redacted(plain) == plain


@pytest.mark.parametrize(
    ("secret", "shown"),
    [
        ("https://a.example/?key=1&q=2", "https://a.example/?key=REDACTED&q=2"),
        ("https://a.example/?q=2&apikey=1#top", "https://a.example/?q=2&apikey=REDACTED#top"),
        ("http://me:pw@a.example/", "http://REDACTED@a.example/"),
        ("https://a.example/#access_token=1", "https://a.example/#access_token=1"),
    ],
)
def test_secret_parameters_go(secret, shown):
    assert redacted(secret) == shown


def test_credential_headers_go_and_others_stay():
    headers = (("SET-COOKIE", "a=1"), ("Content-Type", "text/html"), ("X-Auth-Token", "1"))
    assert redacted_headers(headers) == (
        ("SET-COOKIE", "REDACTED"),
        ("Content-Type", "text/html"),
        ("X-Auth-Token", "REDACTED"),
    )


@pytest.mark.parametrize(
    ("body", "media_type", "shown"),
    [
        (b"token=1&q=a", "application/x-www-form-urlencoded", b"token=REDACTED&q=a"),
        (rb'{"api_key":"a\"b","q":"c"}', "application/json", rb'{"api_key":"REDACTED","q":"c"}'),
        (b'{"key":"value"}', "application/json", b'{"key":"value"}'),
        (b"token=1", "text/plain", b"token=1"),
    ],
)
def test_secret_fields_of_bodies_go(body, media_type, shown):
    assert redacted_body(body, media_type) == shown


def test_hostile_text_is_redacted_in_linear_time():
    assert redacted("http://" * 100_000 + "?key=" * 100_000).endswith("?key=REDACTED")
