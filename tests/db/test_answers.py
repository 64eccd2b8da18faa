from dataclasses import replace
from datetime import date

import pytest

from db.results import PastAttempt
from db.words import FailureKind, PageState, Reason, ResolveStatus, VerdictKind


@pytest.fixture
def ingested(running, a):
    made = a.ingested(("It cost 50 million.", 1, 2), ("The bridge opened.", 2))
    running.add_ingested(made, at=a.now)
    return made


def test_an_answer_comes_back_whole(running, a, ingested):
    parts = a.answered(running, ingested)

    assert running.page(parts["page"].id) == parts["page"]
    assert running.resolution(parts["resolution"].id) == parts["resolution"]
    verdict = parts["verdict"]
    assert running.latest_verdict(verdict.claim_id, citation_id=verdict.citation_id) == verdict
    assert running._findings([parts["finding"].id]) == {parts["finding"].id: parts["finding"]}


def test_storing_an_answer_again_adds_nothing(running, a, ingested):
    a.answered(running, ingested)
    before = running._connection.total_changes
    a.answered(running, ingested)

    assert running._connection.total_changes == before


def test_nothing_of_an_answer_is_stored_when_a_part_cannot_be(running, a, ingested):
    resolution = a.resolution(ingested.citations[0])
    verdict = replace(
        a.verdict(ingested.claims[0], ingested.citations[0], resolution), finding_ids=("nowhere",)
    )
    with pytest.raises(Exception, match="FOREIGN KEY"):
        running.add_answer(resolution=resolution, verdicts=[verdict])

    assert running.attempted(["run-1"]) == frozenset()


def test_the_last_verdict_stored_is_the_one_that_stands(running, a, ingested):
    a.unreachable(running, ingested)
    running.start_run(a.run("run-2"))
    second = a.unreachable(running, ingested, run_id="run-2", detail="later")

    claim, citation = ingested.claims[0], ingested.citations[0]
    assert running.latest_verdict(claim.id, citation_id=citation.id) == second
    assert running._row("SELECT count(*) FROM verdicts_latest")[0] == 1


def test_the_verdict_on_a_claim_stands_beside_those_on_its_citations(running, a, ingested):
    one = a.unreachable(running, ingested)
    whole = a.verdict(ingested.claims[0], None, a.resolution(ingested.citations[0]))
    running.add_answer(resolution=a.resolution(ingested.citations[0]), verdicts=[whole])

    assert running.latest_verdict(whole.claim_id, citation_id=None) == whole
    assert running.latest_verdict(one.claim_id, citation_id=one.citation_id) == one


def test_the_verdict_on_a_claim_may_come_by_itself(running, a, ingested):
    a.unreachable(running, ingested)
    whole = a.verdict(ingested.claims[0], None, a.resolution(ingested.citations[0]))
    running.add_verdict(whole)
    running.add_verdict(whole)

    assert running.latest_verdict(whole.claim_id, citation_id=None) == whole


def test_what_was_never_judged_has_no_verdict(running, ingested):
    assert running.latest_verdict(ingested.claims[0].id, citation_id=None) is None


def test_a_resumed_run_knows_what_was_answered(running, a, ingested):
    a.unreachable(running, ingested, number=2)

    assert running.attempted(["run-1", "run-2"]) == {ingested.citations[1].id}
    assert running.attempted(["run-2"]) == frozenset()


def test_past_attempts_tell_how_each_ended(running, a, ingested):
    a.answered(running, ingested, state=PageState.GONE)
    running.start_run(a.run("run-2"))
    url = "https://post.example/a"
    running.add_outcomes([(a.failure(url, seconds=60), "run-2")])
    second = a.resolution(ingested.citations[0], "run-2", seconds=61, url=url)
    running.add_answer(resolution=second)

    assert running.attempts_of(ingested.citations[0].id) == (
        PastAttempt(
            run_id="run-1",
            attempted_at=a.now,
            status=ResolveStatus.FOUND,
            reason=None,
            url=url,
            state=PageState.GONE,
            failure=None,
        ),
        PastAttempt(
            run_id="run-2",
            attempted_at=a.at(61),
            status=ResolveStatus.UNREACHABLE,
            reason=Reason.UNREACHABLE,
            url=url,
            state=None,
            failure=FailureKind.DNS,
        ),
    )


def test_standing_has_a_row_per_claim_and_citation_in_document_order(running, a, ingested):
    rows = running.standing(ingested.version.document_id)

    assert [(row.claim.text, row.citation and row.citation.title) for row in rows] == [
        ("It cost 50 million.", "Title 1"),
        ("It cost 50 million.", "Title 2"),
        ("It cost 50 million.", None),
        ("The bridge opened.", "Title 2"),
    ]


