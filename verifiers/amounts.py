"""When two figures are the same, near, or in conflict. Pure.

A figure is known to its last written digit, so "12 percent" is 12.3 rounded and "2 million" is 1.98 million; "about"
widens it, "more than" opens one side. Between agreement and conflict lies a band in which nothing is said.
"""

from __future__ import annotations

from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING, Final

from verifiers.reading.lexicon import lexicon

if TYPE_CHECKING:
    from verifiers.reading.figures import FigureMention

__all__ = ["Relation", "is_comparable", "relation", "relation_across"]

#: How far "about" reaches, as a share of the figure. Source: newsroom rounding to one or two leading digits.
_ABOUT: Final = Decimal("0.05")
#: How far "more than" and "less than" reach.
_LIMIT_REACH: Final = Decimal("0.25")
#: Share of a round figure within which a difference may still be rounding, so that it is no conflict.
_NEAR: Final = Decimal("0.05")
_ROUND_FROM: Final = Decimal(100)
#: Share by which two figures in different units may differ and be one: "5 miles" are 8.05 of "8 kilometres".
_CONVERTED: Final = Decimal("0.01")
#: The unit of which nobody knows which it is.
_BARE: Final = "degree"


class Relation(Enum):
    """How a figure on the page relates to the claim's."""

    SAME = "same"
    NEAR = "near"
    OTHER = "other"


def is_comparable(claim: FigureMention, page: FigureMention, *, strictly: bool = False) -> bool:
    """Whether two figures measure the same kind of thing; `strictly`, whether they must."""
    if claim.is_ordinal != page.is_ordinal:
        return False
    if strictly and _BARE in {claim.unit, page.unit}:
        return False
    if claim.unit is not None or page.unit is not None:
        return claim.unit == page.unit or (not strictly and page.unit is None)
    if claim.counted and page.counted:
        return bool(claim.counted & page.counted) or not strictly
    return not strictly


def relation(claim: FigureMention, page: FigureMention) -> Relation:
    """How the page's figure relates to the claim's, by the kindest reading of both."""
    relations = {_related(claim, page, a, b) for a in claim.values for b in page.values}
    for one in (Relation.SAME, Relation.NEAR):
        if one in relations:
            return one
    return Relation.OTHER


def relation_across(claim: FigureMention, page: FigureMention) -> Relation | None:
    """How figures in two units of one dimension relate: same, or near for all else; None for two dimensions.

    A bare "degrees" is never told apart: one may be Fahrenheit, the other Celsius.
    """
    if claim.unit is None or page.unit is None or claim.is_ordinal or page.is_ordinal:
        return None
    if claim.unit == page.unit:
        return Relation.NEAR if claim.unit == _BARE else None
    shared = [
        row
        for row in lexicon().numbers.dimensions.values()
        if claim.unit in row and page.unit in row
    ]
    for row in shared:
        ours, theirs = row[claim.unit], row[page.unit]
        if (
            ours is not None
            and theirs is not None
            and any(
                abs(a * ours - b * theirs) <= _CONVERTED * abs(a * ours)
                for a in claim.values
                for b in page.values
            )
        ):
            return Relation.SAME
    return Relation.NEAR if shared else None


def _related(claim: FigureMention, page: FigureMention, ours: Decimal, theirs: Decimal) -> Relation:
    if ours == theirs:
        return Relation.SAME
    if claim.is_ordinal:
        return Relation.OTHER
    if abs(ours - theirs) <= _rounding(claim, ours):
        return Relation.SAME
    ratio = theirs / ours - 1 if ours else Decimal(1)
    if (claim.limit == "above" and 0 < ratio <= _LIMIT_REACH) or (
        claim.limit == "below" and -_LIMIT_REACH <= ratio < 0
    ):
        return Relation.SAME
    return Relation.NEAR if _is_near(claim, page, ours, theirs, ratio) else Relation.OTHER


def _rounding(claim: FigureMention, ours: Decimal) -> Decimal:
    """How far the page's figure may lie from the claim's and still be what was rounded."""
    written = claim.step / 2 if claim.step != 1 or claim.unit == "%" else Decimal(0)
    return max(written, abs(ours) * _ABOUT) if claim.limit == "about" else written


def _is_near(
    claim: FigureMention, page: FigureMention, ours: Decimal, theirs: Decimal, ratio: Decimal
) -> bool:
    """Whether a difference may still be rounding or a limit, so that nothing is said."""
    if claim.limit in {"above", "below"} or page.limit in {"above", "below"}:
        return True
    if abs(ours - theirs) <= max(page.step / 2 if page.step != 1 else Decimal(0), Decimal(0)):
        return True
    if claim.limit == "about" or page.limit == "about":
        return abs(ratio) <= 3 * _NEAR
    return abs(ratio) <= _NEAR and abs(ours - theirs) <= max(_place(ours), _place(theirs))


def _place(value: Decimal) -> Decimal:
    """The value of a round figure's last digit that is not zero: ten million of 610 million; 0 of a figure below 100.

    Two figures that lie farther apart than this cannot be one figure rounded.
    """
    if value < _ROUND_FROM or value % 10:
        return Decimal(0)
    return Decimal(1).scaleb(len(str(int(value))) - len(str(int(value)).rstrip("0")))
