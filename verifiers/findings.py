"""How a built-in verifier words what it found, and which pages may be judged at all. Pure.

Rule of the design: what could not be read is never `not_supported` or `contradicted`. A verifier asks `is_readable`
before it looks and `is_whole` before it makes anything of silence; the roll-up and the contract ask again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from db.ids import digest
from db.model import Finding
from db.words import Access, PageState, Reason, VerdictKind
from verifiers.reading.pages import read_page

if TYPE_CHECKING:
    from db.model import Evidence, Facet, Page
    from verifiers.protocol import Task, Verifier

__all__ = ["finding", "finding_id", "is_open", "is_readable", "is_whole", "nothing_to_say"]

#: States of a page whose text is the article's.
_READABLE: Final = frozenset({PageState.LIVE, PageState.TEASER})
#: Words below which a page is no whole article, whatever it says of itself: extraction may have missed the rest.
_ARTICLE_WORDS: Final = 80
#: Evidence kept of one finding.
_EVIDENCE_LIMIT: Final = 12


def is_readable(page: Page) -> bool:
    """Whether the page's text is (part of) the article."""
    return page.state in _READABLE and page.access is not Access.WALL and bool(page.text.strip())


def is_open(page: Page) -> bool:
    """Whether the page shows the whole article."""
    return is_readable(page) and page.state is PageState.LIVE and page.access is Access.OPEN


def is_whole(page: Page) -> bool:
    """Whether the whole article is shown and was read, so that silence means something."""
    reading = read_page(page.text, page.language)
    return is_open(page) and reading.is_whole and reading.words >= _ARTICLE_WORDS


def finding_id(claim_id: str, page_id: str, *, verifier: str, version: str, config: str) -> str:
    """The id of a finding: a second run of the same verifier on the same page adds none."""
    return digest("finding", claim_id, page_id, verifier, version, config)


def finding(
    verifier: Verifier,
    task: Task,
    *,
    verdict: VerdictKind = VerdictKind.UNVERIFIABLE,
    reason: Reason = Reason.UNSURE,
    detail: str,
    facets: tuple[Facet, ...] = (),
    evidence: tuple[Evidence, ...] | None = None,
) -> Finding:
    """What this verifier concluded; without `evidence`, that of its facets in order, each span once."""
    if evidence is None:
        evidence = tuple(dict.fromkeys(one for facet in facets for one in facet.evidence))
    return Finding(
        id=finding_id(
            task.claim.id, task.page.id, verifier=verifier.name, version=verifier.version, config=""
        ),
        claim_id=task.claim.id,
        page_id=task.page.id,
        verifier=verifier.name,
        version=verifier.version,
        config_digest="",
        verdict=verdict,
        reason=reason,
        score=None,
        detail=detail,
        facets=facets,
        evidence=evidence[:_EVIDENCE_LIMIT],
    )


def nothing_to_say(verifier: Verifier, task: Task, detail: str) -> Finding:
    """`unverifiable: unsure`, and why."""
    return finding(verifier, task, detail=detail)
