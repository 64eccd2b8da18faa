"""What all verifiers together say of a claim and a page: each verdict, and how small changes move it."""

from __future__ import annotations

import itertools
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.words import (
    REASONS,
    Access,
    FacetKind,
    FacetOutcome,
    IdentityKind,
    PageState,
    Reason,
    VerdictKind,
)
from verifiers.builtin import VERIFIERS
from verifiers.rollup import collective, rolled_up

PORT = (
    "The port of Lindal handled 412 ships in March 2024, harbour director Mara Olsen told a meeting of the council. "
    "The port earned 3.5 million euros in that month, a rise of 12 percent. “We are not turning anyone away, and we "
    "will not raise the fees this year,” Olsen said. Fishermen of Lindal had asked for lower fees. Jonas Whitlock, who "
    "leads the fishing guild, called the answer a disappointment.\n\n"
    "The new pier was opened on 4 May 2023. It is 240 metres long and took four years to build."
)
QUOTED = (
    "“We are not turning anyone away, and we will not raise the fees this year,” Mara Olsen said."
)


# ------------------------------------------------------------------------------------- supported


def test_a_sentence_of_the_page_is_stated(judged):
    rollup = judged("The port earned 3.5 million euros in that month, a rise of 12 percent.", PORT)
    assert (rollup.verdict, rollup.reason) == (VerdictKind.SUPPORTED, Reason.STATED)


def test_a_sentence_is_stated_without_its_attribution(judged):
    rollup = judged("According to Reuters, the new pier was opened on 4 May 2023.", PORT)
    assert rollup.reason is Reason.STATED


def test_typography_and_case_do_not_matter(judged):
    page = "The council’s plan — agreed in 2024 — costs\u00a03.5 million euros.\n\n" + PORT
    assert judged("the council's plan - agreed in 2024 - costs 3.5 million euros", page).reason is (
        Reason.STATED
    )


def test_a_word_divided_at_a_lines_end_is_one_word(judged):
    page = "The har-\nbour of Lindal was closed in the storm of 1987 for nine days."
    assert judged(
        "The harbour of Lindal was closed in the storm of 1987 for nine days.", page
    ).reason is (Reason.STATED)


def test_a_reprint_states_by_copy(judged):
    rollup = judged("The new pier was opened on 4 May 2023.", PORT, outlet=IdentityKind.COPY)
    assert rollup.reason is Reason.STATED_BY_COPY


def test_a_quotation_of_the_same_speaker_is_quoted(judged):
    rollup = judged(QUOTED, PORT)
    assert (rollup.verdict, rollup.reason) == (VerdictKind.SUPPORTED, Reason.QUOTED)
    assert rollup.evidence[0].quote.startswith("We are not turning")


@pytest.mark.parametrize(
    "quotation",
    [
        "“We are not turning anyone away … we will not raise the fees,” Olsen said.",
        "Mara Olsen said: „We are not turning anyone away, and we will not raise the fees this year“.",
        "“[W]e will not raise the fees this year,” said Mara Olsen.",
        "‘We are not turning anyone away,’ Olsen told a meeting.",
    ],
    ids=["ellipsis", "other-marks", "bracketed-letter", "part"],
)
def test_an_honest_shortening_is_quoted(quotation, judged):
    assert judged(quotation, PORT).reason is Reason.QUOTED


def test_a_quotation_that_the_page_interrupts_is_quoted(judged):
    page = "“We are not turning anyone away,” Mara Olsen said, “and we will not raise the fees this year.”"
    assert judged(QUOTED, page).verdict is not VerdictKind.CONTRADICTED


