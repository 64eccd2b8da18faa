"""What is read in a text: dates, figures, names, quotations, in ten languages."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verifiers.attribution import attribution_of
from verifiers.facets import claim_facets
from verifiers.reading.dates import date_mentions
from verifiers.reading.figures import figure_mentions
from verifiers.reading.names import name_mentions
from verifiers.reading.quotations import quotation_mentions

FRIDAY = date(2026, 1, 30)


@pytest.mark.parametrize(
    ("text", "language", "value", "unit"),
    [
        ("1,234.5 metres", "en", "1234.5", "metre"),
        ("1.234,5 Meter", "de", "1234.5", "metre"),
        ("1 234,5 euros", "fr", "1234.5", "EUR"),
        ("1.234 Menschen", "de", "1234", None),
        ("1.234 percent", "en", "1.234", "%"),
        ("$3.5 billion", "en", "3500000000", "USD"),
        ("€20bn", "en", "20000000000", "EUR"),
        ("drei Milliarden Euro", "de", "3000000000", "EUR"),
        ("2 Billionen Euro", "de", "2000000000000", "EUR"),
        ("2 mil millones de euros", "es", "2000000000", "EUR"),
        ("12 por ciento", "es", "12", "%"),
        ("3 miliardi di euro", "it", "3000000000", "EUR"),
        ("2 milhões", "pt", "2000000", None),
        ("12 procent", "nl", "12", "%"),
        ("5 mln zł", "pl", "5000000", "PLN"),
        ("3,5 млрд гривень", "uk", "3500000000", "UAH"),
        ("2 млн рублей", "ru", "2000000", "RUB"),
        ("twenty-five missiles", "en", "25", None),
        ("two hundred soldiers", "en", "200", None),
    ],
)
def test_a_figure_is_read_by_its_language(text, language, value, unit):
    (figure,) = figure_mentions(text, language=language)
    assert (figure.value, figure.unit) == (Decimal(value), unit)


@pytest.mark.parametrize(
    "text", ["F-16 jets", "at 23:59", "at 10 a.m.", "192.168.1.1", "COVID-19", "the G7"]
)
def test_what_is_no_amount_is_no_figure(text):
    assert figure_mentions(text, language="en") == ()


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("about 40 men", "about"),
        ("more than 40 men", "above"),
        ("up to 40 men", "below"),
        ("понад 40 дронів", "above"),
    ],
)
def test_a_limit_in_front_of_a_figure_is_read(text, limit):
    assert figure_mentions(text)[0].limit == limit


def test_both_ends_of_a_range_have_its_unit():
    assert [one.unit for one in figure_mentions("10-12 percent", language="en")] == ["%", "%"]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("yesterday", date(2026, 1, 29)),
        ("gestern", date(2026, 1, 29)),
        ("вчора", date(2026, 1, 29)),
        ("on Thursday", date(2026, 1, 29)),
        ("am Donnerstag", date(2026, 1, 29)),
        ("w czwartek", date(2026, 1, 29)),
        ("last Friday", date(2026, 1, 23)),
        ("next Monday", date(2026, 2, 2)),
        ("on February 1", date(2026, 2, 1)),
        ("on December 30", date(2025, 12, 30)),
    ],
)
def test_a_relative_date_is_resolved_against_the_page(text, day):
    (mention,) = date_mentions(text, anchor=FRIDAY)
    assert (mention.window.first_on, mention.window.last_on, mention.relative) == (day, day, True)


def test_a_relative_date_without_an_anchor_is_left_out():
    assert date_mentions("He came yesterday.") == ()


@pytest.mark.parametrize(
    "text", ["they may 3 times", "out of 3", "2025 people came", "won 3 sets 2 games"]
)
def test_ordinary_words_are_no_dates(text):
    assert date_mentions(text) == ()


def test_names_are_runs_without_titles_and_possessives():
    names = name_mentions(
        "President Mara Olsen met the Bank of Lindal's head and NATO envoys.", language="en"
    )
    assert [one.text for one in names] == ["Mara Olsen", "Bank of Lindal", "NATO"]


def test_a_word_at_a_sentences_beginning_may_be_no_name():
    assert [one.is_initial for one in name_mentions("Ships came to Lindal.", language="en")] == [
        True,
        False,
    ]


@pytest.mark.parametrize(
    "text",
    [
        "“Guten Tag”",
        "„Guten Tag“",
        "„Guten Tag”",
        "«Guten Tag»",
        "»Guten Tag«",
        '"Guten Tag"',
        "‘Guten Tag’",
        "'Guten Tag'",
    ],
)
def test_every_style_of_marks_quotes(text):
    (one,) = quotation_mentions(f"Er sagte: {text}, dann ging er.")
    assert one.words == 2


def test_apostrophes_quote_nothing():
    assert quotation_mentions("The dogs' owner doesn't like the cat's dinner") == ()


@pytest.mark.parametrize(
    ("claim", "statement", "speakers"),
    [
        ("According to the UN, 40 people died.", "40 people died", ["UN"]),
        ("The Kremlin said on Monday that strikes would stop.", "strikes would stop", ["Kremlin"]),
        ("Strikes would stop, the Kremlin said.", "Strikes would stop", ["Kremlin"]),
        (
            "Strikes stopped, said John Smith, head of the Agency.",
            "Strikes stopped",
            ["John Smith"],
        ),
        ("Officials said the deal fell through.", "the deal fell through", []),
        (
            "The minister announced a plan to cut jobs.",
            "The minister announced a plan to cut jobs",
            [],
        ),
    ],
)
def test_a_statement_is_told_from_its_attribution(claim, statement, speakers):
    facets = claim_facets(claim, language="en")
    assert facets.statement.of(claim) == statement
    assert [one.text for one in facets.attribution.names] == speakers


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("Olga Braun sagte, dass die Züge ausfallen.", "Olga Braun"),
        ("Selon Marie Dupont, les trains sont supprimés.", "Marie Dupont"),
        ("Los trenes no salen, dijo Ana Ruiz.", "Ana Ruiz"),
        ("Поїзди скасовано, заявила Олена Коваль.", "Олена Коваль"),
        ("Według Jana Nowaka pociągi odwołano.", "Jana Nowaka"),
    ],
)
def test_a_speaker_is_found_in_other_languages(text, speaker):
    attribution = attribution_of(text, names=name_mentions(text))
    assert speaker in [one.text for one in attribution.names]


@given(st.text(max_size=300))
def test_any_claim_is_taken_apart_within_its_own_text(text):
    facets = claim_facets(text, language="en")
    parts = [*facets.quotations, *facets.dates, *facets.figures, *facets.names, facets.statement]
    assert all(0 <= one.start <= one.end <= len(text) for one in parts)
