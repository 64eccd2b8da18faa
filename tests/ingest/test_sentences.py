"""Where sentences end, and where they only seem to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.ingest.sentences import sentence_spans


def sentences(text, language="en"):
    return [text[start:end] for start, end in sentence_spans(text, language)]


@pytest.mark.parametrize(
    "sentence",
    [
        "“It is cold. We cannot heat,” the mayor said.",
        '"It is cold. We cannot heat," the mayor said.',
        "He said: “It is cold. We cannot heat. We are tired.”",
        "“Is it safe?” Mayor Jane Doe asked.",
        "“Is it safe?” she asked.",
        "„Es ist kalt. Wir frieren“, sagte sie.",
        "« Il fait froid. Nous gelons », dit-elle.",
        "‘It is cold. We cannot heat,’ the mayor said.",
        "Dr. Smith of the U.S. Senate came at 5 p.m. on Jan. 5.",
        "The price fell by 3.5 percent to 1.2 million (approx. 4 of 5).",
        "She left (he stayed. He slept) on Friday.",
        "It works… or merely seems to.",
        "The site example.org was down.",
    ],
)
def test_sentence_stays_whole(sentence):
    assert sentences(f"{sentence} The next one is here.") == [sentence, "The next one is here."]


@pytest.mark.parametrize(
    "end", ["in May.", "in the U.S.", "to Example Inc.", "in Washington, D.C."]
)
def test_abbreviation_may_end_a_sentence(end):
    assert sentences(f"She went {end} The rest stayed.") == [f"She went {end}", "The rest stayed."]


def test_sentences_in_other_languages_are_parted():
    assert sentences("彼は来た。彼女は去った。", "ja") == ["彼は来た。", "彼女は去った。"]
    assert sentences("Am 30. Januar kam er. Sie ging.", "de") == [
        "Am 30. Januar kam er.",
        "Sie ging.",
    ]


def test_quotation_after_a_full_stop_takes_its_opening_mark_along():
    assert sentences("It rained. “It is cold. We freeze,” she said. It snowed.") == [
        "It rained.",
        "“It is cold. We freeze,” she said.",
        "It snowed.",
    ]


def test_unclosed_quotation_mark_does_not_join_sentences():
    assert len(sentences("“It is cold. We cannot heat. We are tired. So it goes.")) == 4


def test_apostrophes_quote_nothing():
    assert len(sentences("It's the dogs' park. That's what Jane's friend said.")) == 2


@given(st.text(alphabet="aA .!?“”\"'’(),:\n", max_size=300))
def test_sentences_never_overlap_and_lose_only_space(text):
    position = 0
    for start, end in sentence_spans(text, "en"):
        assert position <= start < end
        assert not text[position:start].strip()
        position = end
    assert not text[position:].strip()