@pytest.mark.parametrize(
    ("claim", "page", "language"),
    [
        (
            "„Wir werden die Gebühren in diesem Jahr nicht erhöhen“, sagte Mara Olsen.",
            "»Wir werden die Gebühren in diesem Jahr nicht erhöhen«, sagte Mara Olsen am Montag.",
            "de",
        ),
        (
            "« Nous n'augmenterons pas les droits cette année », a déclaré Mara Olsen.",
            "“Nous n’augmenterons pas les droits cette année”, a déclaré Mara Olsen lundi.",
            "fr",
        ),
        (
            "«Ми не підвищимо збори цього року», — сказала Мара Олсен.",
            "“Ми не підвищимо збори цього року”, — сказала Мара Олсен у понеділок.",
            "uk",
        ),
        (
            "“No subiremos las tasas este año”, dijo Mara Olsen.",
            "«No subiremos las tasas este año», dijo Mara Olsen el lunes.",
            "es",
        ),
    ],
    ids=["de", "fr", "uk", "es"],
)
def test_a_quotation_is_found_in_other_languages(claim, page, language, judged):
    rollup = judged(claim, page, language=language, claim_language=language)
    assert rollup.reason is Reason.QUOTED


# ---------------------------------------------------------------------------------- contradicted


@pytest.mark.parametrize(
    "quotation",
    [
        "“We are now turning anyone away, and we will not raise the fees this year,” Mara Olsen said.",
        "“We are not turning anyone away, and we will raise the fees this year,” Mara Olsen said.",
        "“We are not turning anyone away, and we will not lower the fees this year,” Mara Olsen said.",
        "“We are not turning anyone away, and we may not raise the fees this year,” Mara Olsen said.",
    ],
    ids=["not-to-now", "not-dropped", "verb", "hedge"],
)
def test_an_altered_quotation_is_a_conflict(quotation, judged):
    rollup = judged(quotation, PORT)
    assert (rollup.verdict, rollup.reason) == (VerdictKind.CONTRADICTED, Reason.QUOTATION_ALTERED)


def test_small_words_and_contractions_alter_nothing(judged):
    claim = "“We aren't turning anyone away, and we won't raise fees this year,” Mara Olsen said."
    assert judged(claim, PORT).verdict is not VerdictKind.CONTRADICTED


def test_anothers_words_are_a_speaker_conflict(judged):
    page = (
        "“The fees are far too high for the small boats,” Jonas Whitlock said on Monday.\n\n"
        "The guild met in the old hall. Its members listened for an hour. Some left early. Few spoke.\n\n"
        "Mara Olsen, the director, was not there. Director Mara Olsen had been invited."
    )
    rollup = judged("“The fees are far too high for the small boats,” Mara Olsen said.", page)
    assert (rollup.verdict, rollup.reason) == (VerdictKind.CONTRADICTED, Reason.SPEAKER_CONFLICT)


def test_another_figure_in_a_tied_sentence_is_a_conflict(judged):
    rollup = judged(
        "The port of Lindal handled 512 ships in March 2024, Mara Olsen told the council.", PORT
    )
    assert (rollup.verdict, rollup.reason) == (VerdictKind.CONTRADICTED, Reason.FIGURE_CONFLICT)
    assert "412" in rollup.detail


def test_another_date_in_a_tied_sentence_is_a_conflict(judged):
    page = "The museum of Lindal was opened by Mara Olsen on 4 May 2023.\n\n" + PORT[:400]
    rollup = judged("The museum of Lindal was opened by Mara Olsen on 14 June 2023.", page)
    assert (rollup.verdict, rollup.reason) == (VerdictKind.CONTRADICTED, Reason.DATE_CONFLICT)


@pytest.mark.parametrize(
    "claim",
    [
        "Karvik earned 3.9 million euros.",
        "Some port somewhere handled 512 ships.",
        "In Brenholt, 512 ships were counted by nobody in particular.",
    ],
)
def test_a_figure_without_a_tie_is_no_conflict(claim, judged):
    assert judged(claim, PORT).verdict is not VerdictKind.CONTRADICTED


