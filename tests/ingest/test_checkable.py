"""Which sentences without a citation are worth listing."""

import pytest

from crawler.ingest.checkable import why_not_checkable


@pytest.mark.parametrize(
    ("sentence", "why"),
    [
        ("The bridge was closed on Friday.", None),
        ("“The bridge is closed,” the mayor of the town said.", None),
        ("橋は金曜日に閉鎖されたと市長は述べた。", None),
        ("This is critical.", "short"),
        ("Was the bridge really closed on Friday?", "question"),
        ("The bridge is closed for the winter!", "exclamation"),
        ("I think that the bridge was closed too early.", "opinion"),
        ("In my opinion the bridge was closed too early.", "opinion"),
        ("Subscribe to get the news every single morning.", "boilerplate"),
        ("Photo: the bridge on the morning of Friday", "boilerplate"),
        ("All of it is © the town of Example 2026.", "boilerplate"),
    ],
)
def test_first_rule_that_finds_nothing_to_check_is_named(sentence, why):
    assert why_not_checkable(sentence) == why


def test_opinion_word_inside_another_word_does_not_count():
    assert why_not_checkable("I thinkpad sales rose by ten percent.") is None
