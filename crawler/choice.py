"""Which of the examined candidates is the cited work, and what is said when none is. Pure.

Precedence: a page that passes the identity gate; a certain candidate that could not be read; candidates that
cannot be told apart; a plausible candidate that could not be read; nothing, which is `not_found` only where a
resolver that covers the outlet and date has answered.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from crawler.headlines import same_headline
from crawler.identify import SLUG_AT, gate
from crawler.resolve.rank import certain
from crawler.slugs import slug_similarity
from crawler.urls import canonical_url
from db.words import Coverage, IdentityKind, PageState, Reason, ResolveStatus

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from crawler.identify import Gate
    from crawler.protocols import Attestation, Query
    from crawler.states import Answer
    from db.model import Candidate, Capture, Identity, Page, ResolverReport

__all__ = ["ANSWERED", "Examined", "Resolved", "chosen", "settles"]

#: What a resolver must have said for "not found" to be a finding and not a gap.
ANSWERED: Final = frozenset({Coverage.ANSWERED, Coverage.EMPTY})

#: How well an identity's part fits, best first.
_FIT: Final = {
    IdentityKind.SAME: 0,
    IdentityKind.COPY: 1,
    IdentityKind.DRIFTED: 1,
    IdentityKind.UNKNOWN: 2,
    IdentityKind.DIFFERS: 3,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """A candidate after its page was asked for."""

    candidate: Candidate
    answer: Answer
    why: str
    page: Page | None = None
    captured: Capture | None = None
    identity: Identity | None = None
    pages: tuple[Page, ...] = ()  #: every page read on the way, the archived one last
    is_unarchived: bool = False  #: the archive was asked, has answered, and holds no copy

    @property
    def readable(self) -> bool:
        """Whether the page may be judged once it has passed the gate."""
        return self.answer.reason is None and self.page is not None and self.identity is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    """How the search for one citation ended."""

    status: ResolveStatus
    reason: Reason | None  #: None when the page may be judged
    rule: str
    candidates: tuple[Candidate, ...]
    reports: tuple[ResolverReport, ...]
    taken: Candidate | None = None
    page: Page | None = None
    captured: Capture | None = None
    identity: Identity | None = None
    is_unarchived: bool = False  #: the archive was asked, has answered, and holds no copy
    pages: tuple[Page, ...] = ()
    noted: str | None = None  #: address of an archive's copy that is known and was not read

    @property
    def archive_url(self) -> str | None:
        """Address of the archive's copy that was read, or of one that is only known."""
        if self.captured is not None and self.captured.memento_of is not None:
            return self.captured.url
        return self.noted


def settles(query: Query, one: Examined, *, others: Sequence[Candidate]) -> bool:
    """Whether none of the others, as far as is known of them unread, could change the choice of this one."""
    if not one.readable or one.identity is None:
        return certain(one.candidate, query) and not _lost(query, one)
    parts = one.identity
    fits = (
        parts.outlet.kind in {IdentityKind.SAME, IdentityKind.COPY}
        and parts.title.kind is IdentityKind.SAME
        and parts.date.kind in {IdentityKind.SAME, IdentityKind.UNKNOWN}
    )
    return fits and gate(query, parts, rivals=others).passed


def chosen(
    query: Query,
    candidates: Sequence[Candidate],
    reports: Sequence[ResolverReport],
    examined: Sequence[Examined],
    *,
    attested: Attestation | None = None,
) -> Resolved:
    """The answer for one citation, every candidate told why it won or lost.

    `attested`: that the headline exists, from a resolver that gives no address for it.
    """
    gates = {
        one.candidate.url: gate(query, one.identity, rivals=_rivals(one, examined))
        for one in examined
        if one.readable and one.identity is not None
    }
    best = _best(query, examined, gates)
    told = _told(candidates, examined, gates, best)
    pages = tuple(page for one in examined for page in one.pages)
    if best is None:
        status, reason, rule = _nothing(reports, attested)
        return Resolved(
            status=status,
            reason=reason,
            rule=rule,
            candidates=told,
            reports=tuple(reports),
            pages=pages,
        )
    status, unread, rule = _answer(best, gates.get(best.candidate.url))
    return Resolved(
        status=status,
        reason=unread,
        rule=rule,
        candidates=told,
        reports=tuple(reports),
        taken=best.candidate,
        page=best.page,
        captured=best.captured,
        identity=best.identity,
        is_unarchived=best.is_unarchived,
        pages=pages,
    )


def _best(query: Query, examined: Sequence[Examined], gates: dict[str, Gate]) -> Examined | None:
    """The candidate that the answer speaks of, by the module's precedence."""
    passed = [one for one in examined if (g := gates.get(one.candidate.url)) and g.passed]
    if passed:
        return min(passed, key=_misfit)
    unread = [one for one in examined if not one.readable and not _lost(query, one)]
    undecided = [
        one
        for one in examined
        if (g := gates.get(one.candidate.url)) and g.status is ResolveStatus.AMBIGUOUS
    ]
    sure = [one for one in unread if certain(one.candidate, query)]
    return next(iter((*sure, *undecided, *unread)), None)


