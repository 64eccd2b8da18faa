"""Folding whose offsets lead back, and sentences that keep to their blocks."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.ids import folded
from verifiers.reading.pages import word_line
from verifiers.text import fold, sentences


@given(st.text(max_size=200))
def test_folding_is_that_of_ids_but_for_divided_words(text):
    plain = text.replace("\n", " ")
    assert fold(plain).text == folded(plain)


@given(st.text(max_size=200))
def test_every_folded_character_leads_back_into_the_source(text):
    whole = fold(text)
    for at in range(len(whole.text)):
        span = whole.span(at, at + 1)
        assert 0 <= span.start < span.end <= len(text)


@pytest.mark.parametrize(
    ("source", "phrase", "found"),
    [
        ("The infor-\nmation was", "information", "infor-\nmation"),
        ("the word re\u00adleased today", "released", "re\u00adleased"),
        ("a ﬁne day", "fine", "ﬁne"),
        ("he  said \u00a0 so", "said so", "said \u00a0 so"),
        ("DIE STRAßE", "strasse", "STRAßE"),
    ],
)
def test_a_folded_phrase_leads_back_to_its_spelling(source, phrase, found):
    whole = fold(source)
    at = whole.text.find(phrase)
    assert whole.span(at, at + len(phrase)).of(source) == found


def test_wording_ignores_punctuation_and_leads_back():
    line = word_line("“Well-known,” she said — at 1.5 percent.")
    at = line.find(" known she said at 1.5 ")
    assert (
        line.span(at, len(" known she said at 1.5 ")).of(line.source) == "known,” she said — at 1.5"
    )


def test_sentences_end_at_blank_lines():
    text = "A headline without a stop\n\nThe first sentence. The second one."
    assert [span.of(text) for span in sentences(text, "en")] == [
        "A headline without a stop",
        "The first sentence.",
        "The second one.",
    ]


@given(st.text(alphabet=st.sampled_from("aB .!?“”\"'\n\u00a0є\ud800"), max_size=300))
def test_sentences_are_ordered_and_trimmed(text):
    spans = sentences(text, "en")
    assert all(a.end <= b.start for a, b in pairwise(spans))
    assert all(span.of(text) == span.of(text).strip() != "" for span in spans)


@pytest.mark.parametrize(
    "hostile",
    [
        "“a " * 300_000,
        '"' * 1_000_000,
        "a\n\n" * 300_000,
        "\n" * 1_000_000,
        "a-\n" * 300_000,
        "x" * 1_000_000,
    ],
    ids=["open-quotes", "quotes", "blocks", "lines", "divided", "one-word"],
)
def test_hostile_text_is_cut_within_bounds(hostile):
    began = time.perf_counter()
    spans = sentences(hostile, "en")
    assert len(spans) <= 50_000
    assert time.perf_counter() - began < 5
