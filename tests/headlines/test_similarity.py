import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.headlines import (
    bare_headline,
    distinctive_words,
    is_exact,
    missing_names,
    same_headline,
    similarity,
)
from db.ids import folded
from db.words import IdentityKind

HEADLINE = "Minister agrees to pause strikes on Harbour City until Feb 1"

SAME = {
    "curly quotes": ("‘Personal request’: Moscow agrees", "'Personal request': Moscow agrees"),
    "entities": (
        "Council&#8217;s budget passes after long night &amp; two recounts",
        "Council’s budget passes after long night & two recounts",
    ),
    "outlet behind a bar": (HEADLINE, HEADLINE + " | The Example Herald"),
    "outlet behind a dash": (HEADLINE, HEADLINE + " - Example News"),
    "kicker before a colon": (HEADLINE, "Exclusive: " + HEADLINE),
    "cut with an ellipsis": (HEADLINE, "Minister agrees to pause strikes on Harb…"),
    "small words dropped": (
        "The mayor of Northport resigns over the bridge contract",
        "Mayor of Northport resigns over bridge contract",
    ),
    "words moved": (
        "In Northport, mayor resigns over bridge contract",
        "Mayor resigns over bridge contract in Northport",
    ),
    "number spelled": (
        "Three dead in ferry fire off Northport",
        "3 dead in ferry fire off Northport",
    ),
    "grouped digits": ("City cuts 12,000 jobs at its ports", "City cuts 12000 jobs at its ports"),
    "accents": ("Élections à Genève: la gauche en tête", "Elections a Geneve: la gauche en tete"),
    "another script": ("普京与特朗普在阿拉斯加会谈", "普京与特朗普在阿拉斯加会谈 | 例报"),
}

OTHER = {
    "another number": ("3 killed in hotel fire in Lyon", "5 killed in hotel fire in Lyon"),
    "another spelled number": ("Three killed in hotel fire", "Four killed in hotel fire"),
    "another day": ("Evening address, January 30, 2026", "Evening address, January 29, 2026"),
    "another name": (
        "Envoy meets Ortega in Geneva for talks on grain",
        "Envoy meets Lindqvist in Geneva for talks on grain",
    ),
    "another town": (
        "Minister agrees to pause strikes on Harbour City until Feb 1",
        "Minister agrees to pause strikes on Northport until Feb 1",
    ),
    "turned round": (
        "Minister does not resign over leaked harbour report",
        "Minister does resign over leaked harbour report",
    ),
    "another story": ("Ferry fire kills three off Northport", "Council passes the school budget"),
    "short and only similar": ("Live updates", "Live results"),
    "another in another script": ("普京与特朗普在阿拉斯加会谈", "北京今日大雪学校停课"),
}


@pytest.mark.parametrize("pair", SAME.values(), ids=SAME)
def test_what_editors_and_indexes_change_leaves_the_headline_the_same(pair):
    assert same_headline(*pair) is IdentityKind.SAME


@pytest.mark.parametrize("pair", OTHER.values(), ids=OTHER)
def test_another_number_name_or_story_is_another_headline(pair):
    assert same_headline(*pair) is IdentityKind.DIFFERS


@pytest.mark.parametrize(
    ("cut", "whole"),
    [
        ("Mayor resigns over…", "Mayor resigns over the bridge contract after a long night"),
        ("Funding officially slowing down…", "Funding is officially slowing down: three ways out"),
    ],
    ids=["few words", "a word changed"],
)
def test_a_cut_headline_that_proves_little_has_drifted(cut, whole):
    assert same_headline(cut, whole) is IdentityKind.DRIFTED
    assert same_headline(cut, "Envoy meets Ortega in Geneva for talks") is IdentityKind.DIFFERS