@pytest.mark.parametrize(
    "claim",
    [
        "The port of Lindal handled about 400 ships in March 2024, Mara Olsen told the council.",
        "The port of Lindal handled more than 400 ships in March 2024, Mara Olsen told the council.",
        "The port of Lindal handled nearly 420 ships in March 2024, Mara Olsen told the council.",
        "The port of Lindal handled some 410 ships in March 2024, Mara Olsen told the council.",
    ],
)
def test_rounding_is_no_conflict(claim, judged):
    assert judged(claim, PORT).verdict is not VerdictKind.CONTRADICTED


def test_a_rounded_figure_is_confirmed(a_task, findings_of):
    page = "Lindal has 1,980,000 inhabitants, the census of 2024 found."
    findings = findings_of(a_task("Lindal has about 2 million inhabitants.", page))
    figures = [
        one for finding in findings for one in finding.facets if one.kind is FacetKind.FIGURE
    ]
    assert [one.outcome for one in figures] == [FacetOutcome.STATED]


def test_a_relative_date_of_the_page_confirms(a_task, findings_of):
    page = "Mara Olsen opened the pier of Lindal on Thursday."
    task = a_task("Mara Olsen opened the pier of Lindal on January 29, 2026.", page)
    dates = [one for f in findings_of(task) for one in f.facets if one.kind is FacetKind.DATE]
    assert [one.outcome for one in dates] == [FacetOutcome.STATED]


# --------------------------------------------------------------------- not supported, in part, unsure


def test_a_page_without_any_of_the_claims_names_and_figures_is_silent(judged, filler):
    rollup = judged("The observatory of Karvik counted 77 comets under Jonas Whitlock.", filler)
    assert (rollup.verdict, rollup.reason) == (VerdictKind.NOT_SUPPORTED, Reason.SILENT)


def test_a_short_page_is_never_silent(judged):
    rollup = judged(
        "The observatory of Karvik counted 77 comets under Jonas Whitlock.", "Nothing here."
    )
    assert rollup.reason is Reason.UNSURE


def test_a_quotation_that_is_nowhere_is_absent(judged, filler):
    claim = "“Every second household has lost its savings to the gamblers,” Mara Olsen said."
    rollup = judged(claim, f"{PORT}\n\n{filler}")
    assert (rollup.verdict, rollup.reason) == (VerdictKind.NOT_SUPPORTED, Reason.QUOTATION_ABSENT)


def test_a_confirmed_and_an_absent_part_support_in_part(judged):
    claim = "Mara Olsen told a meeting of the council that the port of Lindal handled 412 ships for Karvik Lines."
    rollup = judged(claim, PORT)
    assert (rollup.verdict, rollup.reason) == (VerdictKind.PARTIALLY_SUPPORTED, Reason.PART_SILENT)
    assert "Karvik Lines" in rollup.detail


@pytest.mark.parametrize(
    "page",
    [
        "It is not true that the new pier was opened on 4 May 2023.",
        "Olsen denied reports that the new pier was opened on 4 May 2023.",
        "The trade would have grown if the new pier was opened on 4 May 2023.",
        "Is it true that the new pier was opened on 4 May 2023?",
        "“The new pier was opened on 4 May 2023,” a prankster wrote.",
    ],
    ids=["not", "denied", "if", "question", "only-quoted"],
)
def test_words_that_the_page_takes_back_are_not_stated(page, judged):
    assert (
        judged("The new pier was opened on 4 May 2023.", page).verdict is not VerdictKind.SUPPORTED
    )


def test_a_figure_that_goes_on_is_not_stated(judged):
    page = "The yearly profit of the port rose to 5 million euros."
    assert (
        judged("The yearly profit of the port rose to 5.", page).verdict
        is not VerdictKind.SUPPORTED
    )


def test_a_statement_of_another_speaker_is_not_stated(judged):
    page = "Jonas Whitlock said that the fees of the port are too high for small boats."
    rollup = judged("Mara Olsen said that the fees of the port are too high for small boats.", page)
    assert rollup.verdict is not VerdictKind.SUPPORTED


