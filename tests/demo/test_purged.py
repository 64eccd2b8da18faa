"""What was purged stays out, also when the same page is captured and judged again."""

import sqlite3

import pytest
from record import rows_of, verify


@pytest.fixture(scope="module")
def purged(demo, tmp_path_factory):
    """The demo's rows before and after a purge of every page of one outlet, and the database."""
    database = tmp_path_factory.mktemp("purged") / "demo.db"
    asked = verify(
        demo / "document.md",
        seeds=demo.parent,
        database=database,
        web=["--replay", str(demo / "demo.warc.gz")],
    )
    before = rows_of(asked)
    url = next(row["url"] for row in before if row.get("n") == "1")
    arguments = ["purge", "--url", url, "--reason", "asked for", "--db", str(database)]
    rows_of([*arguments, "--seeds", str(demo.parent)], lines=False)
    return before, rows_of(asked), database


def of_source(rows, n):
    return next(row for row in rows if row.get("n") == n)


def test_the_verdict_stands_without_its_quotes(purged):
    before, after, _ = purged
    assert of_source(before, "1")["evidence"][0]["quote"]
    assert of_source(after, "1")["verdict"] == of_source(before, "1")["verdict"]
    assert [one["quote"] for one in of_source(after, "1")["evidence"]] == [""]


def test_neither_body_nor_text_nor_quotes_come_back(purged):
    _, _, database = purged
    with sqlite3.connect(database) as connection:
        (sha256,) = connection.execute("SELECT sha256 FROM purges").fetchone()
        left = connection.execute(
            "SELECT (SELECT count(*) FROM bodies WHERE sha256 = :one AND dropped = 0),"
            " (SELECT count(*) FROM pages WHERE body_sha256 = :one AND text <> ''),"
            " (SELECT count(*) FROM evidence e JOIN pages p ON p.id = e.page_id"
            "  WHERE p.body_sha256 = :one AND e.quote <> '')",
            {"one": sha256},
        ).fetchone()
    connection.close()
    assert left == (0, 0, 0)


def test_other_pages_keep_theirs(purged):
    before, after, _ = purged
    assert of_source(after, "10")["evidence"] == of_source(before, "10")["evidence"]


def test_looking_again_adds_no_verdict(purged):
    _, _, database = purged
    with sqlite3.connect(database) as connection:
        twice = connection.execute(
            "SELECT claim_id FROM verdicts GROUP BY claim_id, citation_id HAVING count(*) > 1"
        ).fetchall()
    connection.close()
    assert twice == []
