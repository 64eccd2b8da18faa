import time
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.fetch.limits import limits
from crawler.fetch.robots import OBEYED_BYTES, is_fresh, obeyed_text, robots_row, sitemaps, verdict

NOW = datetime(2026, 2, 1, 12, tzinfo=UTC)
SITE = "https://news.example"


def a_row(text="", status=200):
    body = text if isinstance(text, bytes) else text.encode()
    return robots_row(SITE, status=status, body=body, detail="as tested", fetched_at=NOW)


def allows(text, path="/a", status=200):
    return verdict(a_row(text, status), SITE + path).allowed


DENY_ALL = "User-agent: *\nDisallow: /\n"


@pytest.mark.parametrize(
    ("status", "allowed", "state"),
    [
        (200, False, "rules"),
        (204, False, "rules"),
        (301, True, "unavailable"),
        (400, True, "unavailable"),
        (401, True, "unavailable"),
        (403, True, "unavailable"),
        (404, True, "unavailable"),
        (410, True, "unavailable"),
        (451, True, "unavailable"),
        (429, False, "unreachable"),
        (500, False, "unreachable"),
        (503, False, "unreachable"),
        (None, False, "unreachable"),
    ],
)
def test_each_class_of_status_has_its_meaning(status, allowed, state):
    row = a_row(DENY_ALL, status)
    assert row.status == state
    assert verdict(row, SITE + "/a").allowed is allowed
    assert row.text == (DENY_ALL if state == "rules" else "")


@pytest.mark.parametrize(
    ("text", "path", "allowed"),
    [
        ("", "/a", True),
        ("<html><body>Not found</body></html>", "/a", True),
        (DENY_ALL, "/a", False),
        (DENY_ALL, "/robots.txt", True),
        ("User-agent: *\nDisallow:\n", "/a", True),
        ("User-agent: other\nDisallow: /\n", "/a", True),
        ("User-agent: citehound\nDisallow: /\n", "/a", False),
        ("User-Agent: CiteHound\nDisallow: /\n", "/a", False),
        ("user-agent: citehound/1.0\ndisallow: /\n", "/a", False),
        ("User-agent: cite\nDisallow: /\n", "/a", True),
        ("User-agent: citehound-news\nDisallow: /\n", "/a", True),
        ("User-agent: citehound\nAllow: /\n\nUser-agent: *\nDisallow: /\n", "/a", True),
        ("User-agent: other\nUser-agent: citehound\nDisallow: /x\n", "/x", False),
        ("User-agent: other\nUser-agent: *\nDisallow: /x\n", "/x", False),
        ("User-agent: *\nUser-agent: citehound\nDisallow: /x\n", "/x", False),
        ("User-agent: other\nDisallow: /\nUser-agent: *\nDisallow: /x\n", "/a", True),
        # Groups for the same agent are merged (RFC 9309, 2.2.1).
        (
            "User-agent: citehound\nDisallow: /x\n\nUser-agent: citehound\nDisallow: /y\n",
            "/x",
            False,
        ),
        (
            "User-agent: citehound\nDisallow: /x\n\nUser-agent: citehound\nDisallow: /y\n",
            "/y",
            False,
        ),
        # The longest rule wins, and of two equal ones the one that allows (2.2.2).
        ("User-agent: *\nDisallow: /a\nAllow: /a/b\n", "/a/b", True),
        ("User-agent: *\nAllow: /a\nDisallow: /a/b\n", "/a/b", False),
        ("User-agent: *\nDisallow: /page\nAllow: /page\n", "/page", True),
        ("User-agent: *\nDisallow: /*.pdf$\n", "/a/b.pdf", False),
        ("User-agent: *\nDisallow: /*.pdf$\n", "/a/b.pdf?x", True),
        ("User-agent: *\nDisallow: /a%3Cb\n", "/a%3cb", False),
        ("User-agent: *\r\nDisallow: /x # why\r\n", "/x", False),
        ("\ufeffUser-agent: *\nDisallow: /x\n", "/x", False),
        ("User-agent: *\nnonsense\nCrawl-delay: 1\n\nDisallow: /x\n", "/x", False),
        ("User-agent: a\nFoo: bar\nUser-agent: *\nDisallow: /x\n", "/x", False),
        ("Disallow: /x\n", "/x", True),
    ],
)
def test_rules(text, path, allowed):
    assert allows(text, path) is allowed


