"""No secret reaches a tape, and a replay needs none."""

from __future__ import annotations

import gzip

import pytest

SECRETS = [
    ({"headers": (("Authorization", "Bearer s3cr3t"),)}, {}),
    ({"headers": (("Cookie", "id=s3cr3t"), ("X-Subscription-Token", "s3cr3t"))}, {}),
    ({"headers": (("X-Api-Key", "s3cr3t"),)}, {"headers": (("Set-Cookie", "id=s3cr3t"),)}),
    ({"url": "https://api.example/v1?q=a&api_key=s3cr3t"}, {}),
    ({"url": "https://api.example/v1?token=s3cr3t&q=a"}, {}),
    ({"url": "https://api.example/v1?KEY=s3cr3t"}, {}),
    ({}, {"headers": (("Location", "https://api.example/?access_token=s3cr3t"),)}),
    ({"url": "https://user:s3cr3t@api.example/"}, {}),
    (
        {
            "method": "POST",
            "headers": (("Content-Type", "application/json"),),
            "body": b'{"api_key": "s3cr3t", "q": "a"}',
        },
        {},
    ),
]


@pytest.mark.parametrize(("asked", "answered"), SECRETS)
def test_secrets_are_written_as_redacted(tapes, tape, asked, answered):
    tapes.record(tape, (tapes.a_request(**asked), tapes.a_response(**answered)))
    written = gzip.decompress(tape.read_bytes())
    assert b"s3cr3t" not in written
    assert b"REDACTED" in written


@pytest.mark.parametrize("secret", ["other", "REDACTED", "s3cr3t"])
def test_replay_works_with_another_secret(tapes, tape, secret):
    response = tapes.a_response()
    tapes.record(tape, (tapes.a_request("https://api.example/?q=a&key=s3cr3t"), response))
    assert tapes.replay(tape, tapes.a_request(f"https://api.example/?q=a&key={secret}")) == [
        response
    ]


def test_secret_in_a_failures_detail_is_redacted(tapes, tape):
    failure = tapes.a_failure(detail="no route to https://api.example/?token=s3cr3t")
    tapes.record(tape, (tapes.a_request(), failure))
    (answer,) = tapes.replay(tape, tapes.a_request())
    assert answer.detail == "no route to https://api.example/?token=REDACTED"


def test_missed_request_is_named_without_its_secret(tapes, tape):
    tapes.record(tape)
    (error,) = tapes.replay(tape, tapes.a_request("https://api.example/?token=s3cr3t"))
    assert "s3cr3t" not in str(error)