def test_overlap_alone_is_unsure(judged):
    rollup = judged("The council told the port to ask the fishermen of Lindal for a meeting.", PORT)
    assert rollup.reason is Reason.UNSURE


def test_two_languages_are_unverifiable(judged):
    rollup = judged("Der Hafen von Lindal schloss im Mai 1987.", PORT, claim_language="de")
    assert (rollup.verdict, rollup.reason) == (VerdictKind.UNVERIFIABLE, Reason.LANGUAGE)


def test_a_quotation_in_the_pages_language_is_quoted_all_the_same(judged):
    assert judged(QUOTED, PORT, claim_language="de").reason is Reason.QUOTED


# --------------------------------------------------------------------------------------- teasers


def test_a_teaser_that_carries_the_whole_claim_supports_it(judged):
    rollup = judged(QUOTED, PORT, state=PageState.TEASER, access=Access.TEASER)
    assert rollup.reason is Reason.QUOTED


def test_a_teaser_that_carries_parts_supports_as_far_as_it_goes(judged):
    claim = (
        "Mara Olsen told the council that 412 ships were handled and that Karvik Lines will leave."
    )
    rollup = judged(claim, PORT, state=PageState.TEASER, access=Access.TEASER)
    assert rollup.reason is Reason.VISIBLE_PART_ONLY


def test_a_teaser_that_conflicts_is_paywalled_and_keeps_the_finding(
    a_task, an_identity, findings_of
):
    task = a_task(
        "“We are not turning anyone away, and we will raise the fees this year,” Mara Olsen said.",
        PORT,
        state=PageState.TEASER,
        access=Access.TEASER,
    )
    findings = findings_of(task)
    rollup = rolled_up(findings, page=task.page, identity=an_identity())
    outcomes = [one.outcome for finding in findings for one in finding.facets]
    assert rollup.reason in {Reason.PAYWALLED, Reason.VISIBLE_PART_ONLY}
    assert FacetOutcome.CONFLICTING in outcomes


# ------------------------------------------------------------------------------------ invariants

CLAIMS = (
    QUOTED,
    "“We are not turning anyone away, and we will raise the fees this year,” Mara Olsen said.",
    "The port of Lindal handled 512 ships in March 2024, Mara Olsen told the council.",
    "The observatory of Karvik counted 77 comets under Jonas Whitlock.",
    "The new pier was opened on 4 May 2023.",
)


@pytest.mark.parametrize("claim", CLAIMS)
@pytest.mark.parametrize(("state", "access"), list(itertools.product(PageState, Access)))
def test_what_could_not_be_read_is_never_a_flag(claim, state, access, judged):
    rollup = judged(claim, PORT, state=state, access=access)
    if (state, access) != (PageState.LIVE, Access.OPEN):
        assert rollup.verdict not in {VerdictKind.NOT_SUPPORTED, VerdictKind.CONTRADICTED}
    if state not in {PageState.LIVE, PageState.TEASER} or access is Access.WALL:
        assert rollup.verdict is VerdictKind.UNVERIFIABLE


@pytest.mark.parametrize("claim", CLAIMS)
def test_the_order_of_findings_is_irrelevant(claim, a_task, an_identity, findings_of):
    task = a_task(claim, PORT)
    findings = findings_of(task)
    rollups = {
        rolled_up(order, page=task.page, identity=an_identity())
        for order in itertools.permutations(findings)
    }
    assert len(rollups) == 1


@given(number=st.integers(100, 999), other=st.integers(100, 999))
def test_one_changed_digit_ends_support(number, other, judged):
    claim = f"The port of Lindal handled {number} ships for Mara Olsen in March."
    page = f"The port of Lindal handled {other} ships for Mara Olsen in March. The boats were old."
    rollup = judged(claim, page)
    assert (rollup.verdict is VerdictKind.SUPPORTED) == (number == other)


