"""The real article's five citations, each way, from a recording of placeholder pages at the outlets' hosts."""

from __future__ import annotations

import json

import pytest
from record import rows_of, verify

_SAYS_SO = "not reporting by this outlet"


@pytest.fixture(scope="module")
def kyiv(demo):
    return demo.parent / "kyiv-pause"


@pytest.fixture(scope="module")
def expected(kyiv):
    return _read(kyiv / "expected.jsonl")


@pytest.fixture(scope="module")
def replayed(kyiv, tmp_path_factory):
    database = tmp_path_factory.mktemp("kyiv") / "kyiv.db"
    web = ["--replay", str(kyiv / "synthetic-kyiv-pause.warc.gz")]
    document = kyiv.parent / "kyiv-pause.jsonl"
    rows = rows_of(verify(document, seeds=kyiv.parent, database=database, web=web))
    return {row["claim"]: row for row in rows if row["kind"] == "citation"}


def test_the_five_citations_are_those_of_the_article(kyiv):
    rows = _read(kyiv.parent / "kyiv-pause.jsonl")
    assert [(row["outlet"], row["date"]) for row in rows] == [
        ("The Times of India", None),
        ("Reuters", "Jan 30, 2026"),
        ("Fox News", None),
        ("President of Ukraine Official Website", None),
        ("International Crisis Group", "December 2025"),
    ]


def test_every_page_says_that_it_is_a_placeholder(kyiv):
    pages = [path for path in (kyiv / "site").rglob("*") if path.suffix in {".html", ".xml"}]
    silent = [path.name for path in pages if _SAYS_SO not in path.read_text(encoding="utf-8")]
    assert (len(pages) > 5, silent) == (True, [])


@pytest.mark.parametrize("place", range(5))
def test_each_citation_is_answered_its_own_way(expected, replayed, place):
    asked = expected[place]
    row = next(row for claim, row in replayed.items() if claim.startswith(asked["claim"]))
    told = {
        "status": row["status"],
        "verdict": row["verdict"],
        "reason": row["reason"],
        "archived": row["archive_url"] is not None,
        "identity": {part: row["identity"][part]["verdict"] for part in asked.get("identity", {})},
    }
    assert told == {"archived": False, "identity": {}} | {
        k: asked[k] for k in asked if k not in {"id", "claim"}
    }


def _read(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
