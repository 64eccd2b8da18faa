"""What the archive's index is asked and what its lists mean. All exchanges are synthetic."""

import json
from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest

from crawler.resolve.cdx import FOLLOWED, REQUESTS, CdxResolver
from crawler.resolve.sections import prefixes
from crawler.resolve.wayback import ROWS, cdx_list
from db.model import DateWindow
from db.words import Coverage

STORY = "https://www.herald.example/2026/01/30/mayor-northport-resigns-bridge-contract"
KEY = "example%2Cherald%29%2Fnews+20260130000000%21"


def cdx(*urls, key=""):
    rows = [["20260130120000", url] for url in urls]
    return json.dumps([["timestamp", "original"], *rows, *([[], [key]] if key else [])])


def many(shape="https://www.herald.example/p/{}"):
    return cdx(*(shape.format(n) for n in range(ROWS)), key=KEY)


def others(count):
    return cdx(*(f"https://www.herald.example/{n}/snow-falls-on-harbour" for n in range(count)))


def fields(url):
    return parse_qs(urlsplit(url).query)


def listed(done):
    """What each request listed: prefix, words and whether it went on."""
    asked = [fields(url) for url in done.urls]
    return [(one["url"][0], len(one["filter"]) > 2, one.get("resumeKey", [""])[0]) for one in asked]


def test_the_host_is_listed_for_the_days_after_the_cited_one(a_query, driven):
    asked = fields(driven(CdxResolver().resolve(a_query())).urls[0])
    assert asked["url"] == ["herald.example/*"]
    assert (asked["from"], asked["to"]) == (["20260128"], ["20260213"])
    assert asked["filter"] == ["statuscode:200", "mimetype:text/html"]
    assert (asked["collapse"], asked["showResumeKey"]) == (["urlkey"], ["true"])


def test_without_a_date_the_archive_is_not_asked(a_query, driven):
    done = driven(CdxResolver().resolve(a_query(on=None)))
    assert (done.requests, done.answer.coverage) == ([], Coverage.NOT_COVERED)


def test_a_year_is_too_long_to_list_and_a_month_is_not(a_query, driven, synthetic):
    january = a_query(on=date(2026, 1, 1), until=date(2026, 1, 31))
    year = a_query(on=date(2025, 1, 1), until=date(2025, 12, 31))
    web = {"": synthetic(others(3))}
    assert len(driven(CdxResolver().resolve(january), web).requests) == 1
    assert driven(CdxResolver().resolve(year), web).requests == []


@pytest.mark.parametrize("body", ["[]", "", '[["timestamp","original"]]', others(FOLLOWED - 1)])
def test_an_archive_that_saw_little_of_the_host_proves_nothing(a_query, driven, synthetic, body):
    done = driven(CdxResolver().resolve(a_query()), {"": synthetic(body)})
    assert (done.answer.coverage, len(done.requests)) == (Coverage.NOT_COVERED, 1)


def test_an_archive_that_follows_the_outlet_makes_it_empty(a_query, driven, synthetic):
    answer = driven(CdxResolver().resolve(a_query()), {"": synthetic(others(FOLLOWED))}).answer
    assert answer.coverage is Coverage.EMPTY


def test_a_site_that_the_archive_excludes_is_blocked_and_asked_once(a_query, driven, synthetic):
    said = "AdministrativeAccessControlException: Blocked Site Error"
    refusal = synthetic(status=403, headers=(("X-Archive-Wayback-Runtime-Error", said),))
    done = driven(CdxResolver().resolve(a_query()), {"": refusal})
    assert (done.answer.coverage, len(done.requests)) == (Coverage.BLOCKED, 1)
    assert "excludes" in done.answer.detail


def test_a_quota_ends_the_listing(a_query, driven, synthetic):
    done = driven(CdxResolver().resolve(a_query()), {"": synthetic(status=429)})
    assert (done.answer.coverage, len(done.requests)) == (Coverage.QUOTA, 1)


def test_a_list_that_was_cut_is_asked_for_below_the_cited_day(a_query, driven, synthetic):
    web = {
        "2026%2F01%2F30": synthetic(cdx(STORY)),
        "": synthetic(many("https://www.herald.example/2026/01/29/p{}")),
    }
    done = driven(CdxResolver().resolve(a_query()), web)
    assert [prefix for prefix, _, _ in listed(done)] == [
        "herald.example/*",
        "herald.example/2026/01/30/*",
    ]
    assert done.answer.coverage is Coverage.ANSWERED


