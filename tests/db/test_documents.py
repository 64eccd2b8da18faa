from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.ids import digest
from db.store import Store

TODAY = date(2026, 11, 23)


@pytest.fixture
def two_claims(a):
    return a.ingested(("The bridge opened.", 1), ("It cost 50 million.", 1, 2), ("Nobody came.",))


def titles(works):
    return [work.citation.title for work in works]


def test_a_document_comes_back_as_it_was_ingested(store, a, two_claims):
    ingested = replace(two_claims, unparsed=(a.unparsed("8"), a.unparsed("9")))
    store.add_ingested(ingested, at=a.now)

    assert store.ingested(ingested.version.document_id) == ingested


@given(data=st.data())
def test_any_reading_comes_back(tmp_path_factory, a, data):
    numbers = st.lists(st.integers(1, 4), max_size=3, unique=True)
    sentences = st.lists(st.text(min_size=1, max_size=9), max_size=4, unique_by=str.casefold)
    claims = [(text, *data.draw(numbers)) for text in data.draw(sentences)]
    ingested = a.ingested(*claims, references=4, name=data.draw(st.text(max_size=5)))
    unique = len({claim.id for claim in ingested.claims}) == len(claims)
    path = tmp_path_factory.mktemp("reading") / "citehound.db"
    with Store.open(path) as store:
        store.add_ingested(ingested, at=a.now)
        found = store.ingested(ingested.version.document_id)

    assert found == ingested or not unique


def test_an_unknown_document_is_none(store):
    assert store.ingested("nowhere") is None


def test_ingesting_the_same_again_adds_nothing(store, a, two_claims):
    store.add_ingested(two_claims, at=a.now)
    before = store._connection.total_changes
    store.add_ingested(two_claims, at=a.at(60))

    assert store._connection.total_changes == before


def test_what_a_claim_succeeds_makes_no_new_reading(store, a, two_claims):
    store.add_ingested(two_claims, at=a.now)
    first, *others = two_claims.claims
    claims = (replace(first, succeeds=others[0].id), *others)
    store.add_ingested(replace(two_claims, claims=claims), at=a.at(60))

    assert store._row("SELECT count(*) FROM ingests")[0] == 1


def test_a_new_text_is_the_current_version(store, a):
    old, new = a.ingested(("Old.", 1)), a.ingested(("New.", 1))
    store.add_ingested(old, at=a.now)
    store.add_ingested(new, at=a.at(60))

    assert store.ingested(old.version.document_id) == new


def test_a_text_that_comes_back_is_current_again(store, a):
    old, new = a.ingested(("Old.", 1)), a.ingested(("New.", 1))
    for seconds, ingested in enumerate((old, new, old)):
        store.add_ingested(ingested, at=a.at(seconds))

    assert store.ingested(old.version.document_id) == old
    assert store._row("SELECT count(*) FROM document_versions")[0] == 2


def test_a_better_reader_of_the_same_text_makes_a_new_reading(store, a):
    coarse = a.ingested(("All of it.", 1), text="All of it.")
    fine = a.ingested(("All.", 1), ("Of it.", 2), text="All of it.")
    store.add_ingested(coarse, at=a.now)
    store.add_ingested(fine, at=a.at(60))

    assert store.ingested(fine.version.document_id) == fine


def test_a_replaced_claim_is_linked_to_its_successor(store, a):
    old, new = a.ingested(("It cost 50.", 1)), a.ingested(("It cost 51.", 1))
    successor = replace(new.claims[0], succeeds=old.claims[0].id)
    store.add_ingested(old, at=a.now)
    store.add_ingested(replace(new, claims=(successor,)), at=a.at(60))

    assert store.ingested(new.version.document_id).claims == (successor,)


def test_renumbering_the_references_adds_no_citation(store, a, two_claims):
    store.add_ingested(two_claims, at=a.now)
    renumbered = [replace(mark, n=f"{mark.n}0") for mark in two_claims.citation_marks]
    store.add_ingested(replace(two_claims, citation_marks=tuple(renumbered)), at=a.at(60))

    assert store._row("SELECT count(*) FROM citations")[0] == 2


def test_a_citation_without_a_mark_is_refused_whole(store, a, two_claims):
    with pytest.raises(ValueError, match="no mark for"):
        store.add_ingested(replace(two_claims, citation_marks=()), at=a.now)
    assert store.documents() == ()


def test_a_citation_is_found_by_id(store, a, two_claims):
    store.add_ingested(two_claims, at=a.now)

    assert store.citation(two_claims.citations[1].id) == two_claims.citations[1]
    assert store.citation("nowhere") is None