def test_a_standing_row_joins_all_that_is_known(running, a, ingested):
    parts = a.answered(running, ingested)
    row = running.standing(ingested.version.document_id)[0]

    assert row.verdict == parts["verdict"]
    assert row.resolution == parts["resolution"]
    assert row.findings == (parts["finding"],)
    assert row.citation_mark == ingested.citation_marks[0]
    assert row.mark == ingested.claim_marks[0]
    assert row.attempted_at == a.now
    assert row.retry_on == parts["verdict"].retry_on
    assert row.document == "report.md"
    assert (row.source.url, row.source.body_sha256, row.source.captured_at) == (
        parts["page"].url,
        parts["capture"].body_sha256,
        parts["capture"].captured_at,
    )


def test_a_standing_row_before_the_first_attempt_is_empty(running, ingested):
    row = running.standing(ingested.version.document_id)[0]

    assert (row.verdict, row.resolution, row.source, row.attempted_at, row.findings) == (
        None,
        None,
        None,
        None,
        (),
    )


def test_a_standing_row_shows_the_last_resolution_beside_an_older_verdict(running, a, ingested):
    verdict = a.answered(running, ingested)["verdict"]
    running.start_run(a.run("run-2"))
    again = a.resolution(ingested.citations[0], "run-2", seconds=60)
    running.add_answer(resolution=again, attempts=[a.attempt(verdict, again)])
    row = running.standing(ingested.version.document_id)[0]

    assert (row.verdict, row.resolution, row.attempted_at) == (verdict, again, a.at(60))
    assert row.retry_on == verdict.retry_on


def test_a_standing_row_names_the_archive(running, a, ingested):
    copy = a.capture("https://archive.example/1/x", memento_of="https://post.example/a")
    running.add_outcomes([(copy, "run-1")])
    page = a.page(copy, url="https://post.example/a")
    resolution = a.resolution(ingested.citations[1], page=page)
    verdict = a.verdict(ingested.claims[1], ingested.citations[1], resolution)
    running.add_answer(resolution=resolution, pages=[page], verdicts=[verdict])
    row = running.standing(ingested.version.document_id)[-1]

    assert row.source.captured_url == "https://archive.example/1/x"
    assert row.source.memento_of == "https://post.example/a"


def test_an_unknown_document_stands_for_nothing(running):
    assert running.standing("nowhere") == ()


def test_unused_citations_come_with_their_last_resolution(running, a):
    ingested = a.ingested(("One.", 1), references=3, name="unused.md")
    running.add_ingested(ingested, at=a.now)
    resolution = a.resolution(ingested.citations[1])
    running.add_answer(resolution=resolution)

    assert running.unused(ingested.version.document_id) == (
        (ingested.citations[1], resolution),
        (ingested.citations[2], None),
    )


def test_the_funnel_counts_each_stage_in_order(running, a):
    ingested = a.ingested(
        ("It cost 50 million.", 1), ("It opened.", 2), references=3, unparsed=(a.unparsed(),)
    )
    running.add_ingested(ingested, at=a.now)
    a.answered(running, ingested)
    a.unreachable(running, ingested, number=2, claim=1)

    assert list(running.funnel(ingested.version.document_id).items()) == [
        ("cited", 4),
        ("parsed", 3),
        ("resolved", 1),
        ("fetched", 1),
        ("read", 1),
        ("verified", 1),
        ("flagged", 1),
    ]


def test_the_funnel_of_a_document_without_citations_is_all_zero(running, a):
    ingested = a.ingested(("Nothing cited.",), references=0)
    running.add_ingested(ingested, at=a.now)

    assert set(running.funnel(ingested.version.document_id).values()) == {0}


def rows(store, sql):
    return [dict(row) for row in store._rows(sql)]


def test_claims_never_attempted_are_unverifiable_not_attempted(running, ingested):
    assert rows(running, "SELECT DISTINCT verdict, reason FROM latest_verdicts") == [
        {"verdict": "unverifiable", "reason": "not_attempted"}
    ]


def test_unverifiable_claims_are_counted_by_reason(running, a, ingested):
    a.unreachable(running, ingested)
    counted = rows(running, "SELECT reason, claims, citations FROM unverifiable_by_reason")

    assert counted == [
        {"reason": "not_attempted", "claims": 2, "citations": 1},
        {"reason": "unreachable", "claims": 1, "citations": 1},
    ]


def test_flagged_claims_show_their_quote(running, a, ingested):
    a.answered(running, ingested)

    assert rows(running, "SELECT n, verdict, reason, quote FROM flagged") == [
        {
            "n": "1",
            "verdict": "contradicted",
            "reason": "figure_conflict",
            "quote": "40 million crowns",
        }
    ]


def test_a_page_that_asked_not_to_be_quoted_is_not_quoted(running, a, ingested):
    a.answered(running, ingested, nosnippet=True)

    assert rows(running, "SELECT quote FROM flagged") == [{"quote": None}]
    assert rows(running, "SELECT * FROM evidence_shown") == []


def test_shown_evidence_and_what_stands_around_it_is_the_page(running, a, ingested):
    a.answered(running, ingested)
    shown = rows(running, "SELECT before || quote || after AS text FROM evidence_shown")

    assert shown == [{"text": a.page_text}] * 2