def _answer(best: Examined, passing: Gate | None) -> tuple[ResolveStatus, Reason | None, str]:
    """Status, reason and rule for the candidate that the answer speaks of."""
    if passing is None:
        return best.answer.status, best.answer.reason, best.why
    if not passing.passed:
        return ResolveStatus.AMBIGUOUS, Reason.AMBIGUOUS, passing.rule
    live = best.page is not None and best.page.state is PageState.LIVE
    rule = passing.rule if live else f"{passing.rule}; {best.why}"
    return best.answer.status, best.answer.reason, rule


def _nothing(
    reports: Iterable[ResolverReport], attested: Attestation | None
) -> tuple[ResolveStatus, Reason, str]:
    """What is said when no candidate is left: who was asked, and what they answered."""
    asked = "; ".join(f"{one.resolver}: {one.coverage.value}" for one in reports)
    if attested is not None:
        return (
            ResolveStatus.UNREACHABLE,
            Reason.UNREACHABLE,
            f"it exists ({attested.detail}), but nobody gives its address ({asked})",
        )
    if any(one.coverage in ANSWERED for one in reports):
        return (
            ResolveStatus.NOT_FOUND,
            Reason.NOT_FOUND,
            f"no such page where it would be ({asked})",
        )
    return (
        ResolveStatus.UNREACHABLE,
        Reason.UNREACHABLE,
        f"nobody who could know has answered ({asked})",
    )


def _misfit(one: Examined) -> tuple[int, int, float]:
    """Smaller is better: the date, then the headline, then the rank."""
    if one.identity is None:
        return (9, 9, 0.0)
    return _FIT[one.identity.date.kind], _FIT[one.identity.title.kind], -one.candidate.score


def _lost(query: Query, one: Examined) -> bool:
    """Whether an unread candidate is out: it only resembles the cited work, or it is no article.

    What is not an article counts where its URL was cited. Any other unread page speaks for the citation only where
    its headline, or the slug of an untitled one, is the cited one: a similar story that is gone says nothing.
    """
    candidate, cited = one.candidate, query.citation.url
    if cited is not None and canonical_url(cited) == canonical_url(candidate.url):
        return False
    if one.answer.reason is Reason.NOT_AN_ARTICLE:
        return True
    return not (certain(candidate, query) or _has_headline(candidate, query))


def _has_headline(candidate: Candidate, query: Query) -> bool:
    if candidate.features.get("outlet") == 0.0:
        return False
    if candidate.title:
        kind = same_headline(query.title, candidate.title)
        is_dated = candidate.features.get("date") == 1.0
        return kind is IdentityKind.SAME or (kind is IdentityKind.DRIFTED and is_dated)
    return slug_similarity(query.title, candidate.url) >= SLUG_AT


def _rivals(one: Examined, examined: Sequence[Examined]) -> tuple[Candidate, ...]:
    """The other candidates with the same headline that are not the same page at another address."""
    return tuple(
        _as_found(other)
        for other in examined
        if other is not one and other.readable and _is_rival(one, other)
    )


def _is_rival(one: Examined, other: Examined) -> bool:
    if one.page is None or other.page is None or other.identity is None:
        return False
    same_page = one.page.body_sha256 == other.page.body_sha256 or _address(one.page) == _address(
        other.page
    )
    agrees = other.identity.title.kind in {IdentityKind.SAME, IdentityKind.DRIFTED}
    return agrees and other.identity.outlet.kind is not IdentityKind.DIFFERS and not same_page


def _address(page: Page) -> str:
    return canonical_url(page.canonical_url or page.url)


def _as_found(one: Examined) -> Candidate:
    """The candidate with the date and the headline that its page states."""
    found_on = one.page.published_on if one.page else None
    title = one.identity.title.found if one.identity else None
    return dataclasses.replace(
        one.candidate,
        published_on=found_on or one.candidate.published_on,
        title=title or one.candidate.title,
    )


def _told(
    candidates: Sequence[Candidate],
    examined: Sequence[Examined],
    gates: dict[str, Gate],
    best: Examined | None,
) -> tuple[Candidate, ...]:
    """The candidates with what became of them."""
    by_url = {one.candidate.url: one for one in examined}
    return tuple(
        _why(candidate, by_url.get(candidate.url), gates, best) for candidate in candidates
    )


def _why(
    candidate: Candidate, one: Examined | None, gates: dict[str, Gate], best: Examined | None
) -> Candidate:
    if one is None:
        return candidate
    judged = gates.get(candidate.url)
    won = "taken" if judged is None or judged.passed else "likeliest"
    word = won if one is best else "lost"
    return dataclasses.replace(candidate, why=f"{word}: {judged.rule if judged else one.why}")
