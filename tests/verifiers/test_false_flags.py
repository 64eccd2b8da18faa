"""What must not be flagged or supported although it looks like it: each pair differs in more than the eye sees."""

from __future__ import annotations

import pytest

from db.words import FacetKind, FacetOutcome, Reason, VerdictKind

DREAM = "“I have a dream that one day this nation will rise up,” King said."
FLOOD = "“We will not leave this town to the flood, whatever it costs,” Olsen said."
LONG_INTERRUPTION = (
    "“We will not leave this town to the flood,” said Mara Olsen, who has been the mayor of the town for "
    "eleven years and lives near the river. “Whatever it costs.”"
)


def among(page, filler):
    return f"{filler}\n\n{page}\n\n{filler}"


@pytest.fixture(name="outcomes")
def _outcomes(a_task, findings_of, filler):
    """The outcomes of all figures of a claim on a page that has one paragraph more."""

    def outcomes(claim, page):
        findings = findings_of(a_task(claim, among(page, filler)))
        facets = [facet for finding in findings for facet in finding.facets]
        return [one.outcome for one in facets if one.kind is FacetKind.FIGURE]

    return outcomes


# -------------------------------------------------------------------------- altered quotations


@pytest.mark.parametrize(
    ("claim", "page"),
    [
        (DREAM, "“I have a dream”, King told them, “that one day this nation will rise up.”"),
        (
            FLOOD,
            "“We will,” Olsen told the council, “not leave this town to the flood, whatever it costs.”",
        ),
        (
            FLOOD,
            LONG_INTERRUPTION,
        ),
    ],
    ids=["told", "after-two-words", "long-relative-clause"],
)
def test_a_quotation_that_the_page_interrupts_is_not_altered(claim, page, judged, filler):
    rollup = judged(claim, among(page, filler))
    assert (rollup.verdict, rollup.reason) == (VerdictKind.SUPPORTED, Reason.QUOTED)


@pytest.mark.parametrize(
    "page",
    [
        "The economy is weak and growing fast, Jerome Powell said.",
        "“The economy is strong and growing,” Jerome Powell said.",
        "“The economy is strong and growing,” Jerome Powell said. “Inflation is falling now.”",
        "“The economy is weak and growing fast,” Janet Yellen said.",
        "“This economy looks strong to me, and jobs are growing fast,” Jerome Powell said.",
    ],
    ids=["not-in-marks", "page-quotes-less", "next-quotation", "another-speaker", "much-else"],
)
def test_what_the_page_does_not_quote_is_not_altered(page, judged, filler):
    claim = "“The economy is strong and growing fast,” Powell said."
    assert judged(claim, among(page, filler)).verdict is VerdictKind.UNVERIFIABLE


def test_the_detail_of_an_altered_quotation_has_nothing_from_outside_its_marks(judged, filler):
    page = "“We will not raise taxes on pensioners this year,” Olsen said."
    claim = "“We will not raise taxes on working families this year,” Olsen said."
    rollup = judged(claim, among(page, filler))
    assert rollup.reason is Reason.QUOTATION_ALTERED
    assert rollup.detail == "the quotation is altered: “pensioners” became “working families”"


# -------------------------------------------------------------------- conflicts of figure and date


@pytest.mark.parametrize(
    ("claim", "page"),
    [
        (
            "Unemployment in Spain fell to 11 percent in May.",
            "Unemployment in Spain fell to 12 percent in April.",
        ),
        ("Boeing delivered 30 aircraft in June 2024.", "Boeing delivered 24 aircraft in May 2024."),
        (
            "The European Commission fined Google 2.4 billion euros in 2017.",
            "The European Commission fined Google 4.3 billion euros in 2018 over Android.",
        ),
        (
            "Biden signed the CHIPS Act in August 2022.",
            "Biden and lawmakers had proposed the CHIPS Act in June 2021.",
        ),
        (
            "The Hague court sentenced Karadzic to 40 years in 2016.",
            "The Hague court sentenced Karadzic to life in 2019.",
        ),
        (
            "Lindal and Norwick lost 10 ships in World War II.",
            "Lindal and Norwick lost 3 ships in World War I.",
        ),
        (
            "Turnout in Ohio was 61 percent, the Board of Elections said.",
            "Turnout in Ohio was 48 percent by noon, the Board of Elections said.",
        ),
        (
            "Acme Corp employs 5,000 people in Berlin.",
            "Acme Corp employs 12,000 people worldwide, some of them in Berlin.",
        ),
        (
            "Powell's budget for Ohio doubled to $8 million.",
            "Powell's budget for Ohio was $4 million before it doubled.",
        ),
        (
            "Powell won 51.3 percent against Yellen in Ohio.",
            "Powell won 48.7 percent in Iowa against Yellen in Ohio.",
        ),
        ("Rome and Milan have 14,000 trains.", "Rome and Milan have 14.000 trains."),
        (
            "The Kestrel Institute puts the cost of the Barrier at 610 million crowns.",
            "The Kestrel Institute puts the cost of the Barrier at perhaps 640 million crowns.",
        ),
    ],
)
def test_another_fact_is_no_conflict(claim, page, judged, filler):
    assert judged(claim, among(page, filler)).verdict is not VerdictKind.CONTRADICTED


