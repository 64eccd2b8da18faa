import asyncio
import subprocess
import sys
from contextlib import contextmanager

import pytest

from db.datasette import DATABASE, app
from db.datasette.metadata import CANNED_QUERIES, HIDDEN, OPERATOR_ONLY, described, descriptions
from db.errors import StoreUnusableError
from db.views import VIEWS

#: Writes 10,000 captures in batches of 100.
WRITER = """
import sys
from dataclasses import replace
from datetime import UTC, datetime
from db.ids import digest
from db.model import Capture, Run
from db.store import Store
from db.words import CapturePurpose, RunKind, RunState

now = datetime(2026, 11, 23, tzinfo=UTC)
one = Capture(
    id="", request_key="", requested_url="", url="https://post.example", method="GET",
    purpose=CapturePurpose.SOURCE, captured_at=now, duration_s=0.1, status=200, http_version="1.1",
    headers=(), body=b"x", body_sha256="x", body_bytes=1,
)
with Store.open(sys.argv[1]) as store:
    for n in range(100):
        batch = [replace(one, id=str(n * 100 + i)) for i in range(100)]
        store.add_outcomes([(capture, "run-1") for capture in batch])
        if n % 10 == 0:
            print(n, flush=True)
    store.checkpoint()
"""


@contextmanager
def datasette(path, *, operator=False):
    ds = app(path, operator=operator)
    try:
        yield ds
    finally:
        for database in ds.databases.values():
            database.close()
        if ds.executor is not None:
            ds.executor.shutdown()


def get(path, *urls, operator=False):
    """The answers to these URLs, from one Datasette."""

    async def ask(ds):
        await ds.invoke_startup()
        return [await ds.client.get(url) for url in urls]

    with datasette(path, operator=operator) as ds:
        return asyncio.run(ask(ds))


@pytest.fixture
def browsed(running, a, path):
    ingested = a.ingested(("It cost <b>50</b> million.", 1), ("Nobody came.",))
    running.add_ingested(ingested, at=a.now)
    a.answered(running, ingested)
    return path


def columns(store):
    rows = store._rows(
        "SELECT m.name AS t, c.name AS c FROM sqlite_master m JOIN pragma_table_info(m.name) c"
        " WHERE m.type IN ('table', 'view') AND m.name NOT LIKE 'sqlite_%'"
    )
    found = {}
    for row in rows:
        found.setdefault(row["t"], []).append(row["c"])
    return found


def test_every_table_view_and_column_is_described(store):
    schema = columns(store)
    written = described(schema)

    assert {name: list(entry["columns"]) for name, entry in written.items()} == schema
    assert all(entry["description"] for entry in written.values())


def test_no_description_is_left_over(store):
    schema = columns(store)
    data = descriptions()
    own = {**data["tables"], **data["views"]}
    stale = {
        (name, column)
        for name, entry in own.items()
        for column in entry.get("columns", {})
        if column not in schema.get(name, ())
    }

    assert stale == set()
    assert set(data["tables"]) | {view.name for view in VIEWS} == set(schema)


def test_every_shared_description_is_used(store):
    data = descriptions()
    own = {**data["tables"], **data["views"]}
    users = {
        column: [
            name
            for name, names in columns(store).items()
            if column in names and column not in own.get(name, {}).get("columns", {})
        ]
        for column in data["columns"]
    }

    assert {column: names for column, names in users.items() if not names} == {}


def test_views_are_described_once(store):
    assert all(view.description.endswith(".") for view in VIEWS)


def test_what_is_kept_back_or_hidden_exists(store):
    assert set(columns(store)) >= OPERATOR_ONLY | HIDDEN


@pytest.mark.parametrize("view", [view.name for view in VIEWS])
def test_everybody_may_read_the_views(browsed, view):
    (answer,) = get(browsed, f"/{DATABASE}/{view}.json")

    assert answer.status_code == 200


def test_pages_say_what_columns_mean(browsed):
    (answer,) = get(browsed, f"/{DATABASE}/latest_verdicts")

    assert "Day on which this is due again" in answer.text


def test_the_front_page_shows_the_tables(browsed):
    (answer,) = get(browsed, f"/{DATABASE}")

    assert answer.status_code == 200
    assert all(view.name in answer.text for view in VIEWS)


def test_what_strangers_wrote_is_escaped(browsed):
    (answer,) = get(browsed, f"/{DATABASE}/latest_verdicts")

    assert "&lt;b&gt;50&lt;/b&gt;" in answer.text
    assert "<b>50</b>" not in answer.text