def test_the_first_500_kib_are_obeyed_up_to_a_line():
    filler = "# " + "x" * 97 + "\n"
    text = "User-agent: *\nDisallow: /early\n" + filler * 6100 + "Disallow: /late\n"
    assert len(text) > 600_000
    row = a_row(text)
    assert len(row.text.encode()) <= OBEYED_BYTES
    assert row.text.endswith("\n")
    assert not verdict(row, SITE + "/early").allowed
    assert verdict(row, SITE + "/late").allowed


def test_the_crawl_delay_of_our_own_group_is_taken():
    text = "User-agent: *\nCrawl-delay: 5\n\nUser-agent: citehound\nCrawl-delay: 7.5\n"
    assert verdict(a_row(text), SITE + "/a").crawl_delay_s == 7.5


@pytest.mark.parametrize("delay", ["-1", "nan", "inf", "soon", ""])
def test_a_nonsensical_crawl_delay_is_none(delay):
    assert verdict(a_row(f"User-agent: *\nCrawl-delay: {delay}\n"), SITE + "/a").crawl_delay_s == 0


def test_sitemaps_are_named_whoever_they_speak_to():
    text = (
        "Sitemap: https://news.example/one.xml\nUser-agent: other\nDisallow: /\n"
        "sitemap: https://news.example/two.xml\nSitemap: https://news.example/one.xml\n"
    )
    assert sitemaps(a_row(text)) == ("https://news.example/one.xml", "https://news.example/two.xml")
    assert sitemaps(a_row(text, status=404)) == ()


def test_rules_last_a_day_and_a_server_error_an_hour():
    site = limits().site
    rules, unreachable = a_row(DENY_ALL), a_row(status=503)
    assert is_fresh(rules, now=NOW + timedelta(hours=23), limits=site)
    assert not is_fresh(rules, now=NOW + timedelta(hours=24), limits=site)
    assert is_fresh(unreachable, now=NOW + timedelta(minutes=59), limits=site)
    assert not is_fresh(unreachable, now=NOW + timedelta(minutes=61), limits=site)


def test_a_host_that_did_not_answer_is_asked_again_soon():
    silent = a_row(status=None)
    assert is_fresh(silent, now=NOW + timedelta(seconds=59), limits=limits().site)
    assert not is_fresh(silent, now=NOW + timedelta(seconds=61), limits=limits().site)


def test_rules_from_a_little_ahead_of_the_clock_are_obeyed():
    """A recording's clock stands still while its answers carry the dates of the run as it went on."""
    ahead, far_ahead = NOW - timedelta(minutes=20), NOW - timedelta(days=2)
    assert is_fresh(a_row(DENY_ALL), now=ahead, limits=limits().site)
    assert is_fresh(a_row(status=None), now=ahead, limits=limits().site)
    assert not is_fresh(a_row(DENY_ALL), now=far_ahead, limits=limits().site)


@given(st.binary(max_size=2000))
def test_no_bytes_raise(body):
    row = robots_row(SITE, status=200, body=body, detail="", fetched_at=NOW)
    assert verdict(row, SITE + "/a").allowed in {True, False}
    assert isinstance(sitemaps(row), tuple)


@given(st.text(alphabet="Uuser-agnt: *\nDisalow/cthd#$%\t", max_size=400))
def test_text_like_robots_never_raises(text):
    assert allows(text) in {True, False}


HOSTILE = {
    "many agents": "".join(f"User-agent: a{n}\n" for n in range(40_000)) + "Disallow: /\n",
    "many rules": "User-agent: *\n" + "".join(f"Disallow: /{n}\n" for n in range(40_000)),
    "many stars": "User-agent: *\n" + ("Disallow: /" + "*a" * 500 + "b$\n") * 500,
    "one long line": "User-agent:" + " " * 500_000 + "x",
    "many groups of ours": "User-agent: citehound\nDisallow: /x\n" * 14_000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_files_are_read_in_bounded_time(text):
    started = time.process_time()
    allows(text, "/" + "a" * 5000)
    assert time.process_time() - started < 2.5


def test_a_nul_does_not_reach_the_store():
    assert obeyed_text(b"User-agent: *\0\n") == "User-agent: *\n"