def test_a_list_that_the_index_cannot_make_is_asked_for_below_known_sections(
    a_query, driven, synthetic
):
    known = ("https://herald.example/world/a-b", "https://other.example/sport/a-b")
    query = a_query(known=known)
    web = {"%2Fworld%2F": synthetic(cdx(STORY)), "": synthetic(status=504)}
    done = driven(CdxResolver().resolve(query), web)
    assert [prefix for prefix, _, _ in listed(done)] == [
        "herald.example/*",
        "herald.example/world/*",
    ]
    assert done.answer.coverage is Coverage.ANSWERED


def test_then_by_words_and_on_from_where_that_was_cut(a_query, driven, synthetic):
    done = driven(
        CdxResolver().resolve(a_query()), {"": synthetic(many("https://herald.example/p{}"))}
    )
    key = "example,herald)/news 20260130000000!"
    assert listed(done) == [
        ("herald.example/*", False, ""),
        ("herald.example/*", True, ""),
        ("herald.example/*", True, key),
        ("herald.example/*", True, key),
    ]
    assert "northport" in fields(done.urls[1])["filter"][-1]
    assert done.answer.coverage is Coverage.DEGRADED


def test_a_list_that_ends_after_it_was_gone_on_with_is_whole(a_query, driven, synthetic):
    web = {
        "resumeKey=": synthetic(others(1)),
        "": synthetic(many("https://herald.example/a-b-c-{}")),
    }
    answer = driven(CdxResolver().resolve(a_query()), web).answer
    assert answer.coverage is Coverage.EMPTY


def test_whole_by_words_is_whole(a_query, driven, synthetic):
    web = {"urlkey%3A": synthetic(others(1)), "": synthetic(many("https://herald.example/p{}"))}
    done = driven(CdxResolver().resolve(a_query()), web)
    assert len(done.requests) == 2
    assert done.answer.coverage is Coverage.NOT_COVERED


def test_an_index_that_never_answers_costs_a_bounded_number_of_requests(a_query, driven, synthetic):
    known = tuple(f"https://herald.example/{name}/a-b" for name in ("world", "sport", "arts"))
    done = driven(CdxResolver().resolve(a_query(known=known)), {"": synthetic(status=504)})
    assert (len(done.requests), done.answer.coverage) == (REQUESTS, Coverage.DEGRADED)


@pytest.mark.parametrize(
    ("body", "key", "is_cut"),
    [
        (cdx(STORY), "", False),
        (cdx(STORY, key=KEY), "example,herald)/news 20260130000000!", False),
        (many(), "example,herald)/news 20260130000000!", True),
        ('[["timestamp","original"],[],[7]]', "", False),
    ],
)
def test_a_list_says_whether_there_is_more(body, key, is_cut):
    read = cdx_list(body.encode())
    assert (read.resume_key, read.is_cut) == (key, is_cut)
    assert all(row.url for row in read.rows)


DAY = DateWindow(first_on=date(2026, 1, 30), last_on=date(2026, 1, 30))
MONTH = DateWindow(first_on=date(2026, 1, 1), last_on=date(2026, 1, 31))
YEARS_END = DateWindow(first_on=date(2025, 12, 31), last_on=date(2026, 1, 1))


@pytest.mark.parametrize(
    ("known", "window", "expected"),
    [
        ("https://www.herald.example/2025/07/04/a", DAY, ("herald.example/2026/01/30/",)),
        ("https://herald.example/world/2025/jul/4/a", DAY, ("herald.example/world/2026/jan/30/",)),
        ("https://herald.example/2025/7/4/a", DAY, ("herald.example/2026/1/30/",)),
        ("https://herald.example/2025/07/a", DAY, ("herald.example/2026/01/",)),
        ("https://herald.example/2025/07/04/a", MONTH, ("herald.example/2026/01/",)),
        ("https://herald.example/news/2025/07/04/a", YEARS_END, ("herald.example/news/",)),
        ("https://herald.example/world/a-b", DAY, ("herald.example/world/",)),
        ("https://herald.example/a-b", DAY, ()),
        ("http://[", DAY, ()),
        ("", DAY, ()),
    ],
)
def test_a_known_address_tells_where_the_cited_days_are_listed(known, window, expected):
    assert prefixes([known], window, limit=2) == expected


def test_days_come_before_sections_and_the_commonest_first():
    known = [
        *("https://herald.example/sport/a" for _ in range(5)),
        "https://herald.example/arts/a",
        "https://herald.example/2025/07/04/a",
    ]
    assert prefixes(known, DAY, limit=2) == (
        "herald.example/2026/01/30/",
        "herald.example/sport/",
    )