def test_work_is_every_citation_with_the_claims_that_lean_on_it(store, a, two_claims):
    store.add_ingested(two_claims, at=a.now)
    first, second = store.work()

    assert [claim.text for claim, _ in first.claims] == [
        "The bridge opened.",
        "It cost 50 million.",
    ]
    assert [(claim.id, mark.claim_id) for claim, mark in second.claims] == [
        (two_claims.claims[1].id, two_claims.claims[1].id)
    ]
    assert (first.document, first.media_type, first.language) == (
        "report.md",
        "text/markdown",
        "en",
    )


def test_work_includes_citations_that_nobody_uses(store, a):
    store.add_ingested(a.ingested(("Only the first.", 1)), at=a.now)

    assert [len(work.claims) for work in store.work()] == [1, 0]


def test_work_keeps_the_order_of_documents_and_references(store, a):
    store.add_ingested(a.ingested(("Zed.", 2, 1), name="z.md"), at=a.now)
    store.add_ingested(a.ingested(("Ay.", 1), name="a.md"), at=a.at(1))

    assert [(work.document, work.citation.title) for work in store.work()] == [
        ("z.md", "Title 1"),
        ("z.md", "Title 2"),
        ("a.md", "Title 1"),
        ("a.md", "Title 2"),
    ]


def test_work_of_one_document_leaves_the_others(store, a):
    store.add_ingested(a.ingested(("Zed.", 1), name="z.md"), at=a.now)
    store.add_ingested(a.ingested(("Ay.", 1), name="a.md"), at=a.now)

    assert {work.document for work in store.work([digest("document", "a.md")])} == {"a.md"}


def test_work_speaks_of_the_current_version_only(store, a):
    store.add_ingested(a.ingested(("Old.", 1), references=3), at=a.now)
    store.add_ingested(a.ingested(("New.", 1), references=1), at=a.at(1))

    assert [[claim.text for claim, _ in work.claims] for work in store.work()] == [["New."]]


def test_what_was_never_attempted_is_due(store, a, two_claims):
    store.add_ingested(two_claims, at=a.now)

    assert store.due(on=TODAY) == store.work()


@pytest.mark.parametrize(
    ("retry_on", "is_due"),
    [(date(2026, 11, 22), True), (TODAY, True), (date(2026, 11, 24), False), (None, False)],
)
def test_what_was_attempted_is_due_on_its_day(running, a, retry_on, is_due):
    ingested = a.ingested(("The bridge opened.", 1), references=1)
    running.add_ingested(ingested, at=a.now)
    a.unreachable(running, ingested, retry_on=retry_on)

    assert bool(running.due(on=TODAY)) is is_due


def test_the_last_attempt_says_when_an_unchanged_verdict_is_due(running, a):
    ingested = a.ingested(("The bridge opened.", 1), references=1)
    running.add_ingested(ingested, at=a.now)
    verdict = a.unreachable(running, ingested, retry_on=TODAY)
    running.start_run(a.run("run-2"))
    again = a.resolution(ingested.citations[0], "run-2")
    later = a.attempt(verdict, again, retry_on=date(2026, 12, 1))
    running.add_answer(resolution=again, attempts=[later])

    assert running.due(on=TODAY) == ()


def test_a_new_claim_makes_its_citation_due(running, a):
    ingested = a.ingested(("The bridge opened.", 1), references=1)
    running.add_ingested(ingested, at=a.now)
    a.unreachable(running, ingested)
    running.add_ingested(
        a.ingested(("The bridge opened.", 1), ("It is red.", 1), references=1), at=a.at(1)
    )

    assert titles(running.due(on=TODAY)) == ["Title 1"]


def test_a_citation_that_nobody_uses_is_tried_again_the_next_day(running, a):
    ingested = a.ingested(references=1)
    running.add_ingested(ingested, at=a.now)
    running.add_answer(resolution=a.resolution(ingested.citations[0]))

    assert running.due(on=TODAY) == ()
    assert titles(running.due(on=date(2026, 11, 24))) == ["Title 1"]


def test_a_citation_that_nobody_uses_rests_once_it_was_found(running, a):
    ingested = a.ingested(references=1)
    running.add_ingested(ingested, at=a.now)
    found = replace(a.resolution(ingested.citations[0]), reason=None)
    running.add_answer(resolution=found)

    assert running.due(on=date(2027, 1, 1)) == ()


def test_due_may_be_limited(store, a):
    store.add_ingested(a.ingested(("One.", 1, 2, 3), references=3), at=a.now)

    assert titles(store.due(on=TODAY, limit=2)) == ["Title 1", "Title 2"]
