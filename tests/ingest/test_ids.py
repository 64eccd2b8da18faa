"""Ids that survive what does not matter."""

from hypothesis import given
from hypothesis import strategies as st

from crawler.ingest import ingested
from db.ids import digest

PARAGRAPHS = (
    "The bridge was closed on Friday [1]. The mayor said: “It is unsafe. We will mend it” [2].",
    "It rained for a whole week. The river rose by three metres [1] [3].",
    "It rained for a whole week. A second flood came in the month of March.",
)
REFERENCES = (
    "First Outlet: “The first title”, 3 May 2020",
    "Second Outlet: “The second title”",
    "Third Outlet: “The third title”, https://example.com/3",
)


def a_document(paragraphs, order=(1, 2, 3)):
    text = "\n\n".join(paragraphs)
    for old in (1, 2, 3):
        text = text.replace(f"[{old}]", f"[#{order[old - 1]}]")
    listed = sorted(zip(order, REFERENCES, strict=True))
    sources = "\n".join(f"- [{number}] {reference}" for number, reference in listed)
    return ingested(
        text.replace("[#", "[") + f"\n\n## Sources\n\n{sources}\n",
        name="d",
        media_type="text/markdown",
    )


def ids(document):
    return {claim.id for claim in document.claims}, {citation.id for citation in document.citations}


def bonds(document):
    return {(mark.claim_id, mark.citation_ids) for mark in document.claim_marks}


@given(
    st.permutations([1, 2, 3]),
    st.lists(
        st.sampled_from(
            ["New words were put on top of it all.", "# A heading", "- An item of a list", "Short"]
        ),
        max_size=4,
    ),
)
def test_paragraph_on_top_and_renumbering_change_no_id(order, added):
    before = a_document(PARAGRAPHS)
    after = a_document([*added, *PARAGRAPHS], order)
    assert ids(before)[0] <= ids(after)[0]
    assert ids(before)[1] == ids(after)[1]
    assert bonds(before) <= bonds(after)


def test_ids_follow_the_rules_of_the_design():
    document = a_document(PARAGRAPHS)
    name = digest("document", "d")
    claim = document.claims[0]
    citation = document.citations[0]
    assert document.version.document_id == name
    assert claim.id == digest("claim", name, "the bridge was closed on friday.", 0)
    assert citation.id == digest(
        "citation", name, "first outlet", "the first title", "3 may 2020", None, None
    )


def test_same_sentence_twice_is_told_apart_by_occurrence():
    claims = [
        claim for claim in a_document(PARAGRAPHS).claims if claim.text.startswith("It rained")
    ]
    assert [claim.occurrence for claim in claims] == [0, 1]
    assert claims[0].id != claims[1].id


def test_prettier_quotation_marks_change_no_id():
    plain = [paragraph.replace("“", '"').replace("”", '"') for paragraph in PARAGRAPHS]
    assert ids(a_document(plain)) == ids(a_document(PARAGRAPHS))


@given(
    st.text(max_size=400),
    st.sampled_from(["text/markdown", "text/html", "text/x-wiki", "application/jsonl", None]),
)
def test_no_text_raises_and_all_ids_have_marks(text, media_type):
    document = ingested(text, name="d", media_type=media_type)
    assert {claim.id for claim in document.claims} == {
        mark.claim_id for mark in document.claim_marks
    }
    assert {each.id for each in document.citations} == {
        mark.citation_id for mark in document.citation_marks
    }
    cited = {each for mark in document.claim_marks for each in mark.citation_ids}
    assert cited <= {each.id for each in document.citations}


PIECES = st.sampled_from(
    'The bridge was closed on Friday. ~[1]~[[2]]~[^1]~\n\n~\n~“~”~"~**~_~[~]~](~)~https://example.com/a ~<ref>~</ref>'
    "~{{cite news|title=~}}~<p>~<sup>~</sup>~<a href='#x'>~</a>~<ol class=references><li id=x>~## Sources\n~- [1] "
    "~[1]: ~Outlet: “Title”, 2020~<!--~-->~> ~```\n~|~&amp;".split("~")
)


@given(
    st.lists(PIECES, max_size=40).map("".join),
    st.sampled_from(["text/markdown", "text/html", "text/x-wiki"]),
)
def test_marks_lie_in_the_text_and_in_order(text, media_type):
    document = ingested(text, name="d", media_type=media_type)
    size = len(document.version.text)
    assert all(0 <= mark.start < mark.end <= size for mark in document.claim_marks)
    starts = [mark.start for mark in document.claim_marks]
    assert starts == sorted(starts)
    assert all(0 <= mark.start <= mark.end <= size for mark in document.citation_marks)
    assert all(0 <= row.start <= row.end <= size for row in document.unparsed)
