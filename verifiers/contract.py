"""What every verifier must keep, checked: on each finding of a run, and as a suite that a plugin's author runs.

    from verifiers.contract import check_verifier
    check_verifier(MyVerifier())

Source: the design's words (a reason belongs to its verdict), its ids, and its first rule: what could not be read is
never `not_supported` or `contradicted`.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Final

from db.ids import digest
from db.model import Claim, DateWindow, Page
from db.words import REASONS, Access, FacetOutcome, PageState, VerdictKind
from verifiers.errors import FindingError
from verifiers.findings import finding_id, is_open, is_readable
from verifiers.protocol import Task

if TYPE_CHECKING:
    from collections.abc import Iterator

    from db.model import Evidence, Finding
    from verifiers.protocol import Verifier

__all__ = ["check_verifier", "checked", "sample_tasks"]

#: Verdicts that say something against a claim.
_FLAGS: Final = frozenset({VerdictKind.NOT_SUPPORTED, VerdictKind.CONTRADICTED})

_PROSE: Final = (
    "The harbour office of Lindal said on Monday that 412 ships called in March 2024. “We are not "
    "turning anyone away,” Director Mara Olsen told reporters.\n\nThe port of Lindal earned 3.5 million "
    "euros, a rise of 12 percent. It was opened on 4 May 1987 by the council of Brenholt."
)
_CLAIMS: Final = (
    "“We are not turning anyone away,” Mara Olsen said.",
    "The port of Lindal earned 3.9 million euros, a rise of 12 percent.",
    "The port of Lindal earned 3.5 million euros, a rise of 12 percent.",
    "The observatory of Karvik counted 77 comets under Jonas Whitlock.",
    "Der Hafen von Lindal wurde am 4. Mai 1988 eröffnet.",
    "“",
    "",
)
_TEXTS: Final = (_PROSE, "", "“" * 500, "\ud800 \x00 12,.,.,. «", "1 " * 400)


def check_verifier(verifier: Verifier) -> None:
    """Nothing when the verifier keeps the contract; raises FindingError that says what broke (the author's fault)."""
    if not verifier.name or not verifier.name.replace("_", "").isalnum():
        raise FindingError(repr(verifier), "its name is not one word")
    if not verifier.version:
        raise FindingError(verifier.name, "it has no version")
    for task in sample_tasks():
        first = checked(verifier.verify(task), task, verifier=verifier)
        if verifier.verify(task) != first:
            raise FindingError(verifier.name, "the same task gave two findings")


def sample_tasks() -> Iterator[Task]:
    """Claims against pages in every state and access, hostile texts among them."""
    for claim in _CLAIMS:
        for text in _TEXTS:
            yield _task(claim, text)
        for state in PageState:
            for access in Access:
                yield _task(claim, _PROSE, state=state, access=access)
    yield replace(
        _task(_CLAIMS[0], _PROSE),
        cited=DateWindow(first_on=date(2024, 4, 1), last_on=date(2024, 4, 1)),
        context=_PROSE,
        heading="Harbours",
    )


def checked(finding: Finding, task: Task, *, verifier: Verifier | None = None) -> Finding:
    """The finding itself when it keeps the contract for this task; raises FindingError that says what broke."""
    for broken in _broken(finding, task, verifier):
        raise FindingError(finding.verifier, broken)
    return finding


def _broken(finding: Finding, task: Task, verifier: Verifier | None) -> Iterator[str]:
    if verifier is not None and (finding.verifier, finding.version) != (
        verifier.name,
        verifier.version,
    ):
        yield "the finding bears another verifier's name or version"
    if (finding.claim_id, finding.page_id) != (task.claim.id, task.page.id):
        yield "the finding is of another claim or page"
    if finding.id != finding_id(
        finding.claim_id,
        finding.page_id,
        verifier=finding.verifier,
        version=finding.version,
        config=finding.config_digest,
    ):
        yield "its id is not that of its parts"
    if finding.reason not in REASONS[finding.verdict]:
        yield f"{finding.reason} is no reason of {finding.verdict}"
    if finding.score is not None and not 0 <= finding.score <= 1:
        yield f"its score {finding.score} is not within 0..1"
    yield from _unread(finding, task)
    yield from _misplaced(finding, task)


def _unread(finding: Finding, task: Task) -> Iterator[str]:
    """Verdicts that the page's state forbids."""
    if finding.verdict is not VerdictKind.UNVERIFIABLE and not is_readable(task.page):
        yield f"{finding.verdict} on a page that is {task.page.state}, access {task.page.access}"
    if finding.verdict in _FLAGS and not is_open(task.page):
        yield f"{finding.verdict} on a page that was not read whole"


def _misplaced(finding: Finding, task: Task) -> Iterator[str]:
    """Evidence whose quote is not at its offsets, and facets that are not at theirs."""
    evidence = [*finding.evidence, *(one for facet in finding.facets for one in facet.evidence)]
    for one in evidence:
        if not _is_on(one, task.page):
            yield f"evidence {one.start}..{one.end} does not have its quote on the page"
    for facet in finding.facets:
        if task.claim.text[facet.start : facet.end] != facet.text:
            yield f"facet {facet.start}..{facet.end} does not have its text in the claim"
        if facet.outcome is FacetOutcome.CONFLICTING and not facet.evidence:
            yield f"facet {facet.text!r} conflicts without evidence"


def _is_on(evidence: Evidence, page: Page) -> bool:
    return (
        evidence.page_id == page.id
        and 0 <= evidence.start < evidence.end <= len(page.text)
        and page.text[evidence.start : evidence.end] == evidence.quote
    )


def _task(
    claim: str, text: str, *, state: PageState = PageState.LIVE, access: Access = Access.OPEN
) -> Task:
    return Task(
        claim=Claim(
            id=digest("claim", claim), document_id="", text=claim, occurrence=0, language="en"
        ),
        page=Page(
            id=digest("page", text, state, access),
            capture_id="",
            url="https://contract.example/",
            body_sha256="",
            extractor="contract",
            extractor_version="1",
            state=state,
            state_why="",
            access=access,
            text=text,
            published_on=date(2024, 4, 2),
            language="en",
        ),
    )
