"""The article that started the project: plain lines as headings, no blank lines, `[[n]]` markers."""

import pytest


@pytest.fixture(scope="module")
def article(shared, read):
    path = shared / "seeds" / "kyiv-pause.md"
    return read(path.read_text(encoding="utf-8"), name="kyiv-pause.md")


def test_five_citations_have_outlet_title_and_date_as_cited(article):
    assert [(row["n"], row["outlet"], row["date"]) for row in article.citations] == [
        ("1", "The Times of India", None),
        ("2", "Reuters", "Jan 30, 2026"),
        ("3", "Fox News", None),
        ("4", "President of Ukraine Official Website", None),
        ("5", "International Crisis Group", "December 2025"),
    ]


def test_inner_quotation_marks_of_a_title_are_kept(article):
    title = article.citations[0]["title"]
    assert title.startswith("‘Personal request’: Moscow")
    assert title.endswith("until Feb 1")


def test_date_inside_a_title_stays_in_the_title(article):
    assert article.citations[3]["title"] == "Zelenskyy’s Evening Address, January 30, 2026"


def test_first_reference_has_two_claims_and_the_others_one(article):
    assert sorted(n for row in article.claims for n in row["cites"]) == [
        "1",
        "1",
        "2",
        "3",
        "4",
        "5",
    ]


def test_quotation_with_a_sentence_end_inside_stays_whole(article):
    claim = next(row for row in article.claims if row["cites"] == ["3"])
    assert claim["claim"].startswith("“People are freezing. They")
    assert claim["claim"].endswith("Trump was quoted as saying.")


def test_marker_before_the_full_stop_leaves_no_trace_in_the_claim(article):
    claim = next(row for row in article.claims if row["cites"] == ["2"])
    assert claim["claim"].endswith("attacks on Kyiv.")
    assert article.text[claim["start"] : claim["end"]].endswith("attacks on Kyiv [[2]].")


def test_emphasis_is_markup_and_no_part_of_the_claim(article):
    assert "until February 1—a decision" in article.claims[0]["claim"]


def test_lines_without_markup_are_headings(article):
    assert {row["heading"] for row in article.claims} == {
        None,
        "How the Pause Came About: Trump’s Direct Appeal",
        "Kremlin and White House Reactions: Mixed Signals",
        "Zelenskyy’s Conditional Acceptance",
        "Historical Context: Have Past Pauses Led to Peace?",
    }


def test_contents_headings_and_sources_are_no_claims(article):
    claims = [row["claim"] for row in (*article.claims, *article.uncited)]
    headings = {row["heading"] for row in (*article.claims, *article.uncited)} - {None}
    assert len(headings) == 7
    assert not headings & set(claims)
    assert not [claim for claim in claims if "Fox News:" in claim or "Table of Contents" in claim]


def test_checkable_sentences_without_citation_are_listed(article):
    uncited = [row["claim"] for row in article.uncited]
    assert len(uncited) >= 25
    assert "A scheduled NATO defense ministers’ meeting in Brussels." in uncited
    assert not [claim for claim in uncited if claim.endswith("?")]


def test_list_item_has_its_lead_in_as_context(article):
    item = next(row for row in article.uncited if row["claim"].startswith("A scheduled NATO"))
    assert item["context"].startswith("February 1 coincides with:")


def test_nothing_is_left_unparsed(article):
    assert article.unparsed == []
