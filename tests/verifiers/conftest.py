"""Claims, pages and tasks that show only what a test is about, handed out as fixtures."""

from __future__ import annotations

from datetime import date

import pytest

from db.ids import digest
from db.model import Claim, Comparison, DateWindow, Identity, Page
from db.words import Access, IdentityKind, PageState
from verifiers.builtin import VERIFIERS
from verifiers.protocol import Task
from verifiers.rollup import rolled_up

FILLER = (
    "The town lies where the river meets the sea, and its quays were built of grey stone long ago. Fishing boats "
    "leave before dawn and come back with the tide. The market opens at noon, and most shops close early in winter. "
    "Visitors like the lighthouse, which has a small museum with old maps, lamps and a model of the first pier. "
    "In summer there is music in the square, and the ferry runs twice a day to the islands across the sound."
)


def a_claim(text, language="en"):
    return Claim(
        id=digest("claim", text), document_id="d", text=text, occurrence=0, language=language
    )


def a_page(
    text, *, state=PageState.LIVE, access=Access.OPEN, language="en", published_on=date(2026, 1, 30)
):
    return Page(
        id=digest("page", text, state, access),
        capture_id="c",
        url="https://outlet.example/a",
        body_sha256="0" * 64,
        extractor="test",
        extractor_version="1",
        state=state,
        state_why="",
        access=access,
        text=text,
        language=language,
        published_on=published_on,
    )


def a_task(claim, text, *, claim_language="en", cited=None, **page):
    window = DateWindow(first_on=cited, last_on=cited) if cited else None
    return Task(claim=a_claim(claim, claim_language), page=a_page(text, **page), cited=window)


def an_identity(outlet=IdentityKind.SAME):
    same = Comparison(kind=IdentityKind.SAME, cited=None, found=None)
    return Identity(outlet=Comparison(kind=outlet, cited=None, found=None), title=same, date=same)


def findings_of(task):
    return tuple(verifier.verify(task) for verifier in VERIFIERS)


def judged(claim, text, *, outlet=IdentityKind.SAME, **more):
    """The roll-up of all built-in verifiers on one claim and one page's text."""
    task = a_task(claim, text, **more)
    return rolled_up(findings_of(task), page=task.page, identity=an_identity(outlet))


@pytest.fixture(scope="session", name="filler")
def _filler():
    return FILLER


@pytest.fixture(scope="session", name="a_task")
def _a_task():
    return a_task


@pytest.fixture(scope="session", name="an_identity")
def _an_identity():
    return an_identity


@pytest.fixture(scope="session", name="findings_of")
def _findings_of():
    return findings_of


@pytest.fixture(scope="session", name="judged")
def _judged():
    return judged
