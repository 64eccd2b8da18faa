"""The address that the citation itself gives: a URL, or a DOI at its resolver (doi.org, ISO 26324).

Nothing is asked: whether the page is the cited work is the identity gate's to say.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final
from urllib.parse import quote

from crawler.protocols import ResolverAnswer
from crawler.urls import checked_url
from db.model import Candidate
from db.words import Coverage

if TYPE_CHECKING:
    from crawler.protocols import Query, Resolving
    from db.model import Citation

__all__ = ["DirectResolver", "cited_addresses", "cited_doi"]

#: Characters read of a DOI as cited.
_READ_CHARS: Final = 400
#: A DOI: directory indicator 10, registrant code, suffix (DOI Handbook 2.2).
_DOI: Final = re.compile(r"10\.[0-9]{4,9}/\S{1,300}")


@dataclass(frozen=True, slots=True)
class DirectResolver:
    """Offers the URL or DOI as cited."""

    name: str = "direct"
    version: str = "1"
    covers: ClassVar[str] = "the address or DOI that the citation gives"
    terms: ClassVar[str] = "the site's own robots.txt"
    default: ClassVar[str] = "on"

    def resolve(self, query: Query) -> Resolving:
        """The cited address as a candidate; not covered where none was cited."""
        yield from ()
        addresses = cited_addresses(query.citation)
        candidates = tuple(
            Candidate(url=url, title=None, published_on=None, via=self.name) for url in addresses
        )
        if candidates:
            return ResolverAnswer(
                candidates=candidates, coverage=Coverage.ANSWERED, detail="cited by its address"
            )
        given = query.citation.url or query.citation.doi
        detail = (
            f"the cited address cannot be asked for: {given[:200]}"
            if given
            else "no URL or DOI is cited"
        )
        return ResolverAnswer(candidates=(), coverage=Coverage.NOT_COVERED, detail=detail)


def cited_addresses(citation: Citation) -> tuple[str, ...]:
    """The http(s) URLs that a citation gives: its URL, and its DOI at doi.org."""
    urls = (_asked(citation.url or ""), _doi_url(cited_doi(citation)))
    return tuple(dict.fromkeys(url for url in urls if url))


def cited_doi(citation: Citation) -> str:
    """The DOI that a citation gives, without what stands before and behind it; "" where it gives none."""
    found = _DOI.search((citation.doi or "")[:_READ_CHARS])
    return found[0].rstrip(".,;") if found else ""


def _asked(url: str) -> str:
    checked = checked_url(url.strip())
    return checked if isinstance(checked, str) else ""


def _doi_url(doi: str) -> str:
    return f"https://doi.org/{quote(doi, safe='/()._-:;')}" if doi else ""
