import tomllib
from importlib import resources
from pathlib import Path

import pytest

from crawler.extract.head import Head
from crawler.extract.page_state import RULES, judged
from crawler.extract.signs import Seen
from db.words import Access, PageState

CASES = Path(__file__).parent / "cases"
LISTED = tomllib.loads((CASES / "cases.toml").read_text(encoding="utf-8"))
STATES = {rule.name: rule.state for rule in RULES}


def page_of_case(name, read):
    row = dict(LISTED[name])
    row.pop("rule")
    headers = tuple((field, value) for field, value in row.pop("headers", ()))
    return read((CASES / f"{name}.html").read_bytes(), headers=headers, **row)


@pytest.mark.parametrize("name", sorted(LISTED))
def test_each_case_is_decided_by_its_rule(name, read):
    page = page_of_case(name, read)
    assert page.state_why.split(":")[0] == LISTED[name]["rule"], page.state_why
    assert page.state is STATES[LISTED[name]["rule"]]


def test_every_rule_has_a_case():
    assert {row["rule"] for row in LISTED.values()} == set(STATES)


def test_every_page_beside_the_list_is_a_case():
    assert {path.stem for path in CASES.glob("*.html")} == set(LISTED)


def test_rule_names_are_unique():
    assert len(STATES) == len(RULES)


def test_the_last_rule_fits_a_capture_without_any_sign():
    assert RULES[-1].fits(frozenset())


@pytest.mark.parametrize("status", range(100, 600))
def test_only_a_success_can_be_live(status, capture_of):
    seen = Seen(capture=capture_of(status=status), head=Head(), text="A sentence. " * 200)
    assert (judged(seen).state is PageState.LIVE) == (200 <= status < 300)


@pytest.mark.parametrize(
    ("name", "access"),
    [
        ("article-with-furniture", Access.OPEN),
        ("teaser-by-linked-data", Access.TEASER),
        ("hard-paywall-without-text", Access.WALL),
        ("login-instead-of-the-article", Access.WALL),
    ],
)
def test_access_follows_the_state(name, access, read):
    assert page_of_case(name, read).access is access


def test_why_names_the_rule_the_reason_and_the_signs(read):
    page = page_of_case("soft-404-title-and-tiny-noindex", read)
    assert page.state_why == (
        "soft-404: the server says 200, but two signs say that the page is not there "
        "(title:missing, robots:noindex+text:little)"
    )


def test_a_memento_is_judged_by_the_address_it_keeps(read):
    archived = (
        "https://archive.example/web/20260131000000id_/https://courier.example/a-story-of-the-pier"
    )
    page = read(
        "<article><h1>Pier</h1>"
        + "<p>One sentence of the story that is long enough to count here.</p>" * 9,
        url=archived,
        requested_url=archived,
        memento_of="https://courier.example/a-story-of-the-pier",
    )
    assert page.state is PageState.LIVE


def test_each_paywall_word_is_found_by_one_of_its_parts():
    rules = tomllib.loads(
        resources.files("crawler.extract").joinpath("page_state.toml").read_text()
    )
    parts = rules["paywall_stems"]
    assert [
        word for word in rules["paywall_words"] if not any(part in word for part in parts)
    ] == []


def test_what_only_shares_a_part_with_a_paywall_is_none(read):
    page = read("<body class='wallpaper'><p>The board voted for the pier on Tuesday.</p>")
    assert page.state is not PageState.TEASER