def test_uncited_claims_are_listed(running, a):
    running.add_ingested(a.ingested(("Cited.", 1), ("Not cited.",), name="u.md"), at=a.now)

    assert rows(running, "SELECT claim FROM uncited_claims") == [{"claim": "Not cited."}]


def test_the_history_of_verdicts_tells_why_each_came(running, a, ingested):
    a.answered(running, ingested)
    running.start_run(a.run("run-2"))
    a.unreachable(running, ingested, run_id="run-2", cause="reachability", decided_at=a.at(60))
    history = rows(
        running, "SELECT verdict, cause, stands FROM verdict_history ORDER BY decided_at"
    )

    assert history == [
        {"verdict": VerdictKind.CONTRADICTED.value, "cause": None, "stands": 0},
        {"verdict": VerdictKind.UNVERIFIABLE.value, "cause": "reachability", "stands": 1},
    ]


def test_the_logs_tell_of_runs_and_exchanges(running, a, ingested):
    a.answered(running, ingested)
    running.add_outcomes([(a.failure(), "run-1")])

    assert rows(running, "SELECT citations, captures, failures, verdicts FROM runs_log") == [
        {"citations": 1, "captures": 1, "failures": 1, "verdicts": 1}
    ]
    assert rows(running, "SELECT outcome FROM captures_log ORDER BY outcome") == [
        {"outcome": "200"},
        {"outcome": "dns"},
    ]


class TestPurge:
    def test_it_takes_body_text_and_quotes_out(self, running, a, ingested):
        parts = a.answered(running, ingested)
        sha256 = parts["capture"].body_sha256

        assert running.purge(url=parts["capture"].url, reason="asked to", at=a.now) == (sha256,)
        assert running.body(sha256) is None
        assert running.page(parts["page"].id).text == ""
        assert rows(running, "SELECT DISTINCT quote FROM evidence") == [{"quote": ""}]

    def test_it_leaves_verdicts_and_a_tombstone(self, running, a, ingested):
        parts = a.answered(running, ingested)
        running.purge(url=parts["capture"].url, reason="asked to", at=a.now)

        assert rows(running, "SELECT sha256, url, reason, purged_at FROM purges") == [
            {
                "sha256": parts["capture"].body_sha256,
                "url": parts["capture"].url,
                "reason": "asked to",
                "purged_at": "2026-11-23T02:17:00.000000Z",
            }
        ]
        assert rows(running, "SELECT verdict FROM flagged") == [{"verdict": "contradicted"}]

    def test_a_purged_body_is_never_stored_again(self, running, a, ingested):
        parts = a.answered(running, ingested)
        running.purge(url=parts["capture"].url, reason="asked to", at=a.now)
        running.add_outcomes([(a.capture(seconds=60), "run-1")])

        assert running.body(parts["capture"].body_sha256) is None

    @pytest.mark.parametrize(
        "what", [{"outlet": "HARBOUR post"}, {"hosts": ["Example"]}, {"hosts": ["post.example"]}]
    )
    def test_an_outlet_is_found_by_its_name_or_hosts(self, running, a, ingested, what):
        parts = a.answered(running, ingested)

        assert running.purge(**what, reason="asked to", at=a.now) == (parts["page"].body_sha256,)

    @pytest.mark.parametrize("what", [{"outlet": "Other"}, {"hosts": ["t.example", "ost.example"]}])
    def test_other_outlets_are_left_alone(self, running, a, ingested, what):
        a.answered(running, ingested)

        assert running.purge(**what, reason="asked to", at=a.now) == ()

    def test_nothing_of_the_page_is_left_in_the_files(self, running, a, ingested, path):
        parts = a.answered(running, ingested, text="An unmistakable sentence." * 400)
        files = [path, path.with_name(path.name + "-wal")]
        running.checkpoint()
        assert any(b"An unmistakable sentence." in file.read_bytes() for file in files)
        running.purge(url=parts["capture"].url, reason="asked to", at=a.now)

        assert not any(b"unmistakable" in file.read_bytes() for file in files)

    def test_something_must_be_named(self, running, a):
        with pytest.raises(ValueError, match="nothing named"):
            running.purge(reason="no reason", at=a.now)

    def test_history_is_guarded_again_afterwards(self, running, a, ingested):
        parts = a.answered(running, ingested)
        running.purge(url=parts["capture"].url, reason="asked to", at=a.now)

        with pytest.raises(Exception, match="is history"):
            running._connection.execute("UPDATE pages SET text = 'x'")


def test_retry_on_of_the_latest_verdict_follows_the_attempt(running, a, ingested):
    verdict = a.unreachable(running, ingested, retry_on=date(2026, 11, 24))
    running.start_run(a.run("run-2"))
    again = a.resolution(ingested.citations[0], "run-2", seconds=60)
    attempt = a.attempt(verdict, again, retry_on=date(2026, 12, 24))
    running.add_answer(resolution=again, attempts=[attempt])
    shown = rows(running, "SELECT retry_on FROM latest_verdicts WHERE verdict_id IS NOT NULL")

    assert shown == [{"retry_on": "2026-12-24"}]
