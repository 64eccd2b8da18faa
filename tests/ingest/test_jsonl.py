"""Citehound JSON Lines."""

import json

import pytest


@pytest.fixture
def jsonl(read):
    return lambda *rows: read(
        "\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows),
        media_type="application/jsonl",
    )


def test_row_is_a_claim_with_its_citation(jsonl):
    result = jsonl(
        {
            "id": "a",
            "claim": "It rained.",
            "outlet": "O",
            "title": "T",
            "date": "2026",
            "url": "https://x.example",
            "doi": "10.1/2",
        }
    )
    row = result.citations[0]
    assert [row[name] for name in ("n", "outlet", "title", "date", "url", "doi")] == [
        "a",
        "O",
        "T",
        "2026",
        "https://x.example",
        "10.1/2",
    ]
    assert result.cites == {"It rained.": ["a"]}


def test_claim_alone_is_uncited_whatever_it_says(jsonl):
    assert [row["claim"] for row in jsonl({"claim": "It rained."}).uncited] == ["It rained."]


def test_same_citation_on_two_rows_is_one_citation(jsonl):
    result = jsonl(
        {"id": 1, "claim": "It rained.", "outlet": "O", "title": "T"},
        {"id": 2, "claim": "It snowed.", "outlet": "o", "title": "“T”".strip("“”")},
    )
    assert len(result.document.citations) == 1
    assert result.cites == {"It rained.": ["1"], "It snowed.": ["2"]}


def test_same_claim_on_two_rows_is_one_claim_with_two_citations(jsonl):
    result = jsonl(
        {"claim": "It rained.", "url": "https://a.example"},
        {"claim": "It rained.", "url": "https://b.example"},
    )
    assert [len(row["citations"]) for row in result.claims] == [2]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('{"claim": broken', "malformed_json"),
        ("[" * 100_000, "malformed_json"),
        ("[1]", "malformed_row"),
        ('{"claim": ["x"]}', "malformed_row"),
        ('{"claim": "x", "title": {}}', "malformed_row"),
        ('{"outlet": "x"}', "no_claim"),
        ('{"claim": "  "}', "no_claim"),
    ],
)
def test_unusable_line_is_kept_with_its_number(jsonl, line, reason):
    result = jsonl({"claim": "It rained."}, "", line, {"claim": "It snowed."})
    assert [(row["n"], row["reason"]) for row in result.unparsed] == [("3", reason)]
    assert result.unparsed[0]["detail"].startswith("Line 3: ")
    assert len(result.uncited) == 2


def test_half_a_surrogate_pair_can_be_stored(jsonl):
    result = jsonl('{"claim": "It rained \\ud800 today.", "title": "\\udfff"}')
    assert result.claims[0]["claim"].encode()


def test_claim_span_is_its_line(jsonl):
    result = jsonl({"claim": "It rained."}, {"claim": "It snowed."})
    row = result.uncited[1]
    assert result.text[row["start"] : row["end"]] == '{"claim": "It snowed."}'