@pytest.mark.parametrize(
    ("claim", "page", "reason"),
    [
        (
            "Unemployment in Spain fell to 11 percent in May.",
            "Unemployment in Spain fell to 12 percent in May.",
            Reason.FIGURE_CONFLICT,
        ),
        (
            "Acme Corp employs 5,000 people in Berlin.",
            "Acme Corp employs 12,000 people in Berlin.",
            Reason.FIGURE_CONFLICT,
        ),
        (
            "Boeing delivered 24 aircraft to Lufthansa in June 2024.",
            "Boeing delivered 24 aircraft to Lufthansa in May 2024.",
            Reason.DATE_CONFLICT,
        ),
    ],
)
def test_one_difference_in_a_sentence_that_is_else_the_same_is_a_conflict(
    claim, page, reason, judged, filler
):
    assert judged(claim, among(page, filler)).reason is reason


# ------------------------------------------------------------------------------------------ units


@pytest.mark.parametrize(
    ("claim", "page", "outcome"),
    [
        ("104 degrees Fahrenheit", "40 degrees Celsius", FacetOutcome.UNCHECKED),
        ("104 °F", "40 °C", FacetOutcome.UNCHECKED),
        ("104 degrees", "40 degrees", FacetOutcome.UNCHECKED),
        ("104 degrees", "40 degrees Celsius", FacetOutcome.UNCHECKED),
        ("104 degrees Fahrenheit", "99 degrees Fahrenheit", FacetOutcome.CONFLICTING),
        ("5 km", "5,000 metres", FacetOutcome.STATED),
        ("5 miles", "8 km", FacetOutcome.STATED),
        ("16 feet", "5 metres", FacetOutcome.UNCHECKED),
        ("5 miles", "20 km", FacetOutcome.UNCHECKED),
        ("90 minutes", "1.5 hours", FacetOutcome.STATED),
        ("5 kg", "11 pounds", FacetOutcome.UNCHECKED),
        ("25 basis points", "0.25 percentage points", FacetOutcome.STATED),
        ("25 basis points", "0.5 percentage points", FacetOutcome.UNCHECKED),
        ("500 acres", "200 hectares", FacetOutcome.UNCHECKED),
        ("£5", "5 pounds", FacetOutcome.STATED),
        ("£5 million", "$6.4 million", FacetOutcome.UNCHECKED),
    ],
)
def test_units_of_one_dimension_agree_or_are_not_judged(claim, page, outcome, outcomes):
    sentence = "Inspectors in Lindal and Norwick measured {} that time."
    assert outcomes(sentence.format(claim), sentence.format(page)) == [outcome]


def test_the_name_of_a_unit_is_no_name(judged, filler):
    page = "Temperatures in Lindal and Norwick reached 40 degrees Celsius."
    claim = "Temperatures in Lindal and Norwick reached 104 degrees Fahrenheit."
    assert judged(claim, among(page, filler)).reason is Reason.UNSURE


def test_a_score_may_be_written_with_a_colon(outcomes):
    stated = outcomes("Lindal beat Norwick 3-1.", "Lindal beat Norwick 3:1.")
    assert stated == [FacetOutcome.STATED, FacetOutcome.STATED]


def test_the_time_of_day_is_no_score(outcomes):
    assert FacetOutcome.STATED not in outcomes("Lindal beat Norwick 15-0.", "Lindal met at 15:00.")


# ---------------------------------------------------------------------------------------- support


@pytest.mark.parametrize(
    "page",
    [
        "Nobody believes the pier in the north collapsed on Monday.",
        "No one believes the pier in the north collapsed on Monday.",
        "The film pretends the pier in the north collapsed on Monday.",
        "Correction: An earlier version said the pier in the north collapsed on Monday.",
        "The pier in the north collapsed on Monday in a computer simulation.",
        "False. The pier in the north collapsed on Monday.",
        "Fact check: False\n\nThe pier in the north collapsed on Monday.",
        "The pier in the north collapsed on Monday. That claim was debunked years ago.",
        "The pier in the north collapsed on Monday. This is a myth.",
    ],
)
def test_words_that_the_page_does_not_assert_are_not_stated(page, judged, filler):
    rollup = judged("The pier in the north collapsed on Monday.", among(page, filler))
    assert rollup.verdict is not VerdictKind.SUPPORTED


@pytest.mark.parametrize(
    ("page", "language"),
    [
        ("Niemand glaubt, der Pier im Norden ist am Montag gesunken.", "de"),
        ("Falsch: Ein Faktencheck.\n\nDer Pier im Norden ist am Montag gesunken.", "de"),
    ],
)
def test_words_that_a_german_page_does_not_assert_are_not_stated(page, language, judged):
    claim = "Der Pier im Norden ist am Montag gesunken."
    rollup = judged(claim, page, language=language, claim_language=language)
    assert rollup.verdict is not VerdictKind.SUPPORTED


def test_a_neighbour_that_judges_nothing_does_not_end_support(judged, filler):
    page = "The pier in the north collapsed on Monday. The town was shocked."
    rollup = judged("The pier in the north collapsed on Monday.", among(page, filler))
    assert rollup.reason is Reason.STATED