@given(words=st.permutations(PORT.split()[:24]))
def test_the_same_words_in_another_order_never_support(words, judged):
    shuffled = " ".join(words)
    original = " ".join(PORT.split()[:24])
    rollup = judged(shuffled, PORT)
    assert rollup.verdict is not VerdictKind.SUPPORTED or shuffled in original


@given(
    claim=st.text(alphabet=st.sampled_from("abcABC 0123456789.,:%$€“”„«»'\"-–…\n"), max_size=200),
    text=st.text(
        alphabet=st.sampled_from("abcABC 0123456789.,:%$€“”„«»'\"-–…\n\u00ad"), max_size=400
    ),
)
def test_evidence_always_yields_its_quote(claim, text, a_task, findings_of):
    task = a_task(claim, text)
    findings = findings_of(task)
    rows = [*(one for f in findings for one in f.evidence)]
    rows += [one for f in findings for facet in f.facets for one in facet.evidence]
    assert all(task.page.text[one.start : one.end] == one.quote for one in rows)


@given(claim=st.sampled_from(CLAIMS), cut=st.integers(0, len(PORT)))
def test_a_reason_belongs_to_its_verdict(claim, cut, judged):
    rollup = judged(claim, PORT[:cut])
    assert rollup.reason in REASONS[rollup.verdict]


def test_the_same_task_gives_the_same_findings(a_task, findings_of):
    task = a_task(QUOTED, PORT)
    assert findings_of(task) == findings_of(task)


def test_unverifiable_has_no_score(judged):
    rollup = judged("Der Hafen von Lindal schloss im Mai 1987.", PORT, claim_language="de")
    assert (rollup.score, rollup.confidence) == (None, None)


def test_a_stated_claim_has_a_calibrated_score(judged):
    rollup = judged("The new pier was opened on 4 May 2023.", PORT)
    assert 0.9 < rollup.score <= 1
    assert 0.9 < rollup.confidence <= 1


# ------------------------------------------------------------------------------ several citations


def test_one_citation_that_carries_the_claim_is_enough(judged, filler):
    silent = judged("The observatory of Karvik counted 77 comets under Jonas Whitlock.", filler)
    stated = judged("The new pier was opened on 4 May 2023.", PORT)
    assert collective([silent, stated]).reason is Reason.STATED


def test_a_flag_needs_every_citation_to_be_read(judged, filler):
    claim = "The observatory of Karvik counted 77 comets under Jonas Whitlock."
    silent, blocked = judged(claim, filler), judged(claim, filler, state=PageState.BLOCKED)
    assert collective([silent, blocked]).verdict is VerdictKind.UNVERIFIABLE


def test_a_collective_verdict_needs_a_citation():
    with pytest.raises(ValueError, match="at least one"):
        collective([])


# -------------------------------------------------------------------------------------- bounds


@pytest.mark.parametrize(
    "text",
    [
        "The port of Lindal handled 412 ships. " * 26_000,
        "“" * 1_000_000,
        '"a ' * 330_000,
        "1 " * 500_000,
        "4 May 2023, " * 80_000,
        "A" * 1_000_000,
        "Mara Olsen said “no.” " * 45_000,
    ],
    ids=["prose", "marks", "quotes", "numbers", "dates", "one-word", "speakers"],
)
def test_a_page_of_a_million_characters_is_judged_within_bounds(text, judged):
    rollup = judged(QUOTED, text, published_on=date(2026, 1, 30))
    assert rollup.reason in REASONS[rollup.verdict]


@pytest.mark.parametrize(
    "claim", ["“" * 2_000, "1 " * 1_000, "A " * 1_000, "a" * 2_000, "’ “" * 600, "…" * 2_000]
)
def test_a_hostile_claim_is_judged(claim, judged):
    assert judged(claim, PORT).verdict is not VerdictKind.SUPPORTED


def test_names_of_the_built_in_verifiers_are_unique():
    names = [one.name for one in VERIFIERS]
    assert len(set(names)) == len(names) == 5
