from dataclasses import replace

import pytest

from db.ids import digest
from db.model import Save
from db.store import Store
from db.words import Access, PageState, ResolveStatus, SaveState

COPY = "https://web.archive.org/web/20261123021700/https://post.example/a"


@pytest.fixture
def ingested(running, a):
    made = a.ingested(("It cost 50 million.", 1), ("The bridge opened.", 2))
    running.add_ingested(made, at=a.now)
    return made


@pytest.fixture
def a_save(a):
    def build(page, run_id="run-1", **fields):
        save = Save(
            id=digest("save", run_id, page.url),
            run_id=run_id,
            page_id=page.id,
            url=page.url,
            asked_at=a.now,
            state=SaveState.SAVED,
            archive_url=COPY,
            detail="saved",
        )
        return replace(save, **fields)

    return build


def urls(store, *run_ids):
    return [one.url for one in store.unsaved(run_ids or ("run-1",))]


def test_a_live_page_that_a_verdict_rests_on_is_unsaved(running, a, ingested):
    page = a.answered(running, ingested)["page"]
    assert [(one.page_id, one.url) for one in running.unsaved(["run-1"])] == [(page.id, page.url)]


def test_a_page_is_unsaved_once_however_many_verdicts_rest_on_it(running, a, ingested):
    a.answered(running, ingested)
    a.answered(running, ingested, number=2, claim=1)
    assert len(running.unsaved(["run-1"])) == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"noarchive": True},
        {"state": PageState.TEASER},
        {"state": PageState.WALLED},
        {"state": PageState.NOT_AN_ARTICLE},
        {"access": Access.TEASER},
        {"access": Access.WALL},
    ],
)
def test_what_asks_not_to_be_archived_or_is_not_shown_to_all_is_never_due(
    running, a, ingested, fields
):
    a.answered(running, ingested, **fields)
    assert urls(running) == []


def test_a_verdict_that_says_nothing_of_its_claim_rests_on_no_page(running, a, ingested):
    capture = a.capture()
    page, citation = a.page(capture), ingested.citations[0]
    resolution = a.resolution(citation, page=page)
    verdict = a.verdict(ingested.claims[0], citation, resolution)
    running.add_outcomes([(capture, "run-1")])
    running.add_answer(
        resolution=resolution,
        pages=[page],
        verdicts=[verdict],
        attempts=[a.attempt(verdict, resolution)],
    )
    assert urls(running) == []


@pytest.mark.parametrize("status", [ResolveStatus.FOUND_ARCHIVED, ResolveStatus.PAYWALLED])
def test_only_what_was_found_live_is_due(running, a, ingested, status):
    capture = a.capture()
    page, citation = a.page(capture), ingested.citations[0]
    resolution = a.resolution(citation, page=page, status=status)
    finding = a.finding(ingested.claims[0], page)
    verdict = a.verdict(ingested.claims[0], citation, resolution, findings=(finding,))
    running.add_outcomes([(capture, "run-1")])
    running.add_answer(
        resolution=resolution,
        pages=[page],
        findings=[finding],
        verdicts=[verdict],
        attempts=[a.attempt(verdict, resolution)],
    )
    assert urls(running) == []


def test_another_runs_pages_are_not_due(running, a, ingested):
    a.answered(running, ingested)
    assert urls(running, "run-2") == []


def test_a_page_of_which_a_copy_is_known_is_not_due_again(running, a, ingested, a_save):
    running.add_save(a_save(a.answered(running, ingested)["page"]))
    assert urls(running) == []


def test_a_page_that_is_pending_is_due_again(running, a, ingested, a_save):
    page = a.answered(running, ingested)["page"]
    running.add_save(a_save(page, state=SaveState.PENDING, archive_url=None))
    assert urls(running) == [page.url]


def test_a_page_that_was_taken_out_is_not_due(running, a, ingested):
    page = a.answered(running, ingested)["page"]
    running.purge(url=page.url, reason="asked for", at=a.now)
    assert urls(running) == []


def test_the_copy_stands_beside_the_verdict(running, a, ingested, a_save):
    page = a.answered(running, ingested)["page"]
    running.add_save(a_save(page))
    standing = running.standing(ingested.version.document_id)[0]
    assert (standing.archive_url, standing.resolution.archive_url) == (COPY, None)
    row = running._row("SELECT archive_url FROM latest_verdicts WHERE verdict_id IS NOT NULL")
    assert row["archive_url"] == COPY


def test_storing_a_save_again_adds_nothing(running, a, ingested, a_save):
    page = a.answered(running, ingested)["page"]
    running.add_save(a_save(page))
    running.add_save(a_save(page, detail="again"))
    assert [row["detail"] for row in running._rows("SELECT detail FROM saves")] == ["saved"]


def test_a_file_of_the_first_release_gets_the_table(store, path):
    store._connection.executescript(
        "DROP VIEW flagged; DROP VIEW unverifiable_by_reason; DROP VIEW latest_verdicts;"
        "DROP TABLE saves; DELETE FROM _sqlite_migrations WHERE name = 'm0002_saves';"
    )
    store.close()
    with Store.open(path) as opened:
        assert opened.unsaved(["run-1"]) == ()
