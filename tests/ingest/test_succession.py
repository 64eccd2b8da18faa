"""Claims that changed between two versions."""

from crawler.ingest import ingested, linked

SOURCES = "\n\n## Sources\n\n- [1] First: “The first title”\n- [2] Second: “The second title”\n"


def a_version(text):
    return ingested(text + SOURCES, name="d", media_type="text/markdown")


def successors(before, after):
    old, new = a_version(before), a_version(after)
    texts = {claim.id: claim.text for claim in old.claims}
    return {
        claim.text: texts[claim.succeeds]
        for claim in linked(old, new).claims
        if claim.succeeds is not None
    }


def test_nearly_the_same_claim_at_the_same_citation_is_linked():
    assert successors(
        "The bridge was closed on Friday by the mayor [1].",
        "The bridge was closed on Monday by the mayor [1].",
    ) == {
        "The bridge was closed on Monday by the mayor.": "The bridge was closed on Friday by the mayor."
    }


def test_unchanged_claim_succeeds_nothing():
    text = "The bridge was closed on Friday by the mayor [1]."
    assert successors(text, f"It rained for a whole week. {text}") == {}


def test_same_words_at_another_citation_are_not_linked():
    assert (
        successors("The bridge was closed on Friday [1].", "The bridge was closed on Fridays [2].")
        == {}
    )


def test_other_words_at_the_same_citation_are_not_linked():
    assert (
        successors("The bridge was closed on Friday [1].", "Ten people were seen in the river [1].")
        == {}
    )


def test_old_claim_has_one_successor_the_most_alike():
    found = successors(
        "The bridge was closed on Friday by the mayor [1].",
        "The bridge was closed on Friday by a mayor [1]. The bridge was closed on Monday by a mayor [1].",
    )
    assert list(found) == ["The bridge was closed on Friday by a mayor."]


def test_first_version_stays_as_it_is():
    version = a_version("The bridge was closed on Friday [1].")
    assert linked(None, version) is version
