"""When two dates may be one, and when one confirms the other. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from verifiers.reading.dates import DateMention

__all__ = ["agree", "says_as_much"]


def agree(claim: DateMention, page: DateMention) -> bool:
    """Whether two dates may be one: the days that they may mean overlap; without a year, month and day do."""
    if (
        claim.window is not None
        and page.window is not None
        and not (claim.relative and page.relative)
    ):
        return (
            claim.window.first_on <= page.window.last_on
            and page.window.first_on <= claim.window.last_on
        )
    if claim.first and claim.last and page.first and page.last:
        return claim.first <= page.last and page.first <= claim.last
    return claim.window is not None and claim.window == page.window


def says_as_much(claim: DateMention, page: DateMention) -> bool:
    """Whether the page's date is at least as exact: "in 2025" does not confirm "on May 3, 2025"."""
    if claim.window is None or page.window is None:
        return True
    ours = claim.window.last_on - claim.window.first_on
    return page.window.last_on - page.window.first_on <= max(ours, ours * 2)