@pytest.mark.parametrize("table", sorted(OPERATOR_ONLY))
@pytest.mark.parametrize(("operator", "status"), [(False, 403), (True, 200)])
def test_whole_pages_are_for_the_operator(browsed, table, operator, status):
    (answer,) = get(browsed, f"/{DATABASE}/{table}.json", operator=operator)

    assert answer.status_code == status


@pytest.mark.parametrize(
    "url",
    [
        "PAGES.json",
        "pages/{page}.json",
        "PAGES/{page}.json",
        "bodies/{body}.blob?_blob_column=zstd",
        'verdicts.json?_through={{"table":"evidence","column":"start","value":"0"}}',
        "verdicts.json?_where=1",
    ],
)
def test_the_public_finds_no_way_round(browsed, a, url):
    page = a.page(a.capture())
    (answer,) = get(browsed, f"/{DATABASE}/" + url.format(page=page.id, body=page.body_sha256))

    assert answer.status_code in {403, 404}


def test_no_public_table_shows_the_text_of_a_page(browsed, running, a):
    names = set(columns(running)) - OPERATOR_ONLY
    urls = [f"/{DATABASE}/{name}.json?_labels=on&_shape=objects" for name in sorted(names)]
    answers = get(browsed, *urls)

    assert [answer.status_code for answer in answers] == [200] * len(urls)
    assert not any(a.page_text in str(answer.json()) for answer in answers)


@pytest.mark.parametrize(("operator", "status"), [(False, 403), (True, 200)])
def test_sql_is_for_the_operator(browsed, operator, status):
    (answer,) = get(browsed, f"/{DATABASE}.json?sql=select+1", operator=operator)

    assert answer.status_code == status


def test_the_file_is_not_handed_out(browsed):
    (answer,) = get(browsed, f"/{DATABASE}.db", operator=True)

    assert answer.status_code == 403


def test_nobody_writes_by_sql(browsed):
    (answer,) = get(browsed, f"/{DATABASE}.json?sql=delete+from+leases", operator=True)

    assert answer.status_code == 400


@pytest.mark.parametrize("name", sorted(CANNED_QUERIES))
def test_everybody_may_ask_the_ready_questions(browsed, name):
    (answer,) = get(browsed, f"/{DATABASE}/{name}.json?document=report&day=2026-12-31&_shape=array")

    assert answer.status_code == 200
    assert isinstance(answer.json(), list)


def test_the_ready_questions_find_what_is_there(browsed):
    asked = ("verdicts_of_document.json?document=report", "due.json?day=2026-11-24")
    answers = get(browsed, *(f"/{DATABASE}/{url}&_shape=array" for url in asked))

    assert [[row["verdict"] for row in answer.json()] for answer in answers] == [
        ["contradicted"],
        ["contradicted"],
    ]


def test_answers_forbid_scripts_of_strangers_and_sniffing(browsed):
    (answer,) = get(browsed, f"/{DATABASE}")

    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "script-src 'self';" in answer.headers["content-security-policy"]


def test_a_file_that_does_not_exist_is_refused(tmp_path):
    with pytest.raises(StoreUnusableError, match="unable to open"):
        app(tmp_path / "citehound.db", operator=True)


def test_another_datasette_in_the_process_is_left_alone(browsed):
    get(browsed, "/")
    from datasette.app import Datasette

    async def ask(ds):
        await ds.invoke_startup()
        return await ds.client.get("/_memory.json?sql=select+1")

    other = Datasette(memory=True)
    answer = asyncio.run(ask(other))
    other.executor.shutdown()

    assert answer.status_code == 200
    assert "content-security-policy" not in answer.headers


def test_browsing_goes_on_while_ten_thousand_rows_are_written(browsed):
    async def browse(ds, writer):
        await ds.invoke_startup()
        seen, statuses = [], set()
        while writer.poll() is None:
            log = await ds.client.get(f"/{DATABASE}/captures_log.json?_size=1&_shape=object")
            count = await ds.client.get(f"/{DATABASE}.json?sql=select+count(*)+from+captures")
            statuses |= {count.status_code, log.status_code if log.status_code != 400 else 200}
            seen.append(count.json()["rows"][0][0])
        final = await ds.client.get(f"/{DATABASE}.json?sql=select+count(*)+from+captures")
        return [*seen, final.json()["rows"][0][0]], statuses

    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(browsed)], stdout=subprocess.PIPE, text=True
    )
    with datasette(browsed, operator=True) as ds:
        counts, statuses = asyncio.run(browse(ds, writer))
    writer.communicate(timeout=60)

    assert writer.returncode == 0
    assert statuses == {200}
    assert counts == sorted(counts)
    assert counts[-1] == 10_001
