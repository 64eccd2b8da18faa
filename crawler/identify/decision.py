"""The gate: whether a page whose identity was compared may be judged as the cited work.

Outlet and headline decide; the date chooses between candidates. A headline that differs is another page; one
that drifted (headlines are edited after publication) passes with the same date only. What does not pass never
reaches a verifier. The rules stand in a tuple, in order.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from crawler.headlines import is_exact, same_headline
from crawler.identify.comparison import SLUG_AT
from crawler.slugs import page_shape, slug_similarity
from crawler.windows import is_near
from db.words import IdentityKind, ResolveStatus

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from crawler.protocols import Query
    from db.model import Candidate, DateWindow, Identity

__all__ = ["Gate", "gate"]

#: Likeness of a slug below which an untitled candidate is surely another page.
OTHER_SLUG_BELOW: Final = 0.5

_SAME, _DRIFTED, _DIFFERS = IdentityKind.SAME, IdentityKind.DRIFTED, IdentityKind.DIFFERS
_COPY, _UNKNOWN = IdentityKind.COPY, IdentityKind.UNKNOWN


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """Whether a page may be judged as the cited work, and by which rule."""

    passed: bool
    status: ResolveStatus  #: found, ambiguous, or not_found: this page is not the cited one
    rule: str  #: for a person


def gate(query: Query, identity: Identity, *, rivals: Sequence[Candidate] = ()) -> Gate:
    """Whether this page is taken for the cited work.

    `rivals` are the other candidates for the same citation, this page left out; those that fit the citation
    at least as well make it `ambiguous`.
    """
    case = _Case(query, identity, tuple(rivals))
    return next(result for rule in _RULES if (result := rule(case)) is not None)


@dataclass(frozen=True, slots=True)
class _Case:
    query: Query
    identity: Identity
    rivals: tuple[Candidate, ...]

    @property
    def by_url(self) -> bool:
        return bool(self.query.citation.url or self.query.citation.doi)

    @property
    def dated(self) -> bool:
        """Whether the page's date agrees with the cited one."""
        return self.identity.date.kind in {_SAME, _DRIFTED}

    def is_exact(self, title: str | None) -> bool:
        """Whether a headline has the cited words and no others, but for a name of the outlet."""
        outlet = self.query.outlet
        names = (outlet.name, *outlet.aliases) if outlet else ()
        stated = self.identity.outlet.found
        return title is not None and is_exact(
            self.query.title, title, names=(*names, stated) if stated else names
        )

    def fitting(self, *, dated: bool, slug_at: float = OTHER_SLUG_BELOW) -> tuple[Candidate, ...]:
        """The rivals with the cited headline at the outlet; with `dated`, those of the cited date only.

        Beside a page with exactly the cited headline, one that says more is another piece.
        """
        window = self.query.window
        is_exact_here = self.is_exact(self.identity.title.found)
        return tuple(
            rival
            for rival in self.rivals
            if _agrees(self.query, rival, slug_at)
            and not (is_exact_here and rival.title and not self.is_exact(rival.title))
            and (not dated or (window and _dated(rival, window)))
        )


def _agrees(query: Query, rival: Candidate, slug_at: float) -> bool:
    """Whether a rival has the cited headline, as far as is known, and is no section or home page."""
    if rival.features.get("outlet") == 0.0 or page_shape(rival.url) not in {"article", "live"}:
        return False
    if rival.title:
        return same_headline(query.title, rival.title) is _SAME
    return slug_similarity(query.title, rival.url) >= slug_at


def _dated(rival: Candidate, window: DateWindow) -> bool:
    on: date | None = rival.published_on
    return is_near(on, window) if on else rival.features.get("date") == 1.0


def _other_headline(case: _Case) -> Gate | None:
    if case.identity.title.kind is not _DIFFERS:
        return None
    if case.by_url:
        return _ambiguous("the cited address shows another headline")
    return _lost("another headline")


def _other_outlet(case: _Case) -> Gate | None:
    if case.identity.outlet.kind is not _DIFFERS:
        return None
    return _ambiguous("the headline stands at another outlet, which does not credit the cited one")


def _unknown_outlet(case: _Case) -> Gate | None:
    parts = case.identity
    if parts.outlet.kind is not _UNKNOWN or case.by_url:
        return None
    if parts.outlet.cited:
        return _ambiguous("nothing ties the page's site to the cited outlet")
    if parts.title.kind is not _SAME or case.fitting(dated=False):
        return _ambiguous("no outlet is cited, and the headline alone does not decide")
    return None


def _no_headline(case: _Case) -> Gate | None:
    if case.identity.title.kind is not _UNKNOWN:
        return None
    if case.by_url:
        return _found("judged by its address: there is no headline to compare")
    return _ambiguous("there is no headline to compare")


def _drifted_headline(case: _Case) -> Gate | None:
    if case.identity.title.kind is not _DRIFTED:
        return None
    if case.fitting(dated=False, slug_at=SLUG_AT) and not case.by_url:
        return _ambiguous("another candidate has the headline as cited")
    if case.dated:
        return _found(f"{_outlet_words(case)}, the headline drifted, same date")
    if case.by_url and case.identity.date.kind is _UNKNOWN:
        return _found(f"{_outlet_words(case)} and address, the headline drifted")
    if case.identity.date.kind is _UNKNOWN:
        return _ambiguous("the headline is only similar, and no date confirms it")
    return _lost("a similar headline of another date")


def _other_date(case: _Case) -> Gate | None:
    if case.dated or case.identity.date.kind is _UNKNOWN:
        return None
    if case.fitting(dated=True):
        return _ambiguous("the date differs, and another candidate has the cited date")
    if not case.is_exact(case.identity.title.found) and not case.by_url:
        return _ambiguous("the headline is not quite the cited one, and the date differs")
    return _found(f"{_outlet_words(case)} and headline; the date differs")


def _no_date(case: _Case) -> Gate | None:
    if case.identity.date.kind is not _UNKNOWN:
        return None
    decided_by_date = case.query.window is not None
    if not case.by_url and case.fitting(dated=decided_by_date):
        return _ambiguous("another candidate has this headline, and no date tells them apart")
    return _found(f"{_outlet_words(case)} and headline; no date to compare")


def _twin(case: _Case) -> Gate | None:
    """Two pages that fit outlet, headline and date alike cannot be told apart by what was cited."""
    if case.by_url or not case.fitting(dated=True, slug_at=SLUG_AT):
        return None
    return _ambiguous("another candidate has this headline and fits the date as well")


def _all_agree(case: _Case) -> Gate | None:
    return _found(f"{_outlet_words(case)}, headline and date agree")


#: The gate, in order: the first rule that applies decides, and the last one always applies.
_RULES: Final[tuple[Callable[[_Case], Gate | None], ...]] = (
    _other_headline,
    _other_outlet,
    _unknown_outlet,
    _no_headline,
    _drifted_headline,
    _other_date,
    _no_date,
    _twin,
    _all_agree,
)


def _outlet_words(case: _Case) -> str:
    kind = case.identity.outlet.kind
    words = {_COPY: "a copy that credits the outlet", _UNKNOWN: "address"}
    return words.get(kind, "outlet")


def _found(rule: str) -> Gate:
    return Gate(passed=True, status=ResolveStatus.FOUND, rule=rule)


def _ambiguous(rule: str) -> Gate:
    return Gate(passed=False, status=ResolveStatus.AMBIGUOUS, rule=rule)


def _lost(rule: str) -> Gate:
    return Gate(passed=False, status=ResolveStatus.NOT_FOUND, rule=rule)
