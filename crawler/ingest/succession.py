"""Which claim of the version before a changed claim goes back to.

A claim without an exact match in the previous version, but with nearly the same text at the same citation, succeeds the
claim that it replaced (DESIGN section 5): that is "claim changed", not a claim gone and another one come.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from rapidfuzz import fuzz

from db.ids import folded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from db.model import Claim, Ingested

__all__ = ["linked"]

#: Indel similarity in percent of two folded sentences that are one claim rewritten.
SAME_CLAIM_RATIO = 85.0
#: Old claims at one citation that a new one is compared with; those nearest in order are taken.
NEIGHBOURS = 200


def linked(previous: Ingested | None, current: Ingested) -> Ingested:
    """`current` with `Claim.succeeds` set; the same where there is no version before.

    Each old claim has at most one successor; the most alike pairs are taken first.
    """
    if previous is None:
        return current
    pairs = sorted(_pairs(previous, current), reverse=True)
    successors: dict[str, str] = {}
    taken: set[str] = set()
    for _ratio, new_id, old_id in pairs:
        if new_id not in successors and old_id not in taken:
            successors[new_id] = old_id
            taken.add(old_id)
    claims = tuple(replace(claim, succeeds=successors.get(claim.id)) for claim in current.claims)
    return replace(current, claims=claims)


def _pairs(previous: Ingested, current: Ingested) -> Iterator[tuple[float, str, str]]:
    """(ratio, new id, old id) of changed claims that are nearly the same at one citation."""
    old = _by_citation(previous, without={claim.id for claim in current.claims})
    new = _by_citation(current, without={claim.id for claim in previous.claims})
    for citation_id, claims in new.items():
        others = old.get(citation_id, [])
        for index, claim in enumerate(claims):
            middle = index * len(others) // len(claims)
            text = folded(claim.text)
            for other in others[max(0, middle - NEIGHBOURS // 2) : middle + NEIGHBOURS // 2]:
                ratio = fuzz.ratio(text, folded(other.text), score_cutoff=SAME_CLAIM_RATIO)
                if ratio:
                    yield ratio, claim.id, other.id


def _by_citation(ingested: Ingested, *, without: set[str]) -> dict[str, list[Claim]]:
    claims = {claim.id: claim for claim in ingested.claims if claim.id not in without}
    grouped: defaultdict[str, list[Claim]] = defaultdict(list)
    for mark in ingested.claim_marks:
        for citation_id in mark.citation_ids if mark.claim_id in claims else ():
            grouped[citation_id].append(claims[mark.claim_id])
    return grouped
