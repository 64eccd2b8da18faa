"""What the resolvers have said so far for one citation, and what the next one may know of it. Pure."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from crawler.choice import ANSWERED
from crawler.resolve.rank import certain, ranked
from db.model import DateWindow, ResolverReport

if TYPE_CHECKING:
    from crawler.protocols import Attestation, Query, ResolverAnswer
    from db.model import Candidate

__all__ = ["Search"]


class Search:
    """One search under way."""

    def __init__(self, query: Query) -> None:
        self._query = query
        self.found: tuple[Candidate, ...] = ()  #: ranked
        self.reports: list[ResolverReport] = []
        self.attested: Attestation | None = (
            None  #: that the headline exists, from who gives no address
        )

    def take(self, resolver: str, answer: ResolverAnswer) -> None:
        """Add what one resolver answered."""
        self.reports.append(
            ResolverReport(resolver=resolver, coverage=answer.coverage, detail=answer.detail)
        )
        self.attested = self.attested or answer.attests
        self.found = ranked(self._query, (*self.found, *answer.candidates))

    def question(self) -> Query:
        """The query with what the next resolver may build on; an attested day stands in where no date is cited."""
        window = self._query.window
        day = self.attested.published_on if self.attested else None
        if window is None and day is not None:
            window = DateWindow(first_on=day, last_on=day)
        return dataclasses.replace(
            self._query,
            window=window,
            known=tuple(one.url for one in self.found),
            covered=any(report.coverage in ANSWERED for report in self.reports),
        )

    @property
    def is_over(self) -> bool:
        """Whether one candidate is so surely the cited page that nobody else need be asked."""
        return bool(self.found) and certain(self.found[0], self._query)
