"""The rows that `ingest` prints."""

import json

TEXT = """\
The bridge was closed on Friday [1]. It rained for a whole week in May. Nobody knows [9].

## Sources

- [1] Outlet: “Title”, 2020
- [2] gibberish
"""


def test_rows_have_the_fields_of_their_kind(read):
    result = read(TEXT)
    assert set(result.citations[0]) == {
        "kind", "id", "document", "n", "outlet", "title", "date", "url", "doi", "start", "end", "raw",
    }  # fmt: skip
    claim_fields = {
        "kind", "id", "document", "claim", "cites", "citations", "start", "end", "heading", "context",
    }  # fmt: skip
    assert set(result.claims[0]) == claim_fields
    assert set(result.uncited[0]) == claim_fields
    assert set(result.unparsed[0]) == {
        "kind",
        "document",
        "n",
        "reason",
        "detail",
        "start",
        "end",
        "raw",
    }


def test_rows_are_json(read):
    result = read(TEXT)
    assert json.dumps([*result.citations, *result.claims, *result.uncited, *result.unparsed])


def test_nothing_that_was_written_is_lost(read):
    result = read(TEXT)
    assert [row["raw"] for row in result.citations] == ["[1] Outlet: “Title”, 2020"]
    assert [row["claim"] for row in result.claims] == ["The bridge was closed on Friday."]
    assert [row["claim"] for row in result.uncited] == ["It rained for a whole week in May."]
    assert [(row["n"], row["reason"]) for row in result.unparsed] == [
        ("9", "marker_without_source"),
        ("2", "no_outlet_or_title"),
    ]


def test_link_without_a_marker_is_cited_by_its_id(read):
    result = read("It rained [for a week](https://example.com/a) in May.")
    assert result.claims[0]["cites"] == [result.citations[0]["id"]]
