"""Remarks that say where a sentence comes from bind to it, not to the next one."""

import pytest

CLOSED = "The bridge was closed on Friday."
ROSE = "The river rose by three metres overnight."
LINK = "[The Outlet](https://example.com/a)"


@pytest.mark.parametrize(
    "remark",
    [
        f"({LINK})",
        f"(Source: {LINK})",
        f"(Sources: {LINK}, [Other](https://example.com/a))",
        f"[{LINK}]",
        f"Source: {LINK}",
        f"Quelle: {LINK}",
        f"Джерело: {LINK}",
        "(https://example.com/a)",
    ],
)
def test_remark_belongs_to_the_sentence_before_it(read, remark):
    result = read(f"{CLOSED} {remark} {ROSE}" if "(" in remark[:1] else f"{CLOSED} {remark}\n")
    assert [row["claim"] for row in result.claims] == [CLOSED]
    assert {row["url"] for row in result.citations} == {"https://example.com/a"}
    assert CLOSED + " " + remark in result.text[result.claims[0]["start"] :]
    assert result.claims[0]["end"] == result.claims[0]["start"] + len(f"{CLOSED} {remark}")


def test_sentence_in_brackets_is_a_sentence(read):
    result = read(f"{CLOSED} (The mayor said so on Friday {LINK}.) {ROSE}")
    assert [row["claim"] for row in result.claims] == ["(The mayor said so on Friday The Outlet.)"]


def test_remark_within_a_sentence_stays_in_it(read):
    result = read(f"The bridge was closed ({LINK}) on Friday.")
    assert [row["claim"] for row in result.claims] == [
        "The bridge was closed (The Outlet) on Friday."
    ]


def test_line_of_sources_alone_is_no_claim_and_its_links_are_kept(read):
    result = read(f"{CLOSED}\n\nSources: {LINK}, [Other](https://example.com/b)\n")
    assert result.claims == []
    assert [row["url"] for row in result.citations] == [
        "https://example.com/a",
        "https://example.com/b",
    ]
    assert result.reasons == ["marker_outside_claim", "marker_outside_claim"]


def test_marker_of_a_link_without_number_is_shown_without_one(read):
    assert [row["n"] for row in read(f"Sources: {LINK}\n").unparsed] == [""]


def test_brackets_that_hold_only_markers_go_with_them(read):
    result = read(f"{CLOSED} ([1], [2]) {ROSE}\n\nSources\n1. A: “B c”, 2020\n2. D: “E f”, 2021\n")
    assert result.cites == {CLOSED: ["1", "2"]}


def test_note_is_a_sentence(read):
    result = read(f"{CLOSED} Note: the river rose, says {LINK}.\n")
    assert [row["claim"] for row in result.claims] == ["Note: the river rose, says The Outlet."]
