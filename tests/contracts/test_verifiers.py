"""The contract that every verifier keeps, run over the built-in ones and over ones that break it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from db.model import Evidence
from db.words import Reason, VerdictKind
from verifiers.builtin import VERIFIERS
from verifiers.contract import check_verifier, checked, sample_tasks
from verifiers.errors import FindingError
from verifiers.findings import finding, is_open


@pytest.mark.parametrize("verifier", VERIFIERS, ids=lambda one: one.name)
def test_a_built_in_verifier_keeps_the_contract(verifier):
    assert check_verifier(verifier) is None


class _Honest:
    name = "honest"
    version = "1"

    def verify(self, task):
        return finding(self, task, detail="nothing")


def test_a_verifier_with_nothing_to_say_keeps_the_contract():
    assert check_verifier(_Honest()) is None


class _Flagging(_Honest):
    def verify(self, task):
        return finding(
            self, task, verdict=VerdictKind.NOT_SUPPORTED, reason=Reason.SILENT, detail="no"
        )


class _Forgetful(_Honest):
    def __init__(self):
        self.asked = 0

    def verify(self, task):
        self.asked += 1
        return finding(self, task, detail=str(self.asked))


class _Unnamed(_Honest):
    name = ""


class _Misquoting(_Honest):
    def verify(self, task):
        wrong = Evidence(page_id=task.page.id, start=0, end=3, quote="never there")
        return finding(self, task, detail="", evidence=(wrong,))


class _Muddled(_Honest):
    def verify(self, task):
        if not is_open(task.page):
            return finding(self, task, detail="")
        return finding(self, task, verdict=VerdictKind.SUPPORTED, reason=Reason.SILENT, detail="")


class _Foreign(_Honest):
    def verify(self, task):
        return replace(finding(self, task, detail=""), page_id="another")


class _Renamed(_Honest):
    def verify(self, task):
        return replace(finding(self, task, detail=""), id="0" * 20)


@pytest.mark.parametrize(
    ("broken", "says"),
    [
        (_Flagging, "not_supported on a page that is live"),
        (_Forgetful, "the same task gave two findings"),
        (_Unnamed, "its name is not one word"),
        (_Misquoting, "does not have its quote on the page"),
        (_Muddled, "silent is no reason of supported"),
        (_Foreign, "of another claim or page"),
        (_Renamed, "its id is not that of its parts"),
    ],
)
def test_a_broken_verifier_is_told_what_broke(broken, says):
    with pytest.raises(FindingError, match=says):
        check_verifier(broken())


def test_a_finding_that_keeps_the_contract_is_given_back():
    task = next(iter(sample_tasks()))
    found = _Honest().verify(task)
    assert checked(found, task) is found