def test_a_headline_is_exact_with_a_name_or_label_beside_it_and_not_with_more_to_say():
    headline = "Mayor of Northport resigns over the bridge contract"
    assert is_exact(headline, f"{headline} | Example Herald", names=("Example Herald",))
    assert not is_exact(headline, f"{headline} – what we know", names=("Example Herald",))
    assert is_exact(headline, f"Analysis: {headline}")
    assert not is_exact(headline, f"{headline}, officials confirm")


def test_an_edited_headline_has_drifted():
    edited = "Envoy spoke with ministry before pause in harbour strikes, sources say"
    original = "Envoy spoke to ministry official ahead of harbour strike pause, sources say"
    assert same_headline(original, edited) is IdentityKind.DRIFTED


def test_a_follow_up_that_goes_on_behind_a_short_headline_is_not_the_same():
    follow_up = "Envoy says grain deal is close, harbour workers deny it"
    assert same_headline("Envoy says grain deal is close", follow_up) is not IdentityKind.SAME


@pytest.mark.parametrize("kicker", ["Update", "Live", "Correction", "Aktualisierung"])
def test_a_piece_that_calls_itself_a_follow_up_is_not_the_piece_that_it_follows(kicker):
    headline = "Mayor of Northport resigns over the bridge contract"
    follow_up = f"{kicker}: {headline}"
    assert same_headline(headline, follow_up) is IdentityKind.DRIFTED
    assert same_headline(follow_up, f"{kicker.upper()} | {headline}") is IdentityKind.SAME


@pytest.mark.parametrize("kicker", ["Analysis", "EXCLUSIVE", "Kommentar"])
def test_a_label_is_no_part_of_the_headline(kicker):
    headline = "Mayor of Northport resigns over the bridge contract"
    assert same_headline(headline, f"{kicker}: {headline}") is IdentityKind.SAME


def test_a_substituted_word_in_title_case_is_never_the_same():
    kinds = same_headline(
        "Envoy Meets Ortega in Geneva for Long Talks on the Grain Corridor at Sea",
        "Envoy Meets Lindqvist in Geneva for Long Talks on the Grain Corridor at Sea",
    )
    assert kinds is not IdentityKind.SAME


@pytest.mark.parametrize(("a", "b"), [("", "x"), ("x", " "), ("", "")])
def test_nothing_to_compare_is_unknown(a, b):
    assert same_headline(a, b) is IdentityKind.UNKNOWN


def test_the_outlets_name_is_taken_off_at_either_end():
    names = ("The Example Herald", "Herald")
    assert bare_headline("Ferry burns | The Example Herald", names) == "Ferry burns"
    assert bare_headline("Herald - Ferry burns", names) == "Ferry burns"
    assert bare_headline("Ferry - burns", names) == "Ferry - burns"


def test_distinctive_words_keep_their_order_and_leave_small_ones_out():
    words = distinctive_words("The mayor of Northport resigns over the bridge contract", limit=4)
    assert words == ("northport", "resigns", "bridge", "contract")


def test_missing_names_are_what_only_the_cited_headline_names():
    missing = missing_names("Envoy meets Ortega on 3 May", "Envoy meets Lindqvist on 4 May")
    assert missing == ("ortega", "3")


TEXTS = st.text(max_size=120) | st.lists(
    st.sampled_from(
        "the Mayor of Northport résigns 3 5 not over | - : … &amp; <b> 会谈 «quote»".split()
    ),
    max_size=20,
).map(" ".join)


@given(TEXTS, TEXTS)
def test_similarity_is_symmetric_and_lies_in_0_to_1(a, b):
    score = similarity(a, b)
    assert score == similarity(b, a)
    assert 0.0 <= score <= 1.0


@given(TEXTS)
def test_texts_that_fold_to_the_same_are_wholly_similar(text):
    other = folded(text)
    assert similarity(text, other) == (1.0 if other else 0.0)


@given(st.text(max_size=2000))
def test_any_text_can_be_compared(text):
    assert same_headline(text, HEADLINE) in IdentityKind
    assert len(distinctive_words(text, limit=5)) <= 5
